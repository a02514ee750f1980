"""Who may do what with the versions of a dataset."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles
from ckanext.satudata.publication import guard

Answer = dict[str, Any]
WALIDATA = "walidata"


def satudata_version_restore(context: Any, data_dict: dict[str, Any]) -> Answer:
    """The walidata of the dataset's organization, and whoever may change the dataset."""
    found = guard.standing(data_dict["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    asking = guard.without_transaction(context)
    user_id = roles.user_id_of(context.get("user"))
    grants = roles.roles_of(user_id) if user_id is not None else []
    if any(grant.role == WALIDATA and grant.covers(found.owner_org) for grant in grants):
        tk.check_access("package_show", asking, {"id": found.id})
    else:
        tk.check_access("package_update", asking, {"id": found.id})
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_change_list(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Everybody who may read the dataset."""
    tk.check_access("package_show", guard.without_transaction(context), {"id": data_dict["id"]})
    return {"success": True}


def satudata_series_show(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Members of the organization and its reviewers who may read the dataset."""
    tk.check_access("satudata_copy_show", guard.without_transaction(context), {"id": data_dict["id"]})
    return {"success": True}
