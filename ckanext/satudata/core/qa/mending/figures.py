"""Numbers written with decimal commas or thousands marks, in columns that prove what the mark means.

All marks of a column go together, in one kind: half of them gone, the others would mean something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.cells import Notation
from ckanext.satudata.core.qa.dictionary import Column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.mending.offered import Mended, cells_changed
from ckanext.satudata.core.qa.table.model import TableColumn

_NAMES = {".": "dot", ",": "comma"}


def figures(mended: Mended) -> Iterator[pl.DataFrame]:
    """One frame of changes for each column that is written with marks and proves what they mean."""
    for column, there in mended.bound.of_type("integer", "number"):
        how = mended.bound.notation(there)
        n = cells.mark_counts(mended.cell(there))
        grouping = [mark for mark in (".", ",") if _groups(mended, column, how, mark)]
        if len(grouping) == 1 and "IS-04" in mended.items:
            kind = _proof(mended, column, how, n, grouping[0])
            if kind is not None:
                yield _ungrouped(mended, there, grouping[0], how, kind)
        elif not grouping and how.comma == "decimal" and "IS-09" in mended.items:
            # In a column that uses both marks nobody knows what 1,234 is.
            if how.dot and (n["ambiguous_dot"] or n["ambiguous_comma"]):
                continue
            cell = cells.plain(there.id)
            yield cells_changed(
                "decimal", mended, there, cell.str.contains(r"^[+-]?\d+,\d+$"), cell.str.replace(",", ".", literal=True)
            )


def _groups(mended: Mended, column: Column, how: Notation, mark: str) -> bool:
    role = how.dot if mark == "." else how.comma
    declared = role == "ambiguous" and column.type == "integer" and mended.bound.given
    return role in ("thousands", "mixed") or declared


def _proof(mended: Mended, column: Column, how: Notation, n: Counter[str], mark: str) -> str | None:
    """The kind under which the marks may go; ``None`` where the column holds fractions too."""
    name = _NAMES[mark]
    fractions = n["point" if mark == "." else "comma"]
    if getattr(how, name) == "thousands":
        return "thousands"
    whole = column.type == "integer" and mended.bound.given
    if fractions == n[f"ambiguous_{name}"] and (n[f"groups_{name}"] or whole):
        return "thousands"
    seems_whole = not n[f"groups_{name}"] and fractions == n[f"ambiguous_{name}"] + n[f"short_{name}"]
    return "thousands_lost" if seems_whole else None


def _ungrouped(mended: Mended, there: TableColumn, mark: str, how: Notation, kind: str) -> pl.DataFrame:
    other = "," if mark == "." else "."
    cell = cells.plain(there.id)
    grouped = cell.str.contains(rf"^[+-]?[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+(?:\{other}\d+)?$")
    plain = cell.str.replace_all(mark, "", literal=True).str.replace(other, ".", literal=True)
    if kind == "thousands_lost":
        lost = cell.str.contains(rf"^[+-]?[1-9]\d{{0,2}}\{mark}\d{{1,2}}$")
        parts = cell.str.split(mark)
        padded = pl.concat_str(
            parts.list.get(0, null_on_oob=True), parts.list.get(1, null_on_oob=True).str.pad_end(3, "0")
        )
        return cells_changed(kind, mended, there, grouped | lost, pl.when(lost).then(padded).otherwise(plain))
    fraction = cell.str.contains(rf"^[+-]?\d+\{other}\d+$") & (pl.lit(other == ",") & pl.lit(how.comma == "decimal"))
    return cells_changed(kind, mended, there, grouped | fraction, plain)
