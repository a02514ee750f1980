"""The published JSON: by its schema, without what is the program's own, nobody recognised."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ckanext.satudata.core.qa.export.report_json import document
from tests.core.qa.export.judging import EVIL, FAULTY, PERSONS, judged

SCHEMA = json.loads((files("ckanext.satudata.core.qa.export") / "report-1.schema.json").read_text("utf-8"))


def published(content: str, language: str = "id") -> dict[str, Any]:
    """As a reader gets it."""
    report = judged(content).report
    return json.loads(json.dumps(document(report, language, checked_at="2026-03-01T08:00:00+07:00")))


@pytest.mark.parametrize("content", [FAULTY, PERSONS, EVIL, "%PDF-1.4", "kode,tahun,jumlah unit\n1,2021,2\n"])
def test_it_is_as_its_schema_says(content: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(published(content))


def test_the_schema_refuses_what_is_no_report() -> None:
    data = published(FAULTY)
    del data["findings"][0]["rows"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(data)


def test_a_finding_names_check_rows_and_cells() -> None:
    finding = next(one for one in published(FAULTY)["findings"] if one["check"] == "IS-04")
    assert (finding["severity"], finding["count"], finding["rows"]) == ("error", 2, [[2, 2], [4, 4]])
    assert finding["samples"][0] == {"row": 2, "column": "Jumlah Rumah (unit)", "value": "1.474", "proposal": "1474"}
    assert finding["mend"]


def test_every_key_has_its_word_in_the_schema() -> None:
    data = published(FAULTY)
    assert set(data) == set(SCHEMA["properties"])
    assert set(data["findings"][0]) == set(SCHEMA["$defs"]["finding"]["properties"])


def test_what_is_the_programs_own_is_not_published() -> None:
    text = json.dumps(published(FAULTY))
    assert not [key for key in ('"cells"', '"outputs"', '"parameters"', '"trace"', '"note"') if key in text]


def test_nobody_is_recognised() -> None:
    text = json.dumps(published("Kontak 3299990101900001\n\n" + PERSONS))
    assert "3299************" in text
    assert not any(secret in text for secret in ("3299990101900001", "Budi Santoso", "Lestari"))


def test_a_file_that_cannot_be_read_says_why() -> None:
    data = published("%PDF-1.4")
    assert (data["readable"], data["unreadable"]["code"], data["score"], data["blocked"]) == (False, "pdf", None, True)


def test_sentences_speak_english_too() -> None:
    data = published(FAULTY, "en")
    assert data["verdict"].startswith("Cannot be submitted yet")
    assert all(isinstance(column["why"], str) for column in data["proposed_dictionary"])


@pytest.mark.parametrize("page", ["docs/en/report-format.md", "docs/id/format-laporan.md"])
def test_every_key_is_described(page: str) -> None:
    text = (Path(__file__).parents[4] / page).read_text("utf-8")
    keys = [*SCHEMA["properties"], *SCHEMA["$defs"]["finding"]["properties"]]
    assert not [key for key in keys if f"`{key}`" not in text]
