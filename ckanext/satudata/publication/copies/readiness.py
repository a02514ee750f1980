"""The files of a working copy beside the public ones: which tables stay, which have to be made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg2
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.bridge.language import language
from ckanext.satudata.publication import datastore, files, rows
from ckanext.satudata.publication.copies import cloning, finding, telling, words
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.files import Blob
from ckanext.satudata.publication.model import rows as row_table

DICTIONARY = "kamus_data"


@dataclass(frozen=True, slots=True)
class File:
    """One file of the copy; ``public_resource`` is ``None`` for one that was added.

    ``is_kept``: bytes and data dictionary are those of the public one, whose table is loaded or on its way.
    """

    row: dict[str, Any]
    copy_resource: str
    public_resource: str | None
    blob: Blob | None
    blob_changed: bool
    is_kept: bool


def files_of(found: Copy) -> list[File]:
    """The files of a copy, in its order."""
    pairs = finding.pairs(found.copy_id)
    public = {row["id"]: row for row in cloning.resources(found.dataset_id)}
    return [_file(row, pairs.get(row["id"]), public) for row in cloning.resources(found.copy_id)]


def _file(row: dict[str, Any], target: str | None, public: dict[str, dict[str, Any]]) -> File:
    stored = files.facts_of(row["id"]) if row["url_type"] == "upload" else None
    before = public.get(target) if target is not None else None
    earlier = files.facts_of(target) if target is not None and before and before["url_type"] == "upload" else None
    same_bytes = (stored.sha256 if stored else None) == (earlier.sha256 if earlier else None)
    same_pointer = (stored.blob_id if stored else None) == (earlier.blob_id if earlier else None)
    same_words = before is not None and _dictionary(before) == _dictionary(row)
    kept = before is not None and same_bytes and same_words and (stored is None or _has_rows(before["id"], stored))
    return File(row, row["id"], target, stored, not same_pointer, kept)


def _has_rows(resource_id: str, stored: Blob) -> bool:
    """Whether the public table is that of these bytes, loaded or still waiting for it."""
    query = sa.select(row_table.c.sha256, row_table.c.state).where(row_table.c.resource_id == resource_id)
    found = model.Session.execute(query).first()
    return found is not None and found.sha256 == stored.sha256 and found.state in ("loaded", "pending")


def _dictionary(row: dict[str, Any]) -> Any:
    found = (row["extras"] or {}).get(DICTIONARY)
    if not isinstance(found, str):
        return found or None
    try:
        return json.loads(found) or None
    except ValueError:
        return found or None


def made_ready(one: File) -> bool:
    """Make the table of a file now if no job has; ``False`` when there is none to be made (a link, no table).

    In the caller's transaction, the table itself in one of the DataStore.
    """
    if one.blob is None:
        return False
    try:
        return rows.make_now(one.copy_resource, str(one.row["package_id"]), one.blob.sha256)
    except datastore.TableBusyError as error:
        sentence = words.TABLE_BUSY.render(language())
        raise tk.ValidationError({"conflict": [sentence]}, error_summary={"conflict": sentence}) from error
    except (SQLAlchemyError, psycopg2.Error, OSError) as error:
        model.Session.rollback()
        raise telling.refusal(words.table_failed(str(one.row["name"] or one.blob.filename))) from error
