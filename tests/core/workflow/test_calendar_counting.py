"""Working days are counted by lists kept for each year; the answer is that of counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.core.calendar import Calendar

DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))
CALENDAR = Calendar(closed=frozenset({date(2026, 5, 4)}), open_days=frozenset({date(2025, 1, 1), date(2026, 12, 24)}))


@given(DAYS, DAYS)
def test_counted_by_the_year_as_day_by_day(one: date, other: date) -> None:
    first, last = sorted((one, other))
    expected = sum(CALENDAR.is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert CALENDAR.working_days_between(first, last) == expected
    assert CALENDAR.working_days_between(last, first) == -expected


def test_what_was_counted_changes_nothing_else() -> None:
    """A calendar that was asked equals one that was not."""
    asked = Calendar(closed=frozenset({date(2026, 5, 4)}))
    asked.working_days_between(date(2025, 12, 1), date(2026, 6, 1))
    fresh = Calendar(closed=frozenset({date(2026, 5, 4)}))
    assert (asked == fresh, hash(asked) == hash(fresh)) == (True, True)
