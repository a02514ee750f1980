"""Whose roles somebody may see and change: a sysadmin all, an organization's admin those of the own organizations.

An admin gives only the roles that a procedure has within an organization (Kepala OPD, Walidata Pendukung), never to
themselves: nobody becomes a reviewer by their own hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.people import vocabulary


@dataclass(frozen=True)
class Reach:
    """``everything``: a sysadmin; otherwise the organizations and roles of an admin, perhaps none."""

    user_id: str | None
    everything: bool
    organizations: frozenset[str]
    roles: frozenset[str]

    @property
    def anything(self) -> bool:
        """Whether there is anything to see."""
        return self.everything or bool(self.organizations)

    def sees(self, organization_id: str | None) -> bool:
        """Whether grants for this organization are shown."""
        return self.everything or organization_id in self.organizations

    def refusal(self, role: str, organization_id: str | None, receiver_id: str | None) -> str | None:
        """Why this role may not be given or ended for this organization; ``None`` when it may."""
        if self.everything:
            return None
        if organization_id is None or organization_id not in self.organizations:
            return tk._("You give roles for your own organization only.")
        if role not in self.roles:
            words = vocabulary.givable()
            given = ", ".join(words[key] for key in sorted(self.roles) if key in words)
            return tk._("This role is given by the administrator of the portal. You may give: {roles}.").format(
                roles=given or "–"
            )
        if receiver_id is not None and receiver_id == self.user_id:
            return tk._("Nobody gives a role to themselves.")
        return None


def of(user_id: str | None) -> Reach:
    """What this user may see and change."""
    if user_id is None:
        return Reach(None, False, frozenset(), frozenset())
    if roles.is_sysadmin(user_id):
        return Reach(user_id, True, frozenset(), frozenset())
    own = [place.organization_id for place in roles.memberships_of(user_id) if place.capacity == "admin"]
    below = [organization for one in own for organization in roles.descendants_of(one)]
    return Reach(user_id, False, frozenset([*own, *below]), vocabulary.delegable())


def of_caller(context: Any) -> Reach:
    """What the caller of an action may see and change; a program that was let through may all."""
    user_id = asking.reader(context)
    return Reach(user_id, True, frozenset(), frozenset()) if context.get("ignore_auth") else of(user_id)
