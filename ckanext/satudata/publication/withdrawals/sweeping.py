"""Files and tables that nothing needs any more: found exactly, shown first, removed on request, with a log.

Needed is what an existing resource shows, what an approved version holds, and every upload of a resource whose case is
on its way. A file younger than :data:`YOUNGEST` is never touched: its transaction may not be committed yet. Before
anything is removed the question is asked again, while nobody can point at a blob.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import transactions
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.publication.model import blob, blob_version
from ckanext.satudata.publication.model import rows as row_table
from ckanext.satudata.publication.withdrawals import removals, versions
from ckanext.satudata.publication.withdrawals.model import removal

# Seconds a file is left alone whatever is asked for: an upload writes its bytes before it commits.
YOUNGEST = 3_600
DAY = 86_400
BATCH = 500
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GC = "gc"

# What points at a blob; the id of a resource itself stands for its file of before the plugin.
SHOWN = """
select b.blob_id from satudata_blob b join resource r on r.id = b.resource_id
 where b.blob_id = any(:ids) and r.state = 'active'
union
select r.id from resource r left join satudata_blob b on b.resource_id = r.id
 where r.id = any(:ids) and r.state = 'active' and b.resource_id is null
"""
# A round is compared with those before it while the case is on its way.
ON_ITS_WAY = """
select v.blob_id from satudata_blob_version v
  join resource r on r.id = v.resource_id
  join satudata_case c on c.subject_type = 'dataset' and c.subject_id = r.package_id
 where v.blob_id = any(:ids) and r.state = 'active' and c.state in ('in_review', 'revision', 'verified')
"""
# Tables that our loader has frozen, by name.
FROZEN_TABLES = """
select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
 where t.tgname = 'satudata_frozen' and n.nspname = 'public' and c.relkind = 'r' order by 1
"""
OWNED_TABLES = """
select r.id from resource r where r.id = any(:ids) and r.state = 'active'
union
select p.copy_resource_id from satudata_copy_resource p where p.copy_resource_id = any(:ids)
union
select p.public_resource_id from satudata_copy_resource p where p.public_resource_id = any(:ids)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing nothing needs: what it is, its key, its size in bytes (of a table 0) and its age in whole days."""

    kind: str
    key: str
    size: int
    days: int


def find(days: int) -> list[Found]:
    """Everything older than so many days that nothing needs, in the order in which it is told."""
    oldest = time.time() - max(YOUNGEST, days * DAY)
    return [*_blobs(oldest), *_csv(oldest), *_tables()]


def remove(found: Sequence[Found]) -> list[Found]:
    """Remove what is still not needed by now, and log it; what was removed. Each is a transaction of its own."""
    return [one for one in found if _removed(one)]


def _removed(one: Found) -> bool:
    """Ask again while no pointer can be written, erase, log, commit."""
    with transactions.whole():
        for table in ("satudata_blob", "satudata_blob_version", "satudata_rows"):
            model.Session.execute(sa.text(f"lock table {table} in share row exclusive mode"))
        if one.key in _needed(one.kind, [one.key]):
            return False
        if one.kind == removals.BLOB:
            for table in (blob, blob_version):
                model.Session.execute(sa.delete(table).where(table.c.blob_id == one.key))
        values: dict[str, Any] = {"id": new_id(), "kind": one.kind, "key": one.key, "why": GC, "size": one.size}
        model.Session.execute(sa.insert(removal).values(**values, asked=now(), removed=now()))
        removals.erase(one.kind, one.key)
    return True


def _needed(kind: str, keys: Sequence[str]) -> set[str]:
    return {removals.BLOB: needed_blobs, removals.CSV: _needed_csv, removals.TABLE: _needed_tables}[kind](keys)


def needed_blobs(ids: Sequence[str]) -> set[str]:
    """Of these blobs, those that something needs."""
    asked = {"ids": list(ids)}
    shown = model.Session.execute(sa.text(SHOWN), asked).scalars()
    compared = model.Session.execute(sa.text(ON_ITS_WAY), asked).scalars()
    return {*shown, *compared, *versions.kept_blobs(ids)}


def _needed_csv(names: Sequence[str]) -> set[str]:
    return set(model.Session.execute(sa.select(row_table.c.csv).where(row_table.c.csv.in_(names))).scalars())


def _needed_tables(ids: Sequence[str]) -> set[str]:
    return set(model.Session.execute(sa.text(OWNED_TABLES), {"ids": list(ids)}).scalars())


def _blobs(oldest: float) -> Iterator[Found]:
    yield from _unneeded(removals.BLOB, _files(_storage("resources"), oldest, _blob_id), needed_blobs)


def _csv(oldest: float) -> Iterator[Found]:
    folder = _storage("satudata", "tables")
    yield from _unneeded(removals.CSV, _files(folder, oldest, lambda path: path.name), _needed_csv)


def _tables() -> Iterator[Found]:
    if not p.plugin_loaded("datastore"):
        return
    from ckanext.datastore.backend.postgres import get_write_engine

    with get_write_engine().connect() as connection:
        names = [name for name in connection.execute(sa.text(FROZEN_TABLES)).scalars() if UUID.fullmatch(name)]
    yield from _unneeded(removals.TABLE, ((name, 0, 0) for name in names), _needed_tables)


def _unneeded(
    kind: str, there: Iterable[tuple[str, int, int]], needed: Callable[[Sequence[str]], set[str]]
) -> Iterator[Found]:
    known = sorted(there)
    for start in range(0, len(known), BATCH):
        part = known[start : start + BATCH]
        kept = needed([key for key, _, _ in part])
        yield from (Found(kind, key, size, days) for key, size, days in part if key not in kept)


def _files(folder: Path | None, oldest: float, key_of: Callable[[Path], str | None]) -> Iterator[tuple[str, int, int]]:
    if folder is None or not folder.is_dir():
        return
    for path in folder.rglob("*"):
        key = key_of(path) if path.is_file() and not path.is_symlink() else None
        if key is None:
            continue
        stat = path.stat()
        if stat.st_mtime <= oldest:
            yield key, stat.st_size, int((time.time() - stat.st_mtime) / DAY)


def _blob_id(path: Path) -> str | None:
    """The id of a stored file by its place, ``abc/def/rest``; ``None`` for a file that is none of CKAN's uploads."""
    found = "".join(path.parts[-3:])
    well_placed = len(path.parent.name) == 3 and len(path.parent.parent.name) == 3
    return found if well_placed and UUID.fullmatch(found) else None


def _storage(*parts: str) -> Path | None:
    storage = tk.config.get("ckan.storage_path")
    return Path(str(storage)).joinpath(*parts) if storage else None
