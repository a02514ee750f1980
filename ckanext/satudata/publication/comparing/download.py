"""The rows of a comparison as a table to take along: one line for each cell that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckan.common import _

from ckanext.satudata.bridge import spreadsheets
from ckanext.satudata.core.compare.tables import KINDS
from ckanext.satudata.publication.comparing import telling
from ckanext.satudata.publication.comparing.sides import Sides

ROWS = 500  # of each kind: as many as one answer of satudata_compare tells


def table(found: Sides, resource_id: str) -> str | None:
    """CSV: what became of the row, its number, its key, the column, before, now; ``None`` without rows to compare.

    At most the first 500 changed, new and removed rows each; where there are more, the last line says so.
    """
    pages = [{"kind": kind, "offset": 0, "limit": ROWS} for kind in KINDS]
    _told, diffs = telling.of_table(found, resource_id, pages)
    if not diffs:
        return None
    header = (_("What"), _("Row"), _("Key of the row"), _("Column"), _("Before"), _("Now"))
    lines = [line for kind, diff in zip(KINDS, diffs, strict=True) for line in _lines(kind, diff)]
    if any(diff["listed"] > len(diff["rows"]) for diff in diffs):
        lines.append([_("Only the first {n} rows of each kind stand here.").format(n=ROWS)])
    return spreadsheets.table(header, lines)


def _lines(kind: str, diff: Mapping[str, Any]) -> Iterator[list[Any]]:
    what = {"changed": _("changed"), "added": _("new"), "removed": _("removed")}[kind]
    for row in diff["rows"]:
        number = row["row"] if row["row"] is not None else row["row_before"]
        start = [what, number, ", ".join(str(part) for part in row["key"])]
        for one in row["cells"]:
            yield [*start, one["column"], one["before"], one["after"]]
        if kind == "changed":
            continue
        for column, value in row["values"].items():
            if column not in diff["key"]:
                yield [*start, column, *((value, "") if kind == "removed" else ("", value))]
