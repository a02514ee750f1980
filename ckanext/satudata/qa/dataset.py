"""The checks of a whole dataset: in a few numbers, and why it may not take a step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.satudata.core.qa.gate import Gate
from ckanext.satudata.core.text import Reason
from ckanext.satudata.qa import model as tables
from ckanext.satudata.qa import outstanding, rules, words
from ckanext.satudata.qa.standing import Standing


def summary(standings: Iterable[Standing]) -> dict[str, Any]:
    """The check of a dataset in a few numbers.

    ``{"state", "files", "checked", "errors", "warnings", "questions", "explained", "waived", "score", "rule_version",
    "sha256", "scored", "checked_at"}``: ``state`` is ``none`` (no uploaded file), ``queued``, ``running``, ``failed``
    or ``done``; counts are sums of what nobody has answered, a file that cannot be read is one error; ``score`` is that
    of the worst file, because a user of the dataset meets the worst file too, with the rules, the bytes and the id of
    the file it was given for, and ``None`` until every file is judged; ``checked_at`` is the latest check.
    """
    files = [one for one in standings if one.state != "link"]
    judged = [one for one in files if one.state == "done" and one.report is not None]
    moments = [one.run["finished"] for one in files if one.state == "done" and one.run is not None]
    open_ = [outstanding.of(one) for one in judged]
    return {
        "state": _state_of(files),
        "files": len(files),
        "checked": len(judged),
        **{name: sum(getattr(one, name) for one in open_) for name in COUNTS},
        **_score(judged, complete=len(judged) == len(files)),
        "checked_at": max(moments).isoformat() if moments else None,
    }


COUNTS = ("errors", "warnings", "questions", "explained", "waived")


def _score(judged: list[Standing], *, complete: bool) -> dict[str, Any]:
    """``score`` never comes without the rules and the file it was given for."""
    scored = [one for one in judged if one.report is not None and one.report["score"] is not None]
    if not scored or not complete or len(scored) < len(judged):
        return {"score": None, "rule_version": None, "sha256": None, "scored": None}
    worst = min(scored, key=lambda one: (one.report or {})["score"])
    report, run = worst.report or {}, worst.run or {}
    told = {"score": report["score"], "rule_version": report["rule_version"], "sha256": run.get("sha256")}
    return {**told, "scored": worst.resource_id}


def reasons(
    standings: Iterable[Standing], book: rules.Rules, gate: Gate, step: str, stage: str | None = None
) -> list[Reason]:
    """Why a dataset may not take a step: one reason for each file without a report on its present content that is
    clean enough for it."""
    found = (_reason(standing, book, gate, step, stage) for standing in standings)
    return [reason for reason in found if reason is not None]


def _state_of(files: list[Standing]) -> str:
    states = {"queued" if one.state == "none" else one.state for one in files}
    return next((state for state in ("running", "queued", "failed", "done") if state in states), "none")


def _reason(standing: Standing, book: rules.Rules, gate: Gate, step: str, stage: str | None) -> Reason | None:
    name, resource_id = standing.name, standing.resource_id
    if standing.state == "link":
        return None
    if standing.state == "none":
        return words.not_asked(name, resource_id)
    if standing.state in tables.OPEN:
        return words.running(name, resource_id)
    if standing.state == "failed" or standing.report is None:
        return words.no_report(standing.run["error"] if standing.run else None, name, resource_id)
    if not standing.report["readable"]:
        return words.unreadable(name, resource_id)
    hindering = outstanding.in_the_way(standing, gate, step, stage)
    if hindering:
        mend_only = any(finding.check in gate.never for finding in hindering)
        explainable = all(gate.demand(finding, step, stage) == "jelaskan" for finding in hindering)
        way = "mend" if mend_only else "explain" if explainable else "waive"
        return words.errors(name, len(hindering), resource_id, way)
    return words.outdated(name, resource_id) if standing.is_outdated(book) else None
