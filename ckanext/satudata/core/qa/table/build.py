"""From frames of text cells to a table: blank rows, tail lines and empty columns taken out and listed."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.area import Head, column_names, find_tail
from ckanext.satudata.core.qa.table.blocks import Irregular
from ckanext.satudata.core.qa.table.model import ROW, Limits, Outside, Table, TableColumn
from ckanext.satudata.core.qa.table.unreadable import Unreadable

# How far from the end total and note lines are looked for.
_TAIL = 40
# Lines left out are listed one by one up to here, then only as ranges of blank rows.
_LISTED = 1_000


def build(
    frame: pl.DataFrame,
    head: Head,
    irregular: Sequence[Irregular],
    limits: Limits,
    *,
    name: str = "",
    merged: tuple[str, ...] = (),
    hidden: bool = False,
) -> Table:
    """Make the table of the data rows in ``frame`` (``_row``, ``c1`` …, in file order)."""
    ids = [column for column in frame.columns if column != ROW]
    outside = list(head.outside)
    blank = frame.select(pl.all_horizontal(pl.col(ids).str.strip_chars() == "")).to_series()
    blank_rows = frame.filter(blank)[ROW].to_list()
    blank_rows += [item.row for item in irregular if item.kind == "blank"]
    frame = frame.filter(~blank) if blank.any() else frame
    last = [(row[0], row[1:]) for row in frame.tail(_TAIL).rows()]
    cut, tail = find_tail(last)
    if cut == frame.height and cut:  # a table of nothing but a total line is still that line
        cut, tail = 0, []
    frame = frame.head(frame.height - cut) if cut else frame
    outside += _ranges("blank", sorted(blank_rows)) + tail
    columns, empty = _columns(frame, ids, head)
    outside += empty
    if len(columns) > limits.columns:
        raise Unreadable("too_many_columns", columns=len(columns), limit=limits.columns)
    frame = frame.select(ROW, *[column.id for column in columns])
    left_out = {row for item in outside for row in (item.first,) if item.kind in ("total", "note")}
    odd = [item for item in irregular if item.kind != "blank" and item.row not in left_out]
    return Table(
        name=name,
        columns=columns,
        rows=frame,
        header_rows=head.header_rows,
        outside=tuple(outside),
        irregular=pl.DataFrame(
            {
                ROW: pl.Series([item.row for item in odd], dtype=pl.Int64),
                "cells": pl.Series([item.cells for item in odd], dtype=pl.Int64),
                "kind": pl.Series([item.kind for item in odd], dtype=pl.String),
            }
        ),
        merged=merged,
        hidden=hidden,
    )


def _columns(frame: pl.DataFrame, ids: list[str], head: Head) -> tuple[tuple[TableColumn, ...], list[Outside]]:
    """Columns with a name or a value; those with neither are listed as left out."""
    levels = list(head.levels) + [()] * (len(ids) - len(head.levels))
    names = column_names(levels)
    filled = [True] * len(ids)
    if frame.height and not all(names):
        filled = list(frame.select((pl.col(ids).str.strip_chars() != "").any()).row(0))
    columns: list[TableColumn] = []
    empty: list[int] = []
    for index, column in enumerate(ids):
        position = head.first_column + index + 1
        if not names[index] and (not filled[index] or not frame.height):
            empty.append(position)
            continue
        raw = next((cell for cell in reversed(levels[index]) if cell.strip()), "")
        unit = head.units[index] if index < len(head.units) else ""
        columns.append(TableColumn(column, names[index], position, raw, tuple(levels[index]), unit))
    return tuple(columns), _ranges("empty_column", empty)


def _ranges(kind: str, numbers: list[int]) -> list[Outside]:
    found: list[Outside] = []
    for number in numbers:
        if found and found[-1].last == number - 1:
            found[-1] = Outside(kind, found[-1].first, number)
        elif len(found) < _LISTED:
            found.append(Outside(kind, number, number))
    return found
