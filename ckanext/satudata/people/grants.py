"""Giving, ending and giving back roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.people import days, telling, vocabulary
from ckanext.satudata.people.model import GrantRow


class AlreadyHeld(tk.ValidationError):
    """The user holds this role in this period already."""

    def __init__(self) -> None:
        super().__init__({"role": [tk._("This user already holds this role.")]})


def create(data: dict[str, Any], giver_id: str | None, *, tell: bool = True) -> GrantRow:
    """A new grant, not committed, its holder told; ``ValidationError`` when it makes no sense."""
    user_id = active_user(data["user"])
    organization_id = organization(data.get("organization"))
    position = data.get("position") or None
    vocabulary.check(data["role"], position)
    start = days.moment("valid_from", data.get("valid_from"), last=False) or now()
    end = days.moment("valid_until", data.get("valid_until"), last=True)
    check_period(start, end)
    hold(user_id)
    if _holds(user_id, data["role"], position, organization_id, start, end):
        raise AlreadyHeld
    grant = GrantRow(
        id=new_id(),
        user_id=user_id,
        role=data["role"],
        position=position,
        organization_id=organization_id,
        valid_from=start,
        valid_until=end,
        letter=data.get("letter") or None,
        created=now(),
        created_by=giver_id,
    )
    add(grant)
    if tell:
        telling.about("grant_given", [grant])
    return grant


def add(grant: GrantRow) -> GrantRow:
    """Write a grant; the caller commits."""
    model.Session.add(grant)
    model.Session.flush()
    roles.forget(grant.user_id)
    return grant


def commit(grant: GrantRow) -> None:
    """Keep it, and let the rest of this request see it."""
    model.Session.commit()
    roles.forget(grant.user_id)


def get(grant_id: str) -> GrantRow:
    """The grant with this id; ``ObjectNotFound``."""
    grant = model.Session.get(GrantRow, grant_id)
    if grant is None:
        raise tk.ObjectNotFound(f"grant {grant_id}")
    return grant


def end(grant_id: str, ender_id: str | None) -> GrantRow:
    """End a grant now, not committed. A Plh for it ends too: there is nobody absent any more."""
    grant = get(grant_id)
    if grant.ended is not None:
        raise tk.ValidationError({"id": [tk._("This grant has ended already.")]})
    finish([grant], ender_id)
    if grant.deputy_kind is None:
        finish(standing_in(grant), ender_id)
    return grant


def finish(ending: Sequence[GrantRow], ender_id: str | None) -> None:
    """End these grants now and tell their holders; the caller commits."""
    for grant in ending:
        grant.ended, grant.ended_by = now(), ender_id
        roles.forget(grant.user_id)
    model.Session.flush()
    telling.about("grant_ended", [grant for grant in ending if grant.deputy_kind is None])
    telling.about("deputy_ended", [grant for grant in ending if grant.deputy_kind is not None])


def standing_in(grant: GrantRow) -> list[GrantRow]:
    """The Plh who stand in for the holder of this grant, now or later."""
    query = sa.select(GrantRow).where(
        GrantRow.deputy_of == grant.user_id,
        GrantRow.deputy_kind == "plh",
        GrantRow.role == grant.role,
        same(GrantRow.position, grant.position),
        same(GrantRow.organization_id, grant.organization_id),
        GrantRow.ended.is_(None),
    )
    return list(model.Session.execute(query).scalars())


def restore(grant_id: str, giver_id: str | None) -> GrantRow:
    """Give back what was ended by mistake: a new grant like the old one, from now on; not committed."""
    old = get(grant_id)
    if old.deputy_kind is not None:
        raise tk.ValidationError({"id": [tk._("A deputy is appointed anew, with a letter.")]})
    if old.ended is None:
        raise tk.ValidationError({"id": [tk._("This grant has not ended.")]})
    if old.valid_until is not None and old.valid_until <= now():
        raise tk.ValidationError({"id": [tk._("The period of this grant is over. Give the role anew.")]})
    data = {
        "user": old.user_id,
        "role": old.role,
        "position": old.position,
        "organization": old.organization_id,
        "valid_from": old.valid_from.isoformat() if old.valid_from > now() else None,
        "valid_until": old.valid_until.isoformat() if old.valid_until is not None else None,
        "letter": old.letter,
    }
    return create(data, giver_id)


def active_user(reference: str, field: str = "user") -> str:
    """Id of an active user by id or name; ``ValidationError`` otherwise."""
    user_id = roles.user_id_of(reference)
    if user_id is None:
        raise tk.ValidationError({field: [tk._("This account is not active.")]})
    return user_id


def organization(reference: str | None, field: str = "organization") -> str | None:
    """Id of an active organization by id or name; ``None`` for none."""
    if not reference:
        return None
    group = model.Group.get(reference)
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        raise tk.ValidationError({field: [tk._("There is no such organization.")]})
    return group.id


def check_period(start: datetime, end: datetime | None) -> None:
    """``ValidationError`` for a period that is empty."""
    if end is not None and end <= start:
        raise tk.ValidationError({"valid_until": [tk._("The period ends before it starts.")]})


def overlap(start: datetime, end: datetime | None) -> sa.sql.ColumnElement[bool]:
    """Grants that are not ended and hold at some moment of this period."""
    open_end = sa.or_(GrantRow.valid_until.is_(None), GrantRow.valid_until > start)
    begins = sa.true() if end is None else GrantRow.valid_from < end
    return sa.and_(GrantRow.ended.is_(None), open_end, begins)


def same(column: Any, value: str | None) -> Any:
    """The column holds this value; nothing counts as a value too."""
    return column.isnot_distinct_from(value)


def hold(user_id: str) -> None:
    """Let nobody else give this user a role until the transaction ends, so that nothing is given twice."""
    model.Session.execute(sa.text("select pg_advisory_xact_lock(7390021, hashtext(:user))"), {"user": user_id})


def _holds(
    user_id: str, role: str, position: str | None, organization_id: str | None, start: datetime, end: datetime | None
) -> bool:
    query = sa.select(GrantRow.id).where(
        GrantRow.user_id == user_id,
        GrantRow.role == role,
        same(GrantRow.position, position),
        same(GrantRow.organization_id, organization_id),
        GrantRow.deputy_kind.is_(None),
        overlap(start, end),
    )
    return model.Session.execute(query).first() is not None
