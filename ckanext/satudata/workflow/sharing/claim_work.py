"""Taking a case on, giving it back, handing it over; freeing what was claimed by somebody who cannot act any more."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles, terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.definition import LADDERS
from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.model import CaseRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.sharing import claims
from ckanext.satudata.workflow.standing import cases, status
from ckanext.satudata.workflow.standing.cases import Loaded

DAYS_OPTION = "ckanext.satudata.claim_days"
HELD = "held_by_other"

NOTHING = Text(
    "Dataset ini tidak sedang menunggu keputusan, jadi tidak perlu diambil.",
    "This dataset waits for no decision, so there is nothing to take.",
)
TAKEN = Text(
    "Sudah diambil oleh {name}. Minta ia melepasnya, atau minta atasannya mengalihkan kepada Anda.",
    "{name} has taken this already. Ask them to release it, or their superior to hand it to you.",
)
NOT_YOURS = Text(
    "Hanya pemegangnya, atasannya, atau administrator yang dapat melakukan ini.",
    "Only the holder, a superior or an administrator can do this.",
)
UNKNOWN_USER = Text("Tidak ada pengguna “{name}”.", "There is no user “{name}”.")
CANNOT_ACT = Text(
    "{name} tidak dapat memutuskan pada tahap ini, jadi tidak dapat ditugaskan.",
    "{name} cannot decide at this stage, so it cannot be assigned to them.",
)


def claim(loaded: Loaded, user_id: str, channel: str) -> None:
    """Take a case on; nothing happens when one holds it already. The caller commits."""
    row = loaded.row
    _refuse_idle(row)
    holder = claims.holder_id(row, loaded.definition)
    if holder == user_id:
        return
    if holder is not None:
        raise acting.conflict(reason("taken", TAKEN, name=_name(holder)))
    acting.refuse(acting.why_not(loaded, user_id))
    _hold(row, user_id)
    role, position = _acts_as(loaded, user_id)
    events.record(row, "claim", user_id, channel, {"to": user_id}, actor_role=role, actor_position=position)


def release(loaded: Loaded, user_id: str, channel: str, note: str | None = None) -> None:
    """Give a case back; nothing happens when nobody holds it. The caller commits."""
    row = loaded.row
    if row.holder_id is None:
        return
    if row.holder_id != user_id and not leads(loaded, user_id):
        acting.refuse([reason("not_holder", NOT_YOURS)])
    role, position = _acts_as(loaded, user_id)
    told = {"from": row.holder_id}
    free(row)
    events.record(row, "release", user_id, channel, told, note, actor_role=role, actor_position=position)


def assign(loaded: Loaded, user_id: str, to: str, channel: str, note: str | None = None) -> str:
    """Let somebody else work on it (or take it over); id of that person. The caller commits."""
    row = loaded.row
    _refuse_idle(row)
    target = roles.user_id_of(to)
    if target is None:
        raise tk.ValidationError({"user": [UNKNOWN_USER.render(language(), name=to)]})
    holder = claims.holder_id(row, loaded.definition)
    if holder != user_id and not leads(loaded, user_id):
        acting.refuse([reason("not_holder", NOT_YOURS)])
    if acting.why_not(loaded, target, ignoring={HELD}, as_sysadmin=False):
        raise tk.ValidationError({"user": [CANNOT_ACT.render(language(), name=_name(target))]})
    if holder == target:
        return target
    told = {"from": row.holder_id, "to": target}
    _hold(row, target)
    role, position = _acts_as(loaded, user_id)
    event = events.record(row, "assign", user_id, channel, told, note, actor_role=role, actor_position=position)
    _tell(loaded, event.id, "assigned", {target} - {user_id})
    _tell(loaded, event.id, "taken_over", {holder} - {user_id, None})
    return target


def free(row: CaseRow) -> None:
    """Nobody holds it any more. The caller writes why, and commits."""
    row.holder_id, row.held_since = None, None
    model.Session.flush()


def free_of(user_id: str) -> int:
    """Free the cases somebody holds but cannot act in any more (left, moved, grant ended); how many. No commit."""
    return _free_where(sa.select(CaseRow.subject_type, CaseRow.subject_id).where(CaseRow.holder_id == user_id))


def free_stale() -> int:
    """Free every case whose holder cannot act any more, or has had it too long (tick). Commits each; how many."""
    query = sa.select(CaseRow.subject_type, CaseRow.subject_id).where(CaseRow.holder_id.isnot(None))
    days = int(tk.config.get(DAYS_OPTION) or 0)
    return _free_where(query, days=days, commit=True)


def answer(loaded: Loaded) -> dict[str, Any]:
    """See :func:`satudata_claim`."""
    return {"id": loaded.row.subject_id, "holder": claims.holder(loaded.row, loaded.definition)}


def _free_where(query: Any, *, days: int = 0, commit: bool = False) -> int:
    done = 0
    for subject_type, subject_id in list(model.Session.execute(query)):
        row = cases.find(subject_type, subject_id)
        if row is None or not _is_stale(row, days):
            continue
        row = cases.lock(subject_type, subject_id)
        if _is_stale(row, days):
            told = {"from": row.holder_id}
            free(row)
            events.record(row, "release", "", "job", told, automatic=True)
            done += 1
        if commit:
            model.Session.commit()
    return done


def _is_stale(row: CaseRow, days: int) -> bool:
    if row.holder_id is None:
        return False
    if claims.holder_id(row, definitions.of_case(row)) is None:
        return True
    return days > 0 and row.held_since is not None and terms.waiting_days(row.held_since) >= days


def _hold(row: CaseRow, user_id: str) -> None:
    row.holder_id, row.held_since = user_id, now()
    model.Session.flush()


def _refuse_idle(row: CaseRow) -> None:
    if row.state not in claims.CLAIMABLE:
        found: list[Reason] = [reason("nothing_to_claim", NOTHING)]
        acting.refuse(found)


def leads(loaded: Loaded, user_id: str) -> bool:
    """Whether somebody's position is above: head of section or higher, and higher than who holds it."""
    if roles.is_sysadmin(user_id):
        return True
    own = _rank(loaded, user_id)
    holder = loaded.row.holder_id
    return own > 0 and (holder is None or holder == user_id or own > _rank(loaded, holder))


