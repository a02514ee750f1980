"""Where a case stands and what may be done."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking
from ckanext.satudata.workflow import cases, choices, status
from ckanext.satudata.workflow.logic import schema


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
    data = asking.validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_case_show", context, data)
    return status.case_dict(status.load(data), asking.reader(context))


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
    data = asking.validated(data_dict, schema.subject(), context)
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
