"""What ``satudata_compare`` accepts."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import fields
from ckanext.satudata.core.compare.tables import KINDS

PUBLIC = "public"
MOST = 500


def compare() -> dict[str, Any]:
    """``satudata_compare``."""
    return {
        "id": fields.required(),
        "against": [fields.validator("default")(PUBLIC), _against],
        "version": [fields.validator("ignore_empty"), fields.validator("natural_number_validator")],
        "resource_id": fields.text(),
        "kind": [fields.validator("ignore_empty"), fields.validator("one_of")(list(KINDS))],
        "offset": fields.number(0, 0, 10**9),
        "limit": fields.number(50, 0, MOST),
    }


def _against(value: Any) -> Any:
    """``public``, or the number of a version as ``int``."""
    if value == PUBLIC:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 7:
        return int(value)
    raise tk.Invalid(tk._("Give the number of a version, or “public”."))
