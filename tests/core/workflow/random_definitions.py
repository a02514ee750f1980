"""Random procedures: as the loader would make them, as YAML text, sound ones and broken ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import yaml
from hypothesis import strategies as st

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import AllOf, AnyOf, Condition, IsOneOf, IsYes, Not
from ckanext.satudata.core.workflow.definition import (
    KINDS,
    Choice,
    Definition,
    EvidenceRule,
    Form,
    Holder,
    Producer,
    Question,
    ReturnTo,
    Sla,
    Stage,
    TransitionRule,
)

ROLES = ("produsen_data", "pendukung", "walidata", "pembina_data")
PLACES = ("staf", "kasi")
FACTS = ("prioritas", "geospasial")
LABELS = st.builds(
    Text, st.sampled_from(["Periksa", "Ya", "on", "a: b", "“#1”", "no"]), st.sampled_from(["Check", "yes"])
)
TERMS = st.none() | st.builds(
    Sla, st.integers(1, 60), st.sampled_from(["menit", "jam", "jam_kerja", "hari", "hari_kerja", "minggu", "bulan"])
)
FORM = Form(
    "mutu",
    Text("Mutu", "Quality"),
    (
        Question("lengkap", Text("Lengkap", "Complete"), stop="no"),
        Question("nilai", Text("Nilai", "Value"), "number", required=False),
        Question(
            "hasil",
            Text("Hasil", "Result"),
            "choice",
            (Choice("baik", Text("Baik", "Good")), Choice("buruk", Text("Buruk", "Bad"))),
            stop="buruk",
        ),
    ),
)
GOOD_ANSWERS = {"lengkap": "ya", "hasil": "baik"}
CONDITIONS: list[Condition | None] = [
    None,
    None,
    IsYes("prioritas"),
    Not(IsYes("prioritas")),
    IsOneOf("geospasial", ("peta", True)),
    AnyOf((IsYes("prioritas"), IsOneOf("geospasial", ("peta",)))),
    AllOf((IsYes("prioritas"), Not(IsOneOf("geospasial", ("peta",))))),
]
FACT_VALUES = st.fixed_dictionaries(
    {"prioritas": st.booleans(), "geospasial": st.sampled_from(["peta", "tabel", True, None])}
)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A sound definition of one to six stages, with everything the format has."""
    stages: list[Stage] = []
    kinds = [kind for kind in KINDS if kind != "relay"]
    relays = [draw(_relay(number)) for number in range(draw(st.integers(0, 2)))]
    for number in range(draw(st.sampled_from([1, 2, 3, 3, 4, 4]))):
        stages.append(draw(_stage(number, draw(st.sampled_from(kinds)), tuple(stages), tuple(relays))))
    always = draw(st.integers(0, len(stages) - 1))
    if not any(stage.judges and not stage.optional and stage.when is None for stage in stages):
        kept = replace(stages[always], when=None, optional=False)
        stages[always] = kept if kept.judges else replace(kept, kind="review")
    used = {stage.return_to.name for stage in stages if stage.judges and stage.return_to.kind == "via"}
    seen: set[str] = set()
    for relay in relays:
        if relay.role in used and relay.role not in seen:
            stages.insert(draw(st.integers(0, len(stages))), relay)
        seen.add(relay.role)
    return _around(draw, tuple(stages))


@st.composite
def _relay(draw: st.DrawFn, number: int) -> Stage:
    return Stage(
        f"terus{number}",
        draw(LABELS),
        draw(st.sampled_from(ROLES[1:])),
        kind="relay",
        notes=False,
        sla=draw(TERMS),
        optional=draw(st.booleans()),
    )


