"""People are reminded before a deadline, on its day, when it has passed, and then those above them: each once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import columns
from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.notices import delivery, reminders
from ckanext.satudata.notices.reminders import Rules

from .conftest import Levels, Peer, forget_what_was_told, letter

WIB = ZoneInfo("Asia/Jakarta")
# A Monday; no holiday in the two weeks that follow.
MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=WIB)


def on(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """A moment of October 2026."""
    return datetime(2026, 10, day, hour, minute, tzinfo=WIB)


def remind(moment: datetime) -> int:
    with columns.at(moment):
        return reminders.remind()


@pytest.fixture
def submitted(levels: Levels) -> str:
    """Handed in on Monday; the staff has until Thursday night."""
    with columns.at(MONDAY):
        dataset = levels.dataset()
        levels.decide("operator", dataset, "submit")
    forget_what_was_told()
    return dataset


def _case(due: datetime, since: datetime = MONDAY, *, work: bool = False, **more: Any) -> dict[str, Any]:
    return {"due": due.isoformat(), "since": since.isoformat(), "with_producer": work, "steps": [], **more}


END_OF_THURSDAY = on(8, 23, 59)


@pytest.mark.parametrize(
    ("moment", "due", "rules", "expected"),
    [
        (on(5), END_OF_THURSDAY, Rules(), []),
        (on(6), END_OF_THURSDAY, Rules(), []),
        (on(7), END_OF_THURSDAY, Rules(), [("due_soon", "before-1")]),
        (on(7), END_OF_THURSDAY, Rules(before=(0,)), []),
        (on(8), END_OF_THURSDAY, Rules(), [("due_today", "before-0")]),
        (on(8), END_OF_THURSDAY, Rules(before=(1, 3)), []),
        (on(6), END_OF_THURSDAY, Rules(before=(1, 3)), [("due_soon", "before-3")]),
        (on(7), END_OF_THURSDAY, Rules(before=(1, 3)), [("due_soon", "before-1")]),
        (on(9), END_OF_THURSDAY, Rules(), [("late", "late-0")]),
        (on(12), END_OF_THURSDAY, Rules(), [("late", "late-0"), ("escalated", "up-1")]),
        (on(12), END_OF_THURSDAY, Rules(step=2), [("late", "late-0")]),
        (on(13), END_OF_THURSDAY, Rules(step=2), [("late", "late-0"), ("escalated", "up-1")]),
        (on(14), END_OF_THURSDAY, Rules(step=9), [("late", "late-1")]),
        (on(14), END_OF_THURSDAY, Rules(late_every=5, step=9), [("late", "late-0")]),
        # A term that ends on a Sunday is near on the Friday before, and has passed on the Monday.
        (on(9), on(11, 23, 59), Rules(), [("due_soon", "before-1")]),
        (on(12), on(11, 23, 59), Rules(), [("late", "late-0")]),
        # A term in hours has passed at its minute.
        (on(8, 10, 29), on(8, 10, 30), Rules(), [("due_today", "before-0")]),
        (on(8, 10, 31), on(8, 10, 30), Rules(), [("late", "late-0")]),
    ],
)
def test_what_is_due_when(moment: datetime, due: datetime, rules: Rules, expected: list[tuple[str, str]]) -> None:
    """5 October 2026 is a Monday."""
    found = reminders.due_now(_case(due), moment, Calendar(), rules)
    assert [(one.key, one.mark) for one in found] == expected


def test_who_has_just_got_it_is_not_reminded() -> None:
    """It came today, and is due today."""
    assert not list(reminders.due_now(_case(on(8, 16), on(8, 7, 30)), on(8), Calendar(), Rules()))


def test_the_producers_have_terms_of_their_own() -> None:
    steps = [{"kind": "repair", "at": on(7, 23, 59).isoformat()}]
    case = _case(END_OF_THURSDAY, work=True, steps=steps)
    keys = [one.key for one in reminders.due_now(case, on(8), Calendar(), Rules())]
    assert keys == ["repair_due", "work_due_today"]
    assert [one.key for one in reminders.due_now(case, on(9), Calendar(), Rules())] == ["work_late"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(on(9, 6, 59), False), (on(9, 7), True), (on(9, 23), True), (on(10), False), (on(11, 12), False)],
)
def test_nobody_is_reminded_at_night_or_on_a_day_off(moment: datetime, expected: bool) -> None:
    assert reminders.open_at(moment, Calendar()) is expected


def test_the_morning_is_that_of_the_region() -> None:
    """Seven in Jayapura is five in Jakarta."""
    assert reminders.open_at(on(9, 5), Calendar("Asia/Jayapura"))
    assert not reminders.open_at(on(9, 5), Calendar())


@pytest.mark.usefixtures("submitted")
def test_the_course_of_a_deadline(levels: Levels) -> None:
    """Before, on the day, late, then one position further up each working day; late again after three."""
    course = {
        6: {},
        7: {"walidata": ["due_soon"]},
        8: {"walidata": ["due_today"]},
        9: {"walidata": ["late"]},
        12: {"pembina": ["escalated"]},
        13: {"tamu": ["escalated"]},
        14: {"walidata": ["late"]},
        15: {},
        16: {},
        19: {"walidata": ["late"]},
    }
    for day, expected in course.items():
        remind(on(day))
        assert (day, levels.everybody_told()) == (day, expected)
        forget_what_was_told()


def test_each_is_told_once(levels: Levels, submitted: str) -> None:
    assert [remind(on(7, hour)) for hour in (7, 8, 9, 16)] == [1, 0, 0, 0]
    assert levels.told("walidata") == ["due_soon"]
    assert levels.call("walidata", "satudata_notice_list")["results"][0]["link"] == f"/dataset/{submitted}/tinjau"


def _work(told: list[int], moment: datetime, barrier: threading.Barrier) -> None:
    """One clock, in a thread with a connection of its own."""
    barrier.wait()
    try:
        told.append(remind(moment))
    finally:
        model.Session.remove()


@pytest.mark.usefixtures("submitted")
def test_two_clocks_at_once_tell_once(levels: Levels) -> None:
    """Two workers with connections of their own, at the same moment, again and again."""
    told: list[int] = []
    for day in (7, 8, 9, 12, 13, 14):
        given = (told, on(day), threading.Barrier(2))
        threads = [threading.Thread(target=_work, args=given) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(told) == 6
    model.Session.remove()
    assert sorted(levels.told("walidata")) == ["due_soon", "due_today", "late", "late"]


def test_what_came_to_be_late_during_the_day_is_told_at_once(levels: Levels, submitted: str) -> None:
    """The head of the office has four hours; everything was looked at already in the morning."""
    with columns.at(on(6, 10)):
        levels.decide("walidata", submitted, "pass")
        levels.decide("pembina", submitted, "pass")
    forget_what_was_told()
    assert remind(on(6, 11)) == 0
    assert remind(on(6, 14, 30)) == 1
    assert levels.everybody_told() == {"anggota": ["late"]}


def test_before_the_deadline_only_who_has_taken_it(levels: Levels, submitted: str) -> None:
    levels.grant("walidata_dua", "walidata", position="staf")
    levels.call("walidata_dua", "satudata_claim", id=submitted)
    forget_what_was_told()
    remind(on(8))
    assert levels.everybody_told() == {"walidata_dua": ["due_today"]}
    forget_what_was_told()
    remind(on(9))
    assert levels.everybody_told() == {"walidata_dua": ["late"], "walidata": ["late"]}


def test_a_decision_ends_the_reminders(levels: Levels, submitted: str) -> None:
    remind(on(9))
    with columns.at(on(9, 9)):
        levels.decide("walidata", submitted, "return", note="Satuan.")
    forget_what_was_told()
    remind(on(12))
    assert levels.everybody_told() == {}


def test_the_clock_of_the_reviewers_stands_while_it_is_with_the_producer(levels: Levels, submitted: str) -> None:
    """Returned on Tuesday: two working days to repair, three to submit again. Then the Walidata hears of it."""
    with columns.at(on(6, 9)):
        levels.decide("walidata", submitted, "return", note="Satuan.")
    forget_what_was_told()

    def both(key: str) -> dict[str, list[str]]:
        return {"operator": [key], "operator_dua": [key]}

    course = {
        8: {},
        9: both("repair_due"),
        12: both("work_due_soon"),
        13: both("work_due_today"),
        14: both("work_late"),
        15: {"walidata": ["work_escalated"]},
        16: {"pembina": ["work_escalated"]},
    }
    for day, expected in course.items():
        remind(on(day))
        assert (day, levels.everybody_told()) == (day, expected)
        forget_what_was_told()


def test_a_new_stage_has_reminders_of_its_own(levels: Levels, submitted: str) -> None:
    """The section got it on Tuesday and is due on the same Thursday as the staff was."""
    with columns.at(on(6, 9)):
        levels.decide("walidata", submitted, "pass")
    forget_what_was_told()
    remind(on(8))
    assert levels.everybody_told() == {"pembina": ["due_today"]}


def test_who_gets_many_gets_one(levels: Levels) -> None:
    """Four and more of a kind are one notice that counts them."""
    with columns.at(MONDAY):
        for _ in range(4):
            levels.decide("operator", levels.dataset(), "submit")
    forget_what_was_told()
    assert remind(on(9)) == 1
    notice = levels.call("walidata", "satudata_notice_list")["results"][0]
    assert notice["text"] == "4 dataset lewat tenggat dan menunggu Anda."
    assert notice["link"] == "/meja-kerja"


def test_a_planned_release_waits_for_nobody(levels: Levels, submitted: str) -> None:
    with columns.at(on(5, 10)):
        levels.decide("walidata", submitted, "pass")
        levels.decide("pembina", submitted, "pass")
        levels.decide("anggota", submitted, "pass", evidence=[letter(levels, "anggota", submitted)])
        levels.decide("pembina", submitted, "schedule", at=on(9, 10).isoformat())
    forget_what_was_told()
    for day in (8, 9):
        remind(on(day))
    assert levels.everybody_told() == {}


def test_a_clock_that_stood_still_does_not_make_up_for_it(levels: Levels, submitted: str) -> None:  # noqa: ARG001
    remind(on(14))
    assert levels.told("walidata") == ["late"]


def test_a_removed_dataset_reminds_nobody(levels: Levels, submitted: str) -> None:
    with columns.at(on(5, 10)):
        levels.decide("operator", submitted, "withdraw")
    levels.call("operator", "package_delete", id=submitted)
    forget_what_was_told()
    assert remind(on(9)) == 0


@pytest.mark.usefixtures("submitted")
def test_the_mail_says_how_late_and_no_title(peer: Peer) -> None:
    with columns.at(on(13)):
        reminders.remind()
        delivery.deliver()
    (mail,) = peer.to("walidata")
    assert mail["Subject"] == "Lewat tenggat: dataset Dinas Kesehatan"
    assert "Tahap: Verifikasi" in mail.get_content()
    assert "Paling lambat: Kamis, 8 Oktober 2026 (terlambat 3 hari kerja)" in mail.get_content()
    assert "Jumlah Rumah" not in mail.get_content()


@pytest.mark.usefixtures("submitted")
def test_the_options(levels: Levels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.reminders", ["3"])
    remind(on(6))
    assert levels.told("walidata") == ["due_soon"]
    monkeypatch.setitem(tk.config, "ckanext.satudata.reminders", [])
    assert remind(on(8)) == 0


def test_pages_of_many_cases(levels: Levels, submitted: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """What does not fit into one transaction is told in the next."""
    with columns.at(MONDAY):
        for _ in range(2):
            levels.decide("operator", levels.dataset(), "submit")
    forget_what_was_told()
    monkeypatch.setattr(reminders, "PAGE", 2)
    assert remind(on(9)) == 3
    assert levels.told("walidata") == ["late"] * 3


@pytest.mark.usefixtures("submitted")
def test_nothing_is_booked_when_telling_fails(levels: Levels, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that dies in the middle has told nothing; the next one does."""

    def broken(*_: Any, **__: Any) -> int:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(reminders.writing, "write", broken)
        with pytest.raises(RuntimeError):
            remind(on(9))
        model.Session.rollback()
    assert remind(on(9)) == 1
    assert levels.told("walidata") == ["late"]


