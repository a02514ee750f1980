"""Who outside of the organization reads what is in review: as long as it is with them, everywhere the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata.bridge import reviewing
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.publication import indexing

from .conftest import Office

PROCEDURE = """
format: 1
key: baca
title: {id: Baca, en: Reading}
roles:
  produsen_data: {id: Produsen Data, en: Produsen Data}
  walidata: {id: Walidata, en: Walidata}
  pembina_data: {id: Pembina Data, en: Pembina Data}
stages:
  - {key: periksa, label: {id: Pemeriksaan, en: Check}, role: walidata, scope: tree}
  - {key: pembina, label: {id: Pembina, en: Pembina}, role: pembina_data, return_to: via:walidata}
transitions:
  submit: {by: produsen_data}
  withdraw: {by: produsen_data}
  publish: {by: pembina_data}
  reopen: {by: pembina_data}
"""


@pytest.fixture
def two(office: Office, rulebook: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Walidata, then Pembina Data, who publishes; each reads where it has a turn."""
    (rulebook / "workflows" / "baca.yaml").write_text(PROCEDURE, "utf-8")
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "baca")
    return office


def read(office: Office, dataset: str, *who: str) -> list[str]:
    """Those of these people who read it: the dataset itself, its history, and in the search."""
    found: list[str] = []
    for one in who:
        answers = {_shows(office, one, dataset), _history(office, one, dataset), _finds(one, dataset)}
        assert len(answers) == 1, (one, "the locks do not agree")
        found += [one] if answers == {True} else []
    return found


def _shows(office: Office, who: str, dataset: str) -> bool:
    return _allowed(office, who, "package_show", dataset)


def _history(office: Office, who: str, dataset: str) -> bool:
    return _allowed(office, who, "satudata_history", dataset)


def _allowed(office: Office, who: str, action: str, dataset: str) -> bool:
    try:
        office.call(who, action, id=dataset)
    except tk.NotAuthorized:
        return False
    return True


def _finds(who: str, dataset: str) -> bool:
    context: Any = {"user": who, "auth_user_obj": model.User.get(who), "ignore_auth": False}
    wanted = {"fq": f"id:{dataset}", "include_private": True, "include_drafts": True}
    return tk.get_action("package_search")(context, wanted)["count"] == 1


def test_a_reviewer_reads_what_stands_at_their_stage_and_no_longer(two: Office) -> None:
    dataset = two.dataset()
    assert read(two, dataset, "operator", "walidata", "walidata_dua", "pembina") == ["operator"]
    two.decide("operator", dataset, "submit")
    assert read(two, dataset, "walidata", "walidata_dua", "pembina") == ["walidata"]
    two.decide("walidata", dataset, "pass")
    assert read(two, dataset, "operator", "walidata", "pembina") == ["operator", "pembina"]


def test_the_right_comes_back_with_a_return_and_ends_when_the_producer_takes_over(two: Office) -> None:
    dataset = two.submitted()
    two.decide("walidata", dataset, "pass")
    two.decide("pembina", dataset, "return", note="Periksa lagi.")
    assert read(two, dataset, "walidata", "pembina") == ["walidata"]
    two.decide("walidata", dataset, "return", note="Perbaiki.")
    assert read(two, dataset, "operator", "walidata", "pembina") == ["operator"]


def test_submitted_reads_on_and_never_what_was_not_handed_in(two: Office, rulebook: Path) -> None:
    said = PROCEDURE.replace("en: Walidata}\n", "en: Walidata, reads: submitted}\n", 1)
    (rulebook / "workflows" / "baca.yaml").write_text(said, "utf-8")
    dataset = two.dataset()
    assert read(two, dataset, "walidata") == []
    two.decide("operator", dataset, "submit")
    two.decide("walidata", dataset, "pass")
    assert read(two, dataset, "walidata", "pembina") == ["walidata", "pembina"]


def test_office_reads_drafts(two: Office, rulebook: Path) -> None:
    said = PROCEDURE.replace("en: Pembina Data}", "en: Pembina Data, reads: office}")
    (rulebook / "workflows" / "baca.yaml").write_text(said, "utf-8")
    assert read(two, two.dataset(), "walidata", "pembina") == ["pembina"]


def test_a_grant_from_above_reads_only_where_the_stage_counts_it(two: Office) -> None:
    above = factories.Organization(name="setda", user=two.users["admin"])
    below = model.Group.get("dinkes")
    model.Session.add(model.Member(group=below, table_id=above["id"], table_name="group", capacity="parent"))
    model.Session.commit()
    two.grant("tamu", "walidata", organization="setda")
    two.grant("walidata_dua", "pembina_data", organization="setda")
    dataset = two.submitted()
    assert read(two, dataset, "tamu", "walidata_dua") == ["tamu"]
    two.decide("walidata", dataset, "pass")
    assert read(two, dataset, "tamu", "walidata_dua") == []


def test_a_deputy_reads_as_whoever_they_act_for(two: Office) -> None:
    dataset = two.submitted()
    until = {"valid_until": (now() + timedelta(days=5)).date().isoformat()}
    two.call("admin", "satudata_deputy_create", user="tamu", deputy_of="walidata", kind="plh", letter="1", **until)
    assert read(two, dataset, "tamu") == ["tamu"]
    two.decide("walidata", dataset, "pass")
    assert read(two, dataset, "tamu") == []


def test_who_passed_gets_the_answer_again_and_may_not_look_any_more(two: Office) -> None:
    dataset = two.submitted()
    seen = two.case(dataset)
    asked = {"expected": seen["expected"], "content_hash": seen["content_hash"], "idempotency_key": "sekali"}
    first = two.call("walidata", "satudata_transition", id=dataset, transition="pass", **asked)
    assert (
        two.call("walidata", "satudata_transition", id=dataset, transition="pass", **asked)["event_id"]
        == (first["event_id"])
    )
    with pytest.raises(tk.NotAuthorized):
        two.call("walidata", "satudata_case_show", id=dataset)


def test_lists_tell_only_what_may_be_read(two: Office) -> None:
    """The desk, the register and the notices of whose stage is over."""
    dataset = two.submitted()
    title = two.case(dataset)["title"]
    assert title in str(two.call("walidata", "satudata_queue", tab="all"))
    assert title in str(two.call("walidata", "satudata_notice_list"))
    two.decide("walidata", dataset, "pass")
    for action, more in (("satudata_queue", {"tab": "all"}), ("satudata_register", {}), ("satudata_notice_list", {})):
        answer = str(two.call("walidata", action, **more))
        assert title not in answer, action
        assert dataset not in answer, action
        assert title in str(two.call("pembina", action, **more)), action
    tabs = {tab["key"]: tab["count"] for tab in two.call("walidata", "satudata_queue")["tabs"]}
    assert (tabs["all"], tabs["stage:pembina"]) == (0, 0)


def test_an_entry_of_an_older_version_is_indexed_anew(two: Office) -> None:
    dataset = two.submitted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reviewing, "labels_of", lambda _readers, office: ["sd-review-all", f"sd-review-{office}"])
        indexing.index_dataset(dataset)
    assert not _finds("walidata", dataset)
    assert indexing.find_old_labels() == 1
    indexing.index_dataset(dataset)
    assert _finds("walidata", dataset)
    assert indexing.find_old_labels() == 0
