"""What many tests begin with is made once; afterwards its rows are put back.

Making people and offices by actions takes longer than most tests. The rows are kept in a schema of their own, beside
``seed``, which :func:`tests.slices.conftest.empty_database` puts back. Only for beginnings without datasets: those
have files and an index besides.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from ckan import model

Made = TypeVar("Made")

FILLED = """
select tablename from pg_tables where schemaname = 'public' and tablename not like '%alembic_version'
"""
# A table comes behind those it refers to.
REFERENCES = """
select c.conrelid::regclass::text, c.confrelid::regclass::text from pg_constraint c
 where c.contype = 'f' and c.conrelid <> c.confrelid
"""


@dataclass(frozen=True)
class _Kept:
    kind: type[Any]
    fields: dict[str, Any]
    statements: str


_KEPT: dict[str, _Kept] = {}


def begin(make: Callable[..., Made], **given: Any) -> Made:
    """``make(**given)`` in an empty portal: called once; later its rows and a copy of its answer.

    What is ``given`` (a client) is each test's own; the answer keeps it under the same names.
    """
    name = f"{make.__module__}.{make.__qualname__}"
    kept = _KEPT.get(name)
    if kept is None:
        made = make(**given)
        fields = {key: deepcopy(value) for key, value in vars(made).items() if key not in given}
        _KEPT[name] = _Kept(type(made), fields, _keep(f"beginning_{len(_KEPT)}"))
        return made
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(kept.statements))
    again = object.__new__(kept.kind)
    vars(again).update(deepcopy(kept.fields), **given)
    return again


def _keep(schema: str) -> str:
    """Copy every filled table; the statements that put the rows back into an empty database."""
    with model.ensure_engine().begin() as connection:
        names = list(connection.execute(sa.text(FILLED)).scalars())
        probes = " union all ".join(f"select '{name}' where exists (select 1 from \"{name}\")" for name in names)
        filled = list(connection.execute(sa.text(probes)).scalars())
        connection.execute(sa.text(f"drop schema if exists {schema} cascade"))
        connection.execute(sa.text(f"create schema {schema}"))
        for name in filled:
            connection.execute(sa.text(f'create table {schema}."{name}" as select * from public."{name}"'))
        order = _in_order(set(filled), connection)
    return "; ".join(
        f'insert into public."{name}" select * from {schema}."{name}" on conflict do nothing' for name in order
    )


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
