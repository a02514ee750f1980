"""What the report page shows, in the order in which a person needs it: verdict, what first, everything, the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.common import _, ungettext

from ckanext.satudata.qa import answers, reply_page

WAITING = ("queued", "running")
# `settled`: whatever was explained or set aside.
ORDER = ("error", "question", "warning", "settled", "info")
# Endings of the classes and the icon of each severity.
LOOKS = {
    "error": ("err", "err"),
    "question": ("ask", "ask"),
    "warning": ("warn", "warn"),
    "settled": ("ok", "checkc"),
    "info": ("off", "note"),
}
ROWS_SHOWN = 14
ROWS_OF_FINDING = 3
ROWS_OPENED = 200
COLUMNS_SHOWN = 15


def template(answer: Mapping[str, Any]) -> str:
    """Which page: ``waiting``, ``no_report`` or ``report``."""
    if answer["state"] in WAITING:
        return "waiting"
    return "report" if answer["report"] is not None and answer["report"]["readable"] else "no_report"


def shown(
    dataset: dict[str, Any],
    resource: dict[str, Any],
    answer: dict[str, Any],
    opened: Sequence[str],
    typed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything the templates of `qa` read; ``opened`` are row ranges the reader unfolded (``2-18``), ``typed`` what
    was said to a finding and refused.
    """
    report = answer["report"]
    judged = report if report is not None and report["readable"] else None
    case = _case(dataset["id"])
    table = extract(resource["id"], judged, opened) if judged is not None else None
    reply = reply_page.shown(dataset, resource, typed) if judged is not None else None
    may_update = tk.h.check_access("resource_update", {"id": resource["id"]})
    may_edit = may_update and (case is None or case["editable"])
    return {
        "case": case,
        "pkg_dict": dataset,
        "resource": resource,
        "answer": answer,
        "report": report,
        "verdict": verdict(answer),
        "groups": groups(judged, table, reply) if judged is not None and reply is not None else [],
        "reply": reply,
        "table": table,
        "may_edit": may_edit,
        "mended": tk.get_action("satudata_qa_mended")({}, {"resource_id": resource["id"], "limit": 0}),
        "may_run": may_update or tk.h.check_access("satudata_qa_run", {"resource_id": resource["id"]}),
    }


