"""What the actions of withdrawals accept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import at_most, number, required, text, validator
from ckanext.satudata.core.workflow.reasons import TAKEDOWN_CODES

MOST = 1_000


def withdrawn_list() -> dict[str, Any]:
    """``satudata_withdrawn_list``."""
    return {
        "since": [validator("ignore_empty"), _moment],
        "limit": number(100, 1, MOST),
        "offset": number(0, 0, 10_000_000),
    }


def takedown_part() -> dict[str, Any]:
    """``satudata_takedown_part``."""
    return {
        "id": required(),
        "resource_id": [validator("ignore_empty"), *text(at_most(100))],
        "version": [validator("ignore_empty"), validator("natural_number_validator")],
        "reason_code": [*required(), validator("one_of")(list(TAKEDOWN_CODES))],
        "note": text(at_most(10_000)),
    }


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        found = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00").replace(" 0", "+0"))
    except ValueError as error:
        raise tk.Invalid(tk._("Write date and time as 2026-01-31 09:00.")) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
