"""Office hours, months and frequencies: what was worked out by hand is what comes out."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.core.calendar import Calendar, calendar_from
from ckanext.satudata.core.workflow import loader, sla
from ckanext.satudata.core.workflow.definition import Definition, Producer, Sla

from .conftest import definition_of

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "calendar_cases.yaml").read_text("utf-8"))
CALENDARS = {name: calendar_from(body, body["timezone"]) for name, body in TABLE["calendars"].items()}
FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-31")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def _term(words: str) -> Sla:
    value, _, unit = words.rpartition(" ")
    return Sla(int(value or 1), unit)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_deadlines_worked_out_by_hand(case: dict[str, Any]) -> None:
    calendar = CALENDARS[case["calendar"]]
    zone = ZoneInfo(calendar.timezone)
    start = datetime.fromisoformat(str(case["start"])).replace(tzinfo=zone)
    due = sla.due(_term(case["term"]), start.astimezone(UTC), calendar, frequency=case.get("frequency"))
    expected = datetime.fromisoformat(str(case["due"])).replace(tzinfo=zone) if case["due"] else None
    assert due == expected


def test_every_frequency_of_the_reference_list_has_a_period_or_none() -> None:
    path = loader.RULEBOOK.parent / "reference" / "frekuensi.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    assert codes - set(sla.PERIODS) == {"insidental", "sekali", "lebih_dua_tahunan"}
    assert set(sla.PERIODS) <= codes


def test_hours_are_written_with_a_colon_or_a_full_stop() -> None:
    calendar = calendar_from({"jam_kerja": {"senin": ["08.00 – 12.00", "13:00-15:00"]}}, "Asia/Jakarta")
    assert calendar.office_hours(date(2026, 10, 5)) == ((time(8), time(12)), (time(13), time(15)))


@given(MOMENTS, st.integers(1, 6000), st.sampled_from(sorted(CALENDARS)))
def test_office_hours_add_up(start: datetime, minutes: int, name: str) -> None:
    """Between the start and the end of a term lie as many minutes of office hours as it has."""
    calendar = CALENDARS[name]
    assert calendar.office_minutes_between(start, calendar.hours_due(start, minutes)) == pytest.approx(minutes)


@given(MOMENTS, st.integers(1, 6000), st.sampled_from(sorted(CALENDARS)))
def test_a_term_in_office_hours_ends_while_offices_are_open(start: datetime, minutes: int, name: str) -> None:
    calendar = CALENDARS[name]
    end = calendar.hours_due(start, minutes).astimezone(ZoneInfo(calendar.timezone))
    assert any(opening < end.time() <= closing for opening, closing in calendar.office_hours(end.date()))


@given(MOMENTS, st.integers(1, 3000), st.integers(1, 3000))
def test_two_terms_one_after_the_other_are_one_long_term(start: datetime, first: int, second: int) -> None:
    calendar = CALENDARS["magetan"]
    assert calendar.hours_due(calendar.hours_due(start, first), second) == calendar.hours_due(start, first + second)


def test_minutes_backwards_are_negative() -> None:
    early, late = datetime(2026, 10, 8, 2, tzinfo=UTC), datetime(2026, 10, 8, 4, tzinfo=UTC)
    assert Calendar().office_minutes_between(early, late) == 120
    assert Calendar().office_minutes_between(late, early) == -120


def test_office_hours_of_a_day() -> None:
    assert Calendar().office_hours(date(2026, 10, 9)) == ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))
    assert Calendar().office_hours(date(2026, 10, 10)) == ()


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"jam_kerja": ["08:00-12:00"]}, "jam_kerja"),
        ({"jam_kerja": {"monday": ["08:00-12:00"]}}, "jam_kerja.monday"),
        ({"jam_kerja": {"senin": "08:00-12:00"}}, "jam_kerja.senin"),
        ({"jam_kerja": {"senin": ["8 pagi - 12 siang"]}}, "jam_kerja.senin"),
        ({"jam_kerja": {"senin": ["12:00-08:00"]}}, "jam_kerja.senin"),
        ({"jam_kerja": {"senin": ["08:00-12:00", "11:00-15:00"]}}, "jam_kerja.senin"),
        ({"jam_kerja": {day: [] for day in ("senin", "selasa", "rabu", "kamis", "jumat")}}, "jam_kerja"),
        ({"jam_kerja_khusus": {"dari": "2026-02-18"}}, "jam_kerja_khusus"),
        ({"jam_kerja_khusus": [{"dari": "2026-02-18", "sampai": "besok"}]}, "jam_kerja_khusus[0].sampai"),
        ({"jam_kerja_khusus": [{"dari": "2026-02-18", "sampai": "2026-02-17"}]}, "jam_kerja_khusus[0]"),
        ({"jam_kerja_khusus": ["Ramadan"]}, "jam_kerja_khusus[0]"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused_with_its_place(document: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError) as told:  # noqa: PT011 - its words are what is tested
        calendar_from(document, "Asia/Jakarta")
    assert str(told.value).startswith(f"{place}: ")


# the producer's own terms

START = datetime(2026, 10, 8, 3, tzinfo=UTC)  # Thursday, 10.00 WIB


def _with_producer(**terms: Sla) -> Definition:
    return replace(definition_of("perpres"), producer=Producer(**terms))


def _end(*day: int) -> datetime:
    return Calendar().end_of_day(date(*day))


def test_a_new_draft_is_due_when_it_is_collected_and_delivered() -> None:
    definition = _with_producer(collect=Sla(14, "hari_kerja"), first=Sla(3, "hari_kerja"))
    ends = sla.ends(definition, "draft", None, START, Calendar())
    assert ends == (_end(2026, 10, 28), _end(2026, 11, 2))
    assert sla.due_at(definition, "draft", None, START, Calendar()) == _end(2026, 11, 2)


def test_a_draft_that_was_submitted_before_has_no_term() -> None:
    definition = _with_producer(first=Sla(3, "hari_kerja"))
    assert sla.due_at(definition, "draft", None, START, Calendar(), rounds=1) is None


def test_a_returned_one_is_mended_first_and_submitted_then() -> None:
    definition = _with_producer(repair=Sla(1, "minggu"), resubmit=Sla(10, "hari"))
    assert sla.ends(definition, "revision", "periksa", START, Calendar(), rounds=1) == (
        _end(2026, 10, 15),
        _end(2026, 10, 25),
    )
    assert sla.term(definition, "revision", "periksa") == Sla(1, "minggu")


def test_a_period_of_irregular_data_leaves_the_rest_without_a_date() -> None:
    definition = _with_producer(collect=Sla(1, "frekuensi"), first=Sla(3, "hari"))
    assert sla.ends(definition, "draft", None, START, Calendar(), frequency="insidental") == ()
    assert sla.ends(definition, "draft", None, START, Calendar(), frequency="bulanan") == (
        _end(2026, 11, 8),
        _end(2026, 11, 11),
    )


def test_what_is_not_published_has_no_term_of_publishing() -> None:
    assert sla.terms(definition_of("waykanan-verifikasi"), "verified", None) == ()


@pytest.mark.parametrize(
    ("term", "indonesian", "english"),
    [
        (Sla(5, "hari_kerja"), "5 hari kerja", "5 working days"),
        (Sla(1, "hari_kerja"), "1 hari kerja", "1 working day"),
        (Sla(4, "jam_kerja"), "4 jam kerja", "4 office hours"),
        (Sla(3, "bulan"), "3 bulan", "3 months"),
        (Sla(1, "frekuensi"), "menurut frekuensi data", "by the frequency of the data"),
    ],
)
def test_terms_in_words(term: Sla, indonesian: str, english: str) -> None:
    assert (term.text().id, term.text().en) == (indonesian, english)
