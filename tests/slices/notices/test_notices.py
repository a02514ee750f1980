"""Whoever is concerned is told, in the portal and by mail; a mail never stands in the way of a decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from rq import Queue

from ckanext.satudata.notices import delivery
from tests.slices.workflow.conftest import Office

from .conftest import Peer

pytestmark = pytest.mark.usefixtures("app")


def _told(office: Office, who: str) -> list[str]:
    return [found["key"] for found in office.call(who, "satudata_notice_list")["results"]]


def _waiting() -> int:
    query = sa.text("select count(*) from satudata_outbox where state = 'waiting'")
    return int(model.Session.execute(query).scalar_one())


def _make_due() -> None:
    model.Session.execute(sa.text("update satudata_outbox set next_try = now()"))
    model.Session.commit()


def test_each_step_is_told_to_whom_it_concerns(office: Office) -> None:
    """The reviewers whose turn it is, and the producers whose data it is; never the actor, never another office's."""
    dataset = office.dataset()
    office.decide("operator", dataset, "submit")
    assert _told(office, "walidata") == ["to_review"]
    office.decide("walidata", dataset, "return", note="Satuan salah.", reason_code="metadata")
    assert _told(office, "operator") == ["returned"]
    assert _told(office, "operator_dua") == ["returned"]
    office.decide("operator", dataset, "submit")
    office.decide("walidata", dataset, "pass")
    office.decide("walidata", dataset, "publish")
    assert _told(office, "operator") == ["published", "approved", "returned"]
    assert _told(office, "walidata") == ["to_review", "to_review"]
    for stranger in ("walidata_dua", "operator_lain", "tamu", "anggota"):
        assert _told(office, stranger) == []


def test_who_may_no_longer_read_is_told_nothing(office: Office, submitted: str) -> None:
    """The submitter left the office: no title reaches them."""
    office.call("admin", "organization_member_delete", id="dinkes", username="operator")
    office.decide("walidata", submitted, "return", note="Satuan salah.", reason_code="metadata")
    assert _told(office, "operator") == []
    assert _told(office, "operator_dua") == ["returned"]


def test_an_objection_that_passes_through_the_walidata_is_not_yet_the_producers(office: Office) -> None:
    dataset = office.dataset()
    office.call("walidata", "satudata_prioritas_set", id=dataset, data_prioritas=True, tahun=2026)
    office.decide("operator", dataset, "submit")
    office.decide("walidata", dataset, "pass")
    assert _told(office, "pembina") == ["to_review"]
    office.decide("pembina", dataset, "return", note="Definisi.", reason_code="standar_data")
    assert _told(office, "walidata")[0] == "came_back"
    assert "returned" not in _told(office, "operator")


def test_a_notice_is_a_sentence_with_a_link(office: Office, submitted: str) -> None:
    found = office.call("walidata", "satudata_notice_list")
    assert found["unread"] == 1
    assert found["results"][0]["text"] == "“Jumlah Rumah 1” dari Dinas Kesehatan menunggu Anda periksa."
    assert found["results"][0]["detail"].startswith("Tahap: Pemeriksaan Walidata. Paling lambat ")
    assert found["results"][0]["link"] == f"/dataset/{submitted}/tinjau"


@pytest.mark.usefixtures("submitted")
def test_reading_marks_only_my_own(office: Office) -> None:
    notice = office.call("walidata", "satudata_notice_list")["results"][0]["id"]
    with pytest.raises(tk.ObjectNotFound):
        office.call("operator", "satudata_notice_read", id=notice)
    with pytest.raises(tk.ValidationError):
        office.call("walidata", "satudata_notice_read")
    assert office.call("walidata", "satudata_notice_read", id=notice) == {"unread": 0}
    assert office.call("walidata", "satudata_notice_list", unread_only=True)["results"] == []
    assert office.call("walidata", "satudata_notice_list")["results"][0]["read"] is True


@pytest.mark.parametrize("data", [{"subject_id": "x"}, {"all": True}])
def test_reading_by_dataset_or_all(office: Office, submitted: str, data: dict[str, Any]) -> None:
    data = {"subject_id": submitted} if "subject_id" in data else data
    assert office.call("walidata", "satudata_notice_read", **data) == {"unread": 0}


def test_a_visitor_has_no_notices(office: Office) -> None:
    for action in ("satudata_notice_list", "satudata_notice_read"):
        with pytest.raises(tk.NotAuthorized):
            office.call("", action)


