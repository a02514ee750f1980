"""What another extension hid by its own labels only is closed by the upgrade, and stays closed without that one."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from ckan import model

from .conftest import Portal

MIGRATION = import_module("ckanext.satudata.migration.satudata.versions.0010_links")
EXTRA = (
    "insert into package_extra (id, package_id, key, value, state)"
    " values (:id, :id, 'publishing_status', :status, 'active')"
    if hasattr(model, "PackageExtra")
    else "update package set extras = jsonb_build_object('publishing_status', cast(:status as text)) where id = :id"
)

STANDING = """
select p.id, p.private, c.state, c.approved, c.basis
  from package p join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
"""


def _close(monkeypatch: pytest.MonkeyPatch) -> None:
    with model.ensure_engine().begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        monkeypatch.setattr(MIGRATION, "op", operations)
        MIGRATION._close()


def test_the_upgrade_closes_what_was_only_hidden(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """As 0002 left it: a public row, a case that says published and adopted. Rows made the raw way."""
    made: dict[str, str] = {}
    for status in ("in_review", "draft", "rejected", "approved", "entah"):
        made[status] = _old(portal, status)
    decided = _old(portal, "in_review", basis="workflow")
    here = _old(portal, "draft")
    sql("insert into satudata_publication values (:id, now(), now())", id=here)
    _close(monkeypatch)
    _close(monkeypatch)
    found = {row[0]: tuple(row[1:]) for row in sql(STANDING)}
    for status in ("in_review", "draft", "rejected"):
        assert found[made[status]] == (True, "draft", False, "workflow"), status
    for kept in (made["approved"], made["entah"], here):
        assert found[kept] == (False, "published", True, "adopted")
    assert found[decided] == (False, "published", True, "workflow")
    assert {row[0] for row in sql("select dataset_id from satudata_reindex")} == {
        made[status] for status in ("in_review", "draft", "rejected")
    }
    assert portal.call(None, "package_show", id=made["draft"])[0] in (403, 404)


def _old(portal: Portal, status: str, basis: str = "adopted") -> str:
    from uuid import uuid4

    name = str(uuid4())
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("select set_config('satudata.pass', '*', true)"))
        row = (
            "insert into package (id, name, title, type, owner_org, private, state, metadata_modified)"
            " values (:id, :id, 'Lama', 'dataset', :office, false, 'active', now() at time zone 'UTC')"
        )
        connection.execute(sa.text(row), {"id": name, "office": portal.dinkes["id"]})
        connection.execute(sa.text(EXTRA), {"id": name, "status": status})
        case = (
            "insert into satudata_case (subject_type, subject_id, state, approved, basis, organization_id)"
            " values ('dataset', :id, 'published', true, :basis, :office)"
        )
        connection.execute(sa.text(case), {"id": name, "basis": basis, "office": portal.dinkes["id"]})
    return name


def sql(statement: str, **values: Any) -> list[Any]:
    with model.ensure_engine().begin() as connection:
        answer = connection.execute(sa.text(statement), values)
        return list(answer) if answer.returns_rows else []
