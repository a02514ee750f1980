"""The producer's side: what came back, what waits, drafts; and what a user may do at all."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow.reasons import reason_label
from ckanext.satudata.core.workflow.states import EDITABLE
from ckanext.satudata.workflow.model import EventRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.standing import cases, status
from ckanext.satudata.workflow.worklists import desk, rows, tally
from ckanext.satudata.workflow.worklists.question import Question, both

# List → its states, and how it is sorted: what is due first is done first; what is done is looked for newest first.
LISTS: dict[str, tuple[tuple[str, ...], str]] = {
    "returned": (("revision",), "due, since, id"),
    "drafts": (("draft",), "due, since, id"),
    "waiting": (("in_review", "verified"), "since desc, id"),
    "published": (("published",), "since desc, id"),
    "rejected": (("rejected",), "since desc, id"),
}
NOTED = ("return", "reject")


def my_work(user_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_my_work`."""
    organizations = _organizations(user_id)
    ids = [one["id"] for one in organizations]
    if data.get("organization"):
        group = model.Group.get(data["organization"])
        ids = [one for one in ids if group is not None and one == group.id]
    more = desk.words(data.get("q") or "")
    by_state = (_found(ids, more) if more else tally.by_state(ids)) if ids else {}
    counts = {name: sum(by_state.get(state, 0) for state in states) for name, (states, _) in LISTS.items()}
    lists: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
    for name in [data["list"]] if data.get("list") else list(LISTS):
        if counts[name]:
            lists[name] = _items(_rows(name, ids, more, data), user_id)
    return {"organizations": organizations, "counts": counts, "offset": data["offset"], "limit": data["limit"], **lists}


def my_grants(user_id: str | None, *, details: bool = True) -> dict[str, Any]:
    """See :func:`satudata_my_grants`."""
    held = roles.roles_of(user_id) if user_id is not None else []
    organizations = _organizations(user_id) if user_id is not None else []
    states = tally.by_state([one["id"] for one in organizations]) if organizations else {}
    return {
        "is_reviewer": bool(held),
        "is_producer": bool(organizations),
        "sysadmin": roles.is_sysadmin(user_id),
        "roles": sorted({grant.role for grant in held}),
        "grants": [given for given in _given(user_id) if given["active"]] if held and details else [],
        "organizations": organizations,
        "waiting_for_me": desk.count_mine(user_id) if user_id is not None and held else 0,
        "returned_to_me": states.get("revision", 0),
    }


def _given(user_id: str | None) -> list[dict[str, Any]]:
    return tk.get_action("satudata_grant_list")({"ignore_auth": True}, {"user": user_id})


ORGANIZATIONS = """
select g.id, g.name, coalesce(nullif(g.title, ''), g.name), m.capacity from member m join "group" g on g.id = m.group_id
 where m.table_name = 'user' and m.table_id = {} and m.state = 'active' and m.capacity = any({}) and g.is_organization
   and g.state = 'active' order by 3
"""


def _organizations(user_id: str) -> list[dict[str, Any]]:
    ask = Question()
    text = ORGANIZATIONS.format(ask.value(user_id), ask.value(list(roles.PRODUCER_CAPACITIES)))
    return [
        {"id": found, "name": name, "title": title, "capacity": capacity}
        for found, name, title, capacity in ask.rows(text)
    ]


def _condition(ask: Question, ids: list[str], more: list[tuple[str, Any]]) -> str:
    words = [text.format(ask.value(value)) for text, value in more]
    return both("present", f"organization_id = any({ask.value(ids)})", *words)


def _found(ids: list[str], more: list[tuple[str, Any]]) -> dict[str, int]:
    ask = Question()
    return dict(
        tuple(row)
        for row in ask.rows(f"select state, count(*) from satudata_case where {_condition(ask, ids, more)} group by 1")
    )


def _rows(name: str, ids: list[str], more: list[tuple[str, Any]], data: dict[str, Any]) -> list[rows.Listed]:
    states, order = LISTS[name]
    ask = Question()
    ids_of = (
        f"select id from satudata_case where {_condition(ask, ids, more)} and state = any({ask.value(list(states))})"
        f" order by {order} limit {ask.value(data['limit'])} offset {ask.value(data['offset'])}"
    )
    return rows.listed(ask, ids_of, order)


def _items(found: list[rows.Listed], user_id: str) -> list[dict[str, Any]]:
    noted = cases.last_events([row.id for row in found if row.state in ("revision", "rejected")], NOTED)
    people = status.names({event.actor_id for event in noted.values()})
    items = rows.items(found, user_id, mine={row.id for row in found if row.state in EDITABLE})
    return [
        {**item, "last_note": _note(row, noted.get(row.id), people)} for row, item in zip(found, items, strict=True)
    ]


def _note(row: rows.Listed, event: EventRow | None, people: dict[str, str]) -> dict[str, Any] | None:
    told = status.note_dict(definitions.of_case(row), event, people, language())
    if told is None or event is None:
        return None
    code = event.reason_code
    return {
        **told,
        "reason_code": code,
        "reason_label": reason_label(code).render(language()) if code else None,
        "notes": len((event.details or {}).get("notes") or []),
    }
