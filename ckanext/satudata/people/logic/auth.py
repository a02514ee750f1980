"""Who may give and end roles."""

from __future__ import annotations

from typing import Any


def satudata_grant_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": False}


def satudata_grant_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": False}


def satudata_grant_end(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": False}
