"""The desk: whose turn it is, in which order, by which filter, and that its numbers are those of the cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.workflow.standing import checked
from ckanext.satudata.workflow.worklists import rows, tally, turns

from .conftest import Office
from .conftest import rulebook as own_rulebook

rulebook = own_rulebook

STEPS = ("pass", "return", "reject", "publish")
# Positions, a relay, a stage for the office above, one that only Walidata of all may take, a report.
LADDER = """
format: 1
key: uji
title: {id: Tangga, en: Ladder}
reasons: free
roles:
  produsen_data: {id: Produsen Data, en: Produsen Data}
  walidata: {id: Walidata, en: Walidata}
  pembina_data: {id: Pembina Data, en: Pembina Data}
  kepala_opd: {id: Kepala OPD, en: Head of office}
stages:
  - {key: sah, label: {id: Pengesahan, en: Sign-off}, kind: sign_off, role: kepala_opd, scope: tree, optional: true}
  - {key: periksa, label: {id: Pemeriksaan, en: Review}, role: walidata, position: [staf, kasi],
     return_to: via:walidata/staf, sla: 5 hari_kerja}
  - {key: teruskan, label: {id: Penerusan, en: Relay}, kind: relay, role: walidata, position: staf}
  - {key: koreksi, label: {id: Koreksi, en: Correction}, role: walidata, position: kabid, return_to: stage:periksa}
  - {key: pembina, label: {id: Pembina, en: Advice}, role: pembina_data, scope: all, when: data_prioritas}
  - {key: tahu, label: {id: Laporan, en: Report}, kind: report, role: walidata, position: kepala}
transitions:
  submit: {by: produsen_data}
  withdraw: {by: produsen_data}
  return: {by: walidata/kasi}
  publish: {by: walidata/kasi}
