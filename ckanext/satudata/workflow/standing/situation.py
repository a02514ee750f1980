"""A case as the engine wants it: everything that can stand in the way of a step."""

from __future__ import annotations

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.workflow.case import Case
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.workflow.model import CaseRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.remarks import notes
from ckanext.satudata.workflow.sharing import batches, claims
from ckanext.satudata.workflow.standing import cases, past


def core_case(row: CaseRow, definition: Definition | None = None) -> Case:
    """The case as the engine wants it: where it is, whose work it is, what was decided, what stands in the way.

    ``definition``: the one the case runs by, when the caller has it at hand.
    """
    definition = definition or definitions.of_case(row)
    known = row.id is not None
    told = past.of_case(row, definition) if known else past.NOTHING
    return Case(
        state=row.state,
        stage=row.stage,
        round=row.round,
        authors=cases.authors(row),
        decided=told.decided,
        returned_from=row.returned_from,
        carried=told.carried,
        unstaffed=unstaffed(definition, row.organization_id),
        waiting_for_batch=known and waits_for_batch(row, definition),
        open_notes=notes.open_notes(row, definition) if told.returned else (),
        holder=claims.holder_id(row, definition),
        scheduled=row.release_at is not None,
    )


def waits_for_batch(row: CaseRow, definition: Definition) -> bool:
    """Whether the present stage has to wait for other datasets of a batch."""
    stage = definition.stage(row.stage) if row.state == "in_review" else None
    return stage is not None and row.batch_id is not None and batches.is_waiting(row, stage, definition)


def unstaffed(definition: Definition, organization_id: str | None) -> frozenset[str]:
    """The optional stages nobody can act in now; the others wait, however long it takes."""
    return frozenset(
        stage.key
        for stage in definition.stages
        if stage.optional and not roles.anybody_can(stage.role, stage.positions, stage.scope, organization_id)
    )
