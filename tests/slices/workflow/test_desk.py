"""The desk: in which order cases stand on it, and by which filters they are found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.workflow.standing import checked
from ckanext.satudata.workflow.worklists import tally

from .conftest import Office
from .desks import change, ids, many, queue


def test_late_ones_come_first_then_by_due_date_and_those_without_last(office: Office) -> None:
    soon, without, late, later = many(office, 4)
    now = datetime.now(UTC)
    for dataset, due in ((soon, now + timedelta(days=1)), (late, now - timedelta(days=3)), (without, None)):
        change(dataset, due=due)
    change(later, due=now + timedelta(days=30))
    found = queue(office, "walidata")
    assert [row["id"] for row in found["results"]] == [late, soon, later, without]
    assert [row["late"] for row in found["results"]] == [True, False, False, False]
    assert found["late"] == 1


@pytest.mark.thorough
def test_pages_hold_every_case_once_also_with_one_due_date(office: Office) -> None:
    made = many(office, 7)
    for dataset in made:
        change(dataset, due=datetime(2030, 1, 1, tzinfo=UTC), since=datetime(2026, 1, 1, tzinfo=UTC))
    pages = [ids(office, "walidata", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sorted(dataset for page in pages for dataset in page) == sorted(made)
    assert queue(office, "walidata", limit=3, offset=9)["count"] == 7


def test_what_is_late_is_known_before_the_clock_has_looked(office: Office) -> None:
    late, _other = many(office, 2)
    change(late, due=datetime.now(UTC) + timedelta(milliseconds=200))
    model.Session.execute(sa.text("select pg_sleep(0.3)"))
    assert (queue(office, "walidata")["late"], ids(office, "walidata", late=True)) == (1, [late])
    tally.tidy()
    found = queue(office, "walidata", late=True)
    assert (found["count"], found["late"], found["due_today"], len(found["results"])) == (1, 1, 0, 1)


# the filters


@pytest.mark.thorough
def test_the_desk_is_filtered_by_the_result_of_the_checks(office: Office) -> None:
    results = dict(zip(("passed", "warnings", "errors", "none"), many(office, 4), strict=True))
    for result, dataset in results.items():
        change(dataset, qa_result=result)
    assert {result: ids(office, "walidata", qa=result) for result in results} == {
        result: [dataset] for result, dataset in results.items()
    }
    assert queue(office, "walidata", qa="passed")["count"] == 1


def test_what_was_never_told_counts_as_not_checked(office: Office) -> None:
    (dataset,) = many(office, 1)
    change(dataset, qa_result=None)
    assert ids(office, "walidata", qa="none") == [dataset]
    checked.fill()
    assert model.Session.execute(sa.text("select qa_result from satudata_case")).scalar_one() == "none"


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ({"state": "done", "errors": 0, "warnings": 0, "questions": 0}, "passed"),
        ({"state": "done", "errors": 1, "warnings": 2, "questions": 0}, "errors"),
        ({"state": "done", "errors": 0, "warnings": 0, "questions": 1}, "warnings"),
        ({"state": "running", "errors": 0, "warnings": 0, "questions": 0}, "none"),
        ({"state": "none", "errors": 0, "warnings": 0, "questions": 0}, "none"),
        ({}, "none"),
    ],
)
def test_checks_in_one_word(summary: dict[str, Any], expected: str) -> None:
    assert checked.result(summary) == expected


@pytest.mark.thorough
def test_the_desk_is_filtered_by_who_has_taken_it(office: Office) -> None:
    office.grant("operator_lain", "walidata")
    mine, theirs, free = many(office, 3)
    office.call("walidata", "satudata_claim", id=mine)
    office.call("operator_lain", "satudata_claim", id=theirs)
    everything = {"tab": "all"}
    assert ids(office, "walidata", assignee="me", **everything) == [mine]
    assert ids(office, "walidata", assignee="nobody", **everything) == [free]
    assert sorted(ids(office, "walidata", assignee="anybody", **everything)) == sorted([mine, theirs])
    assert ids(office, "walidata", assignee="operator_lain", **everything) == [theirs]
    assert sorted(ids(office, "walidata")) == sorted([mine, free])  # what another has taken is not my turn
    assert queue(office, "walidata")["count"] == 2
    row = next(row for row in queue(office, "walidata", **everything)["results"] if row["id"] == theirs)
    assert (row["holder"]["name"], row["holder"]["me"], row["mine"]) == ("operator_lain", False, False)


def test_a_claim_of_somebody_without_a_role_holds_nobody_up(office: Office) -> None:
    (dataset,) = many(office, 1)
    change(dataset, holder_id=office.id("tamu"))
    assert ids(office, "walidata") == [dataset]
    assert ids(office, "walidata", assignee="nobody") == [dataset]


@pytest.mark.thorough
def test_the_desk_is_filtered_by_role_organization_and_set(office: Office) -> None:
    reviewed, ready = many(office, 2)
    office.decide("walidata", ready, "pass")
    other = office.dataset("operator_lain", "disdik")
    office.decide("operator_lain", other, "submit")
    assert ids(office, "walidata", role="pembina_data", tab="all") == []
    assert sorted(ids(office, "walidata", role="walidata", tab="all")) == sorted([reviewed, ready, other])
    assert ids(office, "walidata", organization="disdik") == [other]
    found = queue(office, "walidata", organization="disdik")
    assert found["count"] == 1
    assert [(one["title"], one["count"]) for one in found["organizations"]] == [
        ("Dinas Kesehatan", 2),
        ("Dinas Pendidikan", 1),
    ]
    batch = office.call("walidata", "satudata_batch_create", title="Semester I", datasets=[ready])
    assert ids(office, "walidata", batch=batch["id"]) == [ready]


def test_words_of_the_title_are_found_by_their_beginnings(office: Office) -> None:
    wanted = {
        title: many(office, 1, title=title)[0]
        for title in ("Rumah Tidak Layak-Huni (RTLH)", "Panjang Jalan 100%", "Luas_Panen Padi")
    }
    for q, title in (
        ("layak RUMAH", "Rumah Tidak Layak-Huni (RTLH)"),
        ("hun", "Rumah Tidak Layak-Huni (RTLH)"),
        ("100%", "Panjang Jalan 100%"),
        ("panen", "Luas_Panen Padi"),
        ("(rtlh)", "Rumah Tidak Layak-Huni (RTLH)"),
    ):
        assert ids(office, "walidata", q=q) == [wanted[title]], q
    for q in ("anen", "jalan rumah", "% _", "' & !", "\\"):
        assert ids(office, "walidata", q=q) == [], q


def test_a_search_counts_up_to_its_limit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.satudata.workflow.worklists import desk

    many(office, 3)
    monkeypatch.setattr(desk, "CAP", 2)
    found = queue(office, "walidata", q="rumah")
    assert (found["count"], found["count_is_exact"], len(found["results"])) == (2, False, 3)


def test_filters_go_together(office: Office) -> None:
    one, two, _three = many(office, 3)
    for dataset in (one, two):
        change(dataset, due=datetime.now(UTC) - timedelta(days=2), qa_result="passed")
    office.call("walidata", "satudata_claim", id=one)
    found = queue(office, "walidata", late=True, qa="passed", assignee="me", organization="dinkes", q="rumah")
    assert ([row["id"] for row in found["results"]], found["count"]) == ([one], 1)
