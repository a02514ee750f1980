"""The report of a file as something to take along: workbook, CSV, JSON, frictionless."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.munge import munge_name

from ckanext.satudata.core.qa.export import FORMS
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.window import around
from ckanext.satudata.qa import content, judged, standing


@dataclass(frozen=True)
class Download:
    """A file for the reader's own computer."""

    body: bytes
    name: str
    media_type: str


def of_report(resource: Mapping[str, Any], form: str, language: str) -> Download | None:
    """The report on the present file in ``form`` (see ``core/qa/export``); ``None`` without one. Who may read the
    report was asked before."""
    found = standing.of_resource(content.of_model(model.Resource.get(resource["id"])), whole=True)
    if found.state != "done" or found.report is None or found.run is None:
        return None
    report = Report.from_dict(found.report["report"])
    cells = judged.path(found.report["content_hash"], found.report["rule_version"], "cells")
    body = _body(form, report, cells, language, found.run["finished"])
    return Download(body, _name(resource, FORMS[form].ending), FORMS[form].media_type)


def _body(form: str, report: Report, cells: Path | None, language: str, finished: Any) -> bytes:
    if form == "xlsx":
        from ckanext.satudata.core.qa.export.workbook import write_workbook

        target = io.BytesIO()
        moment = f"{tk.h.sd_short_date(finished)} {tk.h.sd_clock(finished)}"
        write_workbook(report, target, cells=cells, language=language, checked_at=moment)
        return target.getvalue()
    if form == "csv":
        from ckanext.satudata.core.qa.export.findings_csv import findings_csv

        return findings_csv([report], language).encode()
    return json.dumps(_plain(form, report, cells, language, finished), ensure_ascii=False, indent=2).encode()


def _plain(form: str, report: Report, cells: Path | None, language: str, finished: Any) -> dict[str, Any]:
    if form == "json":
        from ckanext.satudata.core.qa.export.report_json import document

        return document(report, language, checked_at=finished.isoformat() if finished is not None else None)
    from ckanext.satudata.core.qa.export.frictionless_report import descriptor

    index = report.outputs.get("cells")
    if cells is None or index is None:
        return descriptor([report], language)
    return descriptor([report], language, cells=lambda rows: dict(around(cells, index, rows, 0, len(rows))))


def _name(resource: Mapping[str, Any], ending: str) -> str:
    """``laporan-qa-<name of the file>.<ending>``, safe in a header."""
    words = str(resource.get("name") or resource["id"])
    return f"laporan-qa-{munge_name(words)[:60].strip('-_') or resource['id']}.{ending}"
