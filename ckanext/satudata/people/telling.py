"""Tell people what happened to their roles; a portal whose notices are off does without."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.people import days, vocabulary
from ckanext.satudata.people.model import GrantRow

log = logging.getLogger(__name__)

PAGE = "/petugas"


def tell(user_ids: Collection[str], key: str, parameters: dict[str, Any], link: str = PAGE) -> None:
    """Leave a notice for these people, in the transaction of the caller."""
    try:
        notify = tk.get_action("satudata_notify")
    except KeyError:
        log.info("notice '%s' is not sent: there are no notices", key)
        return
    data = {"user_ids": sorted(user_ids), "key": key, "parameters": parameters, "link": link}
    notify({"ignore_auth": True, "defer_commit": True}, data)


def about(grant: GrantRow, key: str, organization: str) -> None:
    """Tell the holder of a grant: ``grant_given`` or ``grant_ended``."""
    tell(
        [grant.user_id],
        key,
        {
            "post": vocabulary.post(grant.role, grant.position, grant.deputy_kind),
            "organization": organization,
            "from": days.first_day(grant.valid_from),
            "until": days.last_day(grant.valid_until) or "",
            "letter": grant.letter or "",
        },
        "/pekerjaan-saya",
    )
