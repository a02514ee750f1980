"""The reviewer's desk: one table, `satudata_case`, answers it all, also with a hundred thousand rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations, roles, terms
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.conditions import is_yes
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import state_label
from ckanext.satudata.workflow import definitions
from ckanext.satudata.workflow.model import CaseRow, StoredDefinition, author

Condition = sa.sql.ColumnElement[bool]

ON_DESK = ("in_review", "verified", "revision")
WORDS = {
    "mine": Text("Giliran saya", "My turn"),
    "verified": Text("Siap terbit", "Ready to publish"),
    "revision": Text("Di Produsen Data, diperbaiki", "With the producer, being mended"),
    "all": Text("Semua", "All"),
}
PRIORITY = "data_prioritas"
WEEK = 5  # working days


def queue(user_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_queue`."""
    grants = roles.roles_of(user_id)
    scope = _scope(user_id, grants)
    mine = _mine(user_id, grants)
    tab = data.get("tab") or ("mine" if grants else "all")
    rows = sa.and_(scope, _tab(tab, mine))
    wanted = sa.and_(rows, *_filters(data))
    count, late, today = model.Session.execute(_totals(wanted)).one()
    query = sa.select(CaseRow).where(wanted).order_by(*_order(data["sort"])).limit(data["limit"]).offset(data["offset"])
    found = list(model.Session.execute(query).scalars())
    titles = organizations.titles({row.organization_id for row in found if row.organization_id})
    turns = {row.id: row for row in found if _is_mine(row, grants)}
    return {
        "count": count,
        "late": late,
        "due_today": today,
        "tab": tab,
        "tabs": _tabs(scope, mine, grants),
        "organizations": _organizations(rows),
        "limit": data["limit"],
        "offset": data["offset"],
        "results": [item(row, titles, mine=row.id in turns) for row in found],
    }


def count_mine(user_id: str) -> int:
    """How many cases wait for this user."""
    grants = roles.roles_of(user_id)
    if not grants:
        return 0
    condition = sa.and_(_scope(user_id, grants), _mine(user_id, grants))
    return int(model.Session.execute(sa.select(sa.func.count()).select_from(CaseRow).where(condition)).scalar_one())


def item(row: CaseRow, titles: dict[str, str], *, mine: bool) -> dict[str, Any]:
    """A row of a list."""
    spoken, definition = language(), definitions.of_case(row)
    stage = definition.stage(row.stage)
    role = engine.turn(definition, row.state, row.stage)
    left = terms.days_left(row.due)
    organization = row.organization_id
    return {
        "id": row.subject_id,
        "title": row.title,
        "url": f"/{row.subject_type}/{row.subject_id}",
        "organization": {"id": organization, "title": titles.get(organization, "")} if organization else None,
        "state": row.state,
        "state_label": state_label(row.state).render(spoken),
        "stage": row.stage,
        "stage_label": stage.label.render(spoken) if stage is not None else None,
        "round": row.round,
        "since": iso(row.since),
        "waiting_days": terms.waiting_days(row.since),
        "due": iso(row.due),
        "due_days": left,
        "group": _group(left),
        "priority": is_yes(row.facts.get(PRIORITY)),
        "turn": {"role": role, "label": definition.role_label(role).render(spoken)} if role else None,
        "mine": mine,
    }


def _scope(user_id: str, grants: Sequence[roles.Grant]) -> Condition:
    present = sa.and_(CaseRow.present.is_(True), CaseRow.state.in_(ON_DESK))
    if roles.is_sysadmin(user_id) or any(grant.organization_id is None for grant in grants):
        return present
    return sa.and_(present, CaseRow.organization_id.in_([grant.organization_id for grant in grants]))


def _mine(user_id: str, grants: Sequence[roles.Grant]) -> Condition:
    """The turn of a role I hold for that organization, and not my own work."""
    parts: list[Condition] = []
    for definition_id, definition in _in_use().items():
        for grant in grants:
            steps = _steps_of(definition, grant)
            place = [] if grant.organization_id is None else [CaseRow.organization_id == grant.organization_id]
            if steps:
                parts.append(sa.and_(CaseRow.definition_id == definition_id, sa.or_(*steps), *place))
    own = sa.exists().where(
        author.c.case_id == CaseRow.id, author.c.round == CaseRow.round, author.c.user_id == user_id
    )
    return sa.and_(sa.or_(sa.false(), *parts), ~own)


def _steps_of(definition: Definition, grant: roles.Grant) -> list[Condition]:
    steps: list[Condition] = []
    keys = [
        stage.key
        for stage in definition.stages
        if stage.role == grant.role
        and (not stage.positions or grant.position in stage.positions)
        and (stage.scope == "organization" or grant.organization_id is None)
    ]
    if keys:
        steps.append(sa.and_(CaseRow.state == "in_review", CaseRow.stage.in_(keys)))
    publish = definition.transitions.get("publish")
    placed = publish is not None and (not publish.positions or grant.position in publish.positions)
    if publish is not None and placed and grant.role in publish.by:
        steps.append(CaseRow.state == "verified")
    return steps


