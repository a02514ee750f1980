"""Notes as their readers see them: who may see which, what was said in each round, what the reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import contributions, roles
from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.workflow.model import EventRow, NoteRow
from ckanext.satudata.workflow.remarks import note_work, notes, targets
from ckanext.satudata.workflow.standing import status
from ckanext.satudata.workflow.standing.cases import Loaded
from ckanext.satudata.workflow.standing.changes import FILE_KEYS

STATES: dict[str, Text] = {
    "pending": Text("Belum dikirim", "Not sent yet"),
    "open": Text("Belum diperbaiki", "Open"),
    "explained": Text("Dijelaskan", "Explained"),
    "mended": Text("Sudah diperbaiki", "Mended"),
    "accepted": Text("Penjelasan diterima", "Explanation accepted"),
    "not_mended": Text("Belum diperbaiki", "Not mended"),
    "removed": Text("Tidak diperlukan lagi", "No longer needed"),
}
VERDICTS: dict[str, Text] = {
    **STATES,
    "sent": Text("Dikirim", "Sent"),
    "carried": Text("Dibawa ke putaran berikutnya", "Carried over"),
}


# How a field is called in the schema, where the content knows it by another name.
CONTENT_NAMES = {"tag_string": "tags"}


def answer(loaded: Loaded, user_id: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """See :func:`satudata_note_list`."""
    found = [note for note in visible(loaded, user_id) if _fits(note, wanted)]
    return dictized(loaded, user_id, found)


def visible(loaded: Loaded, user_id: str) -> list[NoteRow]:
    """The notes a reader may see, in the order they were written.

    Pending ones are their author's. Producers see what has come to them: not while a relay or an earlier stage has it.
    """
    if not loaded.stored:
        return []
    query = sa.select(NoteRow).where(NoteRow.case_id == loaded.row.id).order_by(NoteRow.created, NoteRow.id)
    known = [
        note for note in model.Session.execute(query).scalars() if note.state != "pending" or note.author_id == user_id
    ]
    organization = loaded.view.organization_id
    reviews = roles.is_sysadmin(user_id) or any(
        grant.covers(organization, tree=True) for grant in roles.roles_of(user_id)
    )
    if reviews:
        return known
    arrived = notes.reached(known)
    return [note for note in known if note.event_id in arrived or note.explanation or note.judged_by]


def dictized(loaded: Loaded, user_id: str, found: Sequence[NoteRow]) -> list[dict[str, Any]]:
    """Notes as :func:`satudata_note_list` answers them."""
    if not found:
        return []
    spoken = language()
    people = status.names(
        {who for note in found for who in (note.author_id, note.explained_by, note.judged_by) if who is not None}
    )
    told = _rounds(loaded, spoken)
    differs = _differences(loaded, found)
    may = note_work.rights(loaded, user_id, found)
    return [
        {
            **_note(note, loaded, people, spoken),
            "mine": note.author_id == user_id,
            "changed": differs.get(note.id),
            "rounds": told.get(note.id, []),
            "can": {
                "edit": note.state == "pending" and note.author_id == user_id,
                "send": note.state == "pending" and note.author_id == user_id and not may.write,
                "explain": note.state != "pending" and not may.not_explain(note),
                "judge": note.state != "pending" and not may.not_judge(note),
            },
        }
        for note in found
    ]


def _note(note: NoteRow, loaded: Loaded, people: Mapping[str, str], spoken: str) -> dict[str, Any]:
    stage = loaded.definition.stage(note.stage)
    return {
        "id": note.id,
        "target_type": note.target_type,
        "target": note.target,
        "resource_id": note.resource_id,
        "label": targets.words(note).render(spoken),
        "text": note.text,
        "state": note.state,
        "state_label": STATES[note.state].render(spoken),
        "round": note.round,
        "stage": note.stage,
        "stage_label": stage.label.render(spoken) if stage is not None else note.stage,
        "at": iso(note.created),
        "role_label": loaded.definition.role_label(stage.role).render(spoken) if stage is not None else None,
        "by": people.get(note.author_id),
        "event_id": note.event_id,
        "explanation": note.explanation,
        "explained_at": iso(note.explained_at),
        "explained_by": people.get(note.explained_by or ""),
        "judged_at": iso(note.judged_at),
        "judged_by": people.get(note.judged_by or ""),
    }


def _fits(note: NoteRow, wanted: Mapping[str, Any]) -> bool:
    states = wanted.get("state") or ()
    return (
        (wanted.get("round") is None or note.round == wanted["round"])
        and (not states or note.state in states)
        and (not wanted.get("target_type") or note.target_type == wanted["target_type"])
        and (not wanted.get("target") or note.target == wanted["target"])
        and (not wanted.get("resource_id") or note.resource_id == wanted["resource_id"])
    )


def _rounds(loaded: Loaded, spoken: str) -> dict[str, list[dict[str, Any]]]:
    """What each decision made of a note, by note, the first one first."""
    query = (
        sa.select(EventRow.round, EventRow.created, EventRow.transition, EventRow.details["notes"])
        .where(EventRow.case_id == loaded.row.id, EventRow.details["notes"].isnot(None))
        .order_by(EventRow.seq)
    )
    told: dict[str, list[dict[str, Any]]] = {}
    for number, at, transition, entries in model.Session.execute(query):
        for one in entries or ():
            told.setdefault(one["id"], []).append(
                {
                    "round": number,
                    "at": iso(at),
                    "transition": transition,
                    "verdict": one["verdict"],
                    "verdict_label": VERDICTS[one["verdict"]].render(spoken) if one["verdict"] in VERDICTS else "",
                    "text": one["text"],
                    "explanation": one["explanation"],
                }
            )
    return told


def _differences(loaded: Loaded, found: Sequence[NoteRow]) -> dict[str, bool]:
    """Whether what a note stands at differs from what its author saw when it was sent."""
    sent = [note for note in found if note.event_id is not None]
    if not sent:
        return {}
    query = sa.select(EventRow.round, EventRow.snapshot).where(
        EventRow.case_id == loaded.row.id,
        EventRow.transition == "submit",
        EventRow.snapshot.isnot(None),
        EventRow.round.in_({note.round for note in sent}),
    )
    before: dict[int, dict[str, Any]] = {row.round: row.snapshot for row in model.Session.execute(query)}
    after = contributions.subjects()[loaded.row.subject_type].snapshot(loaded.row.subject_id)
    return {note.id: changed(note, before[note.round], after) for note in sent if note.round in before}


def changed(note: NoteRow, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether what a note stands at differs between two snapshots; a hint for whoever judges it."""
    if note.resource_id is not None:
        old, new = _file_in(before, note.resource_id), _file_in(after, note.resource_id)
        if note.target_type == "column":
            return _bytes(old) != _bytes(new) or targets.column_entry(old, note.target) != targets.column_entry(
                new, note.target
            )
        if note.target_type == "field":
            return old.get(str(note.target)) != new.get(str(note.target))
        return old != new
    if note.target_type == "field":
        name = CONTENT_NAMES.get(str(note.target), str(note.target))
        return _value(before, name) != _value(after, name)
    if note.target_type == "check":
        return before.get("resources") != after.get("resources")
    return before != after


def _file_in(content: Mapping[str, Any], resource_id: str) -> Mapping[str, Any]:
    return next((file for file in content.get("resources", ()) if file["id"] == resource_id), {})


def _bytes(file: Mapping[str, Any]) -> list[Any]:
    return [file.get(key) for key in sorted(FILE_KEYS)]


def _value(content: Mapping[str, Any], name: str) -> Any:
    return content.get(name) if name in ("tags", "groups") else content.get("fields", {}).get(name)
