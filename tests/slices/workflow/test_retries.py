"""A request that is repeated with the same key decides once."""

from __future__ import annotations

import threading
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from .conftest import Office


def _request(office: Office, dataset: str, key: str, **more: Any) -> dict[str, Any]:
    seen = office.case(dataset)
    return {
        "id": dataset,
        "transition": "pass",
        "expected": seen["expected"],
        "content_hash": seen["content_hash"],
        "idempotency_key": key,
        **more,
    }


def test_the_same_request_again_gets_the_same_answer(office: Office, submitted: str) -> None:
    """Also after the dataset moved on, and by the dataset's name; nothing is written twice."""
    asked = _request(office, submitted, "kunci-1", note="Baik.")
    first = office.call("walidata", "satudata_transition", **asked)
    office.decide("walidata", submitted, "publish")
    before = office.written(submitted)
    name = office.call("admin", "package_show", id=submitted)["name"]
    again = office.call("walidata", "satudata_transition", **{**asked, "id": name})
    keys = ("event_id", "transition", "from_state", "to_state", "round")
    assert [again[key] for key in keys] == [first[key] for key in keys]
    assert office.written(submitted) == before
    assert again["case"]["state"] == "published"


def test_another_request_with_that_key_is_refused(office: Office, submitted: str) -> None:
    asked = _request(office, submitted, "kunci-1")
    office.call("walidata", "satudata_transition", **asked)
    for more in ({"note": "Lain."}, {"transition": "publish", "expected": office.case(submitted)["expected"]}):
        with pytest.raises(tk.ValidationError) as caught:
            office.call("walidata", "satudata_transition", **{**asked, **more})
        assert "sudah dipakai" in str(caught.value.error_dict["idempotency_key"])


def test_the_key_is_refused_for_another_dataset(office: Office, submitted: str) -> None:
    other = office.dataset()
    office.decide("operator", other, "submit")
    office.call("walidata", "satudata_transition", **_request(office, submitted, "kunci-1"))
    errors = office.refused("walidata", other, "pass", idempotency_key="kunci-1")
    assert "idempotency_key" in errors


def test_keys_of_different_people_do_not_meet(office: Office, submitted: str) -> None:
    office.decide("operator", submitted, "withdraw", idempotency_key="sama")
    office.decide("operator", submitted, "submit", idempotency_key="lain")
    assert office.decide("walidata", submitted, "pass", idempotency_key="sama")["to_state"] == "verified"


def test_a_refused_request_does_not_use_up_its_key(office: Office, submitted: str) -> None:
    office.refused("walidata", submitted, "return", note="", idempotency_key="kunci-1")
    done = office.decide("walidata", submitted, "return", note="Perbaiki.", idempotency_key="kunci-1")
    assert done["to_state"] == "revision"


def test_the_same_request_twice_at_once_decides_once(office: Office, submitted: str) -> None:
    """A client that lost patience: both calls get the one event."""
    asked = _request(office, submitted, "kunci-1")
    start = threading.Barrier(3)
    answers: list[Any] = []

    def call() -> None:
        try:
            start.wait()
            context: Any = {"user": "walidata", "ignore_auth": False}
            answers.append(tk.get_action("satudata_transition")(context, dict(asked))["event_id"])
        except tk.ValidationError as error:
            answers.append(error.error_dict)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 3
    assert len({str(answer) for answer in answers}) == 1, answers
    assert office.written(submitted)[4] == 2
