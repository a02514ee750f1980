"""Where the table is: title lines, header lines, a line of column numbers, total and note lines.

Works on the first lines of a file or sheet as plain lists, and on its last ones. Nothing is dropped in silence:
every line left out is listed as :class:`Outside`, so that the person can say whether that is right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.core.qa.table.model import Outside

# A physical row number and its cells.
Row = tuple[int, Sequence[str]]

_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0)?")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d+)?\s*%?")
_CODE = re.compile(r"\d{2}(?:\.\s?\d{2}){1,2}(?:\.\s?\d{4})?")
_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?:[ T].*)?")
_NUMBERED = re.compile(r"\(?\[?(\d{1,3})\]?\)?\.?")
_TOTAL = re.compile(
    r"(?:grand\s*|sub\s*)?(?:jumlah|total|jml|rata\s*-?\s*rata)(?:\s*/\s*(?:jumlah|total|rata\s*-?\s*rata))?"
    r"(?:\s+(?:total|jumlah|keseluruhan|seluruhnya|semua|besar|akhir))?\s*:?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:sumber|catatan|keterangan|ket|note|notes|source|data\s+per|data\s+diolah|diperbarui|updated?|dicetak)\b"
    r"|[*†‡#]|\d\)\s|\(\*\)",
    re.IGNORECASE,
)


def is_total_label(text: str) -> bool:
    """Whether a cell says that its row is a total: ``JUMLAH``, ``Total``, ``Rata-rata``."""
    return _TOTAL.fullmatch(text.strip()) is not None


@dataclass(frozen=True)
class Head:
    """The beginning of a table within a sample of rows."""

    first_column: int  # index of the leftmost column that holds anything
    width: int  # columns from there on
    header_rows: tuple[int, int] | None  # physical rows
    levels: tuple[tuple[str, ...], ...]  # for each column its raw header cells, top first
    data_from: int  # index in the sample of the first row of data; may be its length
    outside: tuple[Outside, ...]


def find_head(sample: Sequence[Row]) -> Head:
    """Find header and first data row in the first rows of a file; rows may be of different length."""
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in sample]
    first_column, end_column = _used_columns(rows)
    width = max(end_column - first_column, 1)
    cells = [row[first_column:end_column] + [""] * (end_column - max(len(row), first_column)) for _, row in rows]
    filled = [sum(1 for cell in row if cell) for row in cells]
    start = _first_full_row(filled, width)
    if start is None:
        return Head(first_column, width, None, ((),) * width, len(rows), _outside_before(rows, len(rows)))
    if _looks_like_data(cells[start]):
        top, bottom = _header_above(cells, filled, start)
    else:
        top, bottom = start, _header_below(cells, start)
        top = _merged_above(cells, filled, top, width)
    outside = list(_outside_before(rows, top if bottom >= top else start))
    data_from = bottom + 1 if bottom >= top else start
    if data_from < len(rows) and _is_numbering(cells[data_from]):
        number, row = rows[data_from]
        outside.append(Outside("column_numbers", number, number, " ".join(row).strip()))
        data_from += 1
    raw = [list(sample[index][1]) for index in range(top, bottom + 1)]
    levels = tuple(
        tuple(row[column] if column < len(row) else "" for row in raw) for column in range(first_column, end_column)
    )
    if len(raw) > 1:
        levels = _spread_merged(levels)
    header_rows = (rows[top][0], rows[bottom][0]) if bottom >= top else None
    return Head(first_column, width, header_rows, levels, data_from, tuple(outside))


def column_names(levels: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column: its lowest filled header cell, with those above where that alone is not unique."""
    stripped = [[" ".join(cell.split()) for cell in column if cell.strip()] for column in levels]
    names = [column[-1] if column else "" for column in stripped]
    counts = Counter(name.casefold() for name in names)
    return [
        " ".join(dict.fromkeys(column)) if len(column) > 1 and counts[name.casefold()] > 1 else name
        for name, column in zip(names, stripped, strict=True)
    ]


def find_tail(last: Sequence[Row]) -> tuple[int, list[Outside]]:
    """How many of the last rows are no data (blank, total, note lines), and what they are, top first."""
    outside: list[Outside] = []
    for number, raw in reversed(last):
        cells = [cell.strip() for cell in raw]
        kind = _tail_kind(cells)
        if kind is None:
            break
        outside.append(Outside(kind, number, number, _joined(cells), tuple(cells) if kind == "total" else ()))
    outside.reverse()
    # Blank rows alone are no tail worth telling apart, but rows in front of a note are.
    return len(outside), outside


