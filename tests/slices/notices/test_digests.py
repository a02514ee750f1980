"""How people want to be told: at once, gathered once a day or once a week, or in the portal only."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import columns
from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.notices import delivery, digests, preferences

from .conftest import Levels, Peer, forget_what_was_told

WIB = ZoneInfo("Asia/Jakarta")
LINK = "http://satudata.test"


def on(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """A moment of October 2026; the 5th is a Monday."""
    return datetime(2026, 10, day, hour, minute, tzinfo=WIB)


def choose(levels: Levels, who: str, moment: datetime | None = None, **wishes: str) -> None:
    with columns.at(moment or on(4)):
        levels.call(who, "satudata_notice_preferences_update", **wishes)


def send(moment: datetime) -> int:
    with columns.at(moment):
        return digests.send()


def mail(peer: Peer, who: str, moment: datetime) -> Any:
    """The one mail to somebody."""
    with columns.at(moment):
        delivery.deliver()
    (found,) = peer.to(who)
    peer.mails.clear()
    return found


@pytest.fixture
def submitted(levels: Levels) -> str:
    """Handed in on Monday; the staff has until Thursday night. What was told is forgotten."""
    with columns.at(on(5)):
        dataset = levels.dataset()
        levels.decide("operator", dataset, "submit")
    forget_what_was_told()
    return dataset


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (on(5, 6, 59), {}),
        (on(5, 7), {"daily": 5, "weekly": 5}),
        (on(6, 6), {"weekly": 5}),
        (on(6, 7), {"daily": 6, "weekly": 5}),
        (on(10, 12), {"weekly": 5}),  # Saturday
        (on(11, 12), {"weekly": 5}),  # Sunday
        (on(12, 7), {"daily": 12, "weekly": 12}),
    ],
)
def test_when_digests_are_due(moment: datetime, expected: dict[str, int]) -> None:
    """On working days at seven; weekly on the first working day."""
    found = digests.slots(moment, Calendar())
    assert {mail: (slot.day, slot.hour) for mail, slot in found.items()} == {
        key: (day, 7) for key, day in expected.items()
    }


def test_the_weekly_digest_waits_for_the_first_working_day() -> None:
    """17 August 2026 is a Monday and Independence Day."""
    calendar = Calendar()
    assert "daily" not in digests.slots(datetime(2026, 8, 17, 9, tzinfo=WIB), calendar)
    assert digests.slots(datetime(2026, 8, 18, 9, tzinfo=WIB), calendar)["weekly"].day == 18


def test_seven_is_seven_in_the_region() -> None:
    assert (
        digests.slots(on(5, 5), Calendar("Asia/Jayapura"))["daily"].utcoffset()
        == on(5).replace(tzinfo=ZoneInfo("Asia/Jayapura")).utcoffset()
    )


class TestPreferences:
    def test_at_first_each_mail_in_the_portals_language(self, levels: Levels) -> None:
        assert levels.call("walidata", "satudata_notice_preferences_show") == {"mail": "each", "language": None}

    def test_what_is_not_given_stays(self, levels: Levels) -> None:
        choose(levels, "walidata", mail="daily")
        choose(levels, "walidata", language="en")
        assert levels.call("walidata", "satudata_notice_preferences_show") == {"mail": "daily", "language": "en"}
        choose(levels, "walidata", language="")
        assert levels.call("walidata", "satudata_notice_preferences_show") == {"mail": "daily", "language": None}

    @pytest.mark.parametrize("wrong", [{"mail": "hourly"}, {"mail": ""}, {"language": "jv"}, {"mail": ["each"]}])
    def test_another_word_is_refused(self, levels: Levels, wrong: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError):
            choose(levels, "walidata", **wrong)
        assert levels.call("walidata", "satudata_notice_preferences_show")["mail"] == "each"

    def test_a_visitor_has_none(self, levels: Levels) -> None:
        for action in ("satudata_notice_preferences_show", "satudata_notice_preferences_update"):
            with pytest.raises(tk.NotAuthorized):
                levels.call("", action)

    @pytest.mark.parametrize(("wish", "mails"), [("each", 1), ("daily", 0), ("weekly", 0), ("none", 0)])
    def test_only_who_wants_each_gets_each(self, levels: Levels, peer: Peer, wish: str, mails: int) -> None:
        """The notice in the portal comes always."""
        choose(levels, "walidata", mail=wish)
        levels.decide("operator", levels.dataset(), "submit")
        delivery.deliver()
        assert len(peer.to("walidata")) == mails
        assert levels.told("walidata") == ["to_review"]

    def test_mails_are_in_the_language_of_the_person(self, levels: Levels, peer: Peer) -> None:
        levels.grant("walidata_dua", "walidata", position="staf")
        forget_what_was_told()
        choose(levels, "walidata", language="en")
        levels.decide("operator", levels.dataset(), "submit")
        delivery.deliver()
        assert peer.to("walidata")[0]["Subject"] == "Waiting for your review: dataset of Dinas Kesehatan"
        assert peer.to("walidata_dua")[0]["Subject"] == "Menunggu Anda periksa: dataset Dinas Kesehatan"

    def test_the_portals_language_is_that_of_who_chose_none(
        self, monkeypatch: pytest.MonkeyPatch, levels: Levels
    ) -> None:
        monkeypatch.setitem(tk.config, "ckan.locale_default", "en")
        assert preferences.mail_language(levels.id("walidata")) == "en"


@pytest.mark.usefixtures("submitted")
def test_a_digest_counts_what_waits_and_names_no_title(levels: Levels, peer: Peer) -> None:
    choose(levels, "walidata", mail="daily")
    with columns.at(on(9, 6)):
        second = levels.dataset()
        levels.decide("operator", second, "submit")
    # What is late is counted by the clock of the database.
    later = sa.text("update satudata_case set due = now() + interval '30 days' where subject_id = :id")
    model.Session.execute(later, {"id": second})
    model.Session.commit()
    assert send(on(9)) == 1
    found = mail(peer, "walidata", on(9))
    assert found["Subject"] == "Satu Data Uji: 2 menunggu Anda, 1 lewat tenggat"
    text = found.get_content()
    assert "2 dataset menunggu Anda di meja kerja, 1 di antaranya lewat tenggat:\n" + LINK + "/meja-kerja" in text
    assert "1 notifikasi baru" in text
    assert LINK + "/notifikasi/pengaturan" in text
    assert "Jumlah Rumah" not in text


def test_the_producers_digest(levels: Levels, peer: Peer, submitted: str) -> None:
    choose(levels, "operator", mail="daily", language="en")
    with columns.at(on(6)):
        levels.decide("walidata", submitted, "return", note="Satuan.")
    assert send(on(14)) == 1
    text = mail(peer, "operator", on(14)).get_content()
    assert "1 datasets need work from you, 1 of them late:\n" + LINK + "/pekerjaan-saya" in text


@pytest.mark.usefixtures("submitted")
def test_silence_when_nothing_is_due(levels: Levels) -> None:
    """The division has nothing to do; the outsider neither."""
    for who in ("tamu", "operator_lain"):
        choose(levels, who, mail="daily")
    assert send(on(9)) == 0
    assert model.Session.execute(sa.text("select count(*) from satudata_outbox")).scalar_one() == 0


@pytest.mark.usefixtures("submitted")
def test_one_digest_a_day(levels: Levels) -> None:
    choose(levels, "walidata", mail="daily")
    moments = [on(6, 6), on(6, 7), on(6, 7, 1), on(6, 15), on(7, 7), on(10, 9)]
    assert [send(moment) for moment in moments] == [0, 1, 0, 0, 1, 0]


@pytest.mark.usefixtures("submitted")
def test_one_digest_a_week(levels: Levels) -> None:
    choose(levels, "walidata", on(6), mail="weekly")
    moments = [on(6, 8), on(9, 8), on(12, 6), on(12, 7), on(13, 7), on(19, 8)]
    assert [send(moment) for moment in moments] == [0, 0, 0, 1, 0, 1]


@pytest.mark.usefixtures("submitted")
def test_a_clock_that_stood_still_sends_one(levels: Levels) -> None:
    choose(levels, "walidata", mail="daily")
    assert [send(moment) for moment in (on(6), on(14), on(14, 9))] == [1, 1, 0]


@pytest.mark.usefixtures("submitted")
def test_two_clocks_at_once_send_one(levels: Levels) -> None:
    choose(levels, "walidata", mail="daily")
    sent: list[int] = []
    for day in (6, 7, 8, 9):
        given = (sent, on(day), threading.Barrier(2))
        threads = [threading.Thread(target=_work, args=given) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(sent) == 4
    assert model.Session.execute(sa.text("select count(*) from satudata_outbox")).scalar_one() == 4


def _work(sent: list[int], moment: datetime, barrier: threading.Barrier) -> None:
    barrier.wait()
    try:
        sent.append(send(moment))
    finally:
        model.Session.remove()


@pytest.mark.usefixtures("submitted")
def test_who_left_gets_none(levels: Levels) -> None:
    choose(levels, "walidata", mail="daily")
    levels.call("admin", "user_delete", id="walidata")
    assert send(on(6)) == 0
