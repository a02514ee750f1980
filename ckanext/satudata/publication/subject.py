"""The adapter through which the workflow sees a dataset: what it is called, and what exactly is judged.

What is judged is read from the rows, not from ``package_show``: no plugin, cache or schema decides about a content
hash, and CKAN 2.11 and 2.12 give the same one. Empty values count as absent, because saving a form turns ``None`` into
``""`` without anybody having changed anything.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import unchanged
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.publication import files

FORMAT = 1

# Columns of `package` that say what the data is. Keys, clocks, state and visibility are not content.
DATASET_COLUMNS = (
    "name",
    "title",
    "notes",
    "license_id",
    "version",
    "url",
    "author",
    "author_email",
    "maintainer",
    "maintainer_email",
    "owner_org",
)
RESOURCE_COLUMNS = ("name", "description", "format", "url", "url_type", "resource_type")

# Written by CKAN or by us while a table is loaded; a reviewer does not judge them.
TECHNICAL_RESOURCE_EXTRAS = frozenset({"datastore_active", "datastore_contains_all_records_of_source_file", "csv_url"})

DATASET_FACTS = ("jenis_data", "klasifikasi_akses", "license_id", "frekuensi")
COPY_TITLE = "Perubahan: {title}"  # as migration 0008 writes it into the case
CLOSED_COPY = sa.text(
    "select dataset_id from satudata_copy where state <> 'open' and (copy_id = :reference or copy_name = :reference)"
)
ID_LENGTH = 36  # of CKAN's ids; what is longer or shorter is a name
PURPOSE = "tujuan_pengajuan"
PUBLICATION = "publikasi"


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to a dataset beside its own row; ``copy_of``: name of the dataset it is a working copy of, and the
    public ids of its files by theirs.
    """

    tags: list[tuple[str, str | None]] | None
    groups: list[str] | None
    resources: list[dict[str, Any]] | None
    office: str
    kind: str | None
    priority: bool
    year: int | None
    copy_of: dict[str, Any] | None


class DatasetSubject:
    """Datasets of every guarded type."""

    fact_names = frozenset(
        {*DATASET_FACTS, "jenis_dataset", "jenis_opd", "tujuan", "data_prioritas", "data_prioritas_tahun"}
    )

    def load(self, subject_id: str) -> SubjectView:
        """The view of one dataset, by id or name; ``ObjectNotFound`` when it is unknown or deleted."""
        package = _package(subject_id)
        around = _around(package)
        content = _content(package, around)
        fields = content["fields"]
        facts = {name: fields.get(name) for name in DATASET_FACTS}
        facts.update(data_prioritas=around.priority, data_prioritas_tahun=around.year)
        facts["tujuan"] = fields.get(PURPOSE) or PUBLICATION
        facts["jenis_dataset"] = package.type or "dataset"
        facts["jenis_opd"] = around.kind
        return SubjectView(
            subject_type="dataset",
            subject_id=package.id,
            title=_title(package, around),
            organization_id=package.owner_org,
            organization_title=around.office,
            content_hash=content_hash(_public(content, around)),
            url=f"/{package.type or 'dataset'}/{package.name}",
            facts=facts,
        )

    def snapshot(self, subject_id: str) -> dict[str, Any]:
        """The judged content as JSON.

        ``{"format": 1, "fields": {name: value}, "tags": [str], "groups": [str], "resources": [{"id", "name", ...,
        "sha256", "size"}]}``; ``fields`` holds core columns and extras alike, JSON texts are parsed.
        """
        package = _package(subject_id)
        return _content(package, _around(package))


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a snapshot."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def public_hash(dataset_id: str) -> str:
    """The hash of what is judged, without views: CKAN adds one by itself when a table is loaded."""
    package = _package(dataset_id)
    around = _around(package)
    content = _public(_content(package, around), around)
    resources = [{key: value for key, value in one.items() if key != "views"} for one in content["resources"]]
    return content_hash({**content, "resources": resources})


