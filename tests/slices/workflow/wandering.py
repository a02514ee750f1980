"""People who try whatever comes to their mind, by real actions on a real database; and what must hold after each step.

Nothing here knows what the engine would say: the rules are told once more in plain words, over the rows that were
committed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.workflow import history
from ckanext.satudata.core.workflow.states import EDITABLE, RULES
from ckanext.satudata.workflow.procedures import definitions

from .conftest import Office, engine
from .levels import file

EVENTS = sa.text(
    "select transition, from_state, from_stage, to_state, to_stage, round, actor_id, override from satudata_event"
    " where subject_id = :id order by seq"
)
CASE = sa.text(
    "select state, stage, round, approved, definition_id, content_hash from satudata_case where subject_id = :id"
)
EVIDENCE = ("laporan_pemeriksaan", "surat_validasi")
# What is closed for good, and what this slice alone does not know how to do, is tried less often.
LIKELY = ("submit", "submit", "pass", "pass", "return", "withdraw", "publish", "reopen", "reject")
GUIDED = 0.4  # so often somebody does what the page offers them; else whatever comes to mind


def mix_roles(office: Office) -> Office:
    """Producers who may check and reviewers who may take every level: only the rules keep them from it."""
    for who in ("operator", "operator_dua"):
        office.grant(who, "walidata")
    for who in {"staf", "kasi", "walidata"} & set(office.users):
        office.grant(who, "walidata", position="kabid")
    return office


class Walk:
    """One dataset among people; ``taken`` and ``refused`` count what they tried."""

    def __init__(self, office: Office, chance: random.Random) -> None:
        self.office, self.chance = office, chance
        self.people = sorted(name for name in office.users if name != "admin")
        self.dataset = office.dataset()
        self.taken = self.refused = 0
        self.writers: set[str] = {office.id("operator")}  # of what the coming or present round holds
        self.round = 0

    def step(self) -> None:
        """Somebody tries something; nothing or exactly one thing happened."""
        doing: list[Callable[[str], None]] = [self._decide] * 6 + [self._edit, self._claim, self._prove]
        self.chance.choice(doing)(self.chance.choice(self.people))
        self._look()

    def _decide(self, who: str) -> None:
        transition = self.chance.choice(LIKELY)
        before, past = self._case(), self._events()
        if self.chance.random() < GUIDED:
            who, transition = self.chance.choice(self._ways() or [(who, transition)])
            for kind in self._open(who).get(transition, []):
                self._attach(who, kind)
        open_now = {name for name, missing in self._open(who).items() if not missing}
        try:
            self.office.decide(who, self.dataset, transition, note="Catatan.", idempotency_key=self._key())
        except (tk.ValidationError, tk.NotAuthorized):
            self.refused += 1
            assert self._case() == before, "what was refused changed nothing"
            assert self._events() == past
            assert transition not in open_now, f"{who} was told that {transition} is open"
            return
        self.taken += 1
        assert transition in open_now, f"{who} took {transition}, which was not open"
        steps = self._events()
        assert len(steps) == len(past) + 1, "one decision, one entry"
        entry = steps[-1]
        assert (entry.transition, entry.actor_id) == (transition, self.office.id(who))
        stage = before.stage if before.state == "in_review" else None  # a returned case remembers who returned it
        assert (entry.from_state, entry.from_stage) == (before.state, stage)
        self._keep_books(entry, steps)

    def _keep_books(self, entry: Any, steps: list[Any]) -> None:
        rule = RULES[entry.transition]
        if rule.decides:
            assert entry.actor_id not in self.writers, "nobody decides on their own work"
        if rule.level and entry.from_state == "in_review":
            levels = {
                (step.from_stage, step.actor_id)
                for step in steps
                if step.round == entry.round and step.from_state == "in_review" and RULES[step.transition].level
            }
            stages = [stage for stage, actor in levels if actor == entry.actor_id]
            assert len(stages) == 1, "one person, one level of a round"
        if entry.transition in ("return", "withdraw", "reopen") and entry.to_state in EDITABLE:
            self.writers = set()

    def _edit(self, who: str) -> None:
        state = self._case().state
        before = self._hash()
        try:
            self.office.call(who, "package_patch", id=self.dataset, notes=f"Uraian {self.chance.random()}")
        except (tk.ValidationError, tk.NotAuthorized):
            model.Session.rollback()
            assert self._hash() == before, "a refused edit changed nothing"
            return
        assert state in EDITABLE, f"edited while {state}"
        self.writers.add(self.office.id(who))

    def _claim(self, who: str) -> None:
        action = self.chance.choice(["satudata_claim", "satudata_release"])
        before = self._events()
        try:
            self.office.call(who, action, id=self.dataset)
        except (tk.ValidationError, tk.NotAuthorized):
            assert self._events() == before

    def _prove(self, who: str) -> None:
        self._attach(who, self.chance.choice(EVIDENCE))

    def _attach(self, who: str, kind: str) -> None:
        try:
            self.office.call(who, "satudata_evidence_create", id=self.dataset, kind=kind, upload=file())
        except (tk.ValidationError, tk.NotAuthorized):
            model.Session.rollback()

    def _look(self) -> None:
        """The history alone tells where the case stands, and only a published one is approved."""
        case, steps = self._case(), self._events()
        if case is None or not steps:
            assert case is None or case.state == "draft"
            return
        told = [
            history.Past(step.transition, step.to_state, step.to_stage, step.round, step.actor_id)
            for step in steps
            if step.transition in RULES
        ]
        if case.definition_id is not None and told:
            found = history.replay(definitions.stored(case.definition_id), told)
            stage = case.stage if case.state == "in_review" else found.stage
            assert (found.state, found.stage, found.round) == (case.state, stage, case.round)
        assert case.approved == (case.state == "published")
        with engine().connect() as connection:
            query = sa.text("select private from package where id = :id")
            private = connection.execute(query, {"id": self.dataset}).scalar()
        assert private == (case.state != "published"), "the public sees what is published, and nothing else"

    def _ways(self) -> list[tuple[str, str]]:
        """Everything that is open to anybody, but for what ends the walk."""
        return [(who, name) for who in self.people for name in sorted(self._open(who)) if name in LIKELY]

    def _open(self, who: str) -> dict[str, list[str]]:
        """What is open to somebody, each with the files it still needs."""
        try:
            answer = self.office.call(who, "satudata_available", id=self.dataset)
        except tk.NotAuthorized:
            return {}
        return {
            option["transition"]: [
                file["kind"] for file in option["needs"]["evidence"] if file["required"] and not file["attached"]
            ]
            for option in answer["options"]
            if option["open"]
        }

    def _case(self) -> Any:
        with engine().connect() as connection:
            return connection.execute(CASE, {"id": self.dataset}).first()

    def _events(self) -> list[Any]:
        with engine().connect() as connection:
            return list(connection.execute(EVENTS, {"id": self.dataset}))

    def _hash(self) -> str:
        return self.office.case(self.dataset)["content_hash"]

    def _key(self) -> str:
        return f"{self.chance.getrandbits(64):016x}"
