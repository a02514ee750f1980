"""The engine's rules, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.core.workflow import engine, loader
from ckanext.satudata.core.workflow.case import Actor, Case, Decided, Request, RoleHeld, Seen
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import RULES, STATES

from .conftest import PEOPLE

REVIEW = Case("in_review", "periksa", 1, frozenset({"operator"}))
GATE = reason("licence_missing", Text("Lisensi belum diisi.", "No licence."), field="license_id")


def _request(case: Case, transition: str, **values: Any) -> Request:
    seen = values.pop("seen", Seen(case.state, case.stage, case.round, "hash"))
    return Request(transition, seen, values.pop("content_hash", "hash"), **values)


def _options(definition: Definition, case: Case, who: str, **gates: Any) -> dict[str, engine.Option]:
    found = engine.available(definition, case, PEOPLE[who], {}, gates)
    return {option.transition: option for option in found}


def test_every_option_is_listed_with_why_it_is_closed(perpres: Definition) -> None:
    options = _options(perpres, REVIEW, "operator")
    assert {name: option.open for name, option in options.items()} == {
        "withdraw": True,
        "pass": False,
        "return": False,
        "reject": False,
    }
    assert [found.code for found in options["pass"].reasons] == ["role_missing", "own_work"]
    assert options["pass"].reasons[0].render("id") == "Langkah ini dilakukan oleh Walidata."


def test_all_gate_reasons_come_at_once(perpres: Definition) -> None:
    options = _options(perpres, Case("draft"), "operator", submit=[GATE, GATE])
    assert not options["submit"].open
    assert options["submit"].reasons == (GATE, GATE)


def test_a_sysadmin_overrides_rules_about_persons_but_no_gate(perpres: Definition) -> None:
    free = _options(perpres, Case("draft"), "admin")["submit"]
    assert free.open
    assert free.override
    gated = _options(perpres, Case("draft"), "admin", submit=[GATE])["submit"]
    assert not gated.open
    outcome = engine.decide(
        perpres, Case("draft"), PEOPLE["admin"], {}, _request(Case("draft"), "submit", reason="Mendesak"), [GATE]
    )
    assert not outcome.ok
    assert outcome.key == "reasons"


def test_a_published_dataset_can_only_be_taken_from_the_public(perpres: Definition) -> None:
    assert list(_options(perpres, Case("published", None, 1), "walidata")) == ["unpublish", "takedown"]


@pytest.mark.parametrize(
    "seen",
    [
        Seen("verified", None, 1, "hash"),
        Seen("in_review", "pembina", 1, "hash"),
        Seen("in_review", "periksa", 2, "hash"),
        Seen("in_review", "periksa", 1, "another"),
    ],
)
def test_a_stale_decision_is_a_conflict(perpres: Definition, seen: Seen) -> None:
    outcome = engine.decide(perpres, REVIEW, PEOPLE["walidata"], {}, _request(REVIEW, "pass", seen=seen))
    assert (outcome.ok, outcome.key) == (False, "conflict")


def test_an_unknown_step_is_refused(perpres: Definition) -> None:
    outcome = engine.decide(perpres, REVIEW, PEOPLE["admin"], {}, _request(REVIEW, "hapus", reason="x"))
    assert (outcome.ok, outcome.key) == (False, "transition")


def test_a_blank_note_is_no_note(perpres: Definition) -> None:
    outcome = engine.decide(perpres, REVIEW, PEOPLE["walidata"], {}, _request(REVIEW, "return", note=" \n "))
    assert (outcome.ok, outcome.key) == (False, "note")


def test_the_same_person_may_decide_again_at_the_same_level(perpres: Definition) -> None:
    case = Case("in_review", "periksa", 1, decided=(Decided("walidata", "periksa", "pass"),))
    assert engine.decide(perpres, case, PEOPLE["walidata"], {}, _request(case, "pass")).ok


def test_a_stage_that_no_longer_exists_offers_nothing(perpres: Definition) -> None:
    case = Case("in_review", "tahap_lama", 1)
    outcome = engine.decide(perpres, case, PEOPLE["walidata"], {}, _request(case, "pass"))
    assert not outcome.ok


POSITIONS = """
format: 1
key: berjenjang
title: {id: Berjenjang, en: Levels}
roles: {produsen_data: {id: OPD, en: Office}, walidata: {id: Walidata, en: Walidata}}
stages:
  - {key: satu, label: {id: Satu, en: One}, role: walidata, position: [staf, kasi]}
  - {key: dua, label: {id: Dua, en: Two}, role: walidata, position: kabid, return_to: "stage:satu"}
  - {key: tiga, label: {id: Tiga, en: Three}, role: walidata, position: kepala, return_to: previous, scope: all}
transitions:
  submit: {by: produsen_data}
  withdraw: {by: produsen_data}
  reopen: {by: walidata}
  publish: {by: walidata, position: kasi}
"""


@pytest.mark.parametrize(
    ("stage", "held", "expected"),
    [
        ("satu", RoleHeld("walidata", "staf"), True),
        ("satu", RoleHeld("walidata", "kabid"), False),
        ("satu", RoleHeld("walidata"), False),
        ("tiga", RoleHeld("walidata", "kepala"), False),
        ("tiga", RoleHeld("walidata", "kepala", everywhere=True), True),
    ],
)
def test_position_and_scope_of_a_stage(stage: str, held: RoleHeld, expected: bool) -> None:
    definition = loader.load(POSITIONS)
    options = engine.available(definition, Case("in_review", stage, 1), Actor("a", (held,)), {}, {})
    assert next(option for option in options if option.transition == "pass").open is expected


@pytest.mark.parametrize(
    ("stage", "target"),
    [("satu", ("revision", "satu")), ("dua", ("in_review", "satu")), ("tiga", ("in_review", "dua"))],
)
def test_a_return_goes_where_the_stage_says(stage: str, target: tuple[str, str]) -> None:
    definition = loader.load(POSITIONS)
    options = engine.available(definition, Case("in_review", stage, 1), PEOPLE["walidata"], {}, {})
    found = next(option for option in options if option.transition == "return").target
    assert found is not None
    assert (found.state, found.stage) == target


def test_without_publishing_verified_is_the_end() -> None:
    definition = loader.load(POSITIONS.replace("publish: {by: walidata, position: kasi}", "return: {by: walidata}"))
    assert [rule.name for rule in engine.steps(definition, "verified")] == ["return"]
    assert engine.turn(definition, "verified", None) is None


def test_every_rule_leads_out_of_known_states() -> None:
    for rule in RULES.values():
        assert rule.sources <= set(STATES)
