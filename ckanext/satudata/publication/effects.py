"""What a transition does to the dataset itself, inside the transaction of the decision; and what follows its commit."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import nudge
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.interfaces import SubjectView, TransitionEvent
from ckanext.satudata.publication import guard, jobs, rows
from ckanext.satudata.publication.model import publication, reindex

log = logging.getLogger(__name__)

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
NOT_OPEN = reason(
    "publication.not_open",
    Text(
        id="Dataset berklasifikasi {klasifikasi} belum bisa diterbitkan: portal ini baru menerbitkan data terbuka.",
        en="A dataset of access class {klasifikasi} cannot be published yet: this portal publishes open data only.",
    ),
    field="klasifikasi_akses",
)
CRASH_GRACE = timedelta(seconds=20)


def publishable(transition: str, subject: SubjectView) -> Sequence[Reason]:  # noqa: ARG001
    """Gate: a licence is chosen and the access class is *terbuka* (UU 14/2008, Pasal 17, for the other classes)."""
    reasons: list[Reason] = []
    access = subject.facts.get("klasifikasi_akses")
    if not subject.facts.get("license_id"):
        reasons.append(NO_LICENSE)
    if not access:
        reasons.append(NO_ACCESS_CLASS)
    elif access != "terbuka":
        reasons.append(reason(NOT_OPEN.code, NOT_OPEN.text, field=NOT_OPEN.field, klasifikasi=str(access)))
    return reasons


def submit(event: TransitionEvent) -> None:
    """A dataset whose form was left half-way (CKAN's own ``draft``) becomes an ordinary private one."""
    _write(event.subject_id, private=True, state="active")


def publish(event: TransitionEvent) -> None:
    """Open the dataset, remember when and how good it was, and queue its checked tables for the DataStore."""
    now = datetime.now(UTC)
    _write(event.subject_id, private=False, state="active", metadata_modified=now.replace(tzinfo=None))
    score = _score(event.subject_id)
    values = {"published": now, "score": score}
    model.Session.execute(
        insert(publication)
        .values(dataset_id=event.subject_id, first_published=now, **values)
        .on_conflict_do_update(index_elements=["dataset_id"], set_=values)
    )
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
    if event.subject_type != "dataset":
        return
    values = {"since": datetime.now(UTC)}
    model.Session.execute(
        insert(reindex)
        .values(dataset_id=event.subject_id, **values)
        .on_conflict_do_update(index_elements=["dataset_id"], set_=values)
    )


def index(event: TransitionEvent) -> None:
    """Index after the commit; when this fails, or the process dies, the tick does it."""
    if event.subject_type == "dataset":
        index_dataset(event.subject_id)


def index_dataset(dataset_id: str) -> None:
    """Bring the index entry of one dataset up to date, and forget that it was needed."""
    since = model.Session.execute(sa.select(reindex.c.since).where(reindex.c.dataset_id == dataset_id)).scalar()
    try:
        search.rebuild(dataset_id)
    except tk.ObjectNotFound:
        search.clear(dataset_id)
    # A decision taken meanwhile has written a later moment, and its own turn comes.
    model.Session.execute(sa.delete(reindex).where(reindex.c.dataset_id == dataset_id, reindex.c.since == since))
    model.Session.commit()


def index_left_over() -> None:
    """Tick: index what a dead process has not."""
    before = datetime.now(UTC) - CRASH_GRACE
    left = model.Session.execute(sa.select(reindex.c.dataset_id).where(reindex.c.since < before)).scalars().all()
    for dataset_id in left:
        log.warning("index of dataset %s was left behind; mending it", dataset_id)
        index_dataset(dataset_id)
