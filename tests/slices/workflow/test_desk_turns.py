"""The desk and the engine agree whose turn a case is, in every kind of stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from .conftest import Office
from .conftest import rulebook as own_rulebook
from .desks import change, ids, many, queue

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
  walidata: {id: Walidata, en: Walidata, reads: submitted}
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