def _rank(loaded: Loaded, user_id: str) -> int:
    """The highest place somebody holds on a ladder of positions, in a role whose turn it is; 0 for the lowest."""
    row = loaded.row
    wanted = {one.role for one in engine.waiting_roles(loaded.definition, row.state, row.stage)}
    return max((_place(held.position) for held in _held(loaded, user_id, wanted)), default=0)


def _place(position: str | None) -> int:
    return max((ladder.index(position) for ladder in LADDERS if position in ladder), default=0)


def _held(loaded: Loaded, user_id: str, wanted: Collection[str]) -> list[Any]:
    return [held for held in cases.actor(user_id, loaded.row).roles if held.role in wanted]


def _tell(loaded: Loaded, event_id: str, key: str, user_ids: Collection[str | None]) -> None:
    row, view = loaded.row, loaded.view
    stage = loaded.definition.stage(row.stage) if row.state == "in_review" else None
    parameters: dict[str, Any] = {"title": view.title, "organization": view.organization_title}
    if stage is not None:
        parameters["stage"] = stage.label.to_dict()
    if row.due is not None:
        parameters["due"] = row.due.isoformat()
    data: dict[str, Any] = {"user_ids": sorted(one for one in user_ids if one), "key": key, "parameters": parameters}
    data.update(link=f"/dataset/{row.subject_id}/tinjau", event_id=event_id)
    data["subject"] = {"type": row.subject_type, "id": row.subject_id}
    if data["user_ids"]:
        tk.get_action("satudata_notify")({"ignore_auth": True, "defer_commit": True}, data)


def _acts_as(loaded: Loaded, user_id: str) -> tuple[str | None, str | None]:
    """Role and position for the history: the highest one in a role whose turn it is."""
    row = loaded.row
    wanted = {one.role for one in engine.waiting_roles(loaded.definition, row.state, row.stage)}
    found = sorted(_held(loaded, user_id, wanted), key=lambda held: -_place(held.position))
    return (found[0].role, found[0].position) if found else (None, None)


def _name(user_id: str) -> str:
    return status.names({user_id}).get(user_id, "?")
