"""The steps themselves."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow import decisions, status
from ckanext.satudata.workflow.logic import schema


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
    data = asking.validated(data_dict, schema.transition(), context)
    tk.check_access("satudata_transition", context, data)
    user_id = roles.required_user_id(context.get("user"))
    event = decisions.run(data, user_id, decisions.channel(context), commit=not context.get("defer_commit"))
    return status.event_dict(event, status.load(data), user_id)
