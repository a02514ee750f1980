"""Who holds which role: grants of reviewers, memberships of producers. Read by SQL, because every slice may ask.

A grant gives a role (``walidata``, ``pembina_data``, …) for one organization or for all. Producers need no grant: who
is editor or admin of an organization in CKAN acts as ``produsen_data`` for its datasets. An organization's admin is
no reviewer. A deputy (Plt, Plh) holds a grant like any other, which names the person whose post it is.

Organizations may stand in a tree (CKAN's own hierarchy of groups). A grant for one of them counts below it only where
a stage says so (scope ``tree``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import g, has_request_context, request

from ckanext.satudata.bridge import unchanged
from ckanext.satudata.core.workflow.definition import POSITIONS, Scope, reaches

PRODUCER = "produsen_data"
PRODUCER_CAPACITIES = ("admin", "editor")

GRANT = sa.table(
    "satudata_grant",
    *(sa.column(name) for name in ("id", "user_id", "role", "position", "organization_id", "letter")),
    *(sa.column(name) for name in ("deputy_of", "deputy_kind")),
    sa.column("valid_from", sa.DateTime(timezone=True)),
    sa.column("valid_until", sa.DateTime(timezone=True)),
    sa.column("ended", sa.DateTime(timezone=True)),
)


READING = ("GET", "HEAD")

# Answers within :func:`remembering`.
_memory: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("satudata_roles", default=None)

# What stands before the post of a deputy: Pelaksana Tugas (post vacant), Pelaksana Harian (its holder is absent).
DEPUTIES = {"plt": "Plt.", "plh": "Plh."}


@dataclass(frozen=True)
class Grant:
    """A role that holds now; ``organization_id`` is ``None`` for all organizations.

    ``deputy_of`` is the id of the person whose post it is, ``deputy_kind`` ``plt`` or ``plh``; ``None`` for one's own.
    """

    id: str
    user_id: str
    role: str
    position: str | None
    organization_id: str | None
    deputy_of: str | None = None
    deputy_kind: str | None = None

    def covers(self, organization_id: str | None, *, tree: bool = False) -> bool:
        """Whether the grant is for this organization or for all; with ``tree`` also for one above it."""
        if self.organization_id is None or self.organization_id == organization_id:
            return True
        return tree and organization_id is not None and self.organization_id in parents_of(organization_id)

    def reaches(self, organization_id: str | None, scope: Scope) -> bool:
        """Whether the grant counts for this organization at a stage with this scope."""
        everywhere = self.organization_id is None
        below = not everywhere and self.organization_id != organization_id
        return self.covers(organization_id, tree=scope == "tree") and reaches(scope, everywhere=everywhere, tree=below)


@dataclass(frozen=True)
class Membership:
    """A user's place in an organization: ``admin``, ``editor`` or ``member``."""

    organization_id: str
    capacity: str


def user_id_of(user: str | None) -> str | None:
    """Id of a user given by id or name; ``None`` for a visitor and for somebody who is not active."""
    found = _account(user)
    return found.id if found is not None and found.active else None


class _Account(NamedTuple):
    id: str
    active: bool
    sysadmin: bool


def _account(reference: str | None) -> _Account | None:
    """What is known of a user given by id or name; asked once within :func:`remembering`."""
    return briefly(("account", reference), lambda: _look_up(reference)) if reference else None


def recognize(user: Any) -> None:
    """Within :func:`remembering`: take over what the caller has read of an account already."""
    if user is not None and getattr(user, "id", None):
        found = _Account(user.id, user.state == model.State.ACTIVE, bool(user.sysadmin))
        for reference in (user.id, user.name):
            briefly(("account", reference), lambda: found)


def told(
    reference: str,
    account: tuple[str, str, bool] | None,
    memberships: Iterable[tuple[str, str]],
    grants: Iterable[Sequence[Any]],
) -> None:
    """Within :func:`remembering`: take over what somebody has asked together: ``(id, state, sysadmin)`` of the account
    with this id or name, ``(organization, capacity)`` of its memberships, and the grants that hold now, each as the
    fields of :class:`Grant`.
    """
    if account is None:
        return
    user_id, state, sysadmin = account
    found = _Account(user_id, state == model.State.ACTIVE, bool(sysadmin))
    for name in (reference, user_id):
        briefly(("account", name), lambda: found)
    briefly(("memberships", user_id), lambda: [Membership(*place) for place in memberships])
    _once(("grants", user_id), lambda: [Grant(*grant) for grant in grants])


