"""Two data dictionaries (*kamus data*): columns that came, went, got another name, or mean something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ckanext.satudata.core.compare.fields import Change, fields

# What is said of a column besides its name. All of it is looked at; a reader is told the weighty ones first.
WEIGHTY = ("tipe", "satuan", "daftar", "edisi", "kunci", "nilai")
PLAIN = ("label", "definisi", "wajib")
# Two names of this likeness may be one column (0 to 1).
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Renamed:
    """A guess: the column ``before`` is called ``after`` now. ``why``: ``name`` (spelling), ``label``, ``definition``,
    ``similar`` (name and type)."""

    before: str
    after: str
    why: str

    def to_dict(self) -> dict[str, str]:
        return {"before": self.before, "after": self.after, "why": self.why}


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column that is there in both; ``changes`` has the weighty ones (type, unit, list, key) first."""

    name: str
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.name, "changes": [change.to_dict() for change in self.changes]}


@dataclass(frozen=True, slots=True)
class ColumnsDiff:
    """Names as the new dictionary has them; ``removed`` and ``Renamed.before`` as the old one."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    changed: tuple[ColumnChange, ...] = ()
    moved: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.renamed or self.changed or self.moved)

    @property
    def count(self) -> int:
        return len(self.added) + len(self.removed) + len(self.renamed) + len(self.changed)

    def to_dict(self) -> dict[str, Any]:
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "renamed": [pair.to_dict() for pair in self.renamed],
            "changed": [column.to_dict() for column in self.changed],
            "moved": self.moved,
        }


def columns(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> ColumnsDiff:
    """Compare two dictionaries as they are stored (``kolom label tipe satuan daftar edisi wajib kunci definisi
    nilai``).

    A column that only one side has and a column that only the other has are taken for one when their names differ in
    case, blanks and underscores only, when label or definition is the same, or when names are alike and the type is
    the same. Each column is taken once, the surest guess first.
    """
    before, after = _described(old), _described(new)
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    renamed = _renamed({name: before[name] for name in gone}, {name: after[name] for name in come})
    pairs = {**{name: name for name in after if name in before}, **{pair.after: pair.before for pair in renamed}}
    changed = [ColumnChange(name, _changes(before[pairs[name]], after[name])) for name in after if name in pairs]
    told = {name for pair in renamed for name in (pair.before, pair.after)}
    order = [name for name in before if name in pairs.values()]
    return ColumnsDiff(
        added=tuple(name for name in come if name not in told),
        removed=tuple(name for name in gone if name not in told),
        renamed=tuple(renamed),
        changed=tuple(column for column in changed if column.changes),
        moved=[pairs[name] for name in after if name in pairs] != order,
    )


def _described(dictionary: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By name, in order; of a name given twice the first counts."""
    found: dict[str, dict[str, Any]] = {}
    for column in dictionary:
        name = str(column.get("kolom") or "").strip()
        if name and name not in found:
            found[name] = {key: _plain(key, column.get(key)) for key in (*WEIGHTY, *PLAIN)}
            found[name]["tipe"] = found[name]["tipe"] or "text"
    return found


def _plain(key: str, value: Any) -> Any:
    """The same value whatever way it was stored: by a form, by a file, by the proposal of the machine."""
    if key in ("kunci", "wajib"):
        return str(value).strip().casefold() in ("true", "1", "ya", "y", "yes") or None
    if key == "nilai":
        parts = value.replace(";", "|").split("|") if isinstance(value, str) else list(value or ())
        return [str(part).strip() for part in parts if str(part).strip()]
    return str(value).strip() if value is not None else ""


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    return fields(before, after)


def _renamed(gone: Mapping[str, Mapping[str, Any]], come: Mapping[str, Mapping[str, Any]]) -> list[Renamed]:
    places = {name: place for side in (gone, come) for place, name in enumerate(side)}
    guesses: list[tuple[float, int, int, list[str], Renamed]] = []
    for before, was in gone.items():
        for after, is_now in come.items():
            sure, why = _likeness((before, was), (after, is_now))
            if why:
                apart, where = abs(places[before] - places[after]), places[before] + places[after]
                guesses.append((-sure, apart, where, sorted((before, after)), Renamed(before, after, why)))
    taken: set[tuple[str, str]] = set()
    found: list[Renamed] = []
    for *_sure, guess in sorted(guesses, key=lambda guess: guess[:4]):
        if ("old", guess.before) not in taken and ("new", guess.after) not in taken:
            taken |= {("old", guess.before), ("new", guess.after)}
            found.append(guess)
    return sorted(found, key=lambda pair: places[pair.after])


def _likeness(one: tuple[str, Mapping[str, Any]], other: tuple[str, Mapping[str, Any]]) -> tuple[float, str]:
    """How sure it is that two columns are one (0 to 1), and why; ``""`` when nothing speaks for it."""
    (first, was), (second, is_now) = one, other
    if same_name(first) == same_name(second):
        return 1.0, "name"
    for key, sure, why in (("label", 0.95, "label"), ("definisi", 0.9, "definition")):
        if was[key] and was[key].casefold() == is_now[key].casefold():
            return sure, why
    low, high = sorted((same_name(first), same_name(second)))
    alike = SequenceMatcher(None, low, high, autojunk=False).ratio()
    return (alike * 0.85, "similar") if alike >= ALIKE and was["tipe"] == is_now["tipe"] else (0.0, "")


def same_name(name: str) -> str:
    """A column's name without case, blanks and underscores."""
    return "".join(name.replace("_", " ").split()).casefold()
