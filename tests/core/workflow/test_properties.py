"""Whatever people try, in whatever order, in whatever procedure: what must never happen does not.

``HYPOTHESIS_PROFILE=long`` tries many more; ``./dev/test long`` does so too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.core.workflow import chart, engine, history, loader
from ckanext.satudata.core.workflow.case import Actor, Case, OpenNote, Request, RoleHeld, Seen
from ckanext.satudata.core.workflow.conditions import holds
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.core.workflow.lint import lint
from ckanext.satudata.core.workflow.reasons import codes_of
from ckanext.satudata.core.workflow.states import EDITABLE, RULES, STATES
from tests.core.examples import examples

from .random_definitions import (
    FACT_VALUES,
    GOOD_ANSWERS,
    PLACES,
    ROLES,
    WHOLE,
    broken_definitions,
    definitions,
    to_yaml,
)

GATE = reason("closed", Text("Belum bisa.", "Not yet."))
FILES = frozenset({"laporan", "surat", "pengantar"})
PEOPLE = ("ana", "budi", "cici", "dodi", "euis")
HELD = st.builds(
    RoleHeld,
    role=st.sampled_from(ROLES),
    position=st.sampled_from([None, *PLACES]),
    level=st.sampled_from(["own", "tree", "all", "all"]),
    deputy_of=st.sampled_from([None, None, "pejabat"]),
)
MOMENT = datetime(2027, 1, 1, tzinfo=UTC)  # to publish at; the engine has no clock to compare it with
SOME = st.lists(HELD, min_size=1, max_size=6).map(tuple)
EVERYTHING = tuple(RoleHeld(role, place, True) for role in ROLES for place in (None, *PLACES))
CLOCK = Actor("jam", clock=True)


class Life(RuleBasedStateMachine):
    """A case that lives among people, kept as the portal would keep it.

    Beside the engine's own memory the machine keeps its own books: who wrote, who took which level, what was passed.
    """

    @initialize(
        definition=definitions(),
        facts=FACT_VALUES,
        roles=st.tuples(*(SOME if number < 2 else st.just(EVERYTHING) for number in range(len(PEOPLE)))),
    )
    def begin(self, definition: Definition, facts: dict[str, Any], roles: tuple[tuple[RoleHeld, ...], ...]) -> None:
        self.definition = loader.load(to_yaml(definition))
        assert self.definition == definition, "a definition is what its text says"
        assert [problem.render("en") for problem in lint(self.definition)] == [], "the procedure is sound"
        self.people = {name: Actor(name, held) for name, held in zip(PEOPLE, roles, strict=True)}
        self.people["admin"] = Actor("admin", sysadmin=True)
        self.facts = facts
        self.case = Case("draft")
        self.past: list[history.Past] = []
        self.states: list[str] = ["draft"]
        self.coming: set[str] = set()  # who wrote what the next submission holds
        self.writers: set[str] = set()  # of this round
        self.levels: list[tuple[str, str]] = []  # person and stage, of this round
        self.passed: set[str] = set()  # in this round, or carried into it
        self.steady = True  # neither facts nor staff changed since the submission

    # One rule, because hypothesis leaves rules out at random: a case that nobody moves proves nothing.
    @rule(
        data=st.data(),
        around=st.sampled_from(["nothing", "nothing", "writing", "facts", "staff", "desk"]),
        tries=st.booleans(),
        steps=st.lists(st.sampled_from(["forward", "forward", "forward", "return", "any"]), max_size=4),
    )
    def a_day_passes(self, data: st.DataObject, around: str, tries: bool, steps: list[str]) -> None:
        self._around(data, around)
        if tries:
            self._somebody_tries(data)
        for wanted in steps:
            self._people_go_on(data, wanted)

    # what happens around the case

    def _around(self, data: st.DataObject, what: str) -> None:
        case = self.case
        if what == "writing" and case.state in EDITABLE:
            self.coming.add(data.draw(st.sampled_from(PEOPLE)))
        if what == "facts":
            facts = data.draw(FACT_VALUES)
            self.steady = self.steady and facts == self.facts
            self.facts = facts
        if what == "staff":
            unstaffed = data.draw(st.frozensets(st.sampled_from([stage.key for stage in self.definition.stages])))
            self.steady = self.steady and unstaffed == case.unstaffed
            self.case = replace(case, unstaffed=unstaffed)
        if what == "desk":
            state = data.draw(st.sampled_from([None, None, None, "open", "explained", "not_mended", "mended"]))
            self.case = replace(
                case,
                waiting_for_batch=data.draw(st.sampled_from([False, False, True])),
                holder=data.draw(st.sampled_from([None, None, None, *PEOPLE])),
                open_notes=(OpenNote("n", Text("Satuan", "Unit"), state),) if state is not None else (),
            )

    # what people try

    def _somebody_tries(self, data: st.DataObject) -> None:
        name, who = data.draw(st.sampled_from([*RULES, "hapus"])), data.draw(st.sampled_from([*self.people, "clock"]))
        whole, gated, stale = data.draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
        request = self._request(name, whole=whole, stale=stale, data=data)
        self._try(CLOCK if who == "clock" else self.people[who], request, gated=gated)

    def _people_go_on(self, data: st.DataObject, wanted: str) -> None:
        """So that cases come far and there are rounds behind rounds: a step that is open, with all it needs."""
        allowed = {"forward": ("submit", "pass"), "return": ("return",)}.get(wanted, tuple(RULES))
        found = [
            (person, option.transition)
            for person in self.people.values()
            for option in engine.available(self.definition, self.case, person, self.facts, {})
            if option.open and not option.override and option.transition in allowed
        ]
        if found:
            person, name = found[data.draw(st.integers(0, len(found) - 1))]
            self._try(person, self._request(name, whole=True, stale=False, data=data), gated=False)

    def _request(self, name: str, *, whole: bool, stale: bool, data: st.DataObject) -> Request:
        seen = Seen(self.case.state, self.case.stage, self.case.round + stale, "hash")
        code = next(iter(codes_of(name)), "metadata")
        full = Request(name, seen, "hash", "catatan", "alasan", code, FILES, GOOD_ANSWERS)
        if whole:
            return replace(full, at=MOMENT)
        lacking = data.draw(st.sampled_from(["note", "reason", "reason_code", "evidence", "form"]))
        empty: dict[str, Any] = {"note": " ", "reason": "", "reason_code": "", "evidence": frozenset(), "form": {}}
        return replace(full, **{lacking: empty[lacking]})

    def _try(self, actor: Actor, request: Request, *, gated: bool) -> None:
        case, name = self.case, request.transition
        gates = (GATE,) if gated else ()
        outcome = engine.decide(self.definition, case, actor, self.facts, request, gates)
        offered = engine.available(self.definition, case, actor, self.facts, {name: gates})
        option = next((found for found in offered if found.transition == name), None)
        if not outcome.ok:
            assert outcome.reasons, "a refusal says why"
            assert all(found.render("id") and found.render("en") for found in outcome.reasons)
            return
        assert option is not None, "only a step that leads out of the state"
        assert option.open, "only an open step moves a case"
        assert option.target == outcome.target, "it leads where the button said"
        assert not gated
        assert request.seen.round == case.round, "a stale page decides nothing"
        stage = self.definition.stage(case.stage) if case.state == "in_review" else None
        self._rules_about_persons(actor, outcome, request, stage)
        self._rules_about_the_request(request, stage, actor)
        self._move(actor, outcome, stage)

    def _rules_about_persons(
        self, actor: Actor, outcome: engine.Outcome, request: Request, stage: Stage | None
    ) -> None:
        step = RULES[outcome.transition]
        if outcome.override:
            assert actor.sysadmin
            assert request.reason.strip()
            return
        if actor.clock:
            assert outcome.automatic
            waited = stage is not None and stage.auto_pass_after is not None and step.name == "pass"
            assert waited or (step.name == "publish" and self.case.scheduled)
            return
        assert outcome.role is not None, "somebody without the role does nothing"
        judging = stage is None or (stage.judges and stage.separation)
        if step.decides and judging:
            assert actor.id not in self.writers, "nobody decides on their own work"
        if step.level and stage is not None and judging:
            assert all(key == stage.key for person, key in self.levels if person == actor.id), "one level each"
        if step.decides:
            assert self.case.holder in (None, actor.id), "nobody decides on what somebody else has taken on"

    def _rules_about_the_request(self, request: Request, stage: Stage | None, actor: Actor) -> None:
        name = request.transition
        relay = stage is not None and stage.relay
        if RULES[name].needs_note and not relay:
            assert request.note.strip()
            assert request.reason_code or self.definition.reasons_free
        if RULES[name].usual:
            assert request.reason_code in codes_of(name), "the public is always told of which kind the reason is"
        if stage is None or not RULES[name].by_stage:
            return
        required = {rule.kind for rule in stage.evidence if rule.required and rule.on in (name, "any")}
        assert required <= request.evidence
        assert not (stage.start_when == "all_submitted" and self.case.waiting_for_batch)
        if name == "pass" and stage.judges:
            assert stage.form is None or request.form
            unsettled = [note for note in self.case.open_notes if note.state not in ("mended", "accepted", "removed")]
            assert not (stage.notes and unsettled)
        assert not (actor.clock and name != "pass")

    def _move(self, actor: Actor, outcome: engine.Outcome, stage: Stage | None) -> None:
        target, name, before = outcome.target, outcome.transition, self.case
        assert target is not None
        if name == "pass" and stage is not None and stage.judges:
            self.passed.add(stage.key)
        if name == "pass" and stage is not None and not stage.judges and not stage.relay:
            self.passed.add(stage.key)
        if name == "submit":
            sender = self.definition.stage(before.stage) if before.state == "revision" else None
            self.passed = self.passed if sender is not None and sender.resubmit_to == "here" else set()
            self.levels = []
            self.writers, self.coming = {*self.coming, actor.id}, set()
            self.steady = True
        if RULES[name].level and stage is not None and stage.judges:
            self.levels.append((actor.id, stage.key))
        step = history.past(outcome, actor.id)
        self.past.append(step)
        self.states.append(target.state)
        self.case = replace(history.moved(self.definition, before, step), authors=frozenset(self.writers))
        assert self.case.returned_from == outcome.returned_from
        if target.state == "in_review":
            self._entered(target.stage, name, stage)
        if target.state == "verified" and name == "pass":
            assert self._owed(None) == [], "nothing is approved before every stage that applies has passed it"

    def _entered(self, key: str | None, name: str, before: Stage | None) -> None:
        entered = self.definition.stage(key)
        assert entered is not None
        if entered.relay:
            assert name == "return", "nobody is sent to a relay but by a return"
            return
        forward = name == "submit" or (name == "pass" and before is not None and not before.relay)
        if forward:
            assert holds(entered.when, self.facts)
            assert not (entered.optional and entered.key in self.case.unstaffed)
        if forward or self.steady:
            assert self._owed(entered) == [], "no stage is skipped"

    def _owed(self, before: Stage | None) -> list[str]:
        """Applicable stages in front of one (``None``: all) that were not passed; optional ones may be left out."""
        keys: list[str] = []
        for stage in self.definition.stages:
            if before is not None and stage.key == before.key:
                break
            if (
                not stage.relay
                and not stage.optional
                and holds(stage.when, self.facts)
                and stage.key not in self.passed
            ):
                keys.append(stage.key)
        return keys

    # what holds at any moment

    @invariant()
    def the_history_replays_to_the_present(self) -> None:
        if not hasattr(self, "case"):
            return
        again = history.replay(self.definition, self.past)
        for name in ("state", "stage", "round", "decided", "carried", "returned_from"):
            assert getattr(again, name) == getattr(self.case, name), name
        assert again.state == self.states[-1]
        assert set(self.states) <= set(STATES)

    @invariant()
    def the_place_is_one_of_the_definition(self) -> None:
        if hasattr(self, "case") and self.case.state == "in_review":
            assert self.definition.stage(self.case.stage) is not None


Life.TestCase.settings = settings(
    max_examples=examples(40),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestLife = Life.TestCase


@settings(max_examples=examples(20), deadline=None)
@given(definition=definitions())
def test_a_definition_is_what_its_text_says(definition: Definition) -> None:
    again = loader.load(to_yaml(definition))
    assert again == definition
    child = loader.flatten("format: 1\nkey: anak\nextends: acak\n", {"acak": to_yaml(definition)}.__getitem__)
    assert loader.load(child) == replace(definition, key="anak")


@settings(max_examples=examples(20), deadline=None)
@given(definition=broken_definitions(), language=st.sampled_from(["id", "en"]))
def test_every_definition_can_be_drawn(definition: Definition, language: str) -> None:
    for here in (None, "draft", *(stage.key for stage in definition.stages)):
        assert chart.svg(definition, here, language).startswith("<svg")
        assert chart.mermaid(definition, here, language).startswith("flowchart TD\n")


@settings(max_examples=examples(20), deadline=None)
@given(definition=broken_definitions())
def test_what_the_lint_lets_through_has_no_dead_end_and_no_stage_nobody_reaches(definition: Definition) -> None:
    _has_ways_out(definition)


@pytest.mark.parametrize("change", WHOLE)
@settings(max_examples=examples(6), deadline=None)
@given(definition=definitions())
def test_nor_has_a_sound_one_that_was_changed_as_a_whole(change: str, definition: Definition) -> None:
    _has_ways_out(WHOLE[change](definition))


def _has_ways_out(definition: Definition) -> None:
    if lint(definition):
        return
    reached: set[str | None] = set()
    optional = frozenset(stage.key for stage in definition.stages if stage.optional)
    for facts in _worlds():
        for unstaffed in {frozenset[str](), optional}:
            reached |= _walked(definition, facts, Case("draft", unstaffed=unstaffed))
    assert {stage.key for stage in definition.stages} <= reached


def _worlds() -> Iterator[dict[str, Any]]:
    for priority, kind in product([True, False], ["peta", "tabel", True, None]):
        yield {"prioritas": priority, "geospasial": kind}


def _walked(definition: Definition, facts: dict[str, Any], start: Case) -> set[str | None]:
    """Go everywhere one can go, each step by another person who holds every role; the stages that were seen."""
    roles = tuple(RoleHeld(role, place, True) for role in definition.roles for place in (None, *PLACES))
    seen, ahead = set[Any](), [start]
    while ahead:
        case = ahead.pop()
        # Who decided does not matter here, only whether somebody did.
        place = (case.state, case.stage, case.returned_from, case.passed, bool(case.decided))
        if place in seen:
            continue
        seen.add(place)
        person = Actor(f"orang {len(seen)}", roles)
        moved: list[Case] = []
        for option in engine.available(definition, case, person, facts, {}):
            request = Request(
                option.transition,
                Seen(case.state, case.stage, case.round, ""),
                "",
                note="x",
                reason_code=next(iter(codes_of(option.transition)), ""),
                evidence=FILES,
                form=GOOD_ANSWERS,
                at=MOMENT,
            )
            outcome = engine.decide(definition, case, person, facts, request)
            if outcome.ok:
                moved.append(replace(history.moved(definition, case, history.past(outcome, person.id)), round=1))
        last = case.state == "verified" and definition.purpose == "verification"
        assert moved or last, f"nobody can do anything in {case}"
        ahead += moved
    return {place[1] for place in seen if place[0] == "in_review"}
