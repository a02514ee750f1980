"""Who may have the portal examined."""

from __future__ import annotations

from typing import Any


def satudata_doctor(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    """Sysadmins: the findings tell where the portal is weak."""
    return {"success": False}
