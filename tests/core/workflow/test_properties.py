"""Whatever people try, in whatever order: what must never happen does not."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.core.workflow import engine, loader
from ckanext.satudata.core.workflow.case import Actor, Case, Decided, Request, RoleHeld, Seen
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import EDITABLE, RULES

ROLES = ("produsen_data", "walidata", "pembina_data", "kepala_opd")
GATE = reason("closed", Text("Belum bisa.", "Not yet."))


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A sound definition of one to four stages."""
    lines = ["format: 1", "key: acak", "title: {id: Acak, en: Random}", "roles:"]
    lines += [f"  {role}: {{id: {role}, en: {role}}}" for role in ROLES]
    lines.append("stages:")
    roles: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        role = draw(st.sampled_from(ROLES[1:]))
        returns = ["produsen"] + (["previous", f"stage:s{number - 1}", f"via:{roles[-1]}"] if number else [])
        lines.append(f"  - key: s{number}\n    label: {{id: T, en: S}}\n    role: {role}")
        lines.append(f"    return_to: {draw(st.sampled_from(returns))}")
        if number and draw(st.booleans()):
            lines.append("    when: data_prioritas")
        roles.append(role)
    lines.append("transitions:")
    lines += [f"  {name}: {{by: produsen_data}}" for name in ("submit", "withdraw")]
    lines += [f"  {name}: {{by: walidata}}" for name in ("return", "reopen", "publish")]
    return loader.load("\n".join(lines))


ACTORS = st.builds(
    Actor,
    id=st.sampled_from(["a", "b", "c", "d", "e"]),
    roles=st.lists(st.builds(RoleHeld, role=st.sampled_from(ROLES)), max_size=4).map(tuple),
    sysadmin=st.booleans(),
)


@dataclass
class World:
    """A case that lives through decisions as the portal would keep it."""

    case: Case = field(default_factory=lambda: Case("draft"))
    coming: set[str] = field(default_factory=set)
    passed: set[str | None] = field(default_factory=set)  # stages passed in this round
    history: list[tuple[str, str]] = field(default_factory=list)

    def move(self, actor: Actor, outcome: engine.Outcome) -> None:
        assert outcome.target is not None
        before, name = self.case, outcome.transition
        self.history.append((before.state, outcome.target.state))
        decided = before.decided
        if name == "submit":
            self.passed, decided = set(), ()
        if name == "pass":
            self.passed.add(before.stage)
        if RULES[name].level and before.state == "in_review":
            decided = (*decided, Decided(actor.id, before.stage, name))
        authors = before.authors
        if name == "submit":
            authors = frozenset({*self.coming, actor.id})
            self.coming.clear()
        self.case = Case(outcome.target.state, outcome.target.stage, outcome.round, authors, decided)


STEPS = st.lists(
    st.tuples(
        ACTORS,
        st.sampled_from([*RULES, "edit", "nonsense"]),
        st.booleans(),  # with a note
        st.booleans(),  # with a reason
        st.booleans(),  # a gate is closed
        st.booleans(),  # the page is stale
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(definition=definitions(), priority=st.booleans(), steps=STEPS)
def test_a_case_moves_only_through_open_steps(definition: Definition, priority: bool, steps: list) -> None:
    facts = {"data_prioritas": priority}
    world = World()
    for actor, name, noted, reasoned, gated, stale in steps:
        case = world.case
        if name == "edit":
            if case.state in EDITABLE:
                world.coming.add(actor.id)
            continue
        gates = (GATE,) if gated else ()
        seen = Seen(case.state, case.stage, case.round + stale, "hash")
        request = Request(name, seen, "hash", "catatan" if noted else "", "alasan" if reasoned else "")
        outcome = engine.decide(definition, case, actor, facts, request, gates)
        offered = engine.available(definition, case, actor, facts, {name: gates})
        option = next((found for found in offered if found.transition == name), None)
        if not outcome.ok:
            assert outcome.reasons, "a refusal says why"
            continue
        assert option is not None, "only a step that leads out of the state"
        assert option.open, "only an open step moves a case"
        assert not stale
        assert not gated
        assert outcome.override or actor.id not in case.authors or not RULES[name].decides, "nobody decides on own work"
        if outcome.override:
            assert actor.sysadmin
            assert reasoned
        if RULES[name].level and case.state == "in_review" and not outcome.override:
            assert all(past.stage == case.stage for past in case.decided if past.actor_id == actor.id), "one level each"
        if RULES[name].needs_note:
            assert noted
        world.move(actor, outcome)
        if world.case.state == "verified":
            applicable = {stage.key for stage in definition.applicable(facts)}
            assert applicable <= world.passed, "no stage is skipped"
    states = [before for before, _ in world.history] + [world.case.state]
    assert states[0] == "draft"
    assert all(after == states[number + 1] for number, (_, after) in enumerate(world.history)), "history replays"
