"""The list of every change: how it is kept, and what is left of it when only some kinds are chosen.

A CSV file, sorted by table, row and column. Standard library only: a web process reads it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from ckanext.satudata.core.qa.mending.kinds import CELLS, FILE, KINDS, LINES

HEADER = ("kind", "table", "row", "position", "column", "before", "after")
# Cells are as long as people make them.
_LONGEST = 64 << 20


class Change(NamedTuple):
    """``row`` is physical, ``position`` the column's from 1; 0 where a line goes (``after`` is empty) or, with row 0, a
    fact of the file changes (``column`` says which).
    """

    kind: str
    table: str
    row: int
    position: int
    column: str
    before: str
    after: str

    @property
    def what(self) -> str:
        return KINDS[self.kind].what


def write_changes(path: Path, changes: Iterable[Change]) -> str:
    """Write the list to ``path``; returns its SHA-256."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(changes)
    return digest_of(path)


def digest_of(path: Path) -> str:
    """SHA-256 of a list: whoever accepts a list names it by this."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_changes(path: Path) -> Iterator[Change]:
    """Every change of a list, in its order."""
    if csv.field_size_limit() < _LONGEST:
        csv.field_size_limit(_LONGEST)
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines, None)
        for kind, table, row, position, column, before, after in lines:
            yield Change(kind, table, int(row), int(position), column, before, after)


def chosen(changes: Iterable[Change], kinds: Collection[str]) -> Iterator[Change]:
    """What is done when only ``kinds`` are accepted: nothing in a line that goes, one change for each cell."""
    for _, group in groupby(changes, key=lambda change: (change.table, change.row)):
        row = [change for change in group if change.kind in kinds]
        gone = [change for change in row if change.what == LINES]
        if gone:
            yield gone[0]
            continue
        yield from (change for change in row if change.what == FILE)
        cells = (change for change in row if change.what == CELLS)
        for _, same in groupby(cells, key=lambda change: change.position):
            yield max(same, key=lambda change: KINDS[change.kind].rank)
