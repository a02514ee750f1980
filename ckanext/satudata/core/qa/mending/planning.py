"""The plan: every change the machine can prove or propose, counted, with examples; nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Plan:
    """All changes, sorted by table, row and column.

    ``to`` is what the mended file is: ``xlsx`` where the workbook itself can be mended, else ``csv`` with the judged
    ``table`` alone. ``only_csv`` are the kinds that cannot be done within the workbook. ``refused``: why nothing is
    offered (``open_quote``).
    """

    to: str
    table: str
    changes: tuple[Change, ...] = ()
    only_csv: tuple[str, ...] = ()
    refused: str | None = None
    digest: str = field(default="", compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The plan for the report: complete counts, a few examples of each kind."""
        kinds = sorted({change.kind for change in self.changes}, key=ORDER.__getitem__)
        return {
            "format": FORMAT,
            "to": self.to,
            "table": self.table,
            "digest": self.digest,
            "refused": self.refused,
            "kinds": [self._kind(kind) for kind in kinds],
        }

    def _kind(self, kind: str) -> dict[str, Any]:
        changes = [change for change in self.changes if change.kind == kind]
        columns: dict[tuple[str, str], int] = {}
        examples: dict[tuple[str, str, str], Change] = {}
        for change in changes:
            columns[change.table, change.column] = columns.get((change.table, change.column), 0) + 1
            if len(examples) < EXAMPLES:
                examples.setdefault((change.column, change.before, change.after), change)
        return {
            "id": kind,
            "count": len(changes),
            "only_csv": kind in self.only_csv,
            "columns": [
                {"table": table, "column": column, "count": count}
                for (table, column), count in list(columns.items())[:COLUMNS]
                if column
            ],
            "examples": [
                {
                    "table": change.table,
                    "row": change.row,
                    "column": change.column,
                    "before": change.before[:_SHOWN],
                    "after": change.after[:_SHOWN],
                }
                for change in examples.values()
            ],
        }


def write_plan(plan: Plan, path: Path) -> dict[str, Any]:
    """Write the complete list to ``path``; returns :meth:`Plan.to_dict` with the list's digest."""
    return {**plan.to_dict(), "digest": write_changes(path, plan.changes)}


def plan(source: Source, judged: Bound, lists: Lists, rules: Checklist) -> Plan:
    """What the file of ``source`` can be mended in. ``judged`` is the dictionary laid on the judged table; in a
    workbook the other tables are mended by what :func:`propose` makes of them.
    """
    source = source.held()
    name = judged.table.name
    if source.kind == "csv" and (judged.table.irregular["kind"] == "open_quote").any():
        return Plan("csv", name, refused="open_quote")
    package = Package.of(source.path) if source.kind == "xlsx" else None
    changes: list[Change] = list(_file_facts(source))
    only_csv: set[str] = set()
    for table in source.tables:
        if table.name != name and package is None:
            continue
        bound = judged if table.name == name else _proposed(table, lists)
        found = list(_changes(Mended(bound, lists, rules, source.kind)))
        if package is not None:
            found = list(_within(package, table, found))
            only_csv |= _only_csv(package, table, found)
            if table.name != name:  # as CSV only the judged table is written
                found = [change for change in found if change.what != LINES or change.kind not in only_csv]
        changes += found
    return Plan("csv" if package is None else "xlsx", name, tuple(changes), tuple(sorted(only_csv)))


def _proposed(table: Table, lists: Lists) -> Bound:
    return Bound(table, tuple(one.column for one in propose(table, lists)), given=False)


def _changes(mended: Mended) -> Iterator[Change]:
    """The changes of one table; never in a column with personal data."""
    table = mended.table
    place = {there.id: there.position for there in table.columns}
    name = {there.id: position_name(there) for there in table.columns}
    personal = list(mended.bound.shape.personal)
    frames = [*codes(mended), *figures(mended), *proposed(mended)]
    columns = ["kind", ROW, "column", "before", "after"]
    cells = (
        pl.concat([frame.select(columns) for frame in frames])
        .filter(
            pl.col("after").is_not_null(),
            pl.col("after") != pl.col("before"),
            ~pl.col("column").is_in(personal),
        )
        .unique(["kind", ROW, "column"], keep="first", maintain_order=True)
        if frames
        else None
    )
    listed = [
        Change(kind, table.name, row, place[column], name[column], before, _after(mended, kind, after))
        for kind, row, column, before, after in (cells.rows() if cells is not None else ())
    ]
    gone = {(kind, row): Change(kind, table.name, row, 0, "", text, "") for kind, row, text in lines(mended)}
    yield from sorted(
        (*gone.values(), *listed), key=lambda change: (change.row, change.position, ORDER[change.kind])
    )


def _after(mended: Mended, kind: str, after: str) -> str:
    """In a workbook numbers become numbers, and these are shown without zeros at the end."""
    if mended.kind == "xlsx" and KINDS[kind].number and len(after.strip("-+").replace(".", "")) <= 15:
        return as_text(float(after))
    return after


def _within(package: Package, table: Table, changes: list[Change]) -> Iterator[Change]:
    """Without the cells that hold a formula, and those that only repeat what a merged cell above them says."""
    if table.sheet is None or not changes:
        return
    formulas = package.formulas(table.sheet.sheet)
    covered = {
        (row, area.position)
        for area in table.sheet.merged_data
        if area.repeated
        for row in range(area.first + 1, area.last + 1)
    }
    for change in changes:
        if change.what == LINES or (change.row, change.position) not in formulas | covered:
            yield change


def _only_csv(package: Package, table: Table, changes: list[Change]) -> set[str]:
    """The kinds whose lines cannot be taken out of the sheet: something else would move or lose its meaning."""
    rows: dict[str, set[int]] = {}
    for change in changes:
        if change.what == LINES:
            rows.setdefault(change.kind, set()).add(change.row)
    if not rows or table.sheet is None:
        return set()
    alone = table.sheet.tables == 1 and not table.lines_left_out("beside")
    return {kind for kind, gone in rows.items() if not alone or not package.can_drop(table.sheet.sheet, gone)}


def _file_facts(source: Source) -> Iterator[Change]:
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
            yield Change("file", "", 0, 0, fact, *pair)
