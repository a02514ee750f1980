"""Spreadsheets: the cells, rows and columns their program shows, and what it hides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine

from ckanext.satudata.core.qa.table import Limits, Table, read
from ckanext.satudata.core.qa.table.sheet_xml import SheetDetails, place_of, sheet_details
from ckanext.satudata.core.qa.table.workbook import read_sheet

from .xlsx import sheet_xml, write_xlsx

FILES = Path(__file__).parent / "files"
GRIDS: dict[str, Any] = json.loads((FILES / "grids.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def details() -> dict[str, SheetDetails]:
    return sheet_details(FILES / "grids.xlsx")


@pytest.mark.parametrize("name", GRIDS)
def test_cells_and_their_places_are_those_of_openpyxl(name: str, details: dict[str, SheetDetails]) -> None:
    book = calamine.load_workbook(str(FILES / "grids.xlsx"))
    sheet = read_sheet(book.get_sheet_by_name(name), details[name], Limits())
    assert sheet is not None
    ours = {
        (sheet.top + row + 1, sheet.left + column): text
        for column, texts in enumerate(sheet.columns)
        for row, text in enumerate(texts)
        if text
    }
    assert ours == {place_of(place): text for place, text in GRIDS[name]["cells"].items()}


def test_hidden_rows_and_columns_are_those_of_openpyxl(details: dict[str, SheetDetails]) -> None:
    for name, known in GRIDS.items():
        rows = [row for first, last in details[name].hidden_rows for row in range(first, last + 1)]
        columns = [column + 1 for first, last in details[name].hidden_columns for column in range(first, last + 1)]
        assert (name, rows, columns) == (name, known["hidden_rows"], known["hidden_columns"])
    assert sum(len(known["hidden_rows"]) for known in GRIDS.values()) > 20


def test_formulas_without_a_result_are_known(details: dict[str, SheetDetails]) -> None:
    assert sum(len(found.without_result) for found in details.values()) > 50


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_the_same_table_in_every_format(kind: str) -> None:
    source = read(FILES / f"tabel.{kind}")
    table = source.tables[0]
    assert source.kind == kind
    assert (table.name, table.header) == ("Padi", ("Kecamatan", "Luas", "Produksi", "Tanggal", "Kode"))
    assert [column.levels for column in table.columns[1:3]] == [("Padi", "Luas"), ("Padi", "Produksi")]
    assert [column.unit for column in table.columns] == ["", "Ha", "Ton", "", ""]
    assert [column.position for column in table.columns] == [2, 3, 4, 5, 6]
    assert table.rows.rows() == [
        (7, "Arjasari", "120", "650.5", "2023-01-31", "0101"),
        (8, "Baleendah", "98.25", "512", "2023-02-28", "0102"),
        (10, "Ciparay", "210", "1240.75", "2023-03-31", "0103"),
    ]
    assert [(line.kind, line.first) for line in table.outside if line.kind != "blank"] == [
        ("title", 1),
        ("units", 5),
        ("column_numbers", 6),
        ("total", 11),
        ("note", 12),
    ]


@pytest.mark.parametrize(("kind", "seen"), [("xlsx", True), ("xls", False), ("ods", False)])
def test_whether_hidden_rows_can_be_seen_is_said(kind: str, seen: bool) -> None:
    sheet = read(FILES / f"tabel.{kind}").tables[0].sheet
    assert sheet is not None
    assert sheet.seen is seen


HEAD = [["Kode", "Nama", "Jumlah"]]
DATA = [[32, "Ciparay", 5], [7, "Pacet", 1234567.5], [105, "Ibun", 7]]
STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>'
    '<numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="#,##0"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def table_of(tmp_path: Path, xml: str, styles: str | None = None) -> Table:
    return read(write_xlsx(tmp_path / "t.xlsx", {"S": xml}, styles=styles)).tables[0]


def test_zeros_by_format_are_written_and_thousands_marks_are_not(tmp_path: Path) -> None:
    xml = sheet_xml(HEAD + DATA)
    for row in (2, 3, 4):
        xml = xml.replace(f'r="A{row}"', f'r="A{row}" s="1"').replace(f'r="C{row}"', f'r="C{row}" s="2"')
    table = table_of(tmp_path, xml, STYLES)
    assert table.rows["c1"].to_list() == ["00032", "00007", "00105"]
    assert table.rows["c3"].to_list() == ["5", "1234567.5", "7"]
    assert table.sheet is not None
    assert table.sheet.codes == ((1, "00000", 2),)


def test_a_sheet_written_in_another_way_is_read_the_same(tmp_path: Path) -> None:
    xml = sheet_xml(HEAD + DATA).replace('<row r="3">', '<row r="3" hidden="true">')
    xml = xml.replace('<c r="C4"><v>7</v></c>', '<c r="C4" t="e"><v>#REF!</v></c>')
    odd = xml.replace("<c ", "\n  <c ").replace('hidden="true"', "hidden = 'true'").replace('t="e"', "t = 'e'")
    odd = odd.replace("</c>", "\n</c>")
    plain, other = table_of(tmp_path, xml), table_of(tmp_path, odd)
    assert plain.rows["c3"].to_list() == ["5", "1234567.5", "#REF!"]
    assert plain.rows.equals(other.rows)
    assert plain.sheet is not None
    assert plain.sheet == other.sheet
    assert plain.sheet.hidden_rows == ((3, 3),)


def test_a_row_or_column_of_no_size_is_hidden(tmp_path: Path) -> None:
    xml = sheet_xml(HEAD + DATA).replace('<row r="3">', '<row r="3" ht="0" customHeight="1">')
    xml = xml.replace("<sheetData>", '<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>')
    sheet = table_of(tmp_path, xml).sheet
    assert sheet is not None
    assert (sheet.hidden_rows, sheet.hidden_columns) == (((3, 3),), (2,))


def test_words_merged_downwards_stand_in_every_row_and_figures_in_the_first(tmp_path: Path) -> None:
    rows = [["Kecamatan", "Desa", "Luas"], ["Ciparay", "A", 5], [None, "B", None], ["Pacet", "C", 7]]
    merged = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="C2:C3"/></mergeCells>'
    table = table_of(tmp_path, sheet_xml(rows, extra=merged))
    assert table.rows.rows() == [(2, "Ciparay", "A", "5"), (3, "Ciparay", "B", ""), (4, "Pacet", "C", "7")]
    assert table.sheet is not None
    assert [(one.position, one.first, one.last, one.repeated) for one in table.sheet.merged_data] == [
        (1, 2, 3, True),
        (3, 2, 3, False),
    ]


def test_a_header_of_three_lines_with_merged_cells(tmp_path: Path) -> None:
    rows = [
        ["No", "Kecamatan", "Penduduk", None, None, None],
        [None, None, "Laki-laki", None, "Perempuan", None],
        [None, None, "WNI", "WNA", "WNI", "WNA"],
        [1, "Ciparay", 10, 1, 12, 2],
        [2, "Pacet", 11, 0, 13, 1],
    ]
    areas = ("A1:A3", "B1:B3", "C1:F1", "C2:D2", "E2:F2")
    merged = "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"
    told = table_of(tmp_path, sheet_xml(rows, extra=merged))
    guessed = table_of(tmp_path, sheet_xml(rows))
    names = (
        *("No", "Kecamatan", "Penduduk Laki-laki WNI", "Penduduk Laki-laki WNA"),
        *("Penduduk Perempuan WNI", "Penduduk Perempuan WNA"),
    )
    assert (told.header, told.header_rows) == (names, (1, 3))
    assert (guessed.header, guessed.header_rows) == (names, (1, 3))


def test_a_declared_entity_is_never_followed(tmp_path: Path) -> None:
    from ckanext.satudata.core.qa.table import Unreadable

    xml = sheet_xml(HEAD + DATA).replace(
        "<worksheet", '<!DOCTYPE x [<!ENTITY rahasia SYSTEM "file:///etc/hostname">]><worksheet', 1
    )
    path = write_xlsx(tmp_path / "t.xlsx", {"S": xml.replace("Ciparay", "&rahasia;")})
    with pytest.raises(Unreadable):
        read(path)
