"""Dates of deadlines in words, in the zone of the portal and in the language of whoever reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from ckanext.satudata.bridge import terms
from ckanext.satudata.core.text import Language, Text

DAY = len("2026-10-12")
PATTERN = "EEEE, d MMMM y"
LATE = Text("terlambat {days} hari kerja", "{days} working days late")
LATE_ONE = Text("terlambat 1 hari kerja", "1 working day late")
TODAY = Text("hari ini", "today")
LEFT = Text("{days} hari kerja lagi", "{days} working days left")
LEFT_ONE = Text("1 hari kerja lagi", "1 working day left")
CLOCK = Text("{day} pukul {clock} {zone}", "{day}, {clock} {zone}")


def read(moment: str) -> datetime | None:
    """A moment in ISO 8601; ``None`` for what is none. Without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def day(moment: str, language: Language) -> str:
    """ "Senin, 12 Oktober 2026", and "… pukul 10.42 WIB" when it does not end with the day; ``moment`` may be a day."""
    found = read(moment)
    if found is None:
        return moment
    local = found.astimezone(ZoneInfo(terms.calendar().timezone))
    if len(moment) == DAY:
        return format_date(date.fromisoformat(moment), PATTERN, locale=language)
    words = format_date(local.date(), PATTERN, locale=language)
    if (local.hour, local.minute) in ((23, 59), (0, 0)):
        return words
    clock = format_time(local.time(), "HH.mm" if language == "id" else "HH:mm", locale=language)
    return CLOCK.render(language, day=words, clock=clock, zone=terms.zone_name(local))


def left(moment: str, language: Language) -> str:
    """ "3 hari kerja lagi", "hari ini", "terlambat 2 hari kerja"."""
    days = terms.days_left(read(moment))
    if days is None:
        return ""
    if days == 0:
        return TODAY.render(language)
    one, more = (LATE_ONE, LATE) if days < 0 else (LEFT_ONE, LEFT)
    return (one if abs(days) == 1 else more).render(language, days=abs(days))
