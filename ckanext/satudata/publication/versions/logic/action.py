"""Restore an earlier version; the public list of changes."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, reviewing, roles
from ckanext.satudata.publication import guard, indexing
from ckanext.satudata.publication.copies import telling
from ckanext.satudata.publication.versions import changes, restoring, series
from ckanext.satudata.publication.versions.logic import schema


def satudata_version_restore(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Open a working copy with the content of an earlier version. Nothing changes for the public before its approval.

    :param id: id or name of the published dataset
    :type id: string
    :param version: number of the earlier version
    :type version: integer
    :param kind: ``perubahan`` (default) or ``ralat``
    :type kind: string
    :param note: told to the public with the new version (optional, default: "Kembali ke versi 2 (2026-03-01).")
    :type note: string

    For the walidata of the organization and for those who may change the dataset; whoever restores is an author of the
    change and does not decide on it. Metadata, tags, groups, files, data dictionaries and views are those of the
    version, under the file ids it had; no byte is copied. It is edited, submitted and reviewed like every working copy.

    :returns: as ``open`` of ``satudata_copy_show``, with ``"version"`` and ``"left_out"``: names of tags and groups of
        the version that do not exist any more
    :rtype: dictionary
    :raises ValidationError: ``reasons``: ``version.unknown``, ``version.is_current``, ``version.gone`` (taken down, or
        its time is over), ``version.file_gone``, and as ``satudata_copy_create`` (``copy.open``: who has one, where)
    :raises NotAuthorized: the user may not restore
    """
    data = asking.validated(data_dict, schema.restore(), context)
    tk.check_access("satudata_version_restore", context, data)
    found = guard.standing(data["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    user_id = roles.required_user_id(context.get("user"))
    commit = not context.get("defer_commit")
    told = {"kind": data["kind"], "note": data.get("note") or None}
    made = restoring.restore(context, found.id, user_id, data["version"], commit=commit, **told)
    if commit:
        model.Session.commit()
        indexing.index_dataset(made.copy.copy_id)
    return {**telling.copy_dict(made.copy), "version": data["version"], "left_out": list(made.left_out)}


@tk.side_effect_free
def satudata_change_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What changed in a published dataset, the newest first: versions, small changes, parts that were taken down.

    :param id: id or name of the dataset
    :type id: string
    :param limit: at most so many, 1 to 500 (optional, default: 100)
    :type limit: integer
    :param offset: skip so many (optional, default: 0)
    :type offset: integer

    For everybody who may read the dataset; it names no person. Versions that were *tertutup* are told insiders only.

    :returns: ``{"dataset_id", "count": of all, "results": [{"what": "version" | "minor" | "takedown", "at": moment or
        null (public before the portal kept account), "label": the kind in words, "versi": number or null, "jenis":
        "awal" | "perubahan" | "periode" | "ralat" or null, "catatan_perubahan": text or null, "current": bool (this
        version is what is public), "kept": bool (its content is still kept), "fields": [names, of a small change],
        "resource_id": of a file that was taken down, or null, "reason_code", "reason_label": of a takedown}]}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.change_list(), context)
    tk.check_access("satudata_change_list", context, data)
    found = guard.standing(data["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    inside = bool(context.get("ignore_auth")) or reviewing.is_inside(asking.reader(context), found.id, found.owner_org)
    return changes.listed(found.id, data["limit"], data["offset"], inside=inside)


@tk.side_effect_free
def satudata_series_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How the series goes on: the new files of a working copy of kind ``periode`` beside the last periods.

    :param id: id or name of the working copy
    :type id: string

    For members of the organization and its reviewers.

    :returns: ``{"kind": of the copy, null for no copy, "files": [{"resource_id", "name", "periode", "status_angka",
        "state": "compared" | "first" (no earlier period is there) | "not_judged" | "failed" (too large), "beside":
        [{"resource_id", "periode"}] (the last three periods, in order), "columns_added", "columns_missing": names,
        against the last of them, "figures": [{"column", "label", "unit", "before": [exact total or null, of each period
        beside], "after", "percent": change against the last one or null}]}]}``; ``files`` is empty for other kinds
    :rtype: dictionary
    :raises NotAuthorized: the reader is an outsider
    """
    data = asking.validated(data_dict, schema.one(), context)
    tk.check_access("satudata_series_show", context, data)
    found = guard.standing(data["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return series.shown(found.id)
