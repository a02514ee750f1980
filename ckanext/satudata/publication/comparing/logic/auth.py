"""Who may compare two versions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, reviewing
from ckanext.satudata.publication import guard


def satudata_compare(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Members of the organization and its reviewers who may read the dataset; the action asks for the other side."""
    found = guard.standing(data_dict.get("id"))
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    tk.check_access("package_show", guard.without_transaction(context), {"id": found.id})
    if reviewing.is_inside(asking.reader(context), found.id, found.owner_org):
        return {"success": True}
    return {"success": False, "msg": tk._("Only members of the organization and reviewers may compare versions.")}
