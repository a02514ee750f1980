"""A data dictionary as frictionless Table Schema: what is read, what is written, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.dictionary import Column, DictionaryError
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.table import read
from ckanext.satudata.core.qa.table_schema import from_table_schema, to_table_schema

DESCRIPTOR: dict[str, Any] = {
    "fields": [
        {
            "name": "kode",
            "type": "string",
            "title": "Kode kecamatan",
            "rdfType": "https://contoh.id/kode",
            "constraints": {"required": True, "unique": True, "pattern": "[0-9]{2}\\.[0-9]{2}"},
            "satudata:list": "wilayah_kemendagri",
            "satudata:edition": "2430/2025",
        },
        {"name": "kelas", "type": "string", "constraints": {"enum": ["A", "B"]}},
        {
            "name": "jumlah",
            "type": "integer",
            "description": "Banyaknya balita yang ditimbang.",
            "constraints": {"minimum": 0, "maximum": 99.5},
            "satudata:unit": "Orang",
            "satudata:measure": "Jumlah",
            "satudata:additive": True,
        },
        {"name": "periode", "type": "string", "satudata:type": "period"},
        {"name": "bulan", "type": "yearmonth"},
        {"name": "saat", "type": "datetime", "format": "any"},
    ],
    "missingValues": ["", "-99"],
    "primaryKey": ["kode", "periode"],
}


def test_a_schema_becomes_a_dictionary() -> None:
    kode, kelas, jumlah, periode, bulan, saat = from_table_schema(DESCRIPTOR)
    assert (kode.label, kode.list, kode.edition) == ("Kode kecamatan", "wilayah_kemendagri", "2430/2025")
    assert (kode.required, kode.unique, kode.key, kode.pattern) == (True, True, True, r"[0-9]{2}\.[0-9]{2}")
    assert kelas.values == ("A", "B")
    assert (jumlah.type, jumlah.minimum, jumlah.maximum, jumlah.unit) == ("integer", 0, 99.5, "Orang")
    assert (jumlah.measure, jumlah.additive, jumlah.missing) == ("Jumlah", True, ("-99",))
    assert [column.type for column in (periode, bulan, saat)] == ["period", "period", "text"]
    assert periode.key


def test_what_was_read_is_written_again_with_what_we_do_not_know() -> None:
    assert to_table_schema(from_table_schema(DESCRIPTOR)) == DESCRIPTOR


texts = st.text(max_size=8)
columns = st.lists(
    st.builds(
        Column,
        name=st.text(min_size=1, max_size=8).map(str.strip).filter(bool),
        label=texts,
        type=st.sampled_from(("text", "integer", "number", "date", "year", "period", "boolean")),
        unit=texts,
        list=st.none() | st.text(min_size=1, max_size=5),
        edition=st.none() | st.text(min_size=1, max_size=5),
        required=st.booleans(),
        key=st.booleans(),
        description=texts,
        values=st.lists(texts | st.sampled_from(("1", "-20", "01")), max_size=3).map(tuple),
        pattern=st.sampled_from(("", "[a-z]+", r"\d{2}")),
        measure=texts,
        unique=st.booleans(),
        missing=st.lists(st.sampled_from(("-", "-99", "tt")), max_size=2, unique=True).map(tuple),
        additive=st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda column: " ".join(column.name.split()).casefold(),
)


@settings(max_examples=60, deadline=None)
@given(columns)
def test_a_dictionary_comes_back_from_its_schema(declared: list[Column]) -> None:
    schema = json.loads(json.dumps(to_table_schema(declared)))
    assert from_table_schema(schema) == tuple(declared)


@settings(max_examples=15, deadline=None)
@given(columns)
def test_frictionless_accepts_what_is_written(declared: list[Column]) -> None:
    schema = frictionless.Schema.from_descriptor(to_table_schema(declared))
    assert schema.field_names == [column.name for column in declared]
    assert frictionless.Schema.validate_descriptor(to_table_schema(declared)).valid


def test_bounds_of_figures_come_back() -> None:
    declared = (Column("a", type="number", minimum=0.0, maximum=0.25), Column("b", type="year", minimum=1945.0))
    assert from_table_schema(to_table_schema(declared)) == declared


def test_marks_that_differ_from_column_to_column_stand_with_their_column() -> None:
    declared = (Column("a", missing=("-",)), Column("b", missing=("tt", "x")))
    schema = to_table_schema(declared)
    assert "missingValues" not in schema
    assert [field["missingValues"] for field in schema["fields"]] == [["", "-"], ["", "tt", "x"]]


def test_names_of_version_2_are_understood() -> None:
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [
            {"name": "a", "type": "list", "missingValues": ["-"]},
            {"name": "b", "type": "string", "categories": [{"value": "x", "label": "Iks"}, {"value": "y"}]},
            {"name": "c"},
        ],
        "uniqueKeys": [["a", "c"]],
        "missingValues": [{"value": "NA", "label": "tidak ada"}],
    }
    a, b, c = from_table_schema(schema)
    assert (a.missing, b.missing, b.values) == (("-",), ("NA",), ("x", "y"))
    assert [column.key for column in (a, b, c)] == [True, False, True]


def test_lengths_are_judged_as_a_pattern_and_written_as_lengths() -> None:
    schema = {"fields": [{"name": "a", "type": "string", "constraints": {"minLength": 2, "maxLength": 3}}]}
    declared = from_table_schema(schema)
    assert declared[0].pattern == r"[\s\S]{2,3}"
    assert to_table_schema(declared) == schema


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("bukan objek", "objek JSON"),
        ({}, "“fields”"),
        ({"fields": []}, "“fields”"),
        ({"resources": [{}]}, "Data Package"),
        ({"fields": ["a"]}, "kolom nomor 1"),
        ({"fields": [{"type": "string"}]}, "“name”"),
        ({"fields": [{"name": "a", "type": "angka"}]}, "“angka”"),
        ({"fields": [{"name": "a", "type": ["string"]}]}, "tidak dikenal"),
        ({"fields": [{"name": "a", "constraints": []}]}, "“constraints”"),
        ({"fields": [{"name": "a", "constraints": {"enum": "x"}}]}, "“enum”"),
        ({"fields": [{"name": "a", "title": {"id": "x"}}]}, "“title”"),
        ({"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": "x"}}]}, "bukan angka"),
        ({"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": 3, "maximum": 2}}]}, "lebih besar"),
        ({"fields": [{"name": "a", "constraints": {"pattern": "["}}]}, "tidak dapat dibaca"),
        ({"fields": [{"name": "a"}, {"name": "A"}]}, "dua kali"),
        ({"fields": [{"name": "a"}], "primaryKey": "b"}, "“primaryKey”"),
        ({"fields": [{"name": "a"}], "primaryKey": {"x": 1}}, "“primaryKey”"),
        ({"fields": [{"name": "a"}], "missingValues": "-"}, "“missingValues”"),
        ({"fields": [{"name": "a"}], "missingValues": [1]}, "“missingValues”"),
    ],
)
def test_what_is_no_schema_is_refused_with_a_sentence(schema: object, said: str) -> None:
    with pytest.raises(DictionaryError) as raised:
        from_table_schema(schema)
    assert said in raised.value.sentence()


def test_a_table_is_judged_by_its_schema_as_frictionless_does(tmp_path: Path) -> None:
    schema = {
        "fields": [
            {"name": "nomor", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]-[0-9]"}},
            {"name": "kelas", "type": "string", "constraints": {"enum": ["A", "B"]}},
            {"name": "jumlah", "type": "integer", "constraints": {"minimum": 0, "maximum": 10}},
        ],
        "missingValues": ["", "-99"],
    }
    path = tmp_path / "tabel.csv"
    path.write_text("nomor,kelas,jumlah\nA-1,A,1\n,B,2\nA-3,C,3\nA-4,B,11\na5,A,-99\nA-6,A,x\n")
    theirs = frictionless.Resource(
        path=path.name, basepath=str(tmp_path), schema=frictionless.Schema(schema)
    ).validate()
    lines = {row for (row,) in theirs.flatten(["rowNumber"])}
    report = judge(read(path), from_table_schema(schema), Lists(), checklist.load(None))
    rows = {
        row
        for finding in report.findings
        if finding.severity == "error"
        for first, last in finding.rows
        for row in range(first, last + 1)
    }
    assert rows == lines == {3, 4, 5, 6, 7}
