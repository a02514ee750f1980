"""The fields of two descriptions: which came, which went, which read differently, and how."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ckanext.satudata.core.compare.words import Run, runs

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. ``before`` and ``after`` are the values themselves, ``None`` where there is none.

    ``runs`` is filled where both are texts. Where both are lists, ``added`` and ``removed`` are the items that came and
    went, and ``moved`` says that only their order changed.
    """

    name: str
    kind: Kind
    before: Any
    after: Any
    runs: tuple[Run, ...] = ()
    added: tuple[Any, ...] = ()
    removed: tuple[Any, ...] = ()
    moved: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "field": self.name,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
            "runs": [run.to_dict() for run in self.runs],
            "added": list(self.added),
            "removed": list(self.removed),
            "moved": self.moved,
        }


def fields(old: Mapping[str, Any], new: Mapping[str, Any], *, without: Collection[str] = ()) -> tuple[Change, ...]:
    """What differs, in the order of ``new``, then what only ``old`` has; fields named in ``without`` are not looked at.

    ``None``, an empty text, list or object is no value: saving a form turns one into the other.
    """
    names = [*new, *(name for name in old if name not in new)]
    found = (_change(name, _value(old, name), _value(new, name)) for name in names if name not in without)
    return tuple(change for change in found if change is not None)


def _value(values: Mapping[str, Any], name: str) -> Any:
    value = values.get(name)
    return None if value in ("", [], {}, ()) else value


def _change(name: str, before: Any, after: Any) -> Change | None:
    if _same(before, after):
        return None
    if before is None:
        return Change(name, "added", None, after, added=_items(after))
    if after is None:
        return Change(name, "removed", before, None, removed=_items(before))
    if isinstance(before, str) and isinstance(after, str):
        return Change(name, "changed", before, after, runs=runs(before, after))
    if _is_list(before) and _is_list(after):
        added, removed = left_over(after, before), left_over(before, after)
        return Change(name, "changed", before, after, added=added, removed=removed, moved=not added and not removed)
    return Change(name, "changed", before, after)


def _same(before: Any, after: Any) -> bool:
    # 1 and True are equal in Python, but not to a reader.
    return before == after and canonical(before) == canonical(after)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _items(value: Any) -> tuple[Any, ...]:
    return tuple(value) if _is_list(value) else ()


def left_over(items: Sequence[Any], taken: Sequence[Any]) -> tuple[Any, ...]:
    """The items that are left when each of ``taken`` takes one equal item away, in their order."""
    surplus = Counter(canonical(item) for item in items) - Counter(canonical(item) for item in taken)
    left: list[Any] = []
    for item in items:
        text = canonical(item)
        if surplus[text] > 0:
            surplus[text] -= 1
            left.append(item)
    return tuple(left)


def canonical(value: Any) -> str:
    """A value as text, the same for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
