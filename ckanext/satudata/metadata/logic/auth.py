"""Who may ask and do what."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


@tk.auth_allow_anonymous_access
def satudata_metadata_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the dataset."""
    return _as("package_show", context, {"id": data_dict["id"]})


@tk.auth_allow_anonymous_access
def satudata_dictionary_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the file."""
    return _as("resource_show", context, {"id": data_dict["resource_id"]})


def satudata_dictionary_propose(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change the file."""
    return _as("resource_update", context, {"id": data_dict["resource_id"]})


def satudata_dictionary_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change the file."""
    return _as("resource_update", context, {"id": data_dict["resource_id"]})


def satudata_dictionary_read(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change the file."""
    return _as("resource_update", context, {"id": data_dict["resource_id"]})


@tk.auth_allow_anonymous_access
def satudata_template(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the file."""
    return _as("resource_show", context, {"id": data_dict["resource_id"]})


def _as(action: str, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    try:
        tk.check_access(action, context, data_dict)
    except tk.NotAuthorized:
        return {"success": False}
    return {"success": True}
