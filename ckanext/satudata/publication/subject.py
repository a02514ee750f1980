"""The adapter through which the workflow sees a dataset: what it is called, and what exactly is judged.

What is judged is read from the rows, not from ``package_show``: no plugin, cache or schema decides about a content
hash, and CKAN 2.11 and 2.12 give the same one. Empty values count as absent, because saving a form turns ``None`` into
``""`` without anybody having changed anything.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.publication import files, priority

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
PURPOSE = "tujuan_pengajuan"
PUBLICATION = "publikasi"


class DatasetSubject:
    """Datasets of every guarded type."""

    fact_names = frozenset(
        {*DATASET_FACTS, "jenis_dataset", "jenis_opd", "tujuan", "data_prioritas", "data_prioritas_tahun"}
    )

    def load(self, subject_id: str) -> SubjectView:
        """The view of one dataset, by id or name; ``ObjectNotFound`` when it is unknown or deleted."""
        package = _package(subject_id)
        content = _content(package)
        fields = content["fields"]
        facts = {name: fields.get(name) for name in DATASET_FACTS}
        facts.update(priority.of_dataset(package.id))
        organization = model.Session.get(model.Group, package.owner_org) if package.owner_org else None
        facts["tujuan"] = fields.get(PURPOSE) or PUBLICATION
        facts["jenis_dataset"] = package.type or "dataset"
        facts["jenis_opd"] = _office_kind(organization)
        return SubjectView(
            subject_type="dataset",
            subject_id=package.id,
            title=package.title or package.name,
            organization_id=package.owner_org,
            organization_title=(organization.title or organization.name) if organization is not None else "",
            content_hash=content_hash(content),
            url=f"/{package.type or 'dataset'}/{package.name}",
            facts=facts,
        )

    def snapshot(self, subject_id: str) -> dict[str, Any]:
        """The judged content as JSON.

        ``{"format": 1, "fields": {name: value}, "tags": [str], "groups": [str], "resources": [{"id", "name", ...,
        "sha256", "size"}]}``; ``fields`` holds core columns and extras alike, JSON texts are parsed.
        """
        return _content(_package(subject_id))


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a snapshot."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _package(reference: str) -> model.Package:
    # Whoever asks inside a transaction means what is about to be committed; CKAN's session has no autoflush.
    model.Session.flush()
    package = model.Package.get(reference)
    if package is None or package.state == "deleted":
        raise tk.ObjectNotFound(f"dataset {reference}")
    return package


def _content(package: model.Package) -> dict[str, Any]:
    fields = {column: getattr(package, column) for column in DATASET_COLUMNS}
    fields.update(_extras(package))
    return {
        "format": FORMAT,
        "fields": _present(fields),
        "tags": _tags(package.id),
        "groups": _groups(package.id),
        "resources": [_resource(row) for row in _resource_rows(package.id)],
    }


def _office_kind(organization: Any) -> str | None:
    # CKAN 2.11 keeps extras as rows, 2.12 as a JSON column; both read like a mapping.
    return organization.extras.get("jenis") if organization is not None else None


def _extras(package: model.Package) -> dict[str, Any]:
    # CKAN 2.11 keeps extras as rows, 2.12 as a JSON column.
    extra_class = getattr(model, "PackageExtra", None)
    if extra_class is None:
        return dict(getattr(package, "extras", None) or {})
    rows = model.Session.query(extra_class).filter_by(package_id=package.id, state="active")
    return {row.key: row.value for row in rows}


def _tags(package_id: str) -> list[str]:
    tag, link = model.tag_table, model.package_tag_table
    query = (
        sa.select(tag.c["name"], tag.c["vocabulary_id"])
        .join(link, tag.c["id"] == link.c["tag_id"])
        .where(link.c["package_id"] == package_id, link.c["state"] == "active")
    )
    return sorted(f"{vocabulary}:{name}" if vocabulary else name for name, vocabulary in model.Session.execute(query))


def _groups(package_id: str) -> list[str]:
    member, group = model.member_table, model.group_table
    query = (
        sa.select(group.c["name"])
        .join(member, group.c["id"] == member.c["group_id"])
        .where(member.c["table_name"] == "package", member.c["table_id"] == package_id)
        .where(member.c["state"] == "active", group.c["is_organization"].is_(False))
    )
    return sorted(name for (name,) in model.Session.execute(query))


def _resource_rows(package_id: str) -> list[Any]:
    table = model.resource_table
    query = (
        sa.select(table)
        .where(table.c["package_id"] == package_id, table.c["state"] == "active")
        .order_by(table.c["position"], table.c["id"])
    )
    return list(model.Session.execute(query).mappings())


def _resource(row: Any) -> dict[str, Any]:
    judged = {column: row[column] for column in RESOURCE_COLUMNS}
    extras = row["extras"] or {}
    judged.update({key: value for key, value in extras.items() if key not in TECHNICAL_RESOURCE_EXTRAS})
    if row["url_type"] == "upload":
        # The link carries the site's address; the file is known by its bytes.
        judged["url"] = str(row["url"]).rsplit("/", 1)[-1]
        blob = files.facts_of(row["id"])
        if blob is not None:
            judged["sha256"], judged["size"] = blob.sha256, blob.size
    return {"id": row["id"], **_present({**judged, "views": _views(row["id"])})}


def _views(resource_id: str) -> list[dict[str, Any]]:
    """Views are published with their resource, so their words are judged with it."""
    view = model.ResourceView
    query = (
        sa.select(view.view_type, view.title, view.description, view.config)
        .where(view.resource_id == resource_id)
        .order_by(view.order, view.id)
    )
    rows = model.Session.execute(query).mappings()
    return [_present(dict(row)) for row in rows]


def _present(values: dict[str, Any]) -> dict[str, Any]:
    parsed = {key: _parsed(value) for key, value in values.items()}
    return {key: value for key, value in sorted(parsed.items()) if value not in (None, "", [], {})}


def _parsed(value: Any) -> Any:
    """JSON texts (repeating subfields) as values, so that a difference can be shown field by field."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
