"""The two tasks of mending in the process that judges: the plan beside a report, and the mended file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.checklist import Checklist
from ckanext.satudata.core.qa.dictionary import Bound
from ckanext.satudata.core.qa.engine import unreadable_report
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.mending.applying import Order, mend
from ckanext.satudata.core.qa.mending.planning import plan, write_plan
from ckanext.satudata.core.qa.mending.refusing import RefusedError
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.table import Limits, Unreadable
from ckanext.satudata.core.qa.table.model import Source


def planned(source: Source, bound: Bound, lists: Lists, rules: Checklist, report: Report, out: Path) -> dict[str, Any]:
    """Write what could be mended to ``out`` and tell it in numbers; a check that crashed proposes nothing."""
    crashed = {finding.check for finding in report.findings if finding.variant == "crash"}
    sound = tuple(item for item in rules.items if item.check.id not in crashed)
    return write_plan(plan(source, bound, lists, replace(rules, items=sound)), out)


def mended(path: Path, name: str, asked: Mapping[str, Any], file_bytes: int) -> dict[str, Any]:
    """Make the mended file that ``asked`` (the job's ``mend``) describes; what the worker answers."""
    order = Order(
        path=path,
        name=name,
        sha256=asked["sha256"],
        digest=asked["digest"],
        kinds=tuple(asked["kinds"]),
        table=asked["table"],
        as_csv=bool(asked["as_csv"]),
    )
    changes, out, done = (Path(asked[key]) for key in ("changes", "file_out", "done_out"))
    try:
        return {"mended": mend(order, changes, out, done, Limits(file_bytes=file_bytes))}
    except RefusedError as refused:
        return {"refused": refused.code}
    except Unreadable as why:
        return unreadable_report(why, "", "", {"name": name, "size": None, "sha256": None, "kind": None}).to_dict()
