"""Reference lists are public; paths on the server are not."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


@tk.auth_allow_anonymous_access
def satudata_reference_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_reference_show(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_reference_lookup(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


def satudata_reference_files(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    """Nobody but sysadmins and the program itself."""
    return {"success": False}
