"""The actions of `people`: who holds which role."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.people import grants
from ckanext.satudata.people.logic import schema


def satudata_grant_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a role to a user. Sysadmins only.

    :param user: id or name
    :type user: string
    :param role: a role of the definitions in use: ``walidata``, ``pembina_data``, …
    :type role: string
    :param position: ``staf``, ``kasi``, ``kabid``, ``sekretaris``, ``kepala`` (optional)
    :type position: string
    :param organization: id or name; without it the role holds for all organizations (optional)
    :type organization: string
    :param valid_from: date or moment (optional, default: now)
    :type valid_from: string
    :param valid_until: last day, or the moment it ends (optional)
    :type valid_until: string
    :param letter: number of the letter of appointment (optional)
    :type letter: string

    The role ``produsen_data`` is not granted: it follows from being editor or admin of an organization.

    :returns: ``{"id", "user": {"id", "name", "display_name"}, "role", "role_label", "position", "organization":
        {"id", "title"} or null, "valid_from", "valid_until", "letter", "active": bool, "created", "ended"}``
    :rtype: dictionary
    :raises ValidationError: unknown user, role or organization; the period ends before it starts; the same grant exists
    """
    data = asking.validated(data_dict, schema.grant_create(), context)
    tk.check_access("satudata_grant_create", context, data)
    grant = grants.create(data, asking.reader(context))
    if not context.get("defer_commit"):
        grants.commit(grant)
    return grants.dictize(grant)


@tk.side_effect_free
def satudata_grant_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Grants, newest first. Sysadmins only.

    :param user: id or name (optional)
    :type user: string
    :param role: (optional)
    :type role: string
    :param organization: id or name (optional)
    :type organization: string
    :param ended: also those that ended (optional, default: false)
    :type ended: boolean

    :returns: as ``satudata_grant_create``
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, schema.grant_list(), context)
    tk.check_access("satudata_grant_list", context, data)
    return [grants.dictize(grant) for grant in grants.find(data)]


def satudata_grant_end(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End a grant now. Sysadmins only. What was decided with it stays in the history.

    :param id: id of the grant
    :type id: string

    :returns: as ``satudata_grant_create``
    :rtype: dictionary
    :raises ObjectNotFound: no such grant
    :raises ValidationError: it has ended already
    """
    data = asking.validated(data_dict, schema.grant_end(), context)
    tk.check_access("satudata_grant_end", context, data)
    grant = grants.end(data["id"], asking.reader(context))
    if not context.get("defer_commit"):
        grants.commit(grant)
    return grants.dictize(grant)
