"""Dates and numbers as people read them here: "Jum 16 Okt", "10.42 WIB", 16.009."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.language import language


def zone() -> ZoneInfo:
    """The zone of the portal (``ckanext.satudata.timezone``)."""
    return ZoneInfo(str(tk.config.get("ckanext.satudata.timezone") or "Asia/Jakarta"))


def moment(value: Any) -> datetime | None:
    """Read what an action or a row gives (ISO text, ``datetime``, ``date``) as a time in the portal's zone.

    A text or ``datetime`` without a zone is UTC, as CKAN writes it. Nothing, or what is no date, is ``None``.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).astimezone(zone())
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone())
    return None


def short_date(value: Any, *, now: datetime | None = None) -> str:
    """ "Jum 16 Okt"; with the year when it is not the present one."""
    when = moment(value)
    if when is None:
        return ""
    present = (now or datetime.now(UTC)).astimezone(zone())
    pattern = "EEE d MMM" if when.year == present.year else "d MMM y"
    return format_date(when.date(), pattern, locale=language())


def long_date(value: Any) -> str:
    """ "16 Oktober 2026"."""
    when = moment(value)
    return format_date(when.date(), "d MMMM y", locale=language()) if when is not None else ""


def weekday_date(value: Any) -> str:
    """ "Senin, 12 Oktober 2026"."""
    when = moment(value)
    return format_date(when.date(), "EEEE, d MMMM y", locale=language()) if when is not None else ""


def clock(value: Any) -> str:
    """ "10.42 WIB" ("10:42 WIB" in English)."""
    when = moment(value)
    if when is None:
        return ""
    name = terms.zone_name(when)
    return f"{format_time(when.time(), 'HH.mm' if language() == 'id' else 'HH:mm', locale=language())} {name}".strip()


def number(value: Any) -> str:
    """16.009 and 63,5 in Indonesian, 16,009 and 63.5 in English; anything that is no number stays as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return format_decimal(value, locale=language())


def size(octets: Any) -> str:
    """A file's size: "3 kB", "1,4 MB"; nothing when it is not known."""
    try:
        amount = float(octets)
    except (TypeError, ValueError):
        return ""
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{number(round(amount))} {unit}" if unit != "MB" else f"{number(round(amount, 1))} {unit}"
        amount /= 1000
    return f"{number(round(amount, 1))} GB"
