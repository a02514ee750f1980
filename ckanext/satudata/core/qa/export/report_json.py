"""The report as JSON: the published format, described in ``docs`` and by ``report-1.schema.json`` beside this file.

A program that reads format 1 goes on working: keys may be added, none is taken away or changes its meaning without
another number in ``format``. What a later version needs for itself (parameters of sentences, digests by which cells are
known again, places of files) is not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.core.qa.export.harmless import visible
from ckanext.satudata.core.qa.findings import RANGES, SAMPLES
from ckanext.satudata.core.qa.personal import mask_numbers
from ckanext.satudata.core.qa.report import Finding, Report, check_title, sentences, verdict

FORMAT = 1


def document(report: Report, language: str = "id", *, checked_at: str | None = None) -> dict[str, Any]:
    """The report as plain data, sentences in ``language``; ``checked_at`` is an ISO moment, where it is known."""
    why = report.why_unreadable(language)
    return {
        "format": FORMAT,
        "language": language,
        "checked_at": checked_at,
        "file": {key: _harmless(value) for key, value in report.file.items()},
        "readable": why is None,
        "unreadable": {"code": (report.unreadable or {}).get("code"), "problem": why[0], "mend": why[1]}
        if why is not None
        else None,
        "verdict": verdict(report, language),
        "blocked": report.blocked,
        "score": report.score,
        "counts": {**report.counts, "rows": report.rows, "rows_hit": report.rows_hit},
        "checklist": report.checklist,
        "rule_version": report.rule_version,
        "bounds": {"ranges": RANGES, "samples": SAMPLES},
        "findings": [_finding(number, finding, language) for number, finding in enumerate(report.findings, 1)],
        "passed": [_named(entry, language) for entry in report.passed],
        "not_applicable": [_not_applicable(entry, language) for entry in report.not_applicable],
        "tables": [_table(table) for table in report.tables],
        "dictionary_given": report.dictionary_given,
        "dictionary": [dict(column) for column in report.dictionary],
        "proposed_dictionary": [_proposal(column, language) for column in report.proposed_dictionary],
        "lists": [dict(known) for known in report.lists],
    }


def _finding(number: int, finding: Finding, language: str) -> dict[str, Any]:
    said = sentences(finding, language)
    return {
        "number": number,
        "check": finding.check,
        "variant": finding.variant,
        "severity": finding.severity,
        "table": finding.table,
        "column": finding.column,
        "count": finding.count,
        "rows": [list(pair) for pair in finding.rows],
        "rows_complete": finding.rows_complete,
        "title": said.title,
        "problem": said.problem,
        "where": said.where,
        "mend": said.mend,
        "samples": [{key: sample[key] for key in ("row", "column", "value", "proposal")} for sample in finding.samples],
        "points": finding.points,
    }


def _named(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {"check": entry["check"], "title": check_title(entry["check"], language), "table": entry["table"]}


def _not_applicable(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {**_named(entry, language), "reason": _spoken(entry["reason"], language), "missing": entry["missing"]}


def _table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Names of persons stand in signatures below tables; their numbers are hidden, as in the cells."""
    outside = [{**line, "text": mask_numbers(str(line["text"]))} for line in table["outside"]]
    return {**table, "outside": outside}


def _proposal(column: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {**column, "why": _spoken(column.get("why"), language)}


def _spoken(words: Any, language: str) -> Any:
    """A sentence kept in both languages, in one of them."""
    if not isinstance(words, Mapping):
        return words
    said: Mapping[str, Any] = words  # pyright: ignore[reportUnknownVariableType]
    return said.get(language) or said.get("id")


def _harmless(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value
