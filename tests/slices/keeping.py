"""The state of the whole portal, kept and put back: rows, DataStore tables, files, index entries."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.lib import redis, search
from ckanext.datastore.backend.postgres import get_write_engine

TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename not like '%alembic_version'"
SEEDED = "select tablename from pg_tables where schemaname = 'seed'"
# What ever held a row: a table that was emptied row by row keeps its size.
USED = """
select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
 and relname not like '%alembic_version' and pg_relation_size(oid) > 0
"""
# No trigger fires, no reference is looked after: rows come and go as they are, and the write guard does not stand in
# the way. ``dev/kit/portals.py`` allows it in the databases of the tests.
AS_THEY_ARE = sa.text("set local session_replication_role = replica")
COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
 where attrelid = (:name)::regclass and attnum > 0 and not attisdropped and attgenerated = ''
"""
SEQUENCES = "select quote_ident(sequencename), last_value from pg_sequences where schemaname = 'public'"
FROM_ONE = """
select setval(schemaname || '.' || quote_ident(sequencename), start_value, false) from pg_sequences
 where schemaname = 'public' and last_value is not null
"""
# A test that leaves a transaction open would hang the next one; better a clear error.
LOCK_TIMEOUT = sa.text("set local lock_timeout = '15s'")
OURS = '+site_id:"{}"'  # in the index
FOLDERS = ("resources", "satudata", "storage")  # below CKAN's storage path


class Now:
    """What was put back last: the portal and the transaction that did it."""

    portal = ""
    transaction = ""


@dataclass(frozen=True)
class Portal:
    """A state: its schema, its tables with their numbers of rows, and what lies outside the database."""

    schema: str
    rows: dict[str, int]
    statements: str
    tables: str
    files: Path | None
    documents: list[dict[str, Any]]

    def put_back(self) -> None:
        """Make the portal what it was, whatever it is."""
        model.Session.remove()
        with model.ensure_engine().begin() as connection:
            _delete(connection)
            connection.execute(sa.text(self.statements))
            Now.transaction = connection.execute(sa.text("select (txid_current() % 4294967296)::text")).scalar()
        empty_datastore()
        if self.tables:
            _run(self.tables)
        empty_storage()
        if self.files is not None:
            shutil.copytree(self.files, _storage(), dirs_exist_ok=True)
        index_only(self.documents)
        redis.connect_to_redis().flushdb()
        Now.portal = self.schema


def empty() -> None:
    """Leave nothing but what the migrations had seeded (schema ``seed``)."""
    empty_database()
    empty_datastore()
    empty_storage()
    index_only([])
    redis.connect_to_redis().flushdb()
    Now.portal = ""


def empty_database() -> None:
    """Empty every table that holds rows, then put back what the migrations had seeded."""
    model.Session.remove()
    with model.ensure_engine().begin() as connection:
        _delete(connection)
        for name in connection.execute(sa.text(SEEDED)).scalars().all():
            connection.execute(sa.text(f'insert into public."{name}" select * from seed."{name}"'))


def _delete(connection: Any) -> None:
    # Row by row: few rows are gone sooner than ``TRUNCATE`` has made new files for their tables and indexes.
    connection.execute(LOCK_TIMEOUT)
    connection.execute(AS_THEY_ARE)
    names = connection.execute(sa.text(USED)).scalars().all()
    if names:
        connection.execute(sa.text("; ".join(f'delete from "{name}"' for name in names)))
    connection.execute(sa.text(FROM_ONE))


def untouched() -> bool:
    """Whether the rows are those that were put back last: none changed, none new, none gone."""
    kept = _KEPT.get(Now.portal)
    if kept is None:
        return False
    with model.ensure_engine().connect() as connection:
        if set(_filled(connection)) != set(kept.rows):
            return False
        other = f"count(*) filter (where xmin::text <> '{Now.transaction}')"
        counts = " union all ".join(f"select '{name}', count(*), {other} from \"{name}\"" for name in kept.rows)
        found = {name: (number, changed) for name, number, changed in connection.execute(sa.text(counts))}
    return all(found[name] == (number, 0) for name, number in kept.rows.items())


_KEPT: dict[str, Portal] = {}


