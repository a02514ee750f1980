"""The actions of `workflow`.

Words in the answers (``label``, ``text``, …) are in the language of the request. Moments are ISO 8601 in UTC with zone
(``2026-10-12T02:15:00+00:00``); ``due_days`` are working days: ``3`` in three working days, ``0`` today, ``-2`` two
late.
States: ``draft in_review revision verified published rejected archived``.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.workflow import cases, changes, decisions, desk, grants, history, status, work
from ckanext.satudata.workflow.logic import schema


def _validated(data_dict: dict[str, Any], fields: dict[str, Any], context: Any) -> dict[str, Any]:
    data, errors = tk.navl_validate(data_dict, fields, context)
    if errors:
        raise tk.ValidationError(errors)
    return data


def _reader(context: Any) -> str | None:
    """Id of the user who asks; ``None`` for a visitor."""
    return roles.user_id_of(context.get("user"))


@tk.side_effect_free
def satudata_case_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Where a dataset stands, whose turn it is and until when.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: kind of the thing decided on (optional, default: ``dataset``)
    :type subject_type: string

    Everybody who may read the dataset may ask. ``inside`` says whether the reader is a member of the organization, a
    reviewer or a sysadmin; only then ``submitted.by``, ``last_note`` and ``stages[].by`` are filled.

    :returns: ``{"id": case id or null, "subject_type", "subject_id", "title", "url": path of the page, "inside": bool,
        "organization": {"id", "title"} or null, "state", "state_label", "stage": key or null, "stage_label",
        "round": int (submissions so far), "basis": "workflow" | "adopted", "approved": bool,
        "since": moment the present state and stage began, "due": moment or null, "due_days": int or null,
        "turn": {"role", "label"} or null when it is nobody's, "mine": bool (it is the reader's turn),
        "definition": {"id", "key", "title"},
        "editable": bool, "frozen_reason": {"code", "text"} or null (why nobody may edit now),
        "stages": [{"key", "label", "role", "role_label", "status": "done" | "here" | "to_come", "at": moment or null,
        "by": name or null, "sla": text or null}] (only the stages that apply to this dataset),
        "submitted": {"at", "by"} or null, "last_note": {"at", "transition", "label", "role_label", "by", "stage_label",
        "round", "note"} or null (the latest return or reject),
        "verified_at": moment or null, "published_at": moment or null,
        "expected": {"state", "stage", "round"}, "content_hash": str (what the reader sees now)}``
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset, or it is deleted
    :raises NotAuthorized: the reader may not read the dataset
    """
    data = _validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_case_show", context, data)
    return status.case_dict(status.load(data), _reader(context))


