"""Tables as CSV that a spreadsheet opens: with a byte order mark, and without a cell it would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

MARK = "\ufeff"
# What a spreadsheet takes for a formula when it stands first in a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: Any) -> Any:
    """A value for a CSV: no text of a person begins a formula in somebody's spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def table(header: Iterable[Any], lines: Iterable[Iterable[Any]]) -> str:
    """CSV with commas; the cells of the lines are made harmless."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(header)
    writer.writerows([cell(value) for value in line] for line in lines)
    return MARK + target.getvalue()
