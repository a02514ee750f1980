"""What the actions of working copies accept."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

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


def minor() -> dict[str, Any]:
    """``satudata_minor_change``."""
    return {"id": fields.required(), "fields": [fields.validator("not_empty"), _fields]}


def _fields(value: Any) -> dict[str, Any]:
    found = value
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except ValueError:
            found = None
    if not isinstance(found, dict) or not found:
        raise tk.Invalid(tk._("Give the fields as an object, each with its new value."))
    return found
