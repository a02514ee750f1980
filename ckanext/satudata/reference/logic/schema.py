"""What the actions of `reference` accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

# The toolkit's own type does not know that some validators take arguments.
validator: Any = tk.get_validator


def _of(*names: str) -> list[Any]:
    return [validator(name) for name in names]


def show() -> dict[str, Any]:
    return {
        "list": _of("not_missing", "not_empty", "unicode_safe"),
        "edition": _of("ignore_empty", "unicode_safe"),
        "q": [validator("default")(""), *_of("unicode_safe")],
        "parent": _of("ignore_missing", "unicode_safe"),
        "limit": [validator("default")(100), *_of("natural_number_validator")],
        "offset": [validator("default")(0), *_of("natural_number_validator")],
    }


def lookup() -> dict[str, Any]:
    return {
        "list": _of("not_missing", "not_empty", "unicode_safe"),
        "edition": _of("ignore_empty", "unicode_safe"),
        "codes": _of("not_missing", "list_of_strings"),
    }
