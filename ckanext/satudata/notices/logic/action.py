"""The actions of `notices`."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.notices import inbox
from ckanext.satudata.notices.logic import schema


@tk.side_effect_free
def satudata_notice_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The notices of the user, newest first.

    :param limit: at most 100, default 20
    :type limit: integer
    :param offset: default 0
    :type offset: integer
    :param unread_only: (optional, default: false)
    :type unread_only: boolean

    :returns: ``{"unread": int, "count": int, "limit", "offset", "results": [{"id", "key": "to_review" | "to_publish" |
        "passed" | "returned" | "rejected" | "reopened" | "published", "text": sentence in the reader's language,
        "link": path in the portal, "subject_type", "subject_id", "created": moment, "read": bool}]}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.notice_list(), context)
    tk.check_access("satudata_notice_list", context, data)
    user_id = roles.required_user_id(context.get("user"))
    return inbox.notices(user_id, data["limit"], data["offset"], unread_only=data["unread_only"])


def satudata_notice_read(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Mark notices of the user as read: one of ``id``, ``subject_id`` (all about one dataset) or ``all``.

    :param id: id of the notice (optional)
    :type id: string
    :param subject_id: id of the dataset (optional)
    :type subject_id: string
    :param all: (optional)
    :type all: boolean

    :returns: ``{"unread": int}``
    :rtype: dictionary
    :raises ObjectNotFound: no such notice of this user
    :raises ValidationError: nothing named
    """
    data = asking.validated(data_dict, schema.notice_read(), context)
    tk.check_access("satudata_notice_read", context, data)
    user_id = roles.required_user_id(context.get("user"))
    inbox.mark_read(user_id, data)
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"unread": inbox.unread(user_id)}
