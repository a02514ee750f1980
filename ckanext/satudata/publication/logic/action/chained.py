"""Chained core actions on datasets: every way of writing to one asks the guard first.

What the chained actions of this file and of :mod:`chained_files` have in common: who has no right to the write gets
CKAN's ``NotAuthorized`` as before; who has it, but may not write now, gets a ``ValidationError`` with one sentence
under the key ``dataset``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.language import language
from ckanext.satudata.publication import arrivals, guard, indexing, projection, words
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.copies import words as copy_words

Next = Callable[[Any, dict[str, Any]], Any]


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
        indexing.replace_entry(found.id)
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
