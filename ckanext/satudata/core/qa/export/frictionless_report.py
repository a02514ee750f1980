"""The report in the form of frictionless (``Report.from_descriptor`` reads it).

What is of severity *error* becomes an error; warnings and questions become the task's ``warnings``, because
frictionless knows one severity only and a file with a question is valid. Where one of our checks is a check of
frictionless, the error has its type; every other error has the general type of its place (``cell-error``,
``row-error``, ``label-error``, ``table-error``, ``source-error``), because frictionless refuses types it does not know.
Every error names our check, its number in the report and how it is mended under ``satudata``.

A row of an error is the physical row of the file: the line on which the record starts, the row number a spreadsheet
shows. Frictionless itself counts records. As with frictionless, a task lists at most :data:`ERRORS` errors; its
``stats.errors`` counts all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from ckanext.satudata.core.qa.export.harmless import visible
from ckanext.satudata.core.qa.report import Finding, Report, Sentences, sentences
from ckanext.satudata.core.text import Text

ERRORS = 1_000
# The judged cells of some physical rows, as far as they are at hand.
Cells = Callable[[list[int]], Mapping[int, list[str]]]

# Check and variant (``""``: every other variant) → the error of frictionless that says the same.
TYPES: Mapping[tuple[str, str], str] = {
    ("BT-02", "blank"): "blank-label",
    ("BT-02", "repeated"): "duplicate-label",
    ("BT-02", "missing"): "blank-header",
    ("BT-02", ""): "label-error",
    ("BT-03", "undeclared"): "extra-label",
    ("BT-03", "missing"): "missing-label",
    ("BT-04", "short"): "missing-cell",
    ("BT-04", "long"): "extra-cell",
    ("DU-01", ""): "duplicate-row",
    ("DU-02", ""): "primary-key",
    ("IS-01", ""): "constraint-error",
    ("IS-02", ""): "type-error",
    ("IS-03", ""): "constraint-error",
    ("IS-40", ""): "constraint-error",
    ("IS-41", ""): "constraint-error",
    ("KR-01", ""): "foreign-key",
}
_UNREADABLE = {
    "missing": "scheme-error",
    "broken_encoding": "encoding-error",
    **dict.fromkeys(("archive", "broken_archive", "nested_archive", "zip_bomb"), "compression-error"),
    **dict.fromkeys(("broken_json", "broken_workbook", "old_workbook", "password", "xml"), "format-error"),
}
_TAGS = {
    "source": ["#source"],
    "table": ["#table"],
    "label": ["#table", "#header", "#label"],
    "row": ["#table", "#row"],
    "cell": ["#table", "#row", "#cell"],
}
_KINDS = {
    "table-error": "table",
    "blank-header": "header",
    "blank-label": "label",
    "duplicate-label": "label",
    "label-error": "label",
    "extra-label": "label",
    "missing-label": "label",
    "duplicate-row": "row",
    "primary-key": "row",
    "foreign-key": "row",
    "row-error": "row",
}
_RAGGED = ("missing-cell", "extra-cell")
_CUT = Text(
    "{listed} dari {count} kesalahan dimuat.",
    "{listed} of {count} errors are listed.",
)


def descriptor(reports: Iterable[Report], language: str = "id", *, cells: Cells | None = None) -> dict[str, Any]:
    """The reports as one descriptor with a task for each table. ``cells`` looks up rows of the judged table of the
    (only) report; rows that are not at hand have no cells but the sampled one.
    """
    tasks = [task for report in reports for task in _tasks(report, language, cells)]
    stats = {
        "tasks": len(tasks),
        "errors": sum(task["stats"]["errors"] for task in tasks),
        "warnings": sum(task["stats"]["warnings"] for task in tasks),
        "seconds": 0.0,
    }
    return {
        "valid": all(task["valid"] for task in tasks),
        "stats": stats,
        "warnings": [],
        "errors": [],
        "tasks": tasks,
    }


def _tasks(report: Report, language: str, cells: Cells | None) -> Iterator[dict[str, Any]]:
    if report.unreadable is not None:
        yield _unreadable(report, language)
        return
    for table in report.tables or ({"name": "", "header": [], "rows": 0, "judged": True},):
        yield _Task(report, table, language, cells if table["judged"] else None).descriptor()


def _unreadable(report: Report, language: str) -> dict[str, Any]:
    problem, mend = report.why_unreadable(language) or ("", "")
    code = str((report.unreadable or {}).get("code"))
    kind = _UNREADABLE.get(code, "source-error")
    error = {
        "type": kind,
        "title": problem,
        "description": mend,
        "message": problem,
        "tags": _TAGS["source"],
        "note": problem,
        "satudata": {"code": code, "mend": mend},
    }
    return _task(report, "", [], [error], [], 1, 0)


def _task(
    report: Report,
    table: str,
    labels: list[str],
    errors: list[dict[str, Any]],
    warnings: list[str],
    count: int,
    rows: int,
) -> dict[str, Any]:
    name = str(report.file.get("name") or "file")
    stats = {"errors": count, "warnings": len(warnings), "seconds": 0.0, "fields": len(labels), "rows": rows}
    known = {"bytes": report.file.get("size"), "sha256": report.file.get("sha256")}
    return {
        "name": _slug(f"{name}-{table}" if table else name),
        "type": "table",
        "title": table or name,
        "valid": count == 0,
        "place": name,
        "labels": labels,
        "stats": {**stats, **{key: value for key, value in known.items() if value}},
        "warnings": warnings,
        "errors": errors,
    }


class _Task:
    """One table of a report as a task."""

    def __init__(self, report: Report, table: Mapping[str, Any], language: str, cells: Cells | None) -> None:
        self._report = report
        self._table = table
        self._language = language
        self._cells = cells
        self._labels = [visible(str(name)) for name in table["header"]]

    def descriptor(self) -> dict[str, Any]:
        # What is about the file as a whole is told with its judged table.
        own = [
            (number, finding)
            for number, finding in enumerate(self._report.findings, 1)
            if finding.table == self._table["name"] or (finding.table == "" and self._table["judged"])
        ]
        errors = [(number, finding) for number, finding in own if finding.severity == "error"]
        count = sum(self._many(finding) for _number, finding in errors)
        listed = self._filled(self._errors(errors))
        warnings = [self._warning(finding) for _, finding in own if finding.severity in ("warning", "question")]
        if len(listed) < count:
            warnings.append(_CUT.render(self._language, listed=len(listed), count=count))
        rows = int(self._table["rows"])
        return _task(self._report, str(self._table["name"]), self._labels, listed, warnings, count, rows)

    def _many(self, finding: Finding) -> int:
        return max(finding.count, 1) if finding.rows else 1

    def _warning(self, finding: Finding) -> str:
        said = sentences(finding, self._language)
        return visible(f"{finding.check} {said.title}: {said.problem}" + (f" ({said.where})" if said.where else ""))

    def _errors(self, findings: list[tuple[int, Finding]]) -> Iterator[dict[str, Any]]:
        """At most :data:`ERRORS`, the same number of each finding as far as it has them."""
        queues = [self._of(number, finding) for number, finding in findings]
        listed: list[list[dict[str, Any]]] = [[] for _ in queues]
        left, open_queues = ERRORS, list(range(len(queues)))
        while left and open_queues:
            each = max(left // len(open_queues), 1)
            for place in list(open_queues):
                more = list(islice(queues[place], min(each, left)))
                listed[place] += more
                left -= len(more)
                if len(more) < each:
                    open_queues.remove(place)
        for errors in listed:
            yield from errors

    def _of(self, number: int, finding: Finding) -> Iterator[dict[str, Any]]:
        said = sentences(finding, self._language)
        kind = self._kind(finding)
        general = self._general(number, finding, said, kind)
        if _KINDS.get(kind) == "table":
            yield general
        elif _KINDS.get(kind) in ("label", "header"):
            yield {**general, **self._header(finding, kind)}
        else:
            by_row = {sample["row"]: sample for sample in finding.samples}
            for first, last in finding.rows:
                for row in range(first, last + 1):
                    yield {**general, **self._row(finding, kind, row, by_row.get(row, {}))}

    def _kind(self, finding: Finding) -> str:
        kind = TYPES.get((finding.check, finding.variant)) or TYPES.get((finding.check, ""))
        on_header = kind is not None and _KINDS.get(kind) in ("label", "header")
        if on_header or (not finding.rows and finding.column):
            return kind if on_header and kind is not None else "label-error"
        if not finding.rows:
            return "table-error"
        if finding.column not in self._labels and kind not in _RAGGED:
            return kind if kind is not None and _KINDS.get(kind) == "row" and kind != "foreign-key" else "row-error"
        return kind or "cell-error"

    def _general(self, number: int, finding: Finding, said: Sentences, kind: str) -> dict[str, Any]:
        problem = visible(said.problem)
        return {
            "type": kind,
            "title": said.title,
            "description": said.mend,
            "message": problem,
            "tags": _TAGS[_KINDS.get(kind, "cell").replace("header", "label")],
            "note": problem,
            "satudata": {"check": finding.check, "finding": number, "mend": said.mend},
        }

    def _header(self, finding: Finding, kind: str) -> dict[str, Any]:
        lines: list[int] = list(self._table.get("header_rows") or ())
        header = {"labels": self._labels, "rowNumbers": list(range(lines[0], lines[1] + 1)) if lines else []}
        if _KINDS[kind] == "header":
            return header
        label = visible(finding.column or "")
        number = self._labels.index(label) + 1 if label in self._labels else 0
        return {**header, "label": label, "fieldName": label, "fieldNumber": number}

    def _row(self, finding: Finding, kind: str, row: int, sample: Mapping[str, Any]) -> dict[str, Any]:
        at: dict[str, Any] = {"rowNumber": row, "cells": []}
        if _KINDS.get(kind) == "row" and kind != "foreign-key":
            return at
        if kind in _RAGGED:
            # Whatever is missing, the last column is; whatever is too much, stands behind it.
            place = len(self._labels) + (kind == "extra-cell")
            name = self._labels[-1] if kind == "missing-cell" else ""
            return {**at, "cell": "", "fieldName": name, "fieldNumber": place}
        column, cell = finding.column or "", visible(str(sample.get("value") or ""))
        if kind == "foreign-key":
            known = str(finding.parameters.get("list") or self._declared(column) or "wilayah_kemendagri")
            names = {"fieldNames": [column], "fieldCells": [cell]}
            return {**at, **names, "referenceName": known, "referenceFieldNames": ["code"]}
        proposal = {"proposal": sample["proposal"]} if sample.get("proposal") else {}
        place = {"cell": cell, "fieldName": column, "fieldNumber": self._labels.index(column) + 1}
        return {**at, **place, **proposal}

    def _declared(self, column: str) -> Any:
        return next((one.get("daftar") for one in self._report.dictionary if one["kolom"] == column), None)

    def _filled(self, errors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The errors with the cells of their rows, where the judged cells are at hand."""
        listed = list(errors)
        rows = sorted({error["rowNumber"] for error in listed if "rowNumber" in error})
        found: Mapping[int, list[str]] = self._cells(rows) if self._cells is not None and rows else {}
        for error in listed:
            cells = [visible(cell) for cell in found.get(error.get("rowNumber", 0), ())]
            if not cells:
                continue
            error["cells"] = cells
            place = error.get("fieldNumber", 0)
            if "cell" in error and not error["cell"] and 0 < place <= len(cells):
                error["cell"] = cells[place - 1]
        return listed


def _slug(name: str) -> str:
    """A name as frictionless wants it: lower case, digits, ``-._/``."""
    return re.sub(r"[^-a-z0-9._]+", "-", name.lower()).strip("-") or "file"
