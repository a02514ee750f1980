"""Organizations are merged or split while cases run: datasets, roles and members go where the work goes.

Every dataset moves in a transaction of its own, so a run that was stopped is simply started again: it does what is
left. People get their roles in the new office before the first dataset arrives there, and lose those in the old one
after the last has left.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import OperationalError

from ckanext.satudata.bridge import organizations, roles
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.people import grants, listing, telling
from ckanext.satudata.people.model import GrantRow

CAPACITIES = ("member", "editor", "admin")


def plan(from_id: str, into_id: str, datasets: list[dict[str, Any]], *, people: bool) -> dict[str, Any]:
    """What a move means; see :func:`satudata_office_merge`."""
    titles = organizations.titles({from_id, into_id})
    places = tk.get_action("satudata_case_places")({"ignore_auth": True}, {"ids": [one["id"] for one in datasets]})
    return {
        "from": {"id": from_id, "title": titles.get(from_id, "")},
        "into": {"id": into_id, "title": titles.get(into_id, "")},
        "datasets": [
            {**one, **{key: places.get(one["id"], {}).get(key) for key in ("state", "state_label", "stage_label")}}
            for one in datasets
        ],
        "grants": listing.dictized(_grants_to_move(from_id, into_id)) if people else [],
        "members": _members_to_move(from_id, into_id) if people else [],
        "below": _below(from_id, into_id) if people else [],
    }


def datasets_of(organization_id: str) -> list[dict[str, Any]]:
    """``{"id", "name", "title"}`` of every dataset of an organization that is not deleted, by title."""
    table = model.package_table
    query = sa.select(table.c["id"], table.c["name"], table.c["title"]).where(
        table.c["owner_org"] == organization_id, table.c["state"] != "deleted"
    )
    rows = model.Session.execute(query.order_by(table.c["title"], table.c["id"]))
    return [{"id": found, "name": name, "title": title or name} for found, name, title in rows]


def chosen(organization_id: str, into_id: str, wanted: Sequence[str], match: str | None) -> list[dict[str, Any]]:
    """The datasets that were named, or whose title or name matches; ``ValidationError`` for one that is not there.

    One that has moved to ``into_id`` already is passed over, so that the same list may be given again.
    """
    here = datasets_of(organization_id)
    if match:
        pattern = match.lower() if any(mark in match for mark in "*?[") else f"*{match.lower()}*"
        found = [
            one for one in here if any(fnmatch.fnmatchcase(str(one[key]).lower(), pattern) for key in ("title", "name"))
        ]
        if not found:
            raise tk.ValidationError({"match": [tk._("No dataset of this organization matches.")]})
        return found
    moved = {key for one in datasets_of(into_id) for key in (one["id"], one["name"])}
    known = {key: one for one in here for key in (one["id"], one["name"])}
    missing = [reference for reference in wanted if reference not in known and reference not in moved]
    if missing:
        sentence = tk._("Not of this organization: {datasets}.").format(datasets=", ".join(missing[:20]))
        raise tk.ValidationError({"datasets": [sentence]})
    if not wanted:
        raise tk.ValidationError({"datasets": [tk._("Name the datasets, or give words of their titles.")]})
    found = [known[reference] for reference in dict.fromkeys(wanted) if reference in known]
    return list({one["id"]: one for one in found}.values())


def move_datasets(
    context: dict[str, Any], datasets: Sequence[dict[str, Any]], into_id: str, letter: str | None
) -> tuple[list[str], list[dict[str, str]]]:
    """Move one after another, each committed; ids of the moved ones, and those that could not be moved with why."""
    moved: list[str] = []
    failed: list[dict[str, str]] = []
    inside: dict[str, Any] = {key: context[key] for key in ("user", "satudata_channel") if key in context}
    for one in datasets:
        data = {"id": one["id"], "organization": into_id, "letter": letter}
        try:
            # every call with a context of its own: CKAN leaves things behind in it
            asked: Any = {**inside, "ignore_auth": True}
            if tk.get_action("satudata_office_move")(asked, data)["moved"]:
                moved.append(one["id"])
        except tk.ObjectNotFound:
            model.Session.rollback()  # deleted meanwhile
        except OperationalError as error:  # somebody edits or decides just now
            model.Session.rollback()
            failed.append({"id": one["id"], "title": one["title"], "why": str(error.orig).splitlines()[0]})
    return moved, failed


def bring_people(from_id: str, into_id: str, by_id: str | None) -> None:
    """Give holders and members of one organization the same place in the other; commits."""
    for grant in _grants_to_move(from_id, into_id):
        if _same_at(grant, into_id):
            continue
        copied = {
            column.name: getattr(grant, column.name)
            for column in GrantRow.__table__.columns
            if column.name not in ("id", "organization_id", "created_by", "ended", "ended_by")
        }
        model.Session.add(GrantRow(**copied, id=new_id(), organization_id=into_id, created_by=by_id))
        roles.forget(grant.user_id)
    for place in _members_to_move(from_id, into_id):
        _join(into_id, place["user"]["id"], place["capacity"])
    model.Session.commit()


def close(from_id: str, into_id: str, by_id: str | None, context: dict[str, Any], note: str) -> None:
    """End roles and memberships of an organization that is no more, hang those below it below the new one, keep it as
    a deleted one with a note. Commits."""
    ending = _open_grants(from_id)
    for grant in ending:
        grant.ended, grant.ended_by = now(), by_id
        roles.forget(grant.user_id)
    _hang(from_id, into_id)
    group = model.Group.get(from_id)
    assert group is not None
    group.description = "\n\n".join(part for part in (group.description, note) if part)
    telling.tell({grant.user_id for grant in ending} | set(_members(from_id)), "message", {"text": note}, telling.START)
    model.Session.flush()
    inside: Any = {"user": context["user"], "ignore_auth": True}
    tk.get_action("organization_delete")(inside, {"id": from_id})
    model.Session.commit()


def _open_grants(organization_id: str) -> list[GrantRow]:
    query = sa.select(GrantRow).where(
        GrantRow.organization_id == organization_id,
        GrantRow.ended.is_(None),
        sa.or_(GrantRow.valid_until.is_(None), GrantRow.valid_until > now()),
    )
    return list(model.Session.execute(query.order_by(GrantRow.created, GrantRow.id)).scalars())


def _grants_to_move(from_id: str, into_id: str) -> list[GrantRow]:
    return [grant for grant in _open_grants(from_id) if not _same_at(grant, into_id)]


def _same_at(grant: GrantRow, organization_id: str) -> bool:
    query = sa.select(GrantRow.id).where(
        GrantRow.user_id == grant.user_id,
        GrantRow.role == grant.role,
        grants.same(GrantRow.position, grant.position),
        grants.same(GrantRow.deputy_of, grant.deputy_of),
        GrantRow.organization_id == organization_id,
        grants.overlap(grant.valid_from, grant.valid_until),
    )
    return model.Session.execute(query).first() is not None


def _members(organization_id: str) -> dict[str, str]:
    """Capacities of active users by id; without sysadmins, whose place says nothing."""
    member, user = model.member_table, model.user_table
    query = (
        sa.select(member.c["table_id"], member.c["capacity"])
        .join(user, user.c["id"] == member.c["table_id"])
        .where(member.c["group_id"] == organization_id, member.c["table_name"] == "user")
        .where(member.c["state"] == "active", user.c["state"] == "active", user.c["sysadmin"].isnot(True))
    )
    return {row.table_id: row.capacity for row in model.Session.execute(query)}


def _members_to_move(from_id: str, into_id: str) -> list[dict[str, Any]]:
    """Members whose place in the new organization would be less than it was in the old one."""
    there = _members(into_id)
    wanted = {
        user_id: capacity
        for user_id, capacity in _members(from_id).items()
        if _rank(capacity) > _rank(there.get(user_id))
    }
    people = listing.users(wanted.keys())
    return [{"user": people[user_id], "capacity": capacity} for user_id, capacity in sorted(wanted.items())]


def _rank(capacity: str | None) -> int:
    return CAPACITIES.index(capacity) if capacity in CAPACITIES else -1


def _join(organization_id: str, user_id: str, capacity: str) -> None:
    found = (
        model.Session.query(model.Member)
        .filter_by(group_id=organization_id, table_name="user", table_id=user_id)
        .order_by(model.Member.state)
        .first()
    )
    if found is None:
        group = model.Group.get(organization_id)
        found = model.Member(group=group, table_name="user", table_id=user_id, capacity=capacity)
        model.Session.add(found)
    found.state, found.capacity = "active", capacity


def _below(organization_id: str, into_id: str) -> list[dict[str, Any]]:
    """Organizations directly below one, without the one it is merged into."""
    member, group = model.member_table, model.group_table
    query = (
        sa.select(group.c["id"], group.c["title"], group.c["name"])
        .join(member, member.c["group_id"] == group.c["id"])
        .where(member.c["table_name"] == "group", member.c["table_id"] == organization_id)
        .where(member.c["state"] == "active", group.c["state"] == "active", group.c["id"] != into_id)
    )
    return [{"id": found, "title": title or name} for found, title, name in model.Session.execute(query)]


def _hang(from_id: str, into_id: str) -> None:
    member = model.member_table
    children: Collection[str] = [one["id"] for one in _below(from_id, into_id)]
    if into_id in roles.descendants_of(from_id):
        return  # the new one stands below the old one: CKAN loosens what hung there
    model.Session.execute(
        sa.update(member)
        .where(member.c["table_name"] == "group", member.c["table_id"] == from_id, member.c["state"] == "active")
        .where(member.c["group_id"].in_(list(children)))
        .values(table_id=into_id)
    )
