"""Open a working copy of a published dataset: everything as it is, no byte of a file copied."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.publication import files, guard, indexing, uploader
from ckanext.satudata.publication.copies import cloning, finding, telling
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.copies.model import copy as copy_table
from ckanext.satudata.publication.copies.model import pair
from ckanext.satudata.publication.model import priority
from ckanext.satudata.publication.subject import DatasetSubject, public_hash

LOCK_SECONDS = 10


def open_for(
    context: Any,
    dataset_id: str,
    user_id: str,
    *,
    kind: str,
    note: str | None,
    content: Callable[[Copy], None] | None = None,
) -> Copy:
    """See :func:`satudata_copy_create`; in the caller's transaction.

    ``content`` lets the copy say something else from the beginning; whoever opens it so is its author.
    """
    model.Session.execute(sa.text(f"set local lock_timeout = '{LOCK_SECONDS}s'"))
    why = telling.opening_refused(locked(dataset_id))
    if why is not None:
        raise telling.refusal(why)
    made = _registered(dataset_id, user_id, kind, note)
    cloning.new_dataset(dataset_id, made.copy_id, made.copy_name, user_id)
    for resource in cloning.resources(dataset_id):
        _file(made, resource)
    _priority(dataset_id, made.copy_id)
    if content is not None:
        content(made)
    model.Session.flush()
    model.Session.expire_all()
    _announce(context, made.copy_id, is_author=content is not None)
    indexing.remember(made.copy_id)
    return made


def locked(dataset_id: str) -> guard.Standing:
    """Where a dataset stands, held until the transaction ends; nothing this session read before counts."""
    model.Session.flush()
    model.Session.execute(sa.text("select 1 from package where id = :id for update"), {"id": dataset_id})
    model.Session.expire_all()
    found = guard.standing(dataset_id)
    if found is None or found.state == "deleted":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return found


def _registered(dataset_id: str, user_id: str, kind: str, note: str | None) -> Copy:
    values: dict[str, Any] = {
        "id": new_id(),
        "dataset_id": dataset_id,
        "copy_id": new_id(),
        "copy_name": f"{finding.PREFIX}{secrets.token_hex(6)}",  # its name must not be guessed
        "opened_by": user_id,
        "opened": now(),
        "base_hash": DatasetSubject().load(dataset_id).content_hash,
        "public_hash": public_hash(dataset_id),
        "kind": kind,
        "note": note,
        "state": finding.OPEN,
        "removed": False,
    }
    model.Session.execute(sa.insert(copy_table).values(**values))
    return Copy(**values, closed=None, closed_by=None, closed_note=None)


def _file(made: Copy, resource: dict[str, Any]) -> None:
    """One file: its own id, the same bytes, the views, and what the check said of these very bytes."""
    source, target = resource["id"], new_id()
    extras = {**(resource["extras"] or {})}
    if extras.get("datastore_active"):  # the copy's own table is made when it is submitted
        extras["datastore_active"] = False
    table = model.resource_table
    modified = datetime.now(UTC).replace(tzinfo=None)
    given = {"id": target, "package_id": made.copy_id, "metadata_modified": modified}
    model.Session.execute(sa.insert(table).values(**{**resource, **given, "extras": extras}))
    values = {"copy_resource_id": target, "copy_id": made.copy_id, "public_resource_id": source}
    values["views"] = cloning.view_ids(source)
    model.Session.execute(sa.insert(pair).values(**values))
    cloning.new_views(source, target, made.copy_id)
    blob = files.facts_of(source) if resource["url_type"] == "upload" else None
    if blob is not None:
        uploader.point(target, blob.blob_id, blob.sha256, blob.size, blob.filename)
        carried = {"resource_id": source, "to": target, "package_id": made.copy_id}
        tk.get_action("satudata_qa_carry")({"ignore_auth": True, "defer_commit": True}, carried)


def _priority(source_id: str, target_id: str) -> None:
    names = [column.name for column in priority.c]
    taken = [sa.literal(target_id) if name == "dataset_id" else priority.c[name] for name in names]
    query = sa.select(*taken).where(priority.c.dataset_id == source_id)
    model.Session.execute(sa.insert(priority).from_select(names, query))


def _announce(context: Any, copy_id: str, *, is_author: bool) -> None:
    """Tell everybody who follows new datasets, as CKAN does: the case, the checks, other extensions."""
    shown = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": copy_id})
    inside: Any = {"user": context.get("user"), "model": model, "session": model.Session, "ignore_auth": True}
    if not is_author:  # whoever opens a copy has not written anything yet
        inside["satudata_not_an_author"] = True
    for plugin in p.PluginImplementations(p.IPackageController):
        plugin.after_dataset_create(inside, shown)
