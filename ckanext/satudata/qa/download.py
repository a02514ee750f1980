"""The findings of a report as a file to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_name

# What a spreadsheet would run as a formula when it stands first in a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def name_of(resource: Mapping[str, Any], ending: str) -> str:
    """``laporan-qa-<name of the file>.<ending>``, safe in a header."""
    words = str(resource.get("name") or resource["id"])
    return f"laporan-qa-{munge_name(words)[:60].strip('-_') or resource['id']}.{ending}"


def findings_csv(report: Mapping[str, Any]) -> str:
    """One line for each cell of the sample, or for the finding when it has none; UTF-8 with BOM for spreadsheets."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(
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
    )
    for finding in report["findings"]:
        for sample in finding["samples"] or [{}]:
            writer.writerow(disarmed(cell) for cell in _line(finding, sample))
    return "\ufeff" + target.getvalue()


def disarmed(cell: Any) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


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
