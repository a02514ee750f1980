"""Who holds which role."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.people import grants, importing, listing, reach
from ckanext.satudata.people.logic import schema


def satudata_grant_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a role to a user.

    Sysadmins give all; the admin of an organization gives the roles of ``ckanext.satudata.delegable_roles`` for that
    organization and those below it, never to themselves.

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

    :returns: ``{"id", "user": {"id", "name", "display_name"}, "role", "role_label", "position", "position_label",
        "post": role and position in words, "organization": {"id", "title"} or null, "valid_from", "valid_until",
        "first_day", "last_day" (ISO days of the portal's zone), "letter", "active": bool,
        "status": "active" | "upcoming" | "ended", "deputy_kind": "plt" | "plh" | null, "deputy_of": as user or null,
        "created", "ended"}``
    :rtype: dictionary
    :raises ValidationError: unknown user, role or organization; the period ends before it starts; the same grant exists
    :raises NotAuthorized: not the caller's organization or role to give
    """
    data = asking.validated(data_dict, schema.grant_create(), context)
    tk.check_access("satudata_grant_create", context, data)
    grant = grants.create(data, asking.reader(context))
    if not context.get("defer_commit"):
        grants.commit(grant)
    return listing.dictize(grant)


@tk.side_effect_free
def satudata_grant_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Grants, newest first: all for sysadmins, those for their own organizations for an organization's admin.

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
    return listing.dictized(listing.find(data, reach.of_caller(context)))


def satudata_grant_end(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End a grant now. What was decided with it stays in the history. A Plh who stands in for its holder ends too.

    For sysadmins, and for the admin of the organization as in ``satudata_grant_create``.

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
    return listing.dictize(grant)


@tk.side_effect_free
def satudata_grant_search(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Grants by the names of their holders, a page at a time; who sees which as in ``satudata_grant_list``.

    :param q: words of the person's name, the post, the office or the letter; all must be found (optional)
    :type q: string
    :param user: id or name (optional)
    :type user: string
    :param role: (optional)
    :type role: string
    :param position: (optional)
    :type position: string
    :param organization: id or name (optional)
    :type organization: string
    :param deputy_kind: ``plt`` or ``plh`` (optional)
    :type deputy_kind: string
    :param status: ``active``, ``upcoming`` or ``ended`` (optional, default: ``active``)
    :type status: string
    :param limit: 1–200 (optional, default: 20)
    :type limit: integer
    :param offset: (optional, default: 0)
    :type offset: integer

    :returns: ``{"count", "counts": {status: int}, "status", "limit", "offset", "results": [as satudata_grant_create]}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.grant_search(), context)
    tk.check_access("satudata_grant_search", context, data)
    return listing.search(data, reach.of_caller(context))


def satudata_grant_restore(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give back a role that was ended by mistake: a new grant like the old one, from now on.

    :param id: id of the ended grant
    :type id: string

    For those who could give it by ``satudata_grant_create``.

    :returns: as ``satudata_grant_create``
    :rtype: dictionary
    :raises ObjectNotFound: no such grant
    :raises ValidationError: it has not ended, its period is over, it was a deputy's, or the user holds the role again
    """
    data = asking.validated(data_dict, schema.grant_end(), context)
    tk.check_access("satudata_grant_restore", context, data)
    grant = grants.restore(data["id"], asking.reader(context))
    if not context.get("defer_commit"):
        grants.commit(grant)
    return listing.dictize(grant)


def satudata_grant_import(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give roles from a table: all of its rows, or none when one of them is wrong.

    :param upload: a CSV file (UTF-8, comma or semicolon) (optional)
    :type upload: file
    :param text: the same as text, when there is no file
    :type text: string
    :param dry_run: only say what would happen (optional, default: false)
    :type dry_run: boolean

    The first line names the columns ``user`` (name or e-mail), ``role``, ``position``, ``organization`` (name, id or
    title), ``valid_from``, ``valid_until``, ``letter``; ``user`` and ``role`` are required, others may be missing. At
    most 2,000 rows. Rows that hold already are left as they are, so the same table may be sent again. Who may give
    which role is as in ``satudata_grant_create``.

    :returns: ``{"rows": [{"line": int, "status": "new" | "there" | "wrong", "user", "role", "position",
        "organization", "valid_from", "valid_until", "letter" (as written), "person": display name or null, "post",
        "office" (in words or null), "errors": [sentence]}], "new", "there", "wrong": int, "applied": bool}``
    :rtype: dictionary
    :raises ValidationError: no table, an unreadable one, an unknown column, too many rows; without ``dry_run`` also a
        wrong row (key ``rows``)
    """
    data = asking.validated(data_dict, schema.grant_import(), context)
    tk.check_access("satudata_grant_import", context, data)
    table = importing.read(data)
    return importing.apply(
        table, reach.of_caller(context), dry_run=data["dry_run"], commit=not context.get("defer_commit")
    )
