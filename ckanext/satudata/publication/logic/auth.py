"""Who may do what publication offers; and one of CKAN's rules made strict."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.plugins import get_permission_labels

from ckanext.satudata.bridge import asking, reviewing, roles
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.copies import finding

Answer = dict[str, Any]
WALIDATA = "walidata"


def _is_walidata(context: Any, organization_id: str | None) -> bool:
    user_id = roles.user_id_of(context.get("user"))
    if user_id is None:
        return False
    return any(grant.role == WALIDATA and grant.covers(organization_id) for grant in roles.roles_of(user_id))


def satudata_prioritas_set(context: Any, data_dict: dict[str, Any]) -> Answer:
    """The walidata of the dataset's organization."""
    found = guard.standing(data_dict.get("id"))
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    if _is_walidata(context, found.owner_org):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the walidata marks Data Prioritas.")}


def satudata_enforcement_set(context: Any, _data_dict: dict[str, Any]) -> Answer:
    """The walidata of the whole portal."""
    if _is_walidata(context, None):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the walidata switches the rules on or off.")}


def satudata_enforcement_list(context: Any, data_dict: dict[str, Any]) -> Answer:
    """The walidata of the whole portal."""
    return satudata_enforcement_set(context, data_dict)


def satudata_office_move(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    """The program itself, and sysadmins."""
    return {"success": False}


def satudata_office_index(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    """The program itself, and sysadmins."""
    return {"success": False}


def satudata_copy_create(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Whoever may change the dataset."""
    tk.check_access("package_update", guard.without_transaction(context), {"id": data_dict["id"]})
    return {"success": True}


def satudata_copy_update(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Whoever may change the dataset."""
    return satudata_copy_create(context, data_dict)


def satudata_copy_discard(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Whoever may change the dataset."""
    return satudata_copy_create(context, data_dict)


def satudata_minor_change(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Whoever may change the dataset."""
    return satudata_copy_create(context, data_dict)


def satudata_copy_show(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Members of the organization and who reviews the copy; of a closed copy, those of its dataset."""
    standing, closed = _of_copy(context, data_dict)
    there = finding.open_of(standing.id) if not closed else None
    asked_for = there.copy_id if there is not None else standing.id
    return {"success": reviewing.is_inside(asking.reader(context), asked_for, standing.owner_org)}


def satudata_copy_list(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Members of the organization and its reviewers."""
    standing, _closed = _of_copy(context, data_dict)
    return {"success": reviewing.is_inside(asking.reader(context), standing.id, standing.owner_org)}


def _of_copy(context: Any, data_dict: dict[str, Any]) -> tuple[guard.Standing, bool]:
    """The dataset that is asked about, when the reader may read it; and whether a closed copy led to it."""
    found = finding.by_reference(data_dict["id"])
    closed = found is not None and found.state != finding.OPEN
    standing = guard.standing(found.dataset_id if found is not None and closed else data_dict["id"])
    if standing is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    tk.check_access("package_show", guard.without_transaction(context), {"id": standing.id})
    return standing, closed


@tk.auth_allow_anonymous_access
def satudata_version_list(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Everybody who may read the dataset."""
    tk.check_access("package_show", guard.without_transaction(context), {"id": data_dict["id"]})
    return {"success": True}


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def activity_diff(up: Any, context: Any, data_dict: Any) -> Any:
    """As in CKAN, and the *earlier* activity must be readable too: the answer holds both versions."""
    answer = up(context, data_dict)
    if not answer.get("success"):
        return answer
    earlier = _activity_before(data_dict.get("id"))
    if earlier is None or _may_read(context, earlier):
        return answer
    return {"success": False, "msg": tk._("Unauthorized to view activity data")}


activity_diff.satudata_needs = "activity"  # pyright: ignore[reportFunctionMemberAccess]


def _activity_before(activity_id: Any) -> Any:
    from ckan import model
    from ckanext.activity.model import Activity

    activity = Activity.get(activity_id)
    if activity is None:
        return None
    return (
        model.Session.query(Activity)
        .filter(Activity.object_id == activity.object_id, Activity.timestamp < activity.timestamp)
        .order_by(Activity.timestamp.desc())
        .first()
    )


def _may_read(context: Any, activity: Any) -> bool:
    user_id = roles.user_id_of(context.get("user"))
    if roles.is_sysadmin(user_id):
        return True
    labels = get_permission_labels().get_user_dataset_labels(context.get("auth_user_obj"))
    return any(label in labels for label in activity.permission_labels or [])
