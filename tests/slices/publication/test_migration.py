"""The migration takes an existing portal in: nothing freezes, nothing closes, nothing opens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from sqlalchemy.exc import ProgrammingError

from ckanext.satudata.publication import triggers

ORGANIZATION = """
insert into "group" (id, name, title, type, is_organization, state, approval_status)
values ('opd', 'opd', 'OPD lama', 'organization', true, 'active', 'approved')"""
PACKAGE = """
insert into package (id, name, title, type, owner_org, private, state, metadata_modified)
values (:id, :id, :id, :type, 'opd', :private, :state, '2024-05-06 07:08:09')"""

# id, type, private, state → state of the case, approved; None: no case
EXISTING = {
    "terbuka": ("dataset", False, "active", ("published", True, "adopted")),
    "tertutup": ("dataset", True, "active", ("draft", False, "workflow")),
    "konsep": ("dataset", True, "draft", ("draft", False, "workflow")),
    "konsep-terbuka": ("dataset", False, "draft", ("draft", False, "workflow")),
    "terhapus": ("dataset", False, "deleted", ("draft", False, "workflow")),
    "tanpa-jenis": (None, False, "active", ("published", True, "adopted")),
    "peta": ("peta", False, "active", ("published", True, "adopted")),
    "panen": ("harvest", False, "active", None),
}


def _ckan(*arguments: str) -> None:
    model.Session.remove()
    model.ensure_engine().dispose()
    program = Path(sys.executable).with_name("ckan")
    done = subprocess.run(
        [program, f"--config={config['__file__']}", *arguments], capture_output=True, text=True, env={**os.environ}
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _migrate() -> None:
    _ckan("db", "upgrade", "-p", "satudata")


@pytest.fixture
def before_the_plugin(clean_portal: None) -> Iterator[None]:  # noqa: ARG001
    """The database as it is before migration 0002; put right again whatever happens."""
    _ckan("db", "downgrade", "-p", "satudata", "-v", "0001_workflow")
    try:
        yield
    finally:
        _migrate()


def _rows(statement: str, **values: Any) -> list[Any]:
    with model.ensure_engine().connect() as connection:
        return list(connection.execute(sa.text(statement), values))


@pytest.mark.thorough
def test_an_existing_portal_is_adopted(before_the_plugin: None) -> None:  # noqa: ARG001
    with model.ensure_engine().begin() as connection:
        assert triggers.installed(connection) == []
        connection.execute(sa.text(ORGANIZATION))
        for name, (kind, private, state, _expected) in EXISTING.items():
            values = {"id": name, "type": kind, "private": private, "state": state}
            connection.execute(sa.text(PACKAGE), values)
    _migrate()
    cases = {row[0]: tuple(row[1:]) for row in _rows("select subject_id, state, approved, basis from satudata_case")}
    assert cases == {name: expected[3] for name, expected in EXISTING.items() if expected[3] is not None}
    since, present = _rows("select since, present from satudata_case where subject_id = 'terbuka'")[0]
    assert (since.year, present) == (2024, True)
    assert not _rows("select 1 from satudata_case where subject_id = 'terhapus' and present")
    assert _rows("select organization_id, mode from satudata_enforcement") == [("opd", "observe")]
    assert {name for (name,) in _rows("select id from package where private is false")} == {
        name for name, (_kind, private, _state, _expected) in EXISTING.items() if not private
    }
    with model.ensure_engine().begin() as connection:
        assert "package" in triggers.installed(connection)
        # observed: people at work are not stopped
        connection.execute(sa.text("update package set title = 'Lain' where id = 'terbuka'"))
        connection.execute(sa.text("update package set private = false where id = 'tertutup'"))


@pytest.mark.thorough
def test_a_fresh_portal_enforces(before_the_plugin: None) -> None:  # noqa: ARG001
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(ORGANIZATION))
    _migrate()
    assert _rows("select 1 from satudata_enforcement") == []
    with model.ensure_engine().connect() as connection, pytest.raises(ProgrammingError, match="stays private"):
        connection.execute(sa.text(PACKAGE), {"id": "baru", "type": "dataset", "private": False, "state": "active"})


def test_without_triggers_plain_ckan_goes_on_and_they_come_back(clean_portal: None) -> None:  # noqa: ARG001
    with model.ensure_engine().begin() as connection:
        triggers.remove(connection)
        assert triggers.installed(connection) == []
        assert not list(connection.execute(sa.text("select 1 from pg_proc where proname like 'satudata_guard%'")))
        triggers.install(connection)
        triggers.install(connection)
        assert {"member", "package", "package_tag", "resource"} <= set(triggers.installed(connection))


def test_the_commands_say_and_do_what_they_promise(clean_portal: None) -> None:  # noqa: ARG001
    from ckan.tests import factories
    from click.testing import CliRunner

    from ckanext.satudata.publication import cli

    factories.Organization(name="opd")
    run = CliRunner().invoke
    try:
        assert run(cli.triggers, ["status"]).exit_code == 0
        assert run(cli.uninstall, ["--yes"]).exit_code == 0
        assert run(cli.triggers, ["status"]).exit_code == 1
    finally:
        assert "package" in run(cli.triggers, ["install"]).output
    assert "adopted" not in run(cli.enforcement, ["set", "opd", "enforce"]).output
    run(cli.enforcement, ["set", "opd", "observe"])
    assert "observe  opd" in run(cli.enforcement, ["list"]).output
