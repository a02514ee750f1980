"""Who is told of a transition, and what: whose turn it is now, and whose data it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import nudge, roles
from ckanext.satudata.bridge.columns import new_id
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.notices import delivery
from ckanext.satudata.notices.model import NoticeRow, OutboxRow

# What the producers are told, by transition; `submit` and `withdraw` are their own steps.
TO_PRODUCERS = {
    "pass": "passed",
    "return": "returned",
    "reject": "rejected",
    "reopen": "reopened",
    "publish": "published",
}
TO_NEXT = {"in_review": "to_review", "verified": "to_publish"}


@dataclass(frozen=True)
class Message:
    """One notice for one person; ``path`` is the page of the dataset it leads to."""

    user_id: str
    key: str
    path: str


def on_transition(event: TransitionEvent) -> None:
    """Write notices and mails in the transaction of the decision; delivery follows the commit."""
    written: set[str] = {event.actor_id}
    people = _readers(event, {message.user_id for message in _messages(event)})
    for message in _messages(event):
        if message.user_id in written or message.user_id not in people:
            continue
        written.add(message.user_id)
        _write(event, message, mail=bool(people[message.user_id].email))
    model.Session.flush()
    nudge.after_commit(delivery.deliver)


def _messages(event: TransitionEvent) -> Iterator[Message]:
    if event.to_state in TO_NEXT and event.next_role is not None:
        for grant in roles.holders_of(event.next_role, event.organization_id):
            yield Message(grant.user_id, TO_NEXT[event.to_state], "tinjau")
    key = TO_PRODUCERS.get(event.transition)
    if key is None or (event.transition == "return" and event.to_state == "in_review"):
        return  # a return to an earlier stage is not yet the producer's
    for user_id in [*_submitters(event), *(roles.producers_of(event.organization_id) if event.organization_id else [])]:
        yield Message(user_id, key, "status")


def _submitters(event: TransitionEvent) -> list[str]:
    history = tk.get_action("satudata_history")(
        {"ignore_auth": True}, {"id": event.subject_id, "subject_type": event.subject_type}
    )
    return [found["actor"]["id"] for found in history if found["transition"] == "submit"][:1]


def _readers(event: TransitionEvent, user_ids: set[str]) -> dict[str, model.User]:
    """Those of the users who may read the subject: a title is told to nobody else."""
    if not user_ids:
        return {}
    query = sa.select(model.User).where(model.User.id.in_(user_ids), model.User.state == "active")
    users = {user.id: user for user in model.Session.execute(query).scalars()}
    return {user_id: user for user_id, user in users.items() if _may_read(event, user)}


def _may_read(event: TransitionEvent, user: model.User) -> bool:
    try:
        tk.check_access("package_show", {"user": user.name, "ignore_auth": False}, {"id": event.subject_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _write(event: TransitionEvent, message: Message, *, mail: bool) -> None:
    parameters = {"title": event.title, "organization": event.organization_title}
    link = f"/{event.subject_type}/{event.subject_id}/{message.path}"
    model.Session.add(
        NoticeRow(
            id=new_id(),
            user_id=message.user_id,
            key=message.key,
            parameters=parameters,
            subject_type=event.subject_type,
            subject_id=event.subject_id,
            event_id=event.event_id,
            link=link,
        )
    )
    if mail:
        row_id = new_id()
        row = OutboxRow(id=row_id, user_id=message.user_id, key=message.key, message_id=_message_id(row_id))
        row.parameters = {**parameters, "link": link}
        model.Session.add(row)


def _message_id(row_id: str) -> str:
    host = urlsplit(str(tk.config.get("ckan.site_url") or "")).hostname or "localhost"
    return f"<{row_id}@{host}>"
