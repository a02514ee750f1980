"""What was decided on a case so far, read from its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.workflow import history
from ckanext.satudata.core.workflow.case import Decided
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import RULES
from ckanext.satudata.workflow.model import CaseRow, EventRow

MIGRATED = "migrate"
OVERRIDDEN = "override"
LEVELS = frozenset(name for name, rule in RULES.items() if rule.level)
TOLD = (*RULES, MIGRATED, OVERRIDDEN)


@dataclass(frozen=True, slots=True)
class Past:
    """``decided``: the levels of the present round; ``carried``: stages passed in earlier rounds that still count."""

    decided: tuple[Decided, ...] = ()
    carried: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Step:
    transition: str
    from_stage: str | None
    to_state: str
    to_stage: str | None
    round: int
    actor_id: str


NOTHING = Past()


def of_case(row: CaseRow, definition: Definition) -> Past:
    """The past of a case, in the words of the procedure it runs by now: a migration may have renamed stages."""
    steps = _steps(row)
    decided = tuple(
        Decided(step.actor_id, step.from_stage, step.transition)
        for step in steps
        if step.round == row.round and step.from_stage is not None and step.transition in LEVELS
    )
    return Past(decided, _carried(row, definition, steps))


def _carried(row: CaseRow, definition: Definition, steps: list[_Step]) -> frozenset[str]:
    # Only where a returned case comes back to the stage that returned it does a round build on the one before.
    if row.round < 1 or not any(stage.resubmit_to == "here" for stage in definition.stages):
        return frozenset()
    told = [history.Past(step.transition, step.to_state, step.to_stage, step.round, step.actor_id) for step in steps]
    return history.replay(definition, told).carried


def _steps(row: CaseRow) -> list[_Step]:
    columns = (
        EventRow.transition,
        EventRow.from_stage,
        EventRow.to_state,
        EventRow.to_stage,
        EventRow.round,
        EventRow.actor_id,
        sa.case((EventRow.transition == MIGRATED, EventRow.details), else_=None),
    )
    query = sa.select(*columns).where(EventRow.case_id == row.id, EventRow.transition.in_(TOLD)).order_by(EventRow.seq)
    steps: list[_Step] = []
    for *values, details in model.Session.execute(query):
        step = _Step(*values)
        if step.transition == MIGRATED:
            steps = [_renamed(before, (details or {}).get("map") or {}) for before in steps]
        else:
            steps.append(step)
    return steps


def _renamed(step: _Step, names: Mapping[str, Any]) -> _Step:
    return replace(
        step,
        from_stage=names.get(step.from_stage or "", step.from_stage),
        to_stage=names.get(step.to_stage or "", step.to_stage),
    )
