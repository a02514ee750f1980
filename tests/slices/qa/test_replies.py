"""Findings are explained by the producer and set aside by a role; both hold for the same cells and are kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.qa import contributions, replying
from ckanext.satudata.qa.model import reply_table
from tests.slices.qa.conftest import BAD, GOOD, Office, check_all

WHY = "Angka ini memang dari surat keputusan, sudah dicocokkan."
NIK = "kecamatan,tahun,jumlah\n3204010101900001,2024,12\n3204014202910002,2024,30\n"


def finding(office: Office, resource_id: str, check: str) -> dict[str, Any]:
    found = [one for one in office.show(resource_id, "sysadmin")["report"]["findings"] if one["check"] == check]
    assert found, check
    return found[0]


def explain(office: Office, resource_id: str, check: str = "IS-02", who: str | None = "editor", text: str = WHY) -> Any:
    mark = finding(office, resource_id, check)["mark"]
    return office.call(who, "satudata_qa_explain", resource_id=resource_id, finding=mark, text=text)


def waive(office: Office, resource_id: str, check: str = "IS-02", who: str | None = "reviewer", text: str = WHY) -> Any:
    mark = finding(office, resource_id, check)["mark"]
    return office.call(who, "satudata_qa_waive", resource_id=resource_id, finding=mark, text=text)


def hindered(dataset_id: str, step: str) -> list[str]:
    """Codes and counts of what the gate says."""
    view = SubjectView("dataset", dataset_id, "Jumlah", None, "", "", "/")
    found = contributions.gates()["qa_passed"](step, view)
    return [f"{one.code} {dict(one.parameters).get('count', '')}".strip() for one in found]


def codes(refused: pytest.ExceptionInfo[tk.ValidationError]) -> list[str]:
    errors: dict[str, Any] = refused.value.error_dict
    return [one["code"] for one in errors["reasons"]]


def errors_of(office: Office, dataset_id: str) -> int:
    return office.call("sysadmin", "satudata_qa_summary", id=dataset_id)["errors"]


def test_an_explained_error_may_be_submitted_but_not_published(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    assert hindered(dataset_id, "submit") == ["qa_errors 2"]
    explain(office, resource_id)
    explain(office, resource_id, "DU-01")
    assert hindered(dataset_id, "submit") == []
    assert hindered(dataset_id, "publish") == ["qa_errors 2"]


def test_what_is_set_aside_is_in_no_way_any_more(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    office.hand_in(dataset_id)
    waive(office, resource_id)
    assert hindered(dataset_id, "publish") == ["qa_errors 1"]
    waive(office, resource_id, "DU-01")
    assert hindered(dataset_id, "publish") == []
    assert errors_of(office, dataset_id) == 0


def test_an_explanation_is_not_asked_for_again_in_the_next_file(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    office.replace(resource_id, BAD.replace("Cibiru,2024,9\nCibiru,2024,9\n", "Cibiru,2024,9\nIbun,2024,5\n"))
    check_all()
    found = finding(office, resource_id, "IS-02")
    assert found["explained"]
    assert [one["text"] for one in found["replies"]] == [WHY]
    assert hindered(dataset_id, "submit") == []


def test_it_is_asked_again_for_another_value(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    office.replace(resource_id, BAD.replace("banyak", "sedikit"))
    check_all()
    assert finding(office, resource_id, "IS-02")["replies"] == []
    assert hindered(dataset_id, "submit") == ["qa_errors 2"]


def test_it_is_asked_again_for_one_more_cell(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    office.replace(resource_id, BAD + "Ibun,2024,sedikit\n")
    check_all()
    found = finding(office, resource_id, "IS-02")
    assert (len(found["replies"]), found["explained"]) == (1, False)


def test_the_same_finding_explained_anew_keeps_one_explanation(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    explain(office, resource_id, text="Sudah diperbaiki menurut catatan lapangan.")
    assert len(finding(office, resource_id, "IS-02")["replies"]) == 1


def test_numbers_of_persons_in_a_text_are_hidden(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id, text="Sesuai data ibu dengan NIK 3204014202910002 di desa.")
    (told,) = finding(office, resource_id, "IS-02")["replies"]
    assert "3204014202910002" not in told["text"]
    assert "3204*" in told["text"]


def test_identity_numbers_are_only_mended(office: Office) -> None:
    dataset_id, resource_id = office.judged(NIK)
    with pytest.raises(tk.ValidationError) as refused:
        explain(office, resource_id, "DP-01")
    assert codes(refused) == ["qa_only_mended"]
    with pytest.raises(tk.ValidationError) as refused:
        waive(office, resource_id, "DP-01", "sysadmin")
    assert codes(refused) == ["qa_only_mended"]
    assert hindered(dataset_id, "submit") != []


def test_a_short_word_is_no_explanation(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    with pytest.raises(tk.ValidationError) as refused:
        explain(office, resource_id, text=" ok ")
    assert "text" in refused.value.error_dict


def test_a_finding_that_is_there_no_more_cannot_be_answered(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    mark = finding(office, resource_id, "IS-02")["mark"]
    office.replace(resource_id, GOOD)
    asked = {"resource_id": resource_id, "finding": mark, "text": WHY}
    with pytest.raises(tk.ValidationError) as refused:
        office.call("editor", "satudata_qa_explain", **asked)
    assert codes(refused) == ["qa_no_report"]
    check_all()
    with pytest.raises(tk.ValidationError) as refused:
        office.call("editor", "satudata_qa_explain", **asked)
    assert codes(refused) == ["qa_finding_gone"]


def test_in_review_nothing_is_explained(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    office.hand_in(dataset_id)
    with pytest.raises(tk.ValidationError) as refused:
        explain(office, resource_id)
    assert codes(refused) == ["qa_in_review"]


def test_of_a_decided_dataset_nothing_is_set_aside(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    model.Session.execute(
        sa.text("update satudata_case set state = 'rejected' where subject_id = :id"), {"id": dataset_id}
    )
    model.Session.commit()
    with pytest.raises(tk.ValidationError) as refused:
        waive(office, resource_id, who="sysadmin")
    assert codes(refused) == ["qa_not_open"]


@pytest.mark.parametrize("who", ["member", "stranger", None])
def test_only_editors_explain(office: Office, who: str | None) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    with pytest.raises(tk.NotAuthorized):
        explain(office, resource_id, who=who)


@pytest.mark.parametrize("who", ["editor", "member", "stranger", None])
def test_only_the_named_role_sets_aside(office: Office, who: str | None) -> None:
    dataset_id, resource_id = office.judged(BAD)
    office.hand_in(dataset_id)
    with pytest.raises(tk.NotAuthorized):
        waive(office, resource_id, who=who)


def test_the_role_reads_no_draft_and_sets_nothing_aside_there(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    with pytest.raises(tk.NotAuthorized):
        waive(office, resource_id)


def test_who_wrote_it_does_not_set_it_aside(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tk.get_action("satudata_grant_create")({"user": site}, {"user": "orang-editor", "role": "walidata"})
    office.hand_in(dataset_id)
    with pytest.raises(tk.ValidationError) as refused:
        waive(office, resource_id, who="editor")
    assert codes(refused) == ["qa_own_work"]


def test_a_question_that_is_in_nobodys_way_is_not_set_aside(office: Office) -> None:
    table = "kecamatan,tahun,kerugian\n" + "".join(f"Desa {n},2024,{n * 7}\n" for n in range(1, 30))
    dataset_id, resource_id = office.judged(table, kamus_data=[])
    office.hand_in(dataset_id)
    with pytest.raises(tk.ValidationError) as refused:
        waive(office, resource_id, "SU-01")
    assert codes(refused) == ["qa_not_in_the_way"]


def test_the_history_tells_what_was_set_aside_and_what_counts_again(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    office.hand_in(dataset_id)
    waive(office, resource_id)
    (reply,) = finding(office, resource_id, "IS-02")["replies"]
    back = {"resource_id": resource_id, "reply": reply["id"], "text": "Ternyata salah ketik."}
    with pytest.raises(tk.ValidationError):
        office.call("reviewer", "satudata_qa_withdraw", **{**back, "text": ""})
    office.call("reviewer", "satudata_qa_withdraw", **back)
    told = office.call("sysadmin", "satudata_history", id=dataset_id)[:2]
    assert [one["transition"] for one in told] == ["waiver_withdrawn", "finding_waived"]
    assert [one["role"] for one in told] == ["walidata", "walidata"]
    assert WHY in told[1]["note"]
    assert "Ternyata salah ketik." in told[0]["note"]
    assert hindered(dataset_id, "publish") == ["qa_errors 2"]


def test_an_explanation_is_taken_back(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    (reply,) = finding(office, resource_id, "IS-02")["replies"]
    office.call("editor", "satudata_qa_withdraw", resource_id=resource_id, reply=reply["id"])
    assert hindered(dataset_id, "submit") == ["qa_errors 2"]
    with pytest.raises(tk.ValidationError) as refused:
        office.call("editor", "satudata_qa_withdraw", resource_id=resource_id, reply=reply["id"])
    assert codes(refused) == ["qa_no_reply"]


def test_the_producer_does_not_take_back_what_a_role_set_aside(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    office.hand_in(dataset_id)
    waive(office, resource_id)
    (reply,) = finding(office, resource_id, "IS-02")["replies"]
    with pytest.raises(tk.NotAuthorized):
        office.call("editor", "satudata_qa_withdraw", resource_id=resource_id, reply=reply["id"])


def test_the_score_is_the_files_own(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    before = office.show(resource_id)["report"]["score"]
    explain(office, resource_id)
    assert office.show(resource_id)["report"]["score"] == before


def test_the_desk_filters_by_what_is_still_open(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    office.hand_in(dataset_id)
    for check in ("IS-02", "DU-01"):
        waive(office, resource_id, check)
    query = sa.text("select qa_result from satudata_case where subject_id = :id")
    assert model.Session.execute(query, {"id": dataset_id}).scalar() in ("passed", "warnings")


def test_replies_are_carried_to_a_copy_and_back(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    other = office.dataset(GOOD)
    copied = other["resources"][0]["id"]
    replying.carry(resource_id, copied, other["id"])
    replying.carry(resource_id, copied, other["id"])
    (row,) = replying.holding([copied])[copied]
    assert (row["text"], row["package_id"]) == (WHY, other["id"])
    replying.end(row["id"], "seseorang", None)
    replying.carry(copied, resource_id, dataset_id)
    assert replying.holding([resource_id]) == {}


def test_after_a_takedown_nothing_of_it_is_left(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    call_action("satudata_qa_forget", {"ignore_auth": True}, resource_ids=[resource_id], sha256=[])
    assert model.Session.execute(sa.select(reply_table.c.id)).all() == []


def test_after_a_purge_nothing_of_it_is_left(office: Office) -> None:
    dataset_id, resource_id = office.judged(BAD)
    explain(office, resource_id)
    contributions.ticks()["qa_replies"]()
    assert replying.holding([resource_id]) != {}
    office.call("editor", "package_delete", id=dataset_id)
    office.call("sysadmin", "dataset_purge", id=dataset_id)
    contributions.ticks()["qa_replies"]()
    assert model.Session.execute(sa.select(reply_table.c.id)).all() == []


def send(office: Office, who: str, place: tuple[str, str], **form: str) -> Any:
    """Send a form of the report, with the token of the page."""
    page = office.page(who, *place).body
    token = re.search(r'<input[^>]*name="([^"]*csrf[^"]*)"[^>]*value="([^"]+)"', page)
    assert token is not None
    url = f"/dataset/{place[0]}/resource/{place[1]}/qa/jawaban"
    headers = {"Authorization": office.tokens[who]}
    answer = office.client.post(url, headers=headers, data={token[1]: token[2], **form}, follow_redirects=False)
    model.Session.rollback()
    return answer


def test_the_producer_explains_on_the_page_without_javascript(office: Office) -> None:
    place = office.judged(BAD)
    mark = finding(office, place[1], "IS-02")["mark"]
    assert send(office, "editor", place, do="explain", finding=mark, text=WHY).status_code == 302
    page = office.page("editor", *place).body
    assert WHY in page
    assert "1 sudah dijawab" in page
    assert "Tarik penjelasan" in page


def test_a_refused_text_stays_in_its_form(office: Office) -> None:
    place = office.judged(BAD)
    mark = finding(office, place[1], "IS-02")["mark"]
    page = send(office, "editor", place, do="explain", finding=mark, text="<b>ok</b>").body
    assert "sedikitnya satu kalimat" in page
    assert "&lt;b&gt;ok&lt;/b&gt;</textarea>" in page


def test_a_reviewer_sets_aside_on_the_page_and_counts_again(office: Office) -> None:
    place = office.judged(BAD)
    office.hand_in(place[0])
    assert "Jelaskan" not in office.page("reviewer", *place).body
    mark = finding(office, place[1], "IS-02")["mark"]
    assert send(office, "reviewer", place, do="waive", finding=mark, text=WHY).status_code == 302
    assert re.search(r"Dikesampingkan, \w", office.page("reviewer", *place).body)
    (reply,) = finding(office, place[1], "IS-02")["replies"]
    assert send(office, "reviewer", place, do="withdraw", reply=reply["id"], text="Salah lihat.").status_code == 302
    assert finding(office, place[1], "IS-02")["replies"] == []


def test_a_mere_member_gets_no_forms(office: Office) -> None:
    page = office.page("member", *office.judged(BAD)).body
    assert "qa/jawaban" not in page


def test_what_is_only_mended_offers_nothing_to_say(office: Office) -> None:
    page = office.page("sysadmin", *office.judged(NIK)).body
    first = page[page.index('id="t1"') : page.index("</article>")]
    assert "NIK" in first
    assert "qa/jawaban" not in first


def test_a_forged_answer_is_refused(office: Office) -> None:
    place = office.judged(BAD)
    assert send(office, "editor", place, do="delete").status_code == 400


def test_the_page_never_shows_a_score_without_day_rules_and_file(office: Office) -> None:
    place = office.judged(BAD)
    report = office.show(place[1])["report"]
    page = office.page("editor", *place).body
    section = page[page.index('id="q-score"') :]
    for part in ("dari 100", report["rule_version"], report["file"]["sha256"][:12], str(datetime.now(UTC).year)):
        assert part in section
    assert page.count("dari 100") == section.count("dari 100")


def test_every_lost_point_names_its_finding(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    report = office.show(resource_id)["report"]
    account = report["account"]
    assert round(100 - account["lost"], 1) == report["score"]
    points = {one["number"]: one["points"] for one in report["findings"] if one["points"]}
    for parts in (account["principles"], account["dimensions"]):
        named = {one["number"]: one["points"] for part in parts for one in part["findings"]}
        assert named == points
