"""Making sets of datasets that are checked together, changing and closing them, seeing how far they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations, reviewing, roles, terms
from ckanext.satudata.bridge.columns import iso, new_id, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.definition import Stage
from ckanext.satudata.core.workflow.states import state_label
from ckanext.satudata.workflow.model import BatchRow, CaseRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.sharing import batches
from ckanext.satudata.workflow.standing import cases, clock, reading, status

WALIDATA = "walidata"
NOT_YOURS = Text(
    "“{title}” milik organisasi di luar tugas Anda.", "“{title}” belongs to an organization that is not in your charge."
)
NOT_MAKER = Text(
    "Kumpulan ini diubah oleh pembuatnya atau Walidata seluruh organisasi.",
    "This set is changed by its maker or by a Walidata of all organizations.",
)
NOT_TOLD = Text("Belum dapat Anda baca", "Not for you to read yet")
NO_DATASET = Text("Tidak ada dataset “{name}”.", "There is no dataset “{name}”.")
ELSEWHERE = Text(
    "“{title}” sudah ada di kumpulan “{batch}” yang masih terbuka.",
    "“{title}” is in the set “{batch}” already, which is still open.",
)
NOT_IN_IT = Text("“{title}” tidak ada di kumpulan ini.", "“{title}” is not in this set.")
CLOSED = Text("Kumpulan ini sudah ditutup.", "This set is closed.")
FINISHED = ("verified", "published", "archived", "rejected")


def create(user_id: str, title: str, datasets: Sequence[str], channel: str) -> BatchRow:
    """Make a set. The caller commits."""
    rows = _cases(datasets, "datasets", user_id)
    batch = BatchRow(id=new_id(), title=title, created=now(), created_by=user_id)
    model.Session.add(batch)
    model.Session.flush()
    _add(batch, rows, "datasets", user_id, channel)
    return batch


def change(batch_id: str, user_id: str, data: Mapping[str, Any], channel: str) -> BatchRow:
    """Give it another title, put datasets in or take them out. The caller commits.

    Without the one that was awaited, the rest begins.
    """
    # Cases before the set, as a decision locks them.
    added = _cases(data.get("add") or (), "add", user_id)
    removed = _cases(data.get("remove") or (), "remove", user_id)
    batch = _own(batch_id, user_id)
    if batch.closed is not None:
        raise _wrong("id", CLOSED)
    if data.get("title"):
        batch.title = data["title"]
    _remove(batch, removed, user_id, channel)
    _add(batch, added, "add", user_id, channel)
    begin_where_complete(batch, user_id)
    return batch


def close(batch_id: str, user_id: str) -> BatchRow:
    """What waits in it begins now; its datasets may come into another set. Nothing happens to a closed one.

    The caller commits.
    """
    batch = _own(batch_id, user_id)
    if batch.closed is None:
        for stage in _awaiting_stages(batch):
            _tell(batch, batches.begin(batch.id, stage, user_id, incomplete=True))
        batch.closed = now()
        model.Session.flush()
    return batch


def begin_where_complete(batch: BatchRow, actor_id: str = "") -> int:
    """Start every stage of an open set all of whose datasets are there; how many cases began. The caller commits."""
    started = [row for stage in _awaiting_stages(batch) for row in batches.begin(batch.id, stage, actor_id)]
    _tell(batch, started)
    return len(started)


def begin_complete() -> int:
    """As :func:`begin_where_complete` for all open sets (tick): a dataset was deleted, a decision cut off. Commits."""
    query = sa.select(BatchRow).where(BatchRow.closed.is_(None))
    query = query.where(sa.exists().where(CaseRow.batch_id == BatchRow.id, CaseRow.state == "in_review"))
    done = 0
    for batch in list(model.Session.execute(query).scalars()):
        done += begin_where_complete(batch)
        model.Session.commit()
    return done


def show(batch_id: str, user_id: str) -> dict[str, Any]:
    """See :func:`satudata_batch_show`."""
    batch = model.Session.get(BatchRow, batch_id)
    mine = _organizations(user_id)
    rows = [row for row in batches.members(batch_id) if mine is None or row.organization_id in mine]
    if batch is None or not (rows or mine is None or batch.created_by == user_id):
        raise tk.ObjectNotFound(f"batch {batch_id}")
    told = _readable([row.id for row in rows], user_id)
    offices = organizations.titles({row.organization_id for row in rows if row.organization_id is not None})
    by_office: dict[str, list[CaseRow]] = {}
    for row in rows:
        by_office.setdefault(row.organization_id or "", []).append(row)
    in_order = sorted(by_office, key=lambda office: offices.get(office, ""))
    return {
        **_batch(batch, rows),
        "may_change": _may_change(batch, user_id) and batch.closed is None,
        "organizations": [
            {"id": office, "title": offices.get(office, ""), **_progress(by_office[office])} for office in in_order
        ],
        "datasets": [_dataset(row, offices, told=row.id in told) for row in rows],
    }


def listed(data: Mapping[str, Any], user_id: str) -> dict[str, Any]:
    """See :func:`satudata_batch_list`."""
    query, members = sa.select(BatchRow), sa.select(CaseRow).where(CaseRow.present.is_(True))
    mine = _organizations(user_id)
    if mine is not None:
        members = members.where(CaseRow.organization_id.in_(mine))
        theirs = sa.exists().where(CaseRow.batch_id == BatchRow.id, CaseRow.organization_id.in_(mine))
        query = query.where(sa.or_(theirs, BatchRow.created_by == user_id))
    if data.get("closed") is not None:
        query = query.where(BatchRow.closed.isnot(None) if data["closed"] else BatchRow.closed.is_(None))
    for word in (data.get("q") or "").lower().split():
        query = query.where(sa.func.lower(BatchRow.title).contains(word, autoescape=True))
    count = model.Session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    page = query.order_by(BatchRow.closed.isnot(None), BatchRow.created.desc(), BatchRow.id)
    shown = list(model.Session.execute(page.limit(data["limit"]).offset(data["offset"])).scalars())
    of_shown = members.where(CaseRow.batch_id.in_([one.id for one in shown]))
    rows = list(model.Session.execute(of_shown).scalars()) if shown else []
    results = [_batch(one, [row for row in rows if row.batch_id == one.id]) for one in shown]
    return {"count": count, "limit": data["limit"], "offset": data["offset"], "results": results}


def _batch(batch: BatchRow, rows: Sequence[CaseRow]) -> dict[str, Any]:
    return {
        "id": batch.id,
        "title": batch.title,
        "created": iso(batch.created),
        "created_by": status.names({batch.created_by}).get(batch.created_by) if batch.created_by else None,
        "closed": iso(batch.closed),
        **_progress(rows),
    }


def _progress(rows: Sequence[CaseRow]) -> dict[str, int]:
    """How far datasets are: all, handed in (at least once and not with the producer now), done with the review."""
    return {
        "count": len(rows),
        "drafts": sum(row.state == "draft" for row in rows),
        "returned": sum(row.state == "revision" for row in rows),
        "submitted": sum(row.state not in batches.BEHIND for row in rows),
        "checked": sum(row.state in FINISHED for row in rows),
    }


def _readable(case_ids: Sequence[str], user_id: str) -> set[str]:
    """Those of these cases that somebody may read."""
    visible = reading.readable(user_id)
    query = sa.select(CaseRow.id).where(CaseRow.id.in_(list(case_ids)))
    return set(model.Session.execute(query if visible is None else query.where(visible)).scalars())


def _dataset(row: CaseRow, offices: Mapping[str, str], *, told: bool) -> dict[str, Any]:
    spoken, stage = language(), _stage(row)
    office = {"id": row.organization_id, "title": offices.get(row.organization_id, "")} if row.organization_id else None
    return {
        "id": row.subject_id,
        "title": row.title if told else NOT_TOLD.render(spoken),
        "organization": office,
        "state": row.state,
        "state_label": state_label(row.state).render(spoken),
        "stage": stage.key if stage is not None else None,
        "stage_label": stage.label.render(spoken) if stage is not None else None,
        "waiting": stage is not None and batches.is_waiting(row, stage, definitions.of_case(row)),
        "since": iso(row.since),
        "due": iso(row.due),
        "due_days": terms.days_left(row.due),
    }


def _add(batch: BatchRow, rows: Sequence[CaseRow], key: str, user_id: str, channel: str) -> None:
    for row in rows:
        if row.batch_id == batch.id:
            continue
        other = model.Session.get(BatchRow, row.batch_id) if row.batch_id is not None else None
        if other is not None and other.closed is None:
            raise _wrong(key, ELSEWHERE, title=row.title, batch=other.title)
        row.batch_id = batch.id
        events.record(row, "batch_added", user_id, channel, {"batch": batch.id, "title": batch.title})
    for row in rows:  # who is at the stage already waits for the others from now on
        stage = _stage(row)
        if stage is not None and batches.is_pending(row, stage):
            row.due = None
    model.Session.flush()


def _remove(batch: BatchRow, rows: Sequence[CaseRow], user_id: str, channel: str) -> None:
    for row in rows:
        if row.batch_id != batch.id:
            raise _wrong("remove", NOT_IN_IT, title=row.title)
        stage = _stage(row)
        waited = stage is not None and batches.is_pending(row, stage)
        row.batch_id = None
        if waited:  # alone it need not wait
            row.since = now()
            row.due = clock.due(row, definitions.of_case(row), row.facts or {}, row.since)
        events.record(row, "batch_removed", user_id, channel, {"batch": batch.id, "title": batch.title})


def _stage(row: CaseRow) -> Stage | None:
    return definitions.of_case(row).stage(row.stage) if row.state == "in_review" else None


def _cases(references: Collection[str], key: str, user_id: str) -> list[CaseRow]:
    """The cases of these datasets, locked in one order for everybody; ``ValidationError`` for what is not theirs."""
    ids: set[str] = set()
    for reference in references:
        try:
            ids.add(cases.subject_view("dataset", reference).subject_id)
        except tk.ObjectNotFound as error:
            raise _wrong(key, NO_DATASET, name=reference) from error
    mine = _charge(user_id)
    rows = [cases.lock("dataset", subject_id) for subject_id in sorted(ids)]
    for row in rows:
        if mine is not None and row.organization_id not in mine:
            told = reviewing.is_inside(user_id, row.subject_id, row.organization_id)
            raise _wrong(key, NOT_YOURS, title=row.title if told else row.subject_id)
    return rows


def _charge(user_id: str) -> set[str | None] | None:
    """The organizations somebody is Walidata of; ``None`` for all."""
    held = {grant.organization_id for grant in roles.roles_of(user_id) if grant.role == WALIDATA}
    return None if roles.is_sysadmin(user_id) or None in held else held


def _organizations(user_id: str) -> set[str] | None:
    """The organizations whose datasets a reviewer may read; ``None`` for all."""
    grants = roles.roles_of(user_id)
    if roles.is_sysadmin(user_id) or any(grant.organization_id is None for grant in grants):
        return None
    return {organization for grant in grants for organization in roles.seen_by(grant)}


def _may_change(batch: BatchRow, user_id: str) -> bool:
    return batch.created_by == user_id or _charge(user_id) is None


def _own(batch_id: str, user_id: str) -> BatchRow:
    """A set somebody may change, locked until the transaction ends; ``ObjectNotFound``, ``NotAuthorized``."""
    query = sa.select(BatchRow).where(BatchRow.id == batch_id).with_for_update(key_share=True)
    batch = model.Session.execute(query.execution_options(populate_existing=True)).scalars().first()
    if batch is None:
        raise tk.ObjectNotFound(f"batch {batch_id}")
    if not _may_change(batch, user_id):
        raise tk.NotAuthorized(NOT_MAKER.render(language()))
    return batch


def _awaiting_stages(batch: BatchRow) -> list[str]:
    """The stages at which datasets of the set wait for the others, or for its term to begin."""
    found: dict[str, None] = {}
    for row in batches.members(batch.id):
        stage = _stage(row)
        if stage is not None and batches.awaits(stage):
            found.setdefault(stage.key)
    return list(found)


def _tell(batch: BatchRow, begun: Sequence[CaseRow]) -> None:
    """Tell the reviewers that a set begins, where no decision of a producer tells it."""
    told: dict[str, int] = {}
    for row in begun:
        stage = _stage(row)
        if stage is None:
            continue
        grants = roles.holders_of(stage.role, row.organization_id, tree=stage.scope == "tree")
        for user_id in {one.user_id for one in grants if stage.admits(one.role, one.position)}:
            told[user_id] = told.get(user_id, 0) + 1
    for user_id, count in told.items():
        data: dict[str, Any] = {"user_ids": [user_id], "key": "batch_complete"}
        data.update(link=f"/meja-kerja?batch={batch.id}", parameters={"batch": batch.title, "count": count})
        tk.get_action("satudata_notify")({"ignore_auth": True, "defer_commit": True}, data)


def _wrong(key: str, sentence: Text, **parameters: Any) -> tk.ValidationError:
    return tk.ValidationError({key: [sentence.render(language(), **parameters)]})
