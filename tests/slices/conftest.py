"""Slice tests run against real PostgreSQL, Redis and Solr; ``./dev/test slices`` starts them.

CKAN's own fixtures load every plugin, build the application and migrate for each test. Here plugins and application
are made once, and an empty portal is a ``TRUNCATE`` of the tables that hold something.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import ckan.plugins
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.lib import redis, search
from ckan.tests.helpers import CKANTestApp

from tests.slices import keeping, remembered
from tests.slices.keeping import empty_datastore


class _Made:
    """What is made once for the whole run."""

    application: Any = None


def _rows(connection: Any, statement: str) -> list[str]:
    return list(connection.execute(sa.text(statement)).scalars())


def empty_database() -> None:
    """Empty every table that holds rows, then put back what the migrations had seeded (schema ``seed``).

    ``TRUNCATE`` fires no row trigger, so the write guard does not stand in the way.
    """
    model.Session.remove()
    with model.ensure_engine().begin() as connection:
        connection.execute(keeping.LOCK_TIMEOUT)
        names = _rows(
            connection,
            "select tablename from pg_tables where schemaname = 'public' and tablename not like '%alembic_version'",
        )
        probes = " union all ".join(f"select '{name}' where exists (select 1 from \"{name}\")" for name in names)
        filled = _rows(connection, probes)
        if filled:
            listing = ", ".join(f'"{name}"' for name in filled)
            connection.execute(sa.text(f"truncate {listing} restart identity cascade"))
        for name in _rows(connection, "select tablename from pg_tables where schemaname = 'seed'"):
            connection.execute(
                sa.text(f'insert into public."{name}" select * from seed."{name}" on conflict do nothing')
            )


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    """Calling ``ckan`` in a test reads the logging part of the ini, which silences every logger that is there."""
    yield
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.fixture(autouse=True)
def _replaced(request: pytest.FixtureRequest) -> None:
    """What is remembered was made by the code as it is."""
    patching = "monkeypatch" in request.fixturenames
    remembered.Test.replaced = request.getfixturevalue("monkeypatch") if patching else None


@pytest.fixture(scope="session")
def loaded_plugins() -> Any:
    """The plugins of ``test.ini``; CKAN's pytest plugin unloads them after collecting the tests."""
    ckan.plugins.load_all()


@pytest.fixture
def clean_portal(loaded_plugins: None) -> None:  # noqa: ARG001
    """An empty portal: no rows, no DataStore tables, no files, no index entries, no jobs."""
    if not ckan.plugins.plugin_loaded("satudata"):  # a test before used CKAN's ``with_plugins``
        ckan.plugins.load_all()
        _Made.application = None
    empty_database()
    empty_datastore()
    keeping.empty_storage()
    keeping.Now.portal = ""
    search.clear_all()
    redis.connect_to_redis().flushdb()


@pytest.fixture
def app(clean_portal: None) -> CKANTestApp:  # noqa: ARG001
    """A client without cookies for the application, which is built once."""
    if _Made.application is None:
        config["testing"] = True
        _Made.application = make_app(config)
    return CKANTestApp(_Made.application)


@pytest.fixture
def indexed() -> None:
    """Commit the index now; tests read what a visitor would read a moment later."""
    search.commit()
