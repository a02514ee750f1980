"""The runs of one file hold for another with the same bytes: a working copy, and the version it becomes."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.qa import replying
from ckanext.satudata.qa.mending import kept
from ckanext.satudata.qa.model import run_table


def carry(resource_id: str, to: str, package_id: str) -> int:
    """Give ``to`` the finished runs of ``resource_id`` it has not, and what was said to their findings; the reports are
    shared. The caller commits."""
    replying.carry(resource_id, to, package_id)
    kept.carry(resource_id, to)
    if resource_id == to:
        moved = sa.update(run_table).where(run_table.c.resource_id == to).values(package_id=package_id)
        return int(model.Session.execute(moved).rowcount)  # pyright: ignore[reportAttributeAccessIssue]
    given = {
        "id": sa.cast(sa.func.gen_random_uuid(), sa.Text),
        "package_id": sa.literal(package_id),
        "resource_id": sa.literal(to),
    }
    there = run_table.alias()
    same = sa.exists().where(
        there.c.resource_id == to,
        *(there.c[name] == run_table.c[name] for name in ("file_key", "dictionary_hash", "rules_key", "queued")),
    )
    names = [column.name for column in run_table.c]
    taken = [given.get(name, run_table.c[name]) for name in names]
    query = sa.select(*taken).where(run_table.c.resource_id == resource_id, run_table.c.state == "done", ~same)
    done = model.Session.execute(sa.insert(run_table).from_select(names, query))
    return int(done.rowcount)  # pyright: ignore[reportAttributeAccessIssue]
