"""What ``satudata_access_show`` accepts."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge import fields


def access_show() -> dict[str, Any]:
    """``satudata_access_show``."""
    return {"id": fields.required()}
