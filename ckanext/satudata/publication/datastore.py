"""Tables of the DataStore, written as a whole: create, copy, freeze in one transaction.

CKAN's ``datastore_create`` would first show an empty table, and change the resource on the way (2.12). The building
blocks are its own, so columns, comments and full-text search are what every other part of CKAN expects.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import sqlalchemy as sa
from sqlalchemy.engine import Connection

# What the judging process calls the types of a column, and what PostgreSQL does.
TYPES = {"text": "text", "integer": "int8", "number": "numeric", "date": "date", "boolean": "bool"}
# A column whose whole numbers do not fit 64 bits (codes of 20 digits, say) is kept exact all the same.
WIDE_TYPES = {**TYPES, "integer": "numeric"}

FREEZE = """
create or replace function satudata_frozen_rows() returns trigger language plpgsql as $$
begin
  raise exception using errcode = '42501', message = 'satudata: the rows of a published table are not changed';
end $$
"""
FREEZE_TABLE = """
create trigger satudata_frozen before insert or update or delete or truncate on {table}
for each statement execute function satudata_frozen_rows()
"""


class TableBusyError(Exception):
    """Another process is loading this very table."""


def load(resource_id: str, columns: list[dict[str, Any]], source: Path, still: Callable[[], bool] | None = None) -> int:
    """Replace the table of a resource by the rows of ``source``; return their number.

    :param columns: ``{"id", "kolom", "label", "type", "satuan", "info"}`` in the order of the file; tables judged by
        an earlier version have no ``info``
    :param source: CSV, UTF-8, with a header line, empty cell = missing
    :param still: asked before the commit whether the table is still wanted; otherwise :class:`TableBusyError`
    """
    try:
        return _load(resource_id, columns, source, TYPES, still)
    except psycopg2.DataError:
        return _load(resource_id, columns, source, WIDE_TYPES, still)


def _load(
    resource_id: str,
    columns: list[dict[str, Any]],
    source: Path,
    types: dict[str, str],
    still: Callable[[], bool] | None,
) -> int:
    from ckanext.datastore.backend import postgres

    fields = [_field(column, types) for column in columns]
    table = postgres.identifier(resource_id)
    engine = postgres.get_write_engine()
    postgres._cache_types(engine)
    with engine.begin() as connection:
        _lock(connection, resource_id)
        _drop(connection, resource_id)
        context: Any = {"connection": connection}
        order = {"resource_id": resource_id, "fields": fields}
        postgres.create_table(context, order, {})
        postgres._create_fulltext_trigger(connection, resource_id)
        _copy(connection, table, [postgres.identifier(field["id"]) for field in fields], source)
        postgres.create_indexes(context, order)
        connection.execute(sa.text(FREEZE))
        connection.execute(sa.text(FREEZE_TABLE.format(table=table)))
        connection.execute(sa.text(f"analyze {table}"))
        if still is not None and not still():
            raise TableBusyError(resource_id)
        return int(connection.execute(sa.text(f"select count(*) from {table}")).scalar() or 0)


def drop(resource_id: str) -> None:
    """Remove the table of a resource, if there is one."""
    from ckanext.datastore.backend import postgres

    with postgres.get_write_engine().begin() as connection:
        _drop(connection, resource_id)


def _field(column: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    info = column.get("info") or {
        "label": column.get("label") or column.get("kolom"),
        "notes": column.get("definisi"),
        "unit": column.get("satuan"),
    }
    kept = {key: str(value) for key, value in info.items() if value}
    return {"id": column["id"], "type": types.get(column["type"], "text"), "info": kept}


def hold(connection: Connection, resource_id: str) -> None:
    """Wait for who is loading this table, and keep others from it until the transaction ends."""
    key = {"key": f"satudata:{resource_id}"}
    connection.execute(sa.text("select pg_advisory_xact_lock(hashtext(:key))"), key)


def _lock(connection: Connection, resource_id: str) -> None:
    query = sa.text("select pg_try_advisory_xact_lock(hashtext(:key))")
    if not connection.execute(query, {"key": f"satudata:{resource_id}"}).scalar():
        raise TableBusyError(resource_id)


def _drop(connection: Connection, resource_id: str) -> None:
    from ckanext.datastore.backend import postgres

    # also the aliases on it, and in CKAN 2.12 the remembered count
    connection.execute(sa.text("set local lock_timeout = '5s'"))
    connection.execute(sa.text(f"drop table if exists {postgres.identifier(resource_id)} cascade"))
    if connection.execute(sa.text("select to_regclass('_table_stats')")).scalar() is not None:
        connection.execute(sa.text("delete from _table_stats where resource_id = :id"), {"id": resource_id})


def _copy(connection: Connection, table: str, columns: list[str], source: Path) -> None:
    cursor = connection.connection.cursor()
    names = ", ".join(columns)
    # An empty cell is a missing value, also where it is quoted.
    statement = f"copy {table} ({names}) from stdin with (format csv, header true, force_null ({names}))"
    with source.open("rb") as file:
        try:
            cursor.copy_expert(statement, file)
        finally:
            cursor.close()
