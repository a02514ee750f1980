"""What a person types, made into the value that is kept, or the reason why it cannot be.

Every function takes a text and returns the kept text (or list of texts), or a :class:`Reason`. An empty text is always
fine here: whether a field may stay empty is asked at submission (:mod:`completeness`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ckanext.satudata.core.reference.codelist import CodeList
from ckanext.satudata.core.text import Reason, Text, reason

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]{2,}")
_PHONE_MARKS = re.compile(r"[\s().\-/+]|ext\.?|pes(?:awat)?\.?", re.IGNORECASE)
_REGION = re.compile(r"[1-9]\d(?:\.\d{2}(?:\.\d{2}(?:\.[1-4]\d{3})?)?)?")
_OPD = re.compile(r"(?:[0-9X]{1,4})(?:\.[0-9X]{1,4}){0,8}")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_PERIOD = re.compile(
    r"(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?|-[Ss][12]|-[Tt][1-3]|-[Qq][1-4]"
    r"|-[Ww](?:0[1-9]|[1-4]\d|5[0-3])|/(?:19|20)\d{2})?"
)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2}|[a-z]+)[/.\- ]((?:19|20)\d{2})", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nopember",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
# Digits of a code without dots, by its length: province, regency, district, village.
_BARE_LEVELS = {2: (2,), 4: (2, 2), 6: (2, 2, 2), 10: (2, 2, 2, 4)}

TOO_LONG = Text(
    id="Teksnya {length} huruf, paling banyak {limit}. Pendekkan, atau pindahkan rinciannya ke file.",
    en="The text has {length} characters, at most {limit} fit. Shorten it, or move details into a file.",
)
NOT_IN_LIST = Text(
    id="“{value}” tidak ada di daftar {list}. {proposal}",
    en="“{value}” is not in the list {list}. {proposal}",
)
BAD_EMAIL = Text(
    id="“{value}” bukan alamat surel. Tulis seperti data@dinkes.contohkab.go.id.",
    en="“{value}” is not an e-mail address. Write it like data@dinkes.contohkab.go.id.",
)
BAD_PHONE = Text(
    id="“{value}” bukan nomor telepon. Tulis angkanya saja, 6 sampai 15 angka, misalnya (022) 589 7200.",
    en="“{value}” is not a telephone number. Write its 6 to 15 digits, such as (022) 589 7200.",
)
BAD_DATE = Text(
    id="“{value}” bukan tanggal. Tulis tahun-bulan-tanggal, misalnya 2025-01-31.",
    en="“{value}” is not a date. Write year-month-day, such as 2025-01-31.",
)
BAD_MOMENT = Text(
    id="“{value}” tidak dikenali sebagai waktu. Tulis tahun (2025), bulan (2025-01), triwulan (2025-Q1), "
    "semester (2025-S1), atau tanggal (2025-01-31).",
    en="“{value}” is not recognised as a time. Write a year (2025), month (2025-01), quarter (2025-Q1), "
    "half-year (2025-S1) or date (2025-01-31).",
)
BAD_REGION = Text(
    id="“{value}” bukan kode wilayah Kemendagri. Bentuknya 32, 32.04, 32.04.05, atau 32.04.05.2001.",
    en="“{value}” is not a Kemendagri region code. It looks like 32, 32.04, 32.04.05 or 32.04.05.2001.",
)
UNKNOWN_PROVINCE = Text(
    id="“{value}” tidak ada: tidak ada provinsi berkode {province}.",
    en="“{value}” does not exist: no province has the code {province}.",
)
BAD_OPD = Text(
    id="“{value}” bukan kode OPD. Tulis angka berpemisah titik, misalnya 1.02.0.00.0.00.01.0000.",
    en="“{value}” is not an organization code. Write digits parted by dots, such as 1.02.0.00.0.00.01.0000.",
)
WRONG_ORDER = Text(
    id="Rentang {start} sampai {end} terbalik. Isi yang lebih awal di “Mulai”.",
    en="The range {start} to {end} is the wrong way round. Put the earlier one in “From”.",
)


def text(value: str, limit: int) -> str | Reason:
    """Trimmed, with ordinary line ends and no control characters; at most ``limit`` characters."""
    kept = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(kept) > limit:
        return reason("too_long", TOO_LONG, length=len(kept), limit=limit)
    return kept


def choice(value: str, codes: CodeList) -> str | Reason:
    """The code of an entry, given as the code, its name or another spelling."""
    typed = value.strip()
    if not typed or typed in codes:
        return typed
    found = codes.named(typed)
    if len(found) == 1:
        return found[0].code
    by_code = codes.find(typed)
    return by_code.code if by_code is not None else _not_in_list(typed, codes)


def word(value: str, codes: CodeList) -> str | Reason:
    """The list's own spelling of a word; a word the list does not know is kept as typed."""
    kept = text(value, 200)
    if isinstance(kept, Reason) or not kept:
        return kept
    entry = codes.get(kept)
    found = [entry] if entry is not None else codes.named(kept)
    return found[0].name if len(found) == 1 else kept


