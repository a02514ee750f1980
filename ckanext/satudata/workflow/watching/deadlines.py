"""Which cases are due, whose turn it is, and who stands above them: for reminders and notices. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import access, organizations, roles, terms
from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine, sla
from ckanext.satudata.core.workflow.definition import Definition, Holder, Scope, Stage
from ckanext.satudata.workflow.model import BatchRow, CaseRow, StoredDefinition
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.sharing import batches, claims
from ckanext.satudata.workflow.standing import cases, clock, past

WITH_PRODUCER = ("draft", "revision")


@dataclass(frozen=True)
class Place:
    """Where a case stands, or stood: its state, and in review its stage."""

    state: str
    stage: str | None = None


@dataclass
class Asked:
    """What one call has asked before: who holds which role for which organization."""

    holders: dict[tuple[str, str | None], list[roles.Grant]] = field(default_factory=dict)
    producers: dict[str, list[str]] = field(default_factory=dict)

    def grants(self, role: str, organization_id: str | None) -> list[roles.Grant]:
        key = (role, organization_id)
        if key not in self.holders:
            self.holders[key] = roles.holders_of(role, organization_id, tree=True)
        return self.holders[key]

    def members(self, organization_id: str | None) -> list[str]:
        if organization_id is None:
            return []
        if organization_id not in self.producers:
            self.producers[organization_id] = roles.producers_of(organization_id)
        return self.producers[organization_id]


def due(
    before: datetime,
    states: Sequence[str],
    limit: int,
    *,
    steps: bool = False,
    after: datetime | None = None,
    after_id: str = "",
) -> list[dict[str, Any]]:
    """Cases that are due up to ``before``, the earliest first; with ``steps`` also those of the producer's that have a
    term on the way to a later due date.

    ``after``: only those that are due later than that, or then and have an id behind ``after_id``.
    """
    ended = sa.or_(CaseRow.due <= before, _has_steps(states)) if steps else CaseRow.due <= before
    query = (
        sa.select(CaseRow)
        .where(CaseRow.present.is_(True), CaseRow.state.in_(states), CaseRow.due.isnot(None))
        .where(CaseRow.release_at.is_(None), ended)  # a planned release waits for nobody
        .order_by(CaseRow.due, CaseRow.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(sa.or_(CaseRow.due > after, sa.and_(CaseRow.due == after, CaseRow.id > after_id)))
    rows = list(model.Session.execute(query).scalars())
    titles = organizations.titles({row.organization_id for row in rows if row.organization_id})
    return [_item(row, titles) for row in rows]


def concerned(subject_ids: Sequence[str], subject_type: str, place: Place | None = None) -> list[dict[str, Any]]:
    """These cases with the people they concern: as they stand, or as they stood at ``place``."""
    query = sa.select(CaseRow).where(CaseRow.subject_type == subject_type, CaseRow.subject_id.in_(subject_ids))
    rows = list(model.Session.execute(query).scalars())
    titles = organizations.titles({row.organization_id for row in rows if row.organization_id})
    asked = Asked()
    return [_with_people(row, titles, asked, place) for row in rows]


def _has_steps(states: Sequence[str]) -> sa.sql.ColumnElement[bool]:
    """Returned cases of procedures that give the producer a term to repair within the term to submit again; drafts,
    whose procedure is not settled, all of them."""
    query = sa.select(StoredDefinition.id).where(
        sa.exists().where(CaseRow.definition_id == StoredDefinition.id, CaseRow.state == "revision")
    )
    ids = [
        found
        for found in model.Session.execute(query).scalars()
        if len(sla.terms(definitions.stored(found), "revision", None)) > 1
    ]
    returned = sa.and_(CaseRow.state == "revision", CaseRow.definition_id.in_(ids)) if ids else sa.false()
    return sa.or_(returned, CaseRow.state == "draft") if "draft" in states else returned


def _item(row: CaseRow, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "case_id": row.id,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "title": row.title,
        "organization_id": row.organization_id,
        "organization_title": titles.get(row.organization_id or "", ""),
        "state": row.state,
        "stage": row.stage,
        "round": row.round,
        "since": iso(row.since),
        "due": iso(row.due),
        "release_at": iso(row.release_at),
        "with_producer": row.state in WITH_PRODUCER,
        "public": row.approved and row.facts.get(access.FIELD) != access.CLOSED,
        "steps": _steps(row),
    }


def _steps(row: CaseRow) -> list[dict[str, Any]]:
    """Ends of terms before the due date: of collecting before delivering, of repairing before submitting again."""
    if row.state not in WITH_PRODUCER or row.due is None:
        return []
    start = row.created if row.state == "draft" else row.since
    ends = sla.ends(
        definitions.of_case(row),
        row.state,
        row.stage,
        start,
        terms.calendar(),
        frequency=str(row.facts.get(clock.FREQUENCY) or ""),
        rounds=row.round,
    )
    kind = "collect" if row.state == "draft" else "repair"
    return [{"kind": kind, "at": iso(end)} for end in ends[:-1]]


def _with_people(row: CaseRow, titles: dict[str, str], asked: Asked, place: Place | None) -> dict[str, Any]:
    definition = definitions.of_case(row)
    here = place or Place(row.state, row.stage)
    stage = definition.stage(here.stage) if here.state == "in_review" else None
    responsible = _responsible(row, definition, here, asked)
    holder = claims.holder_id(row, definition) if place is None else None
    label = _label(definition, here, stage)
    return {
        **_item(row, titles),
        "kind": stage.kind if stage is not None else None,
        "stage_label": label.to_dict() if label is not None else None,
        "holder_id": holder,
        "responsible": responsible,
        "producers": _producers(row, definition, asked),
        "escalation": _escalation(row, definition, here, asked, {*responsible}),
        "needs": [rule.label.to_dict() for rule in _evidence(definition, here, stage)],
        "receipt": stage.receipt if stage is not None else False,
        "batch": _batch(row, stage, definition),
    }


def _label(definition: Definition, here: Place, stage: Stage | None) -> Text | None:
    """The name of the stage; none when a definition has but one, which says nothing."""
    if stage is None or here.state != "in_review":
        return None
    return stage.label if len(definition.stages) > 1 else None


def _evidence(definition: Definition, here: Place, stage: Stage | None) -> list[Any]:
    step = "pass" if here.state == "in_review" else "publish" if here.state == "verified" else None
    return [rule for rule in definition.evidence_for(step, stage) if rule.required] if step is not None else []


def _scope(definition: Definition, here: Place, stage: Stage | None) -> Scope:
    if stage is not None:
        return stage.scope
    rule = definition.transitions.get("publish" if here.state == "verified" else "submit")
    return rule.scope if rule is not None else "organization"


def _responsible(row: CaseRow, definition: Definition, here: Place, asked: Asked) -> list[str]:
    """Whose turn it is and who may take it: not the author, not who took another level of this round."""
    stage = definition.stage(here.stage) if here.state == "in_review" else None
    wanted = engine.waiting_roles(definition, here.state, here.stage)
    found = _people(wanted, _scope(definition, here, stage), row.organization_id, asked)
    if here.state in WITH_PRODUCER or not found:
        return found
    barred: set[str] = set()
    if stage is None or stage.separated:
        barred |= cases.authors(row)
    if stage is not None and stage.separated and stage.judges:
        decided = past.of_case(row, definition).decided
        barred |= {one.actor_id for one in decided if _judged_elsewhere(definition, one.stage, stage)}
    return [person for person in found if person not in barred]


def _judged_elsewhere(definition: Definition, key: str | None, here: Stage) -> bool:
    other = definition.stage(key)
    return key != here.key and (other is None or other.judges)


def _people(wanted: Iterable[Holder], scope: Scope, organization_id: str | None, asked: Asked) -> list[str]:
    """Everybody with one of these roles, in that position and for that organization; deputies behind the others."""
    found: list[str] = []
    for one in wanted:
        if one.role == roles.PRODUCER:
            found += asked.members(organization_id)
            continue
        found += [
            grant.user_id
            for grant in asked.grants(one.role, organization_id)
            if one.position in (None, grant.position) and grant.reaches(organization_id, scope)
        ]
    return list(dict.fromkeys(found))


def _producers(row: CaseRow, definition: Definition, asked: Asked) -> list[str]:
    """Whose data it is: the organization's producers, whoever else may submit it, and who submitted it last."""
    submit = definition.transitions.get("submit")
    others = _people(submit.who(), submit.scope, row.organization_id, asked) if submit is not None else []
    last = cases.last_events([row.id], ("submit",)).get(row.id)
    found = [*([last.actor_id] if last is not None else []), *asked.members(row.organization_id), *others]
    return list(dict.fromkeys(found))


