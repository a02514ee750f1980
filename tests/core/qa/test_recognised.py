"""The cells of a finding are known again in the next file; cells with personal data never are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.dictionary import from_dicts
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.recognised import ROWS
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.core.qa.table import read

DICTIONARY: list[dict[str, Any]] = [
    {"kolom": "kecamatan", "tipe": "text", "kunci": True},
    {"kolom": "tahun", "tipe": "year", "kunci": True},
    {"kolom": "jumlah", "tipe": "integer"},
    {"kolom": "catatan", "tipe": "text"},
]
HEADER = "kecamatan,tahun,jumlah,catatan\n"
ROW = "Sukamaju,2024,banyak,sementara\n"
OTHERS = "Mekarsari,2024,30,tetap\nCibiru,2024,9,tetap\n"


@pytest.fixture
def found(tmp_path: Path) -> Any:
    def look(text: str, check: str, dictionary: list[dict[str, Any]] | None = DICTIONARY) -> list[Finding]:
        path = tmp_path / "tabel.csv"
        path.write_text(text)
        rules = checklist.from_dict("uji", {"pemeriksaan": [check, "DP-01", "DP-03"]})
        columns = from_dicts(dictionary) if dictionary is not None else None
        report = judge(read(path), columns, Lists([]), rules)
        return [finding for finding in report.findings if finding.check == check]

    return look


def parts(finding: Finding) -> set[str]:
    return {part for cell in finding.cells for part in cell.split(".")}


def test_another_order_and_more_rows_change_nothing(found: Any) -> None:
    (before,) = found(HEADER + ROW + OTHERS, "IS-02")
    (after,) = found(HEADER + "Ibun,2024,7,tetap\n" + OTHERS + ROW, "IS-02")
    assert before.rows != after.rows
    assert before.cells == after.cells


def test_a_changed_neighbour_leaves_key_and_value(found: Any) -> None:
    (before,) = found(HEADER + ROW + OTHERS, "IS-02")
    (after,) = found(HEADER + ROW.replace("sementara", "tetap") + OTHERS, "IS-02")
    assert before.cells != after.cells
    assert parts(before) & parts(after)


@pytest.mark.parametrize(("text", "other"), [("banyak", "sedikit"), ("Sukamaju", "Sukasari"), ("2024", "2023")])
def test_another_value_or_key_is_another_cell(found: Any, text: str, other: str) -> None:
    (before,) = found(HEADER + ROW + OTHERS, "IS-02")
    (after,) = found(HEADER + ROW.replace(text, other) + OTHERS, "IS-02")
    assert not parts(before) & parts(after)


def test_without_keys_the_whole_row_counts(found: Any) -> None:
    bare = [{**column, "kunci": False} for column in DICTIONARY]
    (before,) = found(HEADER + ROW + OTHERS, "IS-02", bare)
    (after,) = found(HEADER + ROW.replace("sementara", "tetap") + OTHERS, "IS-02", bare)
    assert not parts(before) & parts(after)


def test_a_running_number_is_no_part_of_a_row(found: Any) -> None:
    (before,) = found("no,nama,jumlah\n1,a,2\n2,a,3\n3,b,4\n4,b,4\n", "DU-01", None)
    (after,) = found("no,nama,jumlah\n1,a,3\n2,b,4\n3,b,4\n", "DU-01", None)
    assert before.cells == after.cells


def test_a_third_copy_of_a_row_is_a_new_cell(found: Any) -> None:
    (twice,) = found("nama,jumlah\na,1\nb,4\nb,4\n", "DU-01", None)
    (thrice,) = found("nama,jumlah\na,1\nb,4\nb,4\nb,4\n", "DU-01", None)
    assert set(twice.cells) < set(thrice.cells)


def test_numbers_of_persons_leave_no_digest(found: Any) -> None:
    text = "nik,nama lengkap,jumlah\n3204010101900001,Budi Santoso,1\n3204014202910002,Siti Aminah,1\n"
    findings = found(text, "DP-01", None)
    assert findings
    assert {finding.cells for finding in findings} == {()}


def test_a_row_is_known_by_what_is_no_personal_data(found: Any) -> None:
    """Two tables that differ in the identity numbers only have equal digests: a digest tells nothing of them."""
    text = "nik,desa,jumlah\n{0},Sukamaju,banyak\n3204014202910002,Ibun,1\n"
    columns: list[dict[str, Any]] = [{"kolom": "nik", "kunci": True}, {"kolom": "jumlah", "tipe": "integer"}]
    (one,) = found(text.format("3204010101900001"), "IS-02", columns)
    (other,) = found(text.format("3204015505880003"), "IS-02", columns)
    assert one.cells == other.cells != ()


def test_beyond_the_bound_the_file_itself_counts(found: Any) -> None:
    rows = "".join(f"Desa {number},2024,banyak,x\n" for number in range(ROWS + 1))
    (finding,) = found(HEADER + rows, "IS-02")
    assert finding.count == ROWS + 1
    assert finding.cells == ()


def test_a_finding_about_the_table_is_known_by_what_it_says(found: Any) -> None:
    dictionary = [{"kolom": "kecamatan"}, {"kolom": "tahun", "tipe": "year"}, {"kolom": "jumlah", "tipe": "integer"}]
    (before,) = found("kecamatan,tahun,jumlah\nCiparay,2023,12\nPacet,2023,13\n", "SU-01", dictionary)
    (after,) = found("kecamatan,tahun,jumlah\nCiparay,2024,11\nPacet,2024,17\n", "SU-01", dictionary)
    assert before.rows == ()
    assert before.cells == after.cells != ()