def words(values: Iterable[str], codes: CodeList | None) -> list[str] | Reason:
    """Words parted by line ends, in their order, none twice."""
    kept: list[str] = []
    for line in (line for value in values for line in re.split(r"[\r\n]+", value)):
        one = word(line, codes) if codes is not None else text(line, 200)
        if isinstance(one, Reason):
            return one
        if one and one not in kept:
            kept.append(one)
    return kept


def region_codes(values: Iterable[str], provinces: CodeList) -> list[str] | Reason:
    """Kemendagri codes with dots, one a line or parted by commas; what follows a code (its name) is left out."""
    kept: list[str] = []
    for part in (part for value in values for part in re.split(r"[\r\n,;]+", value)):
        typed = part.strip()
        if not typed:
            continue
        code = _region_code(typed)
        if code is None:
            return reason("bad_region", BAD_REGION, value=typed)
        if code[:2] not in provinces:
            return reason("unknown_province", UNKNOWN_PROVINCE, value=typed, province=code[:2])
        if code not in kept:
            kept.append(code)
    return kept


def moment(value: str) -> str | Reason:
    """A year, month, quarter, half-year, week, school year or day, as ISO 8601 or SDMX writes them."""
    typed = value.strip()
    if not typed:
        return ""
    day = _day_first(typed)
    if day is not None:
        return day
    if not _PERIOD.fullmatch(typed):
        return reason("bad_moment", BAD_MOMENT, value=typed)
    kept = typed.upper()
    school_year = kept.split("/")
    if len(school_year) == 2 and int(school_year[1]) != int(school_year[0]) + 1:
        return reason("bad_moment", BAD_MOMENT, value=typed)
    if len(kept) == 10 and _date(kept) is None:
        return reason("bad_moment", BAD_MOMENT, value=typed)
    return kept


def day(value: str) -> str | Reason:
    """A date as ``2025-01-31``; ``31/01/2025`` and ``31 Januari 2025`` are understood."""
    typed = value.strip()
    if not typed:
        return ""
    kept = _day_first(typed) or typed
    return kept if _date(kept) is not None else reason("bad_date", BAD_DATE, value=typed)


def email(value: str) -> str | Reason:
    """One e-mail address."""
    typed = value.strip()
    if not typed or (len(typed) <= 254 and _EMAIL.fullmatch(typed)):
        return typed
    return reason("bad_email", BAD_EMAIL, value=typed[:80])


def phone(value: str) -> str | Reason:
    """A telephone number as typed; 6 to 15 digits with the usual marks."""
    typed = " ".join(value.split())
    digits = _PHONE_MARKS.sub("", typed)
    if not typed or (digits.isdecimal() and 6 <= len(digits) <= 15):
        return typed
    return reason("bad_phone", BAD_PHONE, value=typed[:80])


