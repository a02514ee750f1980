"""The plan: every change the machine can prove or propose, counted, with examples; nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.checklist import Checklist
from ckanext.satudata.core.qa.dictionary import Bound, position_name
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.mending.changes import Change, write_changes
from ckanext.satudata.core.qa.mending.codes import codes
from ckanext.satudata.core.qa.mending.figures import figures
from ckanext.satudata.core.qa.mending.kinds import KINDS, LINES, ORDER
from ckanext.satudata.core.qa.mending.lines import lines
from ckanext.satudata.core.qa.mending.offered import Mended
from ckanext.satudata.core.qa.mending.package import Package
from ckanext.satudata.core.qa.mending.proposing import proposed
from ckanext.satudata.core.qa.propose import propose
from ckanext.satudata.core.qa.table.cell_text import as_text
from ckanext.satudata.core.qa.table.model import ROW, Source, Table

FORMAT = 1
EXAMPLES = 5
COLUMNS = 30
_SHOWN = 200
_DIGITS = 15  # of a number in a workbook
_SCHEMA: dict[str, Any] = {
    "kind": pl.String,
    "row": pl.Int64,
    "position": pl.Int64,
    "column": pl.String,
    "before": pl.String,
    "after": pl.String,
}
_Row = tuple[str, int, int, str, str, str]


@dataclass(frozen=True)
class Plan:
    """All changes by table, each a frame sorted by row and column: ``kind``, ``row``, ``position``, ``column``,
    ``before``, ``after`` (see :class:`Change`).

    ``to`` is what the mended file is: ``xlsx`` where the workbook itself can be mended, else ``csv`` with the judged
    ``table`` alone. ``only_csv`` are the kinds that cannot be done within the workbook. ``refused``: why nothing is
    offered (``open_quote``).
    """

    to: str
    table: str
    frames: tuple[tuple[str, pl.DataFrame], ...] = ()
    only_csv: frozenset[str] = frozenset()
    refused: str | None = None

    def changes(self) -> Iterator[Change]:
        """Every change, table by table."""
        for table, frame in self.frames:
            for kind, row, position, column, before, after in frame.iter_rows():
                yield Change(kind, table, row, position, column, before, after)

    def to_dict(self) -> dict[str, Any]:
        """The plan for the report: complete counts, a few examples of each kind."""
        kinds = {kind for _, frame in self.frames for kind in frame["kind"].unique()}
        return {
            "format": FORMAT,
            "to": self.to,
            "table": self.table,
            "refused": self.refused,
            "kinds": [self._kind(kind) for kind in sorted(kinds, key=ORDER.__getitem__)],
        }

    def _kind(self, kind: str) -> dict[str, Any]:
        parts = [(table, frame.filter(pl.col("kind") == kind)) for table, frame in self.frames]
        columns = [
            {"table": table, "column": column, "count": count}
            for table, part in parts
            for column, count in part.group_by("column", maintain_order=True).len().rows()
            if column
        ]
        examples = [example for table, part in parts for example in _examples(table, part)]
        return {
            "id": kind,
            "count": sum(part.height for _, part in parts),
            "only_csv": kind in self.only_csv,
            "columns": columns[:COLUMNS],
            "examples": examples[:EXAMPLES],
        }


def _examples(table: str, changes: pl.DataFrame) -> list[dict[str, Any]]:
    """Different changes, of different columns and forms (``9.999``, ``9.99``) first."""
    distinct = changes.unique(["column", "before", "after"], keep="first", maintain_order=True)
    form = pl.col("before").str.replace_all(r"\p{L}+", "a").str.replace_all(r"\d", "9")
    turn = pl.int_range(pl.len()).over("column", form)
    spread = distinct.with_columns(turn=turn).sort("turn", maintain_order=True)
    return [
        {"table": table, "row": row, "column": column, "before": before[:_SHOWN], "after": after[:_SHOWN]}
        for row, column, before, after in spread.select("row", "column", "before", "after").head(EXAMPLES).rows()
    ]


def write_plan(plan: Plan, path: Path) -> dict[str, Any]:
    """Write the complete list to ``path``; returns :meth:`Plan.to_dict` with the list's ``digest``."""
    return {**plan.to_dict(), "digest": write_changes(path, plan.changes())}


def plan(source: Source, judged: Bound, lists: Lists, rules: Checklist) -> Plan:
    """What the file of ``source`` can be mended in. ``judged`` is the dictionary laid on the judged table; in a
    workbook the other tables are mended by what :func:`propose` makes of them.
    """
    source = source.held()
    name = judged.table.name
    if source.kind == "csv" and (judged.table.irregular["kind"] == "open_quote").any():
        return Plan("csv", name, refused="open_quote")
    package = Package.of(source.path) if source.kind == "xlsx" else None
    frames: list[tuple[str, pl.DataFrame]] = []
    only_csv: set[str] = set()
    for table in source.tables:
        if table.name != name and package is None:
            continue
        bound = judged if table.name == name else _proposed(table, lists)
        found = _changes(Mended(bound, lists, rules, source.kind), tuple(_file_facts(source)))
        if package is not None:
            found = _within(package, table, found)
            tied = _only_csv(package, table, found)
            if table.name != name:  # as CSV only the judged table is written
                found = found.filter(~pl.col("kind").is_in(list(tied)))
            else:
                only_csv |= tied
        frames.append((table.name, found))
    return Plan("csv" if package is None else "xlsx", name, tuple(frames), frozenset(only_csv))