def _case(dataset_id: str) -> dict[str, Any] | None:
    """Where the dataset stands, as the workflow tells this reader; ``None`` when it does not."""
    try:
        return tk.get_action("satudata_case_show")({}, {"id": dataset_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def verdict(answer: Mapping[str, Any]) -> dict[str, str]:
    """``{"kind", "icon", "title", "text"}``: may this table be submitted, and if not, how far is it from that."""
    report = answer["report"]
    if answer["state"] == "link":
        text = _("Upload the table itself, so that it can be checked and published.")
        return _verdict("warn", "warn", _("This is an external link; its file is not checked."), text)
    if answer["state"] == "failed":
        return _verdict("err", "err", _("The check did not finish."), answer["message"] or "")
    if report is None:
        return _verdict("", "clock", _("This table has not been checked yet."), "")
    if not report["readable"]:
        return _verdict("err", "err", report["unreadable"]["problem"], report["unreadable"]["mend"])
    return _judged(report)


def _judged(report: Mapping[str, Any]) -> dict[str, str]:
    counts = report["open"]
    if counts["error"]:
        title = ungettext(
            "Not ready to be submitted: {n} thing must be mended.",
            "Not ready to be submitted: {n} things must be mended.",
            counts["error"],
        )
        text = _("{hit} of {rows} rows are affected.") if report["rows_hit"] else _("The table as a whole is affected.")
        numbers = {"hit": tk.h.sd_number(report["rows_hit"]), "rows": tk.h.sd_number(report["rows"])}
        return _verdict("err", "err", title.format(n=counts["error"]), text.format(**numbers))
    if counts["warning"] or counts["question"]:
        many = counts["warning"] + counts["question"]
        title = ungettext(
            "Nothing stands in the way of submitting; {n} thing is worth a look.",
            "Nothing stands in the way of submitting; {n} things are worth a look.",
            many,
        )
        return _verdict("warn", "warn", title.format(n=many), _rows(report))
    if any(finding["replies"] for finding in report["findings"]):
        return _verdict("ok", "checkc", _("Everything the checks found is answered."), _rows(report))
    return _verdict("ok", "checkc", _("The table passed all checks."), _rows(report))


def _rows(report: Mapping[str, Any]) -> str:
    return _("{rows} rows were read.").format(rows=tk.h.sd_number(report["rows"]))


def _verdict(kind: str, icon: str, title: str, text: str) -> dict[str, str]:
    return {"kind": kind, "icon": icon, "title": title, "text": text}


def groups(
    report: Mapping[str, Any], table: Mapping[str, Any] | None, reply: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Findings by severity, the heaviest first, then the answered ones: ``[{"severity", "look", "icon", "title",
    "findings"}]``.

    A finding gets ``place``: ``{"row", "open"}``, a row to jump to and the rows to unfold for it first; and what the
    reader may say to it.
    """
    listed = [reply_page.with_rights(finding, reply) for finding in report["findings"]]
    seen = {item["row"] for item in table["items"] if "row" in item} if table is not None else set()
    found: list[dict[str, Any]] = []
    for severity in ORDER:
        findings = [
            {**finding, "place": _place(finding, report, seen)}
            for finding in listed
            if severity == ("settled" if finding["settled"] else finding["severity"])
        ]
        if findings:
            look, icon = LOOKS[severity]
            title = _group_title(severity, len(findings))
            found.append({"severity": severity, "look": look, "icon": icon, "title": title, "findings": findings})
    return found


def _place(finding: Mapping[str, Any], report: Mapping[str, Any], seen: set[int]) -> dict[str, Any] | None:
    table = answers.judged_table(report)
    rows = [sample["row"] for sample in finding["samples"]] + [first for first, _last in finding["rows"]]
    if table is None or finding["severity"] == "info":
        return None
    visible = next((row for row in rows if row in seen), None)
    if visible is not None:
        return {"row": visible, "open": None}
    folded = next((row for row in rows if table["first_row"] <= row <= table["last_row"]), None)
    return {"row": folded, "open": f"{folded}-{folded}"} if folded is not None and seen else None


def _group_title(severity: str, many: int) -> str:
    words = {
        "error": lambda: _("{n} to mend"),
        "question": lambda: _("{n} to explain"),
        "warning": lambda: ungettext("{n} warning", "{n} warnings", many),
        "settled": lambda: _("{n} answered"),
        "info": lambda: ungettext("{n} remark", "{n} remarks", many),
    }
    return words[severity]().format(n=many)


def extract(resource_id: str, report: Mapping[str, Any], opened: Sequence[str]) -> dict[str, Any] | None:
    """The rows worth looking at, folded in between.

    ``{"columns": [{"name", "label", "numeric", "key", "place"}], "hidden": int (columns left out), "proposals": bool
    (there is one in sight), "items": [row or
    {"gap": [first, last], "marked": int, "open": "2-18"}]}``, rows as in ``satudata_table_show``.
    """
    table = answers.judged_table(report)
    if table is None or not table["rows"]:
        return None
    faults = [finding for finding in report["findings"] if finding["severity"] != "info" and finding["rows"]]
    rows = sorted(_worth(faults) | _opened(opened))
    window = _window(resource_id, rows=rows) if rows else None
    if window is None or not window["rows"]:  # the findings may be about lines outside the table
        window = _window(resource_id, limit=10)
    if not window["rows"]:
        return None
    places = _places(window)
    return {
        "columns": [{**window["columns"][place], "place": str(place)} for place in places],
        "hidden": len(window["columns"]) - len(places),
        "proposals": any(mark["proposal"] is not None for row in window["rows"] for mark in row["marks"].values()),
        "items": list(_items(window["rows"], table, _merged(faults), opened)),
    }


def _window(resource_id: str, **asked: Any) -> dict[str, Any]:
    return tk.get_action("satudata_table_show")({}, {"resource_id": resource_id, **asked})


def _worth(faults: Iterable[Mapping[str, Any]]) -> set[int]:
    rows: set[int] = set()
    for finding in faults:
        numbers = [sample["row"] for sample in finding["samples"]] or [first for first, _last in finding["rows"]]
        rows.update(numbers[:ROWS_OF_FINDING])
        if len(rows) >= ROWS_SHOWN:
            break
    return rows


def _opened(ranges: Iterable[str]) -> set[int]:
    rows: set[int] = set()
    for text in ranges:
        first, _dash, last = text.partition("-")
        if first.isdecimal() and last.isdecimal():
            rows.update(range(int(first), min(int(last), int(first) + ROWS_OPENED - 1) + 1))
    return rows if len(rows) <= 2 * ROWS_OPENED else set(sorted(rows)[: 2 * ROWS_OPENED])


def _places(window: Mapping[str, Any]) -> list[int]:
    """The columns to show: all, or in a wide table those with marks, the keys and the first ones."""
    every = range(len(window["columns"]))
    if len(every) <= COLUMNS_SHOWN:
        return list(every)
    marked = [place for place in every if any(str(place) in row["marks"] for row in window["rows"])]
    keys = [place for place in every if window["columns"][place]["key"]]
    wanted = dict.fromkeys([*keys[:5], *marked, *every])
    return sorted(list(wanted)[:COLUMNS_SHOWN])


def _merged(faults: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted((first, last) for finding in faults for first, last in finding["rows"]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _items(
    rows: Sequence[Mapping[str, Any]],
    table: Mapping[str, Any],
    marked: Sequence[tuple[int, int]],
    opened: Sequence[str],
) -> Iterable[Mapping[str, Any]]:
    reached = table["first_row"] - 1
    for row in rows:
        if row["row"] > reached + 1:
            yield _gap(reached + 1, row["row"] - 1, marked, opened)
        yield row
        reached = row["row"]
    if reached < table["last_row"]:
        yield _gap(reached + 1, table["last_row"], marked, opened)


def _gap(first: int, last: int, marked: Sequence[tuple[int, int]], opened: Sequence[str]) -> dict[str, Any]:
    many = sum(max(0, min(last, end) - max(first, start) + 1) for start, end in marked)
    part = f"{first}-{min(last, first + ROWS_OPENED - 1)}"
    return {"gap": [first, last], "marked": many, "open": [*opened, part][-4:]}
