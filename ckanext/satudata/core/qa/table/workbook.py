"""Tables in spreadsheets (XLSX, XLSM, XLSB, XLS, ODS), with the rows and columns their program shows."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import python_calamine as calamine

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.area import Row, find_head
from ckanext.satudata.core.qa.table.build import build
from ckanext.satudata.core.qa.table.model import ROW, Limits, Table
from ckanext.satudata.core.qa.table.unreadable import Unreadable

_HEAD_ROWS = 300
_MERGED = 200


def read_workbook(path: Path, limits: Limits) -> tuple[dict[str, Any], tuple[Table, ...]]:
    """Facts and every sheet that holds a table; raises :class:`Unreadable`."""
    try:
        book = calamine.load_workbook(str(path))  # pyright: ignore[reportUnknownMemberType] - bare PathLike in its stub
        sheets = [(meta, book.get_sheet_by_index(index)) for index, meta in enumerate(book.sheets_metadata)]
    except calamine.PasswordError as error:
        raise Unreadable("password") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("broken_workbook") from error
    tables: list[Table] = []
    without: list[str] = []
    for meta, sheet in sheets:
        table = _table(sheet, limits, hidden=meta.visible != calamine.SheetVisibleEnum.Visible)
        if table is None:
            without.append(sheet.name)
        else:
            tables.append(table)
    return {"sheets": [meta.name for meta, _ in sheets], "sheets_without_table": without}, tuple(tables)


def _table(sheet: calamine.CalamineSheet, limits: Limits, hidden: bool) -> Table | None:
    if sheet.start is None or sheet.end is None:
        return None
    rows = sheet.end[0] + 1
    columns = sheet.end[1] + 1
    if rows * columns > limits.cells:
        raise Unreadable("too_many_cells", sheet=sheet.name, rows=rows, columns=columns)
    # Without the leading empty area the numbers would not be those on the screen.
    cells: list[Row] = [
        (number, [as_text(cell) for cell in row])
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1)
    ]
    while cells and not any(cells[-1][1]):
        cells.pop()
    if not cells or _is_form(cells):
        return None
    head = find_head(cells[:_HEAD_ROWS])
    width = max((_filled_width(row) for _, row in cells[head.data_from :]), default=0)
    ids = [f"c{number}" for number in range(1, max(width, head.first_column + head.width) + 1)]
    data = [(number, [*row, *[""] * (len(ids) - len(row))]) for number, row in cells[head.data_from :]]
    frame = pl.DataFrame(
        [
            pl.Series(ROW, [number for number, _ in data], dtype=pl.Int64),
            *[
                pl.Series(name, [row[index] for _, row in data], dtype=pl.String)
                for index, name in enumerate(ids)
                if index >= head.first_column
            ],
        ]
    )
    merged = tuple(_area(*area) for area in (sheet.merged_cell_ranges or [])[:_MERGED])
    table = build(frame, head, (), limits, name=sheet.name, merged=merged, hidden=hidden)
    return table if table.columns and table.height else None


_FORM_LABELS = frozenset(
    {
        *("kode", "judul", "nama data", "nama dataset", "produsen data", "walidata", "penanggung jawab", "kontak"),
        *("sifat data", "frekuensi data", "kegiatan statistik", "konsep", "klasifikasi", "definisi", "deskripsi"),
        *("ukuran", "satuan", "keterangan", "sumber", "sumber data", "periode", "lisensi"),
    }
)


def _is_form(cells: list[Row]) -> bool:
    """A sheet of labels with their values (the metadata form many portals add) is no table."""
    filled = [text.strip() for _, row in cells[:_HEAD_ROWS] for text in row if text.strip()]
    if len(filled) > 200:
        return False
    labels = {text.rstrip(" :").lower() for text in filled} & _FORM_LABELS
    values = sum(1 for text in filled if text.startswith(":"))
    return len(labels) >= 4 or (len(labels) >= 2 and values >= 3)


def _filled_width(row: list[str] | Any) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)


def as_text(value: object) -> str:
    """A cell as people see it, as far as the file still knows: ``2014.0`` → ``2014``, midnight of a day → the day."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    # Spreadsheets show fifteen digits; 0.1 + 0.2 is 0.3 to everybody who looks at it.
    text = format(value, ".15g")
    return format(float(text), "f").rstrip("0") if "e" in text else text


def _area(start: tuple[int, int], end: tuple[int, int]) -> str:
    return f"{_letters(start[1])}{start[0] + 1}:{_letters(end[1])}{end[0] + 1}"


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
