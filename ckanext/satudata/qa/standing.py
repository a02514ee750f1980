"""Where the check of a file stands: nothing, waiting, running, judged, failed. And of each file of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.qa import content, facts, replying, rules
from ckanext.satudata.qa import model as tables


@dataclass(frozen=True)
class Standing:
    """Of the present content only; ``state`` is ``link``, ``none``, ``queued``, ``running``, ``done`` or ``failed``."""

    resource_id: str
    name: str  # what people call the file
    state: str
    run: tables.Row | None = None
    report: tables.Row | None = None  # without the report itself, unless asked for
    replies: tuple[tables.Row, ...] = ()  # what people said to findings of this file, or of an earlier one

    def is_outdated(self, book: rules.Rules) -> bool:
        """Judged under rules, or beside a description, that are no longer the present ones."""
        if self.state != "done" or self.run is None:
            return False
        return self.run["rules_key"] != book.under(facts.of_dataset(self.run["package_id"]))


def of_resource(resource: Mapping[str, Any], *, whole: bool = False) -> Standing:
    """Where the present content of a resource stands; ``whole`` loads the report with its findings."""
    found = _of_resource(resource, whole=whole)
    said = replying.holding([found.resource_id]) if found.report is not None else {}
    return replace(found, replies=tuple(said.get(found.resource_id, ())))


def _of_resource(resource: Mapping[str, Any], *, whole: bool = False) -> Standing:
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
    found = [_of_resource(content.of_row({**row})) for row in model.Session.execute(query).mappings()]
    said = replying.holding([one.resource_id for one in found if one.report is not None])
    return [replace(one, replies=tuple(said.get(one.resource_id, ()))) for one in found]
