"""What happened, and what changed."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.workflow import changes, history, status
from ckanext.satudata.workflow.logic import schema


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
    data = asking.validated(data_dict, schema.subject(), context)
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
    data = asking.validated(data_dict, schema.subject(), context)
    tk.check_access("satudata_changes", context, data)
    return changes.between_rounds(status.load(data))
