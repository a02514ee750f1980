"""What a transition does to the dataset itself, inside the transaction of the decision; and what follows its commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import access, nudge
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.interfaces import SubjectView, TransitionEvent
from ckanext.satudata.publication import guard, indexing, jobs, rows
from ckanext.satudata.publication.copies import closing, finding, merging, points, versions
from ckanext.satudata.publication.model import publication
from ckanext.satudata.publication.subject import DatasetSubject

NO_LICENSE = reason(
    "publication.no_license",
    Text(
        id="Lisensi belum dipilih. Tanpa lisensi orang tidak tahu boleh memakai data ini untuk apa.",
        en="No licence is chosen. Without one, nobody knows what the data may be used for.",
    ),
    field="license_id",
)
NO_ACCESS_CLASS = reason(
    "publication.no_access_class",
    Text(id="Klasifikasi akses belum diisi.", en="The access class is not filled in."),
    field="klasifikasi_akses",
)
LINK = reason(
    "publication.limited_link",
    Text(
        id="“{name}” tautan ke situs lain, dan portal ini tidak bisa membatasi siapa yang membukanya di sana. "
        "Unggah filenya.",
        en="“{name}” is a link to another site, and this portal cannot limit who opens it there. Upload the file.",
    ),
)
LINKS = sa.text(
    "select id, coalesce(nullif(name, ''), id) as name from resource"
    " where package_id = :id and state = 'active' and url_type is distinct from 'upload' order by position, id"
)


def publishable(transition: str, subject: SubjectView) -> Sequence[Reason]:  # noqa: ARG001
    """Gate: the access class is chosen; open data have a licence, limited data no file that lies elsewhere."""
    held = subject.facts.get(access.FIELD)
    if held == access.LIMITED:
        found = model.Session.execute(LINKS, {"id": subject.subject_id})
        return [reason(LINK.code, LINK.text, resource_id=row.id, name=row.name) for row in found]
    if held == access.CLOSED:
        return []
    reasons = [] if subject.facts.get("license_id") else [NO_LICENSE]
    return reasons if held else [*reasons, NO_ACCESS_CLASS]


def submit(event: TransitionEvent) -> None:
    """A dataset whose form was left half-way (CKAN's own ``draft``) becomes an ordinary private one.

    Of a working copy, the tables that differ from the public ones are made ready for the reviewers, and for the swap.
    """
    _write(event.subject_id, private=True, state="active")
    found = finding.open_copy(event.subject_id)
    if found is not None:
        closing.refuse_unchanged(found, DatasetSubject().load(found.copy_id).content_hash)
        merging.prepare(found)


def reject(event: TransitionEvent) -> None:
    """A rejected working copy is discarded; what is public stays as it is."""
    found = finding.open_copy(event.subject_id)
    if found is not None:
        closing.close(found, event.actor_id, finding.DISCARDED, event.note)


def takedown(event: TransitionEvent) -> None:
    """What was taken down has no next version: an open working copy of it holds the same data."""
    found = finding.open_of(event.subject_id)
    if found is not None:
        closing.close(found, event.actor_id, finding.DISCARDED)


def publish(event: TransitionEvent) -> None:
    """Open the dataset, remember when and how good it was, and queue its checked tables for the DataStore.

    A working copy takes the place of the public version instead. A dataset of the class *tertutup* stays closed.
    """
    found = finding.open_copy(event.subject_id)
    if found is not None:
        merging.merge(found, event)
        return
    now = datetime.now(UTC)
    closed = access.is_closed(event.subject_id)
    _write(event.subject_id, private=closed, state="active", metadata_modified=now.replace(tzinfo=None))
    values = {"published": now, "score": _score(event.subject_id)}
    model.Session.execute(
        insert(publication)
        .values(dataset_id=event.subject_id, first_published=now, **values)
        .on_conflict_do_update(index_elements=["dataset_id"], set_=values)
    )
    versions.add(event.subject_id, by=event.actor_id)
    rows.expect(event.subject_id)
    nudge.after_commit(jobs.load_rows, event.subject_id)


def _write(dataset_id: str, **values: Any) -> None:
    # A statement, not the object: CKAN 2.11 would index a changed object before the commit.
    with guard.passing(dataset_id):
        table = model.package_table
        model.Session.execute(sa.update(table).where(table.c["id"] == dataset_id).values(**values))
        model.Session.expire(model.Session.get(model.Package, dataset_id))


def _score(dataset_id: str) -> int | None:
    summary = tk.get_action("satudata_qa_summary")({"ignore_auth": True}, {"id": dataset_id})
    score = summary.get("score")
    return round(score) if score is not None else None


def remember_index(event: TransitionEvent) -> None:
    """Write down, in the transaction of the decision, that the index has to follow it."""
    if event.subject_type == "dataset":
        indexing.remember(event.subject_id)


def index(event: TransitionEvent) -> None:
    """Index after the commit; when this fails, or the process dies, the tick does it."""
    if event.subject_type != "dataset":
        return
    found = finding.by_reference(event.subject_id)
    if found is not None and found.state != finding.OPEN:
        # what the public reads comes first; the removed copy was in no public answer anyway
        indexing.index_dataset(found.dataset_id)
        points.reached("indexed")
        merging.finish(found)
    else:
        indexing.index_dataset(event.subject_id)
