"""CKAN's activities, told to each reader without names and addresses that are not for them.

All are as in CKAN otherwise; see :mod:`ckanext.satudata.publication.activities`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.publication import activities

Next = Callable[..., Any]


def _chained_list(name: str) -> Callable[..., Any]:
    @tk.chained_action
    @tk.side_effect_free
    def read(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
        return activities.told(context, up(context, data_dict))

    read.__name__ = read.__qualname__ = name
    read.__doc__ = "As in CKAN; who is neither member nor reviewer reads the office instead of the account."
    return read


package_activity_list = _chained_list("package_activity_list")
organization_activity_list = _chained_list("organization_activity_list")
group_activity_list = _chained_list("group_activity_list")
recently_changed_packages_activity_list = _chained_list("recently_changed_packages_activity_list")
dashboard_activity_list = _chained_list("dashboard_activity_list")


@tk.chained_action
@tk.side_effect_free
def user_activity_list(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without what the account did in offices of which the reader is neither member nor reviewer."""
    return activities.by_account(context, up(context, data_dict))


@tk.chained_action
@tk.side_effect_free
def activity_show(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; who is neither member nor reviewer reads the office instead of the account."""
    return activities.told(context, [up(context, data_dict)])[0]


@tk.chained_action
@tk.side_effect_free
def activity_data_show(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without the account that ``data`` keeps beside the dataset, for who may not know it."""
    found = up(context, data_dict)
    activity = context["activity"]
    of_type = data_dict.get("object_type")
    data = {str(of_type): found} if of_type else found
    shown = activities.told(context, [{"user_id": None, "object_id": activity.object_id, "data": data}])[0]["data"]
    return shown[str(of_type)] if of_type else shown


@tk.chained_action
@tk.side_effect_free
def activity_diff(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without the accounts of both activities, for who may not know them."""
    found = up(context, data_dict)
    return {**found, "activities": activities.told(context, found["activities"])}


for _chained in (
    package_activity_list,
    organization_activity_list,
    group_activity_list,
    recently_changed_packages_activity_list,
    dashboard_activity_list,
    user_activity_list,
    activity_show,
    activity_data_show,
    activity_diff,
):
    _chained.satudata_needs = "activity"  # pyright: ignore[reportFunctionMemberAccess]