"""


def queue(office: Office, who: str, **data: Any) -> dict[str, Any]:
    return office.call(who, "satudata_queue", **data)


def ids(office: Office, who: str, **data: Any) -> list[str]:
    return [row["id"] for row in queue(office, who, **data)["results"]]


def many(office: Office, number: int, **fields: Any) -> list[str]:
    """Datasets in review."""
    found = [office.dataset(**fields) for _ in range(number)]
    for dataset in found:
        office.decide("operator", dataset, "submit")
    return found


def change(dataset: str, **values: Any) -> None:
    """Write columns of the case, as time or another part of the program would."""
    pairs = ", ".join(f"{name} = :{name}" for name in values)
    model.Session.execute(
        sa.text(f"update satudata_case set {pairs} where subject_id = :id"), {**values, "id": dataset}
    )
    model.Session.commit()


# the order


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


# my turn


@pytest.fixture
def ladder(office: Office, rulebook: Any) -> Office:
    (rulebook / "workflows" / "uji.yaml").write_text(LADDER, "utf-8")
    for grant in office.call("admin", "satudata_grant_list", active=True):
        office.call("admin", "satudata_grant_end", id=grant["id"])
    office.grant("walidata", "walidata", position="staf")
    office.grant("walidata_dua", "walidata", position="kasi", organization="dinkes")
    office.grant("pembina", "pembina_data")
    office.grant("pembina", "walidata", position="kabid")
    office.grant("tamu", "walidata", position="kepala")
    office.grant("operator_dua", "walidata", position="kasi")
    return office


def _walk(office: Office) -> Iterator[str]:
    """Datasets at every step, some by people who hold roles themselves."""
    for who in ("operator", "operator_dua"):
        for path in ((), ("pass",), ("pass", "pass"), ("pass", "pass", "pass"), ("return",), ("pass", "return")):
            dataset = office.dataset(who)
            office.decide(who, dataset, "submit")
            for step in path:
                _decide_as_whoever_may(office, dataset, step)
            yield dataset


def _decide_as_whoever_may(office: Office, dataset: str, step: str) -> None:
    for who in office.users:
        if step in open_steps(office, who, dataset) and who != "admin":
            office.decide(who, dataset, step, **({"note": "Perbaiki."} if step == "return" else {}))
            return
    raise AssertionError(f"nobody can {step} {office.case(dataset)['stage']}")


def open_steps(office: Office, who: str, dataset: str) -> set[str]:
    """The deciding steps the engine leaves open to a person, overriding aside."""
    try:
        options = office.call(who, "satudata_available", id=dataset)["options"]
    except tk.NotAuthorized:
        return set()
    mine = {one["transition"] for one in options if one["open"] and one["mine"] and not one["override"]}
    return mine & set(STEPS)


@pytest.mark.thorough
def test_the_desk_and_the_engine_agree_whose_turn_it_is(ladder: Office) -> None:
    """Positions, relays, own work, one level for one person, claims: for everybody and every case."""
    made = list(_walk(ladder))
    held = next(one for one in made if "pass" in open_steps(ladder, "walidata", one))
    ladder.call("walidata", "satudata_claim", id=held)
    reviewers = ("walidata", "walidata_dua", "pembina", "tamu", "operator_dua")
    told: dict[str, set[str]] = {}
    for who in reviewers:
        told[who] = {dataset for dataset in made if open_steps(ladder, who, dataset)}
        found = queue(ladder, who, limit=100)
        assert {row["id"] for row in found["results"]} == told[who], who
        assert found["count"] == len(told[who]), who
        assert ladder.call(who, "satudata_my_grants")["waiting_for_me"] == len(told[who]), who
        everything = queue(ladder, who, tab="all", limit=100)["results"]
        assert {row["id"] for row in everything if row["mine"]} == told[who], who
    assert all(told[who] for who in reviewers), told


def test_a_stage_for_all_is_no_turn_of_an_office(ladder: Office) -> None:
    ladder.grant("operator_lain", "pembina_data", organization="dinkes")
    dataset = ladder.dataset()
    ladder.call("admin", "satudata_prioritas_set", id=dataset, data_prioritas=True, tahun=2026)
    ladder.decide("operator", dataset, "submit")
    ladder.decide("walidata", dataset, "pass")
    change(dataset, stage="pembina")
    assert ids(ladder, "operator_lain") == []
    assert ids(ladder, "pembina") == [dataset]


def test_a_grant_for_the_office_above_counts_where_a_stage_says_so(ladder: Office) -> None:
    parent = ladder.call("admin", "organization_create", name="sekda", title="Sekretariat Daerah")
    child = model.Group.get("dinkes")
    model.Session.add(
        model.Member(group=child, table_id=parent["id"], table_name="group", capacity="public", state="active")
    )
    model.Session.commit()
    ladder.grant("operator_lain", "kepala_opd", organization="sekda")
    dataset = ladder.dataset()
    ladder.decide("operator", dataset, "submit")
    assert ladder.case(dataset)["stage"] == "sah"
    assert ids(ladder, "operator_lain") == [dataset]
    assert queue(ladder, "operator_lain")["count"] == 1


def test_a_deputy_has_the_turns_of_the_post(ladder: Office) -> None:
    (dataset,) = many(ladder, 1)
    assert "operator_lain" not in str(ids(ladder, "walidata"))
    ladder.call(
        "admin",
        "satudata_deputy_create",
        user="operator_lain",
        deputy_of="walidata",
        kind="plh",
        valid_from=datetime.now(UTC).isoformat(),
        valid_until=(datetime.now(UTC) + timedelta(days=9)).date().isoformat(),
        letter="800/1/2026",
    )
    assert ids(ladder, "operator_lain") == [dataset]


def test_a_release_date_leaves_nothing_to_do(office: Office) -> None:
    (dataset,) = many(office, 1)
    office.decide("walidata", dataset, "pass")
    assert ids(office, "walidata") == [dataset]
    office.decide("walidata", dataset, "schedule", at=(datetime.now(UTC) + timedelta(days=3)).isoformat())
    assert (ids(office, "walidata"), queue(office, "walidata")["count"]) == ([], 0)
    assert ids(office, "walidata", tab="verified") == [dataset]


def test_a_set_that_is_not_complete_is_nobodys_turn(office: Office, rulebook: Any) -> None:
    path = rulebook / "workflows" / "uji.yaml"
    path.write_text(
        path.read_text("utf-8").replace("key: periksa,", "key: periksa, start_when: all_submitted,"), "utf-8"
    )
    first, second = office.dataset(), office.dataset()
    office.call("walidata", "satudata_batch_create", title="Semester I", datasets=[first, second])
    office.decide("operator", first, "submit")
    assert (ids(office, "walidata"), queue(office, "walidata")["count"]) == ([], 0)
    office.decide("operator", second, "submit")
    assert sorted(ids(office, "walidata")) == sorted([first, second])


# what may be decided on together


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"qa_result": "passed"}, "pass"),
        ({"qa_result": "warnings"}, None),
        ({"qa_result": None}, None),
        ({"qa_result": "passed", "holder": "walidata"}, "pass"),
        ({"qa_result": "passed", "holder": "pembina"}, None),
        ({"qa_result": "passed", "note": True}, None),
    ],
)
def test_a_tick_box_needs_green_checks_no_note_and_no_other_holder(
    office: Office, values: dict[str, Any], expected: str | None
) -> None:
    (dataset,) = many(office, 1)
    change(
        dataset, qa_result=values["qa_result"], holder_id=office.id(values["holder"]) if "holder" in values else None
    )
    if values.get("note"):
        case = model.Session.execute(sa.text("select id from satudata_case")).scalar_one()
        statement = "insert into satudata_note (id, case_id, round, target_type, text, author_id, state) values"
        model.Session.execute(sa.text(f"{statement} ('n', :case, 1, 'dataset', 'x', 'y', 'open')"), {"case": case})
        model.Session.commit()
    (row,) = queue(office, "walidata", tab="all")["results"]
    assert (row["bulk"]["transition"] if row["bulk"] else None) == expected


# the numbers


def _sums() -> dict[Any, int]:
    query = "select definition_id, step, organization_id, holder_id, overdue, sum(n) from satudata_desk_count"
    found = model.Session.execute(sa.text(f"{query} group by 1, 2, 3, 4, 5 having sum(n) <> 0"))
    return {tuple(row[:5]): int(row[5]) for row in found}


def _counted() -> dict[Any, int]:
    query = (
        "select coalesce(definition_id, ''), step, coalesce(organization_id, ''), coalesce(holder_id, ''), overdue,"
        " count(*) from satudata_case where present group by 1, 2, 3, 4, 5"
    )
    return {tuple(row[:5]): int(row[5]) for row in model.Session.execute(sa.text(query))}


def test_the_sums_are_those_of_the_cases_whatever_happens(office: Office) -> None:
    one, two, three, four = many(office, 4)
    draft = office.dataset()
    office.call("walidata", "satudata_claim", id=one)
    office.decide("walidata", two, "pass")
    office.decide("walidata", three, "return", note="Perbaiki.")
    change(four, due=datetime.now(UTC) - timedelta(days=1))
    assert _sums() == _counted()
    office.call("operator", "package_delete", id=draft)
    office.call("operator", "package_delete", id=three)
    office.decide("walidata", two, "publish")
    model.Session.execute(
        sa.text("update satudata_case set organization_id = null where subject_id = :id"), {"id": one}
    )
    assert _sums() == _counted()
    model.Session.rollback()
    assert _sums() == _counted()
    model.Session.execute(sa.text("delete from satudata_author"))
    model.Session.execute(sa.text("truncate satudata_event, satudata_receipt cascade"))
    model.Session.execute(sa.text("delete from satudata_case where subject_id = :id"), {"id": four})
    assert _sums() == _counted()
    model.Session.rollback()


@pytest.mark.thorough
def test_adding_the_sums_up_changes_none(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "ROWS", 0)
    made = many(office, 3)
    office.decide("walidata", made[0], "pass")
    before = _sums()
    tally.tidy()
    assert _sums() == before == _counted()
    count = model.Session.execute(sa.text("select count(*) from satudata_desk_count")).scalar_one()
    assert count == len(before)


def test_the_database_knows_the_levels_of_the_engine() -> None:
    """The trigger of migration 0007 names them; they are the engine's."""
    from ckanext.satudata.core.workflow.states import RULES

    assert {name for name, rule in RULES.items() if rule.level} == {"pass", "return", "reject"}
    assert set(turns.ON_DESK) < {"draft", "in_review", "revision", "verified", "published", "rejected", "archived"}
    assert set(rows.Listed.__slots__) >= set(rows.COLUMNS)
