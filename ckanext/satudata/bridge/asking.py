"""The first lines of every action: validate what was asked, know who asks."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles


def validated(data_dict: dict[str, Any], fields: dict[str, Any], context: Any) -> dict[str, Any]:
    """``data_dict`` as the schema ``fields`` leaves it; ``ValidationError`` with every mistake."""
    data, errors = tk.navl_validate(_whole(data_dict, fields), fields, context)
    if errors:
        raise tk.ValidationError(errors)
    return data


def given(data_dict: dict[str, Any], **kinds: type) -> tuple[Any, ...]:
    """What one slice tells another in an action for the program itself, by name and type.

    :raises ValidationError: something is missing, or of another type
    """
    wrong: dict[str, Any] = {
        name: [tk._("Missing value") if data_dict.get(name) is None else tk._("Invalid value")]
        for name, kind in kinds.items()
        if not isinstance(data_dict.get(name), kind)
    }
    if wrong:
        raise tk.ValidationError(wrong)
    return tuple(data_dict[name] for name in kinds)


def _whole(data_dict: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """A list of objects that one validator judges as a whole goes as JSON text: CKAN 2.11 would take it apart."""
    return {
        key: json.dumps(value) if _is_list_of_objects(value) and isinstance(fields.get(key), list) else value
        for key, value in data_dict.items()
    }


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def reader(context: Any) -> str | None:
    """Id of the user who asks; ``None`` for a visitor."""
    return roles.user_id_of(context.get("user"))
