"""Every journey of ``journeys/*.yaml`` goes as written; a domain expert can add one without Python.

A file belongs to the definition of the same name. At its top:

``calendar``   as in the portal's calendar, with ``timezone``
``frequency``  of the data, for terms that follow it
``people``     name: role, or role/position; ``@all`` for a grant for all organizations; a list for several
``rows``       which rows of ``sop_rows.yaml`` are ``covered`` (row: name of the journey that walks it),
               ``out_of_reach`` (row: why) or wait for a ``later`` room (row: room)

A journey has a ``name``, ``facts``, ``unstaffed`` stages, a ``start`` (when the draft is made), its ``due`` date then,
and ``steps``. A step names the ``row`` it walks and the moment (``at``). It says

* ``who`` does what (``does``), with which ``note``, reason ``code``, ``reason`` of an administrator, ``evidence``,
  answers to the ``form``, moment of ``release``; which gates are ``closed``; on which fields carried-over ``notes`` are
  still open; and what comes of it: ``to`` (state, or state/stage), ``round`` and ``override``, or ``refused`` (codes of
  the reasons);
* or ``edits`` (makes an author), ``answers`` (fills in a part of the form, for the next ``pass``), ``open`` (the steps
  this person has now), ``batch`` (``waiting`` or ``complete``), ``confirms`` (the producer read what was decided at
  that stage);
* and how it stands then: ``due`` (a date, a moment, a term such as ``5 hari``, or ``none``), ``reminded`` (days when
  an earlier term ends), ``turn``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from ckanext.satudata.core.calendar import Calendar, calendar_from
from ckanext.satudata.core.text import Reason, Text
from ckanext.satudata.core.workflow import engine, history, sla
from ckanext.satudata.core.workflow.case import Actor, Case, OpenNote, Request, RoleHeld, Seen
from ckanext.satudata.core.workflow.definition import Definition

from .conftest import WORKFLOWS, definition_of

HERE = Path(__file__).parent
FILES: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((HERE / "journeys").glob("*.yaml"))
}
TABLES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "sop_rows.yaml").read_text("utf-8"))
ROOMS = {"planning", "requests", "exclusions", "recommendations", "worksheets", "interop", "reports"}
MONDAY = "2026-09-07 08:00"

JOURNEYS = [
    pytest.param(key, journey, id=f"{key}: {journey['name']}")
    for key, file in FILES.items()
    for journey in file["journeys"]
]


@dataclass
class Walk:
    """One journey on its way."""

    definition: Definition
    calendar: Calendar
    frequency: str | None
    facts: dict[str, Any]
    case: Case
    now: datetime
    since: datetime
    coming: set[str] = field(default_factory=set[str])  # who wrote what the next submission holds
    answers: dict[str, Any] = field(default_factory=dict[str, Any])

    def due(self) -> str:
        """The due date that runs now; ``none`` when there is none."""
        return self.ends()[-1] if self.ends() else "none"

    def ends(self) -> list[str]:
        """The terms that run now, each as the day it ends, or as day and time when it ends within a day."""
        moments = sla.ends(
            self.definition,
            self.case.state,
            self.case.stage,
            self.since,
            self.calendar,
            frequency=self.frequency,
            rounds=self.case.round,
        )
        local = [moment.astimezone(ZoneInfo(self.calendar.timezone)) for moment in moments]
        return [f"{day:%Y-%m-%d}" if (day.hour, day.minute) == (23, 59) else f"{day:%Y-%m-%d %H:%M}" for day in local]

    def term(self) -> str:
        """The term that runs now, as people say it."""
        term = sla.term(self.definition, self.case.state, self.case.stage)
        return term.text().id if term is not None else "none"


@pytest.mark.parametrize(("workflow", "journey"), JOURNEYS)
def test_journey(workflow: str, journey: dict[str, Any]) -> None:
    file = FILES[workflow]
    walk = _start(definition_of(workflow), file, journey)
    if "due" in journey:
        assert walk.due() == str(journey["due"])
    people = {name: _person(name, roles) for name, roles in file["people"].items()}
    people |= {"admin": Actor("admin", sysadmin=True), "clock": Actor("clock", clock=True)}
    for number, step in enumerate(journey["steps"], 1):
        if "at" in step:
            walk.now = _moment(step["at"], walk.calendar)
        _take(walk, people.get(step.get("who", ""), Actor("nobody")), step, f"step {number}: {step}")


def _start(definition: Definition, file: dict[str, Any], journey: dict[str, Any]) -> Walk:
    calendar = calendar_from(file["calendar"], file["calendar"]["timezone"])
    start = _moment(journey.get("start", MONDAY), calendar)
    case = Case("draft", unstaffed=frozenset(journey.get("unstaffed", ())))
    return Walk(definition, calendar, file.get("frequency"), journey.get("facts", {}), case, start, start)


def _take(walk: Walk, actor: Actor, step: dict[str, Any], where: str) -> None:
    if "batch" in step:
        walk.case = replace(walk.case, waiting_for_batch=step["batch"] == "waiting")
        walk.since = walk.now
    if step.get("edits"):
        walk.coming.add(actor.id)
    walk.answers |= step.get("answers", {})
    if "confirms" in step:
        stage = walk.definition.stage(step["confirms"])
        assert stage is not None, where
        assert stage.receipt, where
        assert stage.key in walk.case.passed, where
    if "open" in step:
        options = engine.available(walk.definition, walk.case, actor, walk.facts, {})
        assert [option.transition for option in options if option.open] == step["open"], where
    if "does" in step:
        _decide(walk, actor, step, where)
    if "due" in step:
        said = str(step["due"])
        assert (walk.due() if said == "none" or said[:4].isdigit() else walk.term()) == said, where
    if "reminded" in step:
        assert walk.ends()[:-1] == [str(day) for day in step["reminded"]], where
    if "turn" in step:
        turn = engine.turn(walk.definition, walk.case.state, walk.case.stage)
        assert (turn or "nobody") == step["turn"], where


def _decide(walk: Walk, actor: Actor, step: dict[str, Any], where: str) -> None:
    name, case = step["does"], walk.case
    assert set(step.get("closed", ())) <= set(engine.gates_of(walk.definition, name)), where
    closed = [Reason(gate, Text("…", "…")) for gate in step.get("closed", ())]
    notes = tuple(OpenNote(label, Text(label, label)) for label in step.get("notes", ()))
    outcome = engine.decide(
        walk.definition, replace(case, open_notes=notes), actor, walk.facts, _request(walk, step), closed
    )
    codes = [reason.code for reason in outcome.reasons]
    assert codes == step.get("refused", []), where
    if "refused" in step:
        return
    assert outcome.target is not None, where
    stage = f"/{outcome.target.stage}" if outcome.target.stage else ""
    assert f"{outcome.target.state}{stage}" == step["to"], where
    assert outcome.override is step.get("override", False), where
    assert outcome.round == step.get("round", outcome.round), where
    walk.case = history.moved(walk.definition, case, history.past(outcome, actor.id))
    walk.since = walk.now
    if name == "submit":
        walk.case = replace(walk.case, authors=frozenset({*walk.coming, actor.id}))
        walk.coming.clear()
    if name == "pass":
        walk.answers.clear()


def _request(walk: Walk, step: dict[str, Any]) -> Request:
    case = walk.case
    return Request(
        step["does"],
        Seen(case.state, case.stage, case.round, "hash"),
        "hash",
        note=step.get("note", ""),
        reason=step.get("reason", ""),
        reason_code=step.get("code", ""),
        evidence=frozenset(step.get("evidence", ())),
        form={**walk.answers, **step.get("form", {})},
        at=_moment(step["release"], walk.calendar) if "release" in step else None,
        now=walk.now,
    )


def _person(name: str, roles: str | list[str]) -> Actor:
    held: list[RoleHeld] = []
    for written in [roles] if isinstance(roles, str) else roles:
        named, _, everywhere = written.partition("@")
        role, _, position = named.partition("/")
        held.append(RoleHeld(role, position or None, everywhere=everywhere == "all"))
    return Actor(name, tuple(held))


def _moment(written: Any, calendar: Calendar) -> datetime:
    return datetime.fromisoformat(str(written)).replace(tzinfo=ZoneInfo(calendar.timezone))


# the rows of the tables


def _listed(workflow: str) -> dict[str, list[str]]:
    """Names of the lists each row is in."""
    found: dict[str, list[str]] = {}
    for name, rows in FILES[workflow]["rows"].items():
        for row in rows:
            found.setdefault(str(row), []).append(name)
    return found


def _walked(workflow: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Journey, row and step wherever a step names a row."""
    for journey in FILES[workflow]["journeys"]:
        for step in journey["steps"]:
            if "row" in step:
                yield journey["name"], str(step["row"]), step


