"""The closed language of ``when``."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.core.workflow import loader
from ckanext.satudata.core.workflow.conditions import facts_in, holds

BASE = """
format: 1
key: uji
title: {{id: U, en: T}}
roles: {{walidata: {{id: W, en: W}}}}
stages:
  - {{key: a, label: {{id: A, en: A}}, role: walidata, when: {when}}}
transitions: {{}}
"""


def _holds(when: str, facts: dict[str, Any]) -> bool:
    return holds(loader.load(BASE.format(when=when)).stages[0].when, facts)


@pytest.mark.parametrize(
    ("when", "facts", "expected"),
    [
        ("data_prioritas", {"data_prioritas": True}, True),
        ("data_prioritas", {"data_prioritas": "ya"}, True),
        ("data_prioritas", {"data_prioritas": "False"}, False),
        ("data_prioritas", {"data_prioritas": "2026"}, False),
        ("data_prioritas", {}, False),
        ("{fact: jenis_data, is: statistik}", {"jenis_data": "statistik"}, True),
        ("{fact: jenis_data, is: statistik}", {"jenis_data": "geospasial"}, False),
        ("{fact: jenis_data, in: [statistik, keuangan]}", {"jenis_data": "keuangan"}, True),
        ("{fact: jenis_data, in: [statistik]}", {}, False),
        ("{not: data_prioritas}", {}, True),
        ("{all: [a, b]}", {"a": True}, False),
        ("{any: [a, b]}", {"a": True}, True),
        ("{all: [a, {not: {any: [b, {fact: c, is: 3}]}}]}", {"a": True, "c": 3}, False),
    ],
)
def test_holds(when: str, facts: dict[str, Any], expected: bool) -> None:
    assert _holds(when, facts) is expected


def test_the_facts_of_a_condition_are_known_before_it_is_asked() -> None:
    definition = loader.load(BASE.format(when="{all: [a, {not: {any: [b, {fact: c, is: 3}]}}]}"))
    assert list(facts_in(definition.stages[0].when)) == ["a", "b", "c"]