def _tail_kind(cells: Sequence[str]) -> str | None:
    filled = [cell for cell in cells if cell]
    if not filled:
        return "blank"
    if is_total_label(filled[0]):
        return "total"
    if len(filled) <= 2 and _NOTE.match(filled[0]) and not any(_NUMBER.fullmatch(cell) for cell in filled[1:]):
        return "note"
    if len(filled) == 1 and len(cells) >= 3 and len(filled[0]) > 40:
        return "note"
    return None


def _used_columns(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, int]:
    """From the leftmost to behind the rightmost column that holds anything in a row of more than one cell."""
    wide = [row for _, row in rows if sum(1 for cell in row if cell) > 1] or [row for _, row in rows if any(row)]
    if not wide:
        return 0, max((len(row) for _, row in rows), default=1)
    first = min(next(index for index, cell in enumerate(row) if cell) for row in wide)
    # Rows that are much longer than the others are ragged rows, not the table's width.
    lengths = Counter(len(row) for row in wide)
    usual = max(lengths.items(), key=lambda item: (item[1], item[0]))[0]
    header = next((len(row) for row in wide if len(row) <= usual), usual)
    return first, max(usual, header, first + 1)


def _first_full_row(filled: Sequence[int], width: int) -> int | None:
    need = 1 if width == 1 else max(2, (width + 1) // 2)
    most = max(filled, default=0)
    need = min(need, most) if most else need
    return next((index for index, count in enumerate(filled) if count and count >= need), None)


def _looks_like_data(cells: Sequence[str]) -> bool:
    """A header holds words, or years; a figure, code or date in the row means that it is data already."""
    filled = [cell for cell in cells if cell]
    figures = [cell for cell in filled if _is_figure(cell)]
    if not figures:
        return False
    numbering = _is_numbering(cells)
    return not numbering


def _is_figure(cell: str) -> bool:
    if _YEAR.fullmatch(cell):
        return False
    return any(pattern.fullmatch(cell) for pattern in (_NUMBER, _CODE, _DATE))


def _is_numbering(cells: Sequence[str]) -> bool:
    """The line ``(1) (2) (3)`` below a header; at least three columns, counting from 1."""
    numbers = [_NUMBERED.fullmatch(cell) for cell in cells if cell]
    if len(numbers) < 3 or any(found is None for found in numbers):
        return False
    return [int(found.group(1)) for found in numbers if found] == list(range(1, len(numbers) + 1))


def _header_above(cells: Sequence[Sequence[str]], filled: Sequence[int], start: int) -> tuple[int, int]:
    """Header lines that only together name all columns: ``Wilayah,`` / ``,Jumlah`` / ``,2016``. Empty if there are
    none.
    """
    named: set[int] = set()
    for index in range(start - 1, max(start - 4, -1), -1):
        if not filled[index] or _looks_like_data(cells[index]):
            break
        named |= {column for column, cell in enumerate(cells[index]) if cell}
        if len(named) == len(cells[start]):
            return index, start - 1
    return start, start - 1


def _header_below(cells: Sequence[Sequence[str]], top: int) -> int:
    """Last header line: the next one or two lines belong to it if they fill what the line above left blank."""
    bottom = top
    for index in range(top + 1, min(top + 3, len(cells))):
        above, row = cells[bottom], cells[index]
        blank_above = {column for column, cell in enumerate(above) if not cell}
        fills = {column for column, cell in enumerate(row) if cell}
        if not (blank_above & fills) or _looks_like_data(row) or _is_numbering(row):
            break
        # Below a column's name that stands alone (merged downwards) there must be nothing; otherwise it is data.
        first = next(column for column, cell in enumerate(above) if cell)
        if first in fills:
            break
        bottom = index
    return bottom


def _merged_above(cells: Sequence[Sequence[str]], filled: Sequence[int], top: int, width: int) -> int:
    """A header line above the first full one: at least two group names with blanks between them, below width."""
    above = top - 1
    if above >= 0 and 2 <= filled[above] < width and not _looks_like_data(cells[above]):
        blank_below = any(not cell for cell in cells[top])
        if blank_below and all(cells[above][column] for column, cell in enumerate(cells[top]) if not cell):
            return above
    return top


def _spread_merged(levels: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """A group's name stands over its first column only; the columns right of it belong to it too."""
    spread = [list(column) for column in levels]
    for level in range(len(spread[0]) - 1):
        carried = ""
        for column in spread:
            if column[level].strip():
                carried = column[level]
            elif any(cell.strip() for cell in column[level + 1 :]) and not any(cell.strip() for cell in column[:level]):
                column[level] = carried
    return tuple(tuple(column) for column in spread)


def _outside_before(rows: Sequence[tuple[int, list[str]]], end: int) -> tuple[Outside, ...]:
    return tuple(Outside("title" if any(row) else "blank", number, number, _joined(row)) for number, row in rows[:end])


def _joined(cells: Sequence[str]) -> str:
    return " ".join(cell for cell in cells if cell)[:200]
