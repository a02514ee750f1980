"""The procedures for reading."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.core.workflow.loader import DefinitionError
from ckanext.satudata.workflow.logic import schema
from ckanext.satudata.workflow.procedures import definitions, reading
from ckanext.satudata.workflow.standing import status


@tk.side_effect_free
def satudata_workflow_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The procedures datasets of this portal can follow. Everybody may ask.

    :returns: ``[{"key", "title", "about", "basis": legal basis or null, "purpose": "publication" | "verification",
        "default": bool (that of every dataset no rule names)}]``
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_workflow_list", context, data_dict)
    return reading.listed()


@tk.side_effect_free
def satudata_workflow_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One procedure with its stages and as a picture.

    :param key: its key (optional)
    :type key: string
    :param id: id or name of a dataset: the procedure it runs by, with its place marked (optional)
    :type id: string

    One of the two is needed. A procedure is public; where a dataset stands is read by who may read the dataset.

    :returns: ``{"key", "title", "about", "basis", "purpose", "stages": [{"key", "label", "kind", "role", "role_label",
        "positions": [{"key", "label"}], "sla", "optional": bool, "evidence": [label]}], "readers": [{"role",
        "role_label", "reads": "stage" | "submitted" | "office", "reads_label"}] (what is not public), "here": stage or
        state or null, "svg": str, "mermaid": str}``
    :rtype: dictionary
    :raises ObjectNotFound: no rulebook has it, its file is wrong, or there is no such dataset
    """
    data = asking.validated(data_dict, schema.workflow_show(), context)
    if data.get("id"):
        tk.check_access("satudata_case_show", context, {"id": data["id"]})
        loaded = status.load({"subject_type": "dataset", "id": data["id"]})
        return reading.shown(loaded.definition, reading.place(loaded))
    tk.check_access("satudata_workflow_list", context, data)
    if not data.get("key"):
        raise tk.ValidationError({"key": [tk._("Say which workflow, or which dataset.")]})
    try:
        return reading.shown(definitions.by_key(data["key"]))
    except (LookupError, DefinitionError) as error:
        raise tk.ObjectNotFound(f"workflow {data['key']}") from error
