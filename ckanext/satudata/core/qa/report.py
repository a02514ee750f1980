"""The report: what was found in a file, as data; words are made where it is shown.

Importing this module is cheap and starts nothing: a web process reads reports with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata.core.qa.findings import SEVERITIES
from ckanext.satudata.core.qa.table import unreadable as unreadable_words

FORMAT = 1


class FormatError(ValueError):
    """A report written in a format this version does not know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one check in one table (and column). ``rows`` are ranges of physical rows."""

    check: str
    severity: str
    table: str
    column: str | None
    count: int
    rows: tuple[tuple[int, int], ...]
    rows_complete: bool = True
    variant: str = ""
    samples: tuple[dict[str, Any], ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    points: float = 0.0
    cells: tuple[str, ...] = ()  # by what they are known again in another file: recognised.py

    def to_dict(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "variant": self.variant,
            "severity": self.severity,
            "table": self.table,
            "column": self.column,
            "count": self.count,
            "rows": [list(pair) for pair in self.rows],
            "rows_complete": self.rows_complete,
            "samples": list(self.samples),
            "parameters": dict(self.parameters),
            "points": self.points,
            "cells": list(self.cells),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        return cls(
            check=data["check"],
            severity=data["severity"],
            table=data["table"],
            column=data["column"],
            count=data["count"],
            rows=tuple((first, last) for first, last in data["rows"]),
            rows_complete=data["rows_complete"],
            variant=data["variant"],
            samples=tuple(data["samples"]),
            parameters=data["parameters"],
            points=data["points"],
            cells=tuple(data.get("cells") or ()),
        )


@dataclass(frozen=True, slots=True)
class Sentences:
    """A finding in words: what is wrong, where, how to mend it."""

    title: str
    problem: str
    where: str
    mend: str


@dataclass(frozen=True)
class Report:
    """Everything known about one file after judging it; keys are explained in ``worker.py``."""

    rule_version: str
    checklist: str
    file: Mapping[str, Any]
    unreadable: Mapping[str, Any] | None = None
    tables: tuple[Mapping[str, Any], ...] = ()
    dictionary: tuple[Mapping[str, Any], ...] = ()
    dictionary_given: bool = False
    proposed_dictionary: tuple[Mapping[str, Any], ...] = ()
    lists: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    passed: tuple[Mapping[str, Any], ...] = ()
    not_applicable: tuple[Mapping[str, Any], ...] = ()
    rows: int = 0
    rows_hit: int = 0
    score: float | None = None
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity."""
        found: dict[str, int] = dict.fromkeys(SEVERITIES, 0)
        for finding in self.findings:
            found[finding.severity] = found.get(finding.severity, 0) + 1
        return found

    @property
    def blocked(self) -> bool:
        """Whether something has to be mended before the file may be submitted."""
        return self.unreadable is not None or self.counts["error"] > 0

    def why_unreadable(self, language: str = "id") -> tuple[str, str] | None:
        """What is the matter with a file that could not be read, and how to mend it; ``None`` for a readable one."""
        if self.unreadable is None:
            return None
        parameters = {"name": self.file.get("name", "file"), **self.unreadable.get("parameters", {})}
        return unreadable_words.sentences(self.unreadable["code"], parameters, language)

    def of(self, *severities: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity in severities]

    def first_things(self, language: str = "id", limit: int = 4) -> list[tuple[Finding, Sentences]]:
        """What to mend first: errors, then warnings; those that touch most rows first. One entry for each check and
        column.
        """
        return [(finding, sentences(finding, language)) for finding in self.of("error", "warning")[:limit]]

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "rule_version": self.rule_version,
            "checklist": self.checklist,
            "file": dict(self.file),
            "unreadable": dict(self.unreadable) if self.unreadable is not None else None,
            "tables": [dict(table) for table in self.tables],
            "dictionary": [dict(column) for column in self.dictionary],
            "dictionary_given": self.dictionary_given,
            "proposed_dictionary": [dict(column) for column in self.proposed_dictionary],
            "lists": [dict(known) for known in self.lists],
            "findings": [finding.to_dict() for finding in self.findings],
            "passed": [dict(entry) for entry in self.passed],
            "not_applicable": [dict(entry) for entry in self.not_applicable],
            "counts": {**self.counts, "rows": self.rows, "rows_hit": self.rows_hit},
            "score": self.score,
            "outputs": dict(self.outputs),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Read what :meth:`to_dict` gave; raises :class:`FormatError` for another format."""
        if data.get("format") != FORMAT:
            raise FormatError(f"report format {data.get('format')!r}, this version reads {FORMAT}")
        return cls(
            rule_version=data["rule_version"],
            checklist=data["checklist"],
            file=data["file"],
            unreadable=data["unreadable"],
            tables=tuple(data["tables"]),
            dictionary=tuple(data["dictionary"]),
            dictionary_given=data["dictionary_given"],
            proposed_dictionary=tuple(data["proposed_dictionary"]),
            lists=tuple(data["lists"]),
            findings=tuple(Finding.from_dict(finding) for finding in data["findings"]),
            passed=tuple(data["passed"]),
            not_applicable=tuple(data["not_applicable"]),
            rows=data["counts"]["rows"],
            rows_hit=data["counts"]["rows_hit"],
            score=data["score"],
            outputs=data["outputs"],
        )


class _Gaps(dict[str, Any]):
    """A sentence never fails for a parameter an older report does not have."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentences(finding: Finding, language: str = "id") -> Sentences:
    """The words of a finding in ``language``; a check that no longer exists is shown by its id."""
    from ckanext.satudata.core.qa.registry import checks

    where = location(finding, language)
    known = checks().get(finding.check)
    if known is None:
        title = finding.parameters.get("title") or finding.check
        return Sentences(str(title), str(finding.parameters.get("problem", title)), where, "")
    if finding.variant == "crash":
        return _crashed(known.title.render(language), language)
    words = known.words.get(finding.variant) or next(iter(known.words.values()))
    values = _Gaps(_values(finding, language))
    filled = [
        (text.en if language == "en" else text.id).format_map(values)
        for text in (words.title, words.problem, words.mend)
    ]
    return Sentences(filled[0], filled[1], where, filled[2])


