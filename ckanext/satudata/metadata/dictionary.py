"""The data dictionary of a file (``kamus_data``): what each column means.

One column is ``{"kolom", "label", "tipe", "satuan", "daftar", "edisi", "wajib", "kunci", "definisi", "nilai"}``; only
``kolom`` and ``tipe`` are needed. The checks of the file judge by it, and the DataStore takes its types from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.core.text import Reason, Text, reason

KEYS = ("kolom", "label", "tipe", "satuan", "daftar", "edisi", "wajib", "kunci", "definisi", "nilai")
TEXT_LIMITS = {"kolom": 200, "label": 200, "satuan": 100, "daftar": 100, "edisi": 100, "definisi": 2000}
MOST_COLUMNS = 1000
MOST_VALUES = 500

SHAPE = Text(
    id="Kamus data berupa daftar kolom; tiap kolom punya “kolom” dan “tipe”.",
    en="A data dictionary is a list of columns; each column has “kolom” and “tipe”.",
)
TOO_MANY = Text(
    id="Kamus data berisi {number} kolom, paling banyak {limit}.",
    en="The dictionary has {number} columns, at most {limit} are possible.",
)
NO_NAME = Text(id="Kolom nomor {number} belum punya nama.", en="Column {number} has no name yet.")
TWICE = Text(id="Kolom “{name}” tertulis dua kali.", en="Column “{name}” is named twice.")
BAD_TYPE = Text(
    id="Kolom “{name}”: tipe “{value}” tidak dikenal. Pilih {types}.",
    en="Column “{name}”: the type “{value}” is unknown. Choose {types}.",
)
TOO_LONG = Text(
    id="Kolom “{name}”: {part} paling panjang {limit} huruf.",
    en="Column “{name}”: {part} may have at most {limit} characters.",
)
BAD_FLAG = Text(
    id="Kolom “{name}”: {part} diisi ya atau tidak.",
    en="Column “{name}”: {part} is yes or no.",
)
BAD_VALUES = Text(
    id="Kolom “{name}”: pilihan isi berupa daftar teks, paling banyak {limit}.",
    en="Column “{name}”: the allowed values are a list of texts, at most {limit}.",
)
UNKNOWN_KEY = Text(
    id="Kolom “{name}”: keterangan “{part}” tidak dikenal.",
    en="Column “{name}”: the key “{part}” is unknown.",
)

_TRUE = frozenset({"true", "ya", "1", "yes", "on"})
_FALSE = frozenset({"false", "tidak", "0", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in row ``index`` (from 0; ``None`` for the dictionary as a whole), at ``part``."""

    index: int | None
    part: str | None
    reason: Reason


def same_name(name: str) -> str:
    """Column names are the same whatever their case and blanks."""
    return " ".join(name.split()).casefold()


def types() -> tuple[str, ...]:
    """The kinds of columns there are."""
    return tuple(rulebook.lists()["tipe_kolom"].entries)


def problems(columns: Any) -> list[Problem]:
    """Everything that is wrong with a dictionary as it was sent."""
    if not isinstance(columns, list) or not all(isinstance(column, Mapping) for column in columns):
        return [Problem(None, None, reason("shape", SHAPE))]
    if len(columns) > MOST_COLUMNS:
        return [Problem(None, None, reason("too_many", TOO_MANY, number=len(columns), limit=MOST_COLUMNS))]
    seen: set[str] = set()
    found: list[Problem] = []
    for index, column in enumerate(columns):
        name = str(column.get("kolom") or "").strip()
        if not name:
            found.append(Problem(index, "kolom", reason("no_name", NO_NAME, number=index + 1)))
        elif same_name(name) in seen:
            found.append(Problem(index, "kolom", reason("twice", TWICE, name=name)))
        seen.add(same_name(name))
        found += [Problem(index, part, why) for part, why in _column_problems(name or f"#{index + 1}", column)]
    return found


def _column_problems(name: str, column: Mapping[str, Any]) -> list[tuple[str, Reason]]:
    found: list[tuple[str, Reason]] = []
    kind = column.get("tipe")
    if kind not in types():
        said = ", ".join(types())
        found.append(("tipe", reason("bad_type", BAD_TYPE, name=name, value=str(kind or ""), types=said)))
    for part, limit in TEXT_LIMITS.items():
        value = column.get(part)
        if value is not None and (not isinstance(value, str) or len(value) > limit):
            found.append((part, reason("too_long", TOO_LONG, name=name, part=part, limit=limit)))
    for part in ("wajib", "kunci"):
        if _flag(column.get(part)) is None:
            found.append((part, reason("bad_flag", BAD_FLAG, name=name, part=part)))
    if not _are_values(column.get("nilai")):
        found.append(("nilai", reason("bad_values", BAD_VALUES, name=name, limit=MOST_VALUES)))
    for part in sorted(set(column) - set(KEYS) - {"why"}):
        found.append((part, reason("unknown_key", UNKNOWN_KEY, name=name, part=str(part)[:80])))
    return found


def tidy(columns: Any) -> list[dict[str, Any]]:
    """A dictionary without empty keys, in the order of :data:`KEYS`; call it when there are no :func:`problems`."""
    return [_tidied(column) for column in columns]


def _tidied(column: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for part in KEYS:
        value = column.get(part)
        if part in ("wajib", "kunci"):
            value = _flag(value)
        elif part == "nilai":
            value = [one.strip() for one in value or [] if one.strip()]
        elif isinstance(value, str):
            value = " ".join(value.split()) if part != "definisi" else value.strip()
        if value:
            kept[part] = value
    return kept


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool) or value is None:
        return bool(value)
    said = str(value).strip().lower()
    return True if said in _TRUE else (False if said in _FALSE else None)


def _are_values(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, list) and len(value) <= MOST_VALUES and all(isinstance(one, str) for one in value)
