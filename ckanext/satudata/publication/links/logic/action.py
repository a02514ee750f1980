"""The actions of links. Fetching itself is a job; these start it and tell what came of it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking as asked
from ckanext.satudata.bridge.language import language
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.links import asking, settings, standing, words
from ckanext.satudata.publication.links.logic import schema


@tk.side_effect_free
def satudata_link_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The files of a dataset that are still links to other websites. For members and reviewers.

    :param id: id or name of the dataset
    :type id: string
    :param language: ``id`` or ``en`` (optional, default: that of the request)
    :type language: string

    :returns: one answer of :func:`satudata_link_show` for each
    :rtype: list of dictionaries
    """
    data = asked.validated(data_dict, schema.link_list(), context)
    tk.check_access("satudata_link_list", context, data)
    package = model.Package.get(data["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return standing.of_dataset(package.id, data.get("language") or language())


@tk.side_effect_free
def satudata_link_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Where a linked file stands. For members and reviewers.

    :param resource_id: the file
    :type resource_id: string
    :param language: ``id`` or ``en`` (optional, default: that of the request)
    :type language: string

    :returns: ``{"resource_id", "package_id", "name", "state": "none" (a link nobody fetched) | "waiting" | "fetching"
        | "fetched" | "failed" | "file" (no link), "url": where it lies, or was fetched from, "finding": {"code",
        "problem", "mend"} or null, "finished": ISO moment or null, "may_stay": whether it may be submitted as a link,
        "unguaranteed": whether it is marked as one nobody vouches for, "passes": whether it may be submitted as it
        is, "why": {"id", "en"} or null, "watch": {"state": "same" | "changed" | "dead", "since", "why"} or null}``
    :rtype: dictionary
    """
    data = asked.validated(data_dict, schema.link_show(), context)
    tk.check_access("satudata_link_show", context, data)
    resource = standing.resource_of(data["resource_id"])
    return standing.of_row(resource, asking.row_of(resource["id"]), data.get("language") or language())


def satudata_link_fetch(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Fetch the file behind a link, or once more what was fetched earlier; a job does it.

    :param resource_id: the file of a draft
    :type resource_id: string

    Asked for while it is on its way nothing more happens.

    :returns: as :func:`satudata_link_show`
    :rtype: dictionary
    :raises ValidationError: ``resource_id``: neither a link nor fetched from one; ``dataset``: it may not change now
    """
    data = asked.validated(data_dict, schema.link_fetch(), context)
    tk.check_access("satudata_link_fetch", context, data)
    resource = standing.resource_of(data["resource_id"])
    found = standing.of_row(resource, asking.row_of(resource["id"]), language())
    if not found["url"]:
        raise tk.ValidationError({"resource_id": [words.NO_LINK.render(language())]})
    guard.refuse_frozen(context, guard.standing_of_resource(resource["id"]))
    if found["state"] not in asking.OPEN:
        user_id = asked.reader(context)
        asking.ask(resource["id"], resource["package_id"], found["url"], user_id, urgent=True)
    if not context.get("defer_commit"):
        model.Session.commit()
    return standing.of_row(resource, asking.row_of(resource["id"]), language())


def satudata_link_keep(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let what cannot be fetched stay a link, marked *tautan luar, tidak dijamin*; or take the mark away.

    :param resource_id: the link, of a draft
    :type resource_id: string
    :param keep: (optional, default: true)
    :type keep: boolean

    :returns: as :func:`satudata_link_show`
    :rtype: dictionary
    :raises ValidationError: ``resource_id``: no link, the portal publishes no such links
        (``ckanext.satudata.links.unguaranteed``), or nobody tried to fetch it; ``dataset``: it may not change now
    """
    data = asked.validated(data_dict, schema.link_keep(), context)
    tk.check_access("satudata_link_keep", context, data)
    resource = standing.resource_of(data["resource_id"])
    found = standing.of_row(resource, asking.row_of(resource["id"]), language())
    guard.refuse_frozen(context, guard.standing_of_resource(resource["id"]))
    refused = _why_not(resource, found) if data["keep"] else None
    if refused is not None:
        raise tk.ValidationError({"resource_id": [refused.render(language())]})
    mark = asking.UNGUARANTEED if data["keep"] else ""
    tk.get_action("resource_patch")(context, {"id": resource["id"], asking.MARK: mark})
    resource = standing.resource_of(resource["id"])
    return standing.of_row(resource, asking.row_of(resource["id"]), language())


def _why_not(resource: dict[str, Any], found: dict[str, Any]) -> Any:
    if not asking.is_link(resource):
        return words.NO_LINK
    if not settings.may_stay():
        return words.NOT_ALLOWED
    return None if found["may_stay"] else words.NOT_TRIED
