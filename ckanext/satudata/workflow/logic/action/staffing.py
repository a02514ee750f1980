"""What the rooms of people and offices ask of the cases: for the program itself."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import decisions, parting
from ckanext.satudata.workflow.standing import moving, reading
from ckanext.satudata.workflow.watching import staffing


@tk.side_effect_free
def satudata_staffing_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Every step that somebody must be able to take for the cases on their way. For the program itself.

    Counted are drafts (by the procedure they would follow now), cases in review, in revision and verified: each needs
    every step from where it stands to the end. Optional stages are left out.

    :returns: ``[{"definition": key, "stage": key of the stage, or "submit" or "publish", "label": {"id", "en"},
        "holders": [{"role", "position": or null for any}] (one of them is enough), "scope", "organization_id": or null,
        "waiting": number of cases at or before it}]``
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_staffing_list", context, data_dict)
    return staffing.needed()


@tk.side_effect_free
def satudata_left_behind(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Cases on their way that a person wrote in, began as a draft, or holds. For the program itself.

    :param user: id of the user
    :type user: string

    :returns: ``[{"id": of the dataset, "title", "organization_id", "state", "state_label", "held": bool}]``
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_left_behind", context, data_dict)
    (user_id,) = asking.given(data_dict, user=str)
    return staffing.left_behind(user_id)


@tk.side_effect_free
def satudata_case_places(context: Any, data_dict: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Where datasets stand. For the program itself.

    :param ids: ids of datasets
    :type ids: list of strings
    :param authors: tell also who wrote what is judged now (optional)
    :type authors: boolean

    :returns: ``{id: {"state", "state_label", "stage": key or null, "stage_label": or null, "round", "organization_id",
        "authors": [ids of users]}}``
    :rtype: dictionary
    """
    tk.check_access("satudata_case_places", context, data_dict)
    (ids,) = asking.given(data_dict, ids=list)
    return moving.places(ids, authors=bool(data_dict.get("authors")))


@tk.side_effect_free
def satudata_case_readers(context: Any, data_dict: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Which roles may read what is not public, where each case stands now. For the program itself.

    :param ids: ids of datasets
    :type ids: list of strings
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    :returns: ``{id: [{"role", "position": or null for any, "scope": "organization" | "tree" | "all" (how far a grant
        reaches)}]}``; members of the organization read without it
    :rtype: dictionary
    """
    tk.check_access("satudata_case_readers", context, data_dict)
    (ids,) = asking.given(data_dict, ids=list)
    return reading.of_cases(str(data_dict.get("subject_type") or "dataset"), [str(one) for one in ids])


def satudata_office_moved(context: Any, data_dict: dict[str, Any]) -> None:
    """Write into the history that a dataset has just been given to another office. For the program itself.

    :param id: id of the dataset
    :type id: string
    :param content_hash: hash of its content before
    :type content_hash: string
    :param from: ``{"id", "title"}`` of the office before
    :type from: dictionary
    :param to: ``{"id", "title"}`` of the office now
    :type to: dictionary
    :param letter: number of the letter (optional)
    :type letter: string
    :param note: (optional)
    :type note: string
    """
    tk.check_access("satudata_office_moved", context, data_dict)
    asking.given(data_dict, id=str, content_hash=str, to=dict)
    moving.record(data_dict, roles.required_user_id(context.get("user")), decisions.channel(context))
    if not context.get("defer_commit"):
        model.Session.commit()


def satudata_part_taken_down(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Write into the history that a part of a dataset has just been taken down. For the program itself.

    :param id: id of the dataset
    :type id: string
    :param content_hash: hash of its content before
    :type content_hash: string
    :param reason_code: as of the step ``takedown``
    :type reason_code: string
    :param note: (optional)
    :type note: string
    :param resource_id: the file (optional)
    :type resource_id: string
    :param version: number of the earlier version (optional)
    :type version: integer

    :returns: ``{"event_id"}``
    :rtype: dictionary
    :raises ValidationError: key ``reasons``: the user of the context may not take the step ``takedown`` now
    """
    tk.check_access("satudata_part_taken_down", context, data_dict)
    user_id = roles.required_user_id(context.get("user"))
    asking.given(data_dict, id=str, content_hash=str, reason_code=str)
    event_id = parting.record(data_dict, user_id, decisions.channel(context))
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"event_id": event_id}