@st.composite
def _stage(draw: st.DrawFn, number: int, kind: str, before: tuple[Stage, ...], relays: tuple[Stage, ...]) -> Stage:
    judges = kind != "report"
    evidence = draw(st.lists(st.sampled_from(["laporan", "surat"]), max_size=2, unique=True)) if judges else []
    form = draw(st.sampled_from([None, None, "mutu"])) if judges else None
    returns = [ReturnTo("produsen")]
    if judges:
        returns += [ReturnTo("previous")] if before else []
        returns += [ReturnTo("stage", other.key) for other in before]
        returns += [ReturnTo("via", other.role) for other in (*before, *relays)]
    stage = Stage(
        key=f"s{number}",
        label=draw(LABELS),
        role=draw(st.sampled_from(ROLES[1:])),
        positions=tuple(draw(st.lists(st.sampled_from(PLACES), max_size=2, unique=True))),
        kind=kind,
        scope=draw(st.sampled_from(["organization", "organization", "tree", "all"])),
        when=draw(st.sampled_from(CONDITIONS)),
        sla=draw(TERMS),
        return_to=draw(st.sampled_from(returns)),
        separation=draw(st.sampled_from([True, True, True, True, False])),
        resubmit_to=draw(st.sampled_from(["first", "here"])),
        form=form,
        notes=draw(st.booleans()),
        start_when=draw(st.sampled_from(["item_submitted", "item_submitted", "all_submitted"])),
        evidence=tuple(
            EvidenceRule(
                found, Text("Berkas", "File"), draw(st.sampled_from(["pass", "return", "any"])), draw(st.booleans())
            )
            for found in evidence
        ),
        receipt=draw(st.booleans()),
        optional=draw(st.sampled_from([False, False, True])),
    )
    if form is None and not evidence and draw(st.booleans()):
        stage = replace(stage, auto_pass_after=Sla(3, "hari_kerja"))
    return stage


def _around(draw: st.DrawFn, stages: tuple[Stage, ...]) -> Definition:
    letter = EvidenceRule("pengantar", Text("Surat", "Letter"), "any", True)
    submitters = draw(
        st.sampled_from([(Holder("produsen_data"),), (Holder("produsen_data"), Holder("pendukung", "staf"))])
    )
    transitions = {
        "submit": _rule("submit", submitters, evidence=(letter,) if draw(st.booleans()) else ()),
        "withdraw": _rule("withdraw", (Holder("produsen_data"),)),
        "reopen": _rule("reopen", (Holder("walidata"),)),
    }
    if draw(st.booleans()):
        transitions["return"] = _rule("return", (Holder("walidata"),))
    public = draw(st.booleans())
    if public:
        transitions["publish"] = _rule("publish", (Holder("walidata", "kasi"), Holder("walidata", "staf")))
    asked = any(stage.form is not None for stage in stages)
    return Definition(
        key="acak",
        title=Text("Acak", "Random"),
        roles={role: Text(role, role) for role in ROLES},
        stages=stages,
        transitions=transitions,
        purpose="publication" if public else "verification",
        positions={"kasi": Text("Subkoordinator", "Sub-coordinator")},
        producer=Producer(*(draw(TERMS) for _ in range(4))),
        forms={"mutu": FORM} if asked else {},
        reasons_free=draw(st.booleans()),
    )


def _rule(name: str, holders: tuple[Holder, ...], **values: Any) -> TransitionRule:
    named = tuple(holder.position for holder in holders if holder.position is not None)
    return TransitionRule(
        name,
        by=tuple(dict.fromkeys(holder.role for holder in holders)),
        positions=named if len(named) == len(holders) else (),
        holders=holders,
        **values,
    )


# broken ones


def _without(name: str) -> Callable[[Definition], Definition]:
    def change(definition: Definition) -> Definition:
        kept = {key: rule for key, rule in definition.transitions.items() if key != name}
        return replace(definition, transitions=kept)

    return change


def _each(**values: Any) -> Callable[[Definition], Definition]:
    def change(definition: Definition) -> Definition:
        return replace(definition, stages=tuple(replace(stage, **values) for stage in definition.stages))

    return change


def _one(number: int, **values: Any) -> Callable[[Definition], Definition]:
    def change(definition: Definition) -> Definition:
        place = number % len(definition.stages)
        stages = list(definition.stages)
        stages[place] = replace(stages[place], **values)
        return replace(definition, stages=tuple(stages))

    return change


NEVER = AllOf((IsYes("prioritas"), Not(IsYes("prioritas"))))
# What the lint can only find by looking at the whole.
WHOLE: dict[str, Callable[[Definition], Definition]] = {
    **{f"without {name}": _without(name) for name in ("submit", "withdraw", "reopen", "publish", "return")},
    "all optional": _each(optional=True),
    "all are reports": _each(kind="report"),
    "all are relays": _each(kind="relay"),
    "all never": _each(when=NEVER),
    "all sometimes": _each(when=IsYes("prioritas")),
    "one never": _one(1, when=NEVER),
    "one becomes a relay": _one(1, kind="relay"),
    "one becomes a report": _one(1, kind="report"),
    "the last one gone": lambda definition: replace(definition, stages=definition.stages[:-1]),
    "meant to be published": lambda definition: replace(definition, purpose="publication"),
    "meant to be verified only": lambda definition: replace(definition, purpose="verification"),
}
BREAKS: list[Callable[[Definition], Definition]] = [
    *(
        _one(number, **values)
        for number in range(3)
        for values in (
            {"role": "siapa"},
            {"when": NEVER},
            {"when": IsYes("prioritas")},
            {"optional": True},
            {"kind": "relay"},
            {"kind": "report"},
            {"key": "s0"},
            {"form": "entah"},
            {"return_to": ReturnTo("stage", "s3")},
            {"return_to": ReturnTo("via", "pembina_data")},
            {"return_to": ReturnTo("previous")},
        )
    ),
]


