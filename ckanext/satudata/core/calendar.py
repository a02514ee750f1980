"""Working days and office hours of a region.

No Saturdays, Sundays, national holidays or joint leave (*cuti bersama*). Holidays come from the ``holidays`` package; a
region adds or takes away days of its own, and says when its offices are open.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import accumulate, pairwise
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays

Span = tuple[time, time]
# Office hours by weekday, Monday first.
Week = tuple[tuple[Span, ...], ...]

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_USUAL = ((time(7, 30), time(12)), (time(13), time(16)))
_FRIDAY = ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))
_HOUR = r"\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s*"
_SPAN = re.compile(f"{_HOUR}[-–]{_HOUR}")
DEFAULT_WEEK: Week = (_USUAL, _USUAL, _USUAL, _USUAL, _FRIDAY, (), ())


@dataclass(frozen=True)
class Season:
    """Other office hours from ``first`` to ``last``, such as in Ramadan."""

    first: date
    last: date
    week: Week


@dataclass(frozen=True)
class Calendar:
    """``closed`` are days off besides the national ones, ``open_days`` are worked although they would be off.

    ``week`` are the office hours, ``seasons`` those of some weeks of the year.
    """

    timezone: str = "Asia/Jakarta"  # WIB; Asia/Makassar is WITA, Asia/Jayapura WIT
    closed: frozenset[date] = frozenset()
    open_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = field(default=frozenset({5, 6}))
    week: Week = DEFAULT_WEEK
    seasons: tuple[Season, ...] = ()

    def local_date(self, moment: datetime) -> date:
        """The day a zoned moment falls on in the region."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def end_of_day(self, day: date) -> datetime:
        """The last second of a day of the region, in UTC."""
        return self._moment(day, time(23, 59, 59))

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.open_days:
            return True
        return day.weekday() not in self.weekend and day not in self.closed and day not in _national(day.year)

    def due(self, start: datetime, days: int) -> datetime:
        """The end of the last of ``days`` working days; the day of ``start`` itself does not count."""
        day, left = self.local_date(start), days
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return self.end_of_day(day)

    def months_due(self, start: datetime, months: int) -> datetime:
        """The end of the same day ``months`` later; of the last day of a month that is too short."""
        day = self.local_date(start)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return self.end_of_day(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])))

    def hours_due(self, start: datetime, minutes: int) -> datetime:
        """The moment when ``minutes`` of office hours after ``start`` are over, in UTC.

        Outside office hours nothing runs. A term that ends with the office day ends at closing time, not at the next
        opening. ``ValueError`` when the region has no office hours at all.
        """
        left = timedelta(minutes=minutes)
        if left <= timedelta():
            return start.astimezone(UTC)
        for opening, closing in self._open_from(start):
            begin = max(opening, start)
            if begin + left <= closing:
                return begin + left
            left -= max(closing - begin, timedelta())
        raise ValueError("the calendar has no office hours")

    def office_minutes_between(self, start: datetime, end: datetime) -> float:
        """Minutes of office hours from ``start`` to ``end``; negative when ``end`` lies before ``start``."""
        if end < start:
            return -self.office_minutes_between(end, start)
        total = timedelta()
        for opening, closing in self._open_from(start):
            if opening >= end:
                break
            total += max(min(closing, end) - max(opening, start), timedelta())
        return total.total_seconds() / 60

    def office_hours(self, day: date) -> tuple[Span, ...]:
        """When offices are open on a day, in the region's time; nothing on a day off."""
        if not self.is_working_day(day):
            return ()
        week = next((season.week for season in self.seasons if season.first <= day <= season.last), self.week)
        hours = week[day.weekday()]
        # A Saturday that is worked for once has the hours of an ordinary day.
        return hours if hours or day.weekday() not in self.weekend else week[0]

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative when ``last`` lies before ``first``."""
        if last < first:
            return -self.working_days_between(last, first)
        whole = sum(self._worked(year)[-1] for year in range(first.year, last.year))
        over, before = (self._worked(day.year)[day.timetuple().tm_yday] for day in (last, first))
        return whole + over - before

    def days_left(self, due: datetime, now: datetime) -> int:
        """Working days until ``due``: 0 on the day itself, negative when it has passed (at least -1)."""
        today, last = self.local_date(now), self.local_date(due)
        if due < now:
            return min(-1, -self.working_days_between(last, today)) if last < today else -1
        return self.working_days_between(today, last)

    def _worked(self, year: int) -> tuple[int, ...]:
        """How many working days of a year are over after each of its days; first of all none."""
        if year not in self._years:
            begin = date(year, 1, 1)
            days = (begin + timedelta(days=number) for number in range((date(year, 12, 31) - begin).days + 1))
            self._years[year] = tuple(accumulate((self.is_working_day(day) for day in days), initial=0))
        return self._years[year]

    @cached_property
    def _years(self) -> dict[int, tuple[int, ...]]:
        """What :meth:`_worked` has counted: a list of the desk asks for the same days again and again."""
        return {}

    def _moment(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(self.timezone)).astimezone(UTC)

    def _open_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times offices are open from the day of ``start`` on; ends when a whole year has none."""
        day, empty = self.local_date(start), 0
        while empty <= 366:
            hours = self.office_hours(day)
            empty = 0 if hours else empty + 1
            for opening, closing in hours:
                yield self._moment(day, opening), self._moment(day, closing)
            day += timedelta(days=1)


