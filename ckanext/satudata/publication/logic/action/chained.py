"""Chained core actions: every way of writing to a dataset asks the guard first; side doors of reading are closed.

What the chained actions of this file have in common: who has no right to the write gets CKAN's ``NotAuthorized`` as
before; who has it, but may not write now, gets a ``ValidationError`` with one sentence under the key ``dataset``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from ckanext.satudata.bridge import reviewing
from ckanext.satudata.bridge.language import language
from ckanext.satudata.publication import arrivals, guard, projection, tags, words
from ckanext.satudata.publication.copies import finding, journal, periods
from ckanext.satudata.publication.copies import words as copy_words

Next = Callable[[Any, dict[str, Any]], Any]


# -- datasets ----------------------------------------------------------------------------------------------------------


@tk.chained_action
def package_create(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; a dataset of a guarded type is private from the first moment, whatever ``private`` says."""
    guard.keep_private(data_dict)
    if context.get("user") in arrivals.accounts():
        arrivals.without_foreign_tables(data_dict)
    projection.strip(data_dict)
    return up(context, data_dict)


@tk.chained_action
def package_update(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts; ``package_patch``, ``package_revise``, ``resource_*`` and the forms end here too.

    Refuses to change what is in review or decided, and to make anything public. A missing ``private`` is unchanged.
    What an account of ``ckanext.satudata.arrivals`` hands over for a published dataset goes to its working copy; the
    answer is the published one, with ``satudata_copy``.
    """
    taken = arrivals.take(context, data_dict, "package_update")
    if taken is not None:
        return taken
    found = guard.standing(data_dict.get("id") or data_dict.get("name"))
    if found is not None:
        guard.check_update(context, found, data_dict)
        projection.strip(data_dict)
        projection.strip(context.get("original_package") or {})
    with guard.explained():
        return up(context, data_dict)


@tk.chained_action
def package_patch(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts; of what arrives from outside see ``package_update``."""
    taken = arrivals.take(context, data_dict, "package_patch")
    return up(context, data_dict) if taken is None else taken


@tk.chained_action
def package_delete(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts."""
    found = guard.standing(data_dict.get("id"))
    guard.refuse_frozen(context, found, auth="package_delete", what="delete")
    _refuse_copy(found)
    with guard.explained():
        return up(context, data_dict)


def _refuse_copy(found: guard.Standing | None) -> None:
    """A working copy is given up by its own door, which takes files and tables along."""
    if found is not None and finding.open_copy(found.id) is not None and not guard.is_passing(found.id):
        raise guard.refusal(copy_words.USE_DISCARD)


@tk.chained_action
def dataset_purge(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts."""
    found = guard.standing(data_dict.get("id"))
    guard.refuse_frozen(context, found, auth="dataset_purge", what="delete")
    _refuse_copy(found)
    with guard.explained():
        return up(context, data_dict)


@tk.chained_action
def package_owner_org_update(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for drafts; called directly, the index follows, so that the old organization no longer finds it."""
    found = guard.standing(data_dict.get("id"))
    direct = not context.get("defer_commit")
    if found is not None and found.owner_org != data_dict.get("organization_id"):
        guard.refuse_frozen(context, found)
    result = up(context, data_dict)
    if direct and found is not None:
        search.rebuild(found.id)
    return result


@tk.chained_action
def bulk_update_public(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """Refused while one of the datasets is not approved; nothing is changed then."""
    _refuse_bulk(context, data_dict, "bulk_update_public", "public")
    return up(context, data_dict)


@tk.chained_action
def bulk_update_private(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """Refused while one of the datasets is in review or decided; nothing is changed then."""
    _refuse_bulk(context, data_dict, "bulk_update_private", "change")
    return up(context, data_dict)


@tk.chained_action
def bulk_update_delete(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """Refused while one of the datasets is in review or decided; nothing is changed then."""
    _refuse_bulk(context, data_dict, "bulk_update_delete", "delete")
    return up(context, data_dict)


def _refuse_bulk(context: Any, data_dict: dict[str, Any], action: str, what: str) -> None:
    # CKAN's page for this knows NotAuthorized only; in 2.11 these actions are raw SQL without any hook.
    tk.check_access(action, guard.without_transaction(context), data_dict)
    references = data_dict.get("datasets")
    if not isinstance(references, list):
        raise tk.ValidationError({"datasets": [words.NO_DATASETS.render(language())]})
    for reference in references:
        found = guard.standing(reference)
        if found is None or not found.guarded or (not found.frozen and what != "public"):
            continue
        if what == "public" and found.opened:
            continue
        if found.enforced:
            guard.unauthorized(words.bulk(found.name))
        guard.note_observed(found, what)


@tk.chained_action
def member_create(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; a dataset that is in review or decided does not change its groups."""
    if data_dict.get("object_type") == "package":
        guard.refuse_frozen(context, guard.standing(data_dict.get("object")))
    return up(context, data_dict)


@tk.chained_action
def member_delete(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; a dataset that is in review or decided does not change its groups."""
    if data_dict.get("object_type") == "package":
        guard.refuse_frozen(context, guard.standing(data_dict.get("object")))
    return up(context, data_dict)


def _chained_group(name: str) -> Callable[..., Any]:
    @tk.chained_action
    def write(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
        with guard.explained(words.GROUP):
            return up(context, data_dict)

    write.__name__ = write.__qualname__ = name
    write.__doc__ = (
        "As in CKAN; what is decided on does not change its groups or tags on the way, and the caller is told."
    )
    return write


group_create = _chained_group("group_create")
group_update = _chained_group("group_update")
group_delete = _chained_group("group_delete")
group_purge = _chained_group("group_purge")
tag_delete = _chained_group("tag_delete")


@tk.chained_action
def package_collaborator_create(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN, for approved datasets: an unapproved one is shown to its organization and its reviewers only."""
    found = guard.standing(data_dict.get("id"))
    if found is not None and found.guarded and not found.opened:
        guard.refuse(context, found, words.COLLABORATOR, auth="package_collaborator_create", what="share")
    return up(context, data_dict)


@tk.chained_action
def package_relationship_create(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """Refused for guarded datasets: the public one would name the hidden one."""
    _refuse_relationship(context, data_dict)
    return up(context, data_dict)


@tk.chained_action
def package_relationship_update(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """Refused for guarded datasets: its comment is published unread."""
    _refuse_relationship(context, data_dict)
    return up(context, data_dict)


def _refuse_relationship(context: Any, data_dict: dict[str, Any]) -> None:
    for key in ("subject", "object"):
        found = guard.standing(data_dict.get(key))
        if found is not None and found.guarded:
            guard.refuse(context, found, words.RELATIONSHIP, what="relationship")


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
    journal.settle_before_reading()
    return up(context, data_dict)


datastore_search.satudata_needs = "datastore"  # pyright: ignore[reportFunctionMemberAccess]


@tk.chained_action
@tk.side_effect_free
def datastore_info(up: Next, context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; the table is that of the metadata, also when a process died while it published them."""
    journal.settle_before_reading()
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


# -- side doors of reading ---------------------------------------------------------------------------------------------


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
