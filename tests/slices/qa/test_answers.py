"""Who is told what: reports inside, numbers outside; windows of the table; the gate of a submission."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata.bridge import contributions
from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.qa import model as tables
from tests.slices.qa.conftest import BAD, GOOD, Office, check_all, runs

LONG = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2024,{number}\n" for number in range(1, 1203))


def gate(dataset_id: str) -> list[tuple[str, str | None]]:
    """Codes and resources of the gate ``qa_passed``."""
    view: Any = SubjectView("dataset", dataset_id, "", None, "", "", "")
    return [(reason.code, reason.resource_id) for reason in contributions.gates()["qa_passed"]("submit", view)]


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["stranger", None])
def test_a_report_is_not_for_people_outside(office: Office, who: str | None) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    with pytest.raises(tk.NotAuthorized):
        office.call(who, "satudata_qa_show", resource_id=resource_id)


@pytest.mark.parametrize("action", ["satudata_qa_show", "satudata_table_show", "satudata_qa_run", "satudata_qa_files"])
def test_an_unknown_resource_is_not_found(office: Office, action: str) -> None:
    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
        office.call("sysadmin", action, resource_id="no-such-file")


def test_files_of_the_server_are_named_to_nobody(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    with pytest.raises(tk.NotAuthorized):
        office.call("editor", "satudata_qa_files", resource_id=resource_id)


def test_only_a_sysadmin_waits_for_a_check(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    with pytest.raises(tk.NotAuthorized):
        office.call("editor", "satudata_qa_run", resource_id=resource_id, wait=True)


@pytest.mark.thorough
def test_waiting_does_the_check_here(office: Office) -> None:
    resource_id = office.dataset(GOOD)["resources"][0]["id"]
    assert office.call("sysadmin", "satudata_qa_run", resource_id=resource_id, wait=True)["state"] == "done"


def test_a_link_is_refused_with_a_sentence(office: Office) -> None:
    made = office.dataset(None)
    link = office.call("editor", "resource_create", package_id=made["id"], url="https://example.org/tabel.csv")
    with pytest.raises(tk.ValidationError, match="Tautan luar"):
        office.call("editor", "satudata_qa_run", resource_id=link["id"])


def test_a_reviewer_may_ask_for_a_check(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    with pytest.raises(tk.NotAuthorized):
        office.call("reviewer", "satudata_qa_run", resource_id=resource_id)
    office.hand_in(dataset_id)
    assert office.call("reviewer", "satudata_qa_run", resource_id=resource_id)["state"] == "queued"


@pytest.mark.thorough
def test_the_summary_counts_all_files(office: Office) -> None:
    dataset_id, _resource_id = office.judged(GOOD)
    office.upload(dataset_id, BAD, "kedua.csv")
    check_all()
    summary = office.call("editor", "satudata_qa_summary", id=dataset_id)
    assert (summary["state"], summary["files"], summary["checked"]) == ("done", 2, 2)
    assert summary["errors"] >= 1
    assert summary["score"] == min(one["score"] for one in summary["resources"])


def test_the_summary_of_a_waiting_file_has_no_score(office: Office) -> None:
    dataset_id, _resource_id = office.judged(GOOD)
    office.upload(dataset_id, GOOD + "Lain,2024,1\n", "kedua.csv")
    summary = office.call("editor", "satudata_qa_summary", id=dataset_id)
    assert (summary["state"], summary["score"]) == ("queued", None)


def test_a_draft_without_file_has_an_empty_summary(office: Office) -> None:
    made = office.dataset(None)
    assert office.call("editor", "satudata_qa_summary", id=made["name"])["state"] == "none"


@pytest.mark.thorough
def test_the_table_is_shown_in_windows(office: Office) -> None:
    _dataset_id, resource_id = office.judged(LONG)
    window = office.call("editor", "satudata_table_show", resource_id=resource_id, offset=1000, limit=3)
    assert (window["total"], [row["row"] for row in window["rows"]]) == (1202, [1002, 1003, 1004])
    assert window["rows"][0]["cells"] == ["Kecamatan 1001", "2024", "1001"]


def test_named_rows_are_shown_with_their_neighbours(office: Office) -> None:
    _dataset_id, resource_id = office.judged(LONG)
    window = office.call("editor", "satudata_table_show", resource_id=resource_id, rows="700,900-901", margin=1)
    assert [row["row"] for row in window["rows"]] == [699, 700, 701, 899, 900, 901, 902]


def test_marks_name_the_finding(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    window = office.call("editor", "satudata_table_show", resource_id=resource_id, rows="3")
    (row,) = window["rows"]
    assert (row["severity"], row["marks"]["2"]["severity"]) == ("error", "error")


@pytest.mark.parametrize("rows", ["a", "1-", "-5", "1--2"])
def test_row_numbers_that_are_none_are_refused(office: Office, rows: str) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    with pytest.raises(tk.ValidationError):
        office.call("editor", "satudata_table_show", resource_id=resource_id, rows=rows)


def test_the_gate_is_open_for_a_clean_table(office: Office) -> None:
    dataset_id, _resource_id = office.judged(GOOD)
    assert gate(dataset_id) == []


def test_the_gate_names_the_faulty_file(office: Office) -> None:
    dataset_id, _resource_id = office.judged(GOOD)
    second = office.upload(dataset_id, BAD, "kedua.csv")
    check_all()
    assert gate(dataset_id) == [("qa_errors", second["id"])]


def test_the_gate_says_that_a_check_still_runs(office: Office) -> None:
    made = office.dataset(GOOD)
    assert gate(made["id"]) == [("qa_running", made["resources"][0]["id"])]


def test_a_good_report_on_an_older_file_does_not_open_the_gate(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    office.replace(resource_id, BAD)
    assert gate(dataset_id) == [("qa_running", resource_id)]


@pytest.mark.thorough
def test_an_unreadable_file_closes_the_gate(office: Office) -> None:
    dataset_id, resource_id = office.judged("<html><body>x</body></html>")
    assert gate(dataset_id) == [("qa_unreadable", resource_id)]


def test_a_report_under_older_rules_does_not_open_the_gate(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    (run,) = runs(resource_id)
    tables.change_run(run["id"], rules_key="older")
    assert gate(dataset_id) == [("qa_outdated", resource_id)]
    assert office.show(resource_id)["outdated"] is True


def test_a_link_does_not_close_this_gate(office: Office) -> None:
    made = office.dataset(None)
    office.call("editor", "resource_create", package_id=made["id"], url="https://example.org/tabel.csv")
    assert gate(made["id"]) == []


@pytest.mark.thorough
def test_sentences_come_in_english_too(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    spoken = [
        office.call("editor", "satudata_qa_show", resource_id=resource_id, language=language)["report"]["findings"][0]
        for language in ("id", "en")
    ]
    assert spoken[0]["problem"] != spoken[1]["problem"]
