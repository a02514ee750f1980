"""What is known of a table while it is judged: findings in the making, what passed, what does not apply."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ckanext.satudata.core.qa.checklist import Item
from ckanext.satudata.core.qa.findings import (
    RANGES,
    SAMPLES,
    SEVERITIES,
    Found,
    NotApplicable,
    Sample,
    Severity,
    ranges,
)
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import checks
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.core.qa.score import Weights

Answer = Iterable[Found] | NotApplicable


@dataclass
class Merged:
    """What one check found in one column under one sentence, put together from parts in file order (or in any order,
    then ``anywhere``): counts are complete, rows are ranges up to ``bound``, a sample of cells."""

    first: Found
    severity: Severity
    bound: int = RANGES
    anywhere: bool = False
    count: int = 0
    samples: list[Sample] = field(default_factory=list[Sample])
    complete: bool = True
    rows: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    _loose: list[pl.Series] = field(default_factory=list["pl.Series"])

    def add(self, found: Found) -> None:
        self.count += found.count if found.count is not None else len(found.rows)
        self.samples += found.samples
        if self.anywhere:
            self._loose.append(numbers(found.rows))
        elif len(found.rows):
            self._join(*ranges(found.rows, self.bound))
        if len(self.samples) > 4 * SAMPLES:
            self._shorten()

    def _join(self, more: list[tuple[int, int]], complete: bool) -> None:
        if not self.complete:
            return
        if self.rows and more[0][0] <= self.rows[-1][1] + 1:
            self.rows[-1] = (self.rows[-1][0], max(self.rows[-1][1], more[0][1]))
            more = more[1:]
        self.complete = complete and len(self.rows) + len(more) <= self.bound
        self.rows += more[: self.bound - len(self.rows)]

    def _shorten(self) -> None:
        if self.anywhere:
            self.samples.sort(key=lambda sample: sample.row)
        elif self.first.each_value and self.count > SAMPLES:
            by_value: dict[str, Sample] = {}
            for sample in self.samples:
                by_value.setdefault(sample.value, sample)
            self.samples = list(by_value.values())
        del self.samples[SAMPLES:]

    def finding(self, check: str, table: str) -> Finding:
        """The finding for the report, but for its points."""
        if self._loose:
            self.rows, self.complete = ranges(pl.concat(self._loose), self.bound)
        self._shorten()
        return Finding(
            check=check,
            severity=self.severity,
            table=table,
            column=self.first.column,
            count=self.count,
            rows=tuple(self.rows),
            rows_complete=self.complete,
            variant=self.first.variant,
            samples=tuple(sample.to_dict() for sample in self.samples),
            parameters=dict(self.first.parameters),
        )


def numbers(rows: pl.Series | tuple[int, ...]) -> pl.Series:
    """Physical rows in four bytes each."""
    series = rows if isinstance(rows, pl.Series) else pl.Series(list(rows), dtype=pl.Int64)
    return series.cast(pl.UInt32).alias("")


@dataclass
class Verdict:
    """What one check said of one table."""

    item: Item
    table: str
    proposed: bool  # judged by a dictionary that nobody confirmed
    bound: int = RANGES
    anywhere: bool = False
    applicable: bool = False
    not_applicable: NotApplicable | None = None
    crash: Finding | None = None
    error_rows: list[pl.Series] = field(default_factory=list["pl.Series"])
    merged: dict[Any, Merged] = field(default_factory=dict[Any, Merged])

    def ask(self, run: Callable[[], Answer]) -> None:
        """Run the check on the table, or on its next part."""
        if self.crash is not None:
            return
        try:
            answer = run()
            found = answer if isinstance(answer, NotApplicable) else list(answer)
        except Exception as error:  # noqa: BLE001 - one broken check must not cost the report; it is a finding about itself
            self.crash = self._crashed(error)
            return
        if isinstance(found, NotApplicable):
            self.not_applicable = self.not_applicable or found
            return
        self.applicable = True
        for number, one in enumerate(found):
            self._add(number, one)

    def _crashed(self, error: Exception) -> Finding:
        check = self.item.check
        title = f"{check.title.id} / {check.title.en}"
        trace = traceback.format_exc()[-2000:]
        parameters = {"crash": True, "title": title, "error": type(error).__name__, "trace": trace}
        return Finding(check.id, "info", self.table, None, 0, (), variant="crash", parameters=parameters)

    def _add(self, number: int, found: Found) -> None:
        severity = self._severity(found)
        # Of a table judged at once every finding stands for itself; parts are put together by column and variant.
        key = (found.column, found.variant, severity) if self.item.check.reads in ("parts", "repeats") else number
        if key not in self.merged:
            self.merged[key] = Merged(found, severity, self.bound, self.anywhere)
        self.merged[key].add(found)
        if severity == "error" and len(found.rows):
            self.error_rows.append(numbers(found.rows))

    def _severity(self, found: Found) -> Severity:
        item, check = self.item, self.item.check
        severity: Severity = found.severity or check.words[found.variant].severity or item.severity or check.severity
        if item.severity is not None and SEVERITIES.index(severity) < SEVERITIES.index(item.severity):
            severity = item.severity
        return "warning" if severity == "error" and check.from_dictionary and self.proposed else severity


@dataclass
class Judged:
    """All verdicts as the report lists them."""

    findings: list[Finding] = field(default_factory=list[Finding])
    passed: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    not_applicable: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    error_rows: dict[str, list[pl.Series]] = field(default_factory=dict[str, "list[pl.Series]"])

    def take(self, verdict: Verdict) -> None:
        """Add what a check said, when it has seen all there is."""
        check = verdict.item.check
        entry = {"check": check.id, "table": verdict.table}
        if verdict.crash is not None:
            self.findings.append(verdict.crash)
        elif verdict.merged:
            self.findings += [merged.finding(check.id, verdict.table) for merged in verdict.merged.values()]
            self.error_rows.setdefault(verdict.table, []).extend(verdict.error_rows)
        elif verdict.not_applicable is not None and not verdict.applicable:
            reason = verdict.not_applicable.reason.to_dict()
            self.not_applicable.append({**entry, "reason": reason, "missing": verdict.not_applicable.missing})
        else:
            self.passed.append(entry)

    @property
    def rows_hit(self) -> int:
        """Rows with an error."""
        return sum(distinct(rows) for rows in self.error_rows.values() if rows)


def distinct(rows: list[pl.Series]) -> int:
    """How many different rows there are; sorted, because that needs no memory beside the rows."""
    together = pl.concat(rows).sort()
    return int((together != together.shift(1)).fill_null(True).sum())


def weighed(findings: list[Finding], heights: Mapping[str, int], weights: Weights | None = None) -> list[Finding]:
    """In the order of mending, each check's heaviest finding with the points it costs (see :mod:`score`)."""
    weights = weights or Weights()
    shares = {
        id(finding): min(1.0, finding.count / heights[finding.table])
        if finding.rows and heights.get(finding.table)
        else 1.0
        for finding in findings
    }
    ordered = sorted(
        findings,
        key=lambda finding: (
            SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES),
            -shares[id(finding)],
            finding.check,
            finding.column or "",
        ),
    )
    charged: set[str] = set()
    listed: list[Finding] = []
    for finding in ordered:
        points = 0.0
        if finding.check not in charged and finding.variant != "crash":
            charged.add(finding.check)
            check = checks()[finding.check]
            points = weights.points(finding.severity, shares[id(finding)], check.principle, check.dimension)
        listed.append(replace(finding, points=points))
    return listed