# Everything around a dataset, in one question (`migration/satudata/glance.sql`).
AROUND = sa.text("select cast(satudata_around(:id) as text)")


def _package(reference: str) -> model.Package:
    # Whoever asks inside a transaction means what is about to be committed; CKAN's session has no autoflush.
    model.Session.flush()
    is_id = isinstance(reference, str) and len(reference) == ID_LENGTH
    package = model.Session.get(model.Package, reference) if is_id else None
    package = package or model.Package.get(reference)
    if package is not None and package.state != "deleted":
        return package
    # Whoever asks for a working copy that is closed now means the dataset it was made of.
    closed = model.Session.execute(CLOSED_COPY, {"reference": reference}).scalar()
    if closed is None:
        raise tk.ObjectNotFound(f"dataset {reference}")
    return _package(closed)


def _around(package: model.Package) -> _Around:
    return unchanged.known(("around", package.id), lambda: _asked(package.id))


def _asked(dataset_id: str) -> _Around:
    return _Around(**json.loads(model.Session.execute(AROUND, {"id": dataset_id}).scalar_one()))


def _content(package: model.Package, around: _Around) -> dict[str, Any]:
    fields = {column: getattr(package, column) for column in DATASET_COLUMNS}
    fields.update(_extras(package))
    if around.copy_of is not None:  # the name of a working copy is no content
        fields["name"] = around.copy_of["name"]
    return {
        "format": FORMAT,
        "fields": _present(fields),
        "tags": sorted(f"{vocabulary}:{name}" if vocabulary else name for name, vocabulary in around.tags or ()),
        "groups": sorted(around.groups or ()),
        "resources": [_resource(row) for row in around.resources or ()],
    }


def _public(content: dict[str, Any], around: _Around) -> dict[str, Any]:
    """The content under the public ids of its files: a working copy without a change has the hash of its dataset."""
    if around.copy_of is None:
        return content
    public = around.copy_of["resources"] or {}
    resources = [{**resource, "id": public.get(resource["id"], resource["id"])} for resource in content["resources"]]
    return {**content, "resources": resources}


def _title(package: model.Package, around: _Around) -> str:
    title = package.title or package.name
    return title if around.copy_of is None else COPY_TITLE.format(title=title)


def _extras(package: model.Package) -> dict[str, Any]:
    # CKAN 2.11 keeps extras as rows, 2.12 as a JSON column.
    extra_class = getattr(model, "PackageExtra", None)
    if extra_class is None:
        return dict(getattr(package, "extras", None) or {})
    rows = model.Session.query(extra_class).filter_by(package_id=package.id, state="active")
    return {row.key: row.value for row in rows}


def _resource(row: dict[str, Any]) -> dict[str, Any]:
    judged = {column: row[column] for column in RESOURCE_COLUMNS}
    extras = json.loads(row["extras"]) if row["extras"] else {}
    judged.update({key: value for key, value in extras.items() if key not in TECHNICAL_RESOURCE_EXTRAS})
    if row["url_type"] == "upload":
        # The link carries the site's address; the file is known by its bytes.
        judged["url"] = str(row["url"]).rsplit("/", 1)[-1]
        judged.update(_bytes(row))
    return {"id": row["id"], **_present({**judged, "views": _views(row["views"] or [])})}


def _bytes(row: dict[str, Any]) -> dict[str, Any]:
    if row["sha256"] is not None:
        return {"sha256": row["sha256"], "size": row["size"]}
    # uploaded before there was a table for it
    blob = files.facts_of(row["id"])
    return {"sha256": blob.sha256, "size": blob.size} if blob is not None else {}


def _views(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Views are published with their resource, so their words are judged with it."""
    return [_present({**row, "config": json.loads(row["config"]) if row["config"] else {}}) for row in rows]


def _present(values: dict[str, Any]) -> dict[str, Any]:
    # Repeating subfields as values, so that a difference can be shown field by field.
    found = {key: parsed(value) for key, value in values.items()}
    return {key: value for key, value in sorted(found.items()) if value not in (None, "", [], {})}
