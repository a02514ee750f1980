"""Who may ask for what lies behind a link, and who may read what came of it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ckanext.satudata.bridge import asking, reviewing

Answer = Any


def satudata_link_list(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Members of the organization, its reviewers and sysadmins, for datasets they may read."""
    readable = authz.is_authorized("package_show", context, {"id": data_dict["id"]})
    return _inside(context, readable, model.Package.get(data_dict["id"]))


def satudata_link_show(context: Any, data_dict: dict[str, Any]) -> Answer:
    """As the list."""
    readable = authz.is_authorized("resource_show", context, {"id": data_dict["resource_id"]})
    resource = model.Resource.get(data_dict["resource_id"])
    return _inside(context, readable, model.Package.get(resource.package_id) if resource is not None else None)


def satudata_link_fetch(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Who may change the file."""
    return authz.is_authorized("resource_update", context, {"id": data_dict["resource_id"]})


def satudata_link_keep(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Who may change the file."""
    return authz.is_authorized("resource_update", context, {"id": data_dict["resource_id"]})


def _inside(context: Any, readable: Answer, package: Any) -> Answer:
    if not readable.get("success"):
        return readable
    if package is not None and reviewing.is_inside(asking.reader(context), package.id, package.owner_org):
        return {"success": True}
    return {"success": False, "msg": tk._("Only members of the organization and reviewers may read this report.")}