def _values(finding: Finding, language: str) -> Iterator[tuple[str, Any]]:
    yield from finding.parameters.items()
    yield "count", number(finding.count, language)
    yield "column", finding.column or ""
    for sample in finding.samples[:1]:
        yield from sample["note"].items()
        yield "row", number(sample["row"], language)
        yield "value", sample["value"]
        yield "proposal", sample["proposal"] or "…"


def verdict(report: Report, language: str = "id") -> str:
    """The one sentence on top: may the file be submitted, and if not, how much there is to mend."""
    why = report.why_unreadable(language)
    if why is not None:
        return why[0]
    counts = report.counts
    errors, warnings, questions = (number(counts[key], language) for key in ("error", "warning", "question"))
    if language == "en":
        if counts["error"]:
            return f"Cannot be submitted yet: {errors} to be mended, {warnings} warnings."
        if counts["warning"] or counts["question"]:
            return f"Can be submitted. {warnings} warnings, {questions} to be explained."
        return "Can be submitted. Nothing to mend was found."
    if counts["error"]:
        return f"Belum bisa diajukan: {errors} hal harus diperbaiki, {warnings} peringatan."
    if counts["warning"] or counts["question"]:
        return f"Bisa diajukan. {warnings} peringatan, {questions} perlu dijelaskan."
    return "Bisa diajukan. Tidak ada yang perlu diperbaiki."


def check_title(check_id: str, language: str = "id") -> str:
    """A check's title; its id if it no longer exists."""
    from ckanext.satudata.core.qa.registry import checks

    known = checks().get(check_id)
    return known.title.render(language) if known is not None else check_id


def location(finding: Finding, language: str = "id") -> str:
    """``Lembar Data, kolom Jumlah, baris 64–66, 68–89 dan 12 lainnya``; empty for findings about the file."""
    parts: list[str] = []
    if finding.table:
        parts.append(f"sheet {finding.table}" if language == "en" else f"lembar {finding.table}")
    if finding.column:
        parts.append(f"column {finding.column}" if language == "en" else f"kolom {finding.column}")
    if finding.rows:
        parts.append(("rows " if language == "en" else "baris ") + row_ranges(finding.rows, language))
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def row_ranges(rows: tuple[tuple[int, int], ...], language: str = "id", shown: int = 6) -> str:
    """``64–66, 68–89, 91`` and how many more runs there are."""
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in rows[:shown]]
    text = ", ".join(texts)
    more = sum(last - first + 1 for first, last in rows[shown:])
    if more:
        text += (
            f" and {number(more, language)} more" if language == "en" else f" dan {number(more, language)} baris lain"
        )
    return text


def number(value: int, language: str = "id") -> str:
    """``16.009`` in Indonesian, ``16,009`` in English."""
    text = f"{value:,}"
    return text if language == "en" else text.replace(",", ".")


def _crashed(title: str, language: str) -> Sentences:
    if language == "en":
        return Sentences(
            title, "This check stopped because of an error of its own, not of your file.", "", "Nothing to mend."
        )
    return Sentences(
        title,
        "Pemeriksaan ini berhenti karena kesalahannya sendiri, bukan karena file Anda.",
        "",
        "Tidak ada yang perlu diperbaiki.",
    )
