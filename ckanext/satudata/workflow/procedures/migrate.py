"""Move running cases to another version of their procedure, deliberately.

A case keeps the version it started with. When a region mends its procedure, somebody decides which cases follow: first
looks at the table, then moves them. Each case is a transaction of its own with an entry in its history; who is
interrupted starts again and the rest is moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.loader import DefinitionError
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.workflow.deciding import decisions, writing
from ckanext.satudata.workflow.model import CaseRow, StoredDefinition
from ckanext.satudata.workflow.procedures import definitions, judging
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import clock, situation
from ckanext.satudata.workflow.standing.cases import Loaded
from ckanext.satudata.workflow.standing.past import MIGRATED

RUNNING = ("in_review", "revision", "verified")
CURRENT = "current"
NO_VERSION = Text(
    "Versi atau alur kerja “{name}” tidak ada. Tulis `current`, kunci alur kerja, atau versi seperti "
    "perpres@1a2b3c4d5e6f.",
    "There is no version or procedure “{name}”. Write `current`, a procedure's key, or a version such as "
    "perpres@1a2b3c4d5e6f.",
)
WRONG = Text(
    "Alur kerja “{name}” memuat kesalahan, jadi tidak ada yang dipindah: {problem}",
    "The procedure “{name}” has mistakes, so nothing is moved: {problem}",
)
NO_STAGE = Text(
    "Tahap `{stage}` tidak ada lagi. Sebutkan gantinya: `--map {stage}=<tahap>`. Yang ada: {known}.",
    "Stage `{stage}` is no more. Say what takes its place: `--map {stage}=<stage>`. There are: {known}.",
)
NO_TARGET = Text(
    "Tahap `{stage}` tidak ada di alur kerja tujuan. Yang ada: {known}.",
    "The procedure they go to has no stage `{stage}`. It has: {known}.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """The version cases of one version go to."""

    id: str
    definition: Definition
    source: str


@dataclass(frozen=True, slots=True)
class Move:
    """One case, and what would become of it. ``problem``: why it cannot go."""

    case_id: str
    subject_type: str
    subject_id: str
    title: str
    state: str
    source: str
    target: Target
    stage: str | None
    new_stage: str | None
    due: str | None
    new_due: str | None
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As :func:`satudata_workflow_migrate` answers."""
        return {
            "id": self.subject_id,
            "title": self.title,
            "state": self.state,
            "from": self.source,
            "to": self.target.id,
            "stage": self.stage,
            "new_stage": self.new_stage,
            "due": self.due,
            "new_due": self.new_due,
            "problem": self.problem,
            "moved": False,
        }


def run(data: Mapping[str, Any], user_id: str, channel: str) -> dict[str, Any]:
    """See :func:`satudata_workflow_migrate`."""
    names: dict[str, str] = data.get("map") or {}
    moves = plan(data.get("workflow"), data.get("to") or CURRENT, names, data.get("datasets"))
    answers = [move.to_dict() for move in moves]
    refused = [move for move in moves if move.problem is not None]
    if not data["dry_run"] and not refused:
        for move, answer in zip(moves, answers, strict=True):
            answer["moved"] = _move(move, names, user_id, channel)
    return {
        "dry_run": data["dry_run"],
        "count": len(answers),
        "refused": len(refused),
        "moved": sum(answer["moved"] for answer in answers),
        "problems": sorted({move.problem for move in refused if move.problem is not None}),
        "results": answers,
    }


def plan(key: str | None, to: str, names: Mapping[str, str], datasets: list[str] | None) -> list[Move]:
    """What would happen to every running case of another version, the oldest version first."""
    query = (
        sa.select(CaseRow, StoredDefinition.key)
        .join(StoredDefinition, StoredDefinition.id == CaseRow.definition_id)
        .where(CaseRow.state.in_(RUNNING), CaseRow.present.is_(True))
        .order_by(StoredDefinition.created, CaseRow.created, CaseRow.id)
    )
    if key is not None:
        query = query.where(StoredDefinition.key == key)
    if datasets is not None:
        ids = [package.id for name in datasets if (package := model.Package.get(name)) is not None]
        query = query.where(CaseRow.subject_id.in_(ids))
    targets: dict[str, Target] = {}
    moves: list[Move] = []
    for row, of_key in model.Session.execute(query).all():
        wanted = of_key if to == CURRENT else to
        if wanted not in targets:
            targets[wanted] = _target(wanted)
            _known_stages(names, targets[wanted].definition)
        if row.definition_id != targets[wanted].id:
            moves.append(_planned(row, targets[wanted], names))
    return moves


