"""Published links nobody vouches for are looked at once a day: who answers for them is told what became of them.

What is compared is the file itself; where there is none to be had (a page, a file that is too large), what kind of
answer came. An outage of an hour tells nothing: a link is dead when it was so twice.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import nudge, roles
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Text
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.links import asking, fetching, jobs, settings, words
from ckanext.satudata.publication.links.fetching import NotFetchedError
from ckanext.satudata.publication.links.model import link

DAILY, SOON = timedelta(days=1), timedelta(hours=1)
AT_ONCE = 20
DEAD_AFTER = 2
# The website answers, only not with a file: that is why it is a link.
ALIVE = frozenset({"html", "login", "too_large", "empty"})
FORGOTTEN: dict[str, Any] = {
    "look_state": None,
    "look_since": None,
    "look_failures": 0,
    "look_code": None,
    "look_sha256": None,
    "look_etag": None,
    "look_modified": None,
}


def begin(event: TransitionEvent) -> None:
    """Effect of ``publish``: what is published as a link is watched from now on. In the decision's transaction."""
    copy = finding.by_reference(event.subject_id)
    for dataset_id in {event.subject_id, copy.dataset_id if copy is not None else event.subject_id}:
        for resource in asking.resources_of(dataset_id):
            if asking.is_link(resource) and resource["extras"].get(asking.MARK):
                _watch(dataset_id, resource)


def _watch(dataset_id: str, resource: dict[str, Any]) -> None:
    known = asking.row_of(resource["id"])
    values: dict[str, Any] = {"dataset_id": dataset_id, "url": resource["url"], "look_next": now()}
    if known is None or known.url != resource["url"]:
        values |= {**FORGOTTEN, "state": "failed"}
    fresh = {"resource_id": resource["id"], "asked": now(), "attempts": 0, "state": "failed", "look_failures": 0}
    statement = insert(link).values(**{**fresh, **values})
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=values))


def forget(event: TransitionEvent) -> None:
    """Effect of ``takedown``: nothing of it is kept."""
    model.Session.execute(sa.delete(link).where(link.c.dataset_id == event.subject_id))


def tick() -> None:
    """Send the looks that are due, a few each minute. Commits."""
    due = sa.select(link.c.resource_id).where(link.c.look_next <= now()).order_by(link.c.look_next).limit(AT_ONCE)
    for resource_id in model.Session.execute(due).scalars().all():
        if not nudge.now(jobs.look, resource_id, timeout=jobs.timeout()):
            break
        _write(resource_id, look_next=now() + DAILY)
    model.Session.commit()


def look(resource_id: str) -> None:
    """See what became of one link. Commits."""
    row = asking.row_of(resource_id)
    resource = model.Session.get(model.Resource, resource_id)
    if row is None or resource is None or not _is_watched(resource, row.url):
        _write(resource_id, look_next=None, **FORGOTTEN)
        model.Session.commit()
        return
    name = str(resource.name or resource.url)
    model.Session.rollback()  # no transaction stays open while another website is asked
    print_, etag, modified, why = _asked(row)
    values: dict[str, Any] = {"look_etag": etag, "look_modified": modified, "look_next": now() + DAILY}
    if why is not None:
        values = _failed(row, why)
    elif row.look_sha256 is None or row.look_sha256 == print_:
        state = "changed" if row.look_state == "changed" else "same"
        values |= {"look_state": state, "look_sha256": print_, "look_failures": 0, "look_code": None}
    else:
        values |= {"look_state": "changed", "look_sha256": print_, "look_failures": 0, "look_code": None}
        _tell(row.dataset_id, words.filled(words.CHANGED, name=name))
    if values.get("look_state", row.look_state) != row.look_state:
        values["look_since"] = now()
        if values["look_state"] == "dead":
            assert why is not None
            problem = words.finding(why.code, why.detail)[0]
            _tell(row.dataset_id, words.filled(words.DEAD, name=name, why=problem))
    _write(resource_id, **values)
    model.Session.commit()


def _is_watched(resource: Any, url: str) -> bool:
    extras = resource.extras or {}
    is_link = resource.state == "active" and not resource.url_type and resource.url == url
    standing = guard.standing_of_resource(resource.id)
    return is_link and bool(extras.get(asking.MARK)) and standing is not None and standing.approved


def _asked(row: Any) -> tuple[str | None, str | None, str | None, NotFetchedError | None]:
    """What stands for the content now, with what the website says of its age; or why the link is dead."""
    known = {"etag": row.look_etag, "modified": row.look_modified}
    conditions = known if any(known.values()) and row.look_sha256 is not None else None
    try:
        with tempfile.TemporaryDirectory(prefix="satudata-link-") as folder:
            got = fetching.fetch(row.url, Path(folder), settings.limits(), agent=settings.agent(), known=conditions)
    except NotFetchedError as error:
        return (error.code, None, None, None) if error.code in ALIVE else (None, None, None, error)
    if got is None:
        return row.look_sha256, row.look_etag, row.look_modified, None
    return got.sha256, got.etag, got.modified, None


def _failed(row: Any, why: NotFetchedError) -> dict[str, Any]:
    failures = row.look_failures + 1
    values: dict[str, Any] = {"look_failures": failures, "look_code": why.code}
    if failures < DEAD_AFTER:
        return {**values, "look_next": now() + SOON}
    return {**values, "look_state": "dead", "look_next": now() + DAILY}


def _tell(dataset_id: str, sentence: Text) -> None:
    """Tell those who answer for the dataset: its producers and the walidata."""
    found = guard.standing(dataset_id)
    if found is None or not found.owner_org:
        return
    people = {*roles.producers_of(found.owner_org)}
    people |= {grant.user_id for grant in roles.holders_of("walidata", found.owner_org)}
    data = {
        "user_ids": sorted(people),
        "key": "message",
        "parameters": {"text": sentence.to_dict()},
        "link": f"/dataset/{found.name}",
        "subject": {"type": "dataset", "id": found.id},
    }
    tk.get_action("satudata_notify")({"ignore_auth": True, "defer_commit": True}, data)


def _write(resource_id: str, **values: Any) -> None:
    model.Session.execute(sa.update(link).where(link.c.resource_id == resource_id).values(**values))
