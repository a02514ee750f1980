"""Days of the portal's zone: how they are written, where they begin and end."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import terms

# 31/12/2026, 31-12-2026, 31.12.2026: what a spreadsheet in Indonesian writes
_LOCAL = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_DAY = len("2026-01-31")


def moment(field: str, value: str | None, *, last: bool) -> datetime | None:
    """A day of the portal's zone (its beginning, or with ``last`` its end), or a moment with or without zone.

    ``ValidationError`` under ``field`` for anything else.
    """
    if not value:
        return None
    zone = _zone()
    found = _LOCAL.match(value)
    written = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else value
    try:
        if len(written) == _DAY:
            day = date.fromisoformat(written) + timedelta(days=1 if last else 0)
            return datetime.combine(day, time(0), zone)
        at = datetime.fromisoformat(written)
        at = at if at.tzinfo is not None else at.replace(tzinfo=zone)
        at.timestamp()
    except (ValueError, OverflowError) as error:
        raise tk.ValidationError({field: [tk._("Write the date as 2026-01-31.")]}) from error
    return at


def first_day(start: datetime) -> str:
    """The day on which a period starts, ISO."""
    return start.astimezone(_zone()).date().isoformat()


def last_day(end: datetime | None) -> str | None:
    """The last day of a period that ends at ``end``, ISO: the day before when it ends at midnight."""
    return (end - timedelta(microseconds=1)).astimezone(_zone()).date().isoformat() if end is not None else None


def _zone() -> ZoneInfo:
    return ZoneInfo(terms.calendar().timezone)
