"""Judge a source: every check of a checklist over every table, one report."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ckanext.satudata.core.qa.about import About
from ckanext.satudata.core.qa.checklist import Checklist, Item
from ckanext.satudata.core.qa.dictionary import Bound, Column
from ckanext.satudata.core.qa.findings import SEVERITIES, Found, NotApplicable, Severity, column_name, ranges
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.personal import concealed
from ckanext.satudata.core.qa.propose import propose
from ckanext.satudata.core.qa.registry import Asked
from ckanext.satudata.core.qa.report import WEIGHTS, Finding, Report
from ckanext.satudata.core.qa.table.model import Source, Table
from ckanext.satudata.core.qa.table.unreadable import Unreadable

# Told after each check: checks done, checks in all.
Progress = Callable[[int, int], None]


@dataclass
class _Judging:
    findings: list[Finding] = field(default_factory=list[Finding])
    passed: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    not_applicable: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    error_rows: dict[str, list[pl.Series]] = field(default_factory=dict[str, "list[pl.Series]"])


def judge(
    source: Source,
    dictionary: Iterable[Column] | None,
    lists: Lists,
    checklist: Checklist,
    *,
    table: str | None = None,
    progress: Progress | None = None,
    about: About | None = None,
) -> Report:
    """Run ``checklist`` over ``source``. ``dictionary`` belongs to ``table`` (a sheet's name; default: the largest
    table); the other tables, and all when it is ``None``, are judged by what :func:`propose` makes of them. ``about``
    is what the caller knows beside the file (the day, the period covered, the unit of the metadata). Raises
    :class:`Unreadable` for a table the source does not have."""
    judged = _judged(source, table)
    proposals = {item.name: propose(item, lists) for item in source.tables}
    bounds = {
        item.name: Bound(item, tuple(proposal.column for proposal in proposals[item.name]), given=False)
        for item in source.tables
    }
    if dictionary is not None:
        bounds[judged.name] = Bound(judged, tuple(dictionary), given=True)
    judging = _Judging()
    # The judged table comes first, so that equal findings do too.
    tables = sorted(source.tables, key=lambda item: item is not judged)
    total = len(checklist.items) * len(tables)
    for number, item in enumerate(checklist.items):
        if item.check.scope == "file":
            _run(judging, item, "", None, lambda item=item: item.check.run(source))
            continue
        for offset, there in enumerate(tables):
            bound = bounds[there.name]
            asked = Asked(there, bound, lists, item.parameters, about or About(), source)
            _run(judging, item, there.name, bound, lambda item=item, asked=asked: item.check.run(asked))
            if progress is not None:
                progress(number * len(tables) + offset + 1, total)
    judging.findings = _hidden(judging.findings, checklist, bounds)
    findings = _weighed(judging.findings, {item.name: item.height for item in source.tables})
    return Report(
        rule_version=checklist.rule_version,
        checklist=checklist.name,
        file=source.to_dict(),
        tables=tuple(item.to_dict(item is judged) for item in source.tables),
        dictionary=tuple(column.to_dict() for column in bounds[judged.name].columns),
        dictionary_given=bounds[judged.name].given,
        proposed_dictionary=tuple(proposal.to_dict() for proposal in proposals[judged.name]),
        lists=tuple(lists.used()),
        findings=tuple(findings),
        passed=tuple(judging.passed),
        not_applicable=tuple(judging.not_applicable),
        rows=sum(item.height for item in source.tables),
        rows_hit=sum(pl.concat(rows).n_unique() for rows in judging.error_rows.values()),
        score=_score(findings),
    )


def unreadable_report(why: Unreadable, checklist: str, rule_version: str, file: dict[str, Any]) -> Report:
    """The report on a file that could not be judged."""
    return Report(
        rule_version=rule_version,
        checklist=checklist,
        file=file,
        unreadable={"code": why.code, "parameters": why.parameters},
    )


def _judged(source: Source, name: str | None) -> Table:
    if name is None:
        return source.main()
    for table in source.tables:
        if table.name == name:
            return table
    raise Unreadable("no_table", name=source.name, table=name)


def _run(
    judging: _Judging, item: Item, table: str, bound: Bound | None, run: Callable[[], Iterable[Found] | NotApplicable]
) -> None:
    check = item.check
    entry = {"check": check.id, "table": table}
    try:
        answer = run()
        found = answer if isinstance(answer, NotApplicable) else list(answer)
    except Exception as error:  # noqa: BLE001 - one broken check must not cost the report; it is a finding about itself
        trace = traceback.format_exc()[-2000:]
        title = f"{check.title.id} / {check.title.en}"
        parameters = {"crash": True, "title": title, "error": type(error).__name__, "trace": trace}
        judging.findings.append(Finding(check.id, "info", table, None, 0, (), variant="crash", parameters=parameters))
        return
    if isinstance(found, NotApplicable):
        reason = found.reason.to_dict()
        judging.not_applicable.append({**entry, "reason": reason, "missing": found.missing})
    elif not found:
        judging.passed.append(entry)
    else:
        for one in found:
            _add(judging, item, table, one, proposed=bound is not None and not bound.given)


def _add(judging: _Judging, item: Item, table: str, found: Found, proposed: bool) -> None:
    check = item.check
    words = check.words[found.variant]
    severity: Severity = found.severity or words.severity or item.severity or check.severity
    if item.severity is not None and SEVERITIES.index(severity) < SEVERITIES.index(item.severity):
        severity = item.severity
    if severity == "error" and check.from_dictionary and proposed:
        severity = "warning"
    rows, complete = ranges(found.rows)
    if severity == "error" and len(found.rows):
        series = found.rows if isinstance(found.rows, pl.Series) else pl.Series(list(found.rows))
        judging.error_rows.setdefault(table, []).append(series.cast(pl.Int64).rename(""))
    judging.findings.append(
        Finding(
            check=check.id,
            severity=severity,
            table=table,
            column=found.column,
            count=found.count if found.count is not None else len(found.rows),
            rows=tuple(rows),
            rows_complete=complete,
            variant=found.variant,
            samples=tuple(sample.to_dict() for sample in found.samples),
            parameters=dict(found.parameters),
        )
    )


def _hidden(findings: list[Finding], checklist: Checklist, bounds: dict[str, Bound]) -> list[Finding]:
    """Findings in which personal data cannot be read, whichever check shows the cell."""
    if not any(item.check.conceals for item in checklist.items):
        return findings
    columns = {
        name: {column_name(bound.table, column) for column, kind in bound.shape.personal.items() if kind != "inside"}
        for name, bound in bounds.items()
        if bound.shape.personal
    }
    return concealed(findings, columns)


def _weighed(findings: list[Finding], heights: dict[str, int]) -> list[Finding]:
    """In the order of mending, each check's heaviest finding with the points it costs."""
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
    weighed: list[Finding] = []
    for finding in ordered:
        points = 0.0
        if finding.check not in charged and finding.variant != "crash":
            charged.add(finding.check)
            points = round(WEIGHTS[finding.severity] * (0.4 + 0.6 * shares[id(finding)]), 2)
        weighed.append(replace(finding, points=points))
    return weighed


def _score(findings: list[Finding]) -> float:
    return round(max(0.0, 100.0 - sum(finding.points for finding in findings)), 1)
