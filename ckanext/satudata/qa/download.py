"""The findings of a report as a file to take along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_name

from ckanext.satudata.bridge import spreadsheets


def name_of(resource: Mapping[str, Any], ending: str) -> str:
    """``laporan-qa-<name of the file>.<ending>``, safe in a header."""
    words = str(resource.get("name") or resource["id"])
    return f"laporan-qa-{munge_name(words)[:60].strip('-_') or resource['id']}.{ending}"


def findings_csv(report: Mapping[str, Any]) -> str:
    """One line for each cell of the sample, or for the finding when it has none; UTF-8 with BOM for spreadsheets."""
    header = [
        tk._(title)
        for title in (
            "Number",
            "Severity",
            "Check",
            "Finding",
            "Column",
            "Count",
            "Rows",
            "Row",
            "Value",
            "Proposal",
            "Mend",
        )
    ]
    lines = [_line(finding, sample) for finding in report["findings"] for sample in finding["samples"] or [{}]]
    return spreadsheets.table(header, lines)


def _line(finding: Mapping[str, Any], sample: Mapping[str, Any]) -> list[Any]:
    return [
        finding["number"],
        finding["severity_label"],
        finding["check"],
        finding["title"],
        sample.get("column") or finding["column"],
        finding["count"],
        finding["rows_text"],
        sample.get("row"),
        sample.get("value"),
        sample.get("proposal"),
        finding["mend"],
    ]
