"""Who may give and end roles: sysadmins, and for their own organization its admins (see :mod:`reach`)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.people import deputies, grants, reach
from ckanext.satudata.people.model import GrantRow

Answer = dict[str, Any]


def satudata_grant_create(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Without a role: whether the user may give any."""
    mine = _reach(context)
    if not data_dict.get("role"):
        return _answer(mine.anything)
    return _giving(mine, data_dict["role"], data_dict.get("organization"), data_dict.get("user"))


def satudata_grant_list(context: Any, _data_dict: dict[str, Any]) -> Answer:
    return _answer(_reach(context).anything)


def satudata_grant_search(context: Any, data_dict: dict[str, Any]) -> Answer:
    return satudata_grant_list(context, data_dict)


def satudata_grant_import(context: Any, data_dict: dict[str, Any]) -> Answer:
    return satudata_grant_list(context, data_dict)


def satudata_grant_end(context: Any, data_dict: dict[str, Any]) -> Answer:
    mine = _reach(context)
    grant = model.Session.get(GrantRow, data_dict["id"]) if data_dict.get("id") else None
    if grant is None:
        return _answer(mine.everything)
    return _refused(mine.refusal(grant.role, grant.organization_id, None))


def satudata_grant_restore(context: Any, data_dict: dict[str, Any]) -> Answer:
    mine = _reach(context)
    grant = model.Session.get(GrantRow, data_dict["id"]) if data_dict.get("id") else None
    if grant is None:
        return _answer(mine.everything)
    return _refused(mine.refusal(grant.role, grant.organization_id, grant.user_id))


def satudata_deputy_create(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Without a person to replace: whether the user may appoint anybody."""
    mine = _reach(context)
    if mine.everything or not data_dict.get("deputy_of"):
        return _answer(mine.anything)
    if not mine.anything:
        return _answer(False)
    receiver = roles.user_id_of(data_dict.get("user"))
    for role, _position, organization_id in deputies.posts_of(data_dict):
        why = mine.refusal(role, organization_id, receiver)
        if why is not None:
            return _refused(why)
    return _answer(True)


def satudata_deputy_list(context: Any, data_dict: dict[str, Any]) -> Answer:
    return satudata_grant_list(context, data_dict)


def satudata_deputy_end(context: Any, data_dict: dict[str, Any]) -> Answer:
    mine = _reach(context)
    if mine.everything or not mine.anything:
        return _answer(mine.everything)
    for grant in deputies.appointment(data_dict["id"]):
        why = mine.refusal(grant.role, grant.organization_id, None)
        if why is not None:
            return _refused(why)
    return _answer(True)


def satudata_vacancy_list(context: Any, _data_dict: dict[str, Any]) -> Answer:
    mine = _reach(context)
    return _answer(mine.anything or any(grant.role == "walidata" for grant in roles.roles_of(mine.user_id or "")))


def satudata_office_leave(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    return _answer(False)


def satudata_office_rename(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    return _answer(False)


def satudata_office_merge(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    return _answer(False)


def satudata_office_split(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    return _answer(False)


def satudata_office_change_list(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    return _answer(False)


def _reach(context: Any) -> reach.Reach:
    return reach.of(roles.user_id_of(context.get("user")))


def _giving(mine: reach.Reach, role: str, organization: str | None, user: str | None) -> Answer:
    try:
        organization_id = grants.organization(organization)
    except tk.ValidationError:
        organization_id = None
    return _refused(mine.refusal(role, organization_id, roles.user_id_of(user)))


def _answer(success: bool) -> Answer:
    return {"success": success}


def _refused(why: str | None) -> Answer:
    return {"success": True} if why is None else {"success": False, "msg": why}
