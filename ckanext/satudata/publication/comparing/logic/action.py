"""The action that compares a working copy with what is public."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.publication.comparing import sides, telling
from ckanext.satudata.publication.comparing.logic import schema


@tk.side_effect_free
def satudata_compare(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What differs between a working copy and the public version, or between the present and an earlier version.

    :param id: id or name of the working copy, or of a published dataset (then its open copy; against an earlier
        version: the dataset itself)
    :type id: string
    :param against: ``public`` (default) or the number of an earlier version
    :type against: string
    :param version: compare this version with ``against`` instead of the present one (optional)
    :type version: integer
    :param resource_id: also compare the table of this file, row by row (optional); its id in either version
    :type resource_id: string
    :param kind: list only rows that are ``changed``, ``added`` or ``removed`` (optional)
    :type kind: string
    :param offset: rows of the listing to skip (optional, default: 0)
    :type offset: integer
    :param limit: rows of the listing to return, at most 500 (optional, default: 50)
    :type limit: integer

    For members of the organization, its reviewers and sysadmins who may read both versions.

    :returns: ``{"dataset_id", "copy_id": or null, "against": "public" or number, "before": {"version": number or null,
        "published": moment or null}, "after": {"version": number or null, "opened":
        moment or null: of the copy, or when that version was published}, "fields_count": fields that are filled in
        either, "fields": [{"field", "kind": "added" | "removed" | "changed", "before", "after", "runs": [{"kind":
        "kept" | "removed" | "added", "text"}], "added": [item], "removed": [item], "moved": bool}], "tags", "groups":
        {"added": [name], "removed": [name]}, "resources": {"added", "removed": [{"id", "name"}], "changed": [{"id",
        "before_id", "name", "fields", "content": bool (other bytes), "views": bool, "size_before", "size_after",
        "columns": {"added", "removed": [name], "renamed": [{"before", "after", "why"}], "changed": [{"column",
        "changes": as fields}], "moved"}}], "same": int, "moved": bool}, "table": null without ``resource_id``, else
        {"resource_id", "before_id", "name", "state": "compared" | "same" | "added" | "removed" | "not_judged" |
        "earlier" (the judged table of that version is no longer kept) | "failed", "message": sentence or null, "diff":
        null or {"by": "key" | "row", "key": [column], "key_missing", "rows_before", "rows_after", "added", "removed",
        "changed", "same": rows, "cells": {column: changed cells}, "columns_added", "columns_removed",
        "repeated_before", "repeated_after": {"rows", "keys"}, "totals": [{"column", "before", "after", "difference":
        exact decimal texts or null, "filled_before", "filled_after"}], "periods": [the same by "period"], "codes":
        [{"column", "added_count", "removed_count", "added", "removed"}], "scales": [{"column", "factor", "cells",
        "of"}], "listed", "offset", "rows": [{"kind", "row", "row_before": of the files, "key", "values": {column:
        cell}, "cells": [{"column", "before", "after"}]}]}}}``. The listing has changed and added rows in the order of
        the new file, then the removed ones.
    :rtype: dictionary
    :raises ValidationError: ``id``: there is no open copy; ``against``: no such version, or its content was taken down;
        ``resource_id``: no such file in either version
    :raises NotAuthorized: the reader may not read both, or is an outsider
    """
    data = asking.validated(data_dict, schema.compare(), context)
    tk.check_access("satudata_compare", context, data)
    found = sides.find(context, data["id"], data["against"], data.get("version"))
    return telling.answer(found, data)
