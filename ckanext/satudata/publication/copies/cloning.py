"""Rows of CKAN's tables beside their originals, as they are: no schema, cache or validator takes part.

A dataset that was adopted with gaps would not pass its own form; what is copied (and swapped back) must be the very
content that was judged. Statements, not objects: CKAN 2.11 would index a changed object before the commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from ckan import model
from ckan.model.resource_view import resource_view_table as view_table

# Whose they are, where they are and since when: never taken over from another dataset.
OWN_COLUMNS = frozenset(
    {
        "id",
        "name",
        "type",
        "state",
        "private",
        "owner_org",
        "creator_user_id",
        "metadata_created",
        "metadata_modified",
        "plugin_data",
    }
)
OWN_RESOURCE_COLUMNS = frozenset({"id", "package_id", "created"})
OWN_VIEW_COLUMNS = frozenset({"id", "resource_id"})

NEW_ID: Any = sa.cast(sa.func.gen_random_uuid(), sa.Text)


def extra_table() -> sa.Table | None:
    """Extras of datasets as rows (CKAN 2.11); ``None`` where they are a column."""
    extra_class: Any = getattr(model, "PackageExtra", None)
    return extra_class.__table__ if extra_class is not None else None


def duplicate(table: sa.Table, where: Any, **changed: Any) -> None:
    """Insert the rows of ``table`` that fit ``where`` once more, with other values (SQL expressions or plain ones)."""
    names = [column.name for column in table.c]
    taken = [_value(table.c[name], changed[name]) if name in changed else table.c[name] for name in names]
    model.Session.execute(sa.insert(table).from_select(names, sa.select(*taken).where(where)))


def _value(column: Any, value: Any) -> Any:
    return value if isinstance(value, sa.sql.ClauseElement) else sa.cast(sa.literal(value, column.type), column.type)


def row_of(table: sa.Table, row_id: str) -> dict[str, Any]:
    """One row by its id."""
    return {**model.Session.execute(sa.select(table).where(table.c["id"] == row_id)).mappings().one()}


def resources(dataset_id: str) -> list[dict[str, Any]]:
    """The files of a dataset as rows, in its order."""
    table = model.resource_table
    query = sa.select(table).where(table.c["package_id"] == dataset_id, table.c["state"] == "active")
    ordered = query.order_by(table.c["position"], table.c["id"])
    return [{**row} for row in model.Session.execute(ordered).mappings()]


def new_dataset(source_id: str, copy_id: str, name: str, user_id: str) -> None:
    """Insert a private twin of a dataset with its tags, groups and extras; without files."""
    now = datetime.now(UTC).replace(tzinfo=None)
    package = model.package_table
    duplicate(
        package,
        package.c["id"] == source_id,
        id=copy_id,
        name=name,
        private=True,
        state="active",
        creator_user_id=user_id,
        metadata_created=now,
        metadata_modified=now,
        plugin_data=sa.cast(sa.null(), package.c["plugin_data"].type),
    )
    around(source_id, copy_id, owner=True)


def around(source_id: str, target_id: str, *, owner: bool) -> None:
    """Copy tags, groups and (CKAN 2.11) extras; with ``owner`` also the row that names the organization."""
    tag, member, extra = model.package_tag_table, model.member_table, extra_table()
    duplicate(tag, _of(tag, source_id), id=NEW_ID, package_id=target_id)
    members = [member.c["table_name"] == "package", member.c["table_id"] == source_id, member.c["state"] == "active"]
    if not owner:
        members.append(member.c["capacity"] != "organization")
    duplicate(member, sa.and_(*members), id=NEW_ID, table_id=target_id)
    if extra is not None:
        duplicate(extra, _of(extra, source_id), id=NEW_ID, package_id=target_id)


def clear_around(dataset_id: str) -> None:
    """Take tags, groups and extras away; the organization stays."""
    tag, member, extra = model.package_tag_table, model.member_table, extra_table()
    model.Session.execute(sa.delete(tag).where(tag.c["package_id"] == dataset_id))
    model.Session.execute(
        sa.delete(member).where(
            member.c["table_name"] == "package",
            member.c["table_id"] == dataset_id,
            member.c["capacity"] != "organization",
        )
    )
    if extra is not None:
        model.Session.execute(sa.delete(extra).where(extra.c["package_id"] == dataset_id))


def _of(table: sa.Table, dataset_id: str) -> Any:
    return sa.and_(table.c["package_id"] == dataset_id, table.c["state"] == "active")


def fields(source_id: str, target_id: str, **more: Any) -> None:
    """Let one dataset say what another says; name, owner and visibility stay its own."""
    package = model.package_table
    taken = {name: value for name, value in row_of(package, source_id).items() if name not in OWN_COLUMNS}
    model.Session.execute(sa.update(package).where(package.c["id"] == target_id).values(**taken, **more))


def resource_fields(source: dict[str, Any], target_id: str, **more: Any) -> None:
    """Let one file say what another says."""
    table = model.resource_table
    taken = {name: value for name, value in source.items() if name not in OWN_RESOURCE_COLUMNS}
    model.Session.execute(sa.update(table).where(table.c["id"] == target_id).values(**{**taken, **more}))


def twin_view(copy_id: str, view_id: str) -> str:
    """The id of a view in a copy: the way back needs no table."""
    return str(uuid5(NAMESPACE_URL, f"satudata:{copy_id}:{view_id}"))


def view_ids(resource_id: str) -> list[str]:
    """The views of a file."""
    query = sa.select(view_table.c["id"]).where(view_table.c["resource_id"] == resource_id)
    return list(model.Session.execute(query).scalars())


def new_views(source_id: str, target_id: str, copy_id: str) -> None:
    """Give a file of the copy the views of the public one."""
    for view_id in view_ids(source_id):
        duplicate(view_table, view_table.c["id"] == view_id, id=twin_view(copy_id, view_id), resource_id=target_id)


def views_back(source_id: str, target_id: str, copy_id: str, then: Iterable[str]) -> None:
    """Let the public file show the views of the copy's; a view that is still there keeps its id.

    ``then`` are those it had when the copy was opened: CKAN's own, made for a table that was loaded since, stay.
    """
    left = set(view_ids(source_id))
    for view_id in set(view_ids(target_id)) & set(then):
        twin = twin_view(copy_id, view_id)
        at = sa.update(view_table).where(view_table.c["id"] == view_id)
        if twin in left:
            left.discard(twin)
            taken = {name: value for name, value in row_of(view_table, twin).items() if name not in OWN_VIEW_COLUMNS}
            model.Session.execute(at.values(**taken))
        else:
            model.Session.execute(sa.delete(view_table).where(view_table.c["id"] == view_id))
    if left:
        moved = sa.update(view_table).where(view_table.c["id"].in_(sorted(left)))
        model.Session.execute(moved.values(resource_id=target_id))