def _look_up(reference: str) -> _Account | None:
    user = model.Session.execute(ACCOUNT, {"reference": reference}).first()
    if user is None:
        return None
    found = _Account(user.id, user.state == model.State.ACTIVE, bool(user.sysadmin))
    return briefly(("account", user.id), lambda: found)


def required_user_id(user: str | None) -> str:
    """As :func:`user_id_of`; ``NotAuthorized`` for a visitor."""
    found = user_id_of(user)
    if found is None:
        raise tk.NotAuthorized(tk._("Log in first."))
    return found


def is_sysadmin(user_id: str | None) -> bool:
    found = _account(user_id)
    return bool(found is not None and found.sysadmin and found.active)


def roles_of(user_id: str) -> list[Grant]:
    """The grants of a user that hold at this moment; remembered for the rest of the request."""
    found: list[Grant] = _once(("grants", user_id), lambda: _grants(GRANT.c.user_id == user_id))
    return list(found)


def holders_of(role: str, organization_id: str | None, *, tree: bool = False) -> list[Grant]:
    """The grants of ``role`` that cover an organization (its own and those for all; with ``tree`` those above it)."""
    places = [organization_id, *(parents_of(organization_id) if tree and organization_id else ())]
    return _grants(
        GRANT.c.role == role,
        sa.or_(GRANT.c.organization_id.is_(None), GRANT.c.organization_id.in_([place for place in places if place])),
    )


def grants_at(moment: datetime) -> list[Grant]:
    """Every grant that holds at a moment."""
    return _grants(at=moment)


def anybody_can(role: str, positions: Collection[str], scope: Scope, organization_id: str | None) -> bool:
    """Whether somebody holds this role now, in one of these positions (none named: in any), for this organization.

    ``scope`` is the stage's: ``organization``, ``tree`` or ``all``. Sysadmins do not count: they are no holders.
    """
    wanted = ("anybody", role, tuple(sorted(positions)), scope, organization_id)
    return _once(wanted, lambda: among(_holders(role), role, positions, scope, organization_id))


def among(
    grants: Iterable[Grant], role: str, positions: Collection[str], scope: Scope, organization_id: str | None
) -> bool:
    """As :func:`anybody_can`, among these grants."""
    if role == PRODUCER:
        return organization_id is not None and _is_produced(organization_id)
    return any(
        grant.role == role and (not positions or grant.position in positions) and grant.reaches(organization_id, scope)
        for grant in grants
    )


def _is_produced(organization_id: str) -> bool:
    return _once(("produced", organization_id), lambda: bool(producers_of(organization_id)))


def _holders(role: str) -> list[Grant]:
    return _once(("holders", role), lambda: _grants(GRANT.c.role == role))


def title_of(grant: Grant, label: str | None = None) -> str:
    """What somebody is called by a grant: "Kepala Bidang", "Plt. Kepala Bidang".

    ``label``: the region's word for the post; without it the usual word for the position, else the role.
    """
    usual = POSITIONS.get(grant.position or "")
    post = label or (usual.id if usual is not None else grant.role.replace("_", " ").title())
    return deputy_title(grant.deputy_kind, post)


def deputy_title(kind: str | None, label: str) -> str:
    """A post with "Plt." or "Plh." before it; as it is for ``None``."""
    return f"{DEPUTIES[kind]} {label}" if kind in DEPUTIES else label


def forget(user_id: str) -> None:  # noqa: ARG001
    """Call after changing somebody's grants, so that the same request sees it."""
    remembered = _remembered()
    if remembered is not None:
        remembered.clear()


def parents_of(organization_id: str) -> tuple[str, ...]:
    """Ids of the active organizations above this one, the nearest first; remembered for the rest of the request."""
    return _once(("parents", organization_id), lambda: _climb(organization_id, up=True))


def descendants_of(organization_id: str) -> tuple[str, ...]:
    """Ids of the active organizations below this one, the nearest first; remembered for the rest of the request."""
    return _once(("descendants", organization_id), lambda: _climb(organization_id, up=False))


def _climb(organization_id: str, *, up: bool) -> tuple[str, ...]:
    member, group = model.member_table, model.group_table
    start, step = ("group_id", "table_id") if up else ("table_id", "group_id")
    found: list[str] = []
    level = [organization_id]
    while level:  # a level at a time: trees are shallow, and a circle ends when nothing is new
        query = (
            sa.select(member.c[step])
            .join(group, group.c["id"] == member.c[step])
            .where(member.c[start].in_(level), member.c["table_name"] == "group", member.c["state"] == "active")
            .where(group.c["is_organization"].is_(True), group.c["state"] == "active")
            .order_by(group.c["name"])
        )
        reached = list(dict.fromkeys(model.Session.execute(query).scalars()))
        level = [one for one in reached if one not in found and one != organization_id]
        found += level
    return tuple(found)


