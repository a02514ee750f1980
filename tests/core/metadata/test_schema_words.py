"""Every question of the form is bearable: a label and help in both languages, and an example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import ckanext.satudata.rulebook as rulebook

SCHEMAS = Path(str(rulebook.__file__)).parent / "schemas"
# Made by the program, or shown and not asked.
NOT_ASKED = {"name", "data_prioritas", "data_prioritas_tahun"}


def asked() -> list[dict[str, Any]]:
    """Fields of a dataset a person fills in."""
    fields = yaml.safe_load((SCHEMAS / "dataset.yaml").read_text(encoding="utf-8"))["dataset_fields"]
    return [
        field for field in fields if field["field_name"] not in NOT_ASKED and field.get("form_snippet", "") is not None
    ]


@pytest.mark.parametrize("field", asked(), ids=lambda field: field["field_name"])
def test_a_field_has_label_help_and_example_in_both_languages(field: dict[str, Any]) -> None:
    assert field["label"]["id"]
    assert field["label"]["en"]
    assert field["help_text"]["id"]
    assert field["help_text"]["en"]
    example = field.get("example") or field.get("good_example")
    assert example, "an example says more than a rule"
    assert example["id"]
    assert example["en"]


def test_every_mandatory_field_of_a_submission_belongs_to_a_section() -> None:
    schema = yaml.safe_load((SCHEMAS / "dataset.yaml").read_text(encoding="utf-8"))
    sections = {section["key"] for section in schema["sections"]}
    assert {field["section"] for field in asked()} <= sections
