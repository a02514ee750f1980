"""Somebody leaves, or is transferred: roles end, claims are freed, what they began is listed."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations, roles
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.people import grants, listing
from ckanext.satudata.people.model import GrantRow
from ckanext.satudata.people.offices import changes


def plan(user_id: str, organization_id: str | None) -> dict[str, Any]:
    """What leaving means: the whole portal, or one organization only. See :func:`satudata_office_leave`."""
    ending = _ending(user_id, organization_id)
    begun = tk.get_action("satudata_left_behind")({"ignore_auth": True}, {"user": user_id})
    if organization_id is not None:
        begun = [one for one in begun if one["organization_id"] == organization_id]
    places = [
        place
        for place in roles.memberships_of(user_id)
        if organization_id is None or place.organization_id == organization_id
    ]
    titles = organizations.titles({place.organization_id for place in places})
    return {
        "user": listing.users({user_id})[user_id],
        "grants": listing.dictized(ending),
        "memberships": [
            {"organization": {"id": place.organization_id, "title": titles.get(place.organization_id, "")}}
            | {"capacity": place.capacity}
            for place in places
        ],
        "claims": [one for one in begun if one["held"]],
        "begun": [one for one in begun if not one["held"]],
    }


def leave(user_id: str, by_id: str | None, organization_id: str | None, letter: str | None) -> dict[str, Any]:
    """Do it, and write it down; not committed. Nothing to do is fine: then nothing is written."""
    told = plan(user_id, organization_id)
    grants.finish(_ending(user_id, organization_id), by_id)
    _leave_members(user_id, [one["organization"]["id"] for one in told["memberships"]])
    roles.forget(user_id)
    if organization_id is None or told["claims"]:
        _free_claims(user_id)
    if told["grants"] or told["memberships"] or told["claims"]:
        details = {
            "user": user_id,
            "grants": [one["id"] for one in told["grants"]],
            "memberships": told["memberships"],
            "claims": [one["id"] for one in told["claims"]],
            "begun": [one["id"] for one in told["begun"]],
        }
        changes.record("leave", organization_id, None, by_id, letter, details)
    return told


def _ending(user_id: str, organization_id: str | None) -> list[GrantRow]:
    """Own roles, posts as a deputy, and who is Plh for this person: nobody is absent who is gone. A Plt goes on."""
    query = sa.select(GrantRow).where(
        GrantRow.ended.is_(None),
        sa.or_(GrantRow.valid_until.is_(None), GrantRow.valid_until > now()),
        sa.or_(
            GrantRow.user_id == user_id,
            sa.and_(GrantRow.deputy_of == user_id, GrantRow.deputy_kind == "plh"),
        ),
    )
    if organization_id is not None:
        query = query.where(GrantRow.organization_id == organization_id)
    return list(model.Session.execute(query.order_by(GrantRow.created, GrantRow.id)).scalars())


def _leave_members(user_id: str, organization_ids: list[str]) -> None:
    member = model.member_table
    model.Session.execute(
        sa.update(member)
        .where(member.c["table_name"] == "user", member.c["table_id"] == user_id, member.c["state"] == "active")
        .where(member.c["group_id"].in_(organization_ids))
        .values(state="deleted")
    )


def _free_claims(user_id: str) -> None:
    """Who may act no more holds nothing back."""
    try:
        free = tk.get_action("satudata_claims_free")
    except KeyError:
        return
    free({"ignore_auth": True, "defer_commit": True}, {"user": user_id})
