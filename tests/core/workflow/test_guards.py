"""Each guard, one by one: when it speaks, when it is silent, and who may go past it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine, guards, loader
from ckanext.satudata.core.workflow.case import Actor, Case, Decided, OpenNote, Request, RoleHeld, Seen
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.reasons import REASON_CODES

SOURCE = """
format: 1
key: uji
title: {id: Uji, en: Test}
roles: {produsen_data: {id: OPD, en: Office}, walidata: {id: Walidata, en: Walidata}}
forms:
  qa:
    title: {id: Mutu, en: Quality}
    questions:
      - {key: lengkap, label: {id: "Lengkap?", en: "Complete?"}, stop: no}
      - {key: isi, label: {id: Keterisian, en: Filled}, kind: number, required: false}
      - key: mutu
        label: {id: Mutu, en: Quality}
        kind: choice
        choices: [{value: baik, label: {id: Baik, en: Good}}, {value: buruk, label: {id: Buruk, en: Bad}}]
        stop: buruk
stages:
  - key: periksa
    label: {id: Periksa, en: Check}
    role: walidata
    position: [staf, kasi]
    evidence:
      - {kind: laporan, label: {id: laporan pemeriksaan, en: report}}
      - {kind: daftar, label: {id: daftar kekurangan, en: list}, on: return}
      - {kind: foto, label: {id: foto, en: photo}, on: any, required: false}
  - {key: mutu, label: {id: Mutu, en: Quality}, role: walidata, position: kasi, form: qa}
  - {key: kumpul, label: {id: Kumpul, en: Batch}, role: walidata, batch: per_campaign, start_when: all_submitted}
  - {key: sendiri, label: {id: Sendiri, en: Itself}, role: walidata, auto_pass_after: 3 hari_kerja}
transitions:
  submit: {by: produsen_data, evidence: [{kind: surat, label: {id: surat pengantar, en: cover letter}}]}
  withdraw: {by: produsen_data}
  return: {by: walidata}
  reopen: {by: walidata}
  publish: {by: walidata, gates: [publishable], evidence: [{kind: nota, label: {id: nota dinas, en: memo}}]}
