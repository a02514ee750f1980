"""Tables in spreadsheets (XLSX, XLSM, XLSB, XLS, ODS), with the rows and columns their program shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import python_calamine as calamine

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.area import Head, Merged, Row, find_head, is_figure
from ckanext.satudata.core.qa.table.build import build
from ckanext.satudata.core.qa.table.cell_text import column_texts
from ckanext.satudata.core.qa.table.model import ROW, Limits, Outside, Table
from ckanext.satudata.core.qa.table.regions import Cells, Region, Split, split
from ckanext.satudata.core.qa.table.sheet_facts import MergedData, SheetFacts
from ckanext.satudata.core.qa.table.sheet_xml import SheetDetails, numbers_in, sheet_details
from ckanext.satudata.core.qa.table.template_mark import is_marked
from ckanext.satudata.core.qa.table.unreadable import Unreadable

_HEAD_ROWS = 300
# Merged cells, hidden columns and formulas are told one by one up to here.
_LISTED = 200
_MERGED = 20_000
# A code of three levels or a date names rows as words do.
_NAMES_ROWS = re.compile(r"\d{2}\.\s?\d{2}\.\s?\d{2}|\d{1,4}[-/]\d")


def read_workbook(path: Path, limits: Limits, kind: str = "") -> tuple[dict[str, Any], tuple[Table, ...]]:
    """Facts and every table of every sheet; raises :class:`Unreadable`. ``kind``: ``xlsx``, ``xlsb``, ``xls``, ``ods``.

    The first table of a sheet bears the sheet's name, the others ``<sheet> [2]`` and so on.
    """
    details = sheet_details(path) if kind == "xlsx" else {}
    try:
        book = calamine.load_workbook(str(path))  # pyright: ignore[reportUnknownMemberType] - bare PathLike in its stub
        sheets = [
            (meta, book.get_sheet_by_index(index) if meta.typ == calamine.SheetTypeEnum.WorkSheet else None)
            for index, meta in enumerate(book.sheets_metadata)
        ]
    except calamine.PasswordError as error:
        raise Unreadable("password") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("broken_workbook") from error
    tables: list[Table] = []
    without: list[str] = []
    of_template: list[str] = []
    for meta, sheet in sheets:
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        seen = details.get(meta.name, SheetDetails(seen=False))
        there = read_sheet(sheet, seen, limits) if sheet is not None else None
        if there is not None and (there.top, there.left) == (0, 0) and is_marked(there.columns):
            of_template.append(meta.name)
            continue
        found = _tables(there, limits) if there is not None else []
        tables += [replace(table, hidden=hidden) for table in found]
        if not found:
            without.append(meta.name)
    facts: dict[str, Any] = {"sheets": [meta.name for meta, _ in sheets], "sheets_without_table": without}
    return {**facts, **({"sheets_of_template": of_template} if of_template else {})}, tuple(tables)


@dataclass
class Sheet:
    """The used rectangle of a sheet as text: columns of cells, and where the rectangle begins (indices from 0)."""

    name: str
    columns: list[list[str]]
    top: int
    left: int
    merged: list[Merged]  # in indices of the rectangle
    details: SheetDetails

    def number(self, index: int) -> int:
        """The row number the program shows."""
        return self.top + index + 1


def _tables(there: Sheet, limits: Limits) -> list[Table]:
    rows = list(zip(*there.columns, strict=True))
    cells = Cells(rows, _counts(there.columns))
    whole = Region(0, len(rows), 0, len(there.columns))
    if _is_form(cells, whole):
        return []
    parts = split(cells, whole)
    tables: list[Table] = []
    for region in parts.tables:
        table = _table(there, cells, region, parts, limits)
        if table is not None:
            tables.append(table)
    return _told_apart(there, cells, tables, parts)


def read_sheet(sheet: calamine.CalamineSheet, details: SheetDetails, limits: Limits) -> Sheet | None:
    """The used rectangle of a sheet, errors and zeros by format in their places; ``None`` for an empty sheet."""
    if sheet.start is None or sheet.end is None:
        return None
    (top, left), (bottom, right) = sheet.start, sheet.end
    if (bottom - top + 1) * (right - left + 1) > limits.cells:
        raise Unreadable(
            "too_many_cells", sheet=sheet.name, rows=bottom + 1, columns=right + 1, limit_cells=limits.cells
        )
    raw: list[tuple[Any, ...]] = list(zip(*sheet.to_python(skip_empty_area=True), strict=True))
    columns = [column_texts(column) for column in raw]
    for column, found in details.errors.items():
        for row, error in found:
            _put(columns, column - left, row - 1 - top, error)
    for column, runs in details.codes.items():
        if not 0 <= column - left < len(columns):
            continue
        texts = columns[column - left]
        for first, last, code in runs:
            for index in range(max(first - 1 - top, 0), min(last - top, len(texts))):
                texts[index] = code.write(texts[index])
    merged = [
        (start[0] - top, start[1] - left, end[0] - top, end[1] - left)
        for start, end in (sheet.merged_cell_ranges or [])[:_MERGED]
    ]
    return Sheet(sheet.name, columns, top, left, merged, details)


def _put(columns: list[list[str]], column: int, row: int, text: str) -> None:
    if 0 <= column < len(columns) and 0 <= row < len(columns[column]):
        columns[column][row] = text


def _counts(columns: Sequence[Sequence[str]]) -> list[int]:
    """Filled cells of each row."""
    filled = [pl.Series(column, dtype=pl.String).str.strip_chars() != "" for column in columns]
    return pl.select(pl.sum_horizontal([pl.lit(series).cast(pl.Int64) for series in filled])).to_series().to_list()


def _table(there: Sheet, cells: Cells, region: Region, parts: Split, limits: Limits) -> Table | None:
    sample: list[Row] = [
        (there.number(index), cells.row(index, region, strip=False))
        for index in range(region.top, min(region.bottom, region.top + _HEAD_ROWS))
    ]
    merged = [
        (first - region.top, left - region.left, last - region.top, right - region.left)
        for first, left, last, right in there.merged
        if region.top <= first and last < region.bottom and region.left <= left < region.right
    ]
    head = find_head(sample, merged)
    head = replace(head, first_column=head.first_column + region.left + there.left)
    start = region.top + head.data_from
    repeated = {index for index in parts.repeated if start <= index < region.bottom}
    filled = _merged_data(there, region, start)
    kept = [index for index in range(start, region.bottom) if index not in repeated]
    first_column = head.first_column - there.left
    frame = pl.DataFrame(
        [
            pl.Series(ROW, [there.number(index) for index in kept], dtype=pl.Int64),
            *[
                pl.Series(
                    f"c{there.left + column + 1}",
                    there.columns[column][start : region.bottom]
                    if not repeated
                    else [there.columns[column][index] for index in kept],
                    dtype=pl.String,
                )
                for column in range(first_column, region.right)
            ],
        ]
    )
    head = _with_repeated(head, there, cells, region, repeated)
    areas = tuple(
        _area(there, *area)
        for area in there.merged
        if region.top <= area[0] < region.bottom and region.left <= area[1] < region.right
    )[:_LISTED]
    table = build(frame, head, (), limits, name=there.name, merged=areas)
    if not (table.columns and table.height):
        return None
    return replace(table, sheet=_facts(there, table, filled, len(parts.tables)))


def _with_repeated(head: Head, there: Sheet, cells: Cells, region: Region, repeated: set[int]) -> Head:
    lines = tuple(
        Outside("repeated_header", there.number(index), there.number(index), " ".join(cells.row(index, region))[:200])
        for index in sorted(repeated)
    )
    return replace(head, outside=(*head.outside, *lines))


def _merged_data(there: Sheet, region: Region, start: int) -> list[MergedData]:
    """Repeat words of cells merged downwards among the data; a figure stands for its first row only."""
    found: list[MergedData] = []
    for first, left, last, _ in there.merged:
        if first == last or first < start or last >= region.bottom or not region.left <= left < region.right:
            continue
        texts = there.columns[left]
        text = texts[first].strip()
        if not text:
            continue
        repeated = not is_figure(text) or _NAMES_ROWS.match(text) is not None
        if repeated:
            texts[first : last + 1] = [texts[first]] * (last - first + 1)
        found.append(MergedData(there.left + left + 1, there.number(first), there.number(last), text, repeated))
    return found


def _facts(there: Sheet, table: Table, merged: Sequence[MergedData], tables: int) -> SheetFacts:
    details = there.details
    top = table.header_rows[0] if table.header_rows is not None else table.first_row
    positions = [column.position for column in table.columns]
    inside = set(positions)
    hidden_rows = [
        (max(first, table.first_row), min(last, table.last_row))
        for first, last in details.hidden_rows
        if first <= table.last_row and last >= table.first_row
    ]
    hidden = {column + 1 for column in numbers_in(details.hidden_columns, positions[0] - 1, positions[-1] - 1)}
    return SheetFacts(
        sheet=there.name,
        area=f"{_letters(positions[0] - 1)}{top}:{_letters(positions[-1] - 1)}{table.last_row}",
        tables=tables,
        seen=details.seen,
        hidden_rows=tuple(hidden_rows),
        hidden_columns=tuple(sorted(hidden & inside)),
        without_result=tuple(
            (row, column + 1)
            for row, column in details.without_result
            if column + 1 in inside and table.first_row <= row <= table.last_row
        ),
        codes=tuple(
            (column + 1, runs[0][2].format, runs[0][0])
            for column, runs in sorted(details.codes.items())
            if column + 1 in inside
            and any(first <= table.last_row and last >= table.first_row for first, last, _ in runs)
        ),
        merged_data=tuple(merged),
    )


def _told_apart(there: Sheet, cells: Cells, tables: list[Table], parts: Split) -> list[Table]:
    """Names for the tables of one sheet, and what stands beside them with the first."""
    if not tables:
        return []
    beside = tuple(
        Outside(
            "beside",
            there.number(region.top),
            there.number(region.bottom - 1),
            " ".join(cell for index in range(region.top, region.bottom) for cell in cells.row(index, region) if cell)[
                :200
            ],
        )
        for region in parts.beside
    )
    first = replace(tables[0], outside=(*tables[0].outside, *beside))
    others = [replace(table, name=f"{table.name} [{number}]") for number, table in enumerate(tables[1:], start=2)]
    return [first, *others]


_FORM_LABELS = frozenset(
    {
        *("kode", "judul", "nama data", "nama dataset", "produsen data", "walidata", "penanggung jawab", "kontak"),
        *("sifat data", "frekuensi data", "kegiatan statistik", "konsep", "klasifikasi", "definisi", "deskripsi"),
        *("ukuran", "satuan", "keterangan", "sumber", "sumber data", "periode", "lisensi"),
    }
)


def _is_form(cells: Cells, whole: Region) -> bool:
    """A sheet of labels with their values (the metadata form many portals add) is no table."""
    if sum(cells.counts[:_HEAD_ROWS]) > 200:
        return False
    filled = [text for _, row in cells.rows(whole, _HEAD_ROWS) for text in row if text]
    labels = {text.rstrip(" :").lower() for text in filled} & _FORM_LABELS
    values = sum(1 for text in filled if text.startswith(":"))
    return len(labels) >= 4 or (len(labels) >= 2 and values >= 3)


def _area(there: Sheet, top: int, left: int, bottom: int, right: int) -> str:
    return f"{_letters(there.left + left)}{there.number(top)}:{_letters(there.left + right)}{there.number(bottom)}"


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
