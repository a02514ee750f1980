"""A decision: lock, look again, judge, write state, history, effects and notices in one transaction, commit, tell."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import has_request_context
from sqlalchemy.exc import OperationalError

from ckanext.satudata.bridge import contributions, terms
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import engine, sla
from ckanext.satudata.core.workflow.case import Request, Seen
from ckanext.satudata.core.workflow.engine import Outcome
from ckanext.satudata.core.workflow.states import RULES
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow import cases, definitions
from ckanext.satudata.workflow.cases import Loaded
from ckanext.satudata.workflow.model import CaseRow, EventRow

log = logging.getLogger(__name__)

CHANNELS = ("page", "api", "cli", "job")
LOCK_SECONDS = 10
BUSY = Text(
    "Keputusan Anda tidak disimpan: orang lain sedang memutuskan dataset ini. Muat ulang halaman.",
    "Your decision was not saved: somebody else is deciding on this dataset right now. Reload the page.",
)


def run(data: dict[str, Any], user_id: str, channel: str, *, commit: bool) -> TransitionEvent:
    """Take one step, as :func:`satudata_transition` describes; nothing is written when it is refused.

    Without ``commit`` the caller's transaction goes on, and the functions for after the commit are not called.
    """
    try:
        event = _decide(data, user_id, channel)
        if commit:
            model.Session.commit()
    except OperationalError as error:  # the lock was not free, or two transactions waited for each other
        model.Session.rollback()
        log.warning("decision on %s not taken: %s", data["id"], error)
        raise _refusal("conflict", [reason("busy", BUSY)]) from error
    except BaseException:
        if commit:
            model.Session.rollback()
        raise
    if commit:
        tell(event)
    return event


def tell(event: TransitionEvent) -> None:
    """Call everybody who waits for the commit. A failure is logged and reaches nobody: the decision stands."""
    for function in contributions.after_commit():
        try:
            function(event)
        except Exception:
            log.exception("after the commit of %s: %s failed", event.event_id, function)
            model.Session.rollback()


def channel(context: dict[str, Any]) -> str:
    """How the decision arrives: a page, the API, the command line or a job."""
    named = context.get("satudata_channel")
    if named in CHANNELS:
        return str(named)
    if not has_request_context():
        return "cli"
    return "api" if "api_version" in context else "page"


def _decide(data: dict[str, Any], user_id: str, channel_name: str) -> TransitionEvent:
    subject_type = data["subject_type"]
    subject_id = cases.subject_view(subject_type, data["id"]).subject_id
    model.Session.execute(sa.text(f"set local lock_timeout = '{LOCK_SECONDS}s'"))
    row = cases.lock(subject_type, subject_id)
    loaded = cases.loaded(row, cases.subject_view(subject_type, subject_id))
    row.organization_id = loaded.view.organization_id
    request = _request(data, loaded.view.content_hash)
    rule = RULES.get(request.transition)
    asked = rule is not None and row.state in rule.sources
    outcome = engine.decide(
        loaded.definition,
        cases.core_case(row),
        cases.actor(user_id, row),
        loaded.facts,
        request,
        cases.gate_reasons(loaded.definition, request.transition, loaded.view) if asked else (),
    )
    if not outcome.ok or outcome.target is None:
        raise _refusal(outcome.key or "reasons", outcome.reasons, loaded)
    event = _write(loaded, outcome, request, user_id, channel_name)
    for function in [*contributions.effects(event.transition), *contributions.listeners()]:
        function(event)
    return event


def _request(data: dict[str, Any], content_hash: str) -> Request:
    expected = data["expected"]
    return Request(
        transition=data["transition"],
        seen=Seen(expected["state"], expected["stage"], expected["round"], data["content_hash"]),
        content_hash=content_hash,
        note=data.get("note") or "",
        reason=data.get("reason") or "",
    )


def _write(loaded: Loaded, outcome: Outcome, request: Request, user_id: str, channel_name: str) -> TransitionEvent:
    """Write case and event, and flush; what the event says is returned for effects and listeners."""
    row, view, moment = loaded.row, loaded.view, now()
    target = outcome.target
    assert target is not None
    submitting = outcome.transition == "submit"
    event = EventRow(
        id=new_id(),
        case_id=row.id,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        transition=outcome.transition,
        from_state=row.state,
        to_state=target.state,
        from_stage=row.stage if row.state == "in_review" else None,
        to_stage=target.stage if target.state == "in_review" else None,
        round=outcome.round,
        actor_id=user_id,
        actor_role=outcome.role,
        actor_position=outcome.position,
        override=outcome.override,
        channel=channel_name,
        note=request.note or None,
        reason=(request.reason or None) if outcome.override else None,
        content_hash=view.content_hash,
        created=moment,
    )
    if submitting:
        cases.note_author(row.subject_type, row.subject_id, user_id)
        if row.state == "draft" or row.definition_id is None:
            row.definition_id = definitions.store_current()
        row.content_hash = view.content_hash
        event.snapshot = contributions.subjects()[row.subject_type].snapshot(row.subject_id)
    event.definition_id = row.definition_id
    _move(row, loaded, outcome)
    row.since = moment
    row.due = sla.due(sla.term(loaded.definition, row.state, row.stage), moment, terms.calendar())
    model.Session.add(event)
    model.Session.flush()
    return _told(event, loaded)


def _move(row: CaseRow, loaded: Loaded, outcome: Outcome) -> None:
    assert outcome.target is not None
    row.state, row.stage, row.round = outcome.target.state, outcome.target.stage, outcome.round
    row.approved = row.state == "published"
    row.title = loaded.view.title
    row.facts = dict(loaded.view.facts)


def _told(event: EventRow, loaded: Loaded) -> TransitionEvent:
    return TransitionEvent(
        event_id=event.id,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        transition=event.transition,
        from_state=event.from_state,
        to_state=event.to_state,
        from_stage=event.from_stage,
        to_stage=event.to_stage,
        actor_id=event.actor_id,
        actor_role=event.actor_role,
        note=event.note,
        round=event.round,
        title=loaded.view.title,
        organization_id=loaded.view.organization_id,
        organization_title=loaded.view.organization_title,
        next_role=engine.turn(loaded.definition, event.to_state, event.to_stage),
    )


def _refusal(key: str, reasons: list[Reason] | tuple[Reason, ...], loaded: Loaded | None = None) -> tk.ValidationError:
    spoken = language()
    sentences = [found.render(spoken) for found in reasons]
    errors: dict[str, Any] = {key: sentences}
    if key == "reasons":
        errors = {"reasons": [found.to_dict(spoken) for found in reasons]}
    if key == "conflict" and loaded is not None:
        row = loaded.row
        seen = {"state": row.state, "stage": row.stage, "round": row.round, "content_hash": loaded.view.content_hash}
        errors["now"] = [seen]
    return tk.ValidationError(errors, error_summary={key: " ".join(sentences)})
