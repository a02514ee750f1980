"""What waits for whom."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow import desk, work
from ckanext.satudata.workflow.logic import schema


@tk.side_effect_free
def satudata_queue(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The desk of a reviewer: what waits, longest waiting first.

    :param tab: ``mine`` (default for who holds a grant), ``stage:<key>``, ``verified``, ``revision``, ``all`` (all of
        these; default for a sysadmin without grant)
    :type tab: string
    :param organization: id or name (optional)
    :type organization: string
    :param q: words of the title, any case, all of them (optional)
    :type q: string
    :param priority: only Data Prioritas (optional)
    :type priority: boolean
    :param sort: ``waiting`` (default: longest waiting first) or ``due`` (late first)
    :type sort: string
    :param limit: at most 100, default 20
    :type limit: integer
    :param offset: default 0
    :type offset: integer

    A reviewer sees the organizations of their grants; a sysadmin sees all.

    :returns: ``{"count": int (rows of this tab and filter), "late": int, "due_today": int (both of these rows), "tab",
        "tabs": [{"key", "label", "count", "mine": bool}], "organizations": [{"id", "title", "count"}] (of this
        tab, for the filter), "limit", "offset", "results": [{"id": dataset id, "title", "url", "organization":
        {"id", "title"} or null, "state", "state_label", "stage", "stage_label", "round", "since", "waiting_days": int
        (working days since then), "due", "due_days", "group": "late" | "today" | "week" | "later" | "none",
        "priority": bool, "turn": {"role", "label"} or null, "mine": bool}]}``
    :rtype: dictionary
    :raises NotAuthorized: the user holds no grant
    """
    data = asking.validated(data_dict, schema.queue(), context)
    tk.check_access("satudata_queue", context, data)
    return desk.queue(roles.required_user_id(context.get("user")), data)


@tk.side_effect_free
def satudata_my_work(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The work of a producer: what came back and why, what waits, drafts, what is published.

    :param limit: rows of each list, at most 200, default 50
    :type limit: integer

    Covers the organizations in which the user is editor or admin.

    :returns: ``{"organizations": [{"id", "name", "title"}], "counts": {"returned", "drafts", "waiting", "published",
        "rejected"}, "returned": [item], "drafts": [item], "waiting": [item] (in review or verified), "published":
        [item], "rejected": [item]}``; an item is as in ``satudata_queue`` plus ``"last_note": {"at", "transition",
        "label", "role_label", "by", "stage_label", "round", "note"} or null``. ``returned`` has the oldest return
        first, the others the newest first.
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.my_work(), context)
    tk.check_access("satudata_my_work", context, data)
    return work.my_work(roles.required_user_id(context.get("user")), data["limit"])


@tk.side_effect_free
def satudata_my_grants(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the user may do here; for menus. A visitor gets empty lists.

    :returns: ``{"is_reviewer": bool (shows Meja kerja), "is_producer": bool (shows Pekerjaan saya), "sysadmin": bool,
        "roles": ["walidata", …], "grants": [as ``satudata_grant_create``], "organizations": [{"id", "name", "title",
        "capacity": "admin" | "editor"}], "waiting_for_me": int (rows of ``satudata_queue`` tab ``mine``),
        "returned_to_me": int}``
    :rtype: dictionary
    """
    tk.check_access("satudata_my_grants", context, data_dict)
    return work.my_grants(asking.reader(context))
