"""Who may read the files of a dataset; previews that only those get."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.access import origins, reading, telling
from ckanext.satudata.publication.access.logic import schema


@tk.side_effect_free
def satudata_access_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """For whom the files of a dataset are, and whether the caller is among them.

    :param id: id or name of the dataset
    :type id: string

    For everybody who may read the dataset.

    :returns: ``{"dataset_id", "access": "terbuka" | "terbatas" | "tertutup", "limited": bool, "may_read_files": bool,
        "shared_with": {"organizations": [{"id", "title"}] (the owner first), "roles": [{"key", "label"}]}, "message":
        why the caller gets no files and whom to ask, or null}``
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset
    :raises NotAuthorized: the reader may not read the dataset
    """
    data = asking.validated(data_dict, schema.access_show(), context)
    tk.check_access("satudata_access_show", context, data)
    found = guard.standing(data["id"])
    shared = reading.of_dataset(found.id) if found is not None else None
    if shared is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return telling.answer(context, shared)


@tk.chained_action
@tk.side_effect_free
def resource_view_list(up: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; who may not read the file gets no previews of it. The page of the file stays readable."""
    found = up(context, data_dict)
    if not found or context.get("ignore_auth"):
        return found
    shared = reading.of_resource(data_dict.get("id"))
    may = shared is None or reading.may_read_files(roles.user_id_of(context.get("user")), shared)
    return found if may else []


@tk.chained_action
@tk.side_effect_free
def resource_search(up: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; where a limited file was fetched from is told to whoever may read the file."""
    found = up(context, data_dict)
    if not context.get("ignore_auth") and not context.get("search_query"):
        origins.hide_from(context.get("user"), found["results"])
    return found


@tk.chained_action
@tk.side_effect_free
def dataset_followee_list(up: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; where a limited file was fetched from is told to whoever may read the file."""
    found = up(context, data_dict)
    if not context.get("ignore_auth"):
        origins.hide_from(context.get("user"), _files_of(found))
    return found


@tk.chained_action
@tk.side_effect_free
def followee_list(up: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; where a limited file was fetched from is told to whoever may read the file."""
    asked_freely = context.get("ignore_auth")  # CKAN switches it on while it answers
    found = up(context, data_dict)
    if not asked_freely:
        origins.hide_from(context.get("user"), _files_of(one["dict"] for one in found))
    return found


def _files_of(datasets: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [resource for dataset in datasets for resource in dataset.get("resources") or []]
