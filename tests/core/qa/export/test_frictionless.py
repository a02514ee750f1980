"""The frictionless report, read back by frictionless itself."""

from __future__ import annotations

import json
from typing import Any

import frictionless
import pytest
from frictionless import checks

from ckanext.satudata.core.qa.export.frictionless_report import ERRORS, TYPES, descriptor
from ckanext.satudata.core.qa.window import around
from tests.core.qa.export.judging import EVIL, FAULTY, PERSONS, Case, judged

TYPED: dict[str, dict[str, Any]] = {
    "kecamatan": {"wajib": True},
    "tahun": {"tipe": "year"},
    "jumlah": {"tipe": "integer", "maksimal": 100},
}


def read_back(case: Case) -> frictionless.Report:
    def cells(rows: list[int]) -> dict[int, list[str]]:
        return dict(around(case.cells, case.report.outputs["cells"], rows, 0, len(rows)))

    return frictionless.Report.from_descriptor(json.loads(json.dumps(descriptor([case.report], cells=cells))))


def errors(case: Case) -> list[dict[str, Any]]:
    return [error.to_descriptor() for error in read_back(case).task.errors]


@pytest.mark.parametrize("content", [FAULTY, PERSONS, EVIL, "%PDF-1.4", "a,a,\n1,2,3\n1,2\n1,2,3,4\n"])
def test_frictionless_reads_it_back(content: str) -> None:
    report = read_back(judged(content))
    assert report.valid is False or not report.task.errors
    assert report.stats["errors"] >= len(report.task.errors)


def test_its_own_checks_have_its_own_types() -> None:
    table = "kecamatan,tahun,jumlah\nSukamaju,2024,x\n,2024,5\nCibiru,2024,500\nMekar,2024,1,9\nUjung,2024\n"
    found = {error["type"]: error for error in errors(judged(table, dictionary=TYPED))}
    assert set(found) == {"type-error", "constraint-error", "extra-cell", "missing-cell"}
    assert (found["type-error"]["rowNumber"], found["type-error"]["cell"]) == (2, "x")
    assert (found["type-error"]["fieldName"], found["type-error"]["fieldNumber"]) == ("jumlah", 3)
    assert found["type-error"]["cells"] == ["Sukamaju", "2024", "x"]


def test_what_frictionless_says_of_the_same_table() -> None:
    """Where both look, both say the same: type and place."""
    table = "kecamatan,tahun,jumlah\nSukamaju,2024,x\nCibiru,2024,5\nCibiru,2024,5\nMekar,2024\n"
    case = judged(table, dictionary={name: {**said, "wajib": False} for name, said in TYPED.items()})
    ours = {(error["type"], error["rowNumber"]) for error in errors(case)}
    types = {"kecamatan": "string", "tahun": "year", "jumlah": "integer"}
    schema = frictionless.Schema.from_descriptor(
        {"fields": [{"name": name, "type": kind} for name, kind in types.items()]}
    )
    resource = frictionless.Resource(path="tabel.csv", basepath=str(case.file.parent), schema=schema)
    judge = frictionless.Checklist(checks=[checks.duplicate_row()])
    theirs = {(type_, row) for row, type_ in resource.validate(judge).flatten(["rowNumber", "type"])}
    assert theirs == {("type-error", 2), ("duplicate-row", 4), ("missing-cell", 5)}
    assert theirs <= ours


def test_every_type_is_one_that_frictionless_knows() -> None:
    for kind in TYPES.values():
        assert frictionless.system.select_error_class(kind).type == kind


def test_our_own_checks_have_the_type_of_their_place() -> None:
    found = [error for error in errors(judged(FAULTY)) if error["satudata"]["check"] == "IS-04"]
    assert [(error["type"], error["rowNumber"], error["cell"]) for error in found] == [
        ("cell-error", 2, "1.474"),
        ("cell-error", 4, "1.128"),
    ]
    assert found[0]["proposal"] == "1474"


def test_warnings_and_questions_leave_a_file_valid() -> None:
    report = read_back(judged("kecamatan,tahun,jumlah\nSukamaju ,2024,5\nCibiru,2024,6\n"))
    assert (report.valid, report.task.errors) == (True, [])
    assert any("IS-05" in warning for warning in report.task.warnings)


def test_a_file_that_cannot_be_read_is_an_error() -> None:
    (error,) = errors(judged("%PDF-1.4"))
    assert error["type"] == "source-error"
    assert "PDF" in error["note"]


def test_long_lists_end_with_their_number() -> None:
    many = "kecamatan,tahun,jumlah\n" + "".join(f"Nama {n},2024,x{n}\n" for n in range(1_500))
    report = read_back(judged(many, dictionary=TYPED))
    assert (len(report.task.errors), report.stats["errors"]) == (ERRORS, 1_500)
    assert any("1000 dari 1500" in warning for warning in report.task.warnings)


def test_nobody_is_recognised() -> None:
    text = json.dumps(read_back(judged(PERSONS)).to_descriptor())
    assert "3299************" in text
    assert not any(secret in text for secret in ("3299990101900001", "Budi Santoso", "Lestari"))
