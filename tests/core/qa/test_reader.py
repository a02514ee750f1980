"""Files as people really write them: every cell as text, right header, right rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.core.qa.table import ROW, Table, read
from ckanext.satudata.core.qa.table.area import find_head
from ckanext.satudata.core.qa.table.cell_text import as_text
from ckanext.satudata.core.qa.table.delimiter import delimiter_of

from .xlsx import sheet_xml, write_xlsx


def table_of(tmp_path: Path, content: str | bytes) -> Table:
    path = tmp_path / "tabel.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path).tables[0]


def rows_of(table: Table) -> list[tuple[str | int, ...]]:
    return table.rows.rows()


WANTED = [(2, "32.10", "Arjasari", "1.474"), (3, "0012", "Baleendah", "686")]
PLAIN = "kode,nama,jumlah\n32.10,Arjasari,1.474\n0012,Baleendah,686\n"
SAME: dict[str, bytes] = {
    "comma": PLAIN.encode(),
    "semicolon": PLAIN.replace(",", ";").encode(),
    "tab": PLAIN.replace(",", "\t").encode(),
    "pipe": PLAIN.replace(",", "|").encode(),
    "CRLF": PLAIN.replace("\n", "\r\n").encode(),
    "CR": PLAIN.replace("\n", "\r").encode(),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "UTF-16 LE": b"\xff\xfe" + PLAIN.encode("utf-16-le"),
    "UTF-16 BE": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "all quoted": b"\n".join(
        b",".join(b'"' + c + b'"' for c in line.split(b",")) for line in PLAIN.encode().splitlines()
    ),
    "no end of the last line": PLAIN.rstrip().encode(),
    "trailing delimiters": PLAIN.replace("\n", ",,\n").encode(),
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_the_same_table_however_it_is_written(content: bytes, tmp_path: Path) -> None:
    table = table_of(tmp_path, content)
    assert table.header == ("kode", "nama", "jumlah")
    assert rows_of(table) == WANTED


def test_sep_line_names_the_delimiter(tmp_path: Path) -> None:
    table = table_of(tmp_path, "sep=;\nkode;nama\n1;a,b\n")
    assert table.header == ("kode", "nama")
    assert rows_of(table) == [(3, "1", "a,b")]


def test_windows_1252_after_thirty_thousand_lines(tmp_path: Path) -> None:
    content = b"kode,nama\n" + b"1,a\n" * 30_000 + b"2,caf\xe9\n"
    table = table_of(tmp_path, content)
    assert rows_of(table)[-1] == (30_002, "2", "café")


def test_first_quote_after_thirty_thousand_lines(tmp_path: Path) -> None:
    content = "kode,nama\n" + "1,a\n" * 30_000 + '2,"b,\nc"\n3,d\n'
    assert rows_of(table_of(tmp_path, content))[-2:] == [(30_002, "2", "b,\nc"), (30_004, "3", "d")]


def test_inner_quotes_stay(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'kode,nama\n1,Ra"as\n2,"SDN" 1\n3,"Soka""an"\n')
    assert [row[2] for row in rows_of(table)] == ['Ra"as', "SDN 1", 'Soka"an']


def test_decimal_commas_do_not_win_over_semicolons() -> None:
    lines = ["Wilayah;2015;2016;2017\n", "Aceh;63,44;64,26;63,74\n", "Riau;63,22;66,25;64,00\n"]
    assert delimiter_of(lines) == ";"


def test_commas_in_prose_do_not_part_a_single_column() -> None:
    assert delimiter_of(["alamat\n", "Jl. Merdeka, Bandung\n", "Ciparay\n", "Pacet\n"]) == ","


def test_blank_lines_keep_the_numbers_of_the_others(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,b\n1,2\n\n,\n3,4\n")
    assert rows_of(table) == [(2, "1", "2"), (5, "3", "4")]
    assert [(line.first, line.last) for line in table.lines_left_out("blank")] == [(3, 4)]


def test_ragged_rows_are_padded_or_cut_and_reported(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,b,c\n1,2\n3,4,5\n6,7,8,9\n")
    assert rows_of(table) == [(2, "1", "2", ""), (3, "3", "4", "5"), (4, "6", "7", "8")]
    assert table.irregular.rows() == [(2, 2, "short"), (4, 4, "long")]


def test_titles_header_numbers_totals_and_notes(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "JUDUL LAPORAN;;\nPer 31 Maret;;\n;;\nNo;Kecamatan;Jumlah\n(1);(2);(3)\n1;A;5\n2;B;6\n"
        ";JUMLAH;11\n\nSumber: Dinas;;\n",
    )
    assert table.header == ("No", "Kecamatan", "Jumlah")
    assert table.header_rows == (4, 4)
    assert [row[0] for row in rows_of(table)] == [6, 7]
    kinds = [(line.kind, line.first) for line in table.outside]
    assert kinds == [
        ("title", 1),
        ("title", 2),
        ("blank", 3),
        ("column_numbers", 5),
        ("blank", 9),
        ("total", 8),
        ("note", 10),
    ]


def test_two_header_lines_become_one_name_each(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Kecamatan,2021,,2022,\n,L,P,L,P\nA,1,2,3,4\n")
    assert table.header == ("Kecamatan", "2021 L", "2021 P", "2022 L", "2022 P")


def test_three_lines_that_only_together_name_all_columns(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Wilayah,\n,Jumlah kasus\n,2016\nACEH,10\nRIAU,20\n")
    assert (table.header, table.header_rows) == (("Wilayah", "2016"), (1, 3))


def test_a_table_of_words_keeps_its_first_row(tmp_path: Path) -> None:
    table = table_of(tmp_path, "nama,alamat,\nA,Jl. B,x\nC,Jl. D,y\n")
    assert table.header == ("nama", "alamat", "")
    assert table.height == 2


def test_no_header_at_all(tmp_path: Path) -> None:
    table = table_of(tmp_path, "2007,SD,12.55\n2008,SD,13.1\n")
    assert table.header_rows is None
    assert table.height == 2


def test_one_column(tmp_path: Path) -> None:
    assert rows_of(table_of(tmp_path, "nama\na\nb\n")) == [(2, "a"), (3, "b")]


def test_a_header_beyond_three_hundred_title_lines_is_not_looked_for() -> None:
    sample = [(number, ["catatan"]) for number in range(1, 301)]
    assert find_head(sample).width == 1


def test_workbook_rows_and_columns_are_those_on_the_screen(tmp_path: Path) -> None:
    rows = [["NO", "KECAMATAN", "JUMLAH "], [1, "A", 23278], [2, "B", 1.474], [None, "JUMLAH", 9]]
    path = write_xlsx(tmp_path / "t.xlsx", {"Lembar 1": sheet_xml(rows, first_row=5, first_column=2)})
    source = read(path)
    table = source.tables[0]
    assert source.kind == "xlsx"
    assert (table.name, table.header, table.header_rows) == ("Lembar 1", ("NO", "KECAMATAN", "JUMLAH"), (5, 5))
    assert [column.position for column in table.columns] == [3, 4, 5]
    assert rows_of(table) == [(6, "1", "A", "23278"), (7, "2", "B", "1.474")]
    assert [(line.kind, line.first) for line in table.outside if line.kind == "total"] == [("total", 8)]


def test_empty_rows_of_a_workbook_do_not_move_the_others(tmp_path: Path) -> None:
    rows = [["a", "b"], [1, 2], [], [], [3, 4]]
    table = read(write_xlsx(tmp_path / "t.xlsx", {"S": sheet_xml(rows)})).tables[0]
    assert table.rows[ROW].to_list() == [2, 5]


def test_several_sheets_hidden_ones_named_and_never_the_main_one(tmp_path: Path) -> None:
    large = sheet_xml([["a", "b"], *[[n, n] for n in range(50)]])
    small = sheet_xml([["a", "b"], [1, 2]])
    source = read(write_xlsx(tmp_path / "t.xlsx", {"Lama": large, "Kini": small}, hidden=["Lama"]))
    assert [(table.name, table.hidden) for table in source.tables] == [("Lama", True), ("Kini", False)]
    assert source.main().name == "Kini"


def test_merged_cells_are_told(tmp_path: Path) -> None:
    xml = sheet_xml([["a", "b"], [1, 2]], extra='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>')
    assert read(write_xlsx(tmp_path / "t.xlsx", {"S": xml})).tables[0].merged == ("A1:B1",)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2014.0, "2014"),
        (1.474, "1.474"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (True, "TRUE"),
        ("x", "x"),
    ],
)
def test_cells_of_a_workbook_as_text(value: object, text: str) -> None:
    assert as_text(value) == text
