"""The mended workbook: its changed cells, and every other byte of its parts as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ckanext.satudata.core.qa.mending.refusing import RefusedError
from ckanext.satudata.core.qa.table import read
from tests.core.qa.mending.bench import Bench, lists
from tests.core.qa.xlsx import sheet_of, write_xlsx

ROWS = [
    ["kecamatan", "tahun", "nilai"],
    ["Cileunyi ", 2024, "1.234.567"],
    ["Arjasari", 2024, "12.345"],
    ["Banjaran", 2024, 981],
]
TOTALS = [*ROWS[:1], ["(1)", "(2)", "(3)"], *ROWS[1:], ["JUMLAH", None, 7]]


def book(folder: Path, sheet: object, **others: str) -> Bench:
    path = write_xlsx(folder / "buku.xlsx", {"Data": sheet_of(sheet), **others})
    return Bench(path, folder / "work", lists())


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_texts_and_numbers_are_written(tmp_path: Path) -> None:
    done = book(tmp_path, ROWS).mend(["blanks", "thousands"])
    cells = [list(row[1:]) for row in read(done.path).tables[0].rows.iter_rows()]
    assert cells == [["Cileunyi", "2024", "1234567"], ["Arjasari", "2024", "12345"], ["Banjaran", "2024", "981"]]
    assert b'<c r="C2"><v>1234567</v></c>' in parts(done.path)["xl/worksheets/sheet1.xml"]


def test_a_cell_keeps_its_style(tmp_path: Path) -> None:
    sheet = {"rows": ROWS, "replace": {'<c r="A2" t=': '<c r="A2" s="4" t='}}
    done = book(tmp_path, sheet).mend(["blanks"])
    assert b'<c r="A2" s="4" t="inlineStr"' in parts(done.path)["xl/worksheets/sheet1.xml"]


def test_everything_else_stays_byte_for_byte(tmp_path: Path) -> None:
    bench = book(tmp_path, ROWS, Catatan=sheet_of([["bebas ", "x"]]))
    before, after = parts(bench.path), parts(bench.mend(["blanks"]).path)
    changed = "xl/worksheets/sheet1.xml"
    assert {name for name in before if before[name] != after[name]} == {changed}
    assert after[changed] == before[changed].replace(b">Cileunyi <", b">Cileunyi<")


def test_lines_that_go_let_the_others_move_up(tmp_path: Path) -> None:
    done = book(tmp_path, {"rows": TOTALS, "merged": ["A6:B6"]}).mend(["numbering", "totals"])
    table = read(done.path).tables[0]
    assert (table.header_rows, table.first_row, table.last_row, table.outside) == ((1, 1), 2, 4, ())
    assert b"mergeCell" not in parts(done.path)["xl/worksheets/sheet1.xml"]


def test_merged_cells_move_with_their_lines(tmp_path: Path) -> None:
    rows = [*TOTALS[:3], ["Arjasari", 2024, 5], [None, 2025, 6], ["Banjaran", 2024, 981]]
    done = book(tmp_path, {"rows": rows, "merged": ["A4:A5"]}).mend(["numbering"])
    assert b'ref="A3:A4"' in parts(done.path)["xl/worksheets/sheet1.xml"]


def test_a_formula_is_never_touched(tmp_path: Path) -> None:
    formula = '<c r="A2" t="str"><f>B9&amp;" "</f><v>Cileunyi </v></c><c r="E2" t="inlineStr">'
    bench = book(tmp_path, {"rows": ROWS, "replace": {'<c r="A2" t="inlineStr">': formula}})
    assert "blanks" not in bench.kinds()


def test_lines_beside_formulas_go_in_a_csv_only(tmp_path: Path) -> None:
    sheet = {"rows": TOTALS, "replace": {'<c r="C5"><v>981</v>': '<c r="C5"><f>B5*2</f><v>981</v>'}}
    bench = book(tmp_path, sheet)
    assert bench.plan.only_csv == {"numbering", "totals"}
    with pytest.raises(RefusedError, match="only_csv"):
        bench.mend(["totals"])
    done = bench.mend(["totals"], as_csv=True)
    assert done.answer["name"] == "buku.csv"
    assert done.text().splitlines()[-1] == "Banjaran,2024,981"


def test_a_total_with_its_formula_can_go(tmp_path: Path) -> None:
    sheet = {"rows": TOTALS, "replace": {'<c r="C6"><v>7</v>': '<c r="C6"><f>SUM(C3:C5)</f><v>7</v>'}}
    bench = book(tmp_path, sheet)
    assert "totals" not in bench.plan.only_csv
    assert b"<f>" not in parts(bench.mend(["totals"]).path)["xl/worksheets/sheet1.xml"]


def test_the_zeros_that_only_a_format_shows_are_stored(tmp_path: Path) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/></numFmts>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    rows = [["kode_pos", "tahun"], [321, 2024], [45, 2024], [12345, 2024]]
    xml = sheet_of(rows)
    for row in (2, 3, 4):
        xml = xml.replace(f'<c r="A{row}">', f'<c r="A{row}" s="1">')
    path = write_xlsx(tmp_path / "buku.xlsx", {"Data": xml}, styles=styles)
    bench = Bench(path, tmp_path / "work", lists())
    assert [change[2:] for change in bench.changes("codes")] == [("321", "00321"), ("45", "00045")]
    done = bench.mend(["codes"])
    assert b">00321</t>" in parts(done.path)["xl/worksheets/sheet1.xml"]
    assert not [one for one in done.again.report.findings if one.check == "BT-11"]


def test_prefixed_and_unplaced_cells_are_found(tmp_path: Path) -> None:
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        + "".join(
            "<x:row>" + "".join(f"<x:c t='inlineStr'><x:is><x:t>{cell}</x:t></x:is></x:c>" for cell in row) + "</x:row>"
            for row in (["nama", "tahun"], ["Desa  A", "2024"], ["Desa B", "2023"], ["Desa C", "2022"])
        )
        + "</x:sheetData></x:worksheet>"
    )
    bench = Bench(write_xlsx(tmp_path / "buku.xlsx", {"Data": xml}), tmp_path / "work", lists())
    done = bench.mend(["blanks"])
    assert [row[1] for row in read(done.path).tables[0].rows.iter_rows()] == ["Desa A", "Desa B", "Desa C"]


def test_a_signed_workbook_is_mended_as_csv_only(tmp_path: Path) -> None:
    bench = book(tmp_path, ROWS)
    with zipfile.ZipFile(bench.path, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<x/>")
    assert bench.plan.to == "csv"
    assert bench.mend(["blanks"], as_csv=True).text().splitlines()[1] == "Cileunyi,2024,1.234.567"
