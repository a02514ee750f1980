"""A dataset changes its office: by a move of the organization, never by an edit of what was approved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations
from ckanext.satudata.publication import guard, indexing
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.subject import DatasetSubject, public_hash

LOCK_SECONDS = 10


def move(context: Any, data: dict[str, Any]) -> bool:
    """See :func:`satudata_office_move`; ``False`` when the dataset is there already."""
    model.Session.execute(sa.text(f"set local lock_timeout = '{LOCK_SECONDS}s'"))
    package = _locked(data["id"])
    before, after = package.owner_org, data["organization"]
    if before == after:
        model.Session.rollback()
        return False
    content_hash, public = DatasetSubject().load(package.id).content_hash, public_hash(package.id)
    with guard.passing(package.id):
        # a later moment, so that CKAN does not answer from an index entry of before
        changed = datetime.now(UTC).replace(tzinfo=None)
        table = model.package_table
        values = {"owner_org": after, "metadata_modified": changed}
        model.Session.execute(sa.update(table).where(table.c["id"] == package.id).values(**values))
        _belong(package.id, after)
        model.Session.flush()
    model.Session.expire_all()
    _follow_copy(package.id, public)
    titles = organizations.titles({found for found in (before, after) if found})
    moved = {
        "id": package.id,
        "content_hash": content_hash,
        "from": {"id": before, "title": titles.get(before, "")} if before else None,
        "to": {"id": after, "title": titles.get(after, "")},
        "letter": data.get("letter"),
        "note": data.get("note"),
    }
    if (package.type or "dataset") not in guard.exempt_types():
        inside: Any = {"user": context.get("user"), "ignore_auth": True, "defer_commit": True}
        inside["satudata_channel"] = context.get("satudata_channel")
        tk.get_action("satudata_office_moved")(inside, moved)
    indexing.remember(package.id)
    if not context.get("defer_commit"):
        model.Session.commit()
        indexing.index_dataset(package.id)
    return True


def index_all(organization_id: str) -> int:
    """Bring the index up to date after an organization got another name; how many datasets. Commits."""
    table = model.package_table
    query = sa.select(table.c["id"]).where(table.c["owner_org"] == organization_id, table.c["state"] != "deleted")
    found = list(model.Session.execute(query.order_by(table.c["id"])).scalars())
    for dataset_id in found:
        indexing.remember(dataset_id)
    model.Session.commit()  # what a process that dies now leaves behind is done by the tick
    for dataset_id in found:
        indexing.index_dataset(dataset_id)
    return len(found)


def _locked(dataset_id: str) -> model.Package:
    model.Session.flush()
    found = model.Session.execute(sa.text("select 1 from package where id = :id for update"), {"id": dataset_id})
    if found.first() is None:
        raise tk.ObjectNotFound(f"dataset {dataset_id}")
    model.Session.expire_all()
    package = model.Session.get(model.Package, dataset_id)
    if package is None or package.state == "deleted":
        raise tk.ObjectNotFound(f"dataset {dataset_id}")
    return package


def _belong(dataset_id: str, organization_id: str) -> None:
    """CKAN keeps the owner a second time, as a member row."""
    member = model.member_table
    of_owner = (
        member.c["table_id"] == dataset_id,
        member.c["table_name"] == "package",
        member.c["capacity"] == "organization",
    )
    model.Session.execute(sa.update(member).where(*of_owner).values(state="deleted"))
    back = sa.update(member).where(*of_owner, member.c["group_id"] == organization_id).values(state="active")
    if not model.Session.execute(back).rowcount:  # pyright: ignore[reportAttributeAccessIssue]
        group = model.Group.get(organization_id)
        model.Session.add(model.Member(table_id=dataset_id, table_name="package", group=group, capacity="organization"))


def _follow_copy(dataset_id: str, before: str) -> None:
    """An open working copy began with the same content; that its dataset belongs to another office is no change."""
    found = finding.open_of(dataset_id)
    if found is not None and found.public_hash == before:
        finding.change(found, public_hash=public_hash(dataset_id))
