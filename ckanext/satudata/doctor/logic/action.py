"""Actions of `doctor`: the examination, and what observed organizations would have been refused."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.bridge.language import language
from ckanext.satudata.doctor import examining, refused
from ckanext.satudata.doctor.logic import schema


def satudata_doctor(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Examine the portal. Sysadmins.

    It lays a file into the storage on trial and asks other machines (mail server, search server, its own address), so
    it is asked by POST.

    :param only: ids of checks (optional; default: all)
    :type only: list of strings
    :param outside: also what asks other machines or takes long (optional; default: true)
    :type outside: boolean

    :returns: ``{"status": 0 (well) | 1 (warnings) | 2 (errors), "checked": [{"id", "title", "meaning"}], "left_out":
        the same, "findings": [{"id": <check>.<what>, "severity": error | warning | info, "what", "why", "remedy":
        sentences, "command": str | None, "items": at most 20 ids or names, "count": int (all items)}], worst first}``
    :rtype: dictionary
    :raises ValidationError: key ``only``: no such check
    """
    data = asking.validated(data_dict, schema.doctor(), context)
    tk.check_access("satudata_doctor", context, data)
    done = examining.examine(data.get("only") or (), outside=data["outside"])
    spoken = language()
    told = [
        [{"id": one.id, "title": one.title.render(spoken), "meaning": one.meaning.render(spoken)} for one in checks]
        for checks in (done.checked, done.left_out)
    ]
    findings = [one.to_dict(spoken) for one in done.findings]
    return {"status": done.status, "checked": told[0], "left_out": told[1], "findings": findings}


@tk.side_effect_free
def satudata_observed_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What would have been refused in organizations that are only observed, newest day first.

    For sysadmins and holders of the role ``walidata`` for all organizations.

    :param organization: id or name; only this one, and with the datasets (optional)
    :type organization: string
    :param days: how many days back, 1 to 366 (optional, default 90)
    :type days: integer

    :returns: ``{"days": int, "rows": [{"organization_id", "organization_title", "what": kind, "what_label", "day": ISO
        day, "count": number of datasets, "datasets": [{"id", "name", "title"}], at most 50, only for one
        organization}]}``
    :rtype: dictionary
    :raises ObjectNotFound: no such organization
    """
    data = asking.validated(data_dict, schema.observed(), context)
    tk.check_access("satudata_enforcement_list", context, {})
    return {"days": data["days"], "rows": refused.rows(data.get("organization"), data["days"], language())}
