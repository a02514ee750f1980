"""Write small workbooks by hand, so that the tests decide every byte of them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

Cell = str | int | float | None


def letters(column: int) -> str:
    """``0`` → ``A``, ``26`` → ``AA``."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def sheet_xml(rows: Sequence[Sequence[Cell]], first_row: int = 1, first_column: int = 0, extra: str = "") -> str:
    """The XML of a sheet whose cells start at the given place."""
    lines: list[str] = []
    for number, row in enumerate(rows, start=first_row):
        cells: list[str] = []
        for column, value in enumerate(row, start=first_column):
            place = f"{letters(column)}{number}"
            if value is None or value == "":
                continue
            if isinstance(value, str):
                cells.append(f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>')
            else:
                cells.append(f'<c r="{place}"><v>{value}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{''.join(lines)}</sheetData>{extra}</worksheet>"
    )


def sheet_of(sheet: Any) -> str:
    """The XML of a sheet as a case describes it: rows, or a mapping with ``rows`` and what else the sheet says.

    ``first_row``, ``first_column``; ``merged`` areas; ``hidden_rows`` (numbers), ``hidden_columns`` (positions);
    ``replace``: texts of the XML put in place of others (a style, an error, a formula).
    """
    if isinstance(sheet, list):
        return sheet_xml(sheet)
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.get("merged", ()))
    extra = f"<mergeCells>{areas}</mergeCells>" if areas else ""
    xml = sheet_xml(sheet["rows"], sheet.get("first_row", 1), sheet.get("first_column", 0), extra)
    for number in sheet.get("hidden_rows", ()):
        xml = xml.replace(f'<row r="{number}">', f'<row r="{number}" hidden="1">')
    columns = "".join(f'<col min="{n}" max="{n}" width="9" hidden="1"/>' for n in sheet.get("hidden_columns", ()))
    if columns:
        xml = xml.replace("<sheetData>", f"<cols>{columns}</cols><sheetData>")
    for before, after in sheet.get("replace", {}).items():
        assert before in xml, before
        xml = xml.replace(before, after)
    return xml


def write_xlsx(path: Path, sheets: Mapping[str, str], hidden: Sequence[str] = (), styles: str | None = None) -> Path:
    """Write a workbook of sheets given as XML (see :func:`sheet_xml`), and its styles."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for number, name in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{relation}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>',
        )
        if styles is not None:
            archive.writestr("xl/styles.xml", styles)
        for number, xml in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", xml)
    return path
