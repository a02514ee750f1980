"""Takedown of a part: one file of a dataset that stays public, or one earlier version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication import guard, indexing
from ckanext.satudata.publication.copies import closing, finding
from ckanext.satudata.publication.subject import DatasetSubject
from ckanext.satudata.publication.withdrawals import holdings, out, removals, versions

NO_SUCH_FILE = Text("Dataset ini tidak punya file itu.", "This dataset has no such file.")
NO_SUCH_VERSION = Text("Dataset ini tidak punya versi lama itu.", "This dataset has no such earlier version.")
ONE_PART = Text(
    "Sebutkan satu file (resource_id) atau satu versi lama (version).",
    "Name one file (resource_id) or one earlier version (version).",
)


def take_down(context: Any, data: dict[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_takedown_part`."""
    resource_id, version = data.get("resource_id"), data.get("version")
    if (resource_id is None) == (version is None):
        raise tk.ValidationError({"resource_id": [ONE_PART.render(language())]})
    part = {"resource_id": resource_id} if resource_id is not None else {"version": version}
    try:
        dataset, event_id = _written(context, data, part)
        if resource_id is not None:
            # CKAN answers for a table whose file is gone, so it goes first; nobody can refuse any more
            removals.erase(removals.TABLE, resource_id)
    except (tk.ValidationError, tk.NotAuthorized):
        model.Session.rollback()
        raise
    if not context.get("defer_commit"):
        model.Session.commit()
        indexing.index_dataset(dataset.id)
        removals.carry_out(dataset.id)
        for found in finding.all_of(dataset.id):
            closing.remove(found)
    return {"id": dataset.id, **part, "event_id": event_id}


def _written(context: Any, data: dict[str, Any], part: dict[str, Any]) -> tuple[guard.Standing, str]:
    """Everything that is part of the transaction; the workflow refuses at its end who may not do it."""
    dataset = _locked(data["id"])
    before = DatasetSubject().load(dataset.id).content_hash
    user_id = roles.required_user_id(context.get("user"))
    if "resource_id" in part:
        _take_resource(dataset.id, part["resource_id"])
    else:
        _take_version(dataset.id, part["version"], user_id)
    out.silence(dataset.id)
    out.record(dataset.id, dataset.name, out.TAKEDOWN, data["reason_code"], user_id, **part)
    indexing.remember(dataset.id)
    inside: Any = {"user": context.get("user"), "ignore_auth": True, "defer_commit": True}
    inside["satudata_channel"] = context.get("satudata_channel")
    told = {"id": dataset.id, "content_hash": before, "reason_code": data["reason_code"], "note": data.get("note")}
    return dataset, tk.get_action("satudata_part_taken_down")(inside, {**told, **part})["event_id"]


def _locked(reference: str) -> guard.Standing:
    """The dataset, held as a decision holds it: its row first, then the case (by the action of the workflow)."""
    found = guard.standing(reference)
    if found is None or found.state == "deleted":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    model.Session.execute(sa.text("select 1 from package where id = :id for update"), {"id": found.id})
    model.Session.expire_all()
    return guard.standing(found.id) or found


def _take_resource(dataset_id: str, resource_id: str) -> None:
    table = model.resource_table
    here = (table.c["id"] == resource_id, table.c["package_id"] == dataset_id, table.c["state"] == "active")
    if model.Session.execute(sa.select(table.c["id"]).where(*here)).first() is None:
        raise tk.ValidationError({"resource_id": [NO_SUCH_FILE.render(language())]})
    out.erase(dataset_id, [resource_id], versions.blobs_of_resource(dataset_id, resource_id))
    versions.forget_resource(dataset_id, resource_id)
    with guard.passing(dataset_id):
        # its words may hold what was taken down: nothing of them stays in the row
        emptied = {"state": "deleted", "name": "", "description": "", "url": "", "extras": {}}
        model.Session.execute(sa.update(table).where(*here).values(**emptied))
        package = model.package_table
        changed = datetime.now(UTC).replace(tzinfo=None)
        statement = sa.update(package).where(package.c["id"] == dataset_id)
        model.Session.execute(statement.values(metadata_modified=changed))
        model.Session.expire_all()
    model.Session.execute(sa.text("delete from resource_view where resource_id = :id"), {"id": resource_id})


def _take_version(dataset_id: str, number: int, user_id: str) -> None:
    blob_ids = versions.take(dataset_id, number)
    if blob_ids is None:
        raise tk.ValidationError({"version": [NO_SUCH_VERSION.render(language())]})
    found = finding.open_of(dataset_id)
    if found is not None and found.copy_id in _datasets_of(holdings.sharing(blob_ids)):
        closing.close(found, user_id, finding.DISCARDED)  # it was restored, and would bring back what goes now
    out.erase_blobs(dataset_id, blob_ids)


def _datasets_of(resource_ids: Sequence[str]) -> set[str]:
    table = model.resource_table
    query = sa.select(table.c["package_id"]).where(table.c["id"].in_(resource_ids))
    return set(model.Session.execute(query).scalars())
