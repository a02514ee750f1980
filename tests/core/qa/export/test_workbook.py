"""The workbook, opened by another library: what is coloured, what is explained, what was left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.satudata.core.qa.export.workbook import COLOURS, Bounds, write_workbook
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.core.qa.table import read
from tests.core.qa.export.judging import EVIL, FAULTY, PERSONS, Case, judged


def opened(tmp_path: Path, case: Case, **how: Any) -> Any:
    target = tmp_path / "laporan.xlsx"
    write_workbook(case.report, target, cells=how.pop("cells", case.cells), **how)
    return openpyxl.load_workbook(target)


def colour(cell: Any) -> str:
    return f"#{cell.fill.fgColor.rgb[2:]}" if cell.fill.fill_type == "solid" else ""


def said(sheet: Worksheet) -> str:
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


def test_the_table_stands_as_in_the_file_with_its_row_numbers(tmp_path: Path) -> None:
    table = opened(tmp_path, judged("Judul\n\n" + FAULTY))["Tabel"]
    rows = list(table.iter_rows(values_only=True))
    assert rows[0] == ("Baris", "Kode Wilayah", "Wilayah", "Jumlah Rumah (unit)")
    assert rows[1] == (4, "32.04.16", "Arjasari", "1.474")
    assert [row[0] for row in rows[1:]] == [4, 5, 6, 7]


def test_a_wrong_cell_is_coloured_by_severity_and_explained(tmp_path: Path) -> None:
    table = opened(tmp_path, judged(FAULTY))["Tabel"]
    wrong, right = table["D2"], table["D3"]
    assert colour(wrong) == COLOURS["error"]
    assert "Usulan: 1474" in wrong.comment.text
    assert "Titik dipakai sebagai pemisah ribuan" in wrong.comment.text
    assert (colour(right), right.comment) == ("", None)


def test_a_finding_about_whole_rows_marks_the_row_number(tmp_path: Path) -> None:
    table = opened(tmp_path, judged(FAULTY))["Tabel"]
    assert colour(table["A5"]) == COLOURS["error"]
    assert table["A5"].comment is not None


def test_findings_have_words_and_lead_to_their_cell(tmp_path: Path) -> None:
    case = judged(FAULTY)
    sheet = opened(tmp_path, case)["Temuan"]
    assert sheet.max_row == len(case.report.findings) + 1
    number = next(place for place, one in enumerate(case.report.findings, 1) if one.check == "IS-04")
    row = sheet[number + 1]
    assert (row[0].value, row[1].value, row[6].value) == (number, "Harus diperbaiki", "Jumlah Rumah (unit)")
    assert (row[7].hyperlink.location, row[9].value, row[10].value) == ("'Tabel'!D2", "1.474", "1474")


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path) -> None:
    book = opened(tmp_path, judged(EVIL))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    evil = [cell for cell in book["Tabel"]["B"] + book["Tabel"]["C"] if str(cell.value).startswith(("=", "+", "@"))]
    assert len(evil) == 3
    # The apostrophe only the spreadsheet sees: it stays text when it is saved as CSV and opened again.
    assert all(cell.quotePrefix for cell in evil)
    assert not [cell for cell in book["Tabel"]["B"] if cell.hyperlink]
    with ZipFile(tmp_path / "laporan.xlsx") as inside:
        assert not [name for name in inside.namelist() if "externalLink" in name or "macro" in name.lower()]


def test_control_characters_are_shown_not_written(tmp_path: Path) -> None:
    table = opened(tmp_path, judged(EVIL))["Tabel"]
    assert table["C4"].value == "␇�abc"
    assert unescape(table["B5"].value) == "_x000D_"
    assert table["C5"].value == "a\nb"


def test_nobody_is_recognised(tmp_path: Path) -> None:
    opened(tmp_path, judged(PERSONS))
    with ZipFile(tmp_path / "laporan.xlsx") as inside:
        text = "".join(inside.read(name).decode("utf-8", "replace") for name in inside.namelist())
    assert "3299************" in text
    assert not any(secret in text for secret in ("3299990101900001", "Budi Santoso", "Lestari"))


def test_how_to_read_names_file_rules_and_moment(tmp_path: Path) -> None:
    case = judged(FAULTY)
    text = said(opened(tmp_path, case, checked_at="1 Maret 2026 08.00")["Cara membaca"])
    for word in ("tabel.csv", case.report.rule_version, str(case.report.file["sha256"]), "1 Maret 2026 08.00"):
        assert word in text
    assert "Yang tidak dimuat" not in text


@pytest.mark.parametrize(
    ("bounds", "left_out"),
    [
        (Bounds(cells=120), "40 dari 600 baris dimuat"),
        (Bounds(comments=3), "3 dari 60 sel berwarna mempunyai komentar"),
        (Bounds(comments_each=2), "2 dari 60 sel berwarna mempunyai komentar"),
    ],
)
def test_what_is_left_out_is_said(tmp_path: Path, bounds: Bounds, left_out: str) -> None:
    table = "kecamatan,tahun,unit\n" + "".join(f"Nama {n},2024,{'x' if n % 10 == 9 else n}\n" for n in range(600))
    case = judged(table, dictionary={"kecamatan": {}, "tahun": {"tipe": "year"}, "unit": {"tipe": "integer"}})
    only = [finding for finding in case.report.findings if finding.check == "IS-02"]
    book = opened(tmp_path, _with(case, only), bounds=bounds)
    assert left_out in said(book["Cara membaca"])


def test_of_a_large_table_the_marked_rows_are_shown(tmp_path: Path) -> None:
    table = "kecamatan,tahun,unit\n" + "".join(f"Nama {n},2024,{'x' if n == 500 else n}\n" for n in range(600))
    case = judged(table, dictionary={"kecamatan": {}, "tahun": {"tipe": "year"}, "unit": {"tipe": "integer"}})
    only = [finding for finding in case.report.findings if finding.check == "IS-02"]
    sheet = opened(tmp_path, _with(case, only), bounds=Bounds(cells=120))["Tabel"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [500, 501, 502, 503, 504]
    assert colour(sheet["D4"]) == COLOURS["error"]


def test_without_cells_there_is_no_table_and_it_is_said(tmp_path: Path) -> None:
    book = opened(tmp_path, judged(FAULTY), cells=None)
    assert book.sheetnames == ["Temuan", "Cara membaca"]
    assert "Isi tabel tidak dimuat" in said(book["Cara membaca"])


def test_an_unreadable_file_has_its_reason(tmp_path: Path) -> None:
    case = judged("%PDF-1.4")
    assert "PDF" in said(opened(tmp_path, case, cells=None)["Temuan"])


def test_english(tmp_path: Path) -> None:
    book = opened(tmp_path, judged(FAULTY), language="en")
    assert book.sheetnames == ["Findings", "Table", "How to read"]


def test_our_own_reader_reads_it(tmp_path: Path) -> None:
    opened(tmp_path, judged(FAULTY))
    source = read(tmp_path / "laporan.xlsx")
    assert {"Temuan", "Tabel", "Cara membaca"} == {table.name for table in source.tables}


def _with(case: Case, findings: list[Finding]) -> Case:
    return replace(case, report=replace(case.report, findings=tuple(findings)))
