"""A decision: lock, look again, judge, write state, history, effects and notices in one transaction, commit, tell."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan import model
from flask import has_request_context
from sqlalchemy.exc import IntegrityError

from ckanext.satudata.bridge import contributions
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.case import Actor
from ckanext.satudata.core.workflow.states import EDITABLE, RULES
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow.deciding import writing
from ckanext.satudata.workflow.deciding.asked import OTHER_REQUEST, Asked, repeated, too_early
from ckanext.satudata.workflow.proofs import evidence
from ckanext.satudata.workflow.standing import cases, locking, situation
from ckanext.satudata.workflow.standing.cases import Loaded

log = logging.getLogger(__name__)

T = TypeVar("T")
CHANNELS = ("page", "api", "cli", "job")
BUSY = Text(
    "Keputusan Anda tidak disimpan: orang lain sedang memutuskan dataset ini. Muat ulang halaman.",
    "Your decision was not saved: somebody else is deciding on this dataset right now. Reload the page.",
)


def run(
    data: Mapping[str, Any], user_id: str, channel: str, *, commit: bool, by_clock: bool = False
) -> TransitionEvent:
    """Take one step, as :func:`satudata_transition` describes; nothing is written when it is refused.

    Without ``commit`` the caller's transaction goes on, and the functions for after the commit are not called.
    ``by_clock``: a term or a release date has come; ``data`` needs neither ``expected`` nor ``content_hash``.
    """
    asked = Asked(data["transition"], data, user_id, channel, by_clock)
    event, written = transaction(data["id"], lambda: _decide(asked, data), commit=commit)
    if commit and written:
        tell(event)
    return event


def transaction(reference: str, write: Callable[[], T], *, commit: bool) -> T:
    """Write something about one case; a lock that is not to be had is a ``ValidationError`` with key ``conflict``."""
    try:
        with locking.written(reference, commit=commit, busy=BUSY):
            return write()
    except IntegrityError as error:
        model.Session.rollback()
        if "satudata_event_idempotency" not in str(error.orig):
            raise
        raise refusal("idempotency_key", [reason("other_request", OTHER_REQUEST)]) from error


def tell(event: TransitionEvent) -> None:
    """Call everybody who waits for the commit. A failure is logged and reaches nobody: the decision stands."""
    for function in contributions.after_commit():
        try:
            function(event)
        except Exception:
            log.exception("after the commit of %s: %s failed", event.event_id, function)
            model.Session.rollback()


def listened(event: TransitionEvent) -> TransitionEvent:
    """Let effects and listeners do their part, in the transaction."""
    for function in [*contributions.effects(event.transition), *contributions.listeners()]:
        function(event)
    return event


def channel(context: Mapping[str, Any]) -> str:
    """How the decision arrives: a page, the API, the command line or a job."""
    named = context.get("satudata_channel")
    if named in CHANNELS:
        return str(named)
    if not has_request_context():
        return "cli"
    return "api" if "api_version" in context else "page"


def locked(subject_type: str, reference: str) -> Loaded:
    """The case of a subject, held until the transaction ends, beside the subject as it is now."""
    subject_id = cases.subject_view(subject_type, reference).subject_id
    row = cases.lock(subject_type, subject_id)
    loaded = cases.loaded(row, cases.subject_view(subject_type, subject_id))
    row.organization_id = loaded.view.organization_id
    return loaded


def refusal(key: str, reasons: Sequence[Reason], loaded: Loaded | None = None) -> tk.ValidationError:
    """The error of a refused decision; see :func:`satudata_transition`."""
    spoken = language()
    errors: dict[str, Any] = {key: [found.render(spoken) for found in reasons]}
    summary = " ".join(errors[key])
    if key == "reasons":
        errors = {"reasons": [found.to_dict(spoken) for found in reasons]}
    if key == "conflict" and loaded is not None:
        row = loaded.row
        seen = {"state": row.state, "stage": row.stage, "round": row.round, "content_hash": loaded.view.content_hash}
        errors["now"] = [seen]
    return tk.ValidationError(errors, error_summary={key: summary})


def closed(loaded: Loaded, transition: str) -> list[Reason]:
    """Why no step is possible whoever asks: there is no procedure to follow."""
    return [loaded.why] if loaded.why is not None and transition in RULES and loaded.row.state in EDITABLE else []


def _decide(asked: Asked, data: Mapping[str, Any]) -> tuple[TransitionEvent, bool]:
    """The event, and whether it was written now (not: a repeat of a request that was answered before)."""
    loaded = locked(data["subject_type"], data["id"])
    before = repeated(asked)
    if before is not None:
        if before.request_hash != asked.digest(loaded.row.subject_id):
            raise refusal("idempotency_key", [reason("other_request", OTHER_REQUEST)])
        return writing.told(before, loaded), False
    row = loaded.row
    files, wrong = _files(asked, row.id)
    request = asked.request(row, loaded.view.content_hash, files)
    outcome = engine.decide(
        loaded.definition,
        situation.core_case(row, loaded.definition),
        _actor(asked, loaded),
        loaded.facts,
        request,
        _gates(loaded, asked.transition),
    )
    if wrong is not None and outcome.key != "conflict":
        raise wrong
    refuse(outcome, loaded, asked.transition)
    early = too_early(row, request.happened)
    if early is not None:
        raise refusal("happened", [early])
    return listened(writing.write(loaded, outcome, request, asked)), True


def _actor(asked: Asked, loaded: Loaded) -> Actor:
    found = cases.actor(asked.user_id or None, loaded.row)
    return Actor(found.id, found.roles, clock=True) if asked.clock else found


def _files(asked: Asked, case_id: str) -> tuple[frozenset[str], tk.ValidationError | None]:
    """The kinds of the files that come with the decision, or what is wrong with them: a stale click comes first."""
    try:
        return evidence.kinds(case_id, asked.user_id, asked.ids("evidence")), None
    except tk.ValidationError as wrong:
        return frozenset(), wrong


def _gates(loaded: Loaded, transition: str) -> list[Reason]:
    rule = RULES.get(transition)
    if rule is None or loaded.row.state not in rule.sources:
        return []
    return cases.gate_reasons(loaded.definition, transition, loaded.view)


def refuse(outcome: engine.Outcome, loaded: Loaded, transition: str) -> None:
    """Raise for a decision the engine refuses; everything the request lacks is told at once."""
    if outcome.ok and outcome.target is not None:
        return
    if outcome.key != "conflict" and closed(loaded, transition):
        raise refusal("reasons", closed(loaded, transition), loaded)
    error = refusal(outcome.key or "reasons", outcome.reasons, loaded)
    spoken = language()
    for key, reasons in outcome.missing.items():
        error.error_dict[key] = sentences = [found.render(spoken) for found in reasons]
        error.error_summary[key] = " ".join(sentences)
    if outcome.missing:
        error.error_dict["missing"] = [
            {"key": key, **found.to_dict(spoken)} for key, reasons in outcome.missing.items() for found in reasons
        ]
    raise error
