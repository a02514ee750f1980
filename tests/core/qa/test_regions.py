"""Several tables on one sheet, and single tables that only look like several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.table import Table, read

from .xlsx import sheet_of, write_xlsx


def tables_of(tmp_path: Path, sheet: Any) -> list[Table]:
    return list(read(write_xlsx(tmp_path / "t.xlsx", {"S": sheet_of(sheet)})).tables)


def shape(table: Table) -> tuple[str, tuple[str, ...], list[int], list[int]]:
    return (
        table.name,
        table.header,
        [column.position for column in table.columns],
        table.rows["_row"].to_list(),
    )


def test_side_by_side_and_below_each_other(tmp_path: Path) -> None:
    rows = [
        ["Tabel 1", None, None, None, "Tabel 2", None],
        ["Kecamatan", "Luas", "Desa", None, "Kecamatan", "Penduduk"],
        ["Ciparay", 5, 14, None, "Ciparay", 1200],
        ["Pacet", 6, 13, None, "Pacet", 1300],
        [None, None, None, None, "Ibun", 1100],
        [],
        ["Tabel 3"],
        ["Tahun", "Luas"],
        [2021, 5.5],
        [2022, 5.25],
    ]
    tables = tables_of(tmp_path, {"rows": rows, "first_row": 3, "first_column": 1})
    assert [shape(table) for table in tables] == [
        ("S", ("Kecamatan", "Luas", "Desa"), [2, 3, 4], [5, 6]),
        ("S [2]", ("Tahun", "Luas"), [2, 3], [11, 12]),
        ("S [3]", ("Kecamatan", "Penduduk"), [6, 7], [5, 6, 7]),
    ]
    assert [[line.text for line in table.lines_left_out("title")] for table in tables] == [
        ["Tabel 1"],
        ["Tabel 3"],
        ["Tabel 2"],
    ]


def test_the_same_header_under_a_title_of_its_own_begins_a_table(tmp_path: Path) -> None:
    rows = [
        ["Tabel 2021"],
        ["Kecamatan", "Luas"],
        ["Ciparay", 5],
        [],
        ["Tabel 2022"],
        ["Kecamatan", "Luas"],
        ["Ciparay", 6],
    ]
    assert [shape(table)[0::3] for table in tables_of(tmp_path, rows)] == [("S", [3]), ("S [2]", [7])]


def test_the_same_header_on_the_next_printed_page_does_not(tmp_path: Path) -> None:
    rows = [
        ["Tabel 2021"],
        ["Kecamatan", "Luas"],
        ["Ciparay", 5],
        [],
        ["Lanjutan Tabel 2021"],
        ["Kecamatan", "Luas"],
        ["Pacet", 6],
    ]
    tables = tables_of(tmp_path, rows)
    assert len(tables) == 1
    assert tables[0].rows["_row"].to_list() == [3, 7]
    assert [line.first for line in tables[0].lines_left_out("repeated_header")] == [5, 6]


def test_years_over_figures_begin_a_table_and_figures_like_years_do_not(tmp_path: Path) -> None:
    header = [["Uraian", "Nilai", "Lain"], ["Beras", 12, 5], ["Jagung", 14, 6]]
    years = [*header, [], ["Uraian", 2021, 2022], ["Beras", 3, 4], ["Jagung", 5, 6]]
    values = [*header, [], ["Kedelai", 2010, 1950], ["Padi", 3, 4]]
    assert len(tables_of(tmp_path, years)) == 2
    assert len(tables_of(tmp_path, values)) == 1


def test_a_column_far_to_the_right_belongs_to_the_table_if_it_has_a_header(tmp_path: Path) -> None:
    rows = [["Kecamatan", "Luas", None, "Keterangan"], ["Ciparay", 5, None, "lama"], ["Pacet", 6]]
    tables = tables_of(tmp_path, rows)
    assert [shape(table)[1] for table in tables] == [("Kecamatan", "Luas", "Keterangan")]
    assert [(line.first, line.last) for line in tables[0].lines_left_out("empty_column")] == [(3, 3)]


def test_blank_lines_everywhere_do_not_part_a_table(tmp_path: Path) -> None:
    rows = [["No", "Nama", "Nilai"], *([n, "x", n % 7] if n % 5 else [] for n in range(3000))]
    tables = tables_of(tmp_path, rows)
    assert [table.height for table in tables] == [2400]
