"""From frames of text cells to a table: blank rows, tail lines and empty columns taken out and listed."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.area import Head, column_names, find_tail
from ckanext.satudata.core.qa.table.blocks import Irregular
from ckanext.satudata.core.qa.table.model import ROW, Limits, Outside, Table, TableColumn
from ckanext.satudata.core.qa.table.unreadable import Unreadable

# How far from the end total and note lines are looked for.
TAIL = 40
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
    tidy: bool = False,
) -> Table:
    """Make the table of the data rows in ``frame`` (``_row``, ``c1`` …, in file order)."""
    ids = [column for column in frame.columns if column != ROW]
    frame, blank_rows = without_blanks(frame, ids)
    blank_rows += [item.row for item in irregular if item.kind == "blank"]
    frame, tail = without_tail(frame)
    outside = [*head.outside, *row_ranges("blank", sorted(blank_rows)), *tail]
    columns, empty = columns_of(ids, head, _filled(frame, ids, head), limits)
    outside += empty
    return Table(
        name=name,
        columns=columns,
        rows=frame.select(ROW, *[column.id for column in columns]),
        header_rows=head.header_rows,
        outside=tuple(outside),
        irregular=irregular_rows(irregular, tail),
        merged=merged,
        hidden=hidden,
        tidy=tidy,
    )


def without_blanks(frame: pl.DataFrame, ids: Sequence[str]) -> tuple[pl.DataFrame, list[int]]:
    """``frame`` without the rows in which every cell is blank, and the numbers of these."""
    blank = frame[ids[0]].str.strip_chars() == ""
    if not blank.any():
        return frame, []
    blank = frame.select(pl.lit(blank) & pl.all_horizontal(pl.col(ids).str.strip_chars() == "")).to_series()
    return frame.filter(~blank), frame.filter(blank)[ROW].to_list()


def without_tail(frame: pl.DataFrame, *, all_of_it: bool = True) -> tuple[pl.DataFrame, list[Outside]]:
    """``frame`` without the total and note lines at its end, and these; ``all_of_it``: no rows stand before."""
    last = [(row[0], row[1:]) for row in frame.tail(TAIL).rows()]
    cut, tail = find_tail(last)
    if all_of_it and cut == frame.height and cut:  # a table of nothing but a total line is still that line
        cut, tail = 0, []
    return (frame.head(frame.height - cut) if cut else frame), tail


def irregular_rows(irregular: Sequence[Irregular], tail: Sequence[Outside] = ()) -> pl.DataFrame:
    """The records that do not have the table's width, but for blank ones and the lines of the ``tail``."""
    left_out = {item.first for item in tail if item.kind in ("total", "note")}
    odd = [item for item in irregular if item.kind != "blank" and item.row not in left_out]
    return pl.DataFrame(
        {
            ROW: pl.Series([item.row for item in odd], dtype=pl.Int64),
            "cells": pl.Series([item.cells for item in odd], dtype=pl.Int64),
            "kind": pl.Series([item.kind for item in odd], dtype=pl.String),
        }
    )


def unnamed(ids: Sequence[str], head: Head) -> list[str]:
    """The columns without a header; whether they belong to the table depends on what stands in them."""
    names = column_names(list(head.levels) + [()] * (len(ids) - len(head.levels)))
    return [column for column, name in zip(ids, names, strict=True) if not name]


def filled_columns(frame: pl.DataFrame, ids: Sequence[str]) -> set[str]:
    """Those of the columns ``ids`` in which a value stands."""
    if frame.is_empty() or not ids:
        return set()
    found = frame.select((pl.col(ids).str.strip_chars() != "").any()).row(0)
    return {column for column, one in zip(ids, found, strict=True) if one}


def _filled(frame: pl.DataFrame, ids: Sequence[str], head: Head) -> set[str]:
    return filled_columns(frame, unnamed(ids, head))


def columns_of(
    ids: Sequence[str], head: Head, filled: set[str], limits: Limits
) -> tuple[tuple[TableColumn, ...], list[Outside]]:
    """Columns with a name or a value (``filled``); those with neither are listed as left out."""
    levels = list(head.levels) + [()] * (len(ids) - len(head.levels))
    names = column_names(levels)
    columns: list[TableColumn] = []
    empty: list[int] = []
    for index, column in enumerate(ids):
        position = head.first_column + index + 1
        if not names[index] and column not in filled:
            empty.append(position)
            continue
        raw = next((cell for cell in reversed(levels[index]) if cell.strip()), "")
        unit = head.units[index] if index < len(head.units) else ""
        columns.append(TableColumn(column, names[index], position, raw, tuple(levels[index]), unit))
    if len(columns) > limits.columns:
        raise Unreadable("too_many_columns", columns=len(columns), limit=limits.columns)
    return tuple(columns), row_ranges("empty_column", empty)


def row_ranges(kind: str, numbers: Sequence[int]) -> list[Outside]:
    """Sorted numbers as ranges of lines left out; those beyond the first thousand ranges are not told apart."""
    found: list[Outside] = []
    for number in numbers:
        if found and found[-1].last == number - 1:
            found[-1] = Outside(kind, found[-1].first, number)
        elif len(found) < _LISTED:
            found.append(Outside(kind, number, number))
    return found
