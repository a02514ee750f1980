"""Giving and ending roles."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations, roles, terms
from ckanext.satudata.bridge.columns import iso, new_id, now
from ckanext.satudata.people.model import GrantRow


def create(data: dict[str, Any], giver_id: str | None) -> GrantRow:
    """A new grant, not committed; ``ValidationError`` when it makes no sense."""
    user_id = roles.user_id_of(data["user"])
    if user_id is None:
        raise tk.ValidationError({"user": [tk._("This account is not active.")]})
    organization_id = _organization_id(data.get("organization"))
    _check_words(data)
    start = _moment("valid_from", data.get("valid_from"), last=False) or now()
    end = _moment("valid_until", data.get("valid_until"), last=True)
    if end is not None and end <= start:
        raise tk.ValidationError({"valid_until": [tk._("The period ends before it starts.")]})
    same = [
        grant
        for grant in roles.roles_of(user_id)
        if (grant.role, grant.position, grant.organization_id)
        == (data["role"], data.get("position") or None, organization_id)
    ]
    if same and start <= now():
        raise tk.ValidationError({"role": [tk._("This user already holds this role.")]})
    grant = GrantRow(
        id=new_id(),
        user_id=user_id,
        role=data["role"],
        position=data.get("position") or None,
        organization_id=organization_id,
        valid_from=start,
        valid_until=end,
        letter=data.get("letter") or None,
        created=now(),
        created_by=giver_id,
    )
    model.Session.add(grant)
    model.Session.flush()
    return grant


def commit(grant: GrantRow) -> None:
    """Keep it, and let the rest of this request see it."""
    model.Session.commit()
    roles.forget(grant.user_id)


def end(grant_id: str, ender_id: str | None) -> GrantRow:
    """End a grant now, not committed."""
    grant = model.Session.get(GrantRow, grant_id)
    if grant is None:
        raise tk.ObjectNotFound(f"grant {grant_id}")
    if grant.ended is not None:
        raise tk.ValidationError({"id": [tk._("This grant has ended already.")]})
    grant.ended, grant.ended_by = now(), ender_id
    model.Session.flush()
    return grant


def find(data: dict[str, Any]) -> list[GrantRow]:
    """Grants by user, role, organization; those that hold or will hold, or all."""
    query = sa.select(GrantRow).order_by(GrantRow.created.desc(), GrantRow.id)
    if data.get("user"):
        user = model.User.get(data["user"])
        query = query.where(GrantRow.user_id == (user.id if user is not None else ""))
    if data.get("role"):
        query = query.where(GrantRow.role == data["role"])
    if data.get("organization"):
        query = query.where(GrantRow.organization_id == _organization_id(data["organization"]))
    if not data.get("ended"):
        open_end = sa.or_(GrantRow.valid_until.is_(None), GrantRow.valid_until > now())
        query = query.where(GrantRow.ended.is_(None), open_end)
    return list(model.Session.execute(query).scalars())


def dictize(grant: GrantRow) -> dict[str, Any]:
    """See :func:`satudata_grant_create`."""
    user = model.User.get(grant.user_id)
    titles = organizations.titles({grant.organization_id} if grant.organization_id else set())
    moment = now()
    return {
        "id": grant.id,
        "user": {
            "id": grant.user_id,
            "name": user.name if user is not None else None,
            "display_name": user.display_name if user is not None else None,
        },
        "role": grant.role,
        "role_label": _labels("roles").get(grant.role, grant.role),
        "position": grant.position,
        "organization": {"id": grant.organization_id, "title": titles.get(grant.organization_id, "")}
        if grant.organization_id
        else None,
        "valid_from": iso(grant.valid_from),
        "valid_until": iso(grant.valid_until),
        "letter": grant.letter,
        "active": grant.ended is None
        and grant.valid_from <= moment
        and (grant.valid_until is None or grant.valid_until > moment),
        "created": iso(grant.created),
        "ended": iso(grant.ended),
    }


def _labels(kind: str) -> dict[str, str]:
    """What the portal's workflows call their ``roles`` and ``positions``, by key."""
    words = tk.get_action("satudata_workflow_roles")({"ignore_auth": True}, {})
    return {word["key"]: word["label"] for word in words[kind]}


def _check_words(data: dict[str, Any]) -> None:
    known = set(_labels("roles")) - {roles.PRODUCER}
    if data["role"] == roles.PRODUCER:
        sentence = tk._("Produsen Data is not granted: make the user editor or admin of the organization.")
        raise tk.ValidationError({"role": [sentence]})
    if data["role"] not in known:
        sentence = tk._("There is no such role. Roles: {roles}.").format(roles=", ".join(sorted(known)))
        raise tk.ValidationError({"role": [sentence]})
    positions = _labels("positions")
    if data.get("position") and data["position"] not in positions:
        sentence = tk._("There is no such position. Positions: {positions}.").format(positions=", ".join(positions))
        raise tk.ValidationError({"position": [sentence]})


def _organization_id(reference: str | None) -> str | None:
    if not reference:
        return None
    group = model.Group.get(reference)
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        raise tk.ValidationError({"organization": [tk._("There is no such organization.")]})
    return group.id


def _moment(field: str, value: str | None, *, last: bool) -> datetime | None:
    """A date of the portal's zone (its beginning, or with ``last`` its end), or a moment with or without zone."""
    if not value:
        return None
    zone = ZoneInfo(terms.calendar().timezone)
    try:
        if len(value) == len("2026-01-31"):
            day = date.fromisoformat(value) + timedelta(days=1 if last else 0)
            return datetime.combine(day, time(0), zone)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError) as error:
        raise tk.ValidationError({field: [tk._("Write the date as 2026-01-31.")]}) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
