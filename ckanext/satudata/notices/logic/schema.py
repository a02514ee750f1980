"""What the actions of `notices` accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

# Some validators make validators; CKAN types them all alike.
_validator: Any = tk.get_validator


def _between(low: int, high: int) -> Any:
    def check(value: Any) -> int:
        return max(low, min(high, value))

    return check


def notice_list() -> dict[str, Any]:
    return {
        "limit": [_validator("default")(20), _validator("int_validator"), _between(1, 100)],
        "offset": [_validator("default")(0), _validator("int_validator"), _between(0, 10_000_000)],
        "unread_only": [_validator("default")(False), _validator("boolean_validator")],
    }


def notice_read() -> dict[str, Any]:
    return {
        "id": [_validator("ignore_empty"), _validator("unicode_safe")],
        "subject_id": [_validator("ignore_empty"), _validator("unicode_safe")],
        "all": [_validator("default")(False), _validator("boolean_validator")],
    }
