"""Plain data somebody else wrote (JSON): objects and lists, or nothing where it is something else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast


def as_object(value: object) -> Mapping[str, Any] | None:
    """``value`` if it is a JSON object."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def as_list(value: object) -> list[object] | None:
    """``value`` if it is a JSON list."""
    return cast("list[object]", value) if isinstance(value, list) else None


def first_object(value: object) -> Mapping[str, Any] | None:
    """The first member of a list, if it is an object."""
    members = as_list(value)
    return as_object(members[0]) if members else None


def is_storable(value: object) -> bool:
    """Whether a database and a page can hold all texts in ``value``: no zero bytes, no halves of letters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text.replace("\\\\", "")