def test_every_definition_has_journeys_and_every_table_a_definition() -> None:
    shipped = {path.stem for path in WORKFLOWS.glob("*.yaml")}
    assert set(FILES) == shipped
    assert {table["workflow"] for table in TABLES.values()} == shipped


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_a_table_is_in_exactly_one_list(name: str) -> None:
    listed = _listed(TABLES[name]["workflow"])
    assert {row: listed.get(row, []) for row in TABLES[name]["rows"] if len(listed.get(row, [])) != 1} == {}


@pytest.mark.parametrize("workflow", FILES)
def test_lists_name_only_rows_that_are_there(workflow: str) -> None:
    known = {row for table in TABLES.values() if table["workflow"] == workflow for row in table["rows"]}
    assert set(_listed(workflow)) <= known
    assert {row for _, row, _ in _walked(workflow)} <= known - set(FILES[workflow]["rows"]["later"])


@pytest.mark.parametrize("workflow", FILES)
def test_a_covered_row_is_walked_by_the_journey_it_names(workflow: str) -> None:
    """And not only refused there."""
    done = {(row, journey) for journey, row, step in _walked(workflow) if "refused" not in step}
    assert set(FILES[workflow]["rows"]["covered"].items()) <= done


@pytest.mark.parametrize("workflow", FILES)
def test_a_row_out_of_reach_says_why_and_a_later_one_names_its_room(workflow: str) -> None:
    rows = FILES[workflow]["rows"]
    assert all(len(why) > 20 for why in rows["out_of_reach"].values())
    assert set(rows["later"].values()) <= ROOMS


@pytest.mark.parametrize("workflow", FILES)
def test_rows_are_walked_in_the_order_of_their_table(workflow: str) -> None:
    """A journey may come back to an earlier row after a return; the first time it meets each row, they are in order."""
    for table in (table for table in TABLES.values() if table["workflow"] == workflow):
        place = {row: number for number, row in enumerate(table["rows"])}
        for journey in FILES[workflow]["journeys"]:
            met = dict.fromkeys(place[str(step["row"])] for step in journey["steps"] if step.get("row") in place)
            assert list(met) == sorted(met), journey["name"]
