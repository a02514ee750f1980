"""CKAN's questions about rows and previews of a file, made as strict as its access class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.publication import guard, words
from ckanext.satudata.publication.access import reading, telling

Answer = dict[str, Any]


@tk.auth_allow_anonymous_access
def satudata_access_show(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Everybody who may read the dataset."""
    tk.check_access("package_show", guard.without_transaction(context), {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_file_read(context: Any, data_dict: dict[str, Any]) -> Answer:
    """Whoever may read the dataset and is among those its files are for; asked before bytes, rows or cells go out."""
    resource_id = data_dict["resource_id"]
    tk.check_access("resource_show", guard.without_transaction(context), {"id": resource_id})
    return _asked(context, {"success": True}, [resource_id])


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_search(up: Any, context: Any, data_dict: Any) -> Any:
    """As in CKAN, and the reader must be among those the file is for; the list of all tables is for nobody."""
    if "_table_metadata" in _named(data_dict):  # CKAN 2.12 would look for a file of that name, and stumble
        return {"success": False, "msg": words.TABLE_LIST.render(language())}
    return _asked(context, up(context, data_dict), _named(data_dict))


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_info(up: Any, context: Any, data_dict: Any) -> Any:
    """As in CKAN, and the reader must be among those the file is for."""
    return _asked(context, up(context, data_dict), _named(data_dict))


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_search_sql(up: Any, context: Any, data_dict: Any) -> Any:
    """As in CKAN, and the reader must be among those every table of the query is for."""
    return _asked(context, up(context, data_dict), context["table_names"])


for _chained in (datastore_search, datastore_info, datastore_search_sql):
    _chained.satudata_needs = "datastore"  # pyright: ignore[reportFunctionMemberAccess]


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def resource_view_show(up: Any, context: Any, data_dict: Any) -> Any:
    """As in CKAN, and the reader must be among those the file is for: a view holds filters and words of its cells."""
    answer = up(context, data_dict)
    view = model.ResourceView.get(data_dict["id"])
    return _asked(context, answer, [view.resource_id] if view is not None else [])


def _named(data_dict: dict[str, Any]) -> set[Any]:
    # CKAN writes the id of the table under both keys, or under one
    return {data_dict[key] for key in ("resource_id", "id") if isinstance(data_dict.get(key), str)}


def _asked(context: Any, answer: Answer, resource_ids: Iterable[Any]) -> Answer:
    """The answer so far, or a refusal with its sentence; who may not read the dataset learns nothing of its class."""
    if not answer.get("success"):
        return answer
    for resource_id in resource_ids:
        shared = reading.of_resource(resource_id)
        if shared is None or not shared.limited:
            continue
        user_id = roles.user_id_of(context.get("user"))
        if not reading.may_read_files(user_id, shared):
            return {"success": False, "msg": telling.refusal(user_id, shared)}
    return answer
