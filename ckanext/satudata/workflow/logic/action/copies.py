"""What a working copy that was published means for the case of its dataset."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import decisions
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import cases, merging


def satudata_case_merged(context: Any, data_dict: dict[str, Any]) -> None:
    """Write into the history of a published dataset that its next version was published. For the program itself.

    :param id: id of the dataset
    :type id: string
    :param copy: id of the working copy that was decided on
    :type copy: string
    :param event: id of the decision to publish the copy
    :type event: string
    :param version: number of the new version
    :type version: integer

    In the transaction of that decision. Who decided, the note and the letter are taken from it; the entries of the copy
    stand in the history of the dataset from its opening on.

    :raises ValidationError: the dataset is not published
    """
    tk.check_access("satudata_case_merged", context, data_dict)
    asking.given(data_dict, id=str, copy=str, event=str, version=int)
    merging.record(data_dict)
    if not context.get("defer_commit"):
        model.Session.commit()


def satudata_case_noted(context: Any, data_dict: dict[str, Any]) -> None:
    """Write into the history of a dataset what happened to it without a decision. For the program itself.

    :param id: id of the dataset
    :type id: string
    :param what: ``minor_change``, ``finding_waived`` or ``waiver_withdrawn``
    :type what: string
    :param changes: ``[{"field", "before", "after"}]``
    :type changes: list of dictionaries
    :param note: what was said with it (optional)
    :type note: string
    :param role: in which role (optional)
    :type role: string
    """
    tk.check_access("satudata_case_noted", context, data_dict)
    user_id = roles.required_user_id(context.get("user"))
    dataset_id, what, changes = asking.given(data_dict, id=str, what=str, changes=list)
    row = cases.lock("dataset", dataset_id)
    details = {"changes": changes} if changes else None
    said = data_dict.get("note")
    events.record(row, what, user_id, decisions.channel(context), details, said, actor_role=data_dict.get("role"))
    if not context.get("defer_commit"):
        model.Session.commit()
