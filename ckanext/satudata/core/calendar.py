"""Working days of a region: no Saturdays, Sundays, national holidays or joint leave (cuti bersama).

Holidays come from the ``holidays`` package; a region adds or takes away days of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays


@dataclass(frozen=True)
class Calendar:
    """``closed`` are days off besides the national ones, ``open_days`` are worked although they would be off."""

    timezone: str = "Asia/Jakarta"  # WIB; Asia/Makassar is WITA, Asia/Jayapura WIT
    closed: frozenset[date] = frozenset()
    open_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = field(default=frozenset({5, 6}))

    def local_date(self, moment: datetime) -> date:
        """The day a zoned moment falls on in the region."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def end_of_day(self, day: date) -> datetime:
        """The last second of a day of the region, in UTC."""
        return datetime.combine(day, time(23, 59, 59), ZoneInfo(self.timezone)).astimezone(UTC)

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

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative when ``last`` lies before ``first``."""
        if last < first:
            return -self.working_days_between(last, first)
        days = (last - first).days
        return sum(self.is_working_day(first + timedelta(days=number)) for number in range(1, days + 1))

    def days_left(self, due: datetime, now: datetime) -> int:
        """Working days until ``due``: 0 on the day itself, negative when it has passed (at least -1)."""
        today, last = self.local_date(now), self.local_date(due)
        if due < now:
            return min(-1, -self.working_days_between(last, today)) if last < today else -1
        return self.working_days_between(today, last)


def calendar_from(document: Mapping[str, Any], timezone: str) -> Calendar:
    """A calendar from a region's YAML: ``{libur: [2026-05-04], masuk: [2026-12-24]}``; ``ValueError`` for no dates."""
    return Calendar(timezone, _dates(document, "libur"), _dates(document, "masuk"))


def _dates(document: Mapping[str, Any], key: str) -> frozenset[date]:
    found = document.get(key)
    if not isinstance(found, list | None):
        raise ValueError(f"{key}: a list of dates is expected")
    dates: set[date] = set()
    for value in cast("list[Any]", found or []):
        dates.add(value if isinstance(value, date) else date.fromisoformat(str(value)))
    return frozenset(dates)


@cache
def _national(year: int) -> Collection[date]:
    return frozenset(cast("Any", holidays).country_holidays("ID", years=year, categories=("public", "government")))