@st.composite
def broken_definitions(draw: st.DrawFn) -> Definition:
    """A definition to which up to three things were done that may have made it unsound."""
    definition = draw(definitions())
    for change in draw(st.lists(st.sampled_from([*WHOLE.values(), *BREAKS]), max_size=3)):
        definition = change(definition) if definition.stages else definition
    return definition


# as YAML


def to_yaml(definition: Definition) -> str:
    """The text a person could have written for this definition."""
    producer = definition.producer
    terms = {name: getattr(producer, name) for name in ("collect", "first", "repair", "resubmit")}
    document: dict[str, Any] = {
        "format": 1,
        "key": definition.key,
        "title": definition.title.to_dict(),
        "purpose": definition.purpose,
        "reasons": "free" if definition.reasons_free else "required",
        "roles": {key: words.to_dict() for key, words in definition.roles.items()},
        "positions": {key: words.to_dict() for key, words in definition.positions.items()},
        "producer": {name: _term(term) for name, term in terms.items() if term is not None},
        "forms": {key: _form(form) for key, form in definition.forms.items()},
        "stages": [_written(stage) for stage in definition.stages],
        "transitions": {name: _step(rule) for name, rule in definition.transitions.items()},
    }
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return cast("str", yaml.dump(document, Dumper=dumper, allow_unicode=True, sort_keys=False))


def _written(stage: Stage) -> dict[str, Any]:
    way = stage.return_to
    found: dict[str, Any] = {
        "key": stage.key,
        "label": stage.label.to_dict(),
        "kind": stage.kind,
        "role": stage.role,
        "position": list(stage.positions),
        "scope": stage.scope,
        "resubmit_to": stage.resubmit_to,
        "notes": stage.notes,
        "start_when": stage.start_when,
        "evidence": [_evidence(rule) for rule in stage.evidence],
        "receipt": stage.receipt,
        "optional": stage.optional,
        "separation": stage.separation,
    }
    if stage.judges:
        found["return_to"] = way.kind if way.name is None else f"{way.kind}:{way.name}"
    if stage.when is not None:
        found["when"] = _condition(stage.when)
    if stage.sla is not None:
        found["sla"] = _term(stage.sla)
    if stage.auto_pass_after is not None:
        found["auto_pass_after"] = _term(stage.auto_pass_after)
    if stage.form is not None:
        found["form"] = stage.form
    return found


def _step(rule: TransitionRule) -> dict[str, Any]:
    found: dict[str, Any] = {
        "by": [f"{held.role}/{held.position}" if held.position else held.role for held in rule.who()],
        "gates": list(rule.gates),
    }
    if rule.evidence:
        found["evidence"] = [
            {name: value for name, value in _evidence(one).items() if name != "on"} for one in rule.evidence
        ]
    return found


def _evidence(rule: EvidenceRule) -> dict[str, Any]:
    return {"kind": rule.kind, "label": rule.label.to_dict(), "on": rule.on, "required": rule.required}


def _form(form: Form) -> dict[str, Any]:
    return {"title": form.title.to_dict(), "questions": [_question(question) for question in form.questions]}


def _question(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": question.key,
        "label": question.label.to_dict(),
        "kind": question.kind,
        "required": question.required,
    }
    if question.choices:
        found["choices"] = [{"value": choice.value, "label": choice.label.to_dict()} for choice in question.choices]
    if question.stop is not None:
        found["stop"] = question.stop
    return found


def _term(term: Sla) -> str:
    return f"{term.value} {term.unit}"


def _condition(condition: Condition) -> Any:
    match condition:
        case IsYes(fact):
            return fact
        case IsOneOf(fact, values):
            return {"fact": fact, "in": list(values)}
        case AllOf(parts):
            return {"all": [_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_condition(part) for part in parts]}
        case Not(part):
            return {"not": _condition(part)}
