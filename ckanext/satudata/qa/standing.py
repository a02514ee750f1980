"""Where the check of a file stands: nothing, waiting, running, judged, failed. And of a whole dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Reason
from ckanext.satudata.qa import content, facts, rules, words
from ckanext.satudata.qa import model as tables


@dataclass(frozen=True)
class Standing:
    """Of the present content only; ``state`` is ``link``, ``none``, ``queued``, ``running``, ``done`` or ``failed``."""

    resource_id: str
    name: str  # what people call the file
    state: str
    run: tables.Row | None = None
    report: tables.Row | None = None  # without the report itself, unless asked for

    def is_outdated(self, book: rules.Rules) -> bool:
        """Judged under rules, or beside a description, that are no longer the present ones."""
        if self.state != "done" or self.run is None:
            return False
        return self.run["rules_key"] != book.under(facts.of_dataset(self.run["package_id"]))


def of_resource(resource: Mapping[str, Any], *, whole: bool = False) -> Standing:
    """Where the present content of a resource stands; ``whole`` loads the report with its findings."""
    name = str(resource.get("name") or resource.get("url") or "").rsplit("/", 1)[-1]
    found = content.present(resource)
    if found is None:
        return Standing(str(resource["id"]), name, "link")
    name = resource.get("name") or found.name
    run = tables.latest_run(found.resource_id, found.file_key, found.dictionary_hash)
    if run is None:
        return Standing(found.resource_id, name, "none")
    report = tables.get_report(run["report_id"], whole=whole) if run["report_id"] else None
    return Standing(found.resource_id, name, run["state"], run, report)


def of_dataset(package_id: str) -> list[Standing]:
    """One standing for each file or link of a dataset, in the order of the dataset."""
    table = model.resource_table
    query = (
        sa.select(
            table.c["id"],
            table.c["package_id"],
            table.c["name"],
            table.c["url"],
            table.c["url_type"],
            table.c["state"],
            table.c["extras"],
        )
        .where(table.c["package_id"] == package_id, table.c["state"] == "active")
        .order_by(table.c["position"], table.c["id"])
    )
    return [of_resource(content.of_row({**row})) for row in model.Session.execute(query).mappings()]


def summary(standings: Iterable[Standing]) -> dict[str, Any]:
    """The check of a dataset in a few numbers.

    ``{"state", "files", "checked", "errors", "warnings", "questions", "score", "checked_at"}``: ``state`` is ``none``
    (no uploaded file), ``queued``, ``running``, ``failed`` or ``done``; counts are sums, a file that cannot be read is
    one error; ``score`` is that of the worst file, because a user of the dataset meets the worst file too, and ``None``
    until every file is judged; ``checked_at`` is the latest check.
    """
    files = [one for one in standings if one.state != "link"]
    judged = [one.report for one in files if one.state == "done" and one.report is not None]
    moments = [one.run["finished"] for one in files if one.state == "done" and one.run is not None]
    scores = [report["score"] for report in judged if report["score"] is not None]
    return {
        "state": _state_of(files),
        "files": len(files),
        "checked": len(judged),
        "errors": sum(report["errors"] or int(not report["readable"]) for report in judged),
        "warnings": sum(report["warnings"] for report in judged),
        "questions": sum(report["questions"] for report in judged),
        "score": min(scores) if scores and len(scores) == len(files) else None,
        "checked_at": max(moments).isoformat() if moments else None,
    }


def reasons(standings: Iterable[Standing], book: rules.Rules) -> list[Reason]:
    """Why a dataset may not be submitted: one reason for each file without a clean report on its present content."""
    found = (_reason(standing, book) for standing in standings)
    return [reason for reason in found if reason is not None]


def _state_of(files: list[Standing]) -> str:
    states = {"queued" if one.state == "none" else one.state for one in files}
    return next((state for state in ("running", "queued", "failed", "done") if state in states), "none")


def _reason(standing: Standing, book: rules.Rules) -> Reason | None:
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
    if standing.report["errors"]:
        return words.errors(name, standing.report["errors"], resource_id)
    return words.outdated(name, resource_id) if standing.is_outdated(book) else None
