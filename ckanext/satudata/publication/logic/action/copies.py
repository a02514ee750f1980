"""Working copies of published datasets, and the versions that were public."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, reviewing, roles
from ckanext.satudata.publication import guard, indexing, minor
from ckanext.satudata.publication.copies import closing, finding, opening, periods, telling, versions, words
from ckanext.satudata.publication.logic import copy_schema


def satudata_copy_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Open a working copy of a published dataset: its next version, edited and decided on while this one stays public.

    :param id: id or name of the published dataset
    :type id: string
    :param kind: ``perubahan``, ``periode`` (only files of a new period are added, each with ``periode`` and
        ``status_angka``; fields and earlier files stay as published) or ``ralat`` (a correction); default: the first
    :type kind: string
    :param note: what changes, told to the public with the new version (optional; required to submit a ``ralat``)
    :type note: string

    For those who may change the dataset. The copy is a private dataset with metadata, files, data dictionaries, views
    and check results as they are; no byte of a file is copied. It is edited, checked, submitted and reviewed like every
    draft. Only one is open at a time.

    :returns: as ``open`` of ``satudata_copy_show``
    :rtype: dictionary
    :raises ValidationError: ``reasons``: ``copy.not_published``, ``copy.open`` (somebody has one; who and where),
        ``copy.of_a_copy``, ``copy.not_guarded``
    :raises NotAuthorized: the user may not change the dataset
    """
    data = asking.validated(data_dict, copy_schema.create(), context)
    found = guard.standing(data["id"])
    tk.check_access("satudata_copy_create", context, data)
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    user_id = roles.required_user_id(context.get("user"))
    made = opening.open_for(context, found.id, user_id, kind=data["kind"], note=data.get("note"))
    if not context.get("defer_commit"):
        model.Session.commit()
        indexing.index_dataset(made.copy_id)
    return telling.copy_dict(made)


def satudata_copy_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say what a working copy is for, while it is a draft.

    :param id: id or name of the copy, or id of its dataset
    :type id: string
    :param kind: as in ``satudata_copy_create``
    :type kind: string
    :param note: as in ``satudata_copy_create``; empty takes it away
    :type note: string

    :returns: as ``open`` of ``satudata_copy_show``
    :rtype: dictionary
    :raises ValidationError: ``reasons``: ``copy.none_open``, ``periode.only_a_file`` (more than new files differs by
        now); ``dataset``: it is in review
    """
    data = asking.validated(data_dict, copy_schema.create(), context)
    tk.check_access("satudata_copy_update", context, data)
    found = _open(data["id"])
    guard.refuse_frozen(context, opening.locked(found.copy_id))
    more = periods.beyond(found) if data["kind"] == periods.PERIOD else None
    if more is not None:
        raise telling.refusal(more)
    finding.change(found, kind=data["kind"], note=data.get("note") or None)
    if not context.get("defer_commit"):
        model.Session.commit()
    return telling.copy_dict(_open(found.copy_id))


def satudata_copy_discard(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a working copy up: its rows, files and tables go, the public version stays as it is, the history is kept.

    :param id: id or name of the copy, or id of its dataset
    :type id: string
    :param note: why (optional)
    :type note: string

    For those who may change the dataset, while the copy is a draft, returned or rejected.

    :returns: ``{"id": of the copy, "dataset_id", "discarded": true}``
    :rtype: dictionary
    :raises ValidationError: ``reasons``: ``copy.none_open``, ``copy.in_review`` (take it back first)
    :raises NotAuthorized: the user may not change the dataset
    """
    data = asking.validated(data_dict, copy_schema.discard(), context)
    tk.check_access("satudata_copy_discard", context, data)
    found = _open(data["id"])
    closing.discard(found, roles.required_user_id(context.get("user")), data.get("note"))
    if not context.get("defer_commit"):
        model.Session.commit()
        closing.remove(found)
    return {"id": found.copy_id, "dataset_id": found.dataset_id, "discarded": True}


@tk.side_effect_free
def satudata_copy_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The open working copy of a dataset, or whose copy a dataset is. For members, reviewers and sysadmins.

    :param id: id or name of the dataset, or of a copy (also of one that is closed)
    :type id: string

    :returns: ``{"dataset_id": the published dataset, "is_copy": bool (the one asked about is a copy), "open": null or
        {"id", "name": of the copy, "dataset_id", "dataset_name", "dataset_title", "state": "open" | "merged" |
        "discarded", "kind", "note", "opened": moment, "opened_by": name, "closed", "closed_by", "closed_note"},
        "can_open": bool, "why_not": sentence or null (why no copy can be opened now)}``
    :rtype: dictionary
    :raises NotAuthorized: the reader is no member, no reviewer and no sysadmin
    """
    data = asking.validated(data_dict, copy_schema.show(), context)
    tk.check_access("satudata_copy_show", context, data)
    return telling.standing_dict(data["id"])


@tk.side_effect_free
def satudata_copy_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Every working copy a dataset ever had, the newest first. For members, reviewers and sysadmins.

    :param id: id or name of the dataset
    :type id: string

    :returns: as ``open`` of ``satudata_copy_show``, for each
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, copy_schema.show(), context)
    tk.check_access("satudata_copy_list", context, data)
    return [telling.copy_dict(found) for found in finding.all_of(telling.dataset_id(data["id"]))]


@tk.side_effect_free
def satudata_version_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The versions of a dataset that were public, the newest first: the list of its changes.

    :param id: id or name of the dataset
    :type id: string

    For everybody who may read the dataset.

    :returns: ``[{"versi": number, "jenis": "awal" | "perubahan" | "periode" | "ralat", "catatan_perubahan": text or
        null, "terbit": moment or null (public before the portal kept account), "current": bool, "kept": bool (its
        content is still there)}]``; for members, reviewers and sysadmins also ``"content_hash", "copy_id", "by"``
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, copy_schema.show(), context)
    tk.check_access("satudata_version_list", context, data)
    found = guard.standing(data["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    inside = bool(context.get("ignore_auth")) or reviewing.is_inside(asking.reader(context), found.id, found.owner_org)
    return versions.listed(found.id, inside=inside)


def satudata_minor_change(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change fields of a published dataset that need no review (option ``ckanext.satudata.free_fields``).

    :param id: id or name of the dataset
    :type id: string
    :param fields: ``{name: new value}``; by default the contact (``kontak``) and the spelling of ``notes``
    :type fields: dictionary

    For those who may change the dataset. Of a description nine tenths of the characters and every digit stay. What was
    before and after stands in the history, with the person.

    :returns: ``{"id", "changed": names of the fields}``
    :rtype: dictionary
    :raises ValidationError: ``reasons``: ``minor.not_free``, ``minor.not_spelling``, ``minor.nothing``, a working copy
        is open, the dataset is not published; or the value is not valid
    """
    data = asking.validated(data_dict, copy_schema.minor(), context)
    found = guard.standing(data["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    tk.check_access("satudata_minor_change", context, data)
    return minor.change(context, found.id, data["fields"])


def _open(reference: str) -> finding.Copy:
    found = finding.concerned(telling.dataset_id(reference))
    if found is None:
        raise telling.refusal(words.NONE_OPEN)
    return found
