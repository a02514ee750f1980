"""The producer accepts what the machine proposes: the mended file is a new upload, and every change is listed."""

from __future__ import annotations

import csv
import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.qa.mending import kept, making
from tests.slices.qa.conftest import GOOD, Office, check_all, path_of, work_off

TABLE = (
    "kecamatan;tahun;jumlah\n(1);(2);(3)\nSukamaju ;2024;1.234.567\nMekarsari;2024;30.500\nCibiru;2024;9\nJUMLAH;;7\n"
)
WITHOUT_BLANKS = TABLE.replace("Sukamaju ", "Sukamaju")


def plan(office: Office, resource_id: str, who: str = "editor", **asked: Any) -> dict[str, Any]:
    return office.call(who, "satudata_qa_mend_plan", resource_id=resource_id, **asked)


def mend(office: Office, resource_id: str, *kinds: str, who: str | None = "editor", **changed: Any) -> dict[str, Any]:
    sha256 = plan(office, resource_id)["sha256"]
    asked = {"resource_id": resource_id, "sha256": sha256, "kinds": list(kinds), **changed}
    return office.call(who, "satudata_qa_mend", **asked)


def sentences(refused: pytest.ExceptionInfo[tk.ValidationError]) -> str:
    return " ".join(str(one) for one in refused.value.error_summary.values())