def seen_by(grant: Grant) -> tuple[str, ...]:
    """The organizations whose datasets somebody may read by a grant for one of them: it, and those below it when a
    stage of that role counts grants from above."""
    if grant.organization_id is None:
        return ()
    below = descendants_of(grant.organization_id)
    return (grant.organization_id, *(below if below and grant.role in _tree_roles() else ()))


def _tree_roles() -> frozenset[str]:
    words: dict[str, Any] = _once(
        ("words",), lambda: tk.get_action("satudata_workflow_roles")({"ignore_auth": True}, {})
    )
    return frozenset(str(stage["role"]) for stage in words.get("stages", []) if stage.get("scope") == "tree")


def memberships_of(user_id: str) -> list[Membership]:
    """The active organizations a user belongs to."""
    found: list[Membership] = briefly(("memberships", user_id), lambda: _memberships(user_id))
    return list(found)


# As text: asked for with every action, and the rows of users are wide.
ACCOUNT = sa.text('select id, state, sysadmin from "user" where name = :reference or id = :reference limit 1')
MEMBERSHIPS = sa.text(
    """
select m.group_id, m.capacity from member m join "group" g on g.id = m.group_id
 where m.table_name = 'user' and m.table_id = :user and m.state = 'active' and g.is_organization and g.state = 'active'
"""
)


def _memberships(user_id: str) -> list[Membership]:
    found = model.Session.execute(MEMBERSHIPS, {"user": user_id})
    return [Membership(organization, capacity) for organization, capacity in found]


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
    """Whether somebody belongs to an office or reviews for it: may read the names of its officials.

    Who may read one dataset says :mod:`reviewing`.
    """
    if user_id is None:
        return False
    if is_sysadmin(user_id):
        return True
    if any(grant.organization_id is None or organization_id in seen_by(grant) for grant in roles_of(user_id)):
        return True
    return any(place.organization_id == organization_id for place in memberships_of(user_id))


def _grants(*conditions: sa.sql.ColumnElement[bool], at: datetime | None = None) -> list[Grant]:
    # the real clock: nobody gets a role by a moment that was given for something else
    moment = at or datetime.now(UTC)
    columns = (GRANT.c.id, GRANT.c.user_id, GRANT.c.role, GRANT.c.position, GRANT.c.organization_id)
    query = (
        sa.select(*columns, GRANT.c.deputy_of, GRANT.c.deputy_kind)
        .where(*conditions)
        .where(GRANT.c.user_id.in_(sa.select(model.user_table.c["id"]).where(model.user_table.c["state"] == "active")))
        .where(GRANT.c.ended.is_(None), GRANT.c.valid_from <= moment)
        .where(sa.or_(GRANT.c.valid_until.is_(None), GRANT.c.valid_until > moment))
        .order_by(GRANT.c.deputy_kind.isnot(None), GRANT.c.role, GRANT.c.organization_id, GRANT.c.id)
    )
    return [Grant(*row) for row in model.Session.execute(query)]


def _once(key: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """The answer to ``ask``, remembered for the rest of the request or within :func:`remembering`; elsewhere until
    something is written."""
    remembered = _remembered()
    if remembered is None:
        return unchanged.known(("roles", *key), ask)
    if key not in remembered:
        remembered[key] = ask()
    return remembered[key]


def briefly(key: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """As :func:`_once`, but within a request that writes only until it does: accounts, memberships and cases change."""
    remembered = _while_reading()
    if remembered is None:
        return unchanged.known(("roles", *key), ask)
    if key not in remembered:
        remembered[key] = ask()
    return remembered[key]


@contextmanager
def remembering() -> Iterator[None]:
    """Let answers be remembered while this lasts, for work that asks much and changes nothing; within a request too."""
    known = _while_reading()
    token = _memory.set({} if known is None else known)
    try:
        yield
    finally:
        _memory.reset(token)


def _while_reading() -> dict[tuple[Any, ...], Any] | None:
    within = _memory.get()
    if within is None and has_request_context() and request.method in READING:
        return _remembered()
    return within


def _remembered() -> dict[tuple[Any, ...], Any] | None:
    if not has_request_context():
        return _memory.get()
    if not hasattr(g, "satudata_roles"):
        g.satudata_roles = {}
    return g.satudata_roles
