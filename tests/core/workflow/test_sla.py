"""Deadlines: working days with holidays, in the zone of the region."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ckanext.satudata.core.calendar import Calendar, calendar_from
from ckanext.satudata.core.workflow import sla
from ckanext.satudata.core.workflow.definition import Definition, Sla

WIB = Calendar()


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def test_the_day_of_submission_does_not_count() -> None:
    """Thursday 8 October 2026 and two working days: Monday, to the end of the day in Jakarta."""
    assert WIB.due(_utc(2026, 10, 8, 3), 2) == _utc(2026, 10, 12, 16, 59, 59)


def test_the_zone_decides_which_day_it_is() -> None:
    """20.00 UTC is the next morning in Jakarta, and later still in Jayapura."""
    assert WIB.local_date(_utc(2026, 10, 8, 20)) == date(2026, 10, 9)
    assert Calendar("Asia/Jayapura").local_date(_utc(2026, 10, 8, 16)) == date(2026, 10, 9)
    assert WIB.local_date(_utc(2026, 10, 8, 16)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    "day",
    [date(2026, 8, 17), date(2026, 12, 25), date(2026, 12, 24), date(2026, 3, 23), date(2026, 10, 10)],
    ids=["Independence Day", "Christmas", "joint leave", "joint leave of Idul Fitri", "a Saturday"],
)
def test_days_off(day: date) -> None:
    assert not WIB.is_working_day(day)


def test_a_region_closes_and_opens_days_of_its_own() -> None:
    calendar = calendar_from({"libur": [date(2026, 10, 13)], "masuk": ["2026-12-24"]}, "Asia/Jakarta")
    assert not calendar.is_working_day(date(2026, 10, 13))
    assert calendar.is_working_day(date(2026, 12, 24))


@pytest.mark.parametrize("document", [{"libur": "kemarin"}, {"libur": ["kemarin"]}])
def test_a_calendar_without_dates_is_refused(document: dict) -> None:
    with pytest.raises(ValueError, match=r"libur|kemarin"):
        calendar_from(document, "Asia/Jakarta")


@pytest.mark.parametrize(
    ("due", "expected"),
    [((2026, 10, 16), 4), ((2026, 10, 12), 0), ((2026, 10, 9), -1), ((2026, 10, 8), -2), ((2026, 10, 10), -1)],
)
def test_days_left_are_working_days(due: tuple[int, int, int], expected: int) -> None:
    """Asked on Monday 12 October 2026, 09.15 WIB."""
    assert WIB.days_left(WIB.end_of_day(date(*due)), _utc(2026, 10, 12, 2, 15)) == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Sla(15, "menit"), _utc(2026, 10, 8, 3, 15)),
        (Sla(2, "jam"), _utc(2026, 10, 8, 5)),
        (Sla(3, "hari"), _utc(2026, 10, 11, 16, 59, 59)),
        (Sla(3, "hari_kerja"), _utc(2026, 10, 13, 16, 59, 59)),
        (Sla(1, "minggu"), _utc(2026, 10, 15, 16, 59, 59)),
        (None, None),
    ],
)
def test_terms(term: Sla | None, expected: datetime | None) -> None:
    assert sla.due(term, _utc(2026, 10, 8, 3), WIB) == expected


def test_each_state_has_the_term_of_who_must_act(perpres: Definition) -> None:
    assert sla.term(perpres, "in_review", "pembina") == Sla(5, "hari_kerja")
    assert sla.term(perpres, "verified", None) == Sla(2, "hari_kerja")
    assert sla.term(perpres, "draft", None) is None
    assert sla.term(perpres, "published", None) is None
