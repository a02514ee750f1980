"""What the actions of `notices` accept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import number
from ckanext.satudata.bridge.fields import validator as _validator
from ckanext.satudata.notices import preferences, words

PATH = 2_000  # characters


def notice_list() -> dict[str, Any]:
    return {
        "limit": number(20, 1, 100),
        "offset": number(0, 0, 10_000_000),
        "unread_only": [_validator("default")(False), _validator("boolean_validator")],
    }


def notice_read() -> dict[str, Any]:
    return {
        "id": [_validator("ignore_empty"), _validator("unicode_safe")],
        "subject_id": [_validator("ignore_empty"), _validator("unicode_safe")],
        "all": [_validator("default")(False), _validator("boolean_validator")],
    }


def notify() -> dict[str, Any]:
    return {
        "user_ids": [_validator("not_missing"), _validator("list_of_strings")],
        "key": [_validator("not_empty"), _validator("one_of")(list(words.SENTENCES))],
        "parameters": [_validator("default")({}), _parameters],
        "link": [_validator("not_empty"), _validator("unicode_safe"), _path],
        "subject": [_validator("ignore_empty"), _subject],
        "event_id": [_validator("ignore_empty"), _validator("unicode_safe")],
        "public": [_validator("default")(False), _validator("boolean_validator")],
    }


def preferences_update() -> dict[str, Any]:
    return {
        "mail": [_validator("ignore_missing"), _validator("not_empty"), _validator("one_of")(list(preferences.MAILS))],
        "language": [_validator("ignore_missing"), _validator("one_of")(["", *preferences.LANGUAGES])],
    }


def _parameters(value: Any) -> dict[str, Any]:
    """Plain JSON, as the table keeps it."""
    try:
        if isinstance(value, Mapping):
            return json.loads(json.dumps(value))
    except TypeError as error:
        raise tk.Invalid(tk._("The parameters are plain JSON.")) from error
    raise tk.Invalid(tk._("The parameters are plain JSON."))


def _subject(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not value.get("type") or not value.get("id"):
        raise tk.Invalid(tk._("Name the type and the id of what the notice is about."))
    return {"type": str(value["type"]), "id": str(value["id"])}


def _path(value: str) -> str:
    """A page of this portal, never another site."""
    if not value.startswith("/") or value.startswith(("//", "/\\")) or len(value) > PATH:
        raise tk.Invalid(tk._("The link is a path of this portal, such as /meja-kerja."))
    return value
