"""What the actions answer: runs and reports as JSON, findings in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ckan import model

from ckanext.satudata.core.qa import report as reports
from ckanext.satudata.core.qa.recognised import mark_of
from ckanext.satudata.core.qa.replies import Answered
from ckanext.satudata.core.qa.score import Part, account
from ckanext.satudata.core.text import Text
from ckanext.satudata.qa import content, dataset, judged, outstanding, rules, standing, words
from ckanext.satudata.qa import model as tables

SEVERITY_LABELS = {
    "error": Text("Harus diperbaiki", "To be mended"),
    "warning": Text("Peringatan", "Warning"),
    "question": Text("Perlu dijelaskan", "To be explained"),
    "info": Text("Catatan", "Remark"),
}


# What outsiders read of the checks of a dataset.
PUBLIC = ("state", "errors", "warnings", "questions", "score", "rule_version", "sha256", "checked_at")


def link(language: str) -> str:
    """Why a link is not checked."""
    return words.LINK.render(language)


def show(resource: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The answer of ``satudata_qa_show``."""
    found = standing.of_resource(resource, whole=True)
    run = found.run or {}
    stored = found.report["report"] if found.report is not None and found.state == "done" else None
    return {
        "resource_id": found.resource_id,
        "package_id": resource["package_id"],
        "name": found.name,
        "state": found.state,
        "message": _message(found, language),
        "progress": {"done": run.get("rows_done"), "of": run.get("rows_total")},
        **{key: _moment(run.get(key)) for key in ("queued", "started", "finished")},
        "outdated": found.is_outdated(rules.current()),
        "report": _report(reports.Report.from_dict(stored), language, found) if stored is not None else None,
        **_mendable(stored),
        "proposed_dictionary": list(stored["proposed_dictionary"]) if stored is not None else [],
        "dictionary_given": bool(stored and stored["dictionary_given"]),
    }