def _escalation(
    row: CaseRow, definition: Definition, here: Place, asked: Asked, told: set[str]
) -> list[dict[str, Any]]:
    """Who is told one after another once it is late; a position nobody holds is passed over.

    Behind the producer stands whoever returned it (of a draft: the first stage), then the positions above.
    """
    steps: list[dict[str, Any]] = []
    for label, people in _ladder(row, definition, here, asked):
        new = [person for person in people if person not in told]
        told.update(new)
        if new:
            steps.append({"label": label.to_dict(), "people": new})
    return steps


def _ladder(row: CaseRow, definition: Definition, here: Place, asked: Asked) -> Iterable[tuple[Text, list[str]]]:
    stage = _answerable(definition, here)
    if stage is None:
        return
    organization_id = row.organization_id
    if here.state in WITH_PRODUCER:
        yield definition.role_label(stage.role), _people(stage.who(), stage.scope, organization_id, asked)
    for position in definition.escalation(stage):
        holder = Holder(stage.role, position)
        yield definition.holder_label(holder), _people([holder], stage.scope, organization_id, asked)


def _answerable(definition: Definition, here: Place) -> Stage | None:
    """The stage whose ladder counts: in review the present one, behind the producer the one that asked for the work,
    and for publishing one made of those who publish."""
    if here.state == "in_review":
        return definition.stage(here.stage)
    if here.state == "verified":
        wanted = engine.waiting_roles(definition, here.state, None)
        positions = tuple(one.position for one in wanted if one.position is not None)
        rule = definition.transitions.get("publish")
        scope = rule.scope if rule is not None else "organization"
        return Stage("", Text("", ""), wanted[0].role, positions, scope=scope) if wanted else None
    return definition.stage(here.stage) or next((stage for stage in definition.stages if not stage.relay), None)


def _batch(row: CaseRow, stage: Stage | None, definition: Definition) -> dict[str, Any] | None:
    """The batch a stage waits for, or has just begun with; ``None`` for a case that goes its own way."""
    batch = model.Session.get(BatchRow, row.batch_id) if row.batch_id is not None else None
    if stage is None or stage.start_when != "all_submitted" or batch is None or batch.closed is not None:
        return None
    waiting = batches.is_waiting(row, stage, definition)
    if not waiting and not _begins(row, stage):
        return None
    here = [one for one in batches.members(row.batch_id) if one.state == "in_review" and one.stage == stage.key]
    return {"id": batch.id, "title": batch.title, "count": len(here), "waiting": waiting}


def _begins(row: CaseRow, stage: Stage) -> bool:
    """Whether the case stands at the stage since the batch began there: who comes back later comes alone."""
    begun = cases.last_events([row.id], (batches.BEGUN,)).get(row.id)
    return begun is not None and begun.to_stage == stage.key and begun.created >= row.since
