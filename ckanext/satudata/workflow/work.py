"""The producer's side: what came back, what waits, drafts; and what a user may do at all."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations as offices
from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.workflow import cases, definitions, desk, status
from ckanext.satudata.workflow.model import CaseRow, EventRow

# List → its states, and how it is sorted: the oldest return is mended first, elsewhere the newest is looked for.
LISTS: dict[str, tuple[tuple[str, ...], Any]] = {
    "returned": (("revision",), CaseRow.since.asc()),
    "drafts": (("draft",), CaseRow.since.desc()),
    "waiting": (("in_review", "verified"), CaseRow.since.desc()),
    "published": (("published",), CaseRow.since.desc()),
    "rejected": (("rejected",), CaseRow.since.desc()),
}
NOTED = ("return", "reject")


def my_work(user_id: str, limit: int) -> dict[str, Any]:
    """See :func:`satudata_my_work`."""
    organizations = roles.produces_for(user_id)
    mine = sa.and_(CaseRow.organization_id.in_(organizations), CaseRow.present.is_(True))
    lists: dict[str, list[dict[str, Any]]] = {}
    for name, (states, order) in LISTS.items():
        query = sa.select(CaseRow).where(mine, CaseRow.state.in_(states)).order_by(order, CaseRow.id).limit(limit)
        lists[name] = _items(list(model.Session.execute(query).scalars()) if organizations else [])
    return {"organizations": _organizations(user_id), "counts": _counts(mine) if organizations else _none(), **lists}


def my_grants(user_id: str | None) -> dict[str, Any]:
    """See :func:`satudata_my_grants`."""
    held = roles.roles_of(user_id) if user_id is not None else []
    organizations = _organizations(user_id) if user_id is not None else []
    ids = [organization["id"] for organization in organizations]
    returned = sa.and_(CaseRow.organization_id.in_(ids), CaseRow.present.is_(True), CaseRow.state == "revision")
    query = sa.select(sa.func.count()).select_from(CaseRow).where(returned)
    return {
        "is_reviewer": bool(held),
        "is_producer": bool(organizations),
        "sysadmin": roles.is_sysadmin(user_id),
        "roles": sorted({grant.role for grant in held}),
        "grants": [given for given in _given(user_id) if given["active"]] if held else [],
        "organizations": organizations,
        "waiting_for_me": desk.count_mine(user_id) if user_id is not None else 0,
        "returned_to_me": int(model.Session.execute(query).scalar_one()) if ids else 0,
    }


def _given(user_id: str | None) -> list[dict[str, Any]]:
    return tk.get_action("satudata_grant_list")({"ignore_auth": True}, {"user": user_id})


def _organizations(user_id: str) -> list[dict[str, Any]]:
    places = {place.organization_id: place.capacity for place in roles.memberships_of(user_id)}
    table = model.group_table
    query = sa.select(table.c["id"], table.c["name"], table.c["title"]).where(table.c["id"].in_(list(places)))
    return [
        {"id": found, "name": name, "title": title or name, "capacity": places[found]}
        for found, name, title in model.Session.execute(query.order_by(table.c["title"]))
        if places[found] in roles.PRODUCER_CAPACITIES
    ]


def _none() -> dict[str, int]:
    return dict.fromkeys(LISTS, 0)


def _counts(condition: Any) -> dict[str, int]:
    query = sa.select(CaseRow.state, sa.func.count()).where(condition).group_by(CaseRow.state)
    by_state = {str(row[0]): int(row[1]) for row in model.Session.execute(query)}
    return {name: sum(by_state.get(state, 0) for state in states) for name, (states, _) in LISTS.items()}


def _items(rows: list[CaseRow]) -> list[dict[str, Any]]:
    titles = offices.titles({row.organization_id for row in rows if row.organization_id})
    noted = cases.last_events([row.id for row in rows if row.state in ("revision", "rejected")], NOTED)
    people = status.names({event.actor_id for event in noted.values()})
    return [
        {
            **desk.item(row, titles, mine=row.state in ("draft", "revision")),
            "last_note": _note(row, noted.get(row.id), people),
        }
        for row in rows
    ]


def _note(row: CaseRow, event: EventRow | None, people: dict[str, str]) -> dict[str, Any] | None:
    return status.note_dict(definitions.of_case(row), event, people, language())