def _mendable(stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """How many changes the machine could make (``qa.mending``), and whether the file could be written another way:
    that is no fault, so it does not count."""
    told = ((stored or {}).get("outputs") or {}).get("mending") or {}
    counts = {str(kind["id"]): int(kind["count"]) for kind in told.get("kinds", ())}
    rewritable = counts.pop("file", 0) > 0
    return {"mendable": sum(counts.values()), "rewritable": rewritable}


def summary(standings: Iterable[standing.Standing], *, inside: bool, may_read: Callable[[str], bool]) -> dict[str, Any]:
    """The answer of ``satudata_qa_summary``; outsiders get the numbers of the whole only, and the checksum of a file
    when they ``may_read`` it."""
    found = list(standings)
    counted = dataset.summary(found)
    if inside:
        return {**counted, "resources": [_short(one) for one in found]}
    told = {key: counted[key] for key in PUBLIC}
    return told if counted["scored"] and may_read(counted["scored"]) else {**told, "sha256": None}


def files(resource: Mapping[str, Any], sha256: str | None = None) -> dict[str, Any]:
    """The answer of ``satudata_qa_files``."""
    # Rows follow from bytes and dictionary: also while another description has the findings looked for anew.
    found = content.present(resource)
    run = found and tables.latest_run(found.resource_id, found.file_key, found.dictionary_hash, done=True)
    if sha256 and (run is None or run["sha256"] != sha256):
        run = tables.run_of_bytes(str(resource["id"]), sha256)
    report = tables.get_report(run["report_id"]) if run is not None and run["report_id"] else None
    if run is None or report is None:
        return {}
    outputs = report["report"].get("outputs") or {}
    key = (report["content_hash"], report["rule_version"])
    paths = {kind: judged.path(*key, kind) for kind in ("rows", "csv")}
    if "rows" not in outputs or paths["rows"] is None or paths["csv"] is None:
        return {}
    cells = judged.path(*key, "cells")
    return {
        "sha256": run["sha256"],
        "rows": str(paths["rows"]),
        "csv": str(paths["csv"]),
        "cells": str(cells) if cells is not None else None,
        "columns": outputs["rows"]["columns"],
        "count": outputs["rows"]["rows"],
    }


def faults(found: standing.Standing, table: str, language: str) -> list[dict[str, Any]]:
    """The findings that are marked in the judged table: those with rows in it, remarks aside."""
    if found.report is None:
        return []
    report = reports.Report.from_dict(found.report["report"])
    return [
        _finding(finding, number, language)
        for number, finding in enumerate(report.findings, 1)
        if finding.rows and finding.severity != "info" and finding.table in ("", table)
    ]


def judged_table(report: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The table of the file that was judged; the others of a workbook are only listed."""
    return next((table for table in report["tables"] if table["judged"]), None)


def _message(found: standing.Standing, language: str) -> str | None:
    if found.state == "link":
        return link(language)
    if found.state == "failed" and found.run is not None:
        return words.failed(found.run["error"], found.name).render(language)
    return None


def _short(found: standing.Standing) -> dict[str, Any]:
    judged = found.state == "done" and found.report is not None
    open_ = outstanding.of(found)
    counts = ("errors", "warnings", "questions")
    return {
        "resource_id": found.resource_id,
        "name": found.name,
        "state": found.state,
        **{key: getattr(open_, key) if judged else None for key in counts},
        "score": (found.report or {}).get("score") if judged else None,
    }


def _report(report: reports.Report, language: str, found: standing.Standing) -> dict[str, Any]:
    why = report.why_unreadable(language)
    numbers = {id(finding): number for number, finding in enumerate(report.findings, 1)}
    said_to = dict(zip(numbers, outstanding.answers_to(report, found.replies), strict=True))
    said = {row["id"]: row for row in found.replies}
    settled = {key for key, answered in said_to.items() if answered.settled}
    open_ = [finding for finding in report.findings if id(finding) not in settled]
    return {
        "readable": why is None,
        "unreadable": {"code": (report.unreadable or {}).get("code"), "problem": why[0], "mend": why[1]}
        if why
        else None,
        "score": report.score,
        "account": _account(report, language) if report.score is not None else None,
        "counts": report.counts,
        "rows": report.rows,
        "rows_hit": report.rows_hit,
        "rule_version": report.rule_version,
        "checklist": report.checklist,
        "file": dict(report.file),
        "tables": [dict(table) for table in report.tables],
        "lists": [dict(known) for known in report.lists],
        "open": {name: sum(1 for one in open_ if one.severity == name) for name in outstanding.ASKED},
        "findings": [
            {**_finding(one, numbers[id(one)], language), **_replies(said_to[id(one)], said)} for one in report.findings
        ],
        "first_things": [
            {"number": numbers[id(finding)], "title": words.title, "text": words.problem, "severity": finding.severity}
            for finding, words in replace(report, findings=tuple(open_)).first_things(language)
        ],
        "passed": [_named(entry, language) for entry in report.passed],
        "not_applicable": [_not_applicable(entry, language) for entry in report.not_applicable],
    }


def _account(report: reports.Report, language: str) -> dict[str, Any]:
    told = account(report.findings)
    costs = [
        {"number": number, "check": finding.check, "points": finding.points}
        for number, finding in enumerate(report.findings, 1)
    ]

    def part(one: Part) -> dict[str, Any]:
        return {
            "key": one.key,
            "label": one.label.render(language),
            "lost": one.lost,
            "score": one.score,
            "findings": [costs[number - 1] for number in one.findings],
        }

    return {
        "lost": told.lost,
        "principles": [part(one) for one in told.principles],
        "dimensions": [part(one) for one in told.dimensions],
    }


def _replies(answered: Answered, said: Mapping[str, tables.Row]) -> dict[str, Any]:
    held = [said[reply_id] for reply_id in answered.replies]
    return {
        "explained": answered.explained,
        "waived": answered.waived,
        "replies": [
            {
                "id": row["id"],
                "kind": row["kind"],
                "text": row["text"],
                "by": _person(row["said_by"]),
                "at": _moment(row["said"]),
            }
            for row in held
        ],
    }


def _person(user_id: str) -> str | None:
    user = model.User.get(user_id)
    return str(user.display_name) if user is not None else None


def _finding(finding: reports.Finding, number: int, language: str) -> dict[str, Any]:
    said = reports.sentences(finding, language)
    return {
        "number": number,
        "check": finding.check,
        "title": said.title,
        "severity": finding.severity,
        "severity_label": SEVERITY_LABELS[finding.severity].render(language),
        "table": finding.table,
        "column": finding.column,
        "count": finding.count,
        "rows": [list(pair) for pair in finding.rows],
        "rows_text": reports.row_ranges(finding.rows, language) if finding.rows else "",
        "rows_complete": finding.rows_complete,
        "problem": said.problem,
        "where": said.where,
        "mend": said.mend,
        "samples": [dict(sample) for sample in finding.samples],
        "points": finding.points,
        "mark": mark_of(finding),
    }


def _named(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {**entry, "title": reports.check_title(entry["check"], language)}


def _not_applicable(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    reason = entry.get("reason")
    spoken = reason.get(language) or reason.get("id") if isinstance(reason, Mapping) else reason
    return {**_named(entry, language), "reason": spoken}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