def _target(name: str) -> Target:
    spoken = language()
    try:
        if "@" in name:
            row = model.Session.get(StoredDefinition, name)
            if row is None:
                raise LookupError(name)
            target = Target(row.id, definitions.stored(row.id), row.source)
        else:
            source = definitions.source_of(name)
            target = Target(definitions.version_of(source), definitions.parsed(source), source)
        problems = judging.of_definition(target.definition)
    except LookupError as error:
        raise tk.ValidationError({"to": [NO_VERSION.render(spoken, name=name)]}) from error
    except DefinitionError as error:
        raise _wrong(name, error.problems[0].render(spoken)) from error
    if problems:
        raise _wrong(name, problems[0].render(spoken))
    return target


def _wrong(name: str, problem: str) -> tk.ValidationError:
    return tk.ValidationError({"to": [WRONG.render(language(), name=name, problem=problem)]})


def _known_stages(names: Mapping[str, str], definition: Definition) -> None:
    known = ", ".join(stage.key for stage in definition.stages)
    wrong = [stage for stage in names.values() if definition.stage(stage) is None]
    if wrong:
        sentences = [NO_TARGET.render(language(), stage=stage, known=known) for stage in wrong]
        raise tk.ValidationError({"map": sentences})


def _planned(row: CaseRow, target: Target, names: Mapping[str, str]) -> Move:
    definition = target.definition
    stage, problem = _place(row, definition, names)
    return Move(
        case_id=row.id,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        title=row.title,
        state=row.state,
        source=row.definition_id or "",
        target=target,
        stage=row.stage,
        new_stage=stage,
        due=iso(row.due),
        new_due=iso(_due(row, definition, stage)) if problem is None else None,
        problem=problem,
    )


def _place(row: CaseRow, definition: Definition, names: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The stage a case comes to, and why it cannot."""
    if row.stage is None:
        return None, None
    stage = names.get(row.stage, row.stage)
    found = definition.stage(stage)
    # A relay without a sender could hand nothing on.
    if found is not None and not (found.relay and row.state == "in_review" and row.returned_from is None):
        return stage, None
    if row.state != "in_review":
        return None, None  # only where it came back to after a return: it starts at the first stage then
    known = ", ".join(one.key for one in definition.stages if not one.relay)
    return None, NO_STAGE.render(language(), stage=stage, known=known)


def _due(row: CaseRow, definition: Definition, stage: str | None) -> Any:
    """The term of the new version, from when the present state began."""
    if row.release_at is not None:
        return row.release_at
    there = CaseRow(state=row.state, stage=stage, round=row.round, batch_id=row.batch_id)
    return clock.due(there, definition, row.facts or {}, row.since)


def _move(move: Move, names: Mapping[str, str], user_id: str, channel: str) -> bool:
    def write() -> TransitionEvent | None:
        loaded = decisions.locked(move.subject_type, move.subject_id)
        if loaded.row.definition_id != move.source or loaded.row.state not in RUNNING:
            return None  # it went on meanwhile
        return _written(loaded, move.target, names, user_id, channel)

    try:
        event = decisions.transaction(move.subject_id, write, commit=True)
    except tk.ObjectNotFound:
        return False
    if event is None:
        return False
    decisions.tell(event)
    return True


def _written(
    loaded: Loaded, target: Target, names: Mapping[str, str], user_id: str, channel: str
) -> TransitionEvent | None:
    row, definition = loaded.row, target.definition
    stage, problem = _place(row, definition, names)
    if problem is not None:
        return None
    details: dict[str, Any] = {"from": row.definition_id, "to": target.id, "stage": row.stage}
    details["map"] = {old: new for old, new in names.items() if definition.stage(new) is not None}
    row.definition_id = definitions.store(target.source)
    sender = names.get(row.returned_from or "", row.returned_from)
    row.returned_from = sender if definition.stage(sender) is not None else None
    before, row.due = row.due, _due(row, definition, stage)
    row.stage = stage
    if situation.waits_for_batch(row, definition):
        row.due = None
    event = events.record(row, MIGRATED, user_id, channel, details, due=before)
    return decisions.listened(writing.told(event, Loaded(row, loaded.view, definition, loaded.facts)))
