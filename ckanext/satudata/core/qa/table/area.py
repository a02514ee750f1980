"""Where the table is: title lines, header lines, lines of column numbers and of units, total and note lines.

Works on the first lines of a file or sheet as plain lists, and on its last ones. Nothing is dropped in silence:
every line left out is listed as :class:`Outside`, so that the person can say whether that is right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.core.qa.table.model import Outside
from ckanext.satudata.core.qa.table.units import units_row

# Merged cells within a sample of rows: index of the first row, first column, last row, last column.
Merged = tuple[int, int, int, int]
# A header takes at most so many lines.
_HEADER_LINES = 4

# A physical row number and its cells.
Row = tuple[int, Sequence[str]]

_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0)?")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d+)?\s*%?")
_CODE = re.compile(r"\d{2}(?:\.\s?\d{2}){1,2}(?:\.\s?\d{4})?")
_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?:[ T].*)?")
# (1), 2, [3], and with the way it was worked out: (4)=(2)+(3), 6=4+5.
_NUMBERED = re.compile(r"([(\[]?)\s*(\d{1,3})\s*[)\]]?\.?(?:\s*=?\s*[=:][\s\d()\[\]+*/x:%.,–-]+\)?)?")
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
# What stands below a table where somebody signs it.
_SIGNED = re.compile(
    r"\b(?:mengetahui|mengesahkan|menyetujui|a\.?n\.?\s|plt\.?|plh\.?|nip\b\.?|pembina\b|penata\b|ttd\b"
    r"|(?:kepala|sekretaris|kabid|kasi|kasubag|camat|lurah|kepala\s+desa|bupati|wali\s?kota|gubernur)\b)"
    r"|^[A-Z][\w .]{2,30},\s*\d{0,2}\s*(?:[A-Za-z]+)?\s*\d{4}$",
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
    units: tuple[str, ...] = ()  # for each column the unit that a line below the header gives it


def find_head(sample: Sequence[Row], merged: Sequence[Merged] = ()) -> Head:
    """Find header and first data row in the first rows of a file; rows may be of different length.

    ``merged`` are the merged cells of the sample, where the file tells them: they say how deep the header is and over
    which columns a name stands.
    """
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in sample]
    first_column, end_column = _used_columns(rows)
    width = max(end_column - first_column, 1)
    cells = [row[first_column:end_column] + [""] * (end_column - max(len(row), first_column)) for _, row in rows]
    filled = [sum(1 for cell in row if cell) for row in cells]
    start = _first_full_row(filled, width)
    if start is None:
        return Head(first_column, width, None, ((),) * width, len(rows), _outside_before(rows, len(rows)))
    if looks_like_data(cells[start]):
        top, bottom = _header_above(cells, filled, start)
    else:
        top, bottom = start, _header_below(cells, start)
        top = _merged_above(cells, filled, top, width)
    if bottom >= top:
        top, bottom = _with_merged(cells, top, bottom, merged)
    outside = list(_outside_before(rows, top if bottom >= top else start))
    data_from = bottom + 1 if bottom >= top else start
    data_from, units, below = _below_header(rows, cells, data_from)
    raw = [list(sample[index][1]) for index in range(top, bottom + 1)]
    for first, left, last, right in merged:
        if top <= first and last <= bottom and raw:
            _fill(raw, first - top, left, last - top, right)
    levels = tuple(
        tuple(row[column] if column < len(row) else "" for row in raw) for column in range(first_column, end_column)
    )
    if len(raw) > 1:
        levels = _spread_merged(levels)
    header_rows = (rows[top][0], rows[bottom][0]) if bottom >= top else None
    return Head(first_column, width, header_rows, levels, data_from, (*outside, *below), tuple(units))


def _with_merged(cells: Sequence[Sequence[str]], top: int, bottom: int, merged: Sequence[Merged]) -> tuple[int, int]:
    """The header with the lines into which its merged cells reach."""
    changed = True
    while changed:
        changed = False
        for first, left, last, right in merged:
            reaches = first < last and first <= bottom and last >= top  # downwards; a title is merged sideways only
            grown = min(top, first), max(bottom, last)
            if not reaches or grown == (top, bottom) or grown[1] - grown[0] >= _HEADER_LINES or right - left > 50:
                continue
            if any(looks_like_data(cells[index]) for index in range(bottom + 1, min(grown[1] + 1, len(cells)))):
                continue
            (top, bottom), changed = grown, True
    return top, min(bottom, len(cells) - 1)


def _fill(raw: list[list[str]], first: int, left: int, last: int, right: int) -> None:
    """A merged cell holds its text for every cell it covers."""
    text = raw[first][left] if left < len(raw[first]) else ""
    for row in raw[first : last + 1]:
        for column in range(left, min(right + 1, len(row))):
            row[column] = text


def _below_header(
    rows: Sequence[tuple[int, list[str]]], cells: Sequence[Sequence[str]], start: int
) -> tuple[int, list[str], list[Outside]]:
    """Where the data begin behind lines of column numbers and of units, the units, and those lines."""
    units: list[str] = []
    outside: list[Outside] = []
    for index in range(start, min(start + 2, len(cells))):
        number, row = rows[index]
        if not any(line.kind == "column_numbers" for line in outside) and _is_numbering(cells[index]):
            outside.append(Outside("column_numbers", number, number, _joined(row)))
        elif not units and (named := _units(cells, index)) is not None:
            units = named
            outside.append(Outside("units", number, number, _joined(row), tuple(row)))
        else:
            return index, units, outside
    return min(start + 2, len(cells)), units, outside


def _units(cells: Sequence[Sequence[str]], index: int) -> list[str] | None:
    """Units stand over figures; the same words over words are data."""
    named = units_row(cells[index])
    if named is None:
        return None
    below = next((row for row in cells[index + 1 :] if any(row) and not _is_numbering(row)), None)
    if below is None or not any(unit and is_figure(cell) for unit, cell in zip(named, below, strict=True)):
        return None
    words = [column for column, unit in enumerate(named) if unit and below[column] and not _is_measure(below[column])]
    return named if len(words) <= sum(1 for unit in named if unit) // 2 else None


def _is_measure(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None or cell in ("-", "–", "…", "...")


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
    signed = _signed_from(last)
    for index in range(len(last) - 1, -1, -1):
        number, raw = last[index]
        cells = [cell.strip() for cell in raw]
        kind = _tail_kind(cells) or ("signature" if index >= signed and any(cells) else None)
        if kind is None:
            break
        # Who signed is not needed to say that somebody did.
        text = "" if kind == "signature" else _joined(cells)
        outside.append(Outside(kind, number, number, text, tuple(cells) if kind == "total" else ()))
    outside.reverse()
    # Blank rows alone are no tail worth telling apart, but rows in front of a note are.
    return len(outside), outside


def _signed_from(last: Sequence[Row]) -> int:
    """Index of the first line of a block for signatures at the end: few words, no figures, and an office or a NIP.

    A gap or a total or note line must part it from the rows above, which hold more than it does.
    """
    start = len(last)
    seen = False
    for index in range(len(last) - 1, -1, -1):
        filled = [cell.strip() for cell in last[index][1] if cell.strip()]
        if len(filled) > 2 or len(last[index][1]) < 3 or any(_is_count(cell) for cell in filled):
            break
        if not filled or _tail_kind([*filled, "", ""]) is not None:
            continue
        seen = seen or any(_SIGNED.search(cell) for cell in filled)
        start = index
    if not seen or start == 0:
        return len(last)
    parted = last[start][0] - last[start - 1][0] > 1 or _tail_kind([cell.strip() for cell in last[start - 1][1]])
    return start if parted else len(last)


def _is_count(cell: str) -> bool:
    """A figure, not a number that somebody carries (NIP, NIK)."""
    return _NUMBER.fullmatch(cell) is not None and len(cell) < 15


def is_note(cells: Sequence[str]) -> bool:
    """Whether a line is a total, a source or a remark below a table."""
    return _tail_kind([*cells, "", ""]) in ("total", "note")


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


def looks_like_data(cells: Sequence[str]) -> bool:
    """A header holds words, or years; a figure, code or date in the row means that it is data already."""
    filled = [cell for cell in cells if cell]
    figures = [cell for cell in filled if is_figure(cell)]
    if not figures:
        return False
    numbering = _is_numbering(cells)
    return not numbering


def is_figure(cell: str) -> bool:
    """Whether a cell holds a figure, a dotted code or a date; a year alone may be a header."""
    if _YEAR.fullmatch(cell):
        return False
    return any(pattern.fullmatch(cell) for pattern in (_NUMBER, _CODE, _DATE))


def _is_numbering(cells: Sequence[str]) -> bool:
    """The line ``(1) (2) (3)`` below a header, counting from 1; at least three columns, two with brackets."""
    numbers = [found for found in (_NUMBERED.fullmatch(cell) for cell in cells if cell) if found is not None]
    filled = sum(1 for cell in cells if cell)
    # Two bare figures 1 and 2 may be data; in brackets they are not.
    if len(numbers) != filled or filled < (2 if all(found.group(1) for found in numbers) else 3):
        return False
    return [int(found.group(2)) for found in numbers] == list(range(1, len(numbers) + 1))


def _header_above(cells: Sequence[Sequence[str]], filled: Sequence[int], start: int) -> tuple[int, int]:
    """Header lines that only together name all columns: ``Wilayah,`` / ``,Jumlah`` / ``,2016``. Empty if there are
    none.
    """
    named: set[int] = set()
    for index in range(start - 1, max(start - 4, -1), -1):
        if not filled[index] or looks_like_data(cells[index]):
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
        if not (blank_above & fills) or looks_like_data(row) or _is_numbering(row):
            break
        # Below a column's name that stands alone (merged downwards) there must be nothing; otherwise it is data.
        first = next(column for column, cell in enumerate(cells[top]) if cell)
        if first in fills:
            break
        bottom = index
    return bottom


def _merged_above(cells: Sequence[Sequence[str]], filled: Sequence[int], top: int, width: int) -> int:
    """Up to two header lines above the first full one: names with blanks between them that name what it does not."""
    blank = {column for column, cell in enumerate(cells[top]) if not cell}
    for above in range(top - 1, max(top - 3, -1), -1):
        if not (2 <= filled[above] < width) or looks_like_data(cells[above]) or not blank:
            break
        blank -= {column for column, cell in enumerate(cells[above]) if cell}
        if not blank:
            return above
    return top


def _spread_merged(levels: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """A group's name stands over its first column only; the columns right of it belong to it too."""
    spread = [list(column) for column in levels]
    for level in range(len(spread[0]) - 1):
        carried: list[str] = []  # the cells of the column whose name stands over the following ones
        for column in spread:
            if column[level].strip():
                carried = column[: level + 1]
            elif carried[:level] != column[:level]:
                carried = []  # under another group
            elif carried and any(cell.strip() for cell in column[level + 1 :]):
                column[level] = carried[level]
    return tuple(tuple(column) for column in spread)


def _outside_before(rows: Sequence[tuple[int, list[str]]], end: int) -> tuple[Outside, ...]:
    return tuple(Outside("title" if any(row) else "blank", number, number, _joined(row)) for number, row in rows[:end])


def _joined(cells: Sequence[str]) -> str:
    return " ".join(cell for cell in cells if cell)[:200]
