"""Units of measurement: which one a word means, and which one a header or a title states."""

from __future__ import annotations

import re
from functools import cache

from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.reference.codelist import CodeList, Entry

KEY = "satuan"
# What people count in a header without calling it a unit; as good as one to a reader.
_COUNTED = frozenset({"individu", "penduduk", "pegawai", "siswa", "guru", "anak", "balita", "pasien", "peserta"})
_LONGEST = 4
_IN_TITLE = re.compile(
    r"(?i)(?:satuan|unit)\s*[:=]\s*([^;,()]{1,30})|\((?:dalam\s+)?([^()]{1,30})\)|\bdalam\s+([\w ]{2,25})"
)
# Words of time in a header say which period, not which unit; one or two letters may be anything.
_NO_UNIT = frozenset({"tahun", "bulan", "hari"})


def known_units(lists: Lists) -> CodeList:
    """The list of units the portal uses, else the one that ships with us."""
    return lists.get(KEY) or _shipped()


@cache
def _shipped() -> CodeList:
    from ckanext.satudata.core.qa.checklist import RULEBOOK
    from ckanext.satudata.core.reference.rulebook import load_list

    folder = RULEBOOK / "reference"
    return load_list(folder / f"{KEY}.csv", folder / f"{KEY}.yaml")


def unit(text: str, known: CodeList) -> Entry | None:
    """The unit a written one means: ``%`` and ``Persentase`` are per cent."""
    found = known.named(text)
    return found[0] if found else None


def in_header(name: str, known: CodeList) -> str | None:
    """The unit a column's header states: ``Luas (ha)``, ``jumlah_kasus``, ``persentase``; ``None`` if it does not."""
    plain = re.sub(r"[_/\-]+", " ", same_name(name))
    for inside in re.findall(r"[(\[]([^()\[\]]+)[)\]]", same_name(name)):
        if (found := unit(inside, known)) is not None:
            return found.name
    if "%" in name:
        return "Persen"
    words = re.sub(r"[()\[\],.:]", " ", plain).split()
    for size in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            phrase = " ".join(words[start : start + size])
            if phrase in _COUNTED:
                return phrase
            found = unit(phrase, known) if len(phrase) > 2 and phrase not in _NO_UNIT else None
            if found is not None:
                return found.name
    return None


def in_title(text: str, known: CodeList) -> str | None:
    """The unit a line above the table states: ``(dalam ribu rupiah)``, ``Satuan: ton``."""
    for groups in _IN_TITLE.findall(text):
        for words in groups:
            if words and (found := unit(words.strip(), known)) is not None:
                return found.name
    return None
