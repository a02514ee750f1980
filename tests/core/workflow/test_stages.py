"""Stages of all kinds: where their steps lead, what is remembered, what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ckanext.satudata.core.workflow import engine, history, loader
from ckanext.satudata.core.workflow.case import Actor, Case, Decided, Request, RoleHeld, Seen
from ckanext.satudata.core.workflow.definition import Definition, Holder

DEFINITION = """
format: 1
key: uji
title: {id: Uji, en: Test}
roles:
  produsen_data: {id: OPD, en: Office}
  pendukung: {id: Pendukung, en: Support}
  walidata: {id: Walidata, en: Walidata}
  kepala_opd: {id: Kepala OPD, en: Head}
stages:
  - {key: awal, label: {id: Awal, en: First}, role: pendukung, kind: completeness, optional: true}
  - {key: terus, label: {id: Terus, en: On}, role: pendukung, kind: relay}
  - {key: prioritas, label: {id: Prioritas, en: Priority}, role: walidata, when: data_prioritas}
  - {key: periksa, label: {id: Periksa, en: Check}, role: walidata, position: staf, return_to: via:pendukung}
  - {key: mutu, label: {id: Mutu, en: Quality}, role: walidata, position: kasi, return_to: via:pendukung,
     resubmit_to: here}
  - {key: sah, label: {id: Sah, en: Sign}, role: kepala_opd, kind: sign_off, return_to: stage:periksa}
  - {key: lapor, label: {id: Lapor, en: Report}, role: walidata, position: kepala, kind: report}
transitions:
  submit: {by: [produsen_data, pendukung]}
  withdraw: {by: produsen_data}
  return: {by: walidata}
  reopen: {by: walidata}
  publish: {by: [walidata/kasi, pendukung]}
