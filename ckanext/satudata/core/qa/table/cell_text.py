"""Cells of a spreadsheet as text, as far as the file still knows how they look."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any


class _Numbers(dict[float, str]):
    """Text of numbers; tables repeat them."""

    def __missing__(self, value: float) -> str:
        text = _number(value)
        if len(self) < 100_000:
            self[value] = text
        return text


def column_texts(values: Iterable[Any]) -> list[str]:
    """The cells of one column as text; see :func:`as_text`."""
    cells = list(values)
    kinds = set(map(type, cells))
    if kinds == {str}:
        return cells
    if kinds <= {str, float}:
        numbers = _Numbers()
        return [cell if cell.__class__ is str else numbers[cell] for cell in cells]
    return [as_text(cell) for cell in cells]


def as_text(value: object) -> str:
    """A cell as people see it: ``2014.0`` → ``2014``, midnight of a day → the day, a duration → ``30:00:00``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec=_precision(value))
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _precision(value: datetime.datetime) -> str:
    # Moments are stored as fractions of a day; microseconds are rounding.
    return "seconds" if value.microsecond in (0, 999_999, 1) else "milliseconds"


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    # Spreadsheets show fifteen digits; 0.1 + 0.2 is 0.3 to everybody who looks at it.
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


def _duration(value: datetime.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    hours, rest = divmod(abs(seconds), 3600)
    return f"{sign}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
