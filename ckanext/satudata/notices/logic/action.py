"""The actions of `notices`."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.notices import inbox, preferences, writing
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

    :returns: ``{"unread": int, "count": int, "limit", "offset", "results": [{"id", "key": what it says (a name of
        ``notices/words.py``: ``to_review``, ``returned``, ``late`` …), "text": sentence in the reader's language,
        "detail": until when, at which stage, what to bring, or empty, "link": path in the portal, "subject_type":
        ``dataset`` or ``portal``, "subject_id", "created": moment, "read": bool}]}``
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


@tk.side_effect_free
def satudata_notice_preferences_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How the user wants to be told. Notices in the portal come always.

    :returns: ``{"mail": "each" (a mail at once) | "daily" | "weekly" (a digest) | "none", "language": "id" | "en" of
        mails, or null for the portal's own}``
    :rtype: dictionary
    """
    tk.check_access("satudata_notice_preferences_show", context, data_dict)
    return preferences.show(roles.required_user_id(context.get("user")))


def satudata_notice_preferences_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say how the user wants to be told; what is not given stays as it is.

    :param mail: ``each``, ``daily``, ``weekly`` or ``none`` (optional)
    :type mail: string
    :param language: ``id`` or ``en``, empty for the portal's own (optional)
    :type language: string

    :returns: as ``satudata_notice_preferences_show``
    :rtype: dictionary
    :raises ValidationError: another word
    """
    data = asking.validated(data_dict, schema.preferences_update(), context)
    tk.check_access("satudata_notice_preferences_update", context, data)
    user_id = roles.required_user_id(context.get("user"))
    preferences.update(user_id, data)
    if not context.get("defer_commit"):
        model.Session.commit()
    return preferences.show(user_id)


def satudata_notify(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Leave a notice, and a mail for who wants mails. For the program itself.

    :param user_ids: whom to tell; who is not active, or may not read the subject, is left out
    :type user_ids: list of strings
    :param key: what to say, a name of ``notices/words.py``; ``message`` says the parameter ``text``
    :type key: string
    :param parameters: what the sentence names: texts, numbers, moments (``due``, ``at``, ``from``, ``until``) in ISO
        8601, words in both languages as ``{"id", "en"}`` (optional)
    :type parameters: dictionary
    :param link: path of the page it leads to
    :type link: string
    :param subject: ``{"type": "dataset", "id"}``: told only to those who may read it (optional)
    :type subject: dictionary
    :param event_id: the event of the history it comes from (optional)
    :type event_id: string
    :param public: the title may be told in mails, because everybody may read it (optional, default: false)
    :type public: boolean

    With ``defer_commit`` in the context it becomes part of the caller's transaction.

    :returns: ``{"told": how many}``
    :rtype: dictionary
    :raises ValidationError: an unknown key, parameters that are no JSON, a link that leaves the portal
    """
    data = asking.validated(data_dict, schema.notify(), context)
    tk.check_access("satudata_notify", context, data)
    told = writing.write(writing.messages(data))
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"told": told}
