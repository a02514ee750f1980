"""What outsiders learn about the check of a published dataset: numbers and rows, never findings."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata.demo import load as loader
from tests.daily import cases
from tests.slices import remembered
from tests.slices.demo import regions

NAME = "titik-wifi-publik"
NUMBERS = {"state", "errors", "warnings", "questions", "score", "rule_version", "sha256", "checked_at"}


@pytest.fixture
def resource_id(beginning: None) -> str:  # noqa: ARG001
    """The file of a dataset that went all the way to the public."""
    return remembered.begin(_published)


def _published() -> str:
    with TemporaryDirectory() as folder:
        regions.use(Path(folder))
    loader.load(print, only=(NAME,))
    return _call("", "package_show", id=NAME)["resources"][0]["id"]


@pytest.mark.parametrize("user", cases("pembaca", thorough=["", "operator_dinkes"]))
def test_outsiders_learn_numbers_and_rows_only(resource_id: str, user: str) -> None:
    with pytest.raises(tk.NotAuthorized):
        _call(user, "satudata_qa_show", resource_id=resource_id)
    with pytest.raises(tk.NotAuthorized):
        _call(user, "satudata_qa_run", resource_id=resource_id)
    assert set(_call(user, "satudata_qa_summary", id=NAME)) == NUMBERS
    rows = _call(user, "satudata_table_show", resource_id=resource_id, limit=3)["rows"]
    assert [(row["row"], row["marks"]) for row in rows] == [(2, {}), (3, {}), (4, {})]


def test_people_inside_still_read_the_report(resource_id: str) -> None:
    for user in ("operator_diskominfo", "walidata_staf"):
        assert _call(user, "satudata_qa_show", resource_id=resource_id)["state"] == "done"


def _call(user: str, action: str, **data: Any) -> Any:
    return tk.get_action(action)({"user": user}, data)
