"""The procedures of this portal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.workflow import definitions


@tk.side_effect_free
def satudata_workflow_roles(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The roles and positions the portal's workflows know, in words.

    :returns: ``{"roles": [{"key": "walidata", "label"}], "positions": [{"key": "kasi", "label"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_workflow_roles", context, data_dict)
    return definitions.words()
