"""Out again: every procedure can take back what it has published, by the Walidata unless it says otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ckanext.satudata.core.workflow import engine, lint, loader
from ckanext.satudata.core.workflow.case import Actor, Case, Request, RoleHeld, Seen
from ckanext.satudata.core.workflow.definition import Definition, Holder
from ckanext.satudata.core.workflow.reasons import LISTS, codes_of, reason_label
from ckanext.satudata.core.workflow.states import RULES

from .conftest import WORKFLOWS, definition_of

SHIPPED = sorted(path.stem for path in WORKFLOWS.glob("*.yaml"))
PUBLISHED, ARCHIVED = Case("published", None, 1), Case("archived", None, 1)
WALIDATA = Actor("w", (RoleHeld("walidata", "staf"),))


def _decide(definition: Definition, case: Case, actor: Actor, name: str, **values: Any) -> engine.Outcome:
    seen = Seen(case.state, case.stage, case.round, "hash")
    return engine.decide(definition, case, actor, {}, Request(name, seen, "hash", **values))


def _child(body: str) -> Definition:
    return loader.load(f"format: 1\nkey: anak\nextends: perpres\n{body}\n", loader.shelf(WORKFLOWS))


@pytest.mark.parametrize("key", SHIPPED)
@pytest.mark.parametrize("role", ["produsen_data", "pembina_data", "kepala_opd"])
def test_the_walidata_and_nobody_else_takes_it_from_the_public(key: str, role: str) -> None:
    definition = definition_of(key)
    unpublish: dict[str, Any] = {"note": "Tidak dimutakhirkan lagi.", "reason_code": "usang"}
    assert _decide(definition, PUBLISHED, WALIDATA, "unpublish", **unpublish).target == engine.Target("archived")
    takedown = {"reason_code": "data_pribadi"}
    assert _decide(definition, PUBLISHED, WALIDATA, "takedown", **takedown).target == engine.Target("archived")
    other = Actor("x", (RoleHeld(role, "kepala", everywhere=True),))
    for name, values in (("unpublish", unpublish), ("takedown", takedown)):
        outcome = _decide(definition, PUBLISHED, other, name, **values)
        assert [found.code for found in outcome.reasons] == ["role_missing"]


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.usual])
@pytest.mark.parametrize("state", ["draft", "in_review", "revision", "verified", "rejected"])
def test_what_is_not_public_is_not_taken_from_the_public(perpres: Definition, name: str, state: str) -> None:
    case = Case(state, "periksa" if state == "in_review" else None, 1)
    outcome = _decide(perpres, case, WALIDATA, name, note="x", reason_code="data_pribadi")
    assert (outcome.ok, outcome.key) == (False, "reasons")


def test_a_definition_may_name_somebody_else(perpres: Definition) -> None:
    child = _child("roles: {ppid: {id: PPID, en: PPID}}\ntransitions: {takedown: {by: ppid}}")
    assert lint.lint(child) == []
    ppid = Actor("p", (RoleHeld("ppid"),))
    assert _decide(child, PUBLISHED, ppid, "takedown", reason_code="dikecualikan").ok
    assert not _decide(child, PUBLISHED, WALIDATA, "takedown", reason_code="dikecualikan").ok
    assert not _decide(perpres, PUBLISHED, ppid, "takedown", reason_code="dikecualikan").ok


def test_without_a_walidata_whoever_publishes_takes_it_back(perpres: Definition) -> None:
    roles = {key: words for key, words in perpres.roles.items() if key != "walidata"}
    definition = replace(
        perpres,
        roles=roles,
        transitions={name: rule for name, rule in perpres.transitions.items() if not RULES[name].usual},
    )
    assert engine.usual(definition, "unpublish").who() == definition.transitions["publish"].who()
    reopen = replace(definition.transitions["reopen"], by=("kabid",), holders=(Holder("kabid"),))
    verifying = replace(definition, transitions={"reopen": reopen})
    assert engine.usual(verifying, "takedown").by == ("kabid",)


def test_nothing_holds_a_takedown_up() -> None:
    child = _child("transitions: {takedown: {by: walidata, gates: [publishable]}}")
    problems = lint.lint(child)
    assert [problem.path for problem in problems] == ["transitions.takedown"]


def test_a_region_without_reasons_of_returns_still_says_why_it_withdraws(perpres: Definition) -> None:
    free = replace(perpres, reasons_free=True)
    outcome = _decide(free, PUBLISHED, WALIDATA, "unpublish", note="Keliru.")
    assert [found.code for found in outcome.reasons] == ["reason_code_missing"]


@pytest.mark.parametrize("name", ["unpublish", "takedown"])
def test_every_kind_of_reason_is_taken_and_no_other(perpres: Definition, name: str) -> None:
    for code in codes_of(name):
        assert _decide(perpres, PUBLISHED, WALIDATA, name, note="Keliru.", reason_code=code).ok
    for code in {code for known in LISTS.values() for code in known} - set(codes_of(name)):
        outcome = _decide(perpres, PUBLISHED, WALIDATA, name, note="Keliru.", reason_code=code)
        assert [found.code for found in outcome.reasons] == ["reason_code_unknown"]


def test_a_code_says_what_its_step_means_by_it() -> None:
    assert reason_label("data_pribadi", "takedown").id == "Pelindungan data pribadi"
    assert reason_label("data_pribadi", "return").id == "Memuat data pribadi atau dikecualikan"
    assert reason_label("usang").id == "Tidak dimutakhirkan lagi"


def test_what_was_withdrawn_can_be_taken_down_and_reopened(perpres: Definition) -> None:
    options = {one.transition: one for one in engine.available(perpres, ARCHIVED, WALIDATA, {}, {})}
    assert {name: one.open for name, one in options.items()} == {"reopen": True, "takedown": True}
    assert not options["takedown"].needs_note
    assert options["takedown"].needs_reason_code
    assert _decide(perpres, ARCHIVED, WALIDATA, "reopen").target == engine.Target("draft")
