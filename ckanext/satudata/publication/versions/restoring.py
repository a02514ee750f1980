"""Open a working copy with the content of an earlier version: its words, files, dictionaries and views, no byte copied.

A file that is still public keeps its id; one that was taken out since comes back under the id it had. From there on it
is a working copy like every other: its tables are made when it is submitted, and a review decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.publication import files, uploader
from ckanext.satudata.publication.copies import opening, telling
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.copies.model import version
from ckanext.satudata.publication.files import Blob
from ckanext.satudata.publication.model import blob_version
from ckanext.satudata.publication.versions import filling

UNKNOWN = reason(
    "version.unknown",
    Text(id="Dataset ini tidak punya versi {nomor}.", en="This dataset has no version {nomor}."),
    field="version",
)
IS_CURRENT = reason(
    "version.is_current",
    Text(
        id="Versi {nomor} adalah versi yang terbit sekarang, jadi tidak ada yang dipulihkan.",
        en="Version {nomor} is what is published now, so there is nothing to restore.",
    ),
    field="version",
)
GONE = reason(
    "version.gone",
    Text(
        id="Isi versi {nomor} tidak disimpan lagi: sudah diturunkan, atau masa simpannya habis.",
        en="The content of version {nomor} is no longer kept: it was taken down, or its time is over.",
    ),
    field="version",
)
FILE_GONE = reason(
    "version.file_gone",
    Text(
        id="Versi {nomor} tidak bisa dipulihkan: file {nama} tidak disimpan lagi.",
        en="Version {nomor} cannot be restored: the file {nama} is no longer kept.",
    ),
    field="version",
)
NOTE = Text(id="Kembali ke versi {nomor} ({tanggal}).", en="Back to version {nomor} ({tanggal}).")


@dataclass(frozen=True, slots=True)
class Restored:
    """The open copy, and the names of tags and groups that do not exist any more."""

    copy: Copy
    left_out: tuple[str, ...]


def restore(
    context: Any, dataset_id: str, user_id: str, number: int, *, kind: str, note: str | None, commit: bool
) -> Restored:
    """See :func:`satudata_version_restore`; in the caller's transaction, undone when it is refused."""
    try:
        why = telling.opening_refused(opening.locked(dataset_id))
        if why is not None:
            raise telling.refusal(why)
        wanted, published = _version(dataset_id, number)
        blobs = _blobs(number, wanted["snapshot"], wanted["blobs"])
        left_out: list[str] = []

        def content(made: Copy) -> None:
            left_out.extend(filling.fill(made, wanted["snapshot"], blobs))

        told = note or NOTE.render("id", nomor=number, tanggal=published)
        made = opening.open_for(context, dataset_id, user_id, kind=kind, note=told, content=content)
    except (tk.ValidationError, tk.ObjectNotFound):
        if commit:
            model.Session.rollback()
        raise
    return Restored(made, tuple(left_out))


def _version(dataset_id: str, number: int) -> tuple[dict[str, Any], str]:
    """The row of a version that can be restored, held against the retention; and its day."""
    newest = sa.select(sa.func.max(version.c.number)).where(version.c.dataset_id == dataset_id)
    here = sa.select(version).where(version.c.dataset_id == dataset_id, version.c.number == number)
    row = model.Session.execute(here.with_for_update()).mappings().first()
    if row is None:
        raise telling.refusal(reason(UNKNOWN.code, UNKNOWN.text, field="version", nomor=number))
    if number == model.Session.execute(newest).scalar():
        raise telling.refusal(reason(IS_CURRENT.code, IS_CURRENT.text, field="version", nomor=number))
    if row["snapshot"] is None:
        raise telling.refusal(reason(GONE.code, GONE.text, field="version", nomor=number))
    return {**row}, _day(row["published"])


def _blobs(number: int, snapshot: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Blob]:
    """The stored bytes of every file of a version, by its public id; a refusal names the one that is gone."""
    found: dict[str, Blob] = {}
    for one in snapshot["resources"]:
        if one["id"] not in known and one.get("url_type") != "upload":
            continue
        stored = _blob(one, known.get(one["id"]))
        if stored is None or not uploader.is_stored(stored.blob_id):
            name = str(one.get("name") or one.get("url") or one["id"])
            raise telling.refusal(reason(FILE_GONE.code, FILE_GONE.text, field="version", nomor=number, nama=name))
        found[one["id"]] = stored
    return found


def _blob(one: Mapping[str, Any], blob_id: str | None) -> Blob | None:
    columns = (blob_version.c.blob_id, blob_version.c.sha256, blob_version.c.size, blob_version.c.filename)
    meant = blob_version.c.blob_id == blob_id if blob_id else blob_version.c.sha256 == one.get("sha256")
    query = sa.select(*columns).where(blob_version.c.resource_id == one["id"], meant)
    row = model.Session.execute(query).first() or model.Session.execute(sa.select(*columns).where(meant)).first()
    if row is not None:
        return Blob(*row)
    # uploaded before the plugin, and never written down: its bytes lie under its own id
    stored = files.legacy(one["id"])
    return stored if stored is not None and stored.sha256 == one.get("sha256") else None


def _day(moment: datetime | None) -> str:
    zone = ZoneInfo(str(tk.config.get("ckanext.satudata.timezone") or "Asia/Jakarta"))
    return moment.astimezone(zone).date().isoformat() if moment is not None else "–"
