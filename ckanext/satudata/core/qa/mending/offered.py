"""What a rule of mending is asked about, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from ckanext.satudata.core.qa.checklist import Checklist, Item
from ckanext.satudata.core.qa.dictionary import Bound
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.registry import Asked
from ckanext.satudata.core.qa.table.model import ROW, Table, TableColumn


@dataclass(frozen=True)
class Mended:
    """A table that may be mended, the dictionary laid on it, the lists, and the checks that count here."""

    bound: Bound
    lists: Lists
    rules: Checklist
    kind: str = "csv"  # of the file

    @property
    def table(self) -> Table:
        return self.bound.table

    @cached_property
    def items(self) -> dict[str, Item]:
        """The checks of the checklist by id: what nobody finds fault with is not mended."""
        return {item.check.id: item for item in self.rules.items}

    def asked(self, item: Item) -> Asked:
        """The question to a check, with every proposal wanted."""
        table = replace(self.table, every_proposal=True)
        return Asked(table, self.bound, self.lists, item.parameters)

    def cell(self, column: TableColumn) -> pl.Series:
        return self.table.rows[column.id]


def cells_changed(kind: str, mended: Mended, column: TableColumn, mask: pl.Expr, after: pl.Expr) -> pl.DataFrame:
    """The cells of ``column`` for which ``mask`` holds, as changes of ``kind``: ``kind``, ``_row``, ``column`` (its
    id), ``before``, ``after``.
    """
    return mended.table.rows.filter(mask.fill_null(False)).select(
        ROW,
        column=pl.lit(column.id),
        before=pl.col(column.id),
        after=after.cast(pl.String),
        kind=pl.lit(kind),
    )
