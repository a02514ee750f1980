"""What the actions of versions accept."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge.fields import at_most, number, required, text, validator
from ckanext.satudata.publication.logic.copy_schema import NOTE_LENGTH

MOST = 500
RESTORED_AS = ("perubahan", "ralat")


def restore() -> dict[str, Any]:
    """``satudata_version_restore``."""
    return {
        "id": required(),
        "version": [validator("not_empty"), validator("natural_number_validator")],
        "kind": [validator("default")(RESTORED_AS[0]), validator("one_of")(list(RESTORED_AS))],
        "note": text(at_most(NOTE_LENGTH)),
    }


def change_list() -> dict[str, Any]:
    """``satudata_change_list``."""
    return {"id": required(), "limit": number(100, 1, MOST), "offset": number(0, 0, 1_000_000)}


def one() -> dict[str, Any]:
    """``satudata_series_show``."""
    return {"id": required()}
