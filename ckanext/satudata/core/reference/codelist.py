"""A reference list: codes with names, parents, other spellings and the time they hold.

``3204``, ``32.04`` and ``32. 04`` are the same code; ``KAB. BANDUNG`` and ``Kabupaten Bandung`` are the same name. A
list belongs to one *edition* (a decree and its date); two editions of one list are two objects of this kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_CODE_CHARACTER = re.compile(r"[^0-9a-z]+")
_NO_NAME_CHARACTER = re.compile(r"[^0-9a-z ]+")
# How region names are shortened in real files (reference-data.md 4); the dot has become a blank by then.
_WORDS = {
    "kab": "kabupaten",
    "kabup": "kabupaten",
    "kot": "kota",
    "kec": "kecamatan",
    "kel": "kelurahan",
    "ds": "desa",
    "prov": "provinsi",
    "prop": "provinsi",
    "kep": "kepulauan",
    "adm": "administrasi",
    "p": "pulau",
    "d": "daerah",
    "dki": "daerah khusus ibukota",
    "diy": "daerah istimewa yogyakarta",
    "di": "daerah istimewa",
    "ntb": "nusa tenggara barat",
    "ntt": "nusa tenggara timur",
    "nad": "aceh",
}
# Words that say what kind of place it is; a file often leaves them out.
_KINDS = frozenset({"kabupaten", "kota", "administrasi", "kecamatan", "distrik", "kelurahan", "desa", "provinsi"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. ``valid_until`` is the last day on which it holds; ``None`` means open."""

    code: str
    name: str
    parent: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    aliases: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def holds_on(self, day: date) -> bool:
        """Whether the code was in force on ``day``."""
        after_start = self.valid_from is None or self.valid_from <= day
        before_end = self.valid_until is None or day <= self.valid_until
        return after_start and before_end


