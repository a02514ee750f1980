"""Which steps are open, and what a decision leads to. Values in, values out: no clock, no database, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import guards, ways
from ckanext.satudata.core.workflow.case import Actor, Attempt, Case, Request, RoleHeld, Target
from ckanext.satudata.core.workflow.definition import (
    Definition,
    EvidenceRule,
    Form,
    Holder,
    Scope,
    Stage,
    TransitionRule,
    reaches,
)
from ckanext.satudata.core.workflow.states import RULES, Rule, state_label, step_label

GateReasons = Mapping[str, Sequence[Reason]]
Key = Literal[
    "conflict", "reasons", "note", "reason_code", "evidence", "form", "at", "happened", "reason", "transition"
]
# What a request can lack, in the order of the form.
ASKED: tuple[Key, ...] = ("note", "reason_code", "evidence", "form", "at", "happened")

WALIDATA = "walidata"
PRODUCER = "produsen_data"  # reads and submits as a member of the organization
REASON_MISSING = Text(
    "Tulis alasan mengapa Anda memutuskan sebagai administrator.", "Write why you decide as an administrator."
)
UNKNOWN_STEP = Text("Langkah ini tidak ada dalam alur kerja ini.", "This workflow has no such step.")


@dataclass(frozen=True, slots=True)
class Option:
    """A step out of the present state, as one person sees it.

    ``label`` is the button's word here (*Sahkan* in a sign-off). ``mine``: the person holds the role. ``override``:
    only rules about persons stand in the way and the person is a sysadmin; it is open, but needs a reason, and
    ``reasons`` says what is overridden. ``target`` is ``None`` when the step leads nowhere. ``needs_note``,
    ``needs_reason_code``, ``needs_moment``, ``evidence``, ``form``: what the request has to bring.
    """

    transition: str
    rule: Rule
    open: bool
    mine: bool
    reasons: tuple[Reason, ...]
    target: Target | None
    override: bool
    roles: tuple[str, ...]
    label: Text
    holders: tuple[Holder, ...] = ()
    needs_note: bool = False
    needs_reason_code: bool = False
    needs_moment: bool = False
    evidence: tuple[EvidenceRule, ...] = ()
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to a button pressed: where it led, or why not (``key`` says which kind of refusal).

    ``returned_from`` is what the case has to remember from now on. ``missing`` holds everything the request lacks, by
    key; ``key`` and ``reasons`` are the first of it. ``deputy_of``: for whom the role was held. ``automatic``: the
    clock took the step.
    """

    ok: bool
    transition: str
    target: Target | None = None
    round: int = 0
    role: str | None = None
    position: str | None = None
    override: bool = False
    key: Key | None = None
    reasons: tuple[Reason, ...] = ()
    returned_from: str | None = None
    deputy_of: str | None = None
    automatic: bool = False
    missing: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict[str, tuple[Reason, ...]])


def steps(definition: Definition, state: str, stage: str | None = None) -> tuple[Rule, ...]:
    """The steps this definition knows out of ``state`` (and that stage), in the order of the buttons."""
    here = definition.stage(stage) if state == "in_review" else None
    return tuple(rule for rule in RULES.values() if state in rule.sources and _knows(definition, rule, state, here))


def gates_of(definition: Definition, transition: str) -> tuple[str, ...]:
    """Names of the gates of a step."""
    rule = _rule_of(definition, transition)
    return rule.gates if rule is not None else ()


def available(
    definition: Definition, case: Case, actor: Actor, facts: Mapping[str, Any], gate_reasons: GateReasons
) -> list[Option]:
    """Every step out of the present state, open or closed with its reasons.

    ``gate_reasons`` holds, by transition, why gates refuse (see :func:`gates_of`).
    """
    options: list[Option] = []
    for rule in steps(definition, case.state, case.stage):
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
                roles=tuple(dict.fromkeys(holder.role for holder in attempt.holders)),
                label=step_label(rule.name, attempt.stage.kind if attempt.stage is not None else None),
                holders=attempt.holders,
                needs_note=rule.needs_note and not attempt.relay,
                needs_reason_code=rule.usual or _asks_why(attempt),
                needs_moment=rule.name == "schedule",
                evidence=definition.evidence_for(rule.name, attempt.stage),
                form=definition.form_of(attempt.stage) if rule.name == "pass" else None,
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
    missing: dict[Key, tuple[Reason, ...]] = {lacking: tuple(asked[lacking]) for lacking in ASKED if asked.get(lacking)}
    if soft and not request.reason.strip():
        missing["reason"] = (reason("reason_missing", REASON_MISSING), *soft)
    if missing:
        first = next(iter(missing))
        return Outcome(
            False, name, key=first, reasons=missing[first], missing={str(key): missing[key] for key in missing}
        )
    return Outcome(
        ok=True,
        transition=name,
        target=attempt.target,
        round=case.round + 1 if name == "submit" else case.round,
        role=attempt.held.role if attempt.held is not None else None,
        position=attempt.held.position if attempt.held is not None else None,
        override=bool(soft),
        returned_from=ways.returned_from(case, name, attempt.stage),
        deputy_of=attempt.held.deputy_of if attempt.held is not None else None,
        automatic=actor.clock,
    )


