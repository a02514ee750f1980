"""Who works on what."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import acting, decisions
from ckanext.satudata.workflow.logic import companions
from ckanext.satudata.workflow.sharing import claim_work


def satudata_claim(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a dataset on: the desk shows who has it, and nobody else decides meanwhile.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    By whoever could decide at the present step. It ends with the step, with ``satudata_release``, or when the holder
    cannot act any more. Taking what one has already changes nothing.

    :returns: ``{"id": dataset id, "holder": {"id", "name", "since"} or null}``
    :rtype: dictionary
    :raises ValidationError: ``conflict`` (somebody else has it, with their name), ``reasons`` (why you cannot act here)
    """
    data = asking.validated(data_dict, companions.subject(), context)
    tk.check_access("satudata_claim", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        claim_work.claim(loaded, user_id, decisions.channel(context))
        return claim_work.answer(loaded)


def satudata_release(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a dataset back that was taken.

    :param id: id or name of the dataset
    :type id: string
    :param note: words for the history (optional)
    :type note: string

    By the holder, by somebody of the same role in a higher position (kasi, kabid, kepala …), by a sysadmin.

    :returns: as ``satudata_claim``
    :rtype: dictionary
    :raises ValidationError: ``reasons`` (``not_holder``)
    """
    data = asking.validated(data_dict, companions.release(), context)
    tk.check_access("satudata_release", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        claim_work.release(loaded, user_id, decisions.channel(context), data.get("note"))
        return claim_work.answer(loaded)


def satudata_assign(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a dataset to somebody to work on, or take it over by giving it to oneself.

    :param id: id or name of the dataset
    :type id: string
    :param user: id or name of the person
    :type user: string
    :param note: words to that person, kept in the history (optional)
    :type note: string

    By the holder who hands it over, by somebody of the same role in a higher position, by a sysadmin. The person must
    be able to decide at the present step, and may not be an author.

    :returns: as ``satudata_claim``
    :rtype: dictionary
    :raises ValidationError: ``user`` (unknown, or cannot act here), ``reasons`` (``not_holder``, ``nothing_to_claim``)
    """
    data = asking.validated(data_dict, companions.assign(), context)
    tk.check_access("satudata_assign", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        claim_work.assign(loaded, user_id, data["user"], decisions.channel(context), data.get("note"))
        return claim_work.answer(loaded)


def satudata_claims_free(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Free what somebody took but cannot decide any more: they left, or a grant ended. For programs; sysadmins.

    :param user: id or name of the person
    :type user: string

    :returns: ``{"freed": how many}``
    :rtype: dictionary
    :raises ObjectNotFound: no such person
    """
    data = asking.validated(data_dict, companions.claims_free(), context)
    tk.check_access("satudata_claims_free", context, data)
    user = model.User.get(data["user"])
    if user is None:
        raise tk.ObjectNotFound(f"user {data['user']}")
    freed = claim_work.free_of(user.id)
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"freed": freed}
