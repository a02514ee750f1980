"""A line of units below the header: ``(Orang)``, ``Ha``, ``%``; and a unit in brackets behind a column's name.

Known units are those of the rulebook's list ``satuan``; it is read when a line looks like one, and only then.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_LIST = Path(__file__).resolve().parents[3] / "rulebook" / "reference" / "satuan.csv"
_BRACKETS = re.compile(r"[(\[]\s*(?:satuan\s*:?\s*)?([^()\[\]]{1,40}?)\s*[)\]]", re.IGNORECASE)
_BEHIND = re.compile(r".+?\s*[(\[]\s*([^()\[\]]{1,40}?)\s*[)\]]", re.DOTALL)
_LABEL = re.compile(r"\(?satuan\)?\s*:?", re.IGNORECASE)
_NOTHING = ("", "-", "–", "(-)")
_FIGURE = re.compile(r"[\d.,\s=+]+")


def units_row(cells: Sequence[str]) -> list[str] | None:
    """The unit of each column if the row names nothing but units, else ``None``.

    Every filled cell is a known unit or stands in brackets; at least one is a known unit.
    """
    filled = [cell for cell in cells if cell not in _NOTHING]
    if not filled or any(len(cell) > 44 for cell in filled):
        return None
    units = [_unit(cell) for cell in cells]
    if any(unit is None for unit in units):
        return None
    named = [unit for unit in units if unit]
    return [unit or "" for unit in units] if any(unit.casefold() in known_units() for unit in named) else None


def _unit(cell: str) -> str | None:
    """The unit a cell names, empty for a cell that names none, ``None`` for a cell that is something else."""
    if cell in _NOTHING or _LABEL.fullmatch(cell):
        return ""
    inner = _BRACKETS.fullmatch(cell)
    if inner is not None:
        return None if _FIGURE.fullmatch(inner.group(1)) else inner.group(1)
    return cell if cell.casefold() in known_units() else None


def unit_behind(name: str) -> str:
    """The known unit in brackets behind a column's name: ``Luas (Ha)`` → ``Ha``; empty if there is none."""
    found = _BEHIND.fullmatch(name.strip())
    if found is None:
        return ""
    unit = " ".join(found.group(1).split())
    # One letter is rather a class: Penduduk (L) are men, not litres.
    return unit if unit.casefold() in known_units() and (len(unit) > 1 or unit in "%‰") else ""


@cache
def known_units() -> frozenset[str]:
    """Names and short forms of units, in small letters."""
    words: set[str] = set()
    with _LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words |= {row["code"], row["name"], row["name_en"], *(row["aliases"] or "").split("|")}
    return frozenset(word.strip().casefold() for word in words) - {"", "-"}
