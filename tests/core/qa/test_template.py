"""A template made from a data dictionary: what is in it, and that a file made from it passes the check."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.dictionary import Column
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import REGIONS, Lists
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.table import Unreadable, read
from ckanext.satudata.core.qa.template import choices
from ckanext.satudata.core.qa.template.workbook import write_template
from ckanext.satudata.core.reference.codelist import Entry, code_list

from .regions import regions

COLUMNS = (
    Column("kode_kecamatan", "Kode kecamatan", list=REGIONS, edition="contoh", required=True, key=True),
    Column("kecamatan", "Kecamatan", required=True),
    Column("tahun", "Tahun", type="year", required=True, key=True, minimum=2019),
    Column("kelas", "Kelas", values=("Pemerintah", "Swasta")),
    Column("satuan_data", "Satuan", list="satuan"),
    Column("jumlah", "Jumlah puskesmas", type="integer", unit="Unit", minimum=0, maximum=500, required=True),
    Column("persen_aktif", "Persen aktif", type="number", unit="Persen", missing=("tt",)),
    Column("diperiksa", "Tanggal periksa", type="date"),
    Column("aktif", "Masih aktif", type="boolean"),
)
ROWS: list[list[Any]] = [
    ["32.04.05", "Cileunyi", 2024, "Swasta", "Unit", 4, 12.5, "2024-03-01", "Ya"],
    ["32.04.10", "Margaasih", 2024, "Pemerintah", "Unit", 2, "tt", "2024-03-02", "Tidak"],
    ["32.04.32", "Baleendah", 2024, "Swasta", "Unit", 7, 30, "2024-03-09", "Ya"],
]


def lists() -> Lists:
    known = Lists([regions()])
    known.add_rulebook(checklist.RULEBOOK)
    return known


def made(columns: Sequence[Column] = COLUMNS, **more: Any) -> bytes:
    return write_template(columns, lists(), name="Puskesmas per kecamatan", **more)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(folder: Path, rows: Sequence[Sequence[Any]], content: bytes | None = None) -> Path:
    """The template with rows typed into it, saved by another program."""
    book = opened(made() if content is None else content)
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            book["Data"].cell(number, place).value = value
    path = folder / "isian.xlsx"
    book.save(path)
    return path


def judged(path: Path) -> Report:
    return judge(read(path), COLUMNS, lists(), checklist.load(None))


def validations(sheet: Any) -> dict[str, Any]:
    """By the letter of the column."""
    return {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in sheet.data_validations.dataValidation}


def test_a_file_made_from_it_passes(tmp_path: Path) -> None:
    report = judged(filled(tmp_path, ROWS))
    assert [(one.check, one.variant) for one in report.findings if one.severity in ("error", "warning")] == []
    assert [(table["name"], table["rows"]) for table in report.tables] == [("Data", 3)]


def test_what_is_filled_in_wrongly_is_found_all_the_same(tmp_path: Path) -> None:
    rows = [[*ROWS[0][:5], 501, *ROWS[0][6:]], ["32.04.99", *ROWS[1][1:]]]
    found = {(one.check, one.column) for one in judged(filled(tmp_path, rows)).findings if one.severity == "error"}
    assert found == {("IS-40", "jumlah"), ("KR-01", "kode_kecamatan")}


def test_instructions_and_lists_are_no_tables(tmp_path: Path) -> None:
    source = read(filled(tmp_path, ROWS))
    assert [table.name for table in source.tables] == ["Data"]
    assert source.facts["sheets_of_template"] == ["Petunjuk", "_daftar", "_kamus"]
    assert source.facts["sheets_without_table"] == []


@pytest.mark.parametrize("sheet", ["Petunjuk", "_daftar", "_kamus"])
def test_a_sheet_somebody_wrote_into_is_judged_again(sheet: str, tmp_path: Path) -> None:
    book = opened(filled(tmp_path, ROWS).read_bytes())
    for number in range(1, 6):
        book[sheet].cell(200 + number, 1).value = f"Budi {number}"
        book[sheet].cell(200 + number, 2).value = 3204050101900000 + number
    book.save(tmp_path / "lain.xlsx")
    source = read(tmp_path / "lain.xlsx")
    assert sheet not in source.facts["sheets_of_template"]
    assert any(table.name.startswith(sheet) for table in source.tables)


def test_an_empty_template_holds_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "kosong.xlsx"
    path.write_bytes(made())
    with pytest.raises(Unreadable) as raised:
        read(path)
    assert raised.value.code == "no_rows"


def test_headers_are_those_of_the_dictionary_and_the_first_row() -> None:
    data = opened(made())["Data"]
    assert [cell.value for cell in data[1]] == [column.name for column in COLUMNS]
    assert data.max_row == 1


def test_lists_are_offered_as_drop_down_lists() -> None:
    book = opened(made())
    rules = validations(book["Data"])
    for letter, offered in (
        ("A", [entry.code for entry in regions() if entry.code.count(".") == 2]),
        ("D", ["Pemerintah", "Swasta"]),
        ("I", ["Ya", "Tidak"]),
    ):
        assert rules[letter].type == "list"
        sheet, cells = str(rules[letter].formula1).split("!")
        assert sheet.strip("'") == "_daftar"
        assert [cell.value for (cell,) in book["_daftar"][cells.replace("$", "")]] == offered
    assert book["_daftar"].sheet_state == "hidden"


def test_names_are_offered_where_the_header_does_not_speak_of_codes() -> None:
    offer = choices.choices(COLUMNS[4], lists())
    assert offer is not None
    assert "Orang" in offer.offered
    assert "orang" in offer.beside


def test_bounds_and_types_are_rules_of_their_cells() -> None:
    rules = validations(opened(made())["Data"])
    assert (rules["C"].type, float(rules["C"].formula1), float(rules["C"].formula2)) == ("whole", 2019, 2099)
    assert (rules["F"].type, float(rules["F"].formula1), float(rules["F"].formula2)) == ("whole", 0, 500)
    assert (rules["G"].type, rules["G"].errorStyle) == ("decimal", "warning")
    assert rules["H"].type == "date"
    assert not rules["F"].allowBlank
    assert rules["I"].allowBlank


def test_codes_are_kept_as_text() -> None:
    data = opened(made())["Data"]
    formats = [data.column_dimensions[letter].number_format for letter in "ABDEI"]
    assert formats == ["@"] * 5
    assert data.column_dimensions["H"].number_format == "yyyy-mm-dd"


def test_required_cells_turn_yellow() -> None:
    data = opened(made())["Data"]
    assert sorted(str(one.sqref).split(":")[0] for one in data.conditional_formatting) == ["A2", "B2", "C2", "F2"]


def test_the_instructions_say_what_each_column_is() -> None:
    rows = [[cell or "" for cell in row] for row in opened(made())["Petunjuk"].iter_rows(values_only=True)]
    described = {row[0]: row for row in reversed(rows) if row[0] in {column.name for column in COLUMNS}}
    assert described["jumlah"][1:6] == [
        "Jumlah puskesmas",
        "bilangan bulat",
        "Unit",
        "ya",
        "paling kecil 0; paling besar 500",
    ]
    assert described["persen_aktif"][5] == "tanda untuk nilai yang tidak ada: tt"
    assert described["kode_kecamatan"][7] == "Kode wilayah Kemendagri, edisi contoh"
    assert described["kelas"][2] == "salah satu dari: Pemerintah, Swasta"
    assert ["32.04.05", "Cileunyi"] in [row[:2] for row in rows]


def test_the_example_stands_among_the_instructions_only() -> None:
    rows = list(opened(made())["Petunjuk"].iter_rows(values_only=True))
    names = rows.index(next(row for row in rows if row[:2] == ("kode_kecamatan", "kecamatan")))
    assert rows[names + 1][:4] == ("32.04.05", "…", "2025", "Pemerintah")


def test_regions_outside_of_what_the_data_cover_are_not_offered() -> None:
    offer = choices.choices(COLUMNS[0], lists(), ["11"])
    assert offer is not None
    assert offer.offered == ()
    kabupaten = choices.choices(Column("kode_kabupaten", list=REGIONS), lists(), ["11"])
    assert kabupaten is not None
    assert kabupaten.offered == ("11.01", "11.02")


def test_thousands_of_codes_fit_and_beyond_a_limit_the_sheet_says_so() -> None:
    entries = [Entry(f"{number:06}", f"Nama {number}") for number in range(choices.MOST_CHOICES)]
    column = Column("kode_barang", list="barang")
    many = Lists([code_list("barang", "Barang", "2025", entries)])
    offer = choices.choices(column, many)
    assert offer is not None
    assert len(offer.offered) == choices.MOST_CHOICES
    more = Lists([code_list("barang", "Barang", "2025", [*entries, Entry("x", "y")])])
    book = opened(write_template([column], more, name="x"))
    assert validations(book["Data"])["A"].type in (None, "none")
    assert any("terlalu banyak" in str(cell.value) for row in book["Petunjuk"].iter_rows() for cell in row)
    assert "_daftar" not in book.sheetnames


def test_words_of_people_are_never_formulas_or_links() -> None:
    nasty = (
        Column("=1+1", '=HYPERLINK("http://x")', description="http://x.example/", values=("=cmd|x", "@x")),
        Column("a\x00b\x0b_x0041_", "<script>", description="x" * 2000, pattern="[<&>]"),
    )
    content = made(nasty)
    book = opened(content)
    assert [cell.value for cell in book["Data"][1]] == ["=1+1", "ab0041_"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_it_is_the_same_file_every_time() -> None:
    assert made() == made()


def test_it_speaks_english_too() -> None:
    book = opened(made(language="en"))
    assert book["Petunjuk"]["A1"].value == "How to fill in: Puskesmas per kecamatan"