def test_a_plan_counts_every_kind_and_changes_nothing(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    told = plan(office, resource_id)
    assert {kind["id"]: kind["count"] for kind in told["kinds"]} == {
        **{"file": 1, "blanks": 1, "thousands": 2, "numbering": 1},
        "totals": 1,
    }
    assert path_of(resource_id).read_text() == TABLE


def test_a_plan_lists_the_changes_of_the_kinds_asked_for(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    told = plan(office, resource_id, kinds="blanks,thousands", limit=2)
    assert (told["total"], told["counts"]) == (3, {"blanks": 1, "thousands": 2})
    assert [(one["row"], one["column"], one["before"], one["after"]) for one in told["changes"]] == [
        (3, "kecamatan", "Sukamaju ", "Sukamaju"),
        (3, "jumlah", "1.234.567", "1234567"),
    ]


def test_only_what_was_accepted_is_mended(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    assert mend(office, resource_id, "blanks")["state"] == "done"
    assert path_of(resource_id).read_text() == WITHOUT_BLANKS


def test_the_mended_file_is_a_new_upload_that_is_checked(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    before = path_of(resource_id)
    mend(office, resource_id, "file", "blanks", "thousands", "numbering", "totals")
    assert before.read_text() == TABLE  # the earlier bytes stay
    assert office.show(resource_id)["state"] == "queued"
    check_all()
    shown = office.show(resource_id)
    assert path_of(resource_id).read_text() == GOOD.replace("Sukamaju,2024,12", "Sukamaju,2024,1234567").replace(
        "30", "30500"
    )
    assert (shown["mendable"], shown["report"]["rows"]) == (0, 3)


def test_every_change_is_listed_with_the_new_file(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    assert office.call("editor", "satudata_qa_mended", resource_id=resource_id) == {}
    mend(office, resource_id, "blanks", "totals")
    listed = office.call("member", "satudata_qa_mended", resource_id=resource_id)
    assert (listed["made"], listed["kinds"]) == (2, {"blanks": 1, "totals": 1})
    assert [(one["row"], one["gone"]) for one in listed["changes"]] == [(3, False), (6, True)]


def test_another_upload_has_no_list(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    mend(office, resource_id, "blanks")
    office.replace(resource_id, GOOD)
    assert office.call("editor", "satudata_qa_mended", resource_id=resource_id) == {}


def test_a_stale_plan_is_refused(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    sha256 = plan(office, resource_id)["sha256"]
    office.replace(resource_id, WITHOUT_BLANKS + "Arjasari;2024;5\n")
    check_all()
    with pytest.raises(tk.ValidationError) as refused:
        mend(office, resource_id, "thousands", sha256=sha256)
    assert "tidak sama lagi" in sentences(refused)
    assert path_of(resource_id).read_text().endswith("Arjasari;2024;5\n")


def test_a_file_that_waits_for_its_check_is_not_mended(office: Office) -> None:
    made = office.dataset(TABLE)
    with pytest.raises(tk.ValidationError) as refused:
        mend(office, made["resources"][0]["id"], "blanks", sha256="0" * 64)
    assert "belum selesai diperiksa" in sentences(refused)


def test_a_double_press_mends_once(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    sha256 = plan(office, resource_id)["sha256"]
    mend(office, resource_id, "blanks", sha256=sha256)
    with pytest.raises(tk.ValidationError):
        mend(office, resource_id, "blanks", sha256=sha256)
    assert path_of(resource_id).read_text() == WITHOUT_BLANKS


def test_what_is_not_offered_cannot_be_chosen(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    with pytest.raises(tk.ValidationError):
        mend(office, resource_id, "blanks", "decimal")
    with pytest.raises(tk.ValidationError):
        mend(office, resource_id, "semuanya")
    assert path_of(resource_id).read_text() == TABLE


def test_nothing_can_be_mended_during_a_review(office: Office) -> None:
    dataset_id, resource_id = office.judged(TABLE)
    office.hand_in(dataset_id)
    with pytest.raises(tk.ValidationError) as refused:
        mend(office, resource_id, "blanks")
    assert "sedang diperiksa" in sentences(refused)
    assert path_of(resource_id).read_text() == TABLE
    assert not list(kept.folder(resource_id).glob("*.csv"))


def test_a_published_dataset_asks_for_a_working_copy(office: Office) -> None:
    dataset_id, resource_id = office.judged(TABLE)
    statement = "update satudata_case set state = 'published', approved = true where subject_id = :id"
    model.Session.execute(sa.text(statement), {"id": dataset_id})
    model.Session.commit()
    with pytest.raises(tk.ValidationError) as refused:
        mend(office, resource_id, "blanks")
    assert "versi berikutnya" in sentences(refused) or "Perubahan" in sentences(refused)
    assert path_of(resource_id).read_text() == TABLE


@pytest.mark.parametrize("who", ["member", "stranger", None])
def test_only_editors_may_have_it_done(office: Office, who: str | None) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    with pytest.raises(tk.NotAuthorized):
        mend(office, resource_id, "blanks", who=who)


def test_a_large_file_is_mended_by_a_job(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "AT_ONCE", 10)
    _dataset_id, resource_id = office.judged(TABLE)
    assert mend(office, resource_id, "blanks")["state"] == "waiting"
    assert plan(office, resource_id)["state"] == "waiting"
    work_off()
    model.Session.rollback()
    assert path_of(resource_id).read_text() == WITHOUT_BLANKS
    assert kept.order(resource_id) == {}


def test_a_job_that_is_refused_says_why(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "AT_ONCE", 10)
    dataset_id, resource_id = office.judged(TABLE)
    mend(office, resource_id, "blanks")
    office.hand_in(dataset_id)
    work_off()
    model.Session.rollback()
    told = plan(office, resource_id)
    assert told["state"] == "ready"
    assert "sedang diperiksa" in " ".join(told["why"])
    assert path_of(resource_id).read_text() == TABLE


def test_after_a_takedown_no_list_is_left(office: Office) -> None:
    _dataset_id, resource_id = office.judged(TABLE)
    mend(office, resource_id, "blanks")
    program: Any = {"ignore_auth": True, "defer_commit": True}
    asked = {"resource_ids": [resource_id], "sha256": []}
    assert f"mended/{resource_id}" in tk.get_action("satudata_qa_forget")(program, asked)["folders"]


def test_the_report_leads_to_the_page_of_mending(office: Office) -> None:
    place = office.judged(TABLE)
    assert "/qa/perbaiki" in office.page("editor", *place).body
    assert "/qa/perbaiki" not in office.page("member", *place).body
    assert "/qa/perbaiki" not in office.page("editor", *office.judged(GOOD)).body


def test_how_a_file_is_written_is_no_fault(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD.replace(",", ";"))
    shown = office.show(resource_id)
    assert (shown["mendable"], shown["rewritable"]) == (0, True)
    assert "/qa/perbaiki" in office.page("editor", dataset_id, resource_id).body


def test_only_sure_kinds_are_chosen_beforehand(office: Office) -> None:
    page = office.page("editor", *office.judged(TABLE), "/perbaiki").body
    ticked = {kind: f'value="{kind}" checked' in page for kind in ("blanks", "thousands", "numbering", "totals")}
    assert ticked == {"blanks": True, "thousands": True, "numbering": True, "totals": False}


def test_the_changes_are_shown_before_they_are_made(office: Office) -> None:
    place = office.judged(TABLE)
    page = office.page("editor", *place, "/perbaiki?jenis=blanks").body
    assert "“Sukamaju ”" in page
    assert "1.234.567" not in page
    assert path_of(place[1]).read_text() == TABLE


def test_the_button_mends_and_shows_what_was_done(office: Office) -> None:
    dataset_id, resource_id = office.judged(TABLE)
    answer = _press(office, "editor", dataset_id, resource_id, plan(office, resource_id)["sha256"])
    assert answer.status_code == 302
    page = office.page("editor", dataset_id, resource_id, "/perbaikan").body
    assert "1 perubahan sudah dibuat" in page
    assert "“Sukamaju ”" in page
    check_all()
    assert "/qa/perbaikan" in office.page("editor", dataset_id, resource_id).body


def test_a_refused_press_says_why_and_changes_nothing(office: Office) -> None:
    dataset_id, resource_id = office.judged(TABLE)
    answer = _press(office, "editor", dataset_id, resource_id, "0" * 64)
    assert answer.status_code == 400
    assert "tidak sama lagi" in answer.body
    assert path_of(resource_id).read_text() == TABLE


@pytest.mark.parametrize(
    "ending", ["/perbaiki", "/perbaiki/perubahan.csv?jenis=blanks", "/perbaikan", "/perbaikan.csv"]
)
@pytest.mark.parametrize("who", ["stranger", None])
def test_a_hidden_dataset_is_not_there_for_others(office: Office, who: str | None, ending: str) -> None:
    answer = office.page(who, *office.judged(TABLE), ending, follow_redirects=False)
    assert answer.status_code == 404
    assert "Sukamaju" not in answer.body


def test_the_lists_run_no_formula(office: Office) -> None:
    evil = TABLE.replace("Sukamaju ", '"=HYPERLINK(""http://x"") "')
    dataset_id, resource_id = office.judged(evil)
    before = _cells(office.page("editor", dataset_id, resource_id, "/perbaiki/perubahan.csv?jenis=blanks").body)
    mend(office, resource_id, "blanks")
    after = _cells(office.page("editor", dataset_id, resource_id, "/perbaikan.csv").body)
    assert before == after
    assert not [cell for cell in after if cell.startswith(("=", "+", "@"))]
    assert "=HYPERLINK" in path_of(resource_id).read_text()  # the file itself is the person's own


def test_cells_are_shown_never_run(office: Office) -> None:
    evil = TABLE.replace("Sukamaju ", "<script>alert(1)</script> ")
    assert "<script>alert(1)" not in office.page("editor", *office.judged(evil), "/perbaiki?jenis=blanks").body


def _cells(body: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(body.lstrip("\ufeff"))) for cell in row]


def _press(office: Office, who: str, dataset_id: str, resource_id: str, sha256: str) -> Any:
    url = f"/dataset/{dataset_id}/resource/{resource_id}/qa/perbaiki"
    data = {"jenis": "blanks", "sha256": sha256}
    headers = {"Authorization": office.tokens[who]}
    answer = office.client.post(url, headers=headers, data=data, follow_redirects=False)
    model.Session.rollback()
    return answer
