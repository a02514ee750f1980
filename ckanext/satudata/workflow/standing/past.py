"""What was decided on a case so far, read from its history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.workflow import history
from ckanext.satudata.core.workflow.case import Decided
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import RULES
from ckanext.satudata.workflow.model import CaseRow
from ckanext.satudata.workflow.standing import glance

MIGRATED = "migrate"
OVERRIDDEN = "override"
LEVELS = frozenset(name for name, rule in RULES.items() if rule.level)
TOLD = (*RULES, MIGRATED, OVERRIDDEN)

TOLD_LIST = list(TOLD)
# As text: whoever asks what may be done now waits for it, and it is asked often.
STEPS = sa.text(
    f"""
select transition, from_stage, to_state, to_stage, round, actor_id,
       case when transition = '{MIGRATED}' then details end
  from satudata_event where case_id = :case and transition = any(:told) order by seq
"""
)


@dataclass(frozen=True, slots=True)
class Past:
    """``decided``: the levels of the present round; ``carried``: stages passed in earlier rounds that still count.

    ``returned``: it was returned or rejected once, so there may be notes.
    """

    decided: tuple[Decided, ...] = ()
    carried: frozenset[str] = frozenset()
    returned: bool = False


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
    returned = any(step.transition in ("return", "reject") for step in steps)
    return Past(decided, _carried(row, definition, steps), returned)


def _carried(row: CaseRow, definition: Definition, steps: list[_Step]) -> frozenset[str]:
    # Only where a returned case comes back to the stage that returned it does a round build on the one before.
    if row.round < 1 or not any(stage.resubmit_to == "here" for stage in definition.stages):
        return frozenset()
    told = [history.Past(step.transition, step.to_state, step.to_stage, step.round, step.actor_id) for step in steps]
    return history.replay(definition, told).carried


def _steps(row: CaseRow) -> list[_Step]:
    steps: list[_Step] = []
    for *values, details in _told(row.id):
        step = _Step(*values)
        if step.transition == MIGRATED:
            names = (json.loads(details) if isinstance(details, str) else details or {}).get("map") or {}
            steps = [_renamed(before, names) for before in steps]
        else:
            steps.append(step)
    return steps


def _told(case_id: str) -> Iterable[Sequence[Any]]:
    known = glance.of_case(case_id)
    if known is not None:
        return [step for step in known.steps if step[0] in TOLD]
    return model.Session.execute(STEPS, {"case": case_id, "told": TOLD_LIST})


def _renamed(step: _Step, names: Mapping[str, Any]) -> _Step:
    return replace(
        step,
        from_stage=names.get(step.from_stage or "", step.from_stage),
        to_stage=names.get(step.to_stage or "", step.to_stage),
    )
