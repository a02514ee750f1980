"""What the pages of mending show: what is offered, what was chosen, what was done."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.common import ungettext
from ckan.lib.munge import munge_name

from ckanext.satudata.bridge import readable, spreadsheets
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa.mending.changes import Change
from ckanext.satudata.core.qa.mending.kinds import KINDS
from ckanext.satudata.qa.mending import plans

SHOWN = 100
_PIECE = 1 << 16
# For each sort of kind: how many of what.
_COUNTED = {
    "cells": lambda n: ungettext("{n} cell", "{n} cells", n),
    "lines": lambda n: ungettext("{n} line", "{n} lines", n),
    "file": lambda n: ungettext("{n} point", "{n} points", n),
}


def counted(kind: str, count: int) -> str:
    """``12 sel``, ``1 baris``: a number of changes of one kind in words."""
    return _COUNTED[KINDS[kind].what](count).format(n=tk.h.sd_number(count))


def found(dataset: str, resource_id: str) -> dict[str, Any]:
    """What every page of mending reads; 404 for what the reader may not know of, 403 for who may not read reports."""
    pkg, resource = readable.dataset_with_file(dataset, resource_id)
    asked = {"resource_id": resource_id, "language": language()}
    try:
        answer = tk.get_action("satudata_qa_show")({}, asked)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Only members of the organization and reviewers may read this report."))
    return {
        "pkg_dict": pkg,
        "resource": resource,
        "answer": answer,
        "report": answer["report"],
        "may_edit": _may_edit(pkg["id"], resource_id),
        "counted": counted,
    }


def _may_edit(dataset_id: str, resource_id: str) -> bool:
    if not tk.h.check_access("resource_update", {"id": resource_id}):
        return False
    try:
        return bool(tk.get_action("satudata_case_show")({}, {"id": dataset_id})["editable"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return True


def offered(
    shown: Mapping[str, Any], kinds: Sequence[str], *, as_csv: bool, errors: Sequence[str] = ()
) -> dict[str, Any]:
    """The page on which kinds are chosen (``kinds`` empty) or their changes are looked through."""
    asked = {"resource_id": shown["resource"]["id"], "kinds": [kind for kind in kinds if kind in KINDS], "limit": SHOWN}
    plan = tk.get_action("satudata_qa_mend_plan")({}, {**asked, "language": language()})
    there = [kind for kind in plan["kinds"] if kind["id"] in kinds]
    report = shown["report"]
    is_csv = bool(report) and report["file"].get("kind") == "csv"
    return {
        **shown,
        "plan": plan,
        "chosen": there,
        "as_csv": as_csv,
        "tied": [kind["title"] for kind in there if kind["only_csv"] and not as_csv],
        "becomes_csv": plan["to"] == "csv" and not is_csv,
        "errors": list(errors),
    }


def name_of(resource: Mapping[str, Any]) -> str:
    """``perubahan-<name of the file>.csv``, safe in a header."""
    words = str(resource.get("name") or resource["id"])
    return f"perubahan-{munge_name(words)[:60].strip('-_') or resource['id']}.csv"


def as_csv(changes: Iterable[Change], spoken: str) -> Iterator[str]:
    """Changes as a file for a spreadsheet, piece by piece; the words are looked up before the first one."""
    header = [tk._(title) for title in ("Kind of change", "Sheet", "Row", "Column", "Before", "After")]
    return _pieces(header, tk._("(line taken out)"), plans.lines(changes, spoken))


def _pieces(header: Sequence[str], gone: str, lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    target = io.StringIO()
    writer = csv.writer(target)
    target.write(spreadsheets.MARK)
    writer.writerow(header)
    for line in lines:
        after = gone if line["gone"] else line["after"]
        cells = (line["title"], line["table"], line["row"] or None, line["column"] or None, line["before"], after)
        writer.writerow([spreadsheets.cell(cell) for cell in cells])
        if target.tell() > _PIECE:
            yield target.getvalue()
            target.seek(0)
            target.truncate()
    yield target.getvalue()
