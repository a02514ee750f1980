"""Who has taken a case, so that two people never work on the same thing unknowingly."""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.workflow.model import CaseRow

CLAIMABLE = ("in_review", "verified")


def holder_id(row: CaseRow, definition: Definition) -> str | None:
    """Who holds a case and may still act in it; a claim of somebody who left counts as none."""
    if row.holder_id is None or row.state not in CLAIMABLE:
        return None
    return row.holder_id if still_may(row.holder_id, row, definition) else None


def holder(row: CaseRow, definition: Definition) -> dict[str, Any] | None:
    """``{"id", "name", "since"}`` of who holds a case; for insiders."""
    user = model.User.get(holder_id(row, definition))
    if user is None:
        return None
    return {"id": user.id, "name": user.display_name, "since": iso(row.held_since)}


def still_may(user_id: str, row: CaseRow, definition: Definition) -> bool:
    """Whether a person's account and grants still let them act where the case is now."""
    if roles.user_id_of(user_id) is None:
        return False
    if roles.is_sysadmin(user_id):
        return True
    stage = definition.stage(row.stage) if row.state == "in_review" else None
    rule = definition.transitions.get("publish")
    scope = stage.scope if stage is not None else rule.scope if rule is not None else "organization"
    wanted = engine.waiting_roles(definition, row.state, row.stage)
    return any(
        grant.role == one.role and one.position in (None, grant.position) and grant.reaches(row.organization_id, scope)
        for grant in roles.roles_of(user_id)
        for one in wanted
    )
