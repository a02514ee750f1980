"""The findings as CSV: a line for each range of rows, nothing that runs, nobody recognised."""

from __future__ import annotations

import csv
import io

from ckanext.satudata.core.qa.export.findings_csv import MARK, findings_csv
from ckanext.satudata.core.qa.report import Report
from tests.core.qa.export.judging import EVIL, FAULTY, PERSONS, judged


def lines(*reports: Report, language: str = "id") -> list[dict[str, str]]:
    text = findings_csv(reports, language)
    assert text.startswith(MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline="")))


def test_a_line_for_each_range_of_rows() -> None:
    report = judged(FAULTY).report
    found = [line for line in lines(report) if line["Pemeriksaan"] == "IS-04"]
    assert [(line["Baris pertama"], line["Baris terakhir"], line["Jumlah"]) for line in found] == [
        ("2", "2", "2"),
        ("4", "4", "2"),
    ]
    assert [(line["Isi sel"], line["Usulan"]) for line in found] == [("1.474", "1474"), ("1.128", "1128")]


def test_every_range_of_every_finding_is_there() -> None:
    report = judged(FAULTY).report
    assert len(lines(report)) == sum(max(len(finding.rows), 1) for finding in report.findings)


def test_every_line_says_what_is_wrong_and_how_it_is_mended() -> None:
    for line in lines(judged(FAULTY).report):
        assert line["Masalah"]
        assert line["Cara memperbaiki"] or line["Tingkat"] == "Catatan"


def test_the_header_speaks_english_too() -> None:
    assert {"First row", "How to mend it"} <= set(lines(judged(FAULTY).report, language="en")[0])


def test_no_cell_begins_a_formula() -> None:
    report = judged(EVIL, dictionary={"nama": {"pola": "[A-Z]+"}, "jumlah": {"tipe": "integer"}}).report
    cells = [cell for line in lines(report) for cell in line.values()]
    assert '\'=HYPERLINK("http://x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert "\x07" not in "".join(cells)


def test_nobody_is_recognised() -> None:
    text = findings_csv([judged(PERSONS).report])
    assert "3299************" in text
    assert not any(secret in text for secret in ("3299990101900001", "Budi Santoso", "Lestari"))


def test_a_file_that_cannot_be_read_is_a_line() -> None:
    (line,) = lines(judged("%PDF-1.4", "laporan.csv").report)
    assert (line["File"], "PDF" in line["Masalah"]) == ("laporan.csv", True)


def test_a_finding_with_more_ranges_than_are_listed_says_so() -> None:
    many = "kecamatan,tahun,jumlah\n" + "".join(f"Nama {n},2024,{'x' if n % 2 else n}\n" for n in range(2_600))
    report = judged(many, dictionary={"kecamatan": {}, "tahun": {"tipe": "year"}, "jumlah": {"tipe": "integer"}}).report
    found = [line for line in lines(report) if line["Pemeriksaan"] == "IS-02"]
    assert (len(found), found[0]["Jumlah"], {line["Baris lengkap"] for line in found}) == (1_000, "1300", {"tidak"})
