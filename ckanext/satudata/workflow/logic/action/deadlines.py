"""Who is to be reminded of what: for the program itself."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.workflow.logic import schema
from ckanext.satudata.workflow.watching import deadlines


@tk.side_effect_free
def satudata_due_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Cases whose term ends up to a moment, the earliest first. For the program itself.

    :param before: ISO 8601 with zone; terms that end at or before it
    :type before: string
    :param after: only terms that end behind this moment (optional)
    :type after: string
    :param after_id: and those that end at it, of cases with an id behind this one: the next page (optional)
    :type after_id: string
    :param steps: also drafts and returned cases with another term on the way to a later due date (optional, default:
        false)
    :type steps: boolean
    :param states: of ``draft``, ``in_review``, ``revision``, ``verified`` (optional, default: all four)
    :type states: list of strings
    :param limit: at most 20,000 (optional, default: 5,000)
    :type limit: integer

    :returns: ``[{"case_id", "subject_type", "subject_id", "title", "organization_id", "organization_title", "state",
        "stage", "round", "since", "due", "release_at": moments or null, "with_producer": bool, "public": bool
        (everybody may read it), "steps": [{"kind": "collect" | "repair", "at": moment}] (ends of the producer's terms
        before the due date)}]``
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, schema.due_list(), context)
    tk.check_access("satudata_due_list", context, data)
    bounds = {"after": data.get("after"), "after_id": data["after_id"], "steps": data["steps"]}
    return deadlines.due(data["before"], data["states"], data["limit"], **bounds)


@tk.side_effect_free
def satudata_concerned_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Cases with the people they concern now, or did at an earlier place. For the program itself: it names people.

    :param ids: ids of datasets, at most 20,000
    :type ids: list of strings
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string
    :param state: of the place to look at instead of where each case stands (optional)
    :type state: string
    :param stage: of that place (optional)
    :type stage: string

    :returns: as ``satudata_due_list``, and ``"kind": of the stage or null, "stage_label": {"id", "en"} or null (also
        when there is but one stage), "holder_id": who has claimed it or null, "responsible": [ids of users whose turn
        it is and who may take it; deputies behind the others], "producers": [ids of users; who submitted it comes
        first], "escalation": [{"label": {"id", "en"}, "people": [ids]}] (one step after another), "needs": [{"id",
        "en"}] (files the step asks for), "receipt": bool (the producer confirms having read the decision), "batch":
        {"id", "title", "count", "waiting": bool} or null``
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, schema.concerned_list(), context)
    tk.check_access("satudata_concerned_list", context, data)
    place = deadlines.Place(data["state"], data.get("stage")) if data.get("state") else None
    return deadlines.concerned(data["ids"], data["subject_type"], place)
