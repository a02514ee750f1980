"""Thirty ways in which offices write one small table: every cell as text, the right header, the right rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ckanext.satudata.core.qa.table import Unreadable, read

Cells = list[list[str]]
HEADER = ["kode_desa", "nama_desa", "jumlah", "luas"]
ROWS: Cells = [
    ["32.01.10.2001", "Cibinong", "1234", "12,5"],
    ["32.01.10.2002", "Pakansari", "1.234", "1.234,56"],
    ["32.10.01.1001", "Nanggewer", "987", "7,25"],
    ["09.01.01.1001", "Karadenan", "15", "0,5"],
] * 5
CURLY: Cells = [[row[0], row[1].replace("Cibinong", "Café “Désa” – 1"), *row[2:]] for row in ROWS]
CODES: Cells = [["32.10", "0012", "1234"], ["32.01", "0100", "55"], ["09.20", "0007", "9"]] * 7
MARKS: Cells = [["32.01.10.2001", "-", "n/a", "12.5"], ["32.01.10.2002", "...", "NA", "1.5"]] * 10
LONG: Cells = [["32.01.10.2001", "Cibinong", str(number), "1"] for number in range(30_000)]


@dataclass
class Ugly:
    """The bytes of a file, and what has to come out: header, rows, physical row of the first and of the last one."""

    data: str | bytes
    header: list[str]
    rows: Cells
    first: int = 2
    last: int | None = None


def joined(rows: Cells, delimiter: str = ";", end: str = "\n") -> str:
    return end.join(delimiter.join(row) for row in rows) + end


def quoted(rows: Cells) -> str:
    return joined([[f'"{cell}"' if "," in cell else cell for cell in row] for row in rows], ",")


def changed(old: str, new: str) -> Cells:
    return [[row[0], row[1].replace(old, new), *row[2:]] for row in ROWS]


TABLE = joined([HEADER, *ROWS])
UGLY: dict[str, Ugly] = {
    "semicolons, decimal commas": Ugly(TABLE, HEADER, ROWS, last=21),
    "commas, quoted 1.234,56": Ugly(quoted([HEADER, *ROWS]), HEADER, ROWS),
    "tabs": Ugly(joined([HEADER, *ROWS], "\t"), HEADER, ROWS),
    "pipes": Ugly(joined([HEADER, *ROWS], "|"), HEADER, ROWS),
    "Windows-1252 with curly quotes": Ugly(joined([HEADER, *CURLY]).encode("cp1252"), HEADER, CURLY),
    "UTF-8 with a mark": Ugly("\ufeff" + TABLE, HEADER, ROWS),
    "UTF-16 with a mark, tabs": Ugly(
        b"\xff\xfe" + joined([HEADER, *CURLY], "\t", "\r\n").encode("utf-16-le"), HEADER, CURLY
    ),
    "sep=; in the first line": Ugly("sep=;\n" + TABLE, HEADER, ROWS, first=3),
    "two title lines and a blank one": Ugly("DATA PENDUDUK CONTOH\nTAHUN 2023\n\n" + TABLE, HEADER, ROWS, first=5),
    "titles padded with ;;;": Ugly("DATA PENDUDUK CONTOH;;;\nTAHUN 2023;;;\n;;;\n" + TABLE, HEADER, ROWS, first=5),
    "a header of two lines": Ugly(
        joined([["Kode", "Desa", "Penduduk", ""], ["", "", "L", "P"], *ROWS]), ["Kode", "Desa", "L", "P"], ROWS, first=3
    ),
    "a line of column numbers": Ugly(joined([HEADER, ["(1)", "(2)", "(3)", "(4)"], *ROWS]), HEADER, ROWS, first=3),
    "total, source and footnote": Ugly(
        TABLE + "Jumlah;;17.290;6.346,55\nSumber: Dinas Contoh, 2023\n*) angka sementara\n", HEADER, ROWS, last=21
    ),
    "a quote inside a cell": Ugly(
        joined([HEADER, *[[*row[:3], row[3].replace(",", ".")] for row in changed("Pakansari", 'Ra"as')]], ","),
        HEADER,
        [[*row[:3], row[3].replace(",", ".")] for row in changed("Pakansari", 'Ra"as')],
    ),
    "text behind a closing quote": Ugly(
        joined([HEADER, *changed("Pakansari", '"SDN" 1')]), HEADER, changed("Pakansari", "SDN 1")
    ),
    "carriage returns only": Ugly(joined([HEADER, *ROWS], ";", "\r"), HEADER, ROWS),
    "delimiters at the end of each line": Ugly(joined([[*row, "", ""] for row in [HEADER, *ROWS]]), HEADER, ROWS),
    "a short row": Ugly(
        joined([HEADER, *ROWS[:5], ROWS[5][:2], *ROWS[6:]]), HEADER, [*ROWS[:5], [*ROWS[5][:2], "", ""], *ROWS[6:]]
    ),
    "a long row": Ugly(joined([HEADER, *ROWS[:5], [*ROWS[5], "x"], *ROWS[6:]]), HEADER, ROWS),
    "blank lines inside": Ugly(
        joined([HEADER, *ROWS[:5], [""], *ROWS[5:9], ["", "", "", ""], *ROWS[9:]]), HEADER, ROWS, last=23
    ),
    "a name twice and a column without one": Ugly(
        joined([["kode", "nilai", "nilai", ""], *ROWS]), ["kode", "nilai", "nilai", ""], ROWS
    ),
    "line ends in header and cell": Ugly(
        'kode_desa;"nama\ndesa";jumlah;luas\n'
        + joined(ROWS[:3])
        + '32.01.10.2003;"Jl. Raya\nKm 5";5;1\n'
        + joined(ROWS),
        ["kode_desa", "nama desa", "jumlah", "luas"],
        [*ROWS[:3], ["32.01.10.2003", "Jl. Raya\nKm 5", "5", "1"], *ROWS],
        first=3,
        last=27,
    ),
    "codes that look like numbers": Ugly(
        joined([["kode_kab", "kode", "jumlah"], *CODES], ","), ["kode_kab", "kode", "jumlah"], CODES
    ),
    "marks for no value": Ugly(joined([HEADER, *MARKS], ","), HEADER, MARKS),
    "the first quote after 30,000 rows": Ugly(
        quoted([HEADER, *LONG, ["32.01.10.2002", "Desa A, RW 1", "5", "1"]]),
        HEADER,
        [*LONG, ["32.01.10.2002", "Desa A, RW 1", "5", "1"]],
        last=30_002,
    ),
    "the first accent (Windows-1252) after 30,000 rows": Ugly(
        joined([HEADER, *LONG, ["32.01.10.2002", "Désa", "5", "1"]], ",").encode("cp1252"),
        HEADER,
        [*LONG, ["32.01.10.2002", "Désa", "5", "1"]],
        last=30_002,
    ),
    "the first word among figures after 30,000 rows": Ugly(
        joined([HEADER, *LONG, ["32.01.10.2002", "A", "seribu", "1"]], ","),
        HEADER,
        [*LONG, ["32.01.10.2002", "A", "seribu", "1"]],
        last=30_002,
    ),
    "one column": Ugly(
        "kode_desa\n" + "".join(f"{row[0]}\n" for row in ROWS), ["kode_desa"], [[row[0]] for row in ROWS]
    ),
}
REFUSED = {
    "a header and nothing else": (joined([HEADER]), "no_rows"),
    "a web page": ("<html><body><table><tr><td>kode</td></tr></table></body></html>", "html_sheet"),
}


@pytest.mark.parametrize("ugly", UGLY.values(), ids=UGLY)
def test_read_right(ugly: Ugly, tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_bytes(ugly.data if isinstance(ugly.data, bytes) else ugly.data.encode())
    table = read(path).tables[0]
    assert list(table.header) == ugly.header
    assert [list(row[1:]) for row in table.rows.rows()] == ugly.rows
    assert table.first_row == ugly.first
    assert ugly.last in (None, table.last_row)


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code == code


def test_they_are_thirty() -> None:
    assert len(UGLY) + len(REFUSED) == 30
