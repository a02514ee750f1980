"""What the actions of `metadata` accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def _of(*names: str) -> list[Any]:
    return [tk.get_validator(name) for name in names]


def metadata_check() -> dict[str, Any]:
    return {"id": _of("not_missing", "not_empty", "unicode_safe")}


def dictionary() -> dict[str, Any]:
    return {"resource_id": _of("not_missing", "not_empty", "unicode_safe")}
