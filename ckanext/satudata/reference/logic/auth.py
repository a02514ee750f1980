"""Reference lists are public; paths on the server are not."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


@tk.auth_allow_anonymous_access
def satudata_reference_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_reference_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_reference_lookup(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Everybody."""
    return {"success": True}


def satudata_reference_files(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Nobody but sysadmins and the program itself."""
    return {"success": False}
