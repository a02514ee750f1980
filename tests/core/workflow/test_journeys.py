"""Every journey of ``journeys/*.yaml`` goes as written; a domain expert can add one without Python."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.case import Case, Decided, Request, Seen
from ckanext.satudata.core.workflow.states import RULES

from .conftest import PEOPLE, definition_of

JOURNEYS = [
    pytest.param(path.stem, journey, id=f"{path.stem}: {journey['name']}")
    for path in sorted((Path(__file__).parent / "journeys").glob("*.yaml"))
    for journey in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize(("workflow", "journey"), JOURNEYS)
def test_journey(workflow: str, journey: dict[str, Any]) -> None:
    definition = definition_of(workflow)
    facts = journey.get("facts", {})
    case = Case("draft")
    coming: set[str] = set()  # who wrote what the next submission holds
    for number, step in enumerate(journey["steps"], 1):
        actor = PEOPLE[step["who"]]
        if step.get("edits"):
            coming.add(actor.id)
            continue
        seen = Seen(case.state, case.stage, case.round, "hash")
        request = Request(step["does"], seen, "hash", step.get("note", ""), step.get("reason", ""))
        outcome = engine.decide(definition, case, actor, facts, request)
        codes = [reason.code for reason in outcome.reasons]
        assert codes == step.get("refused", []), f"step {number}: {codes}"
        if "refused" in step:
            continue
        assert outcome.ok
        assert outcome.target is not None
        stage = f"/{outcome.target.stage}" if outcome.target.stage else ""
        assert f"{outcome.target.state}{stage}" == step["to"], f"step {number}"
        assert outcome.override is step.get("override", False), f"step {number}"
        case = _moved(case, actor.id, step["does"], outcome, coming)


def _moved(case: Case, actor_id: str, name: str, outcome: engine.Outcome, coming: set[str]) -> Case:
    assert outcome.target is not None
    decided = (*case.decided, Decided(actor_id, case.stage, name)) if RULES[name].level else case.decided
    moved = replace(case, state=outcome.target.state, stage=outcome.target.stage, round=outcome.round, decided=decided)
    if name == "submit":
        moved = replace(moved, authors=frozenset({*coming, actor_id}), decided=())
        coming.clear()
    return moved
