"""Sheets of a template that hold no data (instructions, lists) carry a mark with a checksum of their cells.

So the reader leaves out exactly what the program wrote: a sheet somebody typed something into is judged like any other,
and nothing can be hidden in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

MARK = "Templat Satu Data 1 · "
# Where the mark stands: the second row, so that the first one can greet.
MARK_ROW = 1
_MARKED = re.compile(re.escape(MARK) + r"([0-9a-f]{32})")
# What a workbook cannot hold, or would write in another way.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)")
MOST_LETTERS = 32_000  # of a cell


def cleaned(text: str) -> str:
    """``text`` as a cell of a template can hold it: one line, no control characters, not too long."""
    return " ".join(_UNWRITABLE.sub("", text).split())[:MOST_LETTERS]


def marked(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows of a sheet with the mark put in as its second row."""
    first, *others = [[cleaned(cell) for cell in row] for row in rows]
    return [first, [MARK + _checksum([first, *others])], *others]


def is_marked(columns: Sequence[Sequence[str]]) -> bool:
    """Whether a sheet, given column by column from A1, is one the program wrote and nobody changed."""
    if not columns or len(columns[0]) <= MARK_ROW:
        return False
    found = _MARKED.fullmatch(columns[0][MARK_ROW].strip())
    if found is None:
        return False
    rows = [row for number, row in enumerate(zip(*columns, strict=True)) if number != MARK_ROW]
    return found.group(1) == _checksum(rows) and not any(column[MARK_ROW].strip() for column in columns[1:])


def _checksum(rows: Iterable[Sequence[str]]) -> str:
    """Of the cells with their places; empty cells and rows at the ends do not count."""
    digest = hashlib.sha256()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            text = " ".join(cell.split())
            if text:
                digest.update(f"{number}\x1f{place}\x1f{text}\x1e".encode())
    return digest.hexdigest()[:32]
