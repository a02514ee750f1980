"""Erase what lies outside of CKAN's database: files, tables of the DataStore.

What has to go is a row, written in the transaction of the decision; the erasing follows the commit, and the tick does
what a dead process has left. The row stays as the retention log: what was removed, when, and why.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.publication import datastore, files, uploader
from ckanext.satudata.publication.withdrawals.model import removal

log = logging.getLogger(__name__)

BLOB, TABLE, CSV, JUDGED = "blob", "table", "csv", "judged"
# A row this young belongs to a process that is erasing it right now.
GRACE = timedelta(seconds=20)


def ask(kind: str, keys: Iterable[str], why: str, dataset_id: str | None = None, resource_id: str | None = None) -> int:
    """Write down, in the caller's transaction, what has to be erased; how many."""
    rows = [
        {
            "id": new_id(),
            "kind": kind,
            "key": key,
            "dataset_id": dataset_id,
            "resource_id": resource_id,
            "why": why,
            "asked": now(),
        }
        for key in dict.fromkeys(keys)
    ]
    if rows:
        model.Session.execute(sa.insert(removal), rows)
    return len(rows)


def carry_out(dataset_id: str | None = None) -> int:
    """Erase what was asked for (of one dataset, or everything that is due) and log it; how many. Commits."""
    query = sa.select(removal).where(removal.c.removed.is_(None)).order_by(removal.c.asked, removal.c.id)
    if dataset_id is not None:
        query = query.where(removal.c.dataset_id == dataset_id)
    due = [dict(row) for row in model.Session.execute(query).mappings()]
    model.Session.rollback()  # no transaction stays open while files are erased
    return sum(_carried_out(row) for row in due)


def left_over() -> int:
    """Tick: erase what a dead process, or a table that was being read, has left."""
    waiting = sa.select(sa.func.count()).where(removal.c.removed.is_(None), removal.c.asked < now() - GRACE)
    if not model.Session.execute(waiting).scalar():
        return 0
    return carry_out()


def erase(kind: str, key: str) -> int:
    """Erase one thing and return its size in bytes (of a table 0); what is not there is erased already."""
    if kind == TABLE:
        if p.plugin_loaded("datastore"):
            datastore.drop(key)
        return 0
    if kind == BLOB:
        return _erase_blob(key)
    path = place(kind, key)
    return _erase_path(path) if path is not None else 0


def place(kind: str, key: str) -> Path | None:
    """Where a file of this kind lies; ``None`` without a storage path, and for a key that leads out of its folder."""
    if kind == BLOB:
        return files.stored_path(key)
    storage = tk.config.get("ckan.storage_path")
    folder = {CSV: "tables", JUDGED: "judged"}.get(kind)
    if not storage or folder is None:
        return None
    root = (Path(str(storage)) / "satudata" / folder).resolve()
    path = (root / key).resolve()
    return path if path != root and path.is_relative_to(root) else None


def _carried_out(row: dict[str, Any]) -> bool:
    try:
        values: dict[str, Any] = {"size": erase(row["kind"], row["key"]), "removed": now(), "error": None}
    except (OSError, SQLAlchemyError) as error:
        log.exception("%s %s could not be erased", row["kind"], row["key"])
        model.Session.rollback()
        values = {"error": f"{type(error).__name__}: {error}"[:500]}
    model.Session.execute(sa.update(removal).where(removal.c.id == row["id"]).values(**values))
    model.Session.commit()
    return "removed" in values


def _erase_blob(blob_id: str) -> int:
    path = files.stored_path(blob_id)
    freed = _erase_path(path) if path is not None else 0
    # CKAN 2.12 may keep uploads in a storage of its own
    upload = uploader.resource_uploader({})
    storage = getattr(upload, "storage", None)
    if storage is not None and not isinstance(storage, str):
        from ckan.lib import files as storages  # pyright: ignore[reportAttributeAccessIssue]

        location = storage.prepare_location(str(Path(blob_id[:3]) / blob_id[3:6] / blob_id[6:]))
        data = storages.FileData(location)
        if storage.exists(data):
            freed += int(storage.analyze(location).size)
            storage.remove(data)
    return freed


def _erase_path(path: Path) -> int:
    if path.is_dir():
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        shutil.rmtree(path)
        return size
    if not path.exists():
        return 0
    size = path.stat().st_size
    path.unlink(missing_ok=True)
    return size
