"""Which data dictionary a file was given: a person's, else a Table Schema's, else none and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.satudata.core.qa.given import dictionary_given

SCHEMA: dict[str, Any] = {"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": 0}}]}
COLUMNS = [{"kolom": "b", "tipe": "text"}]


@pytest.mark.parametrize("stored", [COLUMNS, json.dumps(COLUMNS)])
def test_a_person_counts_before_a_schema(stored: object) -> None:
    found = dictionary_given({"kamus_data": stored, "schema": SCHEMA})
    assert (list(found.columns), found.source) == (COLUMNS, "kamus_data")


@pytest.mark.parametrize("stored", [SCHEMA, json.dumps(SCHEMA)])
@pytest.mark.parametrize("empty", [None, "", "[]", []])
def test_a_schema_counts_where_no_person_said_anything(stored: object, empty: object) -> None:
    found = dictionary_given({"kamus_data": empty, "schema": stored})
    assert (list(found.columns), found.source) == ([{"kolom": "a", "tipe": "integer", "minimal": 0.0}], "schema")


@pytest.mark.parametrize("stored", [None, "", "  ", {}, []])
def test_nothing_is_nothing(stored: object) -> None:
    found = dictionary_given({"schema": stored})
    assert (found.columns, found.source, found.problem) == ((), "", None)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("https://contoh.id/{x}.json", "https://contoh.id/{x}.json"),
        ({"fields": [{"name": "{x}", "type": "angka"}]}, "“{x}”"),
        ("skema.json", "tidak diambil"),
        ('{"fields": ', "bukan JSON"),
        ("[" * 100_000, "bukan JSON"),
        ([1], "objek JSON"),
        ({"fields": [{"name": "a\x00"}]}, "tidak dapat disimpan"),
        ({"fields": [{"name": "\ud800"}]}, "tidak dapat disimpan"),
    ],
)
def test_a_schema_that_cannot_be_used_says_why(stored: object, said: str) -> None:
    found = dictionary_given({"schema": stored})
    assert found.columns == ()
    assert found.problem is not None
    assert said in found.problem.render("id")
