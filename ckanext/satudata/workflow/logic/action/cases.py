"""Where a case stands and what may be done."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import choices
from ckanext.satudata.workflow.logic import decision_schema, schema
from ckanext.satudata.workflow.standing import cases, glance, status
from ckanext.satudata.workflow.watching import overdue


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
        "stage_kind": kind of the stage it is in (review, sign_off, relay, …) or null,
        "returned_from": {"key", "label"} of the stage whose return brought it here, or null,
        "round": int (submissions so far), "basis": "workflow" | "adopted", "approved": bool,
        "since": moment the present state and stage began, "due": moment or null, "due_days": int or null,
        "terms": [{"label", "due", "due_days"}] (the producer's own terms one after another, in draft and revision),
        "turn": {"role", "label", "positions": [{"key", "label"}], "who": role with positions in words} or null when it
        is nobody's, "mine": bool (it is the reader's turn, by role, position and place),
        "holder": {"id", "name", "since"} of who has claimed it, or null, "batch": {"id", "title", "closed"} or null,
        "waiting_for_batch": bool (nobody decides until the others of its batch are here),
        "release_at": moment of a scheduled release or null, "verify_due": day by which published data should be brought
        up to date, or null, "verify_days": int or null,
        "definition": {"id", "key": null without a procedure, "title", "purpose": "publication" | "verification"},
        "publishes": bool (it can become public), "publisher": like "turn", who publishes it, or null,
        "no_workflow": reason or null (why it can be submitted by nobody),
        "editable": bool, "frozen_reason": {"code", "text"} or null (why nobody may edit now),
        "stages": [{"key", "label", "kind", "role", "role_label", "positions": [label], "status": "done" | "here" |
        "to_come" | "skipped" (optional, and nobody can act in it), "optional": bool, "at": moment or null, "by": name
        or null, "automatic": bool, "sla": text or null}] (only the stages that apply to this dataset; a relay only
        while it is there or has been there in this round),
        "submitted": {"at", "by"} or null, "last_note": {"at", "transition", "label", "role_label", "by", "stage_label",
        "round", "note", "reason_code", "reason_label"} or null (the latest return or reject),
        "verified_at": moment or null, "published_at": moment or null,
        "expected": {"state", "stage", "round"}, "content_hash": str (what the reader sees now)}``
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset, or it is deleted
    :raises NotAuthorized: the reader may not read the dataset
    """
    data = asking.validated(data_dict, schema.subject(), context)
    with roles.remembering(), glance.taken(data["subject_type"], data["id"], context.get("user")):
        tk.check_access("satudata_case_show", context, data)
        return status.case_dict(status.load(data), asking.reader(context))


@tk.side_effect_free
def satudata_available(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Every step out of the present state, open or closed, with each reason why it is closed.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    The gates (metadata complete, checks passed, …) are asked for the steps that are the reader's, so their reasons are
    those a decision would get now; of other people's steps only the reasons that lie in persons and state are told.

    :returns: ``{"id": dataset id, "expected": {"state", "stage", "round"}, "content_hash": str,
        "holder": {"id", "name", "since", "mine": bool} of who has claimed it, or null,
        "deputy_for": {"id", "name", "kind": "plt" | "plh", "title": "Plt. Kepala Bidang", "letter"} when the reader
        would act in the place of somebody else, or null,
        "options": [{
        "transition", "label": words of the button, "open": bool, "mine": bool (the reader holds the role; hide closed
        options that are not mine), "kind": "forward" | "back" | "end", "needs_note": bool,
        "needs": {"note": bool, "reason_code": bool, "reason_codes": [{"code", "label"}], "moment": bool (``at``),
        "evidence": [{"kind", "label", "required": bool, "attached": bool (a pending file of the reader)}],
        "form": {"key", "title", "questions": [{"key", "label", "kind": "yes_no" | "text" | "number" | "choice",
        "required": bool, "choices": [{"value", "label"}], "stop": the answer that forbids passing, or null}]} or null},
        "override": bool, "needs_reason": bool (a sysadmin may do it by giving a reason, see ``reasons`` for what is
        overridden), "target_state", "target_stage": key or null, "target_label": "Perlu perbaikan", …,
        "by_label": who may do it, "reasons": [{"code", "text", "parameters", "field", "resource_id"}]}]}``.
        ``expected`` and ``content_hash`` go back unchanged to ``satudata_transition``.
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.subject(), context)
    with roles.remembering(), glance.taken(data["subject_type"], data["id"], context.get("user")):
        tk.check_access("satudata_available", context, data)
        return choices.available_dict(status.load(data), asking.reader(context))


def satudata_case_refresh(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell the desk that a fact of a dataset changed outside its own fields (Data Prioritas). For programs; sysadmins.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    :returns: ``{"id", "facts": {name: value}}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_case_refresh", context, data)
    view = cases.subject_view(data["subject_type"], data["id"])
    cases.refresh(view)
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"id": view.subject_id, "facts": dict(view.facts)}


@tk.side_effect_free
def satudata_overdue_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Published datasets whose time to be brought up to date has passed (re-verification); the oldest first.

    :param organization: id or name (optional)
    :type organization: string
    :param limit: at most 1,000, default 50
    :type limit: integer
    :param offset: default 0
    :type offset: integer

    Producers and reviewers see those of their organizations, sysadmins and reviewers of all see all. The data stay
    public meanwhile. The day is one period of ``frekuensi`` after publication; irregular data have none.

    :returns: ``{"count", "limit", "offset", "results": [{"id": dataset id, "title", "url", "organization": {"id",
        "title"} or null, "published_at", "verify_due", "verify_days": int (negative: working days late),
        "frequency": code}]}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, decision_schema.overdue(), context)
    tk.check_access("satudata_overdue_list", context, data)
    user_id = asking.reader(context)
    everything = bool(context.get("ignore_auth"))
    return overdue.listed(None if everything else roles.required_user_id(user_id), data)
