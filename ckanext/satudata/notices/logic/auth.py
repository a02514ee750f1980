"""Everybody who is logged in has notices and wishes of their own, and sees only those."""

from __future__ import annotations

from typing import Any


def satudata_notice_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_notice_read(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_notice_preferences_show(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_notice_preferences_update(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_notify(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}
