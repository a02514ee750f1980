"""What is known about a table, and whether a report says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.satudata.core.qa.report import Finding, Report

KINDS = Path(__file__).parent / "kinds.yaml"


@dataclass(frozen=True)
class Kind:
    """A kind of defect: what it is called, and the findings that answer it (``IS-04`` or ``IS-04/mixed``)."""

    id: str
    title: Mapping[str, str]
    answers: tuple[str, ...]
    partly: bool = False  # naming some of the rows is enough: which of them stand out depends on how one looks

    def is_answered_by(self, finding: Finding) -> bool:
        return finding.check in self.answers or f"{finding.check}/{finding.variant}" in self.answers


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong: where it is named, in which columns and rows (physical; empty: the whole table)."""

    kind: str
    sheet: str
    columns: frozenset[str]
    rows: frozenset[int]
    is_sure: bool = True

    def __str__(self) -> str:
        return f"{self.kind} {'/'.join(sorted(self.columns))} {len(self.rows) or ''}".rstrip()


@dataclass(frozen=True)
class Truth:
    """All that is wrong with a table, and what only looks wrong (there a question is allowed, nothing more)."""

    defects: tuple[Defect, ...]
    oddities: tuple[Defect, ...] = ()


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds by id, in the order of the file."""
    told: dict[str, Any] = yaml.safe_load(KINDS.read_text("utf-8"))
    return {
        key: Kind(key, {"id": kind["id"], "en": kind["en"]}, tuple(kind.get("answers", ())), kind.get("partly", False))
        for key, kind in told.items()
    }


def truth_of(source: Path) -> Truth:
    """Read a truth file of the corpus."""
    told: dict[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    return Truth(
        tuple(_defect(item, item["kind"]) for item in told["defects"]),
        tuple(_defect(item, "oddity") for item in told.get("oddities", ())),
    )


def _defect(item: Mapping[str, Any], kind: str) -> Defect:
    return Defect(
        kind,
        str(item.get("sheet", "")),
        frozenset(column_names(str(item.get("column", "")))),
        frozenset(row_numbers(str(item.get("rows", "")))),
        item.get("certainty", "sure") == "sure",
    )


def row_numbers(text: str) -> Iterator[int]:
    """``2 4 7-8`` → 2, 4, 7, 8; places of another form (``A1:F1``) have no rows."""
    for part in text.split():
        first, _, last = part.partition("-")
        if first.isdigit():
            yield from range(int(first), int(last or first) + 1)


def column_names(text: str) -> Iterator[str]:
    """``kode/nama`` may be told of either column, or of one that is called so; ``a; b`` of both."""
    for whole in text.split(";"):
        yield from (_name(name) for name in (whole, *whole.split("/")) if name.strip())


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()


def rows_of(finding: Finding) -> frozenset[int]:
    """The physical rows a finding names."""
    return frozenset(row for first, last in finding.rows for row in range(first, last + 1))


def _is_there(defect: Defect, finding: Finding) -> bool:
    """Whether both speak of the same sheet and, where both name one, of the same column."""
    if defect.sheet and finding.table and defect.sheet != finding.table:
        return False
    return not defect.columns or not finding.column or _name(finding.column) in defect.columns


def _answers(finding: Finding, defect: Defect) -> bool:
    kind = kinds().get(defect.kind)
    return kind is not None and kind.is_answered_by(finding)


def is_found(defect: Defect, findings: Iterable[Finding]) -> bool:
    """Whether findings that answer this kind name all its rows (facts about a whole table have none)."""
    kind = kinds()[defect.kind]
    there = [finding for finding in findings if kind.is_answered_by(finding) and _is_there(defect, finding)]
    touched = frozenset[int]().union(*(rows_of(finding) for finding in there))
    if kind.partly and defect.rows:
        return bool(there) and (not touched or bool(touched & defect.rows))
    return bool(there) and (not touched or defect.rows <= touched)


def is_right(finding: Finding, truth: Truth) -> bool:
    """Whether each row the finding names is one the truth names for what it says."""
    there = [defect for defect in truth.defects if _is_there(defect, finding) and _answers(finding, defect)]
    named = frozenset[int]().union(*(defect.rows for defect in there))
    return bool(there) and (not named or rows_of(finding) <= named)


def is_touched(place: Defect, finding: Finding) -> bool:
    """Whether the finding speaks of that place, or of a table or column it lies in."""
    rows = rows_of(finding)
    return _is_there(place, finding) and (not place.rows or not rows or bool(place.rows & rows))


def is_fair_question(finding: Finding, truth: Truth) -> bool:
    """Whether it only asks, about something that does look odd."""
    return finding.severity in ("question", "info") and any(is_touched(odd, finding) for odd in truth.oddities)


def alarms(report: Report, truth: Truth) -> Iterator[tuple[Finding, str]]:
    """Each finding with ``right``, ``fair`` (a question about something odd) or ``false``."""
    for finding in report.findings:
        if is_right(finding, truth):
            yield finding, "right"
        else:
            yield finding, "fair" if is_fair_question(finding, truth) else "false"
