"""Who holds which role: grants of reviewers, memberships of producers. Read by SQL, because every slice may ask.

A grant gives a role (``walidata``, ``pembina_data``, …) for one organization or for all. Producers need no grant: who
is editor or admin of an organization in CKAN acts as ``produsen_data`` for its datasets. An organization's admin is
no reviewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import g, has_request_context

PRODUCER = "produsen_data"
PRODUCER_CAPACITIES = ("admin", "editor")

GRANT = sa.table(
    "satudata_grant",
    *(sa.column(name) for name in ("id", "user_id", "role", "position", "organization_id", "letter")),
    sa.column("valid_from", sa.DateTime(timezone=True)),
    sa.column("valid_until", sa.DateTime(timezone=True)),
    sa.column("ended", sa.DateTime(timezone=True)),
)


@dataclass(frozen=True)
class Grant:
    """A role that holds now; ``organization_id`` is ``None`` for all organizations."""

    id: str
    user_id: str
    role: str
    position: str | None
    organization_id: str | None

    def covers(self, organization_id: str | None) -> bool:
        return self.organization_id is None or self.organization_id == organization_id


@dataclass(frozen=True)
class Membership:
    """A user's place in an organization: ``admin``, ``editor`` or ``member``."""

    organization_id: str
    capacity: str


def user_id_of(user: str | None) -> str | None:
    """Id of a user given by id or name; ``None`` for a visitor and for somebody who is not active."""
    found = model.User.get(user) if user else None
    return found.id if found is not None and found.state == model.State.ACTIVE else None


def required_user_id(user: str | None) -> str:
    """As :func:`user_id_of`; ``NotAuthorized`` for a visitor."""
    found = user_id_of(user)
    if found is None:
        raise tk.NotAuthorized(tk._("Log in first."))
    return found


def is_sysadmin(user_id: str | None) -> bool:
    user = model.User.get(user_id) if user_id else None
    return bool(user is not None and user.sysadmin and user.state == model.State.ACTIVE)


def roles_of(user_id: str) -> list[Grant]:
    """The grants of a user that hold at this moment; remembered for the rest of the request."""
    remembered = _remembered()
    if user_id not in remembered:
        remembered[user_id] = _grants(GRANT.c.user_id == user_id)
    return list(remembered[user_id])


def holders_of(role: str, organization_id: str | None) -> list[Grant]:
    """The grants of ``role`` that cover an organization (its own, and those for all)."""
    return _grants(
        GRANT.c.role == role,
        sa.or_(GRANT.c.organization_id.is_(None), GRANT.c.organization_id == organization_id),
    )


def forget(user_id: str) -> None:
    """Call after changing somebody's grants, so that the same request sees it."""
    _remembered().pop(user_id, None)


def memberships_of(user_id: str) -> list[Membership]:
    """The active organizations a user belongs to."""
    member, group = model.member_table, model.group_table
    query = (
        sa.select(member.c["group_id"], member.c["capacity"])
        .join(group, group.c["id"] == member.c["group_id"])
        .where(member.c["table_name"] == "user", member.c["table_id"] == user_id, member.c["state"] == "active")
        .where(group.c["is_organization"].is_(True), group.c["state"] == "active")
    )
    return [Membership(organization, capacity) for organization, capacity in model.Session.execute(query)]


def producers_of(organization_id: str) -> list[str]:
    """Ids of the active editors and admins of an organization.

    Without sysadmins: CKAN makes whoever creates an organization its admin, which does not make them its producer.
    """
    member, user = model.member_table, model.user_table
    query = (
        sa.select(member.c["table_id"])
        .join(user, user.c["id"] == member.c["table_id"])
        .where(member.c["group_id"] == organization_id, member.c["table_name"] == "user")
        .where(member.c["state"] == "active", member.c["capacity"].in_(PRODUCER_CAPACITIES))
        .where(user.c["state"] == "active", user.c["sysadmin"].isnot(True))
    )
    return [found for (found,) in model.Session.execute(query)]


def produces_for(user_id: str) -> list[str]:
    """Organizations for which a user acts as Produsen Data."""
    return [place.organization_id for place in memberships_of(user_id) if place.capacity in PRODUCER_CAPACITIES]


def is_inside(user_id: str | None, organization_id: str | None) -> bool:
    """Whether names and notes may be shown: members of the organization, its reviewers, sysadmins."""
    if user_id is None:
        return False
    if is_sysadmin(user_id) or any(grant.covers(organization_id) for grant in roles_of(user_id)):
        return True
    return any(place.organization_id == organization_id for place in memberships_of(user_id))


def _grants(*conditions: sa.sql.ColumnElement[bool]) -> list[Grant]:
    now = datetime.now(UTC)
    columns = (GRANT.c.id, GRANT.c.user_id, GRANT.c.role, GRANT.c.position, GRANT.c.organization_id)
    query = (
        sa.select(*columns)
        .where(*conditions)
        .where(GRANT.c.user_id.in_(sa.select(model.user_table.c["id"]).where(model.user_table.c["state"] == "active")))
        .where(GRANT.c.ended.is_(None), GRANT.c.valid_from <= now)
        .where(sa.or_(GRANT.c.valid_until.is_(None), GRANT.c.valid_until > now))
        .order_by(GRANT.c.role, GRANT.c.organization_id, GRANT.c.id)
    )
    return [Grant(*row) for row in model.Session.execute(query)]


def _remembered() -> dict[str, list[Grant]]:
    if not has_request_context():
        return {}
    if not hasattr(g, "satudata_grants"):
        g.satudata_grants = {}
    return g.satudata_grants
