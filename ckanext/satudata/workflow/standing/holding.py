"""Who works on a dataset, and what the reader of its page may do about that."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.sharing import claim_work, claims
from ckanext.satudata.workflow.standing import cases, situation, status
from ckanext.satudata.workflow.standing.cases import Loaded

# A list to choose from, not a telephone book.
MOST_PEOPLE = 40


def view(loaded: Loaded, user_id: str) -> dict[str, Any]:
    """``{"shown", "mine": bool, "name", "since", "can_claim", "can_release", "can_take_over": bool, "people":
    [{"id", "name", "title"}] to whom the reader may hand it}``; ``shown``: any of it is worth a word."""
    row, definition = loaded.row, loaded.definition
    if not loaded.stored or row.state not in claims.CLAIMABLE:
        return {"shown": False, "mine": False, "name": None, "people": []}
    holder = claims.holder(row, definition)
    mine = holder is not None and holder["id"] == user_id
    leads = claim_work.leads(loaded, user_id)
    may_act = not acting.why_not(loaded, user_id, ignoring={claim_work.HELD}, as_sysadmin=False)
    people = _people(loaded, user_id) if mine or (leads and (holder is not None or may_act)) else []
    return {
        "shown": holder is not None or may_act or bool(people),
        "mine": mine,
        "name": holder["name"] if holder is not None else None,
        "since": holder["since"] if holder is not None else None,
        "can_claim": holder is None and may_act,
        "can_release": holder is not None and (mine or leads),
        "can_take_over": holder is not None and not mine and leads and may_act,
        "people": people,
    }


def _people(loaded: Loaded, user_id: str) -> list[dict[str, Any]]:
    """Everybody else who could decide at the present step."""
    row, definition = loaded.row, loaded.definition
    titles: dict[str, str] = {}
    for one in engine.waiting_roles(definition, row.state, row.stage):
        for grant in roles.holders_of(one.role, row.organization_id, tree=True):
            if one.position in (None, grant.position) and grant.user_id != user_id:
                label = definition.position_label(grant.position) if grant.position else definition.role_label(one.role)
                titles.setdefault(grant.user_id, roles.title_of(grant, label.render(status.language())))
    case = situation.core_case(row, definition)
    able = [person for person in list(titles)[:MOST_PEOPLE] if _could_decide(loaded, case, person)]
    names = status.names(set(able))
    found = [{"id": person, "name": names[person], "title": titles[person]} for person in able if person in names]
    return sorted(found, key=lambda one: str(one["name"]).casefold())


def _could_decide(loaded: Loaded, case: Any, user_id: str) -> bool:
    options = engine.available(loaded.definition, case, cases.actor(user_id, loaded.row), loaded.facts, {})
    barring = acting.PERSONAL - {claim_work.HELD}
    steps = [one for one in options if one.transition in acting.STEPS.get(loaded.row.state, ())]
    return any(one.mine and not any(reason.code in barring for reason in one.reasons) for one in steps)