def _proposed(table: Table, lists: Lists) -> Bound:
    return Bound(table, tuple(one.column for one in propose(table, lists)), given=False)


def _changes(mended: Mended, facts: Sequence[_Row]) -> pl.DataFrame:
    """The changes of one table; never in a column with personal data."""
    cells = _cells(mended)
    gone = {(kind, row): (kind, row, 0, "", text, "") for kind, row, text in lines(mended)}
    other = pl.DataFrame([*facts, *gone.values()], schema=_SCHEMA, orient="row")
    order = pl.col("kind").replace_strict(ORDER, return_dtype=pl.Int64)
    return pl.concat([other, *cells]).sort("row", "position", order, maintain_order=True)


def _cells(mended: Mended) -> list[pl.DataFrame]:
    frames = [*codes(mended), *figures(mended), *proposed(mended)]
    if not frames:
        return []
    place = {there.id: there.position for there in mended.table.columns}
    name = {there.id: position_name(there) for there in mended.table.columns}
    cells = (
        pl.concat([frame.select("kind", ROW, "column", "before", "after") for frame in frames])
        .filter(
            pl.col("after").is_not_null(),
            pl.col("after") != pl.col("before"),
            ~pl.col("column").is_in(list(mended.bound.shape.personal)),
        )
        .unique(["kind", ROW, "column"], keep="first", maintain_order=True)
    )
    if mended.kind == "xlsx":
        cells = cells.with_columns(after=_as_stored(cells))
    return [
        cells.select(
            "kind",
            pl.col(ROW).cast(pl.Int64).alias("row"),
            pl.col("column").replace_strict(place, return_dtype=pl.Int64).alias("position"),
            pl.col("column").replace_strict(name, return_dtype=pl.String),
            "before",
            "after",
        )
    ]


def _as_stored(cells: pl.DataFrame) -> pl.Series:
    """In a workbook numbers become numbers, and these are shown without zeros at the end."""
    numbers = [kind.id for kind in KINDS.values() if kind.number]
    stored = [
        as_text(float(after)) if kind in numbers and len(after.strip("-+").replace(".", "")) <= _DIGITS else after
        for kind, after in cells.select("kind", "after").iter_rows()
    ]
    return pl.Series("after", stored, dtype=pl.String)


def _within(package: Package, table: Table, changes: pl.DataFrame) -> pl.DataFrame:
    """Without the cells that hold a formula, and those that only repeat what a merged cell above them says."""
    if table.sheet is None or changes.is_empty():
        return changes
    covered = {
        (row, area.position)
        for area in table.sheet.merged_data
        if area.repeated
        for row in range(area.first + 1, area.last + 1)
    }
    taken = sorted(package.formulas(table.sheet.sheet) | covered)
    schema = {"row": pl.Int64, "position": pl.Int64}
    return changes.join(pl.DataFrame(taken, schema=schema, orient="row"), on=["row", "position"], how="anti")


def _only_csv(package: Package, table: Table, changes: pl.DataFrame) -> set[str]:
    """The kinds whose lines cannot be taken out of the sheet: something else would move or lose its meaning."""
    kinds = [kind for kind in changes["kind"].unique() if KINDS[kind].what == LINES]
    if not kinds or table.sheet is None:
        return set()
    alone = table.sheet.tables == 1 and not table.lines_left_out("beside")
    rows = {kind: set(changes.filter(pl.col("kind") == kind)["row"].to_list()) for kind in kinds}
    return {kind for kind, gone in rows.items() if not alone or not package.can_drop(table.sheet.sheet, gone)}


def _file_facts(source: Source) -> Iterator[_Row]:
    """How a text file is written, where that is not as it should be."""
    if source.kind != "csv":
        return
    facts: Mapping[str, Any] = source.facts
    odd = {
        "encoding": (facts["encoding"], "UTF-8") if facts["encoding"] != "UTF-8" else None,
        "bom": ("BOM", "-") if facts["bom"] and facts["encoding"] == "UTF-8" else None,
        "sep_line": ("sep=", "-") if facts["sep_line"] else None,
        "delimiter": (facts["delimiter"], ",") if facts["delimiter"] != "," else None,
        "line_ends": (facts["line_ends"], "LF") if facts["line_ends"] in ("CR", "mixed") else None,
        "final_newline": ("-", "LF") if not facts["final_newline"] else None,
    }
    for fact, pair in odd.items():
        if pair is not None:
            before, after = pair
            yield "file", 0, 0, fact, str(before), str(after)
