"""Chained core actions that only read, or write down what others read: the side doors are closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import reviewing
from ckanext.satudata.publication import guard, tags

Next = Callable[[Any, dict[str, Any]], Any]


@tk.chained_action
def activity_create(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; what happens to an unapproved dataset stays in our own history (some activities carry no labels)."""
    found = guard.standing(data_dict.get("object_id"))
    if found is not None and found.enforced and (not found.opened or guard.is_passing(found.id)):
        tk.check_access("activity_create", context, data_dict)
        return None
    if found is not None and found.guarded and found.private and _carries_no_labels(data_dict):
        tk.check_access("activity_create", context, data_dict)
        return None
    labels = data_dict.get("permission_labels")
    if isinstance(labels, list):
        # an entry keeps its labels for ever, the right of a reviewer ends
        data_dict["permission_labels"] = [one for one in labels if not str(one).startswith(reviewing.PREFIX)]
    return up(context, data_dict)


def _carries_no_labels(data_dict: dict[str, Any]) -> bool:
    # CKAN labels what it tells of datasets, but not what it tells of their previews: everybody would read those
    return "package" not in str(data_dict.get("activity_type"))


activity_create.satudata_needs = "activity"  # pyright: ignore[reportFunctionMemberAccess]


@tk.chained_action
@tk.side_effect_free
def member_list(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without datasets the reader may not read: CKAN gives the ids of private ones to everybody."""
    found = up(context, data_dict)
    if context.get("ignore_auth") or data_dict.get("object_type") == "user":
        return found
    return [row for row in found if row[1] != "package" or guard.may_read(context, row[0])]


@tk.chained_action
@tk.side_effect_free
def package_relationships_list(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without datasets the reader may not read: CKAN asks about the first one only."""
    found = up(context, data_dict)
    if context.get("ignore_auth"):
        return found
    return [row for row in found if all(guard.may_read(context, row[end]) for end in ("subject", "object"))]


@tk.chained_action
@tk.side_effect_free
def tag_list(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without free tags that only hidden datasets carry."""
    found = up(context, data_dict)
    return found if data_dict.get("vocabulary_id") else tags.only_public(found)


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without free tags that only hidden datasets carry."""
    found = up(context, data_dict)
    return found if data_dict.get("vocabulary_id") else tags.only_public(found)


@tk.chained_action
@tk.side_effect_free
def tag_search(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, without free tags that only hidden datasets carry; ``count`` counts what may be seen."""
    if data_dict.get("vocabulary_id"):
        return up(context, data_dict)
    window = {key: data_dict.pop(key) for key in ("offset", "limit") if key in data_dict}
    found = tags.only_public(up(context, data_dict)["results"])
    first, most = tags.window(window.get("offset"), window.get("limit"), len(found))
    return {"count": len(found), "results": found[first : first + most]}


@tk.chained_action
@tk.side_effect_free
def tag_show(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; a free tag that only hidden datasets carry is not there."""
    found = up(context, data_dict)
    if not found.get("vocabulary_id") and not tags.public_names([found["name"]]):
        raise tk.ObjectNotFound(tk._("Not found"))
    return found
