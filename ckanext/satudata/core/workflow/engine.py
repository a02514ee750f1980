"""Which steps are open, and what a decision leads to. Values in, values out: no clock, no database, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import guards
from ckanext.satudata.core.workflow.case import Actor, Attempt, Case, Request, RoleHeld, Target
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.core.workflow.states import RULES, Rule, state_label

GateReasons = Mapping[str, Sequence[Reason]]
Key = Literal["conflict", "reasons", "note", "reason", "transition"]

REASON_MISSING = Text(
    "Tulis alasan mengapa Anda memutuskan sebagai administrator.", "Write why you decide as an administrator."
)
UNKNOWN_STEP = Text("Langkah ini tidak ada dalam alur kerja ini.", "This workflow has no such step.")


@dataclass(frozen=True, slots=True)
class Option:
    """A step out of the present state, as one person sees it.

    ``mine``: the person holds the role. ``override``: only rules about persons stand in the way and the person is a
    sysadmin; it is open, but needs a reason, and ``reasons`` says what is overridden. ``target`` is ``None`` when the
    step leads nowhere.
    """

    transition: str
    rule: Rule
    open: bool
    mine: bool
    reasons: tuple[Reason, ...]
    target: Target | None
    override: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to a button pressed: where it led, or why not (``key`` says which kind of refusal)."""

    ok: bool
    transition: str
    target: Target | None = None
    round: int = 0
    role: str | None = None
    position: str | None = None
    override: bool = False
    key: Key | None = None
    reasons: tuple[Reason, ...] = ()


def steps(definition: Definition, state: str) -> tuple[Rule, ...]:
    """The steps this definition knows out of ``state``, in the order of the buttons."""
    return tuple(rule for rule in RULES.values() if state in rule.sources and _knows(definition, rule, state))


def gates_of(definition: Definition, transition: str) -> tuple[str, ...]:
    """Names of the gates of a step."""
    rule = definition.transitions.get(transition)
    return rule.gates if rule is not None else ()


def available(
    definition: Definition, case: Case, actor: Actor, facts: Mapping[str, Any], gate_reasons: GateReasons
) -> list[Option]:
    """Every step out of the present state, open or closed with its reasons.

    ``gate_reasons`` holds, by transition, why gates refuse (see :func:`gates_of`).
    """
    options: list[Option] = []
    for rule in steps(definition, case.state):
        attempt = _attempt(definition, case, actor, facts, rule, gate_reasons.get(rule.name, ()), None)
        hard, soft, _ = _judge(attempt)
        override = not hard and bool(soft) and actor.sysadmin
        options.append(
            Option(
                transition=rule.name,
                rule=rule,
                open=not hard and (not soft or override),
                mine=attempt.held is not None,
                reasons=(*soft, *hard),
                target=attempt.target,
                override=override,
                roles=attempt.roles,
            )
        )
    return options


def decide(
    definition: Definition,
    case: Case,
    actor: Actor,
    facts: Mapping[str, Any],
    request: Request,
    gate_reasons: Sequence[Reason] = (),
) -> Outcome:
    """Judge one decision. A refusal is an ordinary answer: first a conflict, then reasons, then what is missing."""
    name = request.transition
    rule = RULES.get(name)
    if rule is None:
        return Outcome(False, name, key="transition", reasons=(reason("unknown_step", UNKNOWN_STEP),))
    attempt = _attempt(definition, case, actor, facts, rule, gate_reasons, request)
    hard, soft, asked = _judge(attempt)
    if asked.get("conflict"):
        return Outcome(False, name, key="conflict", reasons=tuple(asked["conflict"]))
    if hard or (soft and not actor.sysadmin):
        return Outcome(False, name, key="reasons", reasons=(*soft, *hard))
    if asked.get("note"):
        return Outcome(False, name, key="note", reasons=tuple(asked["note"]))
    if soft and not request.reason.strip():
        return Outcome(False, name, key="reason", reasons=(reason("reason_missing", REASON_MISSING), *soft))
    return Outcome(
        ok=True,
        transition=name,
        target=attempt.target,
        round=case.round + 1 if name == "submit" else case.round,
        role=attempt.held.role if attempt.held is not None else None,
        position=attempt.held.position if attempt.held is not None else None,
        override=bool(soft),
    )


