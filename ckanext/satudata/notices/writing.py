"""Notices and mails are written in the caller's transaction; mails are delivered after its commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import nudge, reviewing
from ckanext.satudata.bridge.columns import new_id
from ckanext.satudata.notices import delivery, preferences
from ckanext.satudata.notices.model import NoticeRow, OutboxRow

PORTAL = "portal"  # a notice about no dataset


@dataclass(frozen=True)
class Message:
    """One notice for one person; ``link`` is the path of the page it leads to.

    ``mail_title``: the title may be told in a mail too, because everybody may read it. ``many_link``: where a notice
    leads that counts several of them.
    """

    user_id: str
    key: str
    link: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    subject_type: str = PORTAL
    subject_id: str = ""
    event_id: str | None = None
    mail_title: bool = False
    many_link: str = "/notifikasi"


def write(messages: Iterable[Message], *, gather: Mapping[str, str] | None = None, few: int = 0) -> int:
    """Write those whose reader is active and may read what it is about; how many. The caller commits.

    ``gather``: keys that become one notice of another key, with their ``count``, for who would get more than ``few``.
    """
    wanted = list(messages)
    people = _users({message.user_id for message in wanted})
    readable: dict[tuple[str, str, str], bool] = {}
    told = [message for message in wanted if message.user_id in people and _readable(message, people, readable)]
    told = _gathered(told, gather or {}, few)
    wishes = preferences.of({message.user_id for message in told})
    for message in told:
        _add(message, mail=bool(people[message.user_id].email) and wishes[message.user_id].mail == "each")
    if told:
        model.Session.flush()
        nudge.after_commit(delivery.deliver)
    return len(told)


def _gathered(told: list[Message], gather: Mapping[str, str], few: int) -> list[Message]:
    groups: dict[tuple[str, str, str], list[Message]] = {}
    for number, message in enumerate(told):
        many = gather.get(message.key)
        group = (message.user_id, many, message.many_link) if many is not None else (message.user_id, "", str(number))
        groups.setdefault(group, []).append(message)
    found: list[Message] = []
    for (user_id, many, link), group in groups.items():
        found += [Message(user_id, many, link, {"count": len(group)})] if many and len(group) > few else group
    return found


def messages(data: Mapping[str, Any]) -> list[Message]:
    """What :func:`satudata_notify` was asked to tell, one for each person."""
    subject = data.get("subject") or {"type": PORTAL, "id": ""}
    return [
        Message(
            user_id,
            data["key"],
            data["link"],
            data["parameters"],
            subject_type=subject["type"],
            subject_id=subject["id"],
            event_id=data.get("event_id"),
            mail_title=data["public"],
        )
        for user_id in dict.fromkeys(data["user_ids"])
    ]


def _users(user_ids: set[str]) -> dict[str, model.User]:
    if not user_ids:
        return {}
    query = sa.select(model.User).where(model.User.id.in_(user_ids), model.User.state == model.State.ACTIVE)
    return {user.id: user for user in model.Session.execute(query).scalars()}


def _readable(message: Message, people: dict[str, model.User], known: dict[tuple[str, str, str], bool]) -> bool:
    """Whether the person may read the dataset: its title is told to nobody else."""
    key = (message.subject_type, message.subject_id, message.user_id)
    if key not in known:
        known[key] = message.subject_type != "dataset" or _may_read(message.subject_id, people[message.user_id])
    return known[key]


def _may_read(dataset_id: str, user: model.User) -> bool:
    package = model.Session.get(model.Package, dataset_id)
    if package is None:
        return False
    # Members and reviewers may, as everybody else would be told: this asks less than CKAN's rule.
    if package.state == model.State.ACTIVE and reviewing.is_inside(user.id, dataset_id, package.owner_org):
        return True
    try:
        tk.check_access("package_show", {"user": user.name, "ignore_auth": False}, {"id": dataset_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _add(message: Message, *, mail: bool) -> None:
    parameters = dict(message.parameters)
    model.Session.add(
        NoticeRow(
            id=new_id(),
            user_id=message.user_id,
            key=message.key,
            parameters=parameters,
            subject_type=message.subject_type,
            subject_id=message.subject_id,
            event_id=message.event_id,
            link=message.link,
        )
    )
    if mail:
        post(message.user_id, message.key, message.link, parameters, title=message.mail_title)


def post(user_id: str, key: str, link: str, parameters: Mapping[str, Any], *, title: bool = False) -> None:
    """Put a mail into the outbox. What is not public is named by its office only: a mail may reach the wrong box."""
    row_id = new_id()
    row = OutboxRow(id=row_id, user_id=user_id, key=key, message_id=_message_id(row_id))
    told = parameters if title else {name: value for name, value in parameters.items() if name != "title"}
    row.parameters = {**told, "link": link}
    model.Session.add(row)


def _message_id(row_id: str) -> str:
    host = urlsplit(str(tk.config.get("ckan.site_url") or "")).hostname or "localhost"
    return f"<{row_id}@{host}>"
