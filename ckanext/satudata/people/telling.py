"""Tell people what happened to their roles; a portal whose notices are off does without."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.people import listing, vocabulary
from ckanext.satudata.people.model import GrantRow

log = logging.getLogger(__name__)

START = "/mulai"


def tell(user_ids: Collection[str], key: str, parameters: dict[str, Any], link: str) -> None:
    """Leave a notice for these people, in the transaction of the caller."""
    try:
        notify = tk.get_action("satudata_notify")
    except KeyError:
        log.info("notice '%s' is not sent: there are no notices", key)
        return
    data = {"user_ids": sorted(user_ids), "key": key, "parameters": parameters, "link": link}
    notify({"ignore_auth": True, "defer_commit": True}, data)


def about(key: str, grants: Sequence[GrantRow]) -> None:
    """Tell the holders of these grants; several of one person and period are told at once."""
    together: dict[tuple[Any, ...], list[GrantRow]] = {}
    for grant in grants:
        same = (grant.user_id, grant.deputy_of, grant.deputy_kind, grant.valid_until, grant.letter)
        together.setdefault(same, []).append(grant)
    for found in together.values():
        tell([found[0].user_id], key, _parameters(found), START)


def _parameters(grants: Sequence[GrantRow]) -> dict[str, Any]:
    words = listing.dictized(grants)
    first, of = grants[0], words[0]["deputy_of"]
    places = dict.fromkeys(word["organization"]["title"] for word in words if word["organization"])
    # a period ends at midnight: the day that is told is the last one
    last = first.valid_until - timedelta(microseconds=1) if first.valid_until is not None else None
    return {
        "post": ", ".join(vocabulary.post(one.role, one.position, one.deputy_kind) for one in grants),
        "organization": ", ".join(places),
        "person": of["display_name"] if of is not None else None,
        "from": iso(first.valid_from),
        "until": iso(last),
        "letter": first.letter,
    }
