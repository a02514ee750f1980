"""How well the checks do on the corpus: what part of the defects is found, what part of the findings is right.

``python -m tests.core.qa.corpus`` writes both into the guides and raises the floors.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import REGIONS, Lists
from ckanext.satudata.core.qa.report import Finding, Report
from ckanext.satudata.core.qa.table import read
from ckanext.satudata.core.reference.codelist import CodeList, Entry, code_list
from tests.core.qa.corpus.building import build, sources
from tests.core.qa.corpus.truth import Defect, Truth, alarms, is_found, truth_of

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Judged:
    """A table with its truth and the report on it."""

    name: str
    truth: Truth
    report: Report


@dataclass
class Share:
    """``part`` of ``whole``."""

    part: int = 0
    whole: int = 0

    @property
    def ratio(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass
class Accuracy:
    """Found of all defects by kind; of each check how many findings were right, fair questions, or false alarms."""

    found: dict[str, Share] = field(default_factory=dict[str, Share])
    right: dict[str, int] = field(default_factory=dict[str, int])
    fair: dict[str, int] = field(default_factory=dict[str, int])
    false: dict[str, int] = field(default_factory=dict[str, int])
    missed: list[tuple[str, Defect]] = field(default_factory=list[tuple[str, Defect]])
    false_alarms: list[tuple[str, Finding]] = field(default_factory=list[tuple[str, Finding]])

    def add(self, judged: Judged) -> None:
        """Count one table."""
        for defect in judged.truth.defects:
            share = self.found.setdefault(defect.kind, Share())
            share.whole += 1
            if is_found(defect, judged.report.findings):
                share.part += 1
            else:
                self.missed.append((judged.name, defect))
        for finding, what in alarms(judged.report, judged.truth):
            counted = {"right": self.right, "fair": self.fair, "false": self.false}[what]
            counted[finding.check] = counted.get(finding.check, 0) + 1
            if what == "false":
                self.false_alarms.append((judged.name, finding))

    def precision(self, check: str) -> Share:
        """Findings of a check that were right, of those that were right or false."""
        right = self.right.get(check, 0)
        return Share(right, right + self.false.get(check, 0))

    @property
    def all_found(self) -> Share:
        return Share(sum(one.part for one in self.found.values()), sum(one.whole for one in self.found.values()))

    @property
    def all_right(self) -> Share:
        right = sum(self.right.values())
        return Share(right, right + sum(self.false.values()))


def regions() -> CodeList:
    """All provinces, regencies and cities, and the districts the tables name (decree 300.2.2-2430/2025)."""
    with (HERE / "wilayah.csv").open(encoding="utf-8", newline="") as file:
        entries = [
            Entry(row["kode"], row["nama"], row["kode"].rpartition(".")[0] or None) for row in csv.DictReader(file)
        ]
    return code_list(REGIONS, "Kode wilayah Kemendagri", "2430/2025", entries)


@cache
def judged_tables() -> tuple[Judged, ...]:
    """Every table of the corpus, judged by the general checklist as a portal would."""
    lists = Lists([regions()])
    lists.add_rulebook(checklist.RULEBOOK)
    rules = checklist.load()
    with tempfile.TemporaryDirectory() as folder:
        return tuple(
            Judged(source.stem, truth_of(source), judge(read(build(source, Path(folder))), None, lists, rules))
            for source in sources()
        )


@cache
def accuracy() -> Accuracy:
    """Counted over the whole corpus."""
    counted = Accuracy()
    for judged in judged_tables():
        counted.add(judged)
    return counted


def floors_of(counted: Accuracy) -> Mapping[str, int]:
    """How many defects of each kind are found."""
    return {kind: share.part for kind, share in sorted(counted.found.items())}
