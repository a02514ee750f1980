"""Lists of grants: searched, filtered, in words; all people and offices of a page in one query each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.people import days, grants, vocabulary
from ckanext.satudata.people.model import GrantRow
from ckanext.satudata.people.reach import Reach

Condition = sa.sql.ColumnElement[bool]
STATUSES = ("active", "upcoming", "ended")


def find(data: dict[str, Any], reach: Reach) -> list[GrantRow]:
    """Grants by user, role, organization, newest first; those that hold or will hold, or all."""
    query = sa.select(GrantRow).where(*_wanted(data, reach)).order_by(GrantRow.created.desc(), GrantRow.id)
    if not data.get("ended"):
        query = query.where(sa.not_(_status("ended")))
    return list(model.Session.execute(query).scalars())


def search(data: dict[str, Any], reach: Reach) -> dict[str, Any]:
    """See :func:`satudata_grant_search`."""
    wanted = _wanted(data, reach)
    counts = {status: _count([*wanted, _status(status)]) for status in STATUSES}
    status = data.get("status") or "active"
    query = (
        sa.select(GrantRow)
        .join(model.user_table, model.user_table.c["id"] == GrantRow.user_id, isouter=True)
        .where(*wanted, _status(status))
        .order_by(_sort_name(), GrantRow.role, GrantRow.created, GrantRow.id)
        .limit(data["limit"])
        .offset(data["offset"])
    )
    rows = list(model.Session.execute(query).scalars())
    return {
        "count": counts[status],
        "counts": counts,
        "status": status,
        "limit": data["limit"],
        "offset": data["offset"],
        "results": dictized(rows),
    }


def dictize(grant: GrantRow) -> dict[str, Any]:
    """See :func:`satudata_grant_create`."""
    return dictized([grant])[0]


def dictized(rows: Sequence[GrantRow]) -> list[dict[str, Any]]:
    """Grants in words."""
    people = users({found for row in rows for found in (row.user_id, row.deputy_of) if found})
    titles = organizations.titles({row.organization_id for row in rows if row.organization_id})
    role_words, position_words = vocabulary.labels("roles"), vocabulary.labels("positions")
    return [_dictize(row, people, titles, role_words, position_words) for row in rows]


def users(ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """``{"id", "name", "display_name"}`` by id."""
    if not ids:
        return {}
    query = sa.select(model.User).where(model.User.id.in_(ids))
    found = {user.id: user for user in model.Session.execute(query).scalars()}
    return {
        user_id: {
            "id": user_id,
            "name": found[user_id].name if user_id in found else None,
            "display_name": found[user_id].display_name if user_id in found else None,
        }
        for user_id in ids
    }


def _dictize(
    grant: GrantRow,
    people: dict[str, dict[str, Any]],
    titles: dict[str, str],
    role_words: dict[str, str],
    position_words: dict[str, str],
) -> dict[str, Any]:
    position, kind = grant.position, grant.deputy_kind
    status = status_of(grant)
    organization = grant.organization_id
    return {
        "id": grant.id,
        "user": people[grant.user_id],
        "role": grant.role,
        "role_label": role_words.get(grant.role, grant.role),
        "position": position,
        "position_label": position_words.get(position, position) if position else None,
        "post": vocabulary.post(grant.role, position, kind),
        "organization": {"id": organization, "title": titles.get(organization, "")} if organization else None,
        "valid_from": iso(grant.valid_from),
        "valid_until": iso(grant.valid_until),
        "first_day": days.first_day(grant.valid_from),
        "last_day": days.last_day(grant.valid_until),
        "letter": grant.letter,
        "active": status == "active",
        "status": status,
        "deputy_kind": kind,
        "deputy_of": people[grant.deputy_of] if grant.deputy_of else None,
        "created": iso(grant.created),
        "ended": iso(grant.ended),
    }


def status_of(grant: GrantRow) -> str:
    """``active``, ``upcoming`` or ``ended``."""
    moment = now()
    if grant.ended is not None or (grant.valid_until is not None and grant.valid_until <= moment):
        return "ended"
    return "active" if grant.valid_from <= moment else "upcoming"


def _status(status: str) -> Condition:
    moment = now()
    over = sa.or_(GrantRow.ended.isnot(None), sa.and_(GrantRow.valid_until.isnot(None), GrantRow.valid_until <= moment))
    if status == "ended":
        return over
    started = GrantRow.valid_from <= moment
    return sa.and_(sa.not_(over), started if status == "active" else sa.not_(started))


def _wanted(data: dict[str, Any], reach: Reach) -> list[Condition]:
    found: list[Condition] = []
    if not reach.everything:
        found.append(GrantRow.organization_id.in_(sorted(reach.organizations)))
    if data.get("user"):
        user = model.User.get(data["user"])
        found.append(GrantRow.user_id == (user.id if user is not None else ""))
    for field in ("role", "position", "deputy_kind"):
        if data.get(field):
            found.append(getattr(GrantRow, field) == data[field])
    if data.get("organization"):
        found.append(GrantRow.organization_id == grants.organization(data["organization"]))
    if data.get("q"):
        found += [_matches(word) for word in str(data["q"]).split()]
    return found


def _matches(word: str) -> Condition:
    """The word stands in the person's name, the post or the office."""
    user, group = model.user_table, model.group_table
    pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    named = sa.or_(user.c["name"].ilike(pattern), user.c["fullname"].ilike(pattern))
    titled = sa.or_(group.c["name"].ilike(pattern), group.c["title"].ilike(pattern))
    keys = [
        column.in_([key for key, label in vocabulary.labels(kind).items() if word.lower() in label.lower()])
        for kind, column in (("roles", GrantRow.role), ("positions", GrantRow.position))
    ]
    return sa.or_(
        GrantRow.user_id.in_(sa.select(user.c["id"]).where(named)),
        GrantRow.organization_id.in_(sa.select(group.c["id"]).where(titled)),
        GrantRow.letter.ilike(pattern),
        *keys,
    )


def _sort_name() -> Any:
    user = model.user_table
    return sa.func.lower(sa.func.coalesce(sa.func.nullif(user.c["fullname"], ""), user.c["name"]))


def _count(conditions: Sequence[Condition]) -> int:
    query = sa.select(sa.func.count()).select_from(GrantRow).where(*conditions)
    return int(model.Session.execute(query).scalar_one())
