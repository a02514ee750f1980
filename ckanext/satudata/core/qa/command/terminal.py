"""A report as lines for a terminal: what first, the cells, how to mend them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from ckanext.satudata.core.qa.export.harmless import shortened, visible
from ckanext.satudata.core.qa.findings import SEVERITIES
from ckanext.satudata.core.qa.report import Finding, Report, check_title, number, sentences, verdict
from ckanext.satudata.core.text import Text

COLOURS = {"error": "red", "warning": "yellow", "question": "blue", "info": "bright_black"}
CELLS_SHOWN = 3
_GROUPS = {
    "error": Text("Perbaiki ini dulu", "Mend this first"),
    "warning": Text("Peringatan", "Warnings"),
    "question": Text("Perlu dijelaskan", "To be explained"),
    "info": Text("Keterangan", "Facts"),
}
_ROW = Text("baris", "row")
_SIZE = Text("{rows} baris, {columns} kolom", "{rows} rows, {columns} columns")
_PASSED = Text("{count} pemeriksaan lolos.", "{count} checks passed.")
_NOT_APPLICABLE = Text("Tidak berlaku", "Not applicable")
_SCORE = Text("Nilai mutu", "Quality score")
_MORE_CELLS = Text("dan {count} sel lain", "and {count} more cells")
_TOGETHER = Text(
    "{files} file: {clean} tanpa temuan yang harus diperbaiki, {found} harus diperbaiki, {unreadable} tidak terbaca.",
    "{files} files: {clean} with nothing to mend, {found} to be mended, {unreadable} unreadable.",
)


def report_lines(report: Report, language: str) -> Iterator[str]:
    """The report with colours; whoever prints it takes them out where they are not wanted."""
    yield ""
    yield click.style(visible(str(report.file["name"])), bold=True)
    for table in report.tables:
        size = _SIZE.render(language, rows=number(table["rows"], language), columns=len(table["header"]))
        yield visible(f"  {table['name']}: {size}" if table["name"] else f"  {size}")
    why = report.why_unreadable(language)
    if why is not None:
        yield click.style(visible(f"  ✗ {why[0]}"), fg="red", bold=True)
        yield visible(f"    → {why[1]}")
        return
    counts = report.counts
    colour = "red" if report.blocked else "yellow" if counts["warning"] else "green"
    yield click.style(f"  {'✗' if report.blocked else '✓'} {verdict(report, language)}", fg=colour, bold=True)
    for severity in SEVERITIES:
        yield from _group(report.of(severity), severity, language)
    checked = {entry["check"] for entry in report.passed} - {finding.check for finding in report.findings}
    yield ""
    yield f"  {_PASSED.render(language, count=len(checked))}"
    yield from _not_applicable(report, language)
    score = "–" if report.score is None else f"{report.score:.1f}"
    shown = score if language == "en" else score.replace(".", ",")
    yield f"  {_SCORE.render(language)}: {shown} · {report.checklist} {report.rule_version}"


def together(reports: Sequence[Report], language: str) -> list[str]:
    """One line about all files, where there are several."""
    if len(reports) < 2:
        return []
    unreadable = sum(report.unreadable is not None for report in reports)
    found = sum(report.unreadable is None and report.blocked for report in reports)
    clean = len(reports) - unreadable - found
    words = _TOGETHER.render(language, files=len(reports), clean=clean, found=found, unreadable=unreadable)
    return ["", click.style(words, bold=True)]


def _group(findings: Sequence[Finding], severity: str, language: str) -> Iterator[str]:
    if not findings:
        return
    yield ""
    yield click.style(f"  {_GROUPS[severity].render(language)}", fg=COLOURS[severity], bold=True)
    for place, finding in enumerate(findings, start=1):
        yield from _finding(place, finding, language)


def _finding(place: int, finding: Finding, language: str) -> Iterator[str]:
    said = sentences(finding, language)
    head = f"  {place:>2}. {said.title}" + (f" ({said.where})" if said.where else "")
    yield click.style(visible(head), fg=COLOURS[finding.severity])
    yield visible(f"      {said.problem}")
    if finding.severity == "info":
        return
    yield visible(f"      → {said.mend}")
    shown = [sample for sample in finding.samples if str(sample["value"]).strip()][:CELLS_SHOWN]
    for sample in shown:
        yield click.style(_cell(sample, language), dim=True)
    if shown and finding.count > len(shown):
        more = _MORE_CELLS.render(language, count=number(finding.count - len(shown), language))
        yield click.style(f"        {more}", dim=True)


def _cell(sample: Mapping[str, Any], language: str) -> str:
    value = json.dumps(shortened(str(sample["value"]), 120), ensure_ascii=False)
    proposal = f"  →  {sample['proposal']!r}" if sample["proposal"] else ""
    return visible(f"        {_ROW.render(language)} {sample['row']:<6} {value}{proposal}")


def _not_applicable(report: Report, language: str) -> Iterator[str]:
    for entry in {entry["check"]: entry for entry in report.not_applicable if entry["missing"]}.values():
        title = check_title(entry["check"], language)
        yield visible(f"  {_NOT_APPLICABLE.render(language)}: {title}. {entry['reason'][language]}")
