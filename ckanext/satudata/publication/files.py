"""Where the bytes of a resource lie, and what is known of them.

``path_of`` answers for the file that is current in the caller's transaction.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication.model import blob


@dataclass(frozen=True, slots=True)
class Blob:
    """One stored file: its id in the storage, SHA-256 (hex), size in bytes and the name it was uploaded under."""

    blob_id: str
    sha256: str
    size: int
    filename: str


def facts_of(resource_id: str) -> Blob | None:
    """The current file of a resource, or ``None`` when there is none.

    A file that was uploaded before the plugin has no row; its bytes are read, once per process and state of the file.
    """
    row = model.Session.execute(
        sa.select(blob.c.blob_id, blob.c.sha256, blob.c.size, blob.c.filename).where(blob.c.resource_id == resource_id)
    ).first()
    if row is not None:
        return Blob(*row)
    return legacy(resource_id)


def legacy(resource_id: str) -> Blob | None:
    """The file that was uploaded before the plugin: it lies under the id of its resource."""
    path = stored_path(resource_id)
    if path is None or not path.is_file():
        return None
    stat = path.stat()
    return Blob(resource_id, _sha256(str(path), stat.st_mtime_ns, stat.st_size), stat.st_size, path.name)


def path_of(resource_id: str) -> Path | None:
    """The local path of the current file, ``None`` when there is no such file (link, other storage, removed)."""
    known = model.Session.execute(sa.select(blob.c.blob_id).where(blob.c.resource_id == resource_id)).scalar()
    path = stored_path(known or resource_id)
    return path if path is not None and path.is_file() else None


def stored_path(blob_id: str) -> Path | None:
    """Where a blob lies below CKAN's storage path, in CKAN's own layout; ``None`` without a storage path."""
    storage = tk.config.get("ckan.storage_path")
    if not storage:
        return None
    return Path(storage) / "resources" / blob_id[:3] / blob_id[3:6] / blob_id[6:]


@lru_cache(maxsize=512)
def _sha256(path: str, _modified: int, _size: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_back() -> int:
    """Link every current blob to the place where CKAN without this plugin looks for it; return how many.

    A hard link costs no space and replaces in one step; where the file system has none, the file is copied.
    """
    done = 0
    for resource_id, blob_id in model.Session.execute(sa.select(blob.c.resource_id, blob.c.blob_id)):
        source, target = stored_path(blob_id), stored_path(resource_id)
        if source is None or target is None or not source.is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        passing = target.with_name(f"{target.name}~")
        passing.unlink(missing_ok=True)
        try:
            passing.hardlink_to(source)
        except OSError:
            shutil.copyfile(source, passing)
        passing.replace(target)
        done += 1
    return done
