"""Texts a data dictionary declares to mean "no value" (``-99``, ``tt``): to every check such a cell is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ckanext.satudata.core.qa.dictionary import Column, same_name
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.model import Table


def emptied(table: Table, columns: Sequence[Column] | None) -> Table:
    """``table`` with the declared marks taken out of its cells; the very same table where none is declared or found.

    Upper and lower case are the same in a mark, blanks around it do not count.
    """
    declared = {same_name(column.name): column.missing for column in columns or () if column.missing}
    if not declared:
        return table
    masks: dict[str, pl.Series] = {}
    for there in table.columns:
        marks = [mark.strip().lower() for mark in declared.get(same_name(there.name), ())]
        if marks:
            mask = table.rows[there.id].str.strip_chars().str.to_lowercase().is_in(marks)
            if mask.any():
                masks[there.id] = mask
    if not masks:
        return table
    rows = table.rows.with_columns(
        pl.when(~mask).then(pl.col(there)).otherwise(pl.lit("")).alias(there) for there, mask in masks.items()
    )
    found = replace(table, rows=rows)
    found.memo.update({("declared", there): mask for there, mask in masks.items()})
    return found


def is_declared(table: Table, column: str) -> pl.Series:
    """Which cells of ``column`` (an id) were emptied because their mark is declared."""
    nowhere = pl.Series([False], dtype=pl.Boolean).new_from_index(0, table.rows.height)
    return table.memo.get(("declared", column), nowhere)