def _is_mine(row: CaseRow, grants: Sequence[roles.Grant]) -> bool:
    role = engine.turn(definitions.of_case(row), row.state, row.stage)
    return any(grant.role == role and grant.covers(row.organization_id) for grant in grants)


def _in_use() -> dict[str, Definition]:
    query = sa.select(StoredDefinition.id).where(
        sa.exists().where(CaseRow.definition_id == StoredDefinition.id, CaseRow.state.in_(ON_DESK))
    )
    return {found: definitions.stored(found) for found in model.Session.execute(query).scalars()}


def _tab(tab: str, mine: Condition) -> Condition:
    if tab == "mine":
        return mine
    if tab == "all":
        return sa.true()
    if tab in ("verified", "revision"):
        return CaseRow.state == tab
    kind, _, key = tab.partition(":")
    if kind == "stage" and key:
        return sa.and_(CaseRow.state == "in_review", CaseRow.stage == key)
    raise tk.ValidationError({"tab": [tk._("There is no such tab.")]})


def _filters(data: dict[str, Any]) -> list[Condition]:
    conditions: list[Condition] = []
    if data.get("organization"):
        group = model.Group.get(data["organization"])
        conditions.append(CaseRow.organization_id == (group.id if group is not None else ""))
    for word in (data.get("q") or "").split():
        conditions.append(CaseRow.title.ilike(f"%{_escaped(word)}%", escape="\\"))
    if data.get("priority"):
        conditions.append(CaseRow.facts[PRIORITY].astext == "true")
    return conditions


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _order(sort: str) -> tuple[Any, ...]:
    waiting = (CaseRow.since.asc(), CaseRow.id)
    return (CaseRow.due.asc().nullslast(), *waiting) if sort == "due" else waiting


def _totals(condition: Condition) -> Any:
    moment = now()
    end = _end_of_today(moment)
    return (
        sa.select(
            sa.func.count(),
            sa.func.count().filter(CaseRow.due < moment),
            sa.func.count().filter(CaseRow.due >= moment, CaseRow.due <= end),
        )
        .select_from(CaseRow)
        .where(condition)
    )


def _end_of_today(moment: datetime) -> datetime:
    days = terms.calendar()
    return days.end_of_day(days.local_date(moment))


def _tabs(scope: Condition, mine: Condition, grants: Sequence[roles.Grant]) -> list[dict[str, Any]]:
    spoken, definition = language(), definitions.current()
    query = sa.select(CaseRow.state, CaseRow.stage, sa.func.count()).where(scope).group_by(CaseRow.state, CaseRow.stage)
    counts: dict[str, int] = {"mine": _count(sa.and_(scope, mine)) if grants else 0}
    labels: dict[str, str] = {}
    for stage in definition.stages:
        labels[f"stage:{stage.key}"] = stage.label.render(spoken)
    for state, stage_key, count in model.Session.execute(query):
        key = f"stage:{stage_key}" if state == "in_review" else state
        labels.setdefault(key, WORDS[state].render(spoken) if state in WORDS else str(stage_key))
        counts[key] = counts.get(key, 0) + count
        counts["all"] = counts.get("all", 0) + count
    order = ["mine", *(key for key in labels if key.startswith("stage:")), "verified", "revision", "all"]
    held = {grant.role for grant in grants}
    my_tabs = {f"stage:{stage.key}" for stage in definition.stages if stage.role in held}
    return [
        {
            "key": key,
            "label": labels.get(key) or WORDS[key].render(spoken),
            "count": counts.get(key, 0),
            "mine": key in my_tabs or key == "mine",
        }
        for key in order
    ]


def _count(condition: Condition) -> int:
    return int(model.Session.execute(sa.select(sa.func.count()).select_from(CaseRow).where(condition)).scalar_one())


def _organizations(condition: Condition) -> list[dict[str, Any]]:
    query = (
        sa.select(CaseRow.organization_id, sa.func.count())
        .where(condition, CaseRow.organization_id.isnot(None))
        .group_by(CaseRow.organization_id)
    )
    counts = {str(row[0]): int(row[1]) for row in model.Session.execute(query)}
    titles = organizations.titles(set(counts))
    rows = [{"id": found, "title": titles.get(found, ""), "count": count} for found, count in counts.items()]
    return sorted(rows, key=lambda row: str(row["title"]).casefold())


def _group(left: int | None) -> str:
    if left is None:
        return "none"
    if left < 0:
        return "late"
    if left == 0:
        return "today"
    return "week" if left <= WEEK else "later"
