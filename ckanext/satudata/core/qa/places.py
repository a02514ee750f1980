"""Names of regions in a list of codes: which region a written name means, and whether it is written as the list has it.

Only provinces, regencies and districts are searched by name; villages are looked for below their district, because
80,000 names hold thousands of doubles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ckanext.satudata.core.qa.lists import REGIONS, Lists
from ckanext.satudata.core.reference.codelist import CodeList, Entry, bare_code, name_likeness, plain_name

_LEVELS = {2: 1, 4: 2, 6: 3, 10: 4}
_SPELLING = 0.82
# Short forms a reader may not know: they keep the name from meeting the list.
_SHORT = frozenset({"kep", "adm", "p", "utr", "slt", "tmr", "brt", "tgh", "kot", "kabup"})
_KIND = re.compile(
    r"^(?:kabupaten administrasi|kota administrasi|kabupaten|kota|kecamatan|distrik|kelurahan|desa|provinsi) "
)
# Names that stand for the whole or for nothing, in columns of regions.
NO_REGION = frozenset(
    {
        *("indonesia", "nasional", "jumlah", "total", "jumlah total", "rata rata", "lainnya", "luar negeri", "luar"),
        *("luar daerah", "tidak diketahui", "tidak ada", "lain lain", "", "n a", "semua", "dki", "jawa", "sumatera"),
        *("kalimantan", "sulawesi", "jumlah indonesia", "provinsi", "kabupaten", "kota", "kecamatan", "desa"),
    }
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a written name means: ``exact`` as the list has it, ``variant`` (short, run together), ``spelling`` (a
    slip), or ``unknown`` with no entry.
    """

    how: str
    entry: Entry | None = None


class Places:
    """The regions of one list, by level and name."""

    def __init__(self, known: CodeList) -> None:
        self.known = known

    @cached_property
    def _by_level(self) -> dict[int, dict[str, list[Entry]]]:
        found: dict[int, dict[str, list[Entry]]] = {1: {}, 2: {}, 3: {}}
        for entry in self.known:
            level = level_of(entry.code)
            if level in found:
                for name in {bare_name(name) for name in (entry.name, *entry.aliases)}:
                    found[level].setdefault(name, []).append(entry)
        return found

    @cached_property
    def _squeezed(self) -> dict[int, dict[str, list[Entry]]]:
        found: dict[int, dict[str, list[Entry]]] = {}
        for level, names in self._by_level.items():
            for name, entries in names.items():
                found.setdefault(level, {}).setdefault(name.replace(" ", ""), []).extend(entries)
        return found

    def named(self, text: str, level: int) -> Sequence[Entry]:
        """Entries of a level (1–3) with this name, with or without its kind and blanks."""
        name = bare_name(text)
        return self._by_level.get(level, {}).get(name) or self._squeezed.get(level, {}).get(name.replace(" ", ""), ())

    def level(self, names: Iterable[str]) -> tuple[int, float]:
        """The level (1–3) at which most of the names are regions, and the share of them that are; 0 for none."""
        wanted = [name for name in names if plain_name(name) not in NO_REGION]
        if not wanted:
            return 0, 0.0
        shares = {level: sum(bool(self.named(name, level)) for name in wanted) / len(wanted) for level in (1, 2, 3)}
        best = max(shares, key=lambda level: (shares[level], -level))
        return (best, shares[best]) if shares[best] else (0, 0.0)

    def common_parent(self, names: Iterable[str], level: int) -> str | None:
        """The one parent under which most of these names are found: the regency of a list of districts."""
        parents: Counter[str] = Counter()
        total = 0
        for name in names:
            total += 1
            parents.update({entry.parent for entry in self.named(name, level) if entry.parent})
        best = parents.most_common(1)
        return best[0][0] if best and best[0][1] >= 0.6 * total else None

    def meant(self, text: str, candidates: Sequence[Entry]) -> Meant:
        """Which of ``candidates`` a written name means."""
        plain, bare = plain_name(text), bare_name(text)
        tokens = set(re.split(r"[^a-z]+", text.lower()))
        same = [entry for entry in candidates if plain in _plain_names(entry)] or [
            entry for entry in candidates if bare in {bare_name(name) for name in (entry.name, *entry.aliases)}
        ]
        if same:
            return Meant("variant" if tokens & _SHORT and not _official(text, same[0]) else "exact", same[0])
        squeezed = bare.replace(" ", "")
        for entry in candidates:
            if any(bare_name(name).replace(" ", "") == squeezed for name in (entry.name, *entry.aliases)):
                return Meant("variant", entry)
        for entry in candidates:
            if cut_short(bare, bare_name(entry.name)):
                return Meant("variant", entry)
        scored = [(name_likeness(plain, entry), entry) for entry in candidates]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if best[0] >= _SPELLING:
            return Meant("spelling", best[1])
        return Meant("unknown")

    def of_level(self, level: int) -> list[Entry]:
        """All entries of a level (1–3)."""
        seen = {entry.code: entry for entries in self._by_level.get(level, {}).values() for entry in entries}
        return list(seen.values())


# Indexes of the lists used last; a list is a large object that several tables of one run share.
_cache: list[tuple[CodeList, Places]] = []


def places(lists: Lists) -> Places | None:
    """The regions of the installed list; the provinces that ship with us where there is none; ``None`` without both."""
    known = lists.get(REGIONS) or lists.get("provinsi")
    if known is None:
        return None
    for kept, found in _cache:
        if kept is known:
            return found
    found = Places(known)
    _cache.append((known, found))
    del _cache[:-4]
    return found


def level_of(code: str) -> int:
    """1 province, 2 regency, 3 district, 4 village, 0 something else (an island)."""
    return _LEVELS.get(len(bare_code(code)), 0)


@lru_cache(maxsize=1 << 16)
def bare_name(text: str) -> str:
    """A name as it is compared, without the kind of place."""
    plain = plain_name(text)
    return _KIND.sub("", plain) or plain


def cut_short(short: str, full: str) -> bool:
    """``seribu utr`` for ``seribu utara``: as many words, each cut off or without its vowels."""
    ones, others = short.split(), full.split()
    if len(ones) != len(others) or not ones:
        return False
    return all(
        whole.startswith(word) or word == whole[0] + "".join(letter for letter in whole[1:] if letter not in "aiueo")
        for word, whole in zip(ones, others, strict=True)
    )


def _plain_names(entry: Entry) -> set[str]:
    return {_plain(name) for name in (entry.name, *entry.aliases)}


_plain = lru_cache(maxsize=1 << 16)(plain_name)


def _official(text: str, entry: Entry) -> bool:
    """Whether the short form stands in the list itself."""
    return " ".join(text.lower().split()) in {name.lower() for name in (entry.name, *entry.aliases)}
