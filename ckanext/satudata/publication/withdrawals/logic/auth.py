"""Who may do what withdrawals offer; and what CKAN answers where something was withdrawn."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz

from ckanext.satudata.publication.withdrawals import tombstones

Answer = Any


@tk.auth_allow_anonymous_access
def satudata_withdrawn_list(_context: Any, _data_dict: dict[str, Any]) -> Answer:
    """Everybody: what was public is known to have been so."""
    return {"success": True}


def satudata_takedown_part(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Whoever may read the dataset; the workflow says who may take the step."""
    return authz.is_authorized("package_show", context, {"id": data_dict["id"]})


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_show(up: Any, context: Any, data_dict: Any) -> Answer:
    """As in CKAN; who may not read a withdrawn dataset is told since when it is gone, why, and whom to ask."""
    answer = up(context, _by_id(context, data_dict))
    if answer.get("success"):
        return answer
    found = tombstones.of_dataset((data_dict or {}).get("id"))
    return answer if found is None else {"success": False, "msg": found.words()}


def _by_id(context: Any, data_dict: Any) -> Any:
    """CKAN has just loaded the dataset by its name; by its id it is found again without two questions more."""
    package = context.get("package")
    if package is not None and (data_dict or {}).get("id") == package.name:
        return {**data_dict, "id": package.id}
    return data_dict


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def resource_show(up: Any, context: Any, data_dict: Any) -> Answer:
    """As in CKAN; also for the files, views and tables of a withdrawn dataset."""
    answer = up(context, data_dict)
    if answer.get("success"):
        return answer
    found = tombstones.of_resource((data_dict or {}).get("id"))
    return answer if found is None else {"success": False, "msg": found.words()}
