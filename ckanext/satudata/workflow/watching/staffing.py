"""Which posts must be held for the cases that wait, and whose work a person leaves behind. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import aggregate_order_by

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import facts_in, holds
from ckanext.satudata.core.workflow.definition import Definition, Stage, TransitionRule
from ckanext.satudata.core.workflow.states import state_label
from ckanext.satudata.workflow.model import CaseRow, author
from ckanext.satudata.workflow.procedures import definitions

ON_THE_WAY = ("draft", "in_review", "revision", "verified")
SUBMIT = Text("Pengajuan", "Submission")
PUBLISH = Text("Penerbitan", "Publication")


@dataclass(frozen=True)
class Post:
    """A step of a procedure that somebody must be able to take for an organization.

    ``holders``: pairs of role and position (``None``: any); one of them is enough.
    """

    definition: str
    stage: str
    label: Text
    holders: tuple[tuple[str, str | None], ...]
    scope: str
    organization_id: str | None


@dataclass(frozen=True)
class _Group:
    """Cases of one organization that stand at one place and have the same facts, as far as conditions ask."""

    definition: Definition
    state: str
    stage: str | None
    organization_id: str | None
    facts: Mapping[str, Any]
    count: int


def needed() -> list[dict[str, Any]]:
    """See :func:`satudata_staffing_list`."""
    waiting: dict[Post, int] = {}
    for group in _groups():
        for post in _posts(group):
            waiting[post] = waiting.get(post, 0) + group.count
    return [
        {
            "definition": post.definition,
            "stage": post.stage,
            "label": post.label.to_dict(),
            "holders": [{"role": role, "position": position} for role, position in post.holders],
            "scope": post.scope,
            "organization_id": post.organization_id,
            "waiting": count,
        }
        for post, count in waiting.items()
    ]


def _posts(group: _Group) -> Iterator[Post]:
    """Every step from where the cases stand to the end; optional ones are left out by themselves."""
    definition = group.definition
    if group.state in ("draft", "revision"):
        yield from _of_transition(group, "submit", SUBMIT)
    here = definition.order(group.stage) if group.state == "in_review" else -1
    if group.state != "verified":
        for number, stage in enumerate(definition.stages):
            # a return may come by a relay from any stage ahead
            ahead = number >= here or stage.relay
            if ahead and not stage.optional and holds(stage.when, group.facts):
                yield _of_stage(group, stage)
    if definition.publishes:
        yield from _of_transition(group, "publish", PUBLISH)


def _of_stage(group: _Group, stage: Stage) -> Post:
    holders = tuple((holder.role, holder.position) for holder in stage.who())
    return Post(group.definition.key, stage.key, stage.label, holders, stage.scope, group.organization_id)


def _of_transition(group: _Group, name: str, label: Text) -> Iterator[Post]:
    rule: TransitionRule | None = group.definition.transitions.get(name)
    if rule is not None and rule.who():
        holders = tuple((holder.role, holder.position) for holder in rule.who())
        yield Post(group.definition.key, name, label, holders, rule.scope, group.organization_id)


def _groups() -> Iterator[_Group]:
    """Cases that are on their way, a group for all that need the same posts; one query for each version in use."""
    present = (CaseRow.present.is_(True), CaseRow.state.in_(ON_THE_WAY))
    bound = sa.and_(CaseRow.state != "draft", CaseRow.definition_id.isnot(None))
    used = sa.select(CaseRow.definition_id).where(*present, bound).distinct()
    for definition_id in [found for found in model.Session.execute(used).scalars() if found is not None]:
        definition = definitions.stored(definition_id)
        names = sorted({name for stage in definition.stages for name in facts_in(stage.when)})
        yield from _counted(definition, names, sa.and_(*present, bound, CaseRow.definition_id == definition_id))
    yield from _free(present)


def _counted(definition: Definition, names: list[str], wanted: Any) -> Iterator[_Group]:
    facts = [CaseRow.facts[name].label(f"fact_{number}") for number, name in enumerate(names)]
    columns = (CaseRow.organization_id, CaseRow.state, CaseRow.stage, *facts)
    query = sa.select(*columns, sa.func.count()).where(wanted).group_by(*columns)
    for organization_id, state, stage, *values, count in model.Session.execute(query):
        yield _Group(definition, state, stage, organization_id, dict(zip(names, values, strict=True)), count)


def _free(present: tuple[Any, ...]) -> Iterator[_Group]:
    """Drafts follow what would be chosen for them now: one of each office and set of facts is asked for all."""
    free = sa.or_(CaseRow.state == "draft", CaseRow.definition_id.is_(None))
    first = sa.func.array_agg(aggregate_order_by(CaseRow.id, CaseRow.id))[1].label("first")
    grouped = (
        sa.select(first, sa.func.count().label("number"))
        .where(*present, free)
        .group_by(CaseRow.organization_id, CaseRow.facts)
        .subquery()
    )
    query = sa.select(CaseRow, grouped.c.number).join(grouped, grouped.c.first == CaseRow.id)
    for row, count in model.Session.execute(query):
        chosen = definitions.for_row(row)
        if chosen.why is None:
            yield _Group(chosen.definition, "draft", None, row.organization_id, row.facts or {}, count)


def left_behind(user_id: str) -> list[dict[str, Any]]:
    """See :func:`satudata_left_behind`."""
    package = model.package_table
    wrote = sa.exists().where(
        author.c.case_id == CaseRow.id, author.c.user_id == user_id, author.c.round >= CaseRow.round
    )
    began = sa.exists().where(package.c["id"] == CaseRow.subject_id, package.c["creator_user_id"] == user_id)
    query = (
        sa.select(CaseRow)
        .where(CaseRow.present.is_(True), CaseRow.state.in_(ON_THE_WAY))
        .where(sa.or_(wrote, sa.and_(CaseRow.state == "draft", began), CaseRow.holder_id == user_id))
        .order_by(CaseRow.title, CaseRow.id)
    )
    spoken = language()
    return [
        {
            "id": row.subject_id,
            "title": row.title,
            "organization_id": row.organization_id,
            "state": row.state,
            "state_label": state_label(row.state).render(spoken),
            "held": row.holder_id == user_id,
        }
        for row in model.Session.execute(query).scalars()
    ]
