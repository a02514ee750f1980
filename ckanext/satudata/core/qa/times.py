"""Periods as people write them, in a form that sorts: ``Maret 2023`` → ``2023-03``, ``TW II 2020`` → ``2020-Q2``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from ckanext.satudata.core.qa.cells import MONTHS

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:19|20)\d\d"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_PART = r"(triwulan|kuartal|tw|q|semester|smt|s|caturwulan|cawu)\.?[ _\-]?(iv|i{1,3}|[1-4])"
_LETTER = {"triwulan": "Q", "kuartal": "Q", "tw": "Q", "q": "Q", "caturwulan": "T", "cawu": "T"}
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"({_YEAR})(?:\.0+)?"), lambda m: m[1]),
    (re.compile(rf"({_YEAR})[-/. ]?(0?[1-9]|1[0-2])"), lambda m: f"{m[1]}-{int(m[2]):02}"),
    (re.compile(rf"(0?[1-9]|1[0-2])[-/]({_YEAR})"), lambda m: f"{m[2]}-{int(m[1]):02}"),
    (re.compile(rf"({_MONTH})\.?[-/ _]*({_YEAR})"), lambda m: f"{m[2]}-{MONTHS[m[1]]}"),
    (re.compile(rf"({_YEAR})[-/ _]*({_MONTH})"), lambda m: f"{m[1]}-{MONTHS[m[2]]}"),
    (re.compile(rf"({_YEAR})[-/ _]*{_PART}"), lambda m: f"{m[1]}-{_part(m[2], m[3])}"),
    (re.compile(rf"{_PART}[-/ _]*(?:tahun )?({_YEAR})"), lambda m: f"{m[3]}-{_part(m[1], m[2])}"),
    (re.compile(rf"({_YEAR})/({_YEAR})"), lambda m: f"{m[1]}/{m[2]}"),
    (re.compile(rf"({_YEAR})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[ t].*)?"), lambda m: f"{m[1]}-{m[2]}-{m[3]}"),
    (re.compile(rf"([0-3]?\d)[-/.]([01]?\d)[-/.]({_YEAR})"), lambda m: f"{m[3]}-{int(m[2]):02}-{int(m[1]):02}"),
    (re.compile(_PART), lambda m: _part(m[1], m[2])),
    (re.compile(rf"({_MONTH})\.?"), lambda m: MONTHS[m[1]]),
    (re.compile(r"(iv|i{1,3})"), lambda m: f"Q{_ROMAN[m[1]]}"),
    (re.compile(r"(\d{1,2})"), lambda m: f"{int(m[1]):02}"),
)  # fmt: skip


def _part(word: str, number: str) -> str:
    return f"{_LETTER.get(word, 'S')}{_ROMAN.get(number) or number}"


def sortable(text: str) -> str | None:
    """The period ``text`` means, or ``None``; a part of a year alone (``Maret``, ``TW I``) gives ``03``, ``Q1``."""
    plain = " ".join(text.lower().split())
    for form, make in _FORMS:
        found = form.fullmatch(plain)
        if found is not None:
            return make(found)
    return None


_HEADER_YEAR = re.compile(rf"(?<!\d)({_YEAR})(?!\d)")


def in_header(name: str) -> tuple[str, str] | None:
    """The rest of a column's name and the period it holds: ``Jumlah 2020`` → ``("jumlah", "2020")``, ``2020`` →
    ``("", "2020")``, ``Maret`` → ``("", "03")``; ``None`` if there is none.
    """
    plain = " ".join(name.lower().replace("_", " ").split()).rstrip("*")
    whole = re.sub(r"^(?:tahun|thn|th)\.? ", "", plain)
    period = sortable(whole) if not re.fullmatch(r"\d{1,2}|i{1,3}|iv|[sq][1-4]", whole) else None
    if period is not None:
        return "", period
    years = _HEADER_YEAR.findall(plain)
    if len(years) != 1:
        return None
    rest = re.sub(rf"(?:\b(?:tahun|thn|th)\.? )?{years[0]}\*{{0,3}}", " ", plain)
    return " ".join(rest.strip(" -_()[]").split()), years[0]


_IN_TEXT = re.compile(
    rf"(?:(?:per|sampai dengan|s\.?d\.?|bulan|tahun|triwulan|semester)\b.{{0,20}})?\b{_YEAR}\b", re.IGNORECASE
)


def in_text(text: str) -> str | None:
    """The words in which a title or a file's name tells a period: ``PER 31 MARET 2023``; ``None`` if it does not."""
    found = _IN_TEXT.search(text.replace("_", " "))
    return " ".join(found.group(0).split()) if found is not None else None


def last_day(period: str) -> date | None:
    """The last day of a sortable period with a year; ``None`` for one that is no time on the calendar."""
    try:
        if len(period) == 10:
            return date.fromisoformat(period)
        year = int(period[:4])
        if len(period) == 4:
            return date(year, 12, 31)
        if "/" in period:
            return date(int(period[5:]), 12, 31)
        part = period[5:]
        month = {"Q": 3, "S": 6, "T": 4}[part[0]] * int(part[1:]) if part[0].isalpha() else int(part)
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except (ValueError, KeyError):
        return None


def following(period: str) -> str | None:
    """The period after this one of the same kind: ``2023-12`` → ``2024-01``; ``None`` for days."""
    if len(period) == 4 and period.isdigit():
        return str(int(period) + 1)
    if "/" in period:
        return f"{int(period[:4]) + 1}/{int(period[5:]) + 1}"
    year, _, part = period.partition("-")
    if not year.isdigit() or len(part) != 2:
        return None
    letter = part[0] if part[0].isalpha() else ""
    most = {"": 12, "Q": 4, "S": 2, "T": 3}.get(letter)
    if most is None:
        return None
    number = int(part[1:] if letter else part) + 1
    if number > most:
        year, number = str(int(year) + 1), 1
    return f"{year}-{letter}{number}" if letter else f"{year}-{number:02}"
