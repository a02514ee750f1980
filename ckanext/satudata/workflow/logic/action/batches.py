"""Sets of datasets that are checked together."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import decisions
from ckanext.satudata.workflow.logic import companions
from ckanext.satudata.workflow.sharing import batch_work
from ckanext.satudata.workflow.standing import locking


def satudata_batch_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make a set of datasets that are checked together (*kumpulan*).

    :param title: what people call it, at most 200 characters
    :type title: string
    :param datasets: ids or names, at most 1,000 (optional)
    :type datasets: list of strings

    By a Walidata (for the organizations of their grants) or a sysadmin. In stages that begin ``all_submitted`` nobody
    decides until every dataset of the set is there.

    :returns: the set, as in ``satudata_batch_show``
    :rtype: dictionary
    :raises ValidationError: ``datasets`` (unknown, not in your charge, or in another open set)
    """
    data = asking.validated(data_dict, companions.batch_create(), context)
    tk.check_access("satudata_batch_create", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with locking.written(data["title"], commit=not context.get("defer_commit")):
        channel = decisions.channel(context)
        batch = batch_work.create(user_id, data["title"], data.get("datasets") or [], channel)
    return batch_work.show(batch.id, user_id)


def satudata_batch_change(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change an open set. When the one dataset that was awaited is taken out, the rest begins.

    :param id: id of the set
    :type id: string
    :param title: another title (optional)
    :type title: string
    :param add: ids or names of datasets to put in (optional)
    :type add: list of strings
    :param remove: ids or names of datasets to take out (optional)
    :type remove: list of strings

    By who made it, a Walidata of all organizations, or a sysadmin.

    :returns: the set, as in ``satudata_batch_show``
    :rtype: dictionary
    :raises ObjectNotFound: no such set
    :raises ValidationError: ``id`` (closed), ``add``, ``remove`` (unknown, not in your charge, in another open set, not
        in this one)
    """
    data = asking.validated(data_dict, companions.batch_change(), context)
    tk.check_access("satudata_batch_change", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with locking.written(data["id"], commit=not context.get("defer_commit")):
        batch_work.change(data["id"], user_id, data, decisions.channel(context))
    return batch_work.show(data["id"], user_id)


def satudata_batch_close(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Close a set: what waits in it begins now, and its datasets may come into another one.

    :param id: id of the set
    :type id: string

    By who made it, a Walidata of all organizations, or a sysadmin.

    :returns: the set, as in ``satudata_batch_show``
    :rtype: dictionary
    :raises ObjectNotFound: no such set
    """
    data = asking.validated(data_dict, companions.batch(), context)
    tk.check_access("satudata_batch_close", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with locking.written(data["id"], commit=not context.get("defer_commit")):
        batch_work.close(data["id"], user_id)
    return batch_work.show(data["id"], user_id)


@tk.side_effect_free
def satudata_batch_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How far a set is, by organization and by dataset.

    :param id: id of the set
    :type id: string

    For reviewers: they see the datasets of the organizations of their grants.

    :returns: ``{"id", "title", "created", "created_by": name, "closed": moment or null, "may_change": bool, "count":
        datasets, "drafts", "returned" (with the producer), "submitted" (in review or beyond), "checked" (done with the
        review), "organizations": [{"id", "title", "count", "drafts", "returned", "submitted", "checked"}], "datasets":
        [{"id", "title", "organization": {"id", "title"} or null, "state", "state_label", "stage", "stage_label",
        "waiting": bool (for the others), "since", "due", "due_days"}]}``
    :rtype: dictionary
    :raises ObjectNotFound: no such set, or none of its datasets is for the reader
    """
    data = asking.validated(data_dict, companions.batch(), context)
    tk.check_access("satudata_batch_show", context, data)
    return batch_work.show(data["id"], roles.required_user_id(context.get("user")))


@tk.side_effect_free
def satudata_batch_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The sets a reviewer may see; open ones first, then the newest.

    :param closed: only closed ones, or only open ones (optional)
    :type closed: boolean
    :param q: words of the title (optional)
    :type q: string
    :param limit: at most 200, default 50
    :type limit: integer
    :param offset: default 0
    :type offset: integer

    :returns: ``{"count", "limit", "offset", "results": [{"id", "title", "created", "created_by", "closed", "count",
        "drafts", "returned", "submitted", "checked"}]}``, counts of the datasets the reader may see
    :rtype: dictionary
    """
    data = asking.validated(data_dict, companions.batch_list(), context)
    tk.check_access("satudata_batch_list", context, data)
    return batch_work.listed(data, roles.required_user_id(context.get("user")))
