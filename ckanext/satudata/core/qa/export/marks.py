"""Which cells of the judged table a report finds fault with, asked row by row from the top."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from ckanext.satudata.core.qa.findings import SEVERITIES
from ckanext.satudata.core.qa.report import Finding, Report

# The place of a mark on the row as a whole.
WHOLE_ROW = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """The findings (by number, the heaviest first) a cell belongs to, and the severity of the heaviest."""

    severity: str
    numbers: tuple[int, ...]


@dataclass
class Marks:
    """Asked with :meth:`at` for rising physical rows. ``places`` are positions of columns from 0, or
    :data:`WHOLE_ROW`.
    """

    header: Sequence[str]
    findings: Sequence[Finding]
    _ends: list[tuple[int, bool, int]] = field(default_factory=list[tuple[int, bool, int]])
    _next: int = 0
    _active: list[int] = field(default_factory=list[int])
    _now: dict[int, Mark] = field(default_factory=dict[int, Mark])

    @classmethod
    def of(cls, report: Report) -> Marks:
        """The marks of the judged table of ``report``; remarks mark nothing."""
        table = next((table for table in report.tables if table["judged"]), None)
        if table is None:
            return cls((), ())
        named = zip(table["header"], table["positions"], strict=True)
        marks = cls([name or f"kolom {position}" for name, position in named], report.findings)
        for number, finding in enumerate(report.findings):
            if finding.severity == "info" or finding.table not in ("", table["name"]):
                continue
            for first, last in finding.rows:
                marks._ends.append((first, True, number))
                marks._ends.append((last + 1, False, number))
        marks._ends.sort()
        return marks

    def at(self, row: int) -> dict[int, Mark]:
        """The marks of the row, by place; rows must be asked for in rising order."""
        changed = False
        while self._next < len(self._ends) and self._ends[self._next][0] <= row:
            _, begins, number = self._ends[self._next]
            self._next += 1
            changed = True
            if begins:
                insort(self._active, number)
            else:
                self._active.remove(number)
        if changed:
            self._now = self._worked_out()
        return self._now

    def _worked_out(self) -> dict[int, Mark]:
        by_place: dict[int, list[int]] = {}
        for number in self._active:
            for place in self.places(self.findings[number]):
                by_place.setdefault(place, []).append(number)
        return {place: self._mark(numbers) for place, numbers in by_place.items()}

    def _mark(self, numbers: list[int]) -> Mark:
        ordered = sorted(set(numbers), key=lambda number: (SEVERITIES.index(self._severity(number)), number))
        return Mark(self._severity(ordered[0]), tuple(number + 1 for number in ordered))

    def _severity(self, number: int) -> str:
        return self.findings[number].severity

    def places(self, finding: Finding) -> list[int]:
        """The columns a finding is about: one, several it names together, or the whole row."""
        if finding.column in self.header:
            return [self.header.index(finding.column)]
        named = (finding.column or "").split(", ")
        if all(name in self.header for name in named):
            return [self.header.index(name) for name in named]
        return [WHOLE_ROW]