def target_label(definition: Definition, target: Target | None) -> Text:
    """Where a step leads, in words: the stage's name in review, otherwise the state."""
    if target is None:
        return Text("", "")
    stage = definition.stage(target.stage) if target.state == "in_review" else None
    return stage.label if stage is not None else state_label(target.state)


def waiting_roles(definition: Definition, state: str, stage: str | None) -> tuple[Holder, ...]:
    """Everybody whose turn it is, as roles with positions; empty when it is nobody's."""
    if state == "in_review":
        here = definition.stage(stage)
        return here.who() if here is not None else ()
    if state == "verified" and not definition.publishes:
        return ()
    waiting = {"draft": "submit", "revision": "submit", "verified": "publish"}.get(state)
    rule = definition.transitions.get(waiting) if waiting is not None else None
    return rule.who() if rule is not None else ()


def turn(definition: Definition, state: str, stage: str | None) -> str | None:
    """The role whose turn it is (of several the first one named); ``None`` when it is nobody's."""
    waiting = waiting_roles(definition, state, stage)
    return waiting[0].role if waiting else None


def turn_positions(definition: Definition, state: str, stage: str | None) -> tuple[str, ...]:
    """The positions of the role whose turn it is; empty when any position will do."""
    role = turn(definition, state, stage)
    named = [holder.position for holder in waiting_roles(definition, state, stage) if holder.role == role]
    return tuple(position for position in named if position is not None) if None not in named else ()


def who(definition: Definition, rule: Rule, stage: Stage | None) -> tuple[tuple[Holder, ...], Scope]:
    """Who may take a step (in review, in that stage), and how far a grant reaches for it."""
    if rule.by_stage and stage is not None:
        return stage.who(), stage.scope
    named = _rule_of(definition, rule.name)
    return (named.who(), named.scope) if named is not None else ((), "organization")


def usual(definition: Definition, name: str) -> TransitionRule:
    """Who takes what is published from the public when the definition says nothing: the Walidata.

    Where a region has no such role: whoever publishes, or whoever reopens. So also a procedure that a case keeps from
    an earlier edition, or that publishes nothing itself (of an adopted portal), leaves nothing public against the will.
    """
    publish = definition.transitions.get("publish") or definition.transitions.get("reopen")
    if WALIDATA in definition.roles or publish is None:
        return TransitionRule(name, by=(WALIDATA,), holders=(Holder(WALIDATA),))
    return TransitionRule(name, by=publish.by, positions=publish.positions, holders=publish.who(), scope=publish.scope)


def _rule_of(definition: Definition, name: str) -> TransitionRule | None:
    rule = RULES.get(name)
    written = definition.transitions.get("publish" if rule is not None and rule.with_publish else name)
    return usual(definition, name) if written is None and rule is not None and rule.usual else written


def _asks_why(attempt: Attempt) -> bool:
    return attempt.rule.codes is not None and not attempt.relay and not attempt.definition.reasons_free


def _knows(definition: Definition, rule: Rule, state: str, stage: Stage | None) -> bool:
    if rule.usual:
        return True
    if rule.with_publish or rule.name == "publish":
        return definition.publishes
    if not rule.by_stage or state != "in_review":
        return rule.name in definition.transitions
    if stage is None or stage.kind not in ("report", "relay"):
        return True
    return rule.name == "pass" or (stage.relay and rule.name == "return")


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
    holders, scope = who(definition, rule, stage)
    known = case.state in rule.sources and _knows(definition, rule, case.state, stage)
    return Attempt(
        definition=definition,
        case=case,
        actor=actor,
        facts=facts,
        rule=rule,
        stage=stage,
        target=ways.target(definition, case, rule.name, stage, facts) if known else None,
        holders=holders,
        held=_held(actor, holders, scope),
        gate_reasons=gate_reasons,
        request=request,
    )


def _held(actor: Actor, holders: Sequence[Holder], scope: Scope) -> RoleHeld | None:
    """The role the person acts in: one of their own rather than one held for somebody else."""
    fitting = [
        held
        for held in actor.roles
        if reaches(scope, everywhere=held.for_all, tree=held.level == "tree")
        and any(holder.role == held.role and holder.position in (None, held.position) for holder in holders)
    ]
    return min(fitting, key=lambda held: held.deputy_of is not None, default=None)