"""
ALL = Actor(
    "semua",
    tuple(RoleHeld(role, position) for role in ("produsen_data", "pendukung", "walidata", "kepala_opd")
          for position in (None, "staf", "kasi", "kepala")),
)  # fmt: skip
PRIORITY = {"data_prioritas": True}


@pytest.fixture
def definition() -> Definition:
    return loader.load(DEFINITION)


class Walk:
    """A case that different people move, each step by somebody new, as the portal would keep it."""

    def __init__(self, definition: Definition, facts: dict[str, Any] | None = None, **case: Any) -> None:
        self.definition, self.facts = definition, facts or {}
        self.case = Case("draft", **case)
        self.past: list[history.Past] = []

    def __call__(self, *names: str) -> str:
        """Take these steps; where the case stands then."""
        for name in names:
            actor = replace(ALL, id=f"orang {len(self.past)}")
            outcome = engine.decide(self.definition, self.case, actor, self.facts, _request(self.case, name))
            assert outcome.ok, (name, outcome.reasons)
            step = history.past(outcome, actor.id)
            self.past.append(step)
            self.case = history.moved(self.definition, self.case, step)
        return f"{self.case.state}/{self.case.stage}" if self.case.stage else self.case.state


def _request(case: Case, name: str, **values: Any) -> Request:
    seen = Seen(case.state, case.stage, case.round, "hash")
    note = {"note": "Catatan.", "reason_code": "metadata"} if name in ("return", "reject") else {}
    return Request(name, seen, "hash", **{**note, **values})


def test_the_way_forward_leaves_relays_out(definition: Definition) -> None:
    walk = Walk(definition)
    assert walk("submit") == "in_review/awal"
    assert [walk("pass") for _ in range(5)] == [
        "in_review/periksa",
        "in_review/mutu",
        "in_review/sah",
        "in_review/lapor",
        "verified",
    ]


def test_an_optional_stage_is_left_out_when_nobody_can_act_in_it(definition: Definition) -> None:
    assert Walk(definition, unstaffed=frozenset({"awal"}))("submit") == "in_review/periksa"


def test_a_stage_that_is_not_optional_waits_for_somebody(definition: Definition) -> None:
    walk = Walk(definition, unstaffed=frozenset({"awal", "mutu"}))
    assert walk("submit", "pass") == "in_review/mutu"


def test_an_optional_stage_left_out_stays_left_out_in_that_round(definition: Definition) -> None:
    walk = Walk(definition, unstaffed=frozenset({"awal"}))
    walk("submit")
    walk.case = replace(walk.case, unstaffed=frozenset())
    assert walk("pass") == "in_review/mutu"


def test_a_relay_hands_a_return_on_to_the_producer(definition: Definition) -> None:
    walk = Walk(definition)
    assert walk("submit", "pass", "return") == "in_review/terus"
    assert walk.case.returned_from == "periksa"
    assert walk("return") == "revision/periksa"


def test_a_relay_sends_back_to_whoever_sent(definition: Definition) -> None:
    walk = Walk(definition)
    assert walk("submit", "pass", "pass", "return") == "in_review/terus"
    assert walk("pass") == "in_review/mutu"
    assert walk.case.returned_from is None
    assert walk("pass") == "in_review/sah"


def test_without_a_relay_the_nearest_earlier_stage_of_the_role_takes_the_return() -> None:
    plain = loader.load(DEFINITION.replace("kind: relay", "kind: review"))
    walk = Walk(plain)
    assert walk("submit", "pass", "pass", "return") == "in_review/terus"
    assert walk.case.returned_from == "periksa"


def test_an_optional_relay_of_nobody_is_left_out() -> None:
    definition = loader.load(DEFINITION.replace("kind: relay", "kind: relay, optional: true"))
    unstaffed = frozenset({"awal", "terus"})
    assert Walk(definition, unstaffed=unstaffed)("submit", "return") == "revision/periksa"


def test_resubmitted_to_where_it_was_returned(definition: Definition) -> None:
    """Penjaminan kualitas, Way Kanan i-16: what was passed before is not passed again."""
    walk = Walk(definition)
    assert walk("submit", "pass", "pass", "return", "return") == "revision/mutu"
    assert walk("submit") == "in_review/mutu"
    assert (walk.case.round, walk.case.carried) == (2, {"awal", "periksa"})
    assert walk("return", "return", "submit") == "in_review/mutu"
    assert walk.case.carried == {"awal", "periksa"}
    assert walk("pass") == "in_review/sah"


def test_resubmitted_to_the_first_stage(definition: Definition) -> None:
    walk = Walk(definition)
    assert walk("submit", "pass", "return", "return") == "revision/periksa"
    assert walk("submit") == "in_review/awal"
    assert walk.case.carried == frozenset()


def test_a_stage_that_became_due_meanwhile_comes_before_the_one_that_returned(definition: Definition) -> None:
    walk = Walk(definition)
    walk("submit", "pass", "pass", "return", "return")
    walk.facts = PRIORITY
    assert walk("submit") == "in_review/prioritas"
    assert walk("pass") == "in_review/periksa"


def test_a_stage_that_became_due_during_the_review_is_not_skipped(definition: Definition) -> None:
    walk = Walk(definition)
    walk("submit", "pass", "pass")
    walk.facts = PRIORITY
    assert walk("pass") == "in_review/prioritas"


def test_what_was_passed_before_a_new_start_counts_no_more(definition: Definition) -> None:
    """Also when the stage did not apply at the moment of the new start."""
    walk = Walk(definition, PRIORITY, unstaffed=frozenset({"awal"}))
    assert walk("submit", "pass") == "in_review/periksa"
    walk("return", "return")
    walk.facts = {}
    assert walk("submit") == "in_review/periksa"
    assert walk.case.carried == frozenset()
    walk.facts = PRIORITY
    assert walk("pass") == "in_review/prioritas"


def test_taken_back_after_coming_back_it_starts_again(definition: Definition) -> None:
    walk = Walk(definition)
    walk("submit", "pass", "pass", "return", "return", "submit")
    assert walk("withdraw", "submit") == "in_review/awal"


def test_a_return_to_a_named_stage_goes_through_all_behind_it_again(definition: Definition) -> None:
    walk = Walk(definition)
    assert walk("submit", "pass", "pass", "pass", "return") == "in_review/periksa"
    assert walk("pass") == "in_review/mutu"


def test_the_history_replays_to_the_present(definition: Definition) -> None:
    walk = Walk(definition)
    for name in ["submit", "pass", "pass", "return", "return", "submit", "return", "pass", "pass", "return", "pass"]:
        walk(name)
        assert history.replay(definition, walk.past) == walk.case


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("lapor", {"withdraw": "Tarik kembali", "pass": "Sudah dibaca"}),
        ("terus", {"withdraw": "Tarik kembali", "pass": "Kirim balik", "return": "Teruskan ke Produsen Data"}),
        (
            "sah",
            {"withdraw": "Tarik kembali", "pass": "Sahkan", "return": "Kembalikan dengan catatan", "reject": "Tolak"},
        ),
    ],
)
def test_steps_and_words_of_a_special_stage(definition: Definition, stage: str, expected: dict[str, str]) -> None:
    case = Case("in_review", stage, 1, returned_from="mutu")
    options = engine.available(definition, case, ALL, {}, {})
    assert {option.transition: option.label.id for option in options} == expected
    assert [rule.name for rule in engine.steps(definition, "in_review", stage)] == list(expected)


def test_a_report_cannot_be_rejected_even_if_somebody_asks(definition: Definition) -> None:
    case = Case("in_review", "lapor", 1)
    outcome = engine.decide(definition, case, ALL, {}, _request(case, "reject"))
    assert [found.code for found in outcome.reasons] == ["wrong_state"]


def test_handing_on_needs_no_note_no_reason_code_and_no_other_person(definition: Definition) -> None:
    """It is no judgement: who submitted, or took a level, may hand on."""
    decided = (Decided("semua", "periksa", "return"),)
    case = Case("in_review", "terus", 1, frozenset({"semua"}), decided, returned_from="periksa")
    options = {option.transition: option for option in engine.available(definition, case, ALL, {}, {})}
    assert not options["return"].needs_note
    assert not options["return"].needs_reason_code
    assert engine.decide(definition, case, ALL, {}, _request(case, "return", note="", reason_code="")).ok


def test_having_read_a_report_takes_no_level(definition: Definition) -> None:
    case = Case("in_review", "lapor", 1, frozenset({"semua"}), (Decided("semua", "periksa", "pass"),))
    assert engine.decide(definition, case, ALL, {}, _request(case, "pass")).ok


def test_whose_turn_it_is(definition: Definition) -> None:
    assert engine.waiting_roles(definition, "in_review", "mutu") == (Holder("walidata", "kasi"),)
    assert engine.turn_positions(definition, "in_review", "mutu") == ("kasi",)
    assert engine.turn(definition, "verified", None) == "walidata"
    assert engine.waiting_roles(definition, "verified", None) == (Holder("walidata", "kasi"), Holder("pendukung"))
    assert engine.turn(definition, "revision", "mutu") == "produsen_data"
    assert engine.turn_positions(definition, "revision", "mutu") == ()
    assert engine.turn(definition, "published", None) is None


def test_what_is_only_verified_ends_there() -> None:
    source = DEFINITION.replace("  publish: {by: [walidata/kasi, pendukung]}\n", "").replace(
        "roles:", "purpose: verification\nroles:", 1
    )
    definition = loader.load(source)
    assert engine.turn(definition, "verified", None) is None
    assert [rule.name for rule in engine.steps(definition, "verified")] == ["return"]


@pytest.mark.parametrize(
    ("scope", "held", "expected"),
    [
        ("organization", RoleHeld("walidata"), True),
        ("organization", RoleHeld("walidata", level="tree"), False),
        ("organization", RoleHeld("walidata", level="all"), True),
        ("tree", RoleHeld("walidata"), True),
        ("tree", RoleHeld("walidata", level="tree"), True),
        ("tree", RoleHeld("walidata", everywhere=True), True),
        ("all", RoleHeld("walidata"), False),
        ("all", RoleHeld("walidata", level="tree"), False),
        ("all", RoleHeld("walidata", level="all"), True),
    ],
)
def test_how_far_a_grant_reaches(scope: str, held: RoleHeld, expected: bool) -> None:
    source = DEFINITION.replace("when: data_prioritas}", f"scope: {scope}}}")
    case = Case("in_review", "prioritas", 1)
    options = engine.available(loader.load(source), case, Actor("a", (held,)), {}, {})
    assert next(option.open for option in options if option.transition == "pass") is expected
    tree, everywhere = held.level == "tree", held.for_all
    steps = loader.load(source).steps_for("walidata", None, everywhere, tree)
    assert (("in_review", "prioritas") in steps) is expected
