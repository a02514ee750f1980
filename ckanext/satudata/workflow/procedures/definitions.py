"""The procedures cases run by: the one chosen for a draft, the version a running case has started with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import loader
from ckanext.satudata.core.workflow.definition import POSITIONS, Definition, TransitionRule
from ckanext.satudata.core.workflow.loader import DefinitionError
from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.workflow.model import CaseRow, StoredDefinition
from ckanext.satudata.workflow.procedures import selection, shelf

log = logging.getLogger(__name__)

# What a draft runs by that no procedure was chosen for: it can be written, not submitted.
NONE = Definition(
    key="-",
    title=Text("Belum ada alur kerja", "No procedure yet"),
    roles={roles.PRODUCER: Text("Produsen Data", "Produsen Data")},
    stages=(),
    transitions={"submit": TransitionRule("submit", by=(roles.PRODUCER,))},
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A procedure as its file says now; ``why`` when there is none to follow (then it is :data:`NONE`)."""

    definition: Definition
    source: str = ""
    why: Reason | None = None


def source_of(key: str) -> str:
    """The YAML of a procedure, what it extends written out; ``LookupError`` when nobody has it."""
    return shelf.text_of(key)


def by_key(key: str) -> Definition:
    """The procedure as its file says now; ``LookupError``, or :class:`DefinitionError` when it is wrong."""
    return parsed(shelf.text_of(key))


def chosen(key: str | None, why: Reason | None = None) -> Chosen:
    """As :func:`by_key`; one that is missing or wrong is told as a reason."""
    if key is None:
        return Chosen(NONE, why=why)
    try:
        source = shelf.text_of(key)
        return Chosen(parsed(source), source)
    except LookupError:
        return Chosen(NONE, why=reason("workflow_missing", selection.MISSING, key=key))
    except DefinitionError as error:
        log.error("workflow %s cannot be used: %s", key, error)
        return Chosen(NONE, why=reason("workflow_broken", selection.BROKEN, key=key))


def for_view(view: SubjectView) -> Chosen:
    """The procedure a subject would take if it were submitted now."""
    facts = {**view.facts, **selection.asked_facts(view)}
    choice = selection.choose(view.subject_type, view.subject_id, view.organization_id, facts)
    return chosen(choice.key, choice.why)


def for_row(row: Standing) -> Chosen:
    """As :func:`for_view`, by the facts of the last look that the row holds; without any, by a look now."""
    facts = row.facts or selection.looked_at(row.subject_type, row.subject_id)
    choice = selection.choose(row.subject_type, row.subject_id, row.organization_id, facts)
    return chosen(choice.key, choice.why)


class Standing(Protocol):
    """What of a case says which procedure it runs by: a row, or what a list read of one."""

    @property
    def definition_id(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def subject_type(self) -> str: ...
    @property
    def subject_id(self) -> str: ...
    @property
    def organization_id(self) -> str | None: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


def is_free(row: Standing) -> bool:
    """Whether the case follows what its file says now: a draft, or one that was never submitted."""
    return row.definition_id is None or row.state == "draft"


def of_case(row: Standing) -> Definition:
    """The procedure a case runs by: the version it was submitted with; while it is a draft the one chosen for it."""
    if is_free(row) or row.definition_id is None:
        return for_row(row).definition
    return stored(row.definition_id)


def current() -> Definition:
    """The procedure for what no rule matches, else the first that can be chosen."""
    found = known()
    other = selection.fallback()
    if other in found:
        return found[other]
    return next(iter(found.values()), NONE)


def known() -> dict[str, Definition]:
    """Every procedure that can be chosen for a dataset, by key; one that is missing or wrong is left out."""
    found = {key: chosen(key) for key in selection.choosable()}
    return {key: one.definition for key, one in found.items() if one.why is None}


def version_of(source: str) -> str:
    """Id of a version: the procedure's key and the start of its hash."""
    return f"{parsed(source).key}@{loader.digest(source)[:12]}"


def stored(definition_id: str) -> Definition:
    """A version some case has started with; ``LookupError`` when it was never kept."""
    # The id holds the hash of the text, so what it means never changes.
    found = _stored.get(definition_id)
    if found is None:
        row = model.Session.get(StoredDefinition, definition_id)
        if row is None:
            raise LookupError(f"definition {definition_id} is not stored")
        found = _stored[definition_id] = parsed(row.source)
    return found


def store(source: str) -> str:
    """Keep a version for the cases that start with it; its id. The caller commits."""
    definition_id = version_of(source)
    model.Session.execute(
        insert(StoredDefinition.__table__)
        .values(id=definition_id, key=parsed(source).key, hash=loader.digest(source), source=source, created=now())
        .on_conflict_do_nothing()
    )
    return definition_id


def running() -> list[tuple[str, str, int]]:
    """How many cases run by which version, in which state."""
    query = (
        sa.select(CaseRow.definition_id, CaseRow.state, sa.func.count())
        .where(CaseRow.definition_id.isnot(None), CaseRow.present.is_(True))
        .group_by(CaseRow.definition_id, CaseRow.state)
        .order_by(CaseRow.definition_id, CaseRow.state)
    )
    return [(str(row[0]), str(row[1]), int(row[2])) for row in model.Session.execute(query)]


def words() -> dict[str, list[dict[str, object]]]:
    """See :func:`satudata_workflow_roles`."""
    spoken = language()
    found, usual = known(), current()
    # what the portal's own procedure calls them goes before the words of one that holds for a few offices
    labels: dict[str, Text] = dict(usual.roles)
    positions: dict[str, Text] = dict(usual.positions)
    stages: list[dict[str, object]] = []
    for key, definition in found.items():
        for role, label in definition.roles.items():
            labels.setdefault(role, label)
        for position, label in definition.positions.items():
            positions.setdefault(position, label)
        for stage in definition.stages:
            stages.append(
                {
                    "key": stage.key,
                    "label": stage.label.render(spoken),
                    "workflow": key,
                    "kind": stage.kind,
                    "role": stage.role,
                    "positions": list(stage.positions),
                    "scope": stage.scope,
                    "optional": stage.optional,
                }
            )
    named = {**POSITIONS, **positions}
    return {
        "roles": [{"key": key, "label": label.render(spoken)} for key, label in labels.items()],
        "positions": [{"key": key, "label": label.render(spoken)} for key, label in named.items()],
        "stages": stages,
    }


@lru_cache(maxsize=256)
def parsed(source: str) -> Definition:
    """The definition in a text without ``extends``."""
    return loader.load(source)


_stored: dict[str, Definition] = {}
