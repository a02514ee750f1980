"""What many tests begin with is made once; afterwards its rows are put back.

Making people and offices by actions takes longer than most tests. The rows are kept in a schema of their own, beside
``seed``, which :func:`tests.slices.conftest.empty_database` puts back.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

SCHEMA = "beginning"
FILLED = """
select tablename from pg_tables where schemaname = 'public' and tablename not like '%alembic_version'
"""
# A table comes behind those it refers to.
REFERENCES = """
select c.conrelid::regclass::text, c.confrelid::regclass::text from pg_constraint c
 where c.contype = 'f' and c.conrelid <> c.confrelid
"""


def keep() -> None:
    """Copy every filled table; what was kept before is forgotten."""
    with model.ensure_engine().begin() as connection:
        names = list(connection.execute(sa.text(FILLED)).scalars())
        probes = " union all ".join(f"select '{name}' where exists (select 1 from \"{name}\")" for name in names)
        filled = list(connection.execute(sa.text(probes)).scalars())
        connection.execute(sa.text(f"drop schema if exists {SCHEMA} cascade"))
        connection.execute(sa.text(f"create schema {SCHEMA}"))
        for name in filled:
            connection.execute(sa.text(f'create table {SCHEMA}."{name}" as select * from public."{name}"'))
        _ORDER[:] = _in_order(set(filled), connection)


def put_back() -> None:
    """The kept rows into an empty database."""
    statements = [
        f'insert into public."{name}" select * from {SCHEMA}."{name}" on conflict do nothing' for name in _ORDER
    ]
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("; ".join(statements)))


_ORDER: list[str] = []


def _in_order(names: set[str], connection: Any) -> list[str]:
    behind = {name: set[str]() for name in names}
    for table, other in connection.execute(sa.text(REFERENCES)):
        table, other = table.strip('"'), other.strip('"')
        if table in names and other in names:
            behind[table].add(other)
    order: list[str] = []
    while behind:
        ready = sorted(name for name, others in behind.items() if not others - set(order))
        assert ready, f"tables that refer to each other: {sorted(behind)}"
        order += ready
        for name in ready:
            del behind[name]
    return order
