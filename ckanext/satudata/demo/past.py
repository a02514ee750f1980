"""When the decisions of the demo were made: over the last weeks, in office hours; some cases wait too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now

# Working days since the last decision, taken in turn; a term of five days is over with seven and more.
LAST = (1, 4, 2, 8, 0, 3, 11, 5)
# Working days between one decision and the next, taken in turn.
BETWEEN = (2, 1, 4, 3)


def moments(place: int, count: int) -> Sequence[datetime]:
    """Moments of ``count`` decisions on the dataset at this place of the catalogue, oldest first; all in the past."""
    back = LAST[place % len(LAST)]
    found: list[datetime] = []
    for number in range(count):
        found.insert(0, min(_office_hour(back, place + number), now() - timedelta(minutes=count - number)))
        back += BETWEEN[(place + number) % len(BETWEEN)]
    return found


def _office_hour(working_days_ago: int, salt: int) -> datetime:
    days = terms.calendar()
    zone = ZoneInfo(days.timezone)
    day: date = days.local_date(now())
    left = working_days_ago
    while left > 0 or (working_days_ago and not days.is_working_day(day)):
        day -= timedelta(days=1)
        left -= days.is_working_day(day)
    return datetime.combine(day, time(8 + salt % 3, salt * 17 % 60), zone)