def test_a_mail_carries_a_link_and_no_note(office: Office, peer: Peer) -> None:
    dataset = office.dataset(title="Rumah & <b>Jalan</b>", notes="Uji.")
    office.decide("operator", dataset, "submit")
    office.decide("walidata", dataset, "return", note="Rahasia pemeriksa.", reason_code="isi_data")
    assert delivery.deliver() == 3
    (mail,) = peer.to("operator_dua")
    assert mail["Subject"] == "Perlu perbaikan: dataset Dinas Kesehatan"
    text = mail.get_content()
    assert "Jalan" not in text, "a title that is not public may reach the wrong box"
    assert f"{tk.config['ckan.site_url']}/dataset/{dataset}/status" in text
    assert "Rahasia" not in text
    assert _waiting() == 0


def test_a_mail_in_english_where_english_is_the_sites_language(
    office: Office, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckan.locale_default", "en")
    office.decide("operator", office.dataset(), "submit")
    delivery.deliver()
    assert peer.to("walidata")[0]["Subject"].startswith("Waiting for your review:")


def test_decisions_go_on_while_the_mail_server_is_down(office: Office) -> None:
    """The test portal's mail server does not exist: the mail waits, later each time, and says why."""
    office.decide("operator", office.dataset(), "submit")
    assert delivery.deliver() == 0
    row = model.Session.execute(sa.text("select * from satudata_outbox")).mappings().one()
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert row["last_error"]
    assert datetime.now(UTC) < row["next_try"] < datetime.now(UTC) + timedelta(minutes=2)
    assert delivery.deliver() == 0
    assert model.Session.execute(sa.text("select attempts from satudata_outbox")).scalar_one() == 1


def test_what_waited_is_delivered_as_the_same_mail(office: Office, peer: Peer) -> None:
    office.decide("operator", office.dataset(), "submit")
    peer.refuse = 1
    assert delivery.deliver() == 0
    _make_due()
    assert delivery.deliver() == 1
    message_id = model.Session.execute(sa.text("select message_id from satudata_outbox")).scalar_one()
    assert [mail["Message-Id"] for mail in peer.mails] == [message_id]


def test_a_crash_after_sending_repeats_with_the_same_message_id(office: Office, peer: Peer) -> None:
    office.decide("operator", office.dataset(), "submit")
    assert delivery.deliver() == 1
    # As the row looks when the worker died between the mail server's answer and our commit.
    model.Session.execute(sa.text("update satudata_outbox set state = 'waiting', sent_at = null, next_try = now()"))
    model.Session.commit()
    assert delivery.deliver() == 1
    assert len({mail["Message-Id"] for mail in peer.mails}) == 1
    assert len({mail.get_content() for mail in peer.mails}) == 1


def test_after_a_week_a_mail_is_given_up(office: Office) -> None:
    office.decide("operator", office.dataset(), "submit")
    model.Session.execute(sa.text("update satudata_outbox set created = now() - interval '8 days'"))
    model.Session.commit()
    delivery.deliver()
    assert _waiting() == 0


def test_no_mail_to_who_is_gone(office: Office, peer: Peer) -> None:
    office.decide("operator", office.dataset(), "submit")
    office.call("admin", "user_delete", id="walidata")
    assert delivery.deliver() == 0
    assert peer.mails == []
    assert _waiting() == 0


@pytest.mark.usefixtures("submitted")
def test_a_decision_wakes_the_worker() -> None:
    """One job after the commit; the tick finds what a lost job leaves."""
    from ckan.lib import jobs

    queue: Queue = jobs.get_queue()
    assert [job.func_name for job in queue.jobs].count("ckanext.satudata.notices.delivery.deliver") == 1


@pytest.mark.usefixtures("submitted")
def test_the_tick_delivers(peer: Peer) -> None:
    from ckanext.satudata.bridge import clock, contributions

    assert clock.tick({"outbox": contributions.ticks()["outbox"]}) == 0
    assert len(peer.to("walidata")) == 1


def test_a_user_without_address_gets_only_the_notice(office: Office) -> None:
    user = factories.User(name="tanpa_surel")
    model.Session.execute(sa.text("update \"user\" set email = null where name = 'tanpa_surel'"))
    model.Session.commit()
    office.users["tanpa_surel"] = user
    office.grant("tanpa_surel", "walidata")
    office.decide("operator", office.dataset(), "submit")
    assert _told(office, "tanpa_surel") == ["to_review", "grant_given"]
    assert _waiting() == 1
