"""What may be done now is found by one question, and it is what many would have found."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from ckanext.satudata.workflow.logic.action import cases as actions

from .conftest import PEOPLE, Office

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
    _the_same(office, dataset, monkeypatch)
    for who, transition in (
        ("operator", "submit"),
        ("walidata", "claim"),
        ("walidata", "return"),
        ("operator_dua", "submit"),
        ("walidata", "pass"),
        ("walidata", "publish"),
    ):
        if transition == "claim":
            office.call(who, "satudata_claim", id=dataset)
        else:
            office.decide(who, dataset, transition, **({"note": "Satuan salah."} if transition == "return" else {}))
        _the_same(office, dataset, monkeypatch)
