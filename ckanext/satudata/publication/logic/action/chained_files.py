"""Chained core actions on files, previews and rows: every way of writing to them asks the guard first; refused as in
:mod:`chained`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge.language import language
from ckanext.satudata.publication import guard, words
from ckanext.satudata.publication.copies import journal, periods

Next = Callable[[Any, dict[str, Any]], Any]


# -- resources and views -----------------------------------------------------------------------------------------------


@tk.chained_action
def resource_delete(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts. Refused here, because CKAN turns a refusal of ``package_update`` into an error page."""
    found = guard.standing_of_resource(data_dict.get("id"))
    guard.refuse_frozen(context, found)
    periods.refuse_earlier(context, found, data_dict.get("id"))
    return up(context, data_dict)


@tk.chained_action
def resource_view_create(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts: the words of a view are public with its dataset."""
    found = guard.standing_of_resource(data_dict.get("resource_id"))
    guard.refuse_frozen(context, found)
    periods.refuse_earlier(context, found, data_dict.get("resource_id"))
    return up(context, data_dict)


@tk.chained_action
def resource_view_update(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts."""
    _refuse_view(context, data_dict.get("id"))
    return up(context, data_dict)


@tk.chained_action
def resource_view_delete(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts."""
    _refuse_view(context, data_dict.get("id"))
    return up(context, data_dict)


@tk.chained_action
def resource_view_reorder(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts."""
    found = guard.standing_of_resource(data_dict.get("id"))
    guard.refuse_frozen(context, found)
    periods.refuse_earlier(context, found, data_dict.get("id"))
    return up(context, data_dict)


def _refuse_view(context: Any, view_id: Any) -> None:
    found = guard.standing_of_view(view_id)
    guard.refuse_frozen(context, found)
    view = model.ResourceView.get(view_id) if found is not None else None
    periods.refuse_earlier(context, found, view.resource_id if view is not None else None)


# -- rows: they are the judged cells of the file, written by our own loader --------------------------------------------


def _refuse_rows(context: Any, data_dict: dict[str, Any]) -> None:
    resource = data_dict.get("resource")
    if isinstance(resource, dict):
        found = guard.standing(resource.get("package_id"))
    else:
        found = guard.standing_of_resource(data_dict.get("resource_id") or data_dict.get("id"))
    if found is not None and found.guarded:
        guard.refuse(context, found, words.ROWS, what="rows")


def _chained_rows(name: str, plugin: str) -> Callable[..., Any]:
    @tk.chained_action
    def write(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
        _refuse_rows(context, data_dict)
        return up(context, data_dict)

    write.__name__ = write.__qualname__ = name
    write.__doc__ = "As in CKAN for exempt types; refused on datasets that need approval."
    write.satudata_needs = plugin  # pyright: ignore[reportFunctionMemberAccess]
    return write


datastore_create = _chained_rows("datastore_create", "datastore")
datastore_upsert = _chained_rows("datastore_upsert", "datastore")
datastore_delete = _chained_rows("datastore_delete", "datastore")
datastore_records_delete = _chained_rows("datastore_records_delete", "datastore")
datastore_run_triggers = _chained_rows("datastore_run_triggers", "datastore")
xloader_submit = _chained_rows("xloader_submit", "xloader")
datapusher_submit = _chained_rows("datapusher_submit", "datapusher")


@tk.chained_action
@tk.side_effect_free
def datastore_search(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; the list of all tables (``_table_metadata``), private ones included, is not given away."""
    if data_dict.get("resource_id") == "_table_metadata" or data_dict.get("id") == "_table_metadata":
        raise tk.ObjectNotFound(words.TABLE_LIST.render(language()))  # CKAN's pages know what to do with it
    journal.settle_before_reading(data_dict.get("resource_id") or data_dict.get("id"))
    return up(context, data_dict)


datastore_search.satudata_needs = "datastore"  # pyright: ignore[reportFunctionMemberAccess]


@tk.chained_action
@tk.side_effect_free
def datastore_info(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; the table is that of the metadata, also when a process died while it published them."""
    journal.settle_before_reading(data_dict.get("resource_id") or data_dict.get("id"))
    return up(context, data_dict)


datastore_info.satudata_needs = "datastore"  # pyright: ignore[reportFunctionMemberAccess]


@tk.chained_action
@tk.side_effect_free
def datastore_search_sql(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; the tables are those of the metadata, also when a process died while it published them."""
    journal.settle_before_reading()
    return up(context, data_dict)


# CKAN has this action only where the operator asked for it.
datastore_search_sql.satudata_needs = "datastore"  # pyright: ignore[reportFunctionMemberAccess]
datastore_search_sql.satudata_when = "ckan.datastore.sqlsearch.enabled"  # pyright: ignore[reportFunctionMemberAccess]
