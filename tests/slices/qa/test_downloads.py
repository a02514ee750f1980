"""The report as a file: who gets it, in which forms, and that each says what the page says."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from typing import Any

import frictionless
import jsonschema
import openpyxl
import pytest

from tests.daily import cases
from tests.slices.qa.conftest import BAD, GOOD, Office

WORKBOOK, CSV, JSON, FRICTIONLESS = "/laporan.xlsx", "/temuan.csv", "/laporan.json", "/laporan.frictionless.json"
FORMULA = 'kecamatan,tahun,jumlah\n"=HYPERLINK(""http://x"")",2024,=1+1\nMekarsari,2024,banyak\n'
PERSONS = "kecamatan,tahun,jumlah,nik\nSukamaju,2024,banyak,3299990101900001\nMekarsari,2024,3,3299994202910002\n"
FIRST = [{"kolom": name, "label": name, "tipe": "text"} for name in ("kecamatan", "tahun", "jumlah", "nik")]


def taken(office: Office, ending: str, content: str = BAD, **values: Any) -> Any:
    answer = office.page("editor", *office.judged(content, **values), ending)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    return answer


def findings(office: Office, content: str = BAD) -> list[dict[str, Any]]:
    _dataset_id, resource_id = office.judged(content)
    return office.show(resource_id)["report"]["findings"]


def test_the_page_leads_to_every_form(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    page = office.page("editor", dataset_id, resource_id).body
    for ending in (WORKBOOK, CSV, JSON, FRICTIONLESS):
        assert f"{resource_id}/qa{ending}" in page


def test_the_workbook_marks_the_cells_the_page_marks(office: Office) -> None:
    answer = taken(office, WORKBOOK)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    table = book["Tabel"]
    wrong = next(cell for row in table.iter_rows() for cell in row if cell.value == "banyak")
    assert (wrong.row, wrong.fill.fill_type) == (3, "solid")
    assert "bilangan bulat" in str(wrong.comment)
    assert book["Temuan"].max_row == len(findings(office)) + 1


def test_the_csv_has_every_finding(office: Office) -> None:
    lines = list(csv.DictReader(io.StringIO(taken(office, CSV).body.removeprefix("\ufeff"), newline="")))
    assert {line["Pemeriksaan"] for line in lines} == {one["check"] for one in findings(office)}


def test_the_json_is_the_published_format(office: Office) -> None:
    data = json.loads(taken(office, JSON).body)
    schema = files("ckanext.satudata.core.qa.export") / "report-1.schema.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(data)
    assert [one["check"] for one in data["findings"]] == [one["check"] for one in findings(office)]
    assert data["checked_at"]


def test_frictionless_reads_its_report(office: Office) -> None:
    report = frictionless.Report.from_descriptor(json.loads(taken(office, FRICTIONLESS).body))
    wrong = next(error for error in report.task.errors if error.type == "type-error").to_descriptor()
    assert (wrong["rowNumber"], wrong["cells"]) == (3, ["Mekarsari", "2024", "banyak"])


def test_no_form_runs_a_formula(office: Office) -> None:
    lines = csv.reader(io.StringIO(taken(office, CSV, FORMULA).body.removeprefix("\ufeff"), newline=""))
    cells = [cell for line in lines for cell in line]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    book = openpyxl.load_workbook(io.BytesIO(taken(office, WORKBOOK, FORMULA).data))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("ending", cases(JSON, thorough=[CSV, FRICTIONLESS, WORKBOOK]))
def test_nobody_is_recognised_in_any_form(office: Office, ending: str) -> None:
    answer = taken(office, ending, PERSONS, kamus_data=FIRST)
    if ending == WORKBOOK:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        text = str([row for sheet in book for row in sheet.iter_rows(values_only=True)])
    else:
        text = answer.body
    assert "3299************" in text
    assert "3299990101900001" not in text


@pytest.mark.parametrize("ending", cases(WORKBOOK, thorough=[CSV, JSON, FRICTIONLESS]))
@pytest.mark.parametrize("who", ["stranger", None])
def test_a_hidden_dataset_is_not_there_for_others(office: Office, who: str | None, ending: str) -> None:
    answer = office.page(who, *office.judged(BAD), ending, follow_redirects=False)
    assert answer.status_code == 404


@pytest.mark.parametrize("ending", cases(WORKBOOK, thorough=[CSV, JSON, FRICTIONLESS]))
def test_before_the_check_there_is_nothing_to_take(office: Office, ending: str) -> None:
    made = office.dataset(GOOD)
    assert office.page("editor", made["id"], made["resources"][0]["id"], ending).status_code == 404


@pytest.mark.parametrize("ending", cases(WORKBOOK, thorough=[CSV, JSON, FRICTIONLESS]))
def test_an_unreadable_file_has_a_report_to_take(office: Office, ending: str) -> None:
    taken(office, ending, "<html><body>Masuk</body></html>")


def test_english_readers_get_english(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    answer = office.get("editor", f"/en/dataset/{dataset_id}/resource/{resource_id}/qa{JSON}")
    assert json.loads(answer.body)["language"] == "en"
