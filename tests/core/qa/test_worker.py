"""The process that judges: its contract, its outputs, its limits."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.rows import datastore_id
from ckanext.satudata.core.qa.window import around, window
from tests.core.qa.hostile.recipe import Bait
from tests.daily import cases

from .regions import regions

TABLE = (
    "kode_kecamatan;nama_kecamatan;Tanggal;Jumlah;Persen;Catatan\n"
    "32.04.05;Cileunyi;31/03/2023;1474;63,5;=1+1\n"
    "32.04.16;Arjasari;1 April 2023;-;64;+62 812\n"
    ";JUMLAH;;1474;;\n"
)


def run(job: dict[str, Any] | str, *arguments: str) -> subprocess.CompletedProcess[str]:
    text = job if isinstance(job, str) else json.dumps(job)
    return subprocess.run(
        [sys.executable, "-m", "ckanext.satudata.core.qa.worker", *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def job_of(tmp_path: Path, content: str = TABLE, **changes: Any) -> dict[str, Any]:
    path = tmp_path / "blob"
    path.write_text(content, "utf-8")
    outputs = {
        name: str(tmp_path / name) for name in ("report_out", "rows_out", "csv_out", "cells_out", "progress_out")
    }
    return {"path": str(path), "name": "tabel.csv", **outputs, **changes}


def report_of(tmp_path: Path) -> Report:
    return Report.from_dict(json.loads((tmp_path / "report_out").read_text("utf-8")))


def test_report_rows_and_preview(tmp_path: Path) -> None:
    lists = tmp_path / "wilayah_kemendagri.json"
    lists.write_text(json.dumps(regions().to_dict()))
    done = run(job_of(tmp_path, lists=[str(lists)]))
    assert (done.returncode, done.stderr) == (0, "")
    report = report_of(tmp_path)
    assert report.file["name"] == "tabel.csv"
    assert "wilayah_kemendagri" in [known["key"] for known in report.lists]
    assert [(column["id"], column["type"]) for column in report.outputs["rows"]["columns"]] == [
        ("kode_kecamatan", "text"),
        ("nama_kecamatan", "text"),
        ("Tanggal", "date"),
        ("Jumlah", "integer"),
        ("Persen", "number"),
        ("Catatan", "text"),
    ]
    rows = list(csv.reader((tmp_path / "rows_out").open(encoding="utf-8", newline="")))
    assert rows == [
        ["kode_kecamatan", "nama_kecamatan", "Tanggal", "Jumlah", "Persen", "Catatan"],
        ["32.04.05", "Cileunyi", "2023-03-31", "1474", "63.5", "=1+1"],
        ["32.04.16", "Arjasari", "2023-04-01", "", "64", "+62 812"],
    ]
    people = list(csv.reader((tmp_path / "csv_out").open(encoding="utf-8", newline="")))
    assert [row[-1] for row in people[1:]] == ["'=1+1", "'+62 812"]
    index = report.outputs["cells"]
    first = (2, ["32.04.05", "Cileunyi", "31/03/2023", "1474", "63,5", "=1+1"])
    assert window(tmp_path / "cells_out", index, 0, 1) == [first]
    assert json.loads((tmp_path / "progress_out").read_text()) == {"step": "write", "done": 2, "of": 2}


def test_nobody_is_recognised_in_the_preview(tmp_path: Path) -> None:
    run(job_of(tmp_path, "nik,nama,jumlah\n3299990101900001,Budi Santoso,3\n3299994202910002,Ani Lestari,4\n"))
    report = report_of(tmp_path)
    assert any(finding.check == "DP-01" for finding in report.findings)
    rows = [cells for _, cells in window(tmp_path / "cells_out", report.outputs["cells"], 0, 9)]
    assert rows == [["3299************", "B*** S******", "3"], ["3299************", "A** L******", "4"]]


@pytest.mark.thorough
def test_a_column_that_does_not_fit_is_text(tmp_path: Path) -> None:
    run(
        job_of(
            tmp_path,
            "a,b\n1,2\nx,3\n",
            dictionary=[{"kolom": "a", "tipe": "integer"}, {"kolom": "b", "tipe": "integer"}],
        )
    )
    types = [column["type"] for column in report_of(tmp_path).outputs["rows"]["columns"]]
    assert types == ["text", "integer"]
    assert (tmp_path / "rows_out").read_text() == "a,b\n1,2\nx,3\n"


@pytest.mark.thorough
def test_a_name_twice_in_the_header_is_written_all_the_same(tmp_path: Path) -> None:
    done = run(job_of(tmp_path, "nama,Jumlah,jumlah\nCileunyi,1,2\nArjasari,3,x\n"))
    assert (done.returncode, done.stderr) == (0, "")
    columns = report_of(tmp_path).outputs["rows"]["columns"]
    assert [column["id"] for column in columns] == ["nama", "Jumlah", "jumlah_2"]
    assert (tmp_path / "rows_out").read_text().splitlines()[1] == "Cileunyi,1,2"


@pytest.mark.thorough
def test_what_a_database_or_a_spreadsheet_would_choke_on_is_not_written(tmp_path: Path) -> None:
    run(job_of(tmp_path, "=cmd|x,nama\n1," + "a" * 5_000 + "\n2,x;=1+1\n3,a\x00b\n"))
    people = list(csv.reader((tmp_path / "csv_out").open(encoding="utf-8", newline="")))
    assert people[0] == ["'=cmd|x", "nama"]
    assert people[2][1] == "x;'=1+1"
    for name in ("rows_out", "csv_out"):
        assert b"\x00" not in (tmp_path / name).read_bytes()
    assert "\\u0000" not in (tmp_path / "report_out").read_text("utf-8")


@pytest.mark.thorough
def test_a_damaged_workbook_that_a_library_panics_on_is_a_report(tmp_path: Path) -> None:
    from tests.core.qa.hostile.recipe import all_recipes

    job = job_of(tmp_path)
    recipe = next(recipe for recipe in all_recipes() if recipe.id == "xls: a sheet at 4294967295")
    recipe.write(Path(job["path"]), Bait(tmp_path, "http://127.0.0.1"))
    assert run(job).returncode == 0
    assert (report_of(tmp_path).unreadable or {})["code"] == "broken_workbook"


@pytest.mark.thorough
def test_half_a_character_in_the_name_of_a_file(tmp_path: Path) -> None:
    assert run(job_of(tmp_path, name="tabel\udcff.csv")).returncode == 0
    assert report_of(tmp_path).file["name"] == "tabel?.csv"


def test_an_unreadable_file_is_a_report(tmp_path: Path) -> None:
    done = run(job_of(tmp_path, "%PDF-1.4"))
    assert done.returncode == 0
    report = report_of(tmp_path)
    assert report.unreadable is not None
    assert report.unreadable["code"] == "pdf"
    problem, mend = report.why_unreadable() or ("", "")
    assert "tabel.csv" in problem
    assert "PDF" in mend
    assert report.score is None


def test_a_file_that_vanished_is_a_report(tmp_path: Path) -> None:
    job = job_of(tmp_path)
    Path(job["path"]).unlink()
    assert run(job).returncode == 0
    assert (report_of(tmp_path).unreadable or {})["code"] == "missing"


@pytest.mark.parametrize(
    ("job", "said"),
    cases(
        ("{", "job:"),
        ({"path": "x", "report_out": "y", "salah": 1}, "salah"),
        ({"path": "x", "report_out": "y", "lists": ["/tidak/ada.json"]}, "ada.json"),
        thorough=[
            ("[]", "no JSON object"),
            ({"path": "x"}, "report_out"),
            ({"path": "x", "report_out": "y", "format": 9}, "format"),
            ({"path": "x", "report_out": "y", "checklist": "tidak-ada"}, "tidak-ada"),
            ({"path": "x", "report_out": "y", "dictionary": [{"kolom": ""}]}, "column name"),
        ],
    ),
)
def test_a_wrong_job_is_the_callers_mistake(job: dict[str, Any] | str, said: str) -> None:
    done = run(job)
    assert done.returncode == 64
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_time_is_up(tmp_path: Path) -> None:
    done = run(job_of(tmp_path, limits={"seconds": 0}))
    assert done.returncode == 0
    assert (report_of(tmp_path).unreadable or {})["code"] == "out_of_time"


@pytest.mark.thorough
def test_memory_is_up(tmp_path: Path) -> None:
    line = "x" * 200 + "," + "y" * 200 + "\n"
    job = job_of(tmp_path, "a,b\n" + line * 400_000, limits={"memory_mb": -600})
    done = run(job)
    assert done.returncode == 0
    assert (report_of(tmp_path).unreadable or {})["code"] == "out_of_memory"
    assert not (tmp_path / "rows_out").exists()


class TestWindow:
    def test_every_place_of_a_long_table(self, tmp_path: Path) -> None:
        run(job_of(tmp_path, "a,b\n" + "".join(f'{n},"x\ny"\n' for n in range(1200))))
        index = report_of(tmp_path).outputs["cells"]
        path = tmp_path / "cells_out"
        assert [cells[0] for _, cells in window(path, index, 498, 4)] == ["498", "499", "500", "501"]
        assert window(path, index, 1199, 10) == [(2 + 2 * 1199, ["1199", "x\ny"])]
        assert window(path, index, 1200, 10) == []
        # Row 1002 is the first of the second block: the rows before it are in the first one.
        assert [row for row, _ in around(path, index, [1002], margin=2)] == [998, 1000, 1002, 1004, 1006]
        assert [row for row, _ in around(path, index, [2, 2400], margin=1)] == [2, 4, 2398, 2400]
        assert around(path, index, [999_999]) == []


def test_a_window_shows_a_cell_of_any_length(tmp_path: Path) -> None:
    run(job_of(tmp_path, "a,b\n" + "x" * 200_000 + ",1\ny,2\n"))
    before = csv.field_size_limit(131_072)  # as a web process has it
    try:
        rows = window(tmp_path / "cells_out", report_of(tmp_path).outputs["cells"], 0, 9)
    finally:
        csv.field_size_limit(before)
    assert [len(cells[0]) for _, cells in rows] == [200_000, 1]


def test_datastore_names_are_safe_and_unique() -> None:
    taken: set[str] = set()
    names = [datastore_id(name, taken) for name in ("_id", 'a"b', "", "AB", "ab", "é" * 60)]
    assert names[:5] == ["id", "ab", "kolom", "AB_2", "ab_3"]
    assert len(names[5].encode()) <= 63