def opd_code(value: str) -> str | Reason:
    """Digits (or the placeholder X) in groups parted by dots; regions number differently, so no more is asked."""
    typed = "".join(value.split()).upper()
    if not typed or _OPD.fullmatch(typed):
        return typed
    return reason("bad_opd", BAD_OPD, value=typed[:80])


def in_order(start: str, end: str) -> Reason | None:
    """Why a range of two moments cannot be; ``None`` if it can, or if one of them is empty."""
    if not start or not end or first_day(start) <= last_day(end):
        return None
    return reason("wrong_order", WRONG_ORDER, start=start, end=end)


def first_day(kept: str) -> str:
    """The first day of a kept moment, as text that can be compared."""
    return _edges(kept)[0]


def last_day(kept: str) -> str:
    """The last day of a kept moment, as text that can be compared (day 31 stands for the end of any month)."""
    return _edges(kept)[1]


def _edges(kept: str) -> tuple[str, str]:
    year, rest = kept[:4], kept[4:]
    if rest.startswith("/"):  # school years run from July to June
        return f"{year}-07-01", f"{rest[1:]}-06-31"
    if rest.startswith("-W"):
        week = min(int(rest[2:]), 52)
        return date.fromisocalendar(int(year), week, 1).isoformat(), date.fromisocalendar(
            int(year), week, 7
        ).isoformat()
    if rest[:2] in ("-S", "-T", "-Q"):
        months = {"S": 6, "T": 4, "Q": 3}[rest[1]]
        last = int(rest[2]) * months
        return f"{year}-{last - months + 1:02}-01", f"{year}-{last:02}-31"
    if not rest:
        return f"{year}-01-01", f"{year}-12-31"
    return (f"{kept}-01", f"{kept}-31") if len(kept) == 7 else (kept, kept)


def _region_code(typed: str) -> str | None:
    # "32.04 (Kabupaten Bandung)", "32.04 Kabupaten Bandung": people copy the name along.
    head = re.match(r"[\d. \-]+", typed)
    if head is None:
        return None
    groups = [group for group in re.split(r"[. \-]+", head.group()) if group]
    if len(groups) == 1 and len(groups[0]) in _BARE_LEVELS:
        groups = _cut(groups[0], _BARE_LEVELS[len(groups[0])])
    code = ".".join(groups)
    return code if _REGION.fullmatch(code) else None


def _cut(digits: str, lengths: tuple[int, ...]) -> list[str]:
    groups: list[str] = []
    for length in lengths:
        groups.append(digits[:length])
        digits = digits[length:]
    return groups


def _day_first(typed: str) -> str | None:
    match = _DAY_FIRST.fullmatch(" ".join(typed.split()))
    if match is None:
        return None
    number, month, year = match.groups()
    month_number = int(month) if month.isdecimal() else _MONTHS.get(month.lower(), 0)
    kept = f"{year}-{month_number:02}-{int(number):02}"
    return kept if _date(kept) is not None else None


def _date(kept: str) -> date | None:
    try:
        found = date.fromisoformat(kept)
    except ValueError:
        return None
    return found if found.isoformat() == kept and _YEAR.match(kept) else None


def _not_in_list(typed: str, codes: CodeList) -> Reason:
    title = Text(id=codes.title, en=codes.title_en or codes.title)
    return reason("not_in_list", NOT_IN_LIST, value=typed[:80], list=title, proposal=did_you_mean(typed, codes))


def did_you_mean(typed: str, codes: CodeList) -> Text:
    """A question naming the entries that look alike, or the request to choose."""
    near = codes.near(typed)
    if not near:
        return Text(id="Pilih salah satu dari daftar.", en="Choose one of the list.")
    names = _unbraced(" atau ".join(entry.name for entry in near))
    english = _unbraced(" or ".join(entry.properties.get("name_en", entry.name) for entry in near))
    return Text(id=f"Maksudnya {names}?", en=f"Did you mean {english}?")


def _unbraced(words: str) -> str:
    # The words become part of a template.
    return words.replace("{", "{{").replace("}", "}}")
