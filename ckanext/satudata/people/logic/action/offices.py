"""What becomes of offices and of who works there. For sysadmins; also from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking
from ckanext.satudata.people import grants
from ckanext.satudata.people.logic import schema
from ckanext.satudata.people.offices import changes, leaving, merging, renaming


def satudata_office_leave(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Somebody leaves the portal, or one organization: roles and memberships end, claims are freed.

    :param user: id or name
    :type user: string
    :param organization: only what belongs to this organization, id or name (optional)
    :type organization: string
    :param letter: number of the letter (optional)
    :type letter: string
    :param dry_run: only say what would happen (optional, default: false)
    :type dry_run: boolean

    Whoever is Plh for the person ends too; a Plt goes on. What the person began stays where it is and is listed, so
    that somebody can take it over. The account itself stays open. A deleted account leaves in the same way.

    :returns: ``{"user", "grants": [as satudata_grant_create], "memberships": [{"organization": {"id", "title"},
        "capacity"}], "claims": [{"id", "title", "organization_id", "state", "state_label"}] (datasets that were held),
        "begun": [the same] (drafts, and what the person wrote and is on its way)}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.office_leave(), context)
    tk.check_access("satudata_office_leave", context, data)
    user = model.User.get(data["user"])
    assert user is not None
    organization_id = grants.organization(data.get("organization"))
    if data["dry_run"]:
        return leaving.plan(user.id, organization_id)
    told = leaving.leave(user.id, asking.reader(context), organization_id, data.get("letter"))
    if not context.get("defer_commit"):
        model.Session.commit()
    return told


def satudata_office_rename(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give an organization another title, another name in its address, or both. The old address leads to the new one.

    :param id: id or name of the organization
    :type id: string
    :param name: the name in its address (optional)
    :type name: string
    :param title: what people read (optional)
    :type title: string
    :param letter: number of the letter (optional)
    :type letter: string
    :param dry_run: only say what would happen (optional, default: false)
    :type dry_run: boolean

    :returns: ``{"id", "before": {"name", "title"}, "after": {"name", "title"}, "changed": bool, "indexed": number of
        datasets}``
    :rtype: dictionary
    :raises ObjectNotFound: no such organization
    :raises ValidationError: the name is taken or no name for an address
    """
    data = asking.validated(data_dict, schema.office_rename(), context)
    tk.check_access("satudata_office_rename", context, data)
    return renaming.rename(_as(context), data, asking.reader(context), dry_run=data["dry_run"])


def satudata_office_merge(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Merge organizations into one that is there already, while cases run.

    :param from: ids or names of the organizations that end
    :type from: list of strings
    :param into: id or name of the organization they become part of
    :type into: string
    :param letter: number of the letter (optional)
    :type letter: string
    :param dry_run: only say what would happen (optional, default: false)
    :type dry_run: boolean

    Datasets keep address, content, state, stage, round and procedure; the history of each says that it moved. Roles and
    memberships hold in the new organization. Each dataset is moved in a transaction of its own; called again, it does
    what is left. The old organization stays as a deleted one with a note, and its address leads to the new one.

    :returns: ``{"moves": [{"from": {"id", "title"}, "into": {"id", "title"}, "datasets": [{"id", "name", "title",
        "state", "state_label", "stage_label"}], "grants": [as satudata_grant_create], "members": [{"user",
        "capacity"}], "below": [{"id", "title"}] (organizations that will stand below the new one)}],
        "warnings": [sentence]}``, and without ``dry_run`` in each move ``"moved": int, "failed": [{"id", "title",
        "why"}], "done": bool``. One that was merged before is left out.
    :rtype: dictionary
    :raises ValidationError: no such organization, or one and the same
    """
    data = asking.validated(data_dict, schema.office_merge(), context)
    tk.check_access("satudata_office_merge", context, data)
    return merging.merge(_as(context), data, asking.reader(context))


def satudata_office_split(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give part of the datasets of an organization to another one, while cases run.

    :param from: id or name of the organization that has them
    :type from: string
    :param into: id or name of the organization that gets them
    :type into: string
    :param datasets: ids or names (optional)
    :type datasets: list of strings
    :param match: instead of naming them: words in the title or name, or a pattern with ``*`` (optional)
    :type match: string
    :param letter: number of the letter (optional)
    :type letter: string
    :param dry_run: only say what would happen (optional, default: false)
    :type dry_run: boolean

    Roles and memberships stay as they are; who works for the new organization is told in the usual way.

    :returns: as ``satudata_office_merge``
    :rtype: dictionary
    :raises ValidationError: no such organization, a dataset of somebody else, or none that matches
    """
    data = asking.validated(data_dict, schema.office_split(), context)
    tk.check_access("satudata_office_split", context, data)
    return merging.split(_as(context), data, asking.reader(context))


@tk.side_effect_free
def satudata_office_change_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of offices, the latest first. For sysadmins.

    :param kind: ``rename``, ``merge``, ``split`` or ``leave`` (optional)
    :type kind: string
    :param limit: 1–200 (optional, default: 50)
    :type limit: integer
    :param offset: (optional, default: 0)
    :type offset: integer

    :returns: ``[{"id", "kind", "at", "by": user or null, "user": who left or null, "from": {"id", "title" it had then}
        or null, "into": the same or null, "letter", "details": {ids of what moved, ended …}}]``
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, schema.office_change_list(), context)
    tk.check_access("satudata_office_change_list", context, data)
    return changes.find(data)


@tk.chained_action
def user_delete(up: Callable[[Any, dict[str, Any]], Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; the roles of the account end and what it holds is free, in the same transaction."""
    tk.check_access("user_delete", context, data_dict)
    user = model.User.get(data_dict.get("id"))
    if user is not None:
        leaving.leave(user.id, asking.reader(context), None, None)
    return up(context, data_dict)


def _as(context: Any) -> dict[str, Any]:
    """The caller, for the actions that are called on the way."""
    return {key: context[key] for key in ("user", "satudata_channel") if key in context}
