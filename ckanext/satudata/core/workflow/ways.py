"""Where a step leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.core.workflow.case import Case, Target
from ckanext.satudata.core.workflow.definition import Definition, Stage


def target(
    definition: Definition, case: Case, transition: str, stage: Stage | None, facts: Mapping[str, Any]
) -> Target | None:
    """Where ``transition`` leads from ``stage``; ``None`` when it leads nowhere."""
    match transition:
        case "submit":
            return _into_review(definition, case, facts)
        case "pass":
            return _onward(definition, case, stage, facts) if stage is not None else None
        case "return":
            return _back(definition, case, stage, facts)
        case "reject":
            return Target("rejected")
        case "publish":
            return Target("published")
        case "schedule" | "unschedule":
            return Target("verified")
        case "unpublish" | "takedown":
            return Target("archived")
        case _:  # withdraw, reopen
            return Target("draft")


def returned_from(case: Case, transition: str, stage: Stage | None) -> str | None:
    """The stage a return comes from, after the step: who takes it over can send it back there.

    A relay hands on what another stage returned.
    """
    if transition != "return" or stage is None:
        return None
    return case.returned_from if stage.relay else stage.key


def resumes_at(definition: Definition, case: Case) -> Stage | None:
    """The stage to which a returned case comes back (``resubmit_to: here``); ``None`` when it starts again."""
    sender = definition.stage(case.stage) if case.state == "revision" else None
    return sender if sender is not None and sender.resubmit_to == "here" else None


def _into_review(definition: Definition, case: Case, facts: Mapping[str, Any]) -> Target | None:
    path = definition.path(facts, case.unstaffed)
    here = resumes_at(definition, case)
    entered = path[0] if path else None
    if here is not None:
        # What was passed stays passed; what has become applicable meanwhile, or was never passed, comes first.
        place = definition.order(here.key)
        ahead = (stage for stage in path if definition.order(stage.key) >= place or _owed(stage, case.passed))
        entered = next(ahead, entered)
    return Target("in_review", entered.key) if entered is not None else None


def _onward(definition: Definition, case: Case, stage: Stage, facts: Mapping[str, Any]) -> Target | None:
    if stage.relay:
        sender = definition.stage(case.returned_from)
        return Target("in_review", sender.key) if sender is not None else None
    # Facts can change during a review: a stage in front that applies now and was never passed is not left out.
    place = definition.order(stage.key)
    for other in definition.path(facts, case.unstaffed):
        number = definition.order(other.key)
        if number > place or (number < place and _owed(other, case.passed)):
            return Target("in_review", other.key)
    return Target("verified")


def _owed(stage: Stage, passed: frozenset[str]) -> bool:
    # An optional stage was left out when nobody could act in it; that holds for the round.
    return not stage.optional and stage.key not in passed


def _back(definition: Definition, case: Case, stage: Stage | None, facts: Mapping[str, Any]) -> Target:
    if stage is None:
        return Target("revision")
    if stage.relay:
        return Target("revision", case.returned_from)
    way = stage.return_to
    earlier = definition.earlier(stage.key, facts, case.unstaffed)
    match way.kind:
        case "produsen":
            found: list[Stage] = []
        case "previous":
            found = list(earlier)
        case "stage":
            found = [other for other in earlier if other.key == way.name]
        case "via":
            relay = definition.relay(way.name, way.position, facts)
            staffed = relay is not None and not (relay.optional and relay.key in case.unstaffed)
            found = [relay] if relay is not None and staffed else []
            found += [
                other
                for other in earlier
                if other.role == way.name and (way.position is None or other.admits(other.role, way.position))
            ]
    return Target("in_review", found[0].key) if found else Target("revision", stage.key)
