"""Parts of which the schemas of our actions are made."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

# Some validators make validators; CKAN types them all alike.
validator: Any = tk.get_validator


def text(*more: Any) -> list[Any]:
    return [validator("ignore_missing"), validator("unicode_safe"), stripped, *more]


def required() -> list[Any]:
    return [validator("not_empty"), validator("unicode_safe"), stripped]


def stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def at_most(length: int) -> Any:
    def check(value: Any) -> Any:
        if isinstance(value, str) and len(value) > length:
            raise tk.Invalid(tk._("At most {length} characters.").format(length=length))
        return value

    return check


def _between(low: int, high: int) -> Any:
    def check(value: Any) -> int:
        # CKAN goes on after a refusal, with what was given
        return max(low, min(high, value)) if isinstance(value, int) else value

    return check


def number(default: int, low: int, high: int) -> list[Any]:
    return [validator("default")(default), validator("int_validator"), _between(low, high)]
