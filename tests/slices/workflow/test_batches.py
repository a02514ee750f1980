"""Sets of datasets: the review begins when all of them are there, and its term counts from then."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata.bridge import columns
from ckanext.satudata.workflow.sharing import batch_work

from .conftest import Office
from .levels import codes, refused, under

# After everything that tests write with today's date.
FIRST = datetime(2041, 3, 4, 3, 0, tzinfo=UTC)
LATER = datetime(2041, 4, 8, 3, 0, tzinfo=UTC)


@pytest.fixture
def sets(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    return under(office, monkeypatch, "kumpulan")


def _batch(office: Office, *datasets: str, who: str = "walidata") -> str:
    return office.call(who, "satudata_batch_create", title="Data 2026", datasets=list(datasets))["id"]


def _show(office: Office, batch: str, who: str = "walidata") -> dict[str, Any]:
    return office.call(who, "satudata_batch_show", id=batch)


def _due(office: Office, dataset: str) -> str | None:
    return office.case(dataset)["due"]


def test_nobody_decides_until_the_last_one_is_there(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    _batch(sets, one, two)
    with columns.at(FIRST):
        sets.decide("operator", one, "submit")
        assert _due(sets, one) is None
        assert codes(sets.refused("walidata", one, "pass")) == ["batch_waiting"]
        assert codes(sets.refused("walidata", one, "return", note="x")) == ["batch_waiting"]
    with columns.at(LATER):
        sets.decide("operator", two, "submit")
        for dataset in (one, two):
            case = sets.case(dataset)
            assert (case["since"], str(case["due"])[:10]) == (LATER.isoformat(), "2041-07-08")
        assert sets.decide("walidata", one, "pass")["to_state"] == "verified"
    history = [event["transition"] for event in sets.call("admin", "satudata_history", id=one)]
    assert history == ["pass", "batch_complete", "submit", "batch_added"]


@pytest.mark.thorough
def test_without_a_set_nobody_waits(sets: Office) -> None:
    dataset = sets.dataset()
    sets.decide("operator", dataset, "submit")
    assert _due(sets, dataset) is not None
    assert sets.decide("walidata", dataset, "pass")["to_state"] == "verified"


@pytest.mark.thorough
def test_without_the_laggard_the_rest_begins(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    batch = _batch(sets, one, two)
    sets.decide("operator", one, "submit")
    with columns.at(LATER):
        sets.call("walidata", "satudata_batch_change", id=batch, remove=[two])
        assert sets.case(one)["since"] == LATER.isoformat()
    assert _due(sets, one) is not None
    assert sets.decide("walidata", one, "pass")["to_state"] == "verified"


@pytest.mark.thorough
def test_a_deleted_laggard_is_not_waited_for(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    _batch(sets, one, two)
    sets.decide("operator", one, "submit")
    sets.call("operator", "package_delete", id=two)
    assert batch_work.begin_complete() == 1
    assert _due(sets, one) is not None
    assert batch_work.begin_complete() == 0
    assert sets.decide("walidata", one, "pass")["to_state"] == "verified"


@pytest.mark.thorough
def test_once_begun_it_does_not_stop_again(sets: Office) -> None:
    """One is returned and another withdrawn: the others go on, and those two need not wait when they are back."""
    one, two = sets.dataset(), sets.dataset()
    _batch(sets, one, two)
    for dataset in (one, two):
        sets.decide("operator", dataset, "submit")
    sets.decide("walidata", two, "return", note="Satuan salah.")
    assert sets.decide("walidata", one, "pass")["to_state"] == "verified"
    sets.decide("operator", two, "submit")
    assert _due(sets, two) is not None
    assert sets.decide("walidata", two, "pass")["to_state"] == "verified"


@pytest.mark.thorough
def test_what_was_taken_back_before_is_waited_for_again(sets: Office) -> None:
    one, two, three = sets.dataset(), sets.dataset(), sets.dataset()
    _batch(sets, one, two, three)
    for dataset in (one, two):
        sets.decide("operator", dataset, "submit")
    sets.decide("operator", two, "withdraw")
    sets.decide("operator", three, "submit")
    assert codes(sets.refused("walidata", one, "pass")) == ["batch_waiting"]


def test_two_last_ones_at_once_begin_it(sets: Office) -> None:
    datasets = [sets.dataset() for _ in range(3)]
    _batch(sets, *datasets)
    sets.decide("operator", datasets[0], "submit")
    start, failed = threading.Barrier(2), []

    def submit(dataset: str) -> None:
        try:
            start.wait()
            sets.decide("operator", dataset, "submit")
        except (tk.ValidationError, RuntimeError) as error:
            failed.append(error)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=submit, args=(dataset,)) for dataset in datasets[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    model.Session.rollback()
    for dataset in datasets:
        events = [event["transition"] for event in sets.call("admin", "satudata_history", id=dataset)]
        assert events.count("batch_complete") == 1, events
        assert _due(sets, dataset) is not None


@pytest.mark.thorough
def test_one_that_joins_late_waits_for_the_others_only_once(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    batch = _batch(sets, one)
    sets.decide("operator", one, "submit")
    sets.call("walidata", "satudata_batch_change", id=batch, add=[two])
    assert sets.decide("walidata", one, "pass")["to_state"] == "verified"
    sets.decide("operator", two, "submit")
    assert sets.decide("walidata", two, "pass")["to_state"] == "verified"


@pytest.mark.thorough
def test_who_is_at_the_stage_already_waits_once_in_a_set(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    sets.decide("operator", one, "submit")
    batch = _batch(sets, one, two)
    assert _due(sets, one) is None
    assert codes(sets.refused("walidata", one, "pass")) == ["batch_waiting"]
    sets.call("walidata", "satudata_batch_change", id=batch, remove=[one])
    assert _due(sets, one) is not None
    assert sets.decide("walidata", one, "pass")["to_state"] == "verified"


def test_closing_lets_the_rest_begin(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    batch = _batch(sets, one, two)
    sets.decide("operator", one, "submit")
    assert sets.call("walidata", "satudata_batch_close", id=batch)["closed"] is not None
    assert _due(sets, one) is not None
    assert sets.decide("walidata", one, "pass")["to_state"] == "verified"
    assert list(refused(sets, "walidata", "satudata_batch_change", id=batch, add=[two])) == ["id"]
    assert sets.call("walidata", "satudata_batch_close", id=batch)["closed"] is not None
    assert _batch(sets, two)


@pytest.mark.thorough
def test_a_dataset_is_in_one_open_set(sets: Office) -> None:
    one = sets.dataset()
    batch = _batch(sets, one)
    errors = refused(sets, "walidata", "satudata_batch_create", title="Lain", datasets=[one])
    assert "Data 2026" in errors["datasets"][0]
    assert sets.call("walidata", "satudata_batch_list")["count"] == 1
    sets.call("walidata", "satudata_batch_change", id=batch, add=[one])


def test_bad_input_is_refused_whole(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    assert list(refused(sets, "walidata", "satudata_batch_create", title=" ", datasets=[one])) == ["title"]
    assert list(refused(sets, "walidata", "satudata_batch_create", title="A", datasets=[one, "x"])) == ["datasets"]
    assert list(refused(sets, "walidata", "satudata_batch_create", title="A", datasets=[1])) == ["datasets"]
    assert sets.call("walidata", "satudata_batch_list")["count"] == 0
    batch = _batch(sets, one)
    assert list(refused(sets, "walidata", "satudata_batch_change", id=batch, add=[two], remove=["x"])) == ["remove"]
    assert list(refused(sets, "walidata", "satudata_batch_change", id=batch, remove=[two])) == ["remove"]
    assert [row["id"] for row in _show(sets, batch)["datasets"]] == [one]
    with pytest.raises(tk.ObjectNotFound):
        sets.call("walidata", "satudata_batch_show", id="tidak-ada")


@pytest.mark.thorough
def test_progress_by_office(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset("operator_lain", "disdik")
    batch = _batch(sets, one, two)
    sets.decide("operator", one, "submit")
    shown = _show(sets, batch)
    assert (shown["count"], shown["submitted"], shown["checked"], shown["drafts"]) == (2, 1, 0, 1)
    assert [(row["title"], row["submitted"], row["count"]) for row in shown["organizations"]] == [
        ("Dinas Kesehatan", 1, 1),
        ("Dinas Pendidikan", 0, 1),
    ]
    assert {row["id"]: row["waiting"] for row in shown["datasets"]} == {one: True, two: False}
    sets.decide("operator_lain", two, "submit")
    sets.decide("walidata", one, "pass")
    shown = _show(sets, batch)
    assert (shown["submitted"], shown["checked"]) == (2, 1)


def test_sets_are_the_walidatas(sets: Office) -> None:
    one, theirs = sets.dataset(), sets.dataset("operator_lain", "disdik")
    for who in ("operator", "pembina", "anggota", "tamu", ""):
        with pytest.raises(tk.NotAuthorized):
            sets.call(who, "satudata_batch_create", title="A")
    # walidata_dua has a grant for one office
    assert list(refused(sets, "walidata_dua", "satudata_batch_create", title="A", datasets=[one])) == ["datasets"]
    own = _batch(sets, theirs, who="walidata_dua")
    other = _batch(sets, one)
    with pytest.raises(tk.ObjectNotFound):
        _show(sets, other, "walidata_dua")
    with pytest.raises(tk.NotAuthorized):
        sets.call("walidata_dua", "satudata_batch_close", id=other)
    assert sets.call("walidata_dua", "satudata_batch_list")["count"] == 1
    assert sets.call("walidata", "satudata_batch_list")["count"] == 2
    assert sets.call("admin", "satudata_batch_close", id=own)["closed"] is not None
    assert sets.call("walidata", "satudata_batch_list", closed=False, q="data")["count"] == 1


def test_reviewers_are_told_when_a_set_begins_by_itself(sets: Office) -> None:
    one, two = sets.dataset(), sets.dataset()
    batch = _batch(sets, one, two)
    sets.decide("operator", one, "submit")
    sets.call("walidata", "satudata_batch_change", id=batch, remove=[two])
    texts = [notice["text"] for notice in sets.call("walidata", "satudata_notice_list")["results"]]
    assert any("Data 2026" in text for text in texts)
