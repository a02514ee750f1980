"""The data dictionary of a file (``kamus_data``): what each column means.

One column has the keys of :data:`KEYS` (see ``core/qa/dictionary.py``); only ``kolom`` and ``tipe`` are needed. The
checks of the file judge by it, and the DataStore takes its types from it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.core.qa.dictionary import KEYS, same_name
from ckanext.satudata.core.qa.plain_data import is_storable
from ckanext.satudata.core.text import Reason, Text, reason

TEXT_LIMITS = {
    **dict.fromkeys(("kolom", "label"), 200),
    **dict.fromkeys(("ukuran", "satuan", "daftar", "edisi"), 100),
    "definisi": 2000,
    "pola": 500,
}
MOST_COLUMNS = 1000
MOST_VALUES = 500
MOST_MARKS, LONGEST_MARK = 20, 50
LARGEST_REST = 8000  # letters of what only a Table Schema knows of
FLAGS = ("wajib", "kunci", "unik")
BOUNDED = ("integer", "number", "year")

SHAPE = Text(
    id="Kamus data berupa daftar kolom; tiap kolom punya “kolom” dan “tipe”.",
    en="A data dictionary is a list of columns; each column has “kolom” and “tipe”.",
)
UNSTORABLE = Text(
    id="Kamus data berisi huruf yang tidak dapat disimpan (byte nol atau huruf yang terpotong).",
    en="The dictionary holds letters that cannot be stored (zero bytes or halves of letters).",
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
BAD_BOUND = Text(
    id="Kolom “{name}”: batas “{value}” bukan angka.",
    en="Column “{name}”: the bound “{value}” is no number.",
)
NO_FIGURES = Text(
    id="Kolom “{name}”: batas hanya berlaku untuk kolom angka dan tahun.",
    en="Column “{name}”: only columns of figures and years have bounds.",
)
CROSSED = Text(
    id="Kolom “{name}”: nilai terkecil {least:g} lebih besar daripada nilai terbesar {most:g}.",
    en="Column “{name}”: the least value {least:g} is greater than the greatest one {most:g}.",
)
BAD_PATTERN = Text(
    id="Kolom “{name}”: pola “{value}” tidak dapat dibaca ({why}).",
    en="Column “{name}”: the pattern “{value}” cannot be read ({why}).",
)
BAD_MARKS = Text(
    id="Kolom “{name}”: tanda untuk nilai yang tidak ada berupa daftar teks pendek, paling banyak {limit}.",
    en="Column “{name}”: marks for missing values are a list of short texts, at most {limit}.",
)
BAD_REST = Text(
    id="Kolom “{name}”: “skema” berupa objek JSON, paling panjang {limit} huruf.",
    en="Column “{name}”: “skema” is a JSON object of at most {limit} letters.",
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


def types() -> tuple[str, ...]:
    """The kinds of columns there are."""
    return tuple(rulebook.lists()["tipe_kolom"].entries)


def problems(columns: Any) -> list[Problem]:
    """Everything that is wrong with a dictionary as it was sent."""
    if not isinstance(columns, list) or not all(isinstance(column, Mapping) for column in columns):
        return [Problem(None, None, reason("shape", SHAPE))]
    if len(columns) > MOST_COLUMNS:
        return [Problem(None, None, reason("too_many", TOO_MANY, number=len(columns), limit=MOST_COLUMNS))]
    if not is_storable(columns):
        return [Problem(None, None, reason("unstorable", UNSTORABLE))]
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
    for part in (*FLAGS, "aditif"):
        if _flag(column.get(part)) is None:
            found.append((part, reason("bad_flag", BAD_FLAG, name=name, part=part)))
    if not _are_texts(column.get("nilai"), MOST_VALUES):
        found.append(("nilai", reason("bad_values", BAD_VALUES, name=name, limit=MOST_VALUES)))
    if not _are_texts(column.get("tanda_kosong"), MOST_MARKS, LONGEST_MARK):
        found.append(("tanda_kosong", reason("bad_marks", BAD_MARKS, name=name, limit=MOST_MARKS)))
    found += [*_bound_problems(name, column), *_pattern_problems(name, column.get("pola"))]
    if not _is_rest(column.get("skema")):
        found.append(("skema", reason("bad_rest", BAD_REST, name=name, limit=LARGEST_REST)))
    for part in sorted(set(column) - set(KEYS) - {"why"}):
        found.append((part, reason("unknown_key", UNKNOWN_KEY, name=name, part=str(part)[:80])))
    return found


def _bound_problems(name: str, column: Mapping[str, Any]) -> list[tuple[str, Reason]]:
    stated = {part: column.get(part) for part in ("minimal", "maksimal") if column.get(part) not in (None, "")}
    if stated and column.get("tipe") not in BOUNDED:
        return [(part, reason("no_figures", NO_FIGURES, name=name)) for part in stated]
    bounds = {part: _bound(value) for part, value in stated.items()}
    wrong = [
        (part, reason("bad_bound", BAD_BOUND, name=name, value=str(stated[part])[:80]))
        for part, bound in bounds.items()
        if bound is None
    ]
    least, most = bounds.get("minimal"), bounds.get("maksimal")
    if least is not None and most is not None and least > most:
        return [("maksimal", reason("crossed", CROSSED, name=name, least=least, most=most))]
    return wrong


def _bound(value: Any) -> float | None:
    """A bound as a number; ``None`` for anything else. People write 0,5 as well as 0.5."""
    try:
        bound = math.nan if isinstance(value, bool) else float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return bound if math.isfinite(bound) else None


def _pattern_problems(name: str, pattern: Any) -> list[tuple[str, Reason]]:
    if not isinstance(pattern, str):
        return []
    try:
        re.compile(pattern.strip())
    except (re.error, RecursionError, OverflowError) as error:
        return [("pola", reason("bad_pattern", BAD_PATTERN, name=name, value=pattern[:80], why=str(error)[:200]))]
    return []


def tidy(columns: Any) -> list[dict[str, Any]]:
    """A dictionary without empty keys, in the order of :data:`KEYS`; call it when there are no :func:`problems`."""
    return [_tidied(column) for column in columns]


def _tidied(column: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for part in KEYS:
        value = _kept(part, column.get(part))
        if value or (value is not None and part in ("minimal", "maksimal", "aditif")):
            kept[part] = value
    return kept


def _kept(part: str, value: Any) -> Any:
    if part in FLAGS:
        return _flag(value)
    if part == "aditif":
        return None if value in (None, "") else _flag(value)
    if part in ("minimal", "maksimal"):
        bound = _bound(value) if value not in (None, "") else None
        return int(bound) if bound is not None and bound.is_integer() else bound
    if part in ("nilai", "tanda_kosong"):
        return [one.strip() for one in value or [] if one.strip()]
    if isinstance(value, str):
        return value.strip() if part in ("definisi", "pola") else " ".join(value.split())
    return value


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool) or value is None:
        return bool(value)
    said = str(value).strip().lower()
    return True if said in _TRUE else (False if said in _FALSE else None)


def _are_texts(value: Any, most: int, longest: int = 2000) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(isinstance(one, str) and len(one) <= longest for one in value)
    )


def _is_rest(value: Any) -> bool:
    if value in (None, ""):
        return True
    return isinstance(value, Mapping) and len(json.dumps(value, default=str)) <= LARGEST_REST
