"""What the actions of working copies accept."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge import fields
from ckanext.satudata.publication.copies.model import KINDS

NOTE_LENGTH = 2000


def show() -> dict[str, Any]:
    """``satudata_copy_show``, ``_list``, ``satudata_version_list``."""
    return {"id": fields.required()}


def create() -> dict[str, Any]:
    """``satudata_copy_create``, ``_update``."""
    one_of = fields.validator("one_of")(list(KINDS))
    return {
        "id": fields.required(),
        "kind": [fields.validator("default")(KINDS[0]), one_of],
        "note": fields.text(fields.at_most(NOTE_LENGTH)),
    }


def discard() -> dict[str, Any]:
    """``satudata_copy_discard``."""
    return {"id": fields.required(), "note": fields.text(fields.at_most(NOTE_LENGTH))}
