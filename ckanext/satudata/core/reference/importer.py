"""Read a reference list from an archive or file, and say how good it is before anybody stores it.

The columns are found by their usual names: ``code``/``id``/``kode``, ``name``/``nama``/``judul``, and for the parent
``province_code``, ``regency_id``, ``parent``, ``induk`` and the like. Region codes are brought to one form: Kemendagri
with dots, BPS without.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ckanext.satudata.core.reference.archive import Member, Origin, UnreadableSourceError, tables
from ckanext.satudata.core.reference.codelist import Entry

KEMENDAGRI = "wilayah_kemendagri"
BPS = "wilayah_bps"

CODE_COLUMNS = ("code", "kode", "id")
NAME_COLUMNS = ("name", "nama", "title", "judul", "uraian", "label")
PARENT_COLUMNS = (
    "parent",
    "induk",
    "parent_code",
    "kode_induk",
    *(f"{level}_{part}" for level in ("province", "regency", "district") for part in ("code", "id")),
)
# Tables of the usual packages that hold something else than the list itself.
OTHER_TABLES = re.compile(r"islands?|pulau|boundar\w*|postal\w*")
MOST_SAMPLES = 20

_KEMENDAGRI = re.compile(r"[1-9]\d(?:\.\d{2}(?:\.\d{2}(?:\.[123]\d{3})?)?)?")
_BPS = re.compile(r"[1-9]\d(?:\d{2}(?:\d{3}(?:\d{3})?)?)?")
_CUTS = {2: (2,), 4: (2, 2), 6: (2, 2, 2), 10: (2, 2, 2, 4)}
REGION_LEVELS = ("provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan")

# How many regions the decrees count, by the number that stands in the name of the edition.
DECREES: Mapping[str, tuple[int, int, int, int]] = {
    "2430/2025": (38, 514, 7285, 83762),
    "2138/2025": (38, 514, 7285, 83762),
    "6117/2022": (37, 514, 7277, 83763),
    "72/2019": (34, 514, 7230, 83449),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as it was read. ``errors`` stand in the way of storing it, ``warnings`` should be read."""

    list_key: str
    edition: str
    origin: Origin
    entries: tuple[Entry, ...]
    counts: Mapping[str, int]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    tables: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass
class _Findings:
    """Collects what is wrong, with a few samples of each kind and the full number."""

    samples: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    numbers: Counter[str] = field(default_factory=Counter[str])

    def add(self, kind: str, sample: str) -> None:
        self.numbers[kind] += 1
        if len(self.samples.setdefault(kind, [])) < MOST_SAMPLES:
            self.samples[kind].append(sample)

    def lines(self, kinds: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(
            f"{words}: {self.numbers[kind]} ({', '.join(self.samples[kind][:5])}{', …' * (self.numbers[kind] > 5)})"
            for kind, words in kinds.items()
            if self.numbers[kind]
        )


_ERRORS = {
    "code": "codes of another form than the list's",
    "conflict": "one code with two names",
    "orphan": "codes whose parent is not in the list",
    "empty": "rows without code or name",
    "date": "rows with a date that is none",
}
_WARNINGS = {
    "twice": "rows that repeat a code and its name",
    "blank": "names with blanks at their ends (trimmed)",
    "count": "counts that differ from the decree",
}


def read_list(path: Path, list_key: str, edition: str) -> Reading:
    """Read and judge a list; raises ``UnreadableSourceError`` if there is no table of codes and names in ``path``."""
    members, origin = tables(path)
    findings = _Findings()
    entries: dict[str, Entry] = {}
    used: list[str] = []
    left_out: list[str] = []
    for member in members:
        rows = None if OTHER_TABLES.fullmatch(member.stem) else _rows(member)
        if rows is None:
            left_out.append(str(member.path))
            continue
        used.append(str(member.path))
        for entry in _entries(rows, list_key, findings):
            _add(entry, entries, findings)
    if not entries:
        raise UnreadableSourceError(f"{path}: no table with a code and a name column")
    _check_parents(entries, findings)
    counts = _counts(entries.values(), list_key)
    _check_decree(counts, list_key, edition, findings)
    return Reading(
        list_key=list_key,
        edition=edition,
        origin=origin,
        entries=tuple(sorted(entries.values(), key=lambda entry: entry.code)),
        counts=counts,
        errors=findings.lines(_ERRORS),
        warnings=findings.lines(_WARNINGS),
        tables=tuple(used),
        left_out=tuple(left_out),
    )


def normal_code(list_key: str) -> Callable[[str], str | None]:
    """How a code of this list is written; the function gives ``None`` for what is no code of it."""
    return {KEMENDAGRI: _dotted, BPS: _undotted}.get(list_key, lambda code: code or None)


def parent_of(code: str, list_key: str) -> str | None:
    """The parent a region code carries in itself; ``None`` for other lists and for provinces."""
    if list_key == KEMENDAGRI and "." in code:
        return code.rsplit(".", 1)[0]
    if list_key == BPS:
        return {4: code[:2], 7: code[:4], 10: code[:7]}.get(len(code))
    return None


def _rows(member: Member) -> csv.DictReader[str] | None:
    text = member.content.decode("utf-8-sig", "replace")
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t|", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    found = _column(reader.fieldnames, CODE_COLUMNS) and _column(reader.fieldnames, NAME_COLUMNS)
    return reader if found else None


def _column(names: Iterable[str], wanted: Iterable[str]) -> str:
    there = set(names)
    return next((name for name in wanted if name in there), "")


def _entries(rows: csv.DictReader[str], list_key: str, findings: _Findings) -> Iterable[Entry]:
    names = rows.fieldnames or ()
    code_column, name_column = _column(names, CODE_COLUMNS), _column(names, NAME_COLUMNS)
    parent_column, alias_column = _column(names, PARENT_COLUMNS), _column(names, ("aliases", "alias"))
    normal = normal_code(list_key)
    for row in rows:
        raw, name = (row.get(code_column) or "").strip(), row.get(name_column) or ""
        code = normal(raw)
        if not raw or not name.strip():
            findings.add("empty", f"line {rows.line_num}")
        elif code is None:
            findings.add("code", raw)
        else:
            if name != name.strip():
                findings.add("blank", code)
            parent = (row.get(parent_column) or "").strip() if parent_column else ""
            first, last = (_day(row.get(part), code, findings) for part in ("valid_from", "valid_until"))
            words = (row.get(alias_column) or "").split("|") if alias_column else []
            yield Entry(
                code=code,
                name=name.strip(),
                parent=(normal(parent) or parent) if parent else parent_of(code, list_key),
                valid_from=first,
                valid_until=last,
                aliases=tuple(word.strip() for word in words if word.strip()),
            )


def _day(text: str | None, code: str, findings: _Findings) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text and text.strip() else None
    except ValueError:
        findings.add("date", f"{code}: {text}")
        return None


def _add(entry: Entry, entries: dict[str, Entry], findings: _Findings) -> None:
    known = entries.setdefault(entry.code, entry)
    if known is not entry:
        findings.add("twice" if known.name == entry.name else "conflict", entry.code)


def _check_parents(entries: Mapping[str, Entry], findings: _Findings) -> None:
    for entry in entries.values():
        if entry.parent is not None and entry.parent not in entries:
            findings.add("orphan", entry.code)


def _counts(entries: Iterable[Entry], list_key: str) -> dict[str, int]:
    if list_key not in (KEMENDAGRI, BPS):
        return {"kode": sum(1 for _ in entries)}
    lengths = Counter(sum(character.isdigit() for character in entry.code) for entry in entries)
    wanted = (2, 4, 6, 10) if list_key == KEMENDAGRI else (2, 4, 7, 10)
    return {level: lengths[length] for level, length in zip(REGION_LEVELS, wanted, strict=True)}


def _check_decree(counts: Mapping[str, int], list_key: str, edition: str, findings: _Findings) -> None:
    decree = next((known for number, known in DECREES.items() if number in edition), None)
    if list_key != KEMENDAGRI or decree is None:
        return
    for level, number in zip(REGION_LEVELS, decree, strict=True):
        if counts[level] != number:
            findings.add("count", f"{level} {counts[level]}, {number} expected")


def _dotted(code: str) -> str | None:
    bare = code.replace(".", "").replace(" ", "")
    lengths = _CUTS.get(len(bare))
    if lengths is None or not bare.isdecimal():
        return None
    groups: list[str] = []
    for length in lengths:
        groups.append(bare[:length])
        bare = bare[length:]
    dotted = ".".join(groups)
    return dotted if _KEMENDAGRI.fullmatch(dotted) else None


def _undotted(code: str) -> str | None:
    bare = code.replace(".", "").replace(" ", "")
    return bare if _BPS.fullmatch(bare) else None