@tk.side_effect_free
def satudata_available(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Every step out of the present state, open or closed, with each reason why it is closed.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    The gates (metadata complete, checks passed, …) are asked, so the reasons are those a decision would get now.

    :returns: ``{"id": dataset id, "expected": {"state", "stage", "round"}, "content_hash": str, "options": [{
        "transition", "label": words of the button, "open": bool, "mine": bool (the reader holds the role; hide closed
        options that are not mine), "kind": "forward" | "back" | "end", "needs_note": bool,
        "override": bool, "needs_reason": bool (a sysadmin may do it by giving a reason, see ``reasons`` for what is
        overridden), "target_state", "target_stage": key or null, "target_label": "Perlu perbaikan", …,
        "by_label": who may do it, "reasons": [{"code", "text", "parameters", "field", "resource_id"}]}]}``.
        ``expected`` and ``content_hash`` go back unchanged to ``satudata_transition``.
    :rtype: dictionary
    """
    data = _validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_available", context, data)
    return status.available_dict(status.load(data), _reader(context))


def satudata_transition(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Decide: submit, withdraw, pass, return, reject, reopen, publish.

    :param id: id or name of the dataset
    :type id: string
    :param transition: name of the step
    :type transition: string
    :param expected: what the decider saw: ``{"state", "stage", "round"}`` (an object, or the same as JSON text)
    :type expected: dictionary
    :param content_hash: hash of the content the decider saw
    :type content_hash: string
    :param note: words to the producer; required for ``return`` and ``reject``, at most 10,000 characters (optional)
    :type note: string
    :param reason: why a sysadmin overrides a role or separation rule (optional)
    :type reason: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    State, history, effects (visibility, rows) and the notices to be sent are written in one transaction.

    :returns: ``{"event_id", "transition", "from_state", "to_state", "from_stage", "to_stage", "round", "message":
        the sentence for the flash, "case": the answer of ``satudata_case_show``}``
    :rtype: dictionary
    :raises ValidationError: ``conflict`` (list of sentences: somebody was faster, or the content changed; nothing was
        written; ``now`` holds ``[{"state", "stage", "round", "content_hash"}]``), ``reasons`` (list of
        ``{"code", "text", "parameters", "field", "resource_id"}``: the step is closed), ``note`` (list: a note is
        missing), ``reason`` (list: an override without reason), ``transition`` (list: no such step)
    :raises NotAuthorized: not logged in, or the user may not read the dataset
    """
    data = _validated(data_dict, schema.transition(), context)
    tk.check_access("satudata_transition", context, data)
    user_id = roles.required_user_id(context.get("user"))
    event = decisions.run(data, user_id, decisions.channel(context), commit=not context.get("defer_commit"))
    return status.event_dict(event, status.load(data), user_id)


def satudata_case_refresh(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell the desk that a fact of a dataset changed outside its own fields (Data Prioritas). For programs; sysadmins.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    :returns: ``{"id", "facts": {name: value}}``
    :rtype: dictionary
    """
    data = _validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_case_refresh", context, data)
    view = cases.subject_view(data["subject_type"], data["id"])
    cases.refresh(view)
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"id": view.subject_id, "facts": dict(view.facts)}


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
    data = _validated(data_dict, schema.queue(), context)
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
    data = _validated(data_dict, schema.my_work(), context)
    tk.check_access("satudata_my_work", context, data)
    return work.my_work(roles.required_user_id(context.get("user")), data["limit"])


@tk.side_effect_free
def satudata_history(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Who decided what, when, with which note; newest first.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    :returns: ``[{"id", "at", "transition", "label": "Dikembalikan", "from_state", "from_state_label", "to_state",
        "to_state_label", "from_stage", "from_stage_label", "to_stage", "to_stage_label", "round", "actor":
        {"id", "name", "display_name"}, "role", "role_label", "override": bool, "reason", "note", "channel":
        "page" | "api" | "cli" | "job"}]``
    :rtype: list of dictionaries
    :raises NotAuthorized: the reader is no member of the organization, no reviewer and no sysadmin
    """
    data = _validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_history", context, data)
    return history.events(status.load(data))


@tk.side_effect_free
def satudata_changes(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What changed between the last submission and the one before.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    :returns: ``{"round": int or null, "previous_round": int or null (null: nothing to compare with), "count": int,
        "fields": [{"field", "before", "after"}] (values as stored; ``null``: absent), "tags": {"added": [str],
        "removed": [str]}, "resources": {"added": [{"id", "name"}], "removed": [{"id", "name"}], "changed": [{"id",
        "name", "file_changed": bool, "size_before": int or null, "size_after": int or null, "dictionary_changed": bool,
        "fields": [{"field", "before", "after"}]}]}}``
    :rtype: dictionary
    :raises NotAuthorized: as ``satudata_history``
    """
    data = _validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_changes", context, data)
    return changes.between_rounds(status.load(data))


def satudata_grant_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a role to a user. Sysadmins only.

    :param user: id or name
    :type user: string
    :param role: a role of the definitions in use: ``walidata``, ``pembina_data``, …
    :type role: string
    :param position: ``staf``, ``kasi``, ``kabid``, ``sekretaris``, ``kepala`` (optional)
    :type position: string
    :param organization: id or name; without it the role holds for all organizations (optional)
    :type organization: string
    :param valid_from: date or moment (optional, default: now)
    :type valid_from: string
    :param valid_until: last day, or the moment it ends (optional)
    :type valid_until: string
    :param letter: number of the letter of appointment (optional)
    :type letter: string

    The role ``produsen_data`` is not granted: it follows from being editor or admin of an organization.

    :returns: ``{"id", "user": {"id", "name", "display_name"}, "role", "role_label", "position", "organization":
        {"id", "title"} or null, "valid_from", "valid_until", "letter", "active": bool, "created", "ended"}``
    :rtype: dictionary
    :raises ValidationError: unknown user, role or organization; the period ends before it starts; the same grant exists
    """
    data = _validated(data_dict, schema.grant_create(), context)
    tk.check_access("satudata_grant_create", context, data)
    grant = grants.create(data, _reader(context))
    if not context.get("defer_commit"):
        grants.commit(grant)
    return grants.dictize(grant)


@tk.side_effect_free
def satudata_grant_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Grants, newest first. Sysadmins only.

    :param user: id or name (optional)
    :type user: string
    :param role: (optional)
    :type role: string
    :param organization: id or name (optional)
    :type organization: string
    :param ended: also those that ended (optional, default: false)
    :type ended: boolean

    :returns: as ``satudata_grant_create``
    :rtype: list of dictionaries
    """
    data = _validated(data_dict, schema.grant_list(), context)
    tk.check_access("satudata_grant_list", context, data)
    return [grants.dictize(grant) for grant in grants.find(data)]


def satudata_grant_end(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End a grant now. Sysadmins only. What was decided with it stays in the history.

    :param id: id of the grant
    :type id: string

    :returns: as ``satudata_grant_create``
    :rtype: dictionary
    :raises ObjectNotFound: no such grant
    :raises ValidationError: it has ended already
    """
    data = _validated(data_dict, schema.grant_end(), context)
    tk.check_access("satudata_grant_end", context, data)
    grant = grants.end(data["id"], _reader(context))
    if not context.get("defer_commit"):
        grants.commit(grant)
    return grants.dictize(grant)


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
    return work.my_grants(_reader(context))
