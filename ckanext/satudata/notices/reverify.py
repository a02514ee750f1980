"""Published data whose time has come to be brought up to date: producers and Walidata are told, once each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.notices import booking, writing
from ckanext.satudata.notices.reminders import DESK, FEW, WORK, open_at
from ckanext.satudata.notices.writing import Message

KIND = "reverify"
PAGE = 500


def remind() -> int:
    """Tell who has not been told, once a day; how many. Commits."""
    at, calendar = now(), terms.calendar()
    last = booking.last_sweep(KIND)
    if not open_at(at, calendar) or (last is not None and calendar.local_date(last) == calendar.local_date(at)):
        return 0
    told = 0
    for items in _pages():
        found = {(item["id"], KIND, datetime.fromisoformat(item["verify_due"])): item["id"] for item in items}
        fresh = [found[key] for key in booking.book(found)]
        told += writing.write(_messages(fresh), gather={KIND: f"many_{KIND}"}, few=FEW)
        model.Session.commit()
    booking.note_sweep(KIND, at)
    return told


def _pages() -> Iterator[list[dict[str, Any]]]:
    offset = 0
    while items := _call("satudata_overdue_list", limit=PAGE, offset=offset)["results"]:
        yield items
        offset += PAGE


def _messages(ids: list[str]) -> Iterator[Message]:
    """The producers, and whoever publishes."""
    if not ids:
        return
    for case in _call("satudata_concerned_list", ids=ids, state="verified"):
        producers = dict.fromkeys(case["producers"], WORK)
        for user_id, many_link in {**dict.fromkeys(case["responsible"], DESK), **producers}.items():
            yield Message(
                user_id,
                KIND,
                f"/dataset/{case['subject_id']}",
                {"title": case["title"], "organization": case["organization_title"]},
                subject_type="dataset",
                subject_id=case["subject_id"],
                mail_title=case["public"],
                many_link=many_link,
            )


def _call(action: str, **data: Any) -> Any:
    return tk.get_action(action)({"ignore_auth": True}, data)
