"""What people say to findings, as kept: explanations of producers, findings a role sets aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.core.qa.personal import mask_numbers
from ckanext.satudata.core.qa.replies import Reply
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.qa import model as tables
from ckanext.satudata.qa.model import Row, reply_table

# What makes a reply of a working copy and that of its dataset the same one.
SAME = ("kind", "check_id", "variant", "table_name", "cells", "sha256", "said_by", "said")


def holding(resource_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The replies that hold, by resource, the oldest first; resources without any are left out."""
    if not resource_ids:
        return {}
    query = (
        sa.select(reply_table)
        .where(reply_table.c.resource_id.in_(list(resource_ids)), reply_table.c.ended.is_(None))
        .order_by(reply_table.c.said, reply_table.c.id)
    )
    found: dict[str, list[Row]] = {}
    for row in tables.rows(query):
        found.setdefault(row["resource_id"], []).append(row)
    return found


def as_reply(row: Row) -> Reply:
    """A row as the core reads it."""
    return Reply(
        id=row["id"],
        kind=row["kind"],
        check=row["check_id"],
        variant=row["variant"],
        table=row["table_name"],
        column=row["column_name"],
        cells=tuple(row["cells"]),
        sha256=row["sha256"],
    )


def find(resource_id: str, reply_id: str) -> Row | None:
    """A reply that holds."""
    return next((row for row in holding([resource_id]).get(resource_id, []) if row["id"] == reply_id), None)


def keep(resource: Mapping[str, Any], finding: Finding, sha256: str, said: Mapping[str, Any]) -> str:
    """Write a reply; ``said``: ``kind``, ``title`` (of the finding), ``text``, ``said_by``, ``role``. What the same
    kind of reply said to the very same finding before ends. Numbers of persons in the text are hidden. Returns its id;
    the caller commits.
    """
    values = {
        "id": new_id(),
        "package_id": resource["package_id"],
        "resource_id": resource["id"],
        "check_id": finding.check,
        "variant": finding.variant,
        "table_name": finding.table,
        "column_name": finding.column,
        "cells": list(finding.cells),
        "sha256": sha256,
        "said": now(),
        **said,
        "text": mask_numbers(str(said["text"])),
    }
    _replace(values)
    model.Session.execute(sa.insert(reply_table).values(values))
    return str(values["id"])


def _replace(values: Mapping[str, Any]) -> None:
    same = ("kind", "resource_id", "check_id", "variant", "table_name", "cells")
    here = [reply_table.c[name] == values[name] for name in same]
    column = reply_table.c.column_name.is_not_distinct_from(values["column_name"])
    bytes_ = sa.true() if values["cells"] else reply_table.c.sha256 == values["sha256"]
    done = {"ended": values["said"], "ended_by": values["said_by"]}
    model.Session.execute(
        sa.update(reply_table).where(*here, column, bytes_, reply_table.c.ended.is_(None)).values(done)
    )


def end(reply_id: str, user_id: str, text: str | None) -> None:
    """Take a reply back. The caller commits."""
    values = {"ended": now(), "ended_by": user_id, "ended_text": text}
    model.Session.execute(sa.update(reply_table).where(reply_table.c.id == reply_id).values(values))


def carry(resource_id: str, to: str, package_id: str) -> None:
    """The replies of a file hold for another one too: a working copy, and the version it becomes; those taken back
    there end here. The caller commits."""
    if resource_id == to:
        moved = sa.update(reply_table).where(reply_table.c.resource_id == to).values(package_id=package_id)
        model.Session.execute(moved)
        return
    there = reply_table.alias()
    same = sa.and_(*(there.c[name] == reply_table.c[name] for name in SAME))
    same_column = there.c.column_name.is_not_distinct_from(reply_table.c.column_name)
    _end_here(resource_id, to)
    given = {
        "id": sa.cast(sa.func.gen_random_uuid(), sa.Text),
        "package_id": sa.literal(package_id),
        "resource_id": sa.literal(to),
    }
    names = [column.name for column in reply_table.c]
    known = sa.exists().where(there.c.resource_id == to, same, same_column)
    query = sa.select(*[given.get(name, reply_table.c[name]) for name in names]).where(
        reply_table.c.resource_id == resource_id, ~known
    )
    model.Session.execute(sa.insert(reply_table).from_select(names, query))


def _end_here(resource_id: str, to: str) -> None:
    there = reply_table.alias()
    same = [there.c[name] == reply_table.c[name] for name in SAME]
    same.append(there.c.column_name.is_not_distinct_from(reply_table.c.column_name))
    ended = ("ended", "ended_by", "ended_text")
    model.Session.execute(
        sa.update(reply_table)
        .where(reply_table.c.resource_id == to, reply_table.c.ended.is_(None))
        .where(there.c.resource_id == resource_id, there.c.ended.is_not(None), *same)
        .values({name: there.c[name] for name in ended})
    )


def forget(resource_ids: Sequence[str], hashes: Sequence[str]) -> None:
    """Forget what was said to findings of these files: it may quote them. The caller commits."""
    gone = sa.or_(reply_table.c.resource_id.in_(list(resource_ids)), reply_table.c.sha256.in_(list(hashes)))
    model.Session.execute(sa.delete(reply_table).where(gone))


def sweep() -> None:
    """Forget what was said about files that were purged. Commits; called by the clock."""
    resource = model.resource_table
    there = sa.exists().where(resource.c["id"] == reply_table.c.resource_id)
    model.Session.execute(sa.delete(reply_table).where(~there))
    model.Session.commit()
