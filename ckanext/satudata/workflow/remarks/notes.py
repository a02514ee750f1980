"""Notes of a reviewer on a field, a column, a file, a check or the whole dataset, from writing to being settled.

A note is ``pending`` (only its author sees it) until a return or a rejection takes it along. Then it is ``open``, the
producer may explain (``explained``), and whoever reviews the next round says what became of it: ``mended``,
``accepted`` (the explanation is), ``removed`` (no longer asked for) or ``not_mended``, which the next return sends
again. What was said in each round stays in the history, in the details of the decisions.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import aliased

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.case import OpenNote
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import EDITABLE
from ckanext.satudata.workflow.model import CaseRow, EventRow, NoteRow
from ckanext.satudata.workflow.remarks import targets

UNSETTLED = ("open", "explained", "not_mended")
SETTLED = ("mended", "accepted", "removed")
SENDING = ("return", "reject")
UNKNOWN = Text(
    "Catatan ini tidak ada di antara catatan Anda yang belum dikirim.", "This is none of your notes that are not sent."
)


def open_notes(row: CaseRow, definition: Definition) -> tuple[OpenNote, ...]:
    """The notes that have to be settled before the present stage may pass.

    Not those that a later stage handed down to this one in the same round: whoever sent them judges them when the case
    is back.
    """
    if row.id is None or row.state != "in_review":
        return ()
    return tuple(OpenNote(note.id, targets.words(note), note.state) for note in to_judge(row, definition))


def to_judge(row: CaseRow, definition: Definition, states: Collection[str] = UNSETTLED) -> list[NoteRow]:
    """As :func:`open_notes`, as rows; ``states``: those asked for."""
    query = (
        sa.select(NoteRow, EventRow.from_stage)
        .outerjoin(EventRow, EventRow.id == NoteRow.event_id)
        .where(NoteRow.case_id == row.id, NoteRow.state.in_(states))
        .order_by(NoteRow.created, NoteRow.id)
    )
    here = definition.order(row.stage)
    return [
        note
        for note, sender in model.Session.execute(query)
        if note.round < row.round or definition.order(sender) <= here
    ]


def send(event: EventRow, ids: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Let a decision take the notes along; what becomes of each, for ``details["notes"]`` of the event.

    To be called for every decision (also a submission, which takes the explanations along), in its transaction and
    before the event is flushed: the history cannot be changed afterwards. ``ids``: which pending notes of the actor go
    with a return; ``None`` means all of them. ``ValidationError`` (``notes``) for ids that are no such notes.
    """
    query = sa.select(NoteRow).where(NoteRow.case_id == event.case_id).order_by(NoteRow.created, NoteRow.id)
    known = list(model.Session.execute(query).scalars())
    told: list[dict[str, Any]] = []
    if event.transition in SENDING:
        for note in _chosen(known, event.actor_id, ids):
            note.state, note.event_id, note.round, note.stage = "open", event.id, event.round, event.from_stage
            told.append(entry(note, "sent"))
    taken = {one["id"] for one in told}
    for note in known:
        if note.id in taken:
            continue
        if note.state in UNSETTLED:
            told.append(entry(note, "not_mended" if note.state == "not_mended" else "carried"))
            if event.transition in SENDING:
                _again(note, event)
        elif note.state in SETTLED and note.judged_at is not None and _since(event, note):
            told.append(entry(note, note.state))
    model.Session.flush()
    return told


def reached(notes: Collection[NoteRow]) -> set[str]:
    """Of the decisions that sent these notes, those that came to the producer, or that a later one handed on."""
    ids = {note.event_id for note in notes if note.event_id is not None}
    if not ids:
        return set()
    later = aliased(EventRow)
    handed_on = (
        sa.exists()
        .where(later.case_id == EventRow.case_id, later.seq >= EventRow.seq)
        .where(later.to_state.in_((*sorted(EDITABLE), "rejected")))
    )
    query = sa.select(EventRow.id).where(EventRow.id.in_(ids), handed_on)
    return set(model.Session.execute(query).scalars())


def entry(note: NoteRow, verdict: str) -> dict[str, Any]:
    """A note as the history keeps it: what it said, what was explained, what became of it in this round."""
    return {
        "id": note.id,
        "verdict": verdict,
        "target_type": note.target_type,
        "target": note.target,
        "resource_id": note.resource_id,
        "label": note.label,
        "text": note.text,
        "explanation": note.explanation,
    }


def _chosen(known: list[NoteRow], actor_id: str, ids: Collection[str] | None) -> list[NoteRow]:
    pending = [note for note in known if note.state == "pending" and note.author_id == actor_id]
    if ids is None:
        return pending
    if set(ids) - {note.id for note in pending}:
        raise tk.ValidationError({"notes": [UNKNOWN.render(language())]})
    return [note for note in pending if note.id in ids]


def _again(note: NoteRow, event: EventRow) -> None:
    """It goes back unsettled; one that was judged has to be judged anew."""
    note.event_id, note.round = event.id, event.round
    if note.state == "not_mended":
        note.state, note.judged_by, note.judged_at = "open", None, None
        note.explanation, note.explained_by, note.explained_at = None, None, None


def _since(event: EventRow, note: NoteRow) -> bool:
    """Whether a note was settled in the stage that this decision leaves."""
    return event.since is None or note.judged_at is None or note.judged_at >= event.since
