"""What waits for whom."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.logic import schema
from ckanext.satudata.workflow.standing import checked
from ckanext.satudata.workflow.worklists import desk, work


@tk.side_effect_free
def satudata_queue(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The desk of a reviewer: what waits, late ones first, then by due date.

    :param tab: ``mine`` (default for who holds a grant), ``stage:<key>``, ``verified``, ``revision``, ``all`` (all of
        these; default for a sysadmin without grant)
    :type tab: string
    :param organization: id or name (optional)
    :type organization: string
    :param role: only where it is this role's turn (optional)
    :type role: string
    :param q: beginnings of words of the title, any case, all of them (optional)
    :type q: string
    :param qa: ``passed``, ``warnings`` (also questions to explain), ``errors`` or ``none`` (not checked) (optional)
    :type qa: string
    :param priority: only Data Prioritas (optional)
    :type priority: boolean
    :param late: only what is past its due date (optional)
    :type late: boolean
    :param assignee: who has taken it: ``me``, ``nobody``, ``anybody``, or id or name of a user (optional)
    :type assignee: string
    :param batch: id of a batch (optional)
    :type batch: string
    :param sort: ``due`` (default: late first, then by due date, without one last) or ``waiting`` (longest
        waiting first)
    :type sort: string
    :param limit: at most 100, default 20
    :type limit: integer
    :param offset: default 0
    :type offset: integer

    A reviewer sees the organizations of their grants (and those below, where a stage counts grants from above); a
    sysadmin sees all. It is "my turn" where a grant of mine reaches the stage, nobody else holds the case, I neither
    wrote this round nor took another level of it, its batch is complete and no release date is set.

    :returns: ``{"count": int (rows of this tab and filter), "count_is_exact": bool (a search counts to 1,000),
        "late": int, "due_today": int (both of these rows), "tab", "tabs": [{"key", "label", "count", "mine": bool}],
        "organizations": [{"id", "title", "count"}] (of this tab, for the filter), "roles": [{"key", "label"}] (for the
        filter), "limit", "offset", "results": [{"id": dataset id, "title", "url", "organization": {"id", "title"} or
        null, "state", "state_label", "stage", "stage_label", "kind": of the stage or null, "round", "since",
        "waiting_days": int (working days since then), "due", "due_days", "late": bool, "group": "late" | "today" |
        "week" | "later" | "none", "release_at": moment or null, "priority": bool, "turn": {"role", "label", "who":
        with the position} or null, "mine": bool, "holder": {"id", "name", "me": bool} or null, "batch": {"id",
        "title"} or null, "open_notes": int, "qa_result": "passed" | "warnings" | "errors" | "none", "qa": {"state",
        "errors", "warnings", "questions", "score"} or null, "bulk": {"transition", "label"} or null (the step that may
        be taken together with others, see ``satudata_transition_bulk``), "expected": {"state", "stage", "round"},
        "content_hash": of the last submission}]}``
    :rtype: dictionary
    :raises NotAuthorized: the user holds no grant
    """
    data = asking.validated(data_dict, schema.queue(), context)
    with roles.remembering():
        roles.recognize(context.get("auth_user_obj"))
        tk.check_access("satudata_queue", context, data)
        return desk.queue(roles.required_user_id(context.get("user")), data)


@tk.side_effect_free
def satudata_my_work(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The work of a producer: what came back and why, what waits, drafts, what is published.

    :param list: only this list: ``returned``, ``drafts``, ``waiting``, ``published`` or ``rejected`` (optional)
    :type list: string
    :param organization: id or name (optional)
    :type organization: string
    :param q: beginnings of words of the title, all of them (optional)
    :type q: string
    :param limit: rows of each list, at most 200, default 50
    :type limit: integer
    :param offset: rows to skip in each list, default 0
    :type offset: integer

    Covers the organizations in which the user is editor or admin.

    :returns: ``{"organizations": [{"id", "name", "title", "capacity"}], "counts": {"returned", "drafts", "waiting",
        "published", "rejected"} (of the search, if there is one), "limit", "offset", "returned": [item], "drafts":
        [item], "waiting": [item] (in review or verified), "published": [item], "rejected": [item]}``; an item is as in
        ``satudata_queue`` (``bulk`` is the step ``submit``) plus ``"last_note": {"at", "transition", "label",
        "role_label", "by", "stage_label", "round", "note", "reason_code", "reason_label", "notes": int (on fields,
        columns and checks)} or null``. ``returned`` and ``drafts`` have what is due first in front, the others the
        newest.
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.my_work(), context)
    with roles.remembering():
        roles.recognize(context.get("auth_user_obj"))
        tk.check_access("satudata_my_work", context, data)
        return work.my_work(roles.required_user_id(context.get("user")), data)


@tk.side_effect_free
def satudata_my_grants(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the user may do here; for menus. A visitor gets empty lists.

    :param details: also the grants themselves (optional, default: true)
    :type details: boolean

    :returns: ``{"is_reviewer": bool (shows Meja kerja), "is_producer": bool (shows Pekerjaan saya), "sysadmin": bool,
        "roles": ["walidata", …], "grants": [as ``satudata_grant_create``], "organizations": [{"id", "name", "title",
        "capacity": "admin" | "editor"}], "waiting_for_me": int (rows of ``satudata_queue`` tab ``mine``),
        "returned_to_me": int}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.my_grants(), context)
    with roles.remembering():
        roles.recognize(context.get("auth_user_obj"))
        tk.check_access("satudata_my_grants", context, data)
        return work.my_grants(asking.reader(context), details=data["details"])


def satudata_case_qa(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell the desk that the automatic checks of a dataset stand differently now. For programs; sysadmins.

    :param id: id of the dataset
    :type id: string

    :returns: ``{"qa_result": "passed" | "warnings" | "errors" | "none", "qa": {"state", "errors", "warnings",
        "questions", "score"} or null}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.case_qa(), context)
    tk.check_access("satudata_case_qa", context, data)
    found = checked.note(data["id"])
    if not context.get("defer_commit"):
        model.Session.commit()
    return found