def test_only_the_program_asks_who_is_concerned(levels: Levels, submitted: str) -> None:
    for action, data in (
        ("satudata_due_list", {"before": datetime.now(UTC).isoformat()}),
        ("satudata_concerned_list", {"ids": [submitted]}),
    ):
        with pytest.raises(tk.NotAuthorized):
            levels.call("walidata", action, **data)


@pytest.mark.parametrize(
    "wrong",
    [{"before": "besok"}, {"before": "2026-10-12"}, {}, {"before": "2026-10-12T00:00:00+07:00", "states": "draft"}],
)
def test_wrong_questions_are_refused(levels: Levels, wrong: dict[str, Any]) -> None:  # noqa: ARG001
    with pytest.raises(tk.ValidationError):
        tk.get_action("satudata_due_list")({"ignore_auth": True}, wrong)


def test_the_table_keeps_one_row_for_each(levels: Levels, submitted: str) -> None:  # noqa: ARG001
    remind(on(9))
    remind(on(9) + timedelta(hours=1))
    rows = model.Session.execute(sa.text("select kind from satudata_reminder where case_id <> ''")).scalars()
    assert list(rows) == ["late-0:in_review:verifikasi:1"]


def test_a_draft_has_a_term_of_its_own(levels: Levels) -> None:
    """Ten working days for the first delivery, counted from the creation."""
    with columns.at(MONDAY):
        levels.dataset()
    forget_what_was_told()
    for day, expected in ((15, {}), (16, "work_due_soon"), (19, "work_due_today"), (20, "work_late")):
        remind(on(day))
        both = {"operator": [expected], "operator_dua": [expected]} if expected else {}
        assert (day, levels.everybody_told()) == (day, both)
        forget_what_was_told()
