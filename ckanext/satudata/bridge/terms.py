"""Deadlines of this portal: its zone, its calendar."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import yaml

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.calendar import Calendar, calendar_from

ZONE_OPTION = "ckanext.satudata.timezone"
CALENDAR_OPTION = "ckanext.satudata.calendar"
# What the three zones are called on every clock in the country.
ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def calendar() -> Calendar:
    """Working days in the zone of the portal, with the region's own days (``ckanext.satudata.calendar``)."""
    zone = str(tk.config.get(ZONE_OPTION) or "Asia/Jakarta")
    path = str(tk.config.get(CALENDAR_OPTION) or "")
    return _calendar(zone, path, Path(path).stat().st_mtime_ns if path else 0)


def zone_name(local: datetime) -> str:
    """``WIB``, ``WITA`` or ``WIT`` for a moment in the zone of the portal; elsewhere what the zone calls itself."""
    return ZONE_NAMES.get(calendar().timezone, local.tzname() or "")


def today() -> date:
    """The day on the calendars of the region, not that of UTC."""
    return now().astimezone(ZoneInfo(calendar().timezone)).date()


def days_left(due: datetime | None) -> int | None:
    """Working days until ``due``: 0 today, negative when late; ``None`` without one."""
    return calendar().days_left(due, now()) if due is not None else None


def waiting_days(since: datetime) -> int:
    """Working days since a moment."""
    days = calendar()
    return days.working_days_between(days.local_date(since), days.local_date(now()))


@lru_cache(maxsize=4)
def _calendar(zone: str, path: str, _changed: int) -> Calendar:
    return calendar_from(yaml.safe_load(Path(path).read_text("utf-8")) or {} if path else {}, zone)
