"""The first lines of every action: validate what was asked, know who asks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles


def validated(data_dict: dict[str, Any], fields: dict[str, Any], context: Any) -> dict[str, Any]:
    """``data_dict`` as the schema ``fields`` leaves it; ``ValidationError`` with every mistake."""
    data, errors = tk.navl_validate(data_dict, fields, context)
    if errors:
        raise tk.ValidationError(errors)
    return data


def reader(context: Any) -> str | None:
    """Id of the user who asks; ``None`` for a visitor."""
    return roles.user_id_of(context.get("user"))
