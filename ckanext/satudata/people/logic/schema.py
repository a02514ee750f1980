"""What the actions of `people` accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import at_most, number, required, text, validator


def grant_create() -> dict[str, Any]:
    return {
        "user": [*required(), validator("user_id_or_name_exists")],
        "role": required(),
        "position": text(),
        "organization": [validator("ignore_empty"), validator("unicode_safe"), validator("group_id_or_name_exists")],
        "valid_from": text(),
        "valid_until": text(),
        "letter": text(at_most(200)),
    }


def grant_list() -> dict[str, Any]:
    return {
        "user": [validator("ignore_empty"), validator("unicode_safe"), validator("user_id_or_name_exists")],
        "role": text(),
        "organization": [validator("ignore_empty"), validator("unicode_safe"), validator("group_id_or_name_exists")],
        "ended": _no(),
    }


def grant_end() -> dict[str, Any]:
    return {"id": required()}


def grant_search() -> dict[str, Any]:
    return {
        "q": text(at_most(200)),
        "user": [validator("ignore_empty"), validator("unicode_safe"), validator("user_id_or_name_exists")],
        "role": text(),
        "position": text(),
        "organization": [validator("ignore_empty"), validator("unicode_safe"), validator("group_id_or_name_exists")],
        "deputy_kind": [validator("ignore_empty"), validator("one_of")(["plt", "plh"])],
        "status": [validator("ignore_empty"), validator("one_of")(["active", "upcoming", "ended"])],
        "limit": number(20, 1, 200),
        "offset": number(0, 0, 1_000_000),
    }


def grant_import() -> dict[str, Any]:
    return {
        "upload": [validator("ignore_missing")],
        "text": [validator("ignore_missing")],
        "dry_run": _no(),
    }


def deputy_create() -> dict[str, Any]:
    return {
        "user": [*required(), validator("user_id_or_name_exists")],
        "deputy_of": [*required(), validator("user_id_or_name_exists")],
        "kind": [*required(), validator("one_of")(["plt", "plh"])],
        "role": text(),
        "position": text(),
        "organization": [validator("ignore_empty"), validator("unicode_safe"), validator("group_id_or_name_exists")],
        "valid_from": text(),
        "valid_until": required(),
        "letter": [*required(), at_most(200)],
    }


def deputy_list() -> dict[str, Any]:
    return {
        "user": [validator("ignore_empty"), validator("unicode_safe"), validator("user_id_or_name_exists")],
        "deputy_of": [validator("ignore_empty"), validator("unicode_safe"), validator("user_id_or_name_exists")],
        "ended": _no(),
    }


def office_leave() -> dict[str, Any]:
    return {
        "user": [*required(), validator("user_id_or_name_exists")],
        "organization": [validator("ignore_empty"), validator("unicode_safe"), validator("group_id_or_name_exists")],
        "letter": text(at_most(200)),
        "dry_run": _no(),
    }


def office_rename() -> dict[str, Any]:
    return {
        "id": required(),
        "name": text(at_most(100)),
        "title": text(at_most(300)),
        "letter": text(at_most(200)),
        "dry_run": _no(),
    }


def office_merge() -> dict[str, Any]:
    return {
        "from": [validator("not_empty"), _listed],
        "into": required(),
        "letter": text(at_most(200)),
        "dry_run": _no(),
    }


def office_split() -> dict[str, Any]:
    return {
        "from": required(),
        "into": required(),
        "datasets": [validator("ignore_empty"), _listed],
        "match": text(at_most(200)),
        "letter": text(at_most(200)),
        "dry_run": _no(),
    }


def office_change_list() -> dict[str, Any]:
    return {
        "kind": [validator("ignore_empty"), validator("one_of")(["rename", "merge", "split", "leave"])],
        "limit": number(50, 1, 200),
        "offset": number(0, 0, 1_000_000),
    }


def _no() -> list[Any]:
    return [validator("default")(False), validator("boolean_validator")]


def _listed(value: Any) -> list[str]:
    """Ids or names: a list of texts, or one text with commas."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise tk.Invalid(tk._("Give a list of ids or names."))
    return [item.strip() for item in items if item.strip()]
