"""The same step for several datasets: each a decision of its own, and only where the checks found nothing."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from .conftest import Office


def _items(office: Office, *datasets: str) -> list[dict[str, Any]]:
    found = []
    for dataset in datasets:
        case = office.case(dataset)
        found.append({"id": dataset, "expected": case["expected"], "content_hash": case["content_hash"]})
    return found


def test_many_are_submitted_at_once(office: Office) -> None:
    datasets = [office.dataset() for _ in range(3)]
    answer = office.call(
        "operator", "satudata_transition_bulk", transition="submit", items=_items(office, *datasets), note="Semua."
    )
    assert (answer["count"], answer["done"], answer["refused"]) == (3, 3, 0)
    assert len({result["event_id"] for result in answer["results"]}) == 3
    for dataset in datasets:
        assert office.case(dataset)["state"] == "in_review"
        assert office.call("admin", "satudata_history", id=dataset)[0]["note"] == "Semua."


def test_one_that_is_refused_stops_no_other(office: Office) -> None:
    """Stale, foreign, unknown, no id at all, incomplete: each with its own errors, in the order of the items."""
    good, stale = office.dataset(), office.dataset()
    foreign = office.dataset("operator_lain", "disdik")
    items = _items(office, stale, foreign, good)
    office.call("operator", "package_patch", id=stale, notes="Berubah.")
    items += [{"id": "tidak-ada", "expected": items[0]["expected"], "content_hash": "x"}, {}, {"id": good}]
    answer = office.call("operator", "satudata_transition_bulk", transition="submit", items=items)
    assert [result["ok"] for result in answer["results"]] == [False, False, True, False, False, False]
    assert "conflict" in answer["results"][0]["errors"]
    for number in (1, 3):
        assert list(answer["results"][number]["errors"]) == ["id"]
        assert answer["results"][number]["title"] is None
    assert "expected" in answer["results"][5]["errors"]
    assert office.written(good)[0] == "in_review"
    assert office.written(stale)[0] == office.written(foreign)[0] == "draft"


def test_only_what_is_green_is_approved_at_once(office: Office) -> None:
    """A dataset that no check has judged has to be looked at."""
    dataset = office.dataset()
    office.decide("operator", dataset, "submit")
    answer = office.call("walidata", "satudata_transition_bulk", transition="pass", items=_items(office, dataset))
    assert [found["code"] for found in answer["results"][0]["errors"]["reasons"]] == ["qa_not_green"]
    assert office.written(dataset)[0] == "in_review"


@pytest.mark.parametrize(
    ("summary", "ok"),
    [
        ({"state": "done", "errors": 0, "warnings": 0}, True),
        ({"state": "done", "errors": 1, "warnings": 0}, False),
        ({"state": "done", "errors": 0, "warnings": 2}, False),
        ({"state": "running", "errors": 0, "warnings": 0}, False),
        ({"state": "none", "errors": None, "warnings": None}, False),
    ],
)
def test_green_is_done_without_errors_and_warnings(summary: dict[str, Any], ok: bool) -> None:
    from ckanext.satudata.workflow.deciding import bulk

    assert bulk.judged_green(summary) is ok


def test_some_steps_are_not_for_many(office: Office, submitted: str) -> None:
    for transition in ("return", "reject", "withdraw", "hapus"):
        with pytest.raises(tk.ValidationError) as caught:
            office.call("walidata", "satudata_transition_bulk", transition=transition, items=_items(office, submitted))
        assert "transition" in caught.value.error_dict


@pytest.mark.parametrize("items", [[], "bukan json", {"id": "x"}, ["x"], [{"id": "x"}] * 101, None])
def test_wrong_lists_are_refused(office: Office, items: Any) -> None:
    with pytest.raises(tk.ValidationError) as caught:
        office.call("operator", "satudata_transition_bulk", transition="submit", items=items)
    assert "items" in caught.value.error_dict


def test_items_may_come_as_json_text(office: Office) -> None:
    """As a form sends them."""
    dataset = office.dataset()
    answer = office.call(
        "operator", "satudata_transition_bulk", transition="submit", items=json.dumps(_items(office, dataset))
    )
    assert answer["done"] == 1


def test_a_visitor_decides_nothing(office: Office) -> None:
    with pytest.raises(tk.NotAuthorized):
        office.call("", "satudata_transition_bulk", transition="submit", items=[{"id": "x"}])
