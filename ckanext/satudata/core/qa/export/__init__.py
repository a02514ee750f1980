"""The report of a check as a file to take along: workbook, CSV, JSON, frictionless, JUnit.

Each form is made from a :class:`Report` (and, for the workbook, from the judged cells that ``rows.write_cells`` left),
with the standard library and, for the workbook, XlsxWriter; a web process may do it. Cells with personal data come here
masked and stay so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A form a report can be taken along in: the ending of its file, and its media type."""

    ending: str
    media_type: str


FORMS = {
    "xlsx": Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": Form("csv", "text/csv; charset=utf-8"),
    "json": Form("json", "application/json"),
    "frictionless": Form("frictionless.json", "application/json"),
    "junit": Form("junit.xml", "application/xml"),
}
