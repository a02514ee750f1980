"""Who is told of a transition, and what: whose turn it is now, and whose data it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import access
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.notices import writing
from ckanext.satudata.notices.writing import Message

# What the producers are told, by transition; `submit` and `withdraw` are their own steps.
TO_PRODUCERS = {
    "return": "returned",
    "reject": "rejected",
    "reopen": "reopened",
    "unpublish": "unpublished",
    "takedown": "taken_down",
    "publish": "published",
    "schedule": "scheduled",
    "unschedule": "unscheduled",
    "override": "opened_for_edit",
    "migrate": "migrated",
}
# What those are called whose turn it is, by the kind of the stage.
BY_KIND = {"sign_off": "to_sign_off", "relay": "to_relay", "report": "to_read"}
# Told also to who did it: the clock acted in their name.
TO_ACTOR_TOO = frozenset({"release_refused", "auto_passed"})
REVIEW, STATUS, QUEUE = "tinjau", "status", "/meja-kerja"


def on_transition(event: TransitionEvent) -> None:
    """Write notices and mails in the transaction of the decision; delivery follows the commit."""
    told: set[str] = set()
    messages: list[Message] = []
    for message in _messages(event):
        if message.user_id in told or (message.user_id == event.actor_id and message.key not in TO_ACTOR_TOO):
            continue
        told.add(message.user_id)
        messages.append(message)
    writing.write(messages)


def _messages(event: TransitionEvent) -> Iterator[Message]:
    """Everybody who is concerned; of several messages to one person the first is written."""
    now = _case(event)
    if now is None:
        return
    if event.transition == "release_refused":
        people = [event.actor_id, *now["responsible"]]
        yield from _about(event, "release_refused", people, REVIEW, reasons=event.note)
        return
    if _arrived(event):
        yield from _turn(event, now)
    if event.transition == "withdraw" or event.automatic:
        yield from _left_behind(event)
    yield from _producers(event, now)


def _case(event: TransitionEvent, **place: Any) -> dict[str, Any] | None:
    """The case as it stands, or as it stood at ``state`` and ``stage``, with the people it concerns."""
    data = {"ids": [event.subject_id], "subject_type": event.subject_type, **place}
    found = tk.get_action("satudata_concerned_list")({"ignore_auth": True}, data)
    return found[0] if found else None


def _arrived(event: TransitionEvent) -> bool:
    """Whether somebody else's turn begins."""
    return _moved(event) and event.to_state in ("in_review", "verified")


def _moved(event: TransitionEvent) -> bool:
    return (event.from_state, event.from_stage) != (event.to_state, event.to_stage)


def _turn(event: TransitionEvent, now: dict[str, Any]) -> Iterator[Message]:
    batch = now["batch"]
    if batch is not None:
        if not batch["waiting"]:  # this was the last one: all of them can be looked at
            parameters = {"batch": batch["title"], "count": batch["count"], "due": now["due"]}
            for user_id in now["responsible"]:
                yield Message(user_id, "batch_complete", QUEUE, parameters, event_id=event.event_id)
        return
    more = {"stage": now["stage_label"], "due": now["due"], "needs": now["needs"] or None}
    yield from _about(event, _turn_key(event, now), now["responsible"], REVIEW, **more)


def _turn_key(event: TransitionEvent, now: dict[str, Any]) -> str:
    if event.to_state == "verified":
        return "to_publish"
    key = BY_KIND.get(now["kind"] or "")
    if key is not None:
        return key
    return "came_back" if event.transition == "return" else "to_review"


def _left_behind(event: TransitionEvent) -> Iterator[Message]:
    """Whose turn it was, when it is over without them."""
    if event.from_state != "in_review":
        return
    before = _case(event, state=event.from_state, stage=event.from_stage)
    key = "withdrawn" if event.transition == "withdraw" else "auto_passed"
    if before is not None and (key == "withdrawn" or event.transition == "pass"):
        yield from _about(event, key, before["responsible"], REVIEW)


def _producers(event: TransitionEvent, now: dict[str, Any]) -> Iterator[Message]:
    key = _producer_key(event)
    if key is None:
        return
    stage = _case(event, state=event.from_state, stage=event.from_stage) if event.from_stage is not None else None
    more: dict[str, Any] = {"receipt": bool(stage and stage["receipt"])}
    if key == "passed" and stage is not None:
        more["stage"] = stage["stage_label"]
    if key == "returned":
        more["due"] = now["due"]
    if key == "scheduled":
        more["at"] = now["release_at"]
    yield from _about(event, key, now["producers"], STATUS, **more)


def _producer_key(event: TransitionEvent) -> str | None:
    if event.transition == "pass":
        if event.to_state != "verified":
            return "passed"
        return "approved" if event.next_role is not None else "verified"
    if event.transition == "return" and event.to_state == "in_review":
        return None  # a return to an earlier stage is not yet the producer's
    if event.transition == "migrate" and not _moved(event):
        return None  # nothing has changed for them
    return TO_PRODUCERS.get(event.transition)


def _about(event: TransitionEvent, key: str, people: Iterable[str], page: str, **more: Any) -> Iterator[Message]:
    """A message about the dataset for each of these people."""
    parameters: dict[str, Any] = {"title": event.title, "organization": event.organization_title}
    is_public = event.to_state == "published" and not access.is_closed(event.subject_id)
    parameters.update({name: _plain(value) for name, value in more.items() if value})
    for user_id in people:
        yield Message(
            user_id,
            key,
            f"/{event.subject_type}/{event.subject_id}/{page}",
            parameters,
            subject_type=event.subject_type,
            subject_id=event.subject_id,
            event_id=event.event_id,
            mail_title=is_public,
        )


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return dict(value) if isinstance(value, Mapping) else value
