"""What reading a file gives: a source with one or more tables, every cell as text with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.sheet_facts import SheetFacts

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.table.stream import Stream

MB = 1 << 20
# The column of a table's frame that holds the physical row: for CSV the line on which the record starts, for a
# spreadsheet the row number its program shows.
ROW = "_row"


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond these a file is refused with a sentence. Bytes, columns, cells, files. The head of a table is looked for
    in its first 300 rows.
    """

    file_bytes: int = 2048 * MB
    inflated_bytes: int = 1024 * MB  # a spreadsheet unpacked
    columns: int = 2_000
    cells: int = 30_000_000  # of the rectangle a sheet uses
    line_bytes: int = 64 * MB
    # A text file beyond this is never held whole: checks that need all rows at once answer "not applicable".
    whole_bytes: int = 256 * MB
    json_bytes: int = 128 * MB  # a JSON document, which is read as a whole
    members: int = 200  # files in an archive
    nesting: int = 2  # archives within archives
    ratio: int = 200  # how many times its size a packed file may grow, once it is large


@dataclass(frozen=True, slots=True)
class Outside:
    """Lines (or columns) that were left out of the table, because they hold no data."""

    # title, blank, column_numbers, units, total, note, signature, repeated_header, repeated_key, beside, empty_column
    kind: str
    first: int
    last: int
    text: str = ""
    cells: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "rows": [self.first, self.last], "text": self.text}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: ``id`` in the frame, the name as the header has it (stripped), its position from 1 in the file."""

    id: str
    name: str
    position: int
    raw: str  # header cell before stripping
    levels: tuple[str, ...] = ()  # header cells from the top, where the header has several lines
    unit: str = ""  # as a line of units below the header gives it


def _no_rows() -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: pl.Int64, "cells": pl.Int64, "kind": pl.String})


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a table reaches whose rows are not at hand: number of rows, first and last physical row."""

    height: int
    first_row: int
    last_row: int


@dataclass(frozen=True)
class Table:
    """One table; ``name`` is the sheet, empty for a text file.

    ``rows`` holds ``_row`` and one text column for each of ``columns``; an empty cell is the empty string, never null.
    ``irregular`` holds ``_row``, ``cells`` and ``kind`` (``short``, ``long``, ``open_quote``) of the records that
    did not have the table's width; they are padded or cut in ``rows``. ``tidy``: surely no cell has a blank at its
    ends. ``running``: ids of the columns that only count the rows, where somebody else found that out. ``extent`` is
    given where ``rows`` is not the table's rows but a part of them. ``every_proposal``: who has it judged wants to know
    what is proposed for each cell, not for a sample only.
    """

    name: str
    columns: tuple[TableColumn, ...]
    rows: pl.DataFrame
    header_rows: tuple[int, int] | None
    outside: tuple[Outside, ...] = ()
    irregular: pl.DataFrame = field(default_factory=_no_rows)
    merged: tuple[str, ...] = ()
    hidden: bool = False
    tidy: bool = False
    running: frozenset[str] | None = None
    extent: Extent | None = None
    every_proposal: bool = False
    # What was worked out about its cells, so that no two checks do it again (``cells.easy``, ``cells.missing``).
    memo: dict[tuple[str, ...], pl.Series] = field(default_factory=dict[tuple[str, ...], "pl.Series"], init=False)
    sheet: SheetFacts | None = None  # of a spreadsheet

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def height(self) -> int:
        return self.rows.height if self.extent is None else self.extent.height

    @cached_property
    def first_row(self) -> int:
        if self.extent is not None:
            return self.extent.first_row
        return int(self.rows[ROW][0]) if self.height else 0

    @cached_property
    def last_row(self) -> int:
        if self.extent is not None:
            return self.extent.last_row
        return int(self.rows[ROW][-1]) if self.height else 0

    def lines_left_out(self, kind: str) -> list[Outside]:
        return [outside for outside in self.outside if outside.kind == kind]

    def to_dict(self, judged: bool) -> dict[str, Any]:
        """The table without its cells; the list of left-out lines is cut at 200."""
        return {
            "name": self.name,
            "judged": judged,
            "header": list(self.header),
            "positions": [column.position for column in self.columns],
            "header_rows": list(self.header_rows) if self.header_rows is not None else None,
            "first_row": self.first_row,
            "last_row": self.last_row,
            "rows": self.height,
            "outside": [outside.to_dict() for outside in self.outside[:200]],
        }


@dataclass(frozen=True)
class Source:
    """A file that was read. ``facts`` are plain values about it (encoding, delimiter, line ends …).

    A large text file may have been opened only: then ``stream`` reads it piece by piece and ``tables`` is empty until
    :meth:`held`.
    """

    path: Path
    name: str
    size: int
    sha256: str
    kind: str  # csv, xlsx, xls, ods, xlsb, json, jsonl, geojson; zip for several files
    facts: dict[str, Any]
    tables: tuple[Table, ...]
    stream: Stream | None = None

    def held(self) -> Source:
        """The same source with every row in memory; raises :class:`Unreadable` when it holds none."""
        if self.stream is None:
            return self
        return replace(self, tables=(self.stream.whole(),), sha256=self.stream.sha256(), stream=None)

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "size": self.size, "sha256": self.sha256, "kind": self.kind, **self.facts}

    def main(self) -> Table:
        """The table that is judged if nobody says which: the visible one with most cells."""
        return max(self.tables, key=lambda table: (not table.hidden, table.height * len(table.columns)))
