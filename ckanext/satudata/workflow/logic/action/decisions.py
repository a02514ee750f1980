"""The steps themselves."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import bulk, decisions, overrides
from ckanext.satudata.workflow.logic import decision_schema
from ckanext.satudata.workflow.standing import status


def satudata_transition(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Decide: submit, withdraw, pass, return, reject, reopen, publish, schedule, unschedule.

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
    :param reason_code: of which kind the trouble is, one of ``needs.reason_codes`` of ``satudata_available``; required
        for ``return`` and ``reject``, unless the procedure says ``reasons: free`` (optional)
    :type reason_code: string
    :param notes: ids of pending notes that go with a ``return`` or ``reject`` (optional, default: all of the user's).
        A list, JSON text, or ids with commas.
    :type notes: list of strings
    :param evidence: ids of pending files that belong to this decision (optional, default: all of the user's)
    :type evidence: list of strings
    :param form: answers to the form of the stage, ``{question: answer}``; for ``pass`` (optional)
    :type form: dictionary
    :param happened: the real day of a decision that was made on paper, as 2026-01-31: not after today, not before the
        step before; the history marks it (optional)
    :type happened: string
    :param letter: number of the letter that goes with it, at most 200 characters (optional)
    :type letter: string
    :param at: for ``schedule``: when to publish, ISO 8601; without a zone that of the portal is meant (optional)
    :type at: string
    :param reason: why a sysadmin overrides a role or separation rule (optional)
    :type reason: string
    :param idempotency_key: any text of the caller's, at most 200 characters, new for each decision. The same key with
        the same request gets the same answer again, and nothing is decided twice (optional)
    :type idempotency_key: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    State, history, effects (visibility, rows) and the notices to be sent are written in one transaction. Somebody who
    holds the role as a deputy (Plt, Plh) decides for the person they stand in for; the history names both.

    :returns: ``{"event_id", "transition", "from_state", "to_state", "from_stage", "to_stage", "round", "message":
        the sentence for the flash, "case": the answer of ``satudata_case_show``}``
    :rtype: dictionary
    :raises ValidationError: ``conflict`` (list of sentences: somebody was faster, or the content changed; nothing was
        written; ``now`` holds ``[{"state", "stage", "round", "content_hash"}]``), ``reasons`` (list of
        ``{"code", "text", "parameters", "field", "resource_id"}``: the step is closed), ``idempotency_key`` (the key
        was used for another request), ``transition`` (no such step). What the request lacks is told all at once, a list
        of sentences for each of ``note``, ``reason_code``, ``evidence``, ``form``, ``at``, ``happened``, ``reason`` (an
        override without reason), and once more in ``missing``: ``[{"key", "code", "text", "parameters", "field": the
        question of a form, "resource_id"}]``. ``notes``, ``evidence``: ids that are none of the user's pending ones
    :raises NotAuthorized: not logged in, or the user may not read the dataset
    """
    data = asking.validated(data_dict, decision_schema.transition(), context)
    tk.check_access("satudata_transition", context, data)
    user_id = roles.required_user_id(context.get("user"))
    event = decisions.run(data, user_id, decisions.channel(context), commit=not context.get("defer_commit"))
    return status.event_dict(event, status.load(data), user_id)


def satudata_transition_bulk(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take the same step for several datasets, each as a decision of its own.

    :param transition: ``submit``, ``pass`` or ``publish``
    :type transition: string
    :param items: at most 100 of ``{"id", "expected", "content_hash"}``, as for ``satudata_transition`` (a list, or JSON
        text)
    :type items: list of dictionaries
    :param note: the same for each (optional)
    :type note: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    ``pass`` and ``publish`` are for datasets whose automatic checks found nothing; others are refused with the reason
    ``qa_not_green`` and looked at one by one. Each item is a transaction and an entry of its own: what one is refused
    for does not stop the others.

    :returns: ``{"count": int, "done": int, "refused": int, "results": [{"id", "title", "ok": bool, "event_id",
        "message", "to_state", "to_stage", "errors": as ``satudata_transition`` raises or null}]}`` in the order of the
        items
    :rtype: dictionary
    :raises ValidationError: ``transition`` (not one for many), ``items`` (none, or more than 100)
    :raises NotAuthorized: not logged in
    """
    data = asking.validated(data_dict, decision_schema.transition_bulk(), context)
    tk.check_access("satudata_transition_bulk", context, data)
    roles.required_user_id(context.get("user"))
    return bulk.run(data, context["user"], decisions.channel(context))


def satudata_override_edit(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Open a dataset for editing that is in review or approved; the round starts again. For sysadmins.

    :param id: id or name of the dataset
    :type id: string
    :param reason: why; it stands in the history
    :type reason: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    In review nobody edits, by any path. When something must be mended all the same, this makes it a draft again: the
    history is marked, a claim and a scheduled release end, and the next submission is a new round from the first stage.

    :returns: as ``satudata_transition``
    :rtype: dictionary
    :raises ValidationError: ``reasons``: it is no case in review or approved; ``reason``: none was given
    :raises NotAuthorized: not a sysadmin
    """
    data = asking.validated(data_dict, decision_schema.override_edit(), context)
    tk.check_access("satudata_override_edit", context, data)
    user_id = roles.required_user_id(context.get("user"))
    event = overrides.reopen(data, user_id, decisions.channel(context), commit=not context.get("defer_commit"))
    return status.event_dict(event, status.load(data), user_id)
