"""Make the spreadsheets of this folder, and what other programs read in them.

Needs openpyxl, xlwt and odfpy, which the tests themselves do not: run it by hand after a change and commit the result.

``grids.xlsx`` holds sheets of cells at random places with holes, merged cells, hidden rows and columns, number formats
and errors; ``grids.json`` is what openpyxl reads in them. ``tabel.xlsx``, ``tabel.xls`` and ``tabel.ods`` hold the same
table.
"""

from __future__ import annotations

import datetime
import json
import random
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SHEETS = 40
FORMATS = ("General", "00000", "00", "#,##0", "0.00", '000"-"000', "0%", "@")
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?")
WORDS = ("Ciparay", "Pacet", "32.04.05", " tepi ", "a\nb", "É & <x>", "001", "JUMLAH")
DAYS = (datetime.date(2021, 12, 31), datetime.datetime(2022, 3, 4, 5, 6, 7))  # noqa: DTZ001 - spreadsheets know no zones

# The same table in three formats: title, header of two lines, units, column numbers, data, total, source.
TABLE: list[list[Any]] = [
    [None, "LUAS PANEN DAN PRODUKSI PADI", None, None, None, None],
    [None, None, None, None, None, None],
    [None, "Kecamatan", "Padi", None, "Tanggal", "Kode"],
    [None, None, "Luas", "Produksi", None, None],
    [None, None, "(Ha)", "(Ton)", None, None],
    [None, "(1)", "(2)", "(3)", "(4)", "(5)"],
    [None, "Arjasari", 120, 650.5, datetime.date(2023, 1, 31), "0101"],
    [None, "Baleendah", 98.25, 512, datetime.date(2023, 2, 28), "0102"],
    [None, None, None, None, None, None],
    [None, "Ciparay", 210, 1240.75, datetime.date(2023, 3, 31), "0103"],
    [None, "Jumlah", 428.25, 2403.25, None, None],
    [None, "Sumber: Dinas Pertanian", None, None, None, None],
]
MERGED = ((3, 2, 4, 2), (3, 3, 3, 4), (3, 5, 4, 5), (3, 6, 4, 6))


def _library(name: str) -> Any:
    """A library that only making the files needs."""
    return import_module(name)


def grids() -> None:
    openpyxl, get_column_letter = _library("openpyxl"), _library("openpyxl.utils").get_column_letter
    dice = random.Random(20260101)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number in range(SHEETS):
        sheet = book.create_sheet(f"Lembar {number}")
        top, left = dice.randint(1, 9), dice.randint(1, 6)
        height, width = dice.randint(3, 14), dice.randint(2, 7)
        for row in range(top, top + height):
            for column in range(left, left + width):
                if dice.random() < 0.75:
                    _fill(sheet.cell(row, column), dice)
            if dice.random() < 0.15:
                sheet.row_dimensions[row].hidden = True
        for column in range(left, left + width):
            if dice.random() < 0.1:
                sheet.column_dimensions[get_column_letter(column)].hidden = True
        if dice.random() < 0.6:
            row, column = top + dice.randint(0, height - 2), left + dice.randint(0, width - 2)
            sheet.merge_cells(
                start_row=row, end_row=row + 1, start_column=column, end_column=column + dice.randint(0, 1)
            )
    book.save(FOLDER / "grids.xlsx")
    again = openpyxl.load_workbook(FOLDER / "grids.xlsx", data_only=True)
    read = {sheet.title: _read(sheet) for sheet in again.worksheets}
    (FOLDER / "grids.json").write_text(json.dumps(read, ensure_ascii=False, indent=1), "utf-8")


def _fill(cell: Any, dice: random.Random) -> None:
    kind = dice.randrange(7)
    if kind == 0:
        cell.value = dice.choice(WORDS)
    elif kind == 1:
        cell.value = dice.randint(0, 99_999)
        cell.number_format = dice.choice(FORMATS)
    elif kind == 2:
        cell.value = round(dice.uniform(-5000, 5000), dice.randint(1, 6))
        cell.number_format = dice.choice(FORMATS)
    elif kind == 3:
        cell.value = dice.choice(DAYS)
    elif kind == 4:
        cell.value = dice.choice(ERRORS)
        cell.data_type = "e"
    elif kind == 5:
        cell.value = dice.random() < 0.5
    else:
        cell.value = "=1+1"  # openpyxl stores no result


def _read(sheet: Any) -> dict[str, Any]:
    cells = {cell.coordinate: _plain(cell.value, cell.number_format) for row in sheet.iter_rows() for cell in row}
    return {
        "cells": {place: text for place, text in cells.items() if text is not None},
        "hidden_rows": [row for row, size in sheet.row_dimensions.items() if size.hidden],
        "hidden_columns": sorted(
            column
            for size in sheet.column_dimensions.values()
            if size.hidden
            for column in range(size.min, size.max + 1)
        ),
        "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
    }


def _plain(value: Any, shown: str) -> str | None:
    """openpyxl's value as text, and zeros as Excel shows them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, int) and shown in ("00", "00000"):
        return str(value).zfill(len(shown))
    if isinstance(value, int) and shown == '000"-"000':
        padded = str(value).zfill(6)
        return f"{padded[:-3]}-{padded[-3:]}"
    return value if value is None or isinstance(value, str) else f"{value}"


def tables() -> None:
    openpyxl = _library("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Padi"
    for row in TABLE:
        sheet.append(row)
    for first, left, last, right in MERGED:
        sheet.merge_cells(start_row=first, start_column=left, end_row=last, end_column=right)
    book.save(FOLDER / "tabel.xlsx")
    _xls()
    _ods()


def _xls() -> None:
    xlwt = _library("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Padi")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    merged = {(first - 1, left - 1): (last - 1, right - 1) for first, left, last, right in MERGED}
    for row, values in enumerate(TABLE):
        for column, value in enumerate(values):
            if value is None:
                continue
            if (row, column) in merged:
                last, right = merged[row, column]
                sheet.write_merge(row, last, column, right, value)
            elif isinstance(value, datetime.date):
                sheet.write(row, column, value, day)
            else:
                sheet.write(row, column, value)
    book.save(str(FOLDER / "tabel.xls"))


def _ods() -> None:
    odf, text = _library("odf.table"), _library("odf.text")
    document = _library("odf.opendocument").OpenDocumentSpreadsheet()
    table = odf.Table(name="Padi")
    spans = {(first - 1, left - 1): (last - first + 1, right - left + 1) for first, left, last, right in MERGED}
    covered = {
        (row, column)
        for (top, left), (rows, columns) in spans.items()
        for row in range(top, top + rows)
        for column in range(left, left + columns)
    } - set(spans)
    for row, values in enumerate(TABLE):
        line = odf.TableRow()
        for column, value in enumerate(values):
            if (row, column) in covered:
                line.addElement(odf.CoveredTableCell())
                continue
            rows, columns = spans.get((row, column), (1, 1))
            span = {"numberrowsspanned": rows, "numbercolumnsspanned": columns} if (rows, columns) != (1, 1) else {}
            if value is None:
                cell = odf.TableCell(**span)
            elif isinstance(value, datetime.date):
                cell = odf.TableCell(valuetype="date", datevalue=value.isoformat(), **span)
            elif isinstance(value, str):
                cell = odf.TableCell(valuetype="string", **span)
                cell.addElement(text.P(text=value))
            else:
                cell = odf.TableCell(valuetype="float", value=value, **span)
                cell.addElement(text.P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(FOLDER / "tabel.ods"))


if __name__ == "__main__":
    grids()
    tables()
