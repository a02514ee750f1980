"""The actions of withdrawals. Withdrawing a whole dataset is a step of the workflow: ``satudata_transition``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.publication.withdrawals import listing, parts
from ckanext.satudata.publication.withdrawals.logic import schema


@tk.side_effect_free
def satudata_withdrawn_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What was public and is no longer, for harvesters: a copy elsewhere should go too. Open to everybody.

    :param since: only what was withdrawn at or after this moment, ISO 8601, without a zone UTC (optional). Ask again
        from a little before the last answer: what was decided at the same moment may be committed a little later.
    :type since: string
    :param limit: at most so many, 1 to 1000 (optional, default: 100)
    :type limit: integer
    :param offset: skip so many (optional, default: 0)
    :type offset: integer

    What is public again is not in the list. The order is that of the withdrawals, the oldest first, and does not
    change between two calls.

    :returns: ``{"count": of all that hold, "results": [{"id", "dataset_id", "name", "title", "kind": "unpublish" |
        "takedown", "reason_code", "reason_label", "public_reason", "withdrawn": ISO moment, "resource_id": of a single
        file, else null, "version": number of an earlier version, else null}]}``. After a takedown ``name``, ``title``
        and ``public_reason`` are null.
    :rtype: dictionary
    :raises ValidationError: ``since`` is no moment, ``limit`` or ``offset`` no number
    """
    data = asking.validated(data_dict, schema.withdrawn_list(), context)
    tk.check_access("satudata_withdrawn_list", context, data)
    return listing.listed(data.get("since"), data["limit"], data["offset"])


def satudata_takedown_part(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take down one file, or one earlier version, of a dataset that stays: at once, with its bytes, rows and tables.

    :param id: id or name of the dataset
    :type id: string
    :param resource_id: the file; either this or ``version``
    :type resource_id: string
    :param version: number of an earlier version
    :type version: integer
    :param reason_code: ``data_pribadi`` (UU 27/2022), ``dikecualikan`` (UU 14/2008, Pasal 17) or ``perintah_hukum``
    :type reason_code: string
    :param note: for the history, read by members and reviewers only (optional)
    :type note: string

    For who may take the step ``takedown`` of the dataset's procedure. Nothing of it can be had again.

    :returns: ``{"id", "resource_id" or "version", "event_id": of the entry in the history}``
    :rtype: dictionary
    :raises ValidationError: neither or both are named (``resource_id``), there is no such file or version, or the
        step is not open to the caller (``reasons``)
    """
    data = asking.validated(data_dict, schema.takedown_part(), context)
    tk.check_access("satudata_takedown_part", context, data)
    return parts.take_down(context, data)
