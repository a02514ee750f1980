"""What happened, and what changed."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.logic import schema
from ckanext.satudata.workflow.records import history, register, times
from ckanext.satudata.workflow.standing import changes, status


@tk.side_effect_free
def satudata_history(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Who decided what, when, with which note; newest first.

    :param id: id or name of the dataset
    :type id: string
    :param subject_type: (optional, default: ``dataset``)
    :type subject_type: string

    :returns: ``[{"id", "at", "happened": date or null (the real day of a decision made on paper), "letter": number of
        its letter or null, "transition", "label": "Dikembalikan", "from_state", "from_state_label", "to_state",
        "to_state_label", "from_stage", "from_stage_label", "to_stage", "to_stage_label", "round", "actor":
        {"id", "name", "display_name"}, "role", "role_label", "position", "title": what the person acted as
        ("Plt. Kepala Bidang, Walidata"), "deputy_of": name or null, "deputy_kind": "plt" | "plh" | null,
        "override": bool, "automatic": bool, "reason", "reason_code", "reason_label", "note",
        "notes": [{"id", "label", "text"}], "evidence": [{"id", "kind", "name"}], "form": answers or null,
        "receipts": [{"at", "by"}], "due": the deadline that ran, "late": bool,
        "channel": "page" | "api" | "cli" | "job"}]``
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


@tk.side_effect_free
def satudata_register(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The register of decisions of all datasets, newest first.

    :param since: first day, as 2026-01-31 (optional)
    :type since: string
    :param until: last day (optional)
    :type until: string
    :param organization: id or name (optional)
    :type organization: string
    :param transition: only this step: ``submit``, ``pass``, ``return``, … (optional)
    :type transition: string
    :param q: words of the title (optional)
    :type q: string
    :param limit: at most 1,000, default 50
    :type limit: integer
    :param offset: default 0
    :type offset: integer

    Sysadmins and who holds a role for all organizations read all of it, others the decisions of their organizations.

    :returns: ``{"count", "limit", "offset", "results": [{"number": running number, "id", "at", "happened",
        "subject_type", "subject_id", "title", "organization_id", "organization", "transition", "label", "from_label",
        "to_label", "round", "actor", "role", "deputy", "reason_label", "note", "evidence": names, "letter", "due",
        "late", "channel", "override", "automatic"}]}``
    :rtype: dictionary
    :raises NotAuthorized: the user is in no organization and holds no role
    """
    data = asking.validated(data_dict, schema.register(), context)
    tk.check_access("satudata_register", context, data)
    chosen = register.asked(data, roles.required_user_id(context.get("user")))
    return register.page(chosen, data["limit"], data["offset"])


@tk.side_effect_free
def satudata_times(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Actual time against *mutu baku*: how long each step really took beside what the SOP allows.

    :param by: ``stage`` (default: all offices and months together), ``organization`` or ``month``
    :type by: string
    :param workflow: key of a workflow (optional)
    :type workflow: string
    :param since: first day, as 2026-01-31 (optional)
    :type since: string
    :param until: last day (optional)
    :type until: string
    :param organization: id or name (optional)
    :type organization: string

    :returns: ``{"by", "at", "workflows": [{"key", "title"}], "rows": [{"workflow", "workflow_title", "step",
        "step_label", "group": id of the organization, month as 2026-01, or null, "group_label", "term": words or null,
        "count", "with_due": those that had a deadline, "on_time", "unit": "hari_kerja" | "jam", "median",
        "ninth_decile", "longest"}]}``
    :rtype: dictionary
    :raises NotAuthorized: as ``satudata_register``
    """
    data = asking.validated(data_dict, schema.times(), context)
    tk.check_access("satudata_register", context, data)
    chosen = register.asked(data, roles.required_user_id(context.get("user")))
    return times.report(chosen, data["by"], data.get("workflow"))