@dataclass(frozen=True)
class CodeList:
    """All codes of one edition of a list, in the order of the source, by code."""

    key: str
    title: str
    edition: str
    entries: Mapping[str, Entry]
    source: str = ""
    licence: str = ""
    title_en: str = ""

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __contains__(self, code: object) -> bool:
        return code in self.entries

    def get(self, code: str) -> Entry | None:
        """The entry whose code is written exactly like this."""
        return self.entries.get(code)

    def find(self, text: str) -> Entry | None:
        """The entry meant by a code written another way (``3204``, ``32. 04``); ``None`` if none or several are."""
        exact = self.entries.get(text)
        return exact if exact is not None else self._by_bare_code.get(bare_code(text))

    def named(self, text: str, parent: str | None = None) -> list[Entry]:
        """Entries with this name or alias however spelled (case, ``Kab.``, apostrophes), below ``parent`` if given."""
        found = self._by_plain_name.get(plain_name(text), ())
        return [entry for entry in found if parent is None or entry.parent == parent]

    def near(self, text: str, parent: str | None = None, limit: int = 3, least: float = 0.78) -> list[Entry]:
        """Entries whose name looks like ``text``, best first; names without the kind of place count too.

        Compares with the children of ``parent``, or with the whole list if ``parent`` is ``None`` (slow for villages).
        """
        candidates = self.children(parent) if parent is not None else tuple(self.entries.values())
        wanted = plain_name(text)
        scored = [(name_likeness(wanted, entry), entry) for entry in candidates]
        best = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: (-pair[0], pair[1].code))
        return [entry for _, entry in best[:limit]]

    def children(self, parent: str | None) -> Sequence[Entry]:
        """Entries directly below ``parent``; those without a parent for ``None``."""
        return self._by_parent.get(parent, ())

    def holds(self, entry: Entry, text: str) -> bool:
        """Whether ``text`` names ``entry``: its name or an alias, also without the kind of place (``Bandung``)."""
        wanted = plain_name(text)
        names = {plain_name(name) for name in (entry.name, *entry.aliases)}
        return wanted in names or _without_kind(wanted) in {_without_kind(name) for name in names}

    @cached_property
    def _by_bare_code(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        twice: set[str] = set()
        for entry in self:
            bare = bare_code(entry.code)
            if bare in found:
                twice.add(bare)
            found[bare] = entry
        return {bare: entry for bare, entry in found.items() if bare and bare not in twice}

    @cached_property
    def _by_plain_name(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self:
            for name in {plain_name(name) for name in (entry.name, *entry.aliases)}:
                found.setdefault(name, []).append(entry)
        return found

    @cached_property
    def _by_parent(self) -> dict[str | None, list[Entry]]:
        found: dict[str | None, list[Entry]] = {}
        for entry in self:
            found.setdefault(entry.parent, []).append(entry)
        return found

    def to_dict(self) -> dict[str, Any]:
        """How lists travel to the checker's process: ``{key, title, edition, entries: [[code, name, parent], …]}``.

        A row of an entry with aliases has them as a fourth element.
        """
        rows = [
            [entry.code, entry.name, entry.parent, *([list(entry.aliases)] if entry.aliases else [])] for entry in self
        ]
        return {"key": self.key, "title": self.title, "edition": self.edition, "entries": rows}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CodeList:
        """Read what :meth:`to_dict` wrote."""
        entries = (
            Entry(row[0], row[1], row[2], aliases=tuple(row[3]) if len(row) > 3 else ()) for row in data["entries"]
        )
        return code_list(str(data["key"]), str(data["title"]), str(data["edition"]), entries)


class DuplicateCodeError(ValueError):
    """A list names one code twice."""

    def __init__(self, list_key: str, code: str) -> None:
        super().__init__(f"{list_key}: code '{code}' occurs twice")
        self.list_key = list_key
        self.code = code


def code_list(
    key: str,
    title: str,
    edition: str,
    entries: Iterable[Entry],
    *,
    source: str = "",
    licence: str = "",
    title_en: str = "",
) -> CodeList:
    """Build a list; refuses a code that occurs twice (:class:`DuplicateCodeError`)."""
    by_code: dict[str, Entry] = {}
    for entry in entries:
        if entry.code in by_code:
            raise DuplicateCodeError(key, entry.code)
        by_code[entry.code] = entry
    return CodeList(key, title, edition, MappingProxyType(by_code), source, licence, title_en)


def bare_code(text: str) -> str:
    """Only letters and digits, lower case: ``32. 04.05`` → ``320405``."""
    return _NO_CODE_CHARACTER.sub("", text.lower())


def plain_name(text: str) -> str:
    """A name as it is compared: lower case, no accents or marks, usual abbreviations written out."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "").replace("'", "").replace("ʻ", "")).lower()
    plain = plain.encode("ascii", "ignore").decode("ascii")
    words = _NO_NAME_CHARACTER.sub(" ", plain).split()
    if words[:2] == ["d", "i"]:  # "D.I. Yogyakarta"
        words[:2] = ["di"]
    if not words:  # "%", "-": a mark is all there is
        return text.strip().lower()
    return " ".join(_WORDS.get(word, word) for word in words)


def name_likeness(wanted: str, entry: Entry) -> float:
    """How alike a plain name and an entry are, 0 to 1; the kind of place is compared only if both have one."""
    bare = _without_kind(wanted)
    best = 0.0
    for name in (entry.name, *entry.aliases):
        plain = plain_name(name)
        best = max(best, _ratio(wanted, plain))
        if bare == wanted:  # "Bandung" may mean "Kabupaten Bandung"
            best = max(best, _ratio(bare, _without_kind(plain)))
    return best


def _ratio(one: str, other: str) -> float:
    if one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The two cheap upper bounds spare most of the work on long lists.
    if matcher.real_quick_ratio() < 0.7 or matcher.quick_ratio() < 0.7:
        return 0.0
    return matcher.ratio()


def _without_kind(plain: str) -> str:
    words = plain.split()
    kept = [word for word in words if word not in _KINDS]
    return " ".join(kept or words)
