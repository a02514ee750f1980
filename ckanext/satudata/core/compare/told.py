"""The answer of a comparison of two tables, and what it is asked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ckanext.satudata.core.compare import sums
from ckanext.satudata.core.compare.columns import same_name

Kind = Literal["changed", "added", "removed"]
KINDS: tuple[Kind, ...] = ("changed", "added", "removed")


class TableError(ValueError):
    """A table that is not what its columns say."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the judged rows: ``type`` is ``text``, ``integer``, ``number``, ``date`` or ``boolean``.

    ``amount``: its numbers may be added up. ``coded``: its values come from a list.
    """

    name: str
    type: str = "text"
    amount: bool = False
    coded: bool = False


@dataclass(frozen=True)
class Side:
    """One version of a table. ``rows``: CSV in UTF-8 with a header, one record for each row of the table.

    ``places``: a CSV whose first field is the row of the file people know, in the same order; ``None``: not told.
    Each column has a name of its own (:func:`distinct`), whatever the header of ``rows`` says.
    """

    rows: Path
    columns: tuple[Column, ...]
    places: Path | None = None

    def __post_init__(self) -> None:
        if len({same_name(column.name) for column in self.columns}) < len(self.columns):
            raise TableError("two columns have the same name; see distinct()")

    def find(self, name: str) -> int | None:
        """The position of a column by name, its case and blanks aside."""
        wanted = same_name(name)
        return next((place for place, column in enumerate(self.columns) if same_name(column.name) == wanted), None)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that changed, as it stands in both versions."""

    column: str
    before: str
    after: str

    def to_dict(self) -> dict[str, str]:
        return {"column": self.column, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Row:
    """A row that differs. ``row`` and ``row_before`` are rows of the files (``None``: not there, or not known).

    ``values``: the whole row by column, of the new version, for a removed row of the old one.
    """

    kind: Kind
    row: int | None
    row_before: int | None
    key: tuple[str, ...]
    values: Mapping[str, str]
    cells: tuple[Cell, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "row": self.row,
            "row_before": self.row_before,
            "key": list(self.key),
            "values": dict(self.values),
            "cells": [cell.to_dict() for cell in self.cells],
        }


@dataclass(frozen=True, slots=True)
class Repeated:
    """Rows whose key is not theirs alone: how many, and some of those keys."""

    rows: int = 0
    keys: tuple[tuple[str, ...], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {"rows": self.rows, "keys": [list(key) for key in self.keys]}


@dataclass(frozen=True)
class TableDiff:
    """The whole answer; counts are exact, ``rows`` is one page of the listing.

    ``by``: ``key``, or ``row`` when there is none: then a changed row is one that went and one that came.
    ``key_missing``: key columns that one of the versions does not have. ``cells``: changed cells by column.
    ``listed``: rows in the whole listing.
    """

    by: Literal["key", "row"]
    key: tuple[str, ...]
    key_missing: tuple[str, ...]
    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int
    cells: Mapping[str, int]
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    repeated_before: Repeated
    repeated_after: Repeated
    totals: tuple[sums.Total, ...]
    periods: tuple[sums.Period, ...]
    codes: tuple[sums.Codes, ...]
    scales: tuple[sums.Scale, ...]
    listed: int
    offset: int
    rows: tuple[Row, ...] = ()

    @property
    def same(self) -> int:
        """Rows that stand unchanged in both versions."""
        return self.rows_after - self.added - self.changed

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.columns_added or self.columns_removed)

    def to_dict(self) -> dict[str, Any]:
        return {
            "by": self.by,
            "key": list(self.key),
            "key_missing": list(self.key_missing),
            "rows_before": self.rows_before,
            "rows_after": self.rows_after,
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "same": self.same,
            "cells": dict(self.cells),
            "columns_added": list(self.columns_added),
            "columns_removed": list(self.columns_removed),
            "repeated_before": self.repeated_before.to_dict(),
            "repeated_after": self.repeated_after.to_dict(),
            "totals": [total.to_dict() for total in self.totals],
            "periods": [period.to_dict() for period in self.periods],
            "codes": [codes.to_dict() for codes in self.codes],
            "scales": [scale.to_dict() for scale in self.scales],
            "listed": self.listed,
            "offset": self.offset,
            "rows": [row.to_dict() for row in self.rows],
        }


def distinct(names: Sequence[str]) -> list[str]:
    """The names of a header, each of its own: the second ``Jumlah`` is ``Jumlah (2)``."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        number, own = 1, name
        while same_name(own) in taken:
            number += 1
            own = f"{name} ({number})"
        taken.add(same_name(own))
        found.append(own)
    return found
