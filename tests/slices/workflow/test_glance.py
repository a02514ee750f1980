"""What may be done now is found by one question, and it is what many would have found."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from ckanext.satudata.workflow.logic.action import cases as actions

from .conftest import PEOPLE, Office

TITLE = {"target_type": "field", "target": "title"}
ASKED = ("satudata_available", "satudata_case_show")


def _answers(office: Office, dataset: str) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for who in (*PEOPLE, "admin"):
        for action in ASKED:
            try:
                found[who, action] = office.call(who, action, id=dataset)
            except actions.tk.NotAuthorized:
                found[who, action] = "refused"
    return found


def _the_same(office: Office, dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_glance = _answers(office, dataset)
    with monkeypatch.context() as patched:
        patched.setattr(actions.glance, "taken", lambda *_: nullcontext())
        assert _answers(office, dataset) == at_a_glance


def test_one_question_finds_what_many_would(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = office.dataset()
    note: dict[str, Any] = {}

    def mark() -> None:
        note.update(office.call("walidata", "satudata_note_create", id=dataset, text="Salah.", **TITLE))

    def judge() -> None:
        office.call("walidata", "satudata_note_judge", id=dataset, note_id=note["id"], verdict="mended")

    for step in (
        lambda: None,
        lambda: office.decide("operator", dataset, "submit"),
        lambda: office.call("walidata", "satudata_claim", id=dataset),
        mark,
        lambda: office.decide("walidata", dataset, "return", note="Satuan salah."),
        lambda: office.decide("operator_dua", dataset, "submit"),
        judge,
        lambda: office.decide("walidata", dataset, "pass"),
        lambda: office.decide("walidata", dataset, "publish"),
    ):
        step()
        _the_same(office, dataset, monkeypatch)