"""
STAFF = Actor("staf", (RoleHeld("walidata", "staf"),))
CHIEF = Actor("kasi", (RoleHeld("walidata", "kasi"),))
ADMIN = Actor("admin", sysadmin=True)
CLOCK = Actor("jam", clock=True)
NOW = datetime(2026, 10, 8, 3, tzinfo=UTC)
RETURN = {"note": "Catatan.", "reason_code": "metadata", "evidence": frozenset({"daftar"})}
ANSWERS = {"lengkap": "ya", "mutu": "baik"}


@pytest.fixture
def definition() -> Definition:
    return loader.load(SOURCE)


def _at(stage: str, **values: Any) -> Case:
    passed = {"periksa", "mutu", "kumpul"} - {stage}
    return Case("in_review", stage, 1, frozenset({"operator"}), carried=frozenset(passed), **values)


def _decide(definition: Definition, case: Case, actor: Actor, name: str, **values: Any) -> engine.Outcome:
    seen = Seen(case.state, case.stage, case.round, "hash")
    return engine.decide(definition, case, actor, {}, Request(name, seen, "hash", **values))


def _codes(outcome: engine.Outcome) -> tuple[str | None, list[str]]:
    return outcome.key, [found.code for found in outcome.reasons]


def _open(definition: Definition, case: Case, actor: Actor, name: str) -> bool:
    options = engine.available(definition, case, actor, {}, {})
    return next(option.open for option in options if option.transition == name)


# reason codes


def test_a_return_says_of_which_kind_the_trouble_is(definition: Definition) -> None:
    outcome = _decide(definition, _at("periksa"), STAFF, "return", **{**RETURN, "reason_code": " "})
    assert _codes(outcome) == ("reason_code", ["reason_code_missing"])
    assert _decide(definition, _at("periksa"), STAFF, "return", **RETURN).ok


@pytest.mark.parametrize("free", [True, False])
def test_a_reason_code_nobody_knows_is_refused(definition: Definition, free: bool) -> None:
    definition = replace(definition, reasons_free=free)
    outcome = _decide(definition, _at("periksa"), STAFF, "return", **{**RETURN, "reason_code": "malas"})
    assert _codes(outcome) == ("reason_code", ["reason_code_unknown"])


def test_a_region_can_do_without_reason_codes(definition: Definition) -> None:
    free = replace(definition, reasons_free=True)
    assert _decide(free, _at("periksa"), STAFF, "return", **{**RETURN, "reason_code": ""}).ok


@pytest.mark.parametrize("code", REASON_CODES)
def test_every_reason_code_is_taken(definition: Definition, code: str) -> None:
    assert _decide(definition, _at("periksa"), STAFF, "reject", note="Catatan.", reason_code=code).ok


def test_passing_needs_no_reason_code(definition: Definition) -> None:
    assert _decide(definition, _at("periksa"), STAFF, "pass", evidence=frozenset({"laporan"})).ok


# evidence


def test_a_decision_needs_its_document(definition: Definition) -> None:
    outcome = _decide(definition, _at("periksa"), STAFF, "pass", evidence=frozenset({"foto"}))
    assert _codes(outcome) == ("evidence", ["evidence_missing"])
    assert outcome.reasons[0].render("id") == "Lampirkan laporan pemeriksaan."


def test_each_decision_has_documents_of_its_own(definition: Definition) -> None:
    options = {option.transition: option for option in engine.available(definition, _at("periksa"), STAFF, {}, {})}
    assert [rule.kind for rule in options["pass"].evidence] == ["laporan", "foto"]
    assert [rule.kind for rule in options["return"].evidence] == ["daftar", "foto"]
    assert [rule.kind for rule in options["reject"].evidence] == ["foto"]


@pytest.mark.parametrize(("kinds", "ok"), [((), False), (("surat",), True)])
def test_a_submission_can_need_a_document(definition: Definition, kinds: tuple[str, ...], ok: bool) -> None:
    operator = Actor("operator", (RoleHeld("produsen_data"),))
    assert _decide(definition, Case("draft"), operator, "submit", evidence=frozenset(kinds)).ok is ok


def test_publishing_can_need_a_document_and_a_scheduled_one_showed_it_before(definition: Definition) -> None:
    case = Case("verified", None, 1)
    later = NOW + timedelta(days=1)
    assert _codes(_decide(definition, case, CHIEF, "publish")) == ("evidence", ["evidence_missing"])
    assert _codes(_decide(definition, case, CHIEF, "schedule", at=later)) == ("evidence", ["evidence_missing"])
    assert _decide(definition, case, CHIEF, "schedule", at=later, evidence=frozenset({"nota"})).ok
    assert _decide(definition, replace(case, scheduled=True), CLOCK, "publish").ok


# forms


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, ["unanswered", "unanswered"]),
        ({"lengkap": "", "mutu": None}, ["unanswered", "unanswered"]),
        ({"lengkap": True, "mutu": "baik"}, []),
        ({"lengkap": False, "mutu": "baik"}, ["answer_stops"]),
        ({"lengkap": "Tidak", "mutu": "baik"}, ["answer_stops"]),
        ({"lengkap": "ya", "mutu": "buruk"}, ["answer_stops"]),
        ({"lengkap": "mungkin", "mutu": "sedang"}, ["answer_unreadable", "answer_unreadable"]),
        ({**ANSWERS, "isi": "98,5"}, []),
        ({**ANSWERS, "isi": 0}, []),
        ({**ANSWERS, "isi": "banyak"}, ["answer_unreadable"]),
        ({**ANSWERS, "isi": True}, ["answer_unreadable"]),
        ({**ANSWERS, "isi": "nan"}, ["answer_unreadable"]),
        ({**ANSWERS, "lain": "x"}, ["question_unknown"]),
        ({**ANSWERS, "mutu": ["baik"]}, ["answer_unreadable"]),
    ],
)
def test_the_form_of_a_stage(definition: Definition, form: dict[str, Any], expected: list[str]) -> None:
    outcome = _decide(definition, _at("mutu"), CHIEF, "pass", form=form)
    assert _codes(outcome) == ("form" if expected else None, expected)


def test_a_form_need_not_be_answered_to_return(definition: Definition) -> None:
    assert _decide(definition, _at("mutu"), CHIEF, "return", **RETURN).ok


def test_a_stopping_answer_is_told_with_its_words(definition: Definition) -> None:
    outcome = _decide(definition, _at("mutu"), CHIEF, "pass", form={"lengkap": "no", "mutu": "buruk"})
    assert outcome.reasons[0].render("id").startswith("Belum bisa disetujui: “Lengkap?” dijawab “Tidak”.")
    assert [found.field for found in outcome.reasons] == ["lengkap", "mutu"]


# notes of earlier rounds


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        ("open", True),
        ("explained", True),
        ("not_mended", True),
        ("mended", False),
        ("accepted", False),
        ("removed", False),
    ],
)
def test_a_note_of_an_earlier_round_is_settled_first(definition: Definition, state: str, closed: bool) -> None:
    case = _at("sendiri", open_notes=(OpenNote("n1", Text("Satuan", "Unit"), state),))
    assert _open(definition, case, STAFF, "pass") is not closed
    assert _open(definition, case, STAFF, "return")
    assert _open(definition, case, ADMIN, "pass") is not closed, "nobody goes past it"


def test_an_open_note_is_named(definition: Definition) -> None:
    case = _at("sendiri", open_notes=(OpenNote("n1", Text("Satuan", "Unit")),))
    reasons = _decide(definition, case, STAFF, "pass").reasons
    assert reasons[0].render("id").startswith("Belum bisa disetujui: catatan pada “Satuan” belum diputuskan.")


# claims, batches


def test_what_somebody_else_has_taken_on_is_closed_but_for_an_administrator(definition: Definition) -> None:
    case = _at("sendiri", holder="kasi")
    assert not _open(definition, case, STAFF, "pass")
    assert _open(definition, case, CHIEF, "pass")
    assert _open(definition, case, ADMIN, "pass")
    assert _codes(_decide(definition, case, ADMIN, "pass")) == (
        "reason",
        ["reason_missing", "role_missing", "held_by_other"],
    )
    assert _decide(definition, case, CLOCK, "pass").ok


@pytest.mark.parametrize("name", ["pass", "return", "reject"])
def test_a_batch_waits_for_its_last_one(definition: Definition, name: str) -> None:
    assert not _open(definition, _at("kumpul", waiting_for_batch=True), STAFF, name)
    assert not _open(definition, _at("kumpul", waiting_for_batch=True), ADMIN, name)
    assert _open(definition, _at("kumpul"), STAFF, name)
    assert _open(definition, _at("sendiri", waiting_for_batch=True), STAFF, name)


def test_the_producer_may_still_take_back_while_the_batch_waits(definition: Definition) -> None:
    operator = Actor("operator", (RoleHeld("produsen_data"),))
    assert _open(definition, _at("kumpul", waiting_for_batch=True), operator, "withdraw")


# scheduled releases


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, "moment_missing"),
        (NOW, "moment_over"),
        (NOW - timedelta(days=1), "moment_over"),
        (NOW + timedelta(1), None),
    ],
)
def test_a_release_is_scheduled_for_a_moment_to_come(
    definition: Definition, at: datetime | None, expected: str | None
) -> None:
    case = Case("verified", None, 1)
    outcome = _decide(definition, case, CHIEF, "schedule", at=at, now=NOW, evidence=frozenset({"nota"}))
    assert _codes(outcome) == (("at", [expected]) if expected else (None, []))


def test_a_release_is_scheduled_by_whoever_publishes_behind_the_same_gates(definition: Definition) -> None:
    case = Case("verified", None, 1)
    assert engine.gates_of(definition, "schedule") == ("publishable",)
    assert not _open(definition, case, Actor("operator", (RoleHeld("produsen_data"),)), "schedule")
    assert not _open(definition, replace(case, authors=frozenset({"kasi"})), CHIEF, "schedule")


def test_only_what_is_scheduled_can_be_unscheduled(definition: Definition) -> None:
    case = Case("verified", None, 1)
    assert not _open(definition, case, CHIEF, "unschedule")
    assert _open(definition, replace(case, scheduled=True), CHIEF, "unschedule")


# the clock


@pytest.mark.parametrize(
    ("case", "name", "ok"),
    [
        (_at("sendiri"), "pass", True),
        (_at("sendiri"), "return", False),
        (_at("kumpul"), "pass", False),
        (Case("verified", None, 1), "publish", False),
        (Case("verified", None, 1, scheduled=True), "publish", True),
        (Case("draft"), "submit", False),
    ],
)
def test_what_the_clock_may_do(definition: Definition, case: Case, name: str, ok: bool) -> None:
    outcome = _decide(definition, case, CLOCK, name, note="x", reason_code="lainnya", reason="x")
    assert (outcome.ok, outcome.automatic) == (ok, ok)


def test_the_clock_takes_no_persons_level(definition: Definition) -> None:
    case = _at("sendiri", decided=(Decided("jam", "periksa", "pass"),))
    assert _decide(definition, case, CLOCK, "pass").ok


# deputies


def test_a_deputy_acts_in_the_role_and_it_is_said_for_whom(definition: Definition) -> None:
    deputy = Actor("plt", (RoleHeld("walidata", "kasi", deputy_of="kasi"),))
    outcome = _decide(definition, _at("mutu"), deputy, "pass", form=ANSWERS)
    assert (outcome.ok, outcome.position, outcome.deputy_of) == (True, "kasi", "kasi")


def test_who_holds_the_role_acts_in_it_and_not_as_a_deputy(definition: Definition) -> None:
    both = Actor("staf", (RoleHeld("walidata", "kasi", deputy_of="kasi"), RoleHeld("walidata", "staf")))
    assert _decide(definition, _at("periksa"), both, "pass", evidence=frozenset({"laporan"})).deputy_of is None


def test_a_deputy_does_not_decide_on_their_own_work(definition: Definition) -> None:
    deputy = Actor("operator", (RoleHeld("walidata", "kasi", deputy_of="kasi"),))
    assert _codes(_decide(definition, _at("mutu"), deputy, "pass", form=ANSWERS)) == ("reasons", ["own_work"])


def test_a_deputy_decides_where_the_principal_took_another_level(definition: Definition) -> None:
    """Separation counts the person who acts."""
    deputy = Actor("plt", (RoleHeld("walidata", "kasi", deputy_of="kasi"),))
    case = _at("mutu", decided=(Decided("kasi", "periksa", "pass"),))
    assert _decide(definition, case, deputy, "pass", form=ANSWERS).ok
    case = _at("mutu", decided=(Decided("plt", "periksa", "pass"),))
    assert not _decide(definition, case, deputy, "pass", form=ANSWERS).ok


# decisions made on paper, and all that is missing


@pytest.mark.parametrize(
    ("day", "ok"), [(date(2026, 10, 7), True), (date(2026, 10, 8), True), (date(2026, 10, 9), False)]
)
def test_a_decision_on_paper_was_made_before_it_is_entered(definition: Definition, day: date, ok: bool) -> None:
    today = date(2026, 10, 8)
    assert _decide(definition, _at("sendiri"), STAFF, "pass", happened=day, today=today).ok is ok


def test_all_that_is_missing_is_told_at_once(definition: Definition) -> None:
    outcome = _decide(definition, _at("periksa"), ADMIN, "return")
    assert (outcome.key, [found.code for found in outcome.reasons]) == ("note", ["note_missing"])
    assert {key: [found.code for found in reasons] for key, reasons in outcome.missing.items()} == {
        "note": ["note_missing"],
        "reason_code": ["reason_code_missing"],
        "evidence": ["evidence_missing"],
        "reason": ["reason_missing", "role_missing"],
    }


def test_positions_are_told_in_the_words_of_the_region(definition: Definition) -> None:
    outcome = _decide(definition, _at("periksa"), Actor("orang"), "pass")
    assert outcome.reasons[0].render("id") == "Langkah ini dilakukan oleh Walidata (Staf / Kepala Seksi)."


@pytest.mark.parametrize("guard", guards.ALL, ids=lambda guard: guard.name)
def test_every_guard_is_explained_to_the_user(guard: guards.Guard) -> None:
    from importlib import import_module

    words = import_module(f"{guards.__name__}.{guard.name}").__doc__ or ""
    assert len(words.splitlines()[0]) > 20
    assert guard.key == "reasons" or guard.key == "conflict" or guard.key in engine.ASKED
