"""The review page: nothing is decided by accident, and what a decision lacks is told at its control."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.slices.pages.conftest import Story

from .reviewing import SAID, notes, review, state, status


def test_what_a_return_lacks_is_told_at_its_control(story: Story, submitted: dict[str, Any]):
    answer = story.send_seen("walidata", review(submitted), transition="return", note="Satuan.")
    assert answer.status == 400
    control = answer.body.split('id="reason_code"')[1]
    assert 'aria-invalid="true"' in control.split(">")[0]
    assert 'class="sd-msg"' in control[:3000]
    assert ">Satuan.</textarea>" in answer.body


def test_a_conflict_tells_what_happened_meanwhile(story: Story, submitted: dict[str, Any]):
    seen = story.open("walidata", review(submitted))
    story.decide("operator", submitted["id"], "withdraw")
    story.decide("operator", submitted["id"], "submit")
    stale = {name: seen.field(name) for name in ("expected", "content_hash", "terakhir", "kunci")}
    typed = {**SAID, "catatan:field::sds_satuan": "Pilih Puskesmas."}
    answer = story.send("walidata", review(submitted), **stale, transition="return", **typed)
    assert answer.status == 409
    meanwhile = answer.text.split("Sementara itu:")[1][:300]
    assert "Diajukan, putaran 2" in meanwhile
    assert "Ditarik kembali" in meanwhile
    assert ">Satuan belum tepat.</textarea>" in answer.body
    assert ">Pilih Puskesmas.</textarea>" in answer.body
    assert notes(story, "walidata", submitted) == []


def test_a_double_click_of_the_browser_decides_once_and_says_so_twice(story: Story, submitted: dict[str, Any]):
    seen = story.open("walidata", review(submitted))
    form = {name: seen.field(name) for name in ("expected", "content_hash", "terakhir", "kunci")}
    both = [story.send("walidata", review(submitted), **form, transition="return", **SAID) for _click in range(2)]
    assert [answer.status for answer in both] == [302, 302]
    events = story.act("walidata", "satudata_history", id=submitted["id"])
    assert [event["transition"] for event in events] == ["return", "submit"]


def test_a_decision_on_paper_is_entered_with_its_day(story: Story, submitted: dict[str, Any]):
    wrong = story.send_seen("walidata", review(submitted), transition="pass", happened="2999-01-01", letter="1/II")
    assert wrong.status == 400
    assert 'value="2999-01-01"' in wrong.body
    assert 'class="sd-msg"' in wrong.body.split('id="happened"')[1][:600]
    today = re.search(r'id="happened"[^>]*max="([^"]+)"', wrong.body)
    assert today is not None
    done = story.send_seen("walidata", review(submitted), transition="pass", happened=today.group(1), letter="1/II")
    assert done.status == 302
    event = story.act("walidata", "satudata_history", id=submitted["id"])[0]
    assert (event["happened"], event["letter"]) == (today.group(1), "1/II")


@pytest.mark.thorough
def test_a_release_is_scheduled_and_cancelled(story: Story, submitted: dict[str, Any]):
    story.decide("walidata", submitted["id"], "pass")
    page = review(submitted)
    for day, clock in (("", ""), ("2020-01-01", "09:00"), ("kapan", "saja")):
        refused = story.send_seen("walidata", page, transition="schedule", tanggal=day, jam=clock)
        assert refused.status == 400, day
        assert 'class="sd-msg"' in refused.body.split('id="jam"')[1][:900], day
    assert story.send_seen("walidata", page, transition="schedule", tanggal="2999-01-31", jam="09:00").status == 302
    case = story.act("walidata", "satudata_case_show", id=submitted["id"])
    assert case["release_at"] == "2999-01-31T02:00:00+00:00"  # 09.00 WIB
    assert "09.00 WIB" in story.open("operator", status(submitted)).text
    assert story.send_seen("walidata", page, transition="unschedule").status == 302
    assert story.act("walidata", "satudata_case_show", id=submitted["id"])["release_at"] is None


def test_who_works_on_it_is_seen_and_changed(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    assert "Belum ada yang mengambil." in story.open("walidata", page).text
    assert story.send_seen("walidata", page, do="claim#keputusan").status == 302
    assert "Diambil oleh Anda" in story.open("walidata", page).text
    assert "Diambil oleh Walidata, Staf 1" in story.open("operator", status(submitted)).text
    nobody = story.send_seen("walidata", page, do="assign#keputusan")
    assert nobody.status == 400
    assert story.send_seen("walidata", page, do="release#keputusan").status == 302
    assert "Belum ada yang mengambil." in story.open("walidata", page).text


def test_an_administrator_overrides_with_a_reason(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    assert "Putuskan sebagai pengelola portal" in story.open("sysadmin", page).text
    assert story.send_seen("sysadmin", page, transition="pass").status == 400
    assert story.send_seen("sysadmin", page, transition="pass", reason="Walidata sakit.").status == 302
    assert story.act("sysadmin", "satudata_history", id=submitted["id"])[0]["override"] is True


def test_an_administrator_opens_it_for_editing_with_a_reason(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    assert story.send_seen("sysadmin", page, do="unfreeze#keputusan").status == 400
    assert state(story, submitted) == "in_review"
    opened = story.send_seen("sysadmin", page, do="unfreeze#keputusan", reason="Salah unggah.")
    assert (opened.status, opened.location.endswith("/status")) == (302, True)
    assert state(story, submitted) == "draft"
    assert story.send_seen("walidata", page, do="unfreeze#keputusan", reason="Ingin mengubah.").status == 403
