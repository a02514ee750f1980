"""Slice tests run against real PostgreSQL, Redis and Solr; ``./dev/test slices`` starts them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search

# Tables a test never changes, or that hold what a migration seeded.
KEPT = {"alembic_version", "satudata_alembic_version", "satudata_exempt_type"}


def empty_database() -> None:
    """Empty every table at once. ``TRUNCATE`` fires no row trigger, so the write guard does not stand in the way."""
    model.Session.remove()
    with model.meta.engine.begin() as connection:
        names = sa.inspect(connection).get_table_names()
        quoted = ", ".join(f'"{name}"' for name in sorted(names) if name not in KEPT)
        connection.execute(sa.text(f"truncate {quoted} restart identity cascade"))
    model.repo.init_db() if not model.repo.tables_created_and_initialised else None


@pytest.fixture
def clean_portal(with_plugins: None, reset_index, reset_queues) -> None:  # noqa: ARG001
    """An empty portal: no rows, no index entries, no jobs."""
    empty_database()
    reset_index()
    reset_queues()


@pytest.fixture
def indexed() -> None:
    """Commit the index now; tests read what a visitor would read a moment later."""
    search.commit()
