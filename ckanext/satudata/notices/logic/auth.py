"""Everybody who is logged in has notices and wishes of their own, and sees only those."""

from __future__ import annotations

from typing import Any


def satudata_notice_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": True}


def satudata_notice_read(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": True}


def satudata_notice_preferences_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": True}


def satudata_notice_preferences_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": True}


def satudata_notify(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"success": False}
