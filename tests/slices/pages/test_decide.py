"""Decisions through the pages: what was refused says why, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.slices.pages.conftest import Story


@pytest.fixture
def submitted(story: Story) -> dict[str, Any]:
    made = story.dataset()
    story.decide("operator", made["id"], "submit")
    return made


def state(story: Story, dataset: dict[str, Any]) -> str:
    return story.act("sysadmin", "satudata_case_show", id=dataset["id"])["state"]


def test_a_producer_submits_on_the_status_page(story: Story):
    made = story.dataset()
    page = f"/dataset/{made['name']}/status"
    assert "Ajukan untuk diperiksa" in story.open("operator", page).text
    assert story.send_seen("operator", page, page, transition="submit").status == 302
    assert state(story, made) == "in_review"
    assert "Tarik kembali" in story.open("operator", page).text


def test_a_closed_submission_lists_every_reason_with_its_place(story: Story):
    made = story.act("operator", "package_create", title="Kunjungan Posyandu", owner_org=story.dinkes["id"])
    answer = story.open("operator", f"/dataset/{made['name']}/status")
    assert "Belum bisa karena:" in answer.text
    reasons = answer.body.split('class="sd-why"')[1].split("</ul>")[0]
    assert reasons.count("<li>") > 8
    assert reasons.count("<a href=") == reasons.count("<li>")


def test_the_walidata_returns_with_a_note(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    said = {"note": "Satuan belum tepat.", "reason_code": "metadata"}
    answer = story.send_seen("walidata", page, page, transition="return", **said)
    assert answer.status == 302
    assert answer.location.endswith("/meja-kerja")
    work = story.open("operator", "/pekerjaan-saya").text
    assert "1 dataset dikembalikan kepada Anda." in work
    assert "“Satuan belum tepat.”" in work


def test_a_return_without_a_note_is_refused(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    answer = story.send_seen("walidata", page, page, transition="return", note="  ")
    assert answer.status == 400
    assert "Keputusan Anda tidak disimpan." in answer.text
    assert state(story, submitted) == "in_review"


def test_a_late_click_keeps_the_note(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    seen = story.open("walidata", page)
    story.decide("operator", submitted["id"], "withdraw")
    story.decide("operator", submitted["id"], "submit")
    stale = {"expected": seen.field("expected"), "content_hash": seen.field("content_hash")}
    answer = story.send("walidata", page, **stale, transition="return", note="Satuan belum tepat.")
    assert answer.status == 409
    assert "Keputusan Anda tidak disimpan:" in answer.text
    assert ">Satuan belum tepat.</textarea>" in answer.body
    assert state(story, submitted) == "in_review"


def test_a_double_click_decides_once(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    seen = story.open("walidata", page)
    form = {"expected": seen.field("expected"), "content_hash": seen.field("content_hash"), "transition": "pass"}
    assert story.send("walidata", page, **form).status == 302
    assert story.send("walidata", page, **form).status == 409
    events = story.act("walidata", "satudata_history", id=submitted["id"])
    assert [event["transition"] for event in events] == ["pass", "submit"]


def test_a_broken_form_is_refused_not_a_crash(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    for expected in ("", "bukan-json", "[]", '{"state": 1}', '{"state": "in_review", "stage": [], "round": "x"}'):
        answer = story.send("walidata", page, expected=expected, content_hash="", transition="pass")
        assert answer.status in (400, 409), expected
    assert state(story, submitted) == "in_review"


def test_an_unknown_step_is_refused(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    assert story.send_seen("walidata", page, page, transition="sulap").status == 400


def test_one_who_may_not_decide_is_shown_no_button(story: Story, submitted: dict[str, Any]):
    text = story.open("operator", f"/dataset/{submitted['name']}/status").text
    assert "Setujui" not in text
    page = f"/dataset/{submitted['name']}/status"
    assert story.send_seen("operator", page, page, transition="pass").status == 400
    assert state(story, submitted) == "in_review"


def test_the_review_shows_what_changed_since_the_last_round(story: Story, submitted: dict[str, Any]):
    story.decide("walidata", submitted["id"], "return", "Satuan belum tepat.")
    story.act("operator", "package_patch", id=submitted["id"], sds_satuan="Puskesmas")
    story.decide("operator", submitted["id"], "submit")
    answer = story.open("walidata", f"/dataset/{submitted['name']}/tinjau")
    assert "Yang berubah sejak putaran lalu" in answer.text
    assert "<del>Unit</del> <ins>Puskesmas</ins>" in answer.body
    assert "“Satuan belum tepat.”" in answer.text


def test_passing_leads_on_to_publishing(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    passed = story.send_seen("walidata", page, page, transition="pass")
    assert passed.location.endswith(page)
    published = story.send_seen("walidata", page, page, transition="publish")
    assert published.location.endswith(f"/dataset/{submitted['name']}")
    assert story.open(None, f"/dataset/{submitted['name']}").status == 200


def test_the_queue_filters(story: Story, submitted: dict[str, Any]):
    other = story.dataset("Jumlah Apotek Menurut Kecamatan")
    story.decide("operator", other["id"], "submit")
    everything = story.open("walidata", "/meja-kerja").text
    assert "2 dataset menunggu Anda." in everything
    found = story.open("walidata", "/meja-kerja?q=apotek").text
    assert "Jumlah Apotek" in found
    assert submitted["title"] not in found
    assert "Tidak ada dataset yang cocok" in story.open("walidata", "/meja-kerja?q=tidakada").text
    assert story.open("walidata", "/meja-kerja?tahap=ngawur").status == 302
    assert story.open("walidata", "/meja-kerja?page=-3").status == 400


def test_notices_are_counted_and_read(story: Story, submitted: dict[str, Any]):
    story.decide("walidata", submitted["id"], "return", "Satuan belum tepat.")
    page = story.open("operator", "/notifikasi")
    assert "1 notifikasi belum dibaca." in page.text
    story.open("operator", f"/dataset/{submitted['name']}/status")
    assert "Semua sudah Anda baca." in story.open("operator", "/notifikasi").text
    assert story.send("operator", "/notifikasi", id="tidak-ada").status == 404
