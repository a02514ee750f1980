"""From what was decided to where a case stands: the history alone is enough to know the present."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ckanext.satudata.core.workflow import ways
from ckanext.satudata.core.workflow.case import Case, Decided
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.engine import Outcome
from ckanext.satudata.core.workflow.states import RULES


@dataclass(frozen=True, slots=True)
class Past:
    """A step that was taken: what an event of the history says. ``to_stage`` only counts in review."""

    transition: str
    to_state: str
    to_stage: str | None = None
    round: int = 0
    actor_id: str = ""


def past(outcome: Outcome, actor_id: str) -> Past:
    """A decision as the history keeps it."""
    assert outcome.target is not None
    return Past(outcome.transition, outcome.target.state, outcome.target.stage, outcome.round, actor_id)


def moved(definition: Definition, case: Case, step: Past) -> Case:
    """The case after a step. Authors, claim and batch are not the history's: they stay or fall with the caller."""
    rule = RULES.get(step.transition)
    stage = definition.stage(case.stage) if case.state == "in_review" else None
    sender = ways.returned_from(case, step.transition, stage)
    now = {"in_review": step.to_stage, "revision": sender}.get(step.to_state)
    decided, carried = case.decided, case.carried
    if step.transition == "submit":
        place = definition.order(step.to_stage)
        resumed = ways.resumes_at(definition, case) is not None
        carried = frozenset(key for key in case.passed if resumed and definition.order(key) < place)
        decided = ()
    elif rule is not None and rule.level and case.state == "in_review":
        decided = (*decided, Decided(step.actor_id, case.stage, step.transition))
    return replace(
        case,
        state=step.to_state,
        stage=now,
        round=step.round,
        decided=decided,
        carried=carried,
        returned_from=sender,
        scheduled=step.transition == "schedule",
        holder=None,
    )


def replay(definition: Definition, steps: Iterable[Past]) -> Case:
    """The case after all these steps, beginning as a draft."""
    case = Case("draft")
    for step in steps:
        case = moved(definition, case, step)
    return case
