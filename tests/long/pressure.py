"""Many clients at once, and what must be true of the tables afterwards."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.plugins
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.workflow.records import chain
from tests.long.rig import Answer, Rig, token_of
from tests.slices import keeping
from tests.slices.workflow.conftest import Office, engine

RULEBOOK = Path(__file__).parents[1] / "slices" / "workflow" / "rulebook"
SETTINGS = {"ckanext.satudata.rulebook": str(RULEBOOK), "ckanext.satudata.workflow": "uji"}
CLIENTS = 50
SEED = int(os.environ.get("SATUDATA_PRESSURE_SEED", "20261121"))
KINDS = ("pass", "return", "publish", "claim", "submit", "mixed")


@contextmanager
def empty_office(patch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The office of the decision tests in an empty portal, with four more reviewers and their tokens."""
    if not ckan.plugins.plugin_loaded("satudata"):
        ckan.plugins.load_all()
    keeping.empty()
    use_rules(patch)
    office = Office()
    for name in ("walidata_tiga", "walidata_empat", "walidata_lima", "walidata_enam"):
        user = model.User(name=name, fullname=name.title(), email=f"{name}@contoh.go.id")
        model.Session.add(user)
        model.Session.commit()
        office.users[name] = {"id": user.id, "name": name}
        office.grant(name, "walidata")
    try:
        yield office
    finally:
        model.Session.remove()


def use_rules(patch: pytest.MonkeyPatch) -> None:
    """Decide by the rules of these tests in this process too."""
    for name, value in SETTINGS.items():
        patch.setitem(tk.config, name, value)


REVIEWERS = ("walidata", "walidata_tiga", "walidata_empat", "walidata_lima", "walidata_enam")


@dataclass
class Crowd:
    """The people of an office with their tokens, before a running portal."""

    rig: Rig
    office: Office
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    def token(self, who: str) -> str:
        """The token of somebody; made once."""
        if who not in self.tokens:
            self.tokens[who] = token_of(who)
        return self.tokens[who]

    def ready(self, kind: str) -> str:
        """A dataset at which this kind of decision is open."""
        office = self.office
        dataset = office.dataset()
        if kind != "submit":
            office.decide("operator", dataset, "submit")
        if kind == "publish":
            office.decide("walidata", dataset, "pass")
        return dataset

    def race(self, kind: str, clients: int = CLIENTS) -> list[Answer]:
        """``clients`` take the same step on the same dataset at once; exactly one of them may succeed."""
        dataset = self.ready(kind)
        before = events_of(dataset)
        asked = list(self._asked(kind, dataset, clients))
        model.Session.remove()
        answers = self.rig.at_once(asked)
        self._check(kind, dataset, before, asked, answers)
        return answers

    def _asked(self, kind: str, dataset: str, clients: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        seen = self.office.case(dataset)
        for number in range(clients):
            who = "operator" if kind == "submit" else REVIEWERS[number % len(REVIEWERS)]
            if kind == "claim":
                # Whoever holds it may take it again; so each of the others comes once, all the rest decide for it.
                yield self.token(who), "satudata_claim", {"id": dataset}
                continue
            transition = ("pass", "return", "reject")[number % 3] if kind == "mixed" else kind
            data = {"id": dataset, "expected": seen["expected"], "content_hash": seen["content_hash"]}
            if transition in ("return", "reject"):
                data.update(note="Satuan salah.", reason_code="isi_data")
            yield self.token(who), "satudata_transition", {**data, "transition": transition}

    def _check(self, kind: str, dataset: str, before: int, asked: list[Any], answers: list[Answer]) -> None:
        told = [(answer.status, answer.error or answer.body) for answer in answers if answer.status not in (200, 409)]
        assert not told, (kind, told[:3])
        assert events_of(dataset) == before + 1, kind
        winners = {asked[place][0] for place, answer in enumerate(answers) if answer.status == 200}
        if kind != "claim":  # who holds it already may ask again and is told so
            assert [answer.status for answer in answers].count(200) == 1, kind
        assert len(winners) == 1, kind
        for answer in answers:
            if answer.status == 409:
                assert answer.error.get("conflict"), (kind, answer.error)


def events_of(dataset: str) -> int:
    """How many events another connection sees."""
    with engine().connect() as connection:
        query = sa.text("select count(*) from satudata_event where subject_id = :id")
        return int(connection.execute(query, {"id": dataset}).scalar_one())


def kinds(count: int, seed: int = SEED) -> list[str]:
    """A row of kinds in a random order in which each comes equally often."""
    found = [KINDS[number % len(KINDS)] for number in range(count)]
    random.Random(seed).shuffle(found)
    return found


def assert_chain() -> int:
    """The history is whole and says the same as the cases; how many events."""
    model.Session.remove()
    verified = chain.verify()
    model.Session.remove()
    assert not verified.problems, verified.sentences("en")
    return verified.links
