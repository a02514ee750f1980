"""The findings as CSV: one line for each range of rows, with its sentences; safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ckanext.satudata.core.qa.export import words
from ckanext.satudata.core.qa.export.harmless import disarmed
from ckanext.satudata.core.qa.report import Finding, Report, sentences

# Spreadsheets take a text without it for one of Windows.
MARK = "\ufeff"
_HEADER = (
    words.FILE, words.NUMBER, words.SEVERITY, words.CHECK, words.FINDING, words.SHEET, words.COLUMN, words.FIRST_ROW,
    words.LAST_ROW, words.COUNT, words.VALUE, words.PROPOSAL, words.PROBLEM, words.MEND, words.ALL_ROWS,
)  # fmt: skip


def findings_csv(reports: Iterable[Report], language: str = "id") -> str:
    """The findings of ``reports`` in the order of mending, with a header line and a byte order mark.

    A range of rows is a line; cell and proposal are those of the first sample within it. A finding about no row is
    one line without rows. The count is that of the whole finding; the last column says ``no`` where a finding touches
    more ranges than a report lists (:data:`findings.RANGES`). A file that could not be read is one line, too.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([title.render(language) for title in _HEADER])
    for report in reports:
        writer.writerows([_cell(value) for value in line] for line in _lines(report, language))
    return MARK + target.getvalue()


def _cell(value: Any) -> Any:
    return disarmed(value) if isinstance(value, str) else value


def _lines(report: Report, language: str) -> Iterator[Sequence[Any]]:
    name = str(report.file.get("name") or "")
    why = report.why_unreadable(language)
    if why is not None:
        severity = words.SEVERITIES["error"].render(language)
        yield name, 1, severity, "", why[0], "", "", "", "", 1, "", "", why[0], why[1], words.YES.render(language)
    for number, finding in enumerate(report.findings, 1):
        yield from _of(finding, (name, number), language)


def _of(finding: Finding, begin: tuple[str, int], language: str) -> Iterator[Sequence[Any]]:
    said = sentences(finding, language)
    label = words.SEVERITIES[finding.severity].render(language)
    complete = (words.YES if finding.rows_complete else words.NO).render(language)
    for first, last in finding.rows or (("", ""),):
        sample = _sample(finding, first, last)
        column = finding.column or sample.get("column") or ""
        yield (
            *begin, label, finding.check, said.title, finding.table, column, first, last, finding.count,
            sample.get("value", ""), sample.get("proposal") or "", said.problem, said.mend, complete,
        )  # fmt: skip


def _sample(finding: Finding, first: Any, last: Any) -> dict[str, Any]:
    if not finding.rows:
        return finding.samples[0] if finding.samples else {}
    within = [sample for sample in finding.samples if first <= sample["row"] <= last]
    return within[0] if within else {}
