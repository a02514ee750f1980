"""Uploads never overwrite: a resource points at a blob, and every upload writes a new one.

CKAN keeps one file per resource id and replaces it in place *before* the commit. Here the pointer is a row in the
caller's transaction: it commits or rolls back with the metadata, and nothing has to be undone. The bytes lie in CKAN's
own layout and storage, local or (CKAN 2.12) one of its configured storages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import uploader as core
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import steady
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication import asking, files
from ckanext.satudata.publication.model import blob, blob_version

TOO_LARGE = Text(
    id="File ini {besar} MB, lebih besar dari batas {batas} MB. Bagi menjadi beberapa file (misalnya per tahun), "
    "atau minta bantuan walidata.",
    en="This file is {besar} MB, more than the limit of {batas} MB. "
    "Split it (by year, for example), or ask the walidata.",
)
MEGABYTE = 1 << 20


def resource_uploader(data_dict: dict[str, Any]) -> Any:
    """CKAN's uploader for this resource, with the pointer in front of it."""
    return _class()(data_dict)


def _class() -> type[Any]:
    # CKAN 2.12 uses a storage of its own when one is configured for resources.
    storages = getattr(core, "files", None)
    if storages is not None and hasattr(core, "FKResourceUpload"):
        try:
            storages.get_storage(tk.config["ckan.files.default_storages.resource"])
        except storages.exc.UnknownStorageError:
            return PointedUpload
        return _pointed_storage_upload(core.FKResourceUpload)  # pyright: ignore[reportAttributeAccessIssue]
    return PointedUpload


if TYPE_CHECKING:
    Base = core.ResourceUpload
else:
    Base = object


class Pointer(Base):
    """Mixed in before CKAN's uploader: translates a resource id into the id of its current blob."""

    _blob: str | None = None

    def __init__(self, resource: dict[str, Any]) -> None:
        _refuse_too_large(resource.get("upload"))
        super().__init__(resource)

    def get_path(self, id: str) -> Any:  # noqa: A002 - CKAN's own name
        with self._about(self._stored(id)) as stored:
            return super().get_path(stored)

    def get_directory(self, id: str) -> Any:  # noqa: A002
        return super().get_directory(self._stored(id))

    def upload(self, id: str, max_size: int = 10) -> None:  # noqa: A002
        """Write a new blob and point the resource at it; "clear upload" keeps the bytes and does nothing here."""
        if not self.filename:
            return
        sha256, size = _digest(_stream(self.upload_file))
        with self._about(str(uuid4())) as new:
            super().upload(new, max_size)
            point(id, new, sha256, size, self.filename)

    def _stored(self, resource_id: str) -> str:
        return self._blob or blob_of(resource_id)

    @contextmanager
    def _about(self, blob_id: str) -> Iterator[str]:
        """CKAN asks for path and folder with what it was given: within this, the id of the blob itself."""
        before, self._blob = self._blob, blob_id
        try:
            yield blob_id
        finally:
            self._blob = before


class PointedUpload(Pointer, core.ResourceUpload):
    """Files below ``ckan.storage_path``."""


def _pointed_storage_upload(storage_upload: type[Any]) -> type[Any]:
    return type("PointedStorageUpload", (Pointer, storage_upload), {})


def blob_of(resource_id: str) -> str:
    """Id under which the current bytes of a resource are stored (its own id when it was uploaded before the plugin)."""
    known = asking.dataset_of_file(resource_id) if steady.reads() else None
    if known is not None:
        return known["blob"] or resource_id
    query = sa.select(blob.c.blob_id).where(blob.c.resource_id == resource_id)
    return model.Session.execute(query).scalar() or resource_id


def is_stored(blob_id: str) -> bool:
    """Whether the bytes of a blob are there, on this machine or in a storage of CKAN 2.12."""
    path = files.stored_path(blob_id)
    if path is not None and path.is_file():
        return True
    storage = getattr(resource_uploader({}), "storage", None)
    if storage is None or isinstance(storage, str):
        return False
    from ckan.lib import files as storages  # pyright: ignore[reportAttributeAccessIssue]

    location = storage.prepare_location(str(Path(blob_id[:3]) / blob_id[3:6] / blob_id[6:]))
    return bool(storage.exists(storages.FileData(location)))


def point(resource_id: str, blob_id: str, sha256: str, size: int, filename: str) -> None:
    """Let a resource point at a blob, in the caller's transaction; earlier blobs stay known by their versions."""
    values: dict[str, Any] = {
        "blob_id": blob_id,
        "resource_id": resource_id,
        "sha256": sha256,
        "size": size,
        "filename": filename,
        "created": datetime.now(UTC),
    }
    model.Session.execute(insert(blob_version).values(**values).on_conflict_do_nothing())
    changed = {key: value for key, value in values.items() if key != "resource_id"}
    model.Session.execute(
        insert(blob).values(**values).on_conflict_do_update(index_elements=["resource_id"], set_=changed)
    )


def _refuse_too_large(upload: Any) -> None:
    """Refuse before anything is written; CKAN would notice in the middle of the transaction, in English."""
    stream = getattr(upload, "stream", None)
    limit = tk.config.get("ckan.max_resource_size")
    if stream is None or not getattr(upload, "filename", None) or not limit:
        return
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    if size > int(limit) * MEGABYTE:
        words = language()
        megabytes = f"{size / MEGABYTE:.1f}"
        shown = megabytes if words == "en" else megabytes.replace(".", ",")
        raise tk.ValidationError({"upload": [TOO_LARGE.render(words, besar=shown, batas=limit)]})


def _stream(upload: Any) -> IO[bytes]:
    return getattr(upload, "stream", upload)


def _digest(stream: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size of a stream, which is left at its beginning."""
    stream.seek(0)
    digest = hashlib.sha256()
    size = 0
    while block := stream.read(MEGABYTE):
        digest.update(block)
        size += len(block)
    stream.seek(0)
    return digest.hexdigest(), size
