"""The files of two versions of a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.core.compare.columns import ColumnsDiff, columns
from ckanext.satudata.core.compare.fields import Change, fields

DICTIONARY = "kamus_data"
VIEWS = "views"
# Told in words of their own, so not repeated among the fields.
CONTENT = ("sha256", "size")
NOT_FIELDS = frozenset({"id", DICTIONARY, VIEWS, *CONTENT})


@dataclass(frozen=True, slots=True)
class Named:
    """A file: its id in its own version, and what people call it."""

    id: str
    name: str

    def to_dict(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A file that is there in both versions and differs. Sizes in bytes, ``None`` where unknown."""

    id: str
    before_id: str
    name: str
    fields: tuple[Change, ...]
    columns: ColumnsDiff
    content: bool
    views: bool
    size_before: int | None
    size_after: int | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "before_id": self.before_id,
            "name": self.name,
            "fields": [change.to_dict() for change in self.fields],
            "columns": self.columns.to_dict(),
            "content": self.content,
            "views": self.views,
            "size_before": self.size_before,
            "size_after": self.size_after,
        }


@dataclass(frozen=True, slots=True)
class ResourcesDiff:
    """``same`` counts the files that do not differ; ``moved``: those of both versions stand in another order."""

    added: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    changed: tuple[ResourceChange, ...] = ()
    same: int = 0
    moved: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.moved)

    def to_dict(self) -> dict[str, Any]:
        return {
            "added": [one.to_dict() for one in self.added],
            "removed": [one.to_dict() for one in self.removed],
            "changed": [one.to_dict() for one in self.changed],
            "same": self.same,
            "moved": self.moved,
        }


def resources(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], pairs: Mapping[str, str] | None = None
) -> ResourcesDiff:
    """Compare the files of two versions; each is a mapping with ``id`` and whatever else is said of it.

    ``pairs``: id in the new version → id of the same file in the old one; without it the ids themselves are the same.
    """
    before = {str(one["id"]): one for one in old}
    partner = {str(one["id"]): (pairs or {}).get(str(one["id"]), str(one["id"])) for one in new}
    both = [(before[partner[str(one["id"])]], one) for one in new if partner[str(one["id"])] in before]
    kept = {str(was["id"]) for was, _ in both}
    changes = [_change(was, is_now) for was, is_now in both]
    told = tuple(change for change in changes if change is not None)
    return ResourcesDiff(
        added=tuple(_named(one) for one in new if partner[str(one["id"])] not in before),
        removed=tuple(_named(one) for one in old if str(one["id"]) not in kept),
        changed=told,
        same=len(both) - len(told),
        moved=[str(was["id"]) for was, _ in both] != [one for one in before if one in kept],
    )


def _named(resource: Mapping[str, Any]) -> Named:
    return Named(str(resource["id"]), str(resource.get("name") or resource.get("url") or resource["id"]))


def _change(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> ResourceChange | None:
    told = fields(was, is_now, without=NOT_FIELDS)
    dictionary = columns(_rows(was), _rows(is_now))
    content = was.get("sha256") != is_now.get("sha256")
    views = bool(fields(was, is_now, without=[key for key in (*was, *is_now) if key != VIEWS]))
    if not (told or not dictionary.is_empty or content or views):
        return None
    return ResourceChange(
        id=str(is_now["id"]),
        before_id=str(was["id"]),
        name=_named(is_now).name,
        fields=told,
        columns=dictionary,
        content=content,
        views=views,
        size_before=was.get("size"),
        size_after=is_now.get("size"),
    )


def _rows(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    stored: list[Any] = resource.get(DICTIONARY) or []
    return [row for row in stored if isinstance(row, Mapping)]