def keep() -> Portal:
    """Copy what the portal holds."""
    model.Session.remove()
    schema = f"beginning_{len(_KEPT)}"
    with model.ensure_engine().begin() as connection:
        names = _filled(connection)
        connection.execute(sa.text(f"drop schema if exists {schema} cascade"))
        connection.execute(sa.text(f"create schema {schema}"))
        for name in names:
            connection.execute(sa.text(f'create table {schema}."{name}" as select * from public."{name}"'))
        columns = {name: connection.execute(sa.text(COLUMNS), {"name": f'"{name}"'}).scalar() for name in names}
        rows = {name: connection.execute(sa.text(f'select count(*) from "{name}"')).scalar() for name in names}
        moved = [one for one in connection.execute(sa.text(SEQUENCES)) if one[1] is not None]
    into = "insert into public.{0} ({1}) overriding system value select {1} from {2}.{0}"
    statements = [into.format(f'"{name}"', columns[name], schema) for name in names]
    statements += [f"select setval('{name}', {value})" for name, value in moved]
    _KEPT[schema] = Portal(schema, rows, "; ".join(statements), _dump(), _copied_files(), _documents())
    return _KEPT[schema]


def _filled(connection: Any) -> list[str]:
    names = connection.execute(sa.text(USED)).scalars().all()
    probes = " union all ".join(f"select '{name}' where exists (select 1 from \"{name}\")" for name in names)
    return list(connection.execute(sa.text(probes)).scalars()) if names else []


# -- DataStore ---------------------------------------------------------------------------------------------------------


def empty_datastore() -> None:
    """Drop every table of the DataStore with its aliases; empty CKAN's own list of row counts."""
    with get_write_engine().begin() as connection:
        connection.execute(LOCK_TIMEOUT)
        for name in connection.execute(sa.text(TABLES)).scalars().all():
            verb = "truncate" if name == "_table_stats" else "drop table"
            connection.execute(sa.text(f'{verb} "{name}" cascade'))


def _dump() -> str:
    """The SQL that makes the tables of the DataStore again, with grants, triggers and comments."""
    with get_write_engine().connect() as connection:
        names = list(connection.execute(sa.text(TABLES)).scalars())
    tables = [f'--table=public."{name}"' for name in names if name != "_table_stats"]
    if not tables:
        return ""
    address = get_write_engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = ["pg_dump", "--inserts", "--no-owner", *tables, address]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\"))  # words for psql alone


def _run(statements: str) -> None:
    connection = get_write_engine().raw_connection()
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute(statements)
        connection.commit()
    finally:
        connection.invalidate()  # the dump has changed the connection's settings


# -- files -------------------------------------------------------------------------------------------------------------


def _storage() -> Path:
    return Path(config["ckan.storage_path"])


def empty_storage() -> None:
    """Remove every file of a resource, and what lies beside them."""
    for name in FOLDERS:
        shutil.rmtree(_storage() / name, ignore_errors=True)


def _copied_files() -> Path | None:
    if not any((_storage() / name).exists() for name in FOLDERS):
        return None
    target = Path(mkdtemp(prefix="kept-", dir=_storage().parent))
    for name in FOLDERS:
        if (_storage() / name).exists():
            shutil.copytree(_storage() / name, target / name)
    return target


# -- index -------------------------------------------------------------------------------------------------------------


def index_only(documents: list[dict[str, Any]]) -> None:
    """Leave ``documents`` in the index and nothing else; one commit, as each makes Solr open it anew."""
    index = search.make_connection()
    index.delete(q=OURS.format(config["ckan.site_id"]), commit=not documents)
    if documents:
        index.add(docs=documents, commit=True)


def _documents() -> list[dict[str, Any]]:
    """What CKAN sends to the index for every dataset that is in it."""
    found = search.make_connection().search("*:*", fl="id", rows=1000, fq=OURS.format(config["ckan.site_id"]))
    with _sent() as documents:
        for name in [one["id"] for one in found if "id" in one]:
            search.rebuild(name)
    return documents


@contextmanager
def _sent() -> Iterator[list[dict[str, Any]]]:
    documents: list[dict[str, Any]] = []
    add = pysolr.Solr.add

    def recording(self: pysolr.Solr, docs: Any, *arguments: Any, **named: Any) -> Any:
        documents.extend(docs)
        return add(self, docs, *arguments, **named)

    pysolr.Solr.add = recording
    try:
        yield documents
    finally:
        pysolr.Solr.add = add
