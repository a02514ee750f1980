"""Judge a file, plan, mend, judge again: what the tests of mending do with one table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.dictionary import Bound, Column, from_dicts, same_name
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.mending.applying import Order, mend
from ckanext.satudata.core.qa.mending.changes import Change, read_changes
from ckanext.satudata.core.qa.mending.kinds import KINDS
from ckanext.satudata.core.qa.mending.planning import Plan, plan, write_plan
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.table import read
from ckanext.satudata.core.qa.table.model import Source
from tests.core.qa.regions import regions

ALL = tuple(KINDS)
# check, table ("" and the judged one are the same), column, variant
Key = tuple[str, str, str | None]


def lists() -> Lists:
    found = Lists([regions()])
    found.add_rulebook(checklist.RULEBOOK)
    return found


@dataclass
class Bench:
    """One file on the bench, in a folder of its own."""

    path: Path
    folder: Path
    lists: Lists
    dictionary: Sequence[Column] | None = None
    known: Report | None = None

    @cached_property
    def source(self) -> Source:
        return read(self.path)

    @cached_property
    def report(self) -> Report:
        return self.known or judge(self.source, self.dictionary, self.lists, checklist.load())

    @cached_property
    def plan(self) -> Plan:
        judged = next(table["name"] for table in self.report.tables if table["judged"])
        table = next(table for table in self.source.tables if table.name == judged)
        columns = {same_name(column["kolom"]): column for column in self.report.dictionary}
        bound = Bound(table, tuple(from_dicts(list(columns.values()))), self.report.dictionary_given)
        return plan(self.source, bound, self.lists, checklist.load())

    @cached_property
    def told(self) -> dict[str, Any]:
        self.folder.mkdir(exist_ok=True)
        return write_plan(self.plan, self.folder / "changes.csv")

    def kinds(self) -> list[str]:
        return [kind["id"] for kind in self.told["kinds"]]

    def changes(self, kind: str) -> list[tuple[int, str, str, str]]:
        """Row, column, before, after."""
        return [(one.row, one.column, one.before, one.after) for one in self.plan.changes() if one.kind == kind]

    def mend(self, kinds: Iterable[str] = ALL, *, as_csv: bool = False, **wrong: Any) -> Mended:
        order = Order(
            **{
                "path": self.path,
                "name": self.path.name,
                "sha256": self.source.sha256,
                "digest": self.told["digest"],
                "kinds": tuple(kinds),
                "table": self.plan.table,
                "as_csv": as_csv,
                **wrong,
            }
        )
        out, done = self.folder / "mended", self.folder / "done.csv"
        answer = mend(order, self.folder / "changes.csv", out, done)
        new = out.rename(self.folder / f"mended-{answer['name']}")
        return Mended(new, answer, list(read_changes(done)), self)


@dataclass
class Mended:
    path: Path
    answer: dict[str, Any]
    done: list[Change]
    bench: Bench

    @cached_property
    def again(self) -> Bench:
        return Bench(self.path, self.path.parent / "again", self.bench.lists, self.bench.dictionary)

    def text(self) -> str:
        return self.path.read_bytes().decode()


def table(folder: Path, text: str, dictionary: Sequence[Column] | None = None, **how: Any) -> Bench:
    """A CSV file on the bench; ``how``: encoding, name."""
    path = folder / how.get("name", "tabel.csv")
    path.write_bytes(text.encode(how.get("encoding", "utf-8")))
    return Bench(path, folder / "work", lists(), dictionary)


def counted(report: Report, *, one_table: bool = False) -> Counter[Key]:
    """How many cells each finding of a report names; with ``one_table`` whatever the table is called."""
    found = Counter[Key]()
    for finding in report.findings:
        name = "" if one_table else finding.table
        found[f"{finding.check}/{finding.variant}", name, finding.column] += finding.count
    return found


def records(path: Path, encoding: str, delimiter: str) -> dict[int, list[str]]:
    """Every record of a text file by the line it starts on."""
    text = io.StringIO(path.read_bytes().decode(encoding), newline="")
    reader = csv.reader(text, delimiter=delimiter)
    found: dict[int, list[str]] = {}
    start = 1
    for cells in reader:
        found[start] = cells
        start = reader.line_num + 1
    return found
