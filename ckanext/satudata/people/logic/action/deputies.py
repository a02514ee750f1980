"""Who stands in for whom."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking
from ckanext.satudata.people import deputies, reach
from ckanext.satudata.people.logic import schema


def satudata_deputy_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Appoint a deputy: Plt for a vacant post, Plh while its holder is absent.

    :param user: id or name of the deputy
    :type user: string
    :param deputy_of: id or name of the person replaced
    :type deputy_of: string
    :param kind: ``plt`` (the person replaced holds the post no more) or ``plh`` (holds it, but is absent)
    :type kind: string
    :param role: only posts of this role (optional, default: all posts of the person replaced)
    :type role: string
    :param position: only posts in this position (optional)
    :type position: string
    :param organization: only posts for this organization, id or name (optional)
    :type organization: string
    :param valid_from: first day, or a moment (optional, default: now)
    :type valid_from: string
    :param valid_until: last day, or the moment it ends
    :type valid_until: string
    :param letter: number of the letter of appointment
    :type letter: string

    For sysadmins; an organization's admin may appoint for posts that ``satudata_grant_create`` lets them give. The
    deputy acts in the role from then on, and the history says for whom.

    :returns: ``{"id", "user", "deputy_of": {"id", "name", "display_name"}, "kind", "kind_label": "Plt.", "posts": [
        {"id", "role", "position", "post": "Plt. Walidata (Kepala Bidang)", "organization", "status"}], "valid_from",
        "valid_until", "first_day", "last_day", "letter", "status": "active" | "upcoming" | "ended", "active",
        "created", "ended"}``
    :rtype: dictionary
    :raises ValidationError: a deputy of oneself or of a deputy; a Plt for a post that is held; a Plh for one that is
        not; another deputy in the same period; no letter; the period ends before it starts
    """
    data = asking.validated(data_dict, schema.deputy_create(), context)
    tk.check_access("satudata_deputy_create", context, data)
    made = deputies.create(data, asking.reader(context))
    if not context.get("defer_commit"):
        model.Session.commit()
    return deputies.dictize(made)


@tk.side_effect_free
def satudata_deputy_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Appointments of deputies, newest first; who sees which as in ``satudata_grant_list``.

    :param user: of this deputy, id or name (optional)
    :type user: string
    :param deputy_of: for this person, id or name (optional)
    :type deputy_of: string
    :param ended: also those that ended (optional, default: false)
    :type ended: boolean

    :returns: as ``satudata_deputy_create``
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, schema.deputy_list(), context)
    tk.check_access("satudata_deputy_list", context, data)
    return deputies.find(data, reach.of_caller(context))


def satudata_deputy_end(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End an appointment now, all its posts.

    :param id: id of the appointment, or of one of its posts
    :type id: string

    :returns: as ``satudata_deputy_create``
    :rtype: dictionary
    :raises ObjectNotFound: no such appointment
    :raises ValidationError: it has ended already
    """
    data = asking.validated(data_dict, schema.grant_end(), context)
    tk.check_access("satudata_deputy_end", context, data)
    ended = deputies.end(data["id"], asking.reader(context))
    if not context.get("defer_commit"):
        model.Session.commit()
    return deputies.dictize(ended)