def target_label(definition: Definition, target: Target | None) -> Text:
    """Where a step leads, in words: the stage's name in review, otherwise the state."""
    if target is None:
        return Text("", "")
    stage = definition.stage(target.stage) if target.state == "in_review" else None
    return stage.label if stage is not None else state_label(target.state)


def turn(definition: Definition, state: str, stage: str | None) -> str | None:
    """The role whose turn it is; ``None`` when it is nobody's."""
    if state == "in_review":
        here = definition.stage(stage)
        return here.role if here is not None else None
    waiting = {"draft": "submit", "revision": "submit", "verified": "publish"}.get(state)
    rule = definition.transitions.get(waiting) if waiting is not None else None
    return rule.by[0] if rule is not None and rule.by else None


def _knows(definition: Definition, rule: Rule, state: str) -> bool:
    if rule.by_stage and state == "in_review":
        return True
    return rule.name in definition.transitions


def _judge(attempt: Attempt) -> tuple[list[Reason], list[Reason], dict[str, list[Reason]]]:
    """Reasons nobody can override, reasons a sysadmin can, and what the request itself lacks."""
    hard: list[Reason] = []
    soft: list[Reason] = []
    asked: dict[str, list[Reason]] = {}
    for guard in guards.ALL:
        found = list(guard.check(attempt))
        if guard.key != "reasons":
            asked.setdefault(guard.key, []).extend(found)
        elif guard.overridable:
            soft.extend(found)
        else:
            hard.extend(found)
        if found and guard.final:
            break
    return hard, soft, asked


def _attempt(
    definition: Definition,
    case: Case,
    actor: Actor,
    facts: Mapping[str, Any],
    rule: Rule,
    gate_reasons: Sequence[Reason],
    request: Request | None,
) -> Attempt:
    stage = definition.stage(case.stage) if case.state == "in_review" else None
    roles, positions = _who(definition, rule, stage)
    needs_all = rule.by_stage and stage is not None and stage.scope == "all"
    known = case.state in rule.sources and _knows(definition, rule, case.state)
    return Attempt(
        definition=definition,
        case=case,
        actor=actor,
        facts=facts,
        rule=rule,
        stage=stage,
        target=_target(definition, rule, stage, facts) if known else None,
        roles=roles,
        positions=positions,
        held=_held(actor, roles, positions, needs_all=needs_all),
        gate_reasons=gate_reasons,
        request=request,
    )


def _who(definition: Definition, rule: Rule, stage: Stage | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if rule.by_stage and stage is not None:
        return (stage.role,), stage.positions
    named = definition.transitions.get(rule.name)
    return (named.by, named.positions) if named is not None else ((), ())


def _held(actor: Actor, roles: Sequence[str], positions: Sequence[str], *, needs_all: bool) -> RoleHeld | None:
    for held in actor.roles:
        right_place = held.everywhere or not needs_all
        if held.role in roles and right_place and (not positions or held.position in positions):
            return held
    return None


def _target(definition: Definition, rule: Rule, stage: Stage | None, facts: Mapping[str, Any]) -> Target | None:
    match rule.name:
        case "submit":
            first = definition.next_stage(None, facts)
            return Target("in_review", first.key) if first is not None else None
        case "pass":
            if stage is None:
                return None
            following = definition.next_stage(stage.key, facts)
            return Target("in_review", following.key) if following is not None else Target("verified")
        case "return":
            return _return_target(definition, stage, facts)
        case "reject":
            return Target("rejected")
        case "publish":
            return Target("published")
        case _:  # withdraw, reopen
            return Target("draft")


def _return_target(definition: Definition, stage: Stage | None, facts: Mapping[str, Any]) -> Target:
    if stage is None:
        return Target("revision")
    earlier = definition.earlier(stage.key, facts)
    kind, name = stage.return_to.kind, stage.return_to.name
    candidates = {
        "produsen": [],
        "previous": list(earlier),
        "stage": [other for other in earlier if other.key == name],
        "via": [other for other in earlier if other.role == name],
    }[kind]
    return Target("in_review", candidates[0].key) if candidates else Target("revision", stage.key)
