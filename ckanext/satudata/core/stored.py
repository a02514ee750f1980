"""Values as CKAN stores them: what repeats, or has parts, is a JSON text."""

from __future__ import annotations

import json
from typing import Any


def parsed(value: Any) -> Any:
    """The list or object a text stands for; any other value, and a text that is no JSON, as it is."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
