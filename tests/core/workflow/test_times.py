"""Actual time against mutu baku: working days for long terms, hours for short ones, late ones counted."""

from __future__ import annotations

from datetime import UTC, datetime

from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.core.workflow.definition import Sla
from ckanext.satudata.core.workflow.times import Visit, summarise

DAYS = Sla(5, "hari_kerja")


def _at(day: int, hour: int = 3) -> datetime:
    """October 2026; the 2nd is a Friday, 3 UTC is ten in the morning in Jakarta."""
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def _visit(begin: datetime, end: datetime, term: Sla | None = DAYS, due: datetime | None = None) -> Visit[str]:
    return Visit("periksa", "dinkes", begin, end, term, due)


def test_a_weekend_is_no_time() -> None:
    (found,) = summarise([_visit(_at(2), _at(5))], Calendar())
    assert (found.median, found.unit) == (1.0, "hari_kerja")


def test_the_same_day_is_zero_working_days() -> None:
    (found,) = summarise([_visit(_at(5, 1), _at(5, 9))], Calendar())
    assert found.median == 0


def test_short_terms_are_told_in_hours() -> None:
    (found,) = summarise([_visit(_at(5, 1), _at(5, 2), Sla(15, "menit"))], Calendar())
    assert (found.median, found.unit) == (1.0, "jam")


def test_only_visits_with_a_deadline_can_be_late() -> None:
    visits = [
        _visit(_at(5), _at(6), due=_at(7)),
        _visit(_at(5), _at(8), due=_at(7)),
        _visit(_at(5), _at(30), term=None),
    ]
    (found,) = summarise(visits, Calendar())
    assert (found.count, found.with_due, found.on_time) == (3, 2, 1)


def test_ending_at_the_deadline_is_on_time() -> None:
    (found,) = summarise([_visit(_at(5), _at(7), due=_at(7))], Calendar())
    assert found.on_time == 1


def test_the_ninth_decile_is_one_of_the_times() -> None:
    visits = [_visit(_at(5), _at(5 + extra)) for extra in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    (found,) = summarise(visits, Calendar())
    assert (found.median, found.ninth_decile, found.longest) == (4.5, 8.0, 9.0)


def test_the_latest_visit_says_which_term_counts() -> None:
    (found,) = summarise([_visit(_at(8), _at(9), Sla(3, "hari_kerja")), _visit(_at(5), _at(6))], Calendar())
    assert found.term == Sla(3, "hari_kerja")


def test_each_step_of_each_group_is_told_apart() -> None:
    other = Visit("koreksi", "dinkes", _at(5), _at(6))
    found = summarise([_visit(_at(5), _at(6)), other, Visit("periksa", "disdik", _at(5), _at(6))], Calendar())
    assert [(one.step, one.group) for one in found] == [
        ("periksa", "dinkes"),
        ("koreksi", "dinkes"),
        ("periksa", "disdik"),
    ]
