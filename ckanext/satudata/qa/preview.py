"""A window of the judged table, with the faults marked in their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.satudata.core.qa import window
from ckanext.satudata.qa import answers, judged, standing

RANK = {"error": 3, "warning": 2, "question": 1, "info": 0}


def show(resource: Mapping[str, Any], asked: Mapping[str, Any], language: str, *, marks: bool) -> dict[str, Any]:
    """The answer of ``satudata_table_show``."""
    found = standing.of_resource(resource, whole=True)
    empty = {
        "resource_id": found.resource_id,
        "state": found.state,
        "header": [],
        "columns": [],
        "total": 0,
        "rows": [],
    }
    if found.state != "done" or found.report is None:
        return empty
    report = found.report["report"]
    table = answers.judged_table(report)
    index = (report.get("outputs") or {}).get("cells")
    path = judged.path(found.report["content_hash"], found.report["rule_version"], "cells")
    if table is None or index is None or path is None:
        return empty
    if asked.get("rows"):
        rows = window.around(path, index, rows=asked["rows"], margin=asked["margin"])
    else:
        rows = window.window(path, index, offset=asked["offset"], limit=asked["limit"])
    faults = answers.faults(found, table["name"], language) if marks else []
    return {
        **empty,
        "header": list(table["header"]),
        "columns": columns(report, table),
        "total": table["rows"],
        "rows": [_row(number, cells, table["header"], faults) for number, cells in rows],
    }


def columns(report: Mapping[str, Any], table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``[{"name", "label", "numeric", "key"}]`` of the judged table, by its data dictionary."""
    known = {str(column["kolom"]): column for column in report["dictionary"]}
    described = ((name, known.get(str(name).strip(), {})) for name in table["header"])
    return [
        {
            "name": name or f"kolom {place}",
            "label": column.get("label") or name,
            "numeric": column.get("tipe") in ("integer", "number", "year"),
            "key": bool(column.get("kunci")),
        }
        for place, (name, column) in enumerate(described, 1)
    ]


def _row(
    number: int, cells: Sequence[str], header: Sequence[str], faults: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    hit = [fault for fault in faults if _touches(fault["rows"], number)]
    names = [name or f"kolom {place}" for place, name in enumerate(header, 1)]
    marks: dict[str, dict[str, Any]] = {}
    whole: list[dict[str, Any]] = []
    for fault in hit:
        mark = _mark(fault, number)
        if fault["column"] in names:
            place = str(names.index(fault["column"]))
            if place not in marks or RANK[mark["severity"]] > RANK[marks[place]["severity"]]:
                marks[place] = mark
        else:
            whole.append(mark)
    worst = max((fault["severity"] for fault in hit), key=RANK.__getitem__, default=None)
    return {"row": number, "cells": list(cells), "marks": marks, "row_marks": whole, "severity": worst}


def _mark(fault: Mapping[str, Any], number: int) -> dict[str, Any]:
    sample = next((one for one in fault["samples"] if one["row"] == number), {})
    return {
        "severity": fault["severity"],
        "severity_label": fault["severity_label"],
        "number": fault["number"],
        "title": fault["title"],
        "proposal": sample.get("proposal"),
    }


def _touches(ranges: Sequence[Sequence[int]], number: int) -> bool:
    return any(first <= number <= last for first, last in ranges)