def calendar_from(document: Mapping[str, Any], timezone: str) -> Calendar:
    """A calendar from a region's YAML; ``ValueError`` with the place for what cannot be read.

    .. code-block:: yaml

        libur: [2026-05-04]                 # closed, besides the national holidays
        masuk: [2026-12-24]                 # worked, although it is one
        jam_kerja:                          # days that are not named keep the usual hours
          senin: ["08:00-12:00", "13:00-15:00"]
          jumat: ["08:00-11:30", "13:30-14:00"]
        jam_kerja_khusus:                   # for some weeks, such as Ramadan
          - {dari: 2026-02-18, sampai: 2026-03-19, jam_kerja: {senin: ["08:00-12:00", "12:30-15:00"]}}

    A Saturday or Sunday with hours is a working day.
    """
    week = _week(document.get("jam_kerja"), "jam_kerja", DEFAULT_WEEK)
    return Calendar(
        timezone,
        _dates(document, "libur"),
        _dates(document, "masuk"),
        weekend=frozenset(day for day in (5, 6) if not week[day]),
        week=week,
        seasons=tuple(_seasons(document.get("jam_kerja_khusus"), week)),
    )


def _seasons(found: Any, usual: Week) -> Iterator[Season]:
    if not isinstance(found, list | None):
        raise ValueError("jam_kerja_khusus: a list is expected")
    for number, entry in enumerate(cast("list[Any]", found or [])):
        place = f"jam_kerja_khusus[{number}]"
        if not isinstance(entry, dict):
            raise ValueError(f"{place}: dari, sampai and jam_kerja are expected")
        body = cast("dict[str, Any]", entry)
        first, last = _date(body.get("dari"), f"{place}.dari"), _date(body.get("sampai"), f"{place}.sampai")
        if last < first:
            raise ValueError(f"{place}: sampai lies before dari")
        yield Season(first, last, _week(body.get("jam_kerja"), f"{place}.jam_kerja", usual))


def _week(found: Any, place: str, usual: Week) -> Week:
    if not isinstance(found, dict | None):
        raise ValueError(f"{place}: {{senin: ['08:00-12:00', …], …}} is expected")
    days = list(usual)
    for name, spans in cast("dict[Any, Any]", found or {}).items():
        if name not in WEEKDAYS:
            raise ValueError(f"{place}.{name}: no day of the week; there are {', '.join(WEEKDAYS)}")
        if not isinstance(spans, list | None):
            raise ValueError(f"{place}.{name}: a list such as ['08:00-12:00', '13:00-15:00'] is expected")
        hours = [_span(span, f"{place}.{name}") for span in cast("list[Any]", spans or [])]
        if any(later[0] < earlier[1] for earlier, later in pairwise(hours)):
            raise ValueError(f"{place}.{name}: the hours overlap, or are not in order")
        days[WEEKDAYS.index(name)] = tuple(hours)
    if not any(days):
        raise ValueError(f"{place}: no office hours are left")
    return tuple(days)


def _span(found: Any, place: str) -> Span:
    written = _SPAN.fullmatch(str(found))
    if written is None:
        raise ValueError(f"{place}: {found!r} is not written as 08:00-12:00")
    opening_hour, opening_minute, closing_hour, closing_minute = (int(number) for number in written.groups())
    opening, closing = time(opening_hour, opening_minute), time(closing_hour, closing_minute)
    if closing <= opening:
        raise ValueError(f"{place}: {found!r} does not end after it begins")
    return opening, closing


def _dates(document: Mapping[str, Any], key: str) -> frozenset[date]:
    found = document.get(key)
    if not isinstance(found, list | None):
        raise ValueError(f"{key}: a list of dates is expected")
    return frozenset(_date(value, key) for value in cast("list[Any]", found or []))


def _date(value: Any, place: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{place}: {value} is no date such as 2026-05-04") from error


@cache
def _national(year: int) -> Collection[date]:
    return frozenset(cast("Any", holidays).country_holidays("ID", years=year, categories=("public", "government")))
