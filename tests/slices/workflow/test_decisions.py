"""A decision is written once, whole, by somebody who may, on what they saw."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from sqlalchemy.exc import DBAPIError, IntegrityError

from .conftest import Office, engine


def _codes(errors: dict[str, Any]) -> list[str]:
    return [found["code"] for found in errors["reasons"]]


def test_a_new_dataset_is_a_private_draft(office: Office) -> None:
    dataset = office.dataset()
    assert office.written(dataset) == ("draft", None, 0, False, 0)
    assert office.call("admin", "package_show", id=dataset)["private"] is True


def test_the_whole_way(office: Office) -> None:
    """Submit, return with a note, submit again, pass, publish; every step with its sentence."""
    dataset = office.dataset()
    first = office.decide("operator", dataset, "submit")
    assert first["message"] == "Sudah diajukan. Sekarang giliran Walidata."
    back = office.decide("walidata", dataset, "return", note="Satuan salah.")
    assert (back["to_state"], back["message"]) == ("revision", "Dikembalikan ke Dinas Kesehatan dengan catatan Anda.")
    office.call("operator", "package_patch", id=dataset, notes="Diperbaiki.")
    assert office.decide("operator", dataset, "submit")["round"] == 2
    passed = office.decide("walidata", dataset, "pass")
    assert passed["message"] == "Disetujui. Berikutnya: Disetujui, belum terbit."
    published = office.decide("walidata", dataset, "publish")
    assert published["case"]["state"] == "published"
    assert office.written(dataset) == ("published", None, 2, True, 5)
    visitor = tk.get_action("package_show")({"user": "", "ignore_auth": False}, {"id": dataset})
    assert visitor["private"] is False


def test_priority_data_go_through_the_pembina_data(office: Office) -> None:
    dataset = office.dataset()
    office.call("walidata", "satudata_prioritas_set", id=dataset, data_prioritas=True, tahun=2026)
    office.decide("operator", dataset, "submit")
    assert office.decide("walidata", dataset, "pass")["to_stage"] == "pembina"
    relayed = office.decide("pembina", dataset, "return", note="Definisi belum sesuai.")
    assert (relayed["to_state"], relayed["to_stage"]) == ("in_review", "periksa")


def test_submitting_what_is_being_reviewed_is_refused(office: Office, submitted: str) -> None:
    assert _codes(office.refused("operator", submitted, "submit")) == ["wrong_state"]


def test_a_missing_note_is_asked_for(office: Office, submitted: str) -> None:
    errors = office.refused("walidata", submitted, "return", note="  ")
    assert errors["note"] == ["Tulis catatan: apa yang harus diperbaiki, di mana, dan bagaimana."]
    assert [found["key"] for found in errors["missing"]] == ["note"]


@pytest.mark.parametrize("who", ["walidata_dua", "pembina"])
def test_the_reviewer_of_another_organization_or_stage_may_not_even_look(
    office: Office, submitted: str, who: str
) -> None:
    with pytest.raises(tk.NotAuthorized):
        office.decide(who, submitted, "pass")
    with pytest.raises(tk.NotAuthorized):
        office.call(who, "satudata_available", id=submitted)


def test_strangers_may_not_decide(office: Office, submitted: str) -> None:
    for who in ("tamu", "operator_lain"):
        with pytest.raises(tk.NotAuthorized):
            office.decide(who, submitted, "pass")


def test_other_roles_are_refused_with_the_reason(office: Office, submitted: str) -> None:
    """Also the organization's admin: members are no reviewers."""
    for who in ("operator_dua", "anggota"):
        assert "role_missing" in _codes(office.refused(who, submitted, "pass")), who


def test_nobody_decides_on_what_they_wrote(office: Office) -> None:
    office.grant("operator_dua", "walidata")
    dataset = office.dataset()
    office.call("operator_dua", "package_patch", id=dataset, notes="Saya ikut menulis.")
    office.decide("operator", dataset, "submit")
    assert _codes(office.refused("operator_dua", dataset, "pass")) == ["own_work"]


def test_a_sysadmin_overrides_with_a_reason_and_it_is_marked(office: Office, submitted: str) -> None:
    assert list(office.refused("admin", submitted, "pass")) == ["reason", "missing"]
    office.decide("admin", submitted, "pass", reason="Walidata cuti.")
    event = office.call("admin", "satudata_history", id=submitted)[0]
    assert (event["override"], event["reason"], event["role"]) == (True, "Walidata cuti.", None)


def test_a_visitor_is_asked_to_log_in(office: Office, submitted: str) -> None:
    with pytest.raises(tk.NotAuthorized):
        office.decide("", submitted, "pass")


def test_an_unknown_dataset_is_not_found(office: Office) -> None:
    data = {"transition": "pass", "expected": {"state": "in_review", "stage": "periksa", "round": 1}}
    with pytest.raises(tk.ObjectNotFound):
        office.call("walidata", "satudata_transition", id="tidak-ada", content_hash="x", **data)


def test_a_deleted_dataset_cannot_be_submitted(office: Office) -> None:
    dataset = office.dataset()
    seen = office.case(dataset)
    office.call("operator", "package_delete", id=dataset)
    data = {"expected": seen["expected"], "content_hash": seen["content_hash"]}
    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
        office.call("operator", "satudata_transition", id=dataset, transition="submit", **data)


BAD_INPUT: list[tuple[str, Any]] = [
    ("expected", "bukan json"),
    ("expected", {"state": "draft"}),
    ("expected", {"state": "draft", "round": "satu"}),
    ("expected", {"state": "draft", "round": 0, "lain": 1}),
    ("expected", ["draft", None, 0]),
    ("expected", None),
    ("content_hash", ""),
    ("transition", ""),
    ("transition", "hapus"),
    ("note", "x" * 10_001),
    ("subject_type", "kapal"),
]


def test_bad_input_is_refused(office: Office) -> None:
    dataset = office.dataset()
    for field, value in BAD_INPUT:
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            office.decide("operator", dataset, **{"transition": "submit", field: value})
        assert office.written(dataset) == ("draft", None, 0, False, 0), field


def test_expected_may_come_as_json_text(office: Office) -> None:
    """As a form sends it."""
    dataset = office.dataset()
    expected = json.dumps({"state": "draft", "stage": "", "round": "0"})
    assert office.decide("operator", dataset, "submit", expected=expected)["to_state"] == "in_review"


def test_a_second_click_is_a_conflict_not_a_second_decision(office: Office, submitted: str) -> None:
    seen = office.case(submitted)
    data = {"expected": seen["expected"], "content_hash": seen["content_hash"]}
    office.call("walidata", "satudata_transition", id=submitted, transition="pass", **data)
    errors = office.refused("walidata", submitted, "pass", **data)
    assert "sudah berubah" in errors["conflict"][0]
    assert errors["now"][0]["state"] == "verified"


def test_content_that_changed_since_is_a_conflict(office: Office) -> None:
    dataset = office.dataset()
    seen = office.case(dataset)
    office.call("operator", "package_patch", id=dataset, notes="Lain.")
    assert "conflict" in office.refused("operator", dataset, "submit", content_hash=seen["content_hash"])


def test_two_reviewers_at_once_make_one_decision(office: Office, submitted: str) -> None:
    """Real threads and connections; several rounds, since a race is not always lost."""
    office.grant("tamu", "walidata")
    for _ in range(4):
        seen = office.case(submitted)
        outcomes = _at_once(
            [("walidata", "return"), ("tamu", "return"), ("walidata", "return"), ("tamu", "return")], submitted, seen
        )
        assert sorted(outcomes) == ["conflict", "conflict", "conflict", "done"]
        office.decide("operator", submitted, "submit")
    assert office.written(submitted)[4] == 1 + 4 * 2


def _at_once(attempts: list[tuple[str, str]], dataset: str, seen: dict[str, Any]) -> list[str]:
    start = threading.Barrier(len(attempts))
    outcomes: list[str] = []

    def attempt(who: str, transition: str) -> None:
        data = {"id": dataset, "transition": transition, "note": "Catatan.", "reason_code": "metadata"}
        data.update(expected=seen["expected"], content_hash=seen["content_hash"])
        try:
            start.wait()
            context: Any = {"user": who, "ignore_auth": False}
            tk.get_action("satudata_transition")(context, data)
            outcomes.append("done")
        except tk.ValidationError as error:
            outcomes.append(next(iter(error.error_dict)))
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=attempt, args=pair) for pair in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_an_edit_and_a_submission_at_once_never_mix(office: Office) -> None:
    """Whoever comes second is refused: what is in review is what was submitted."""
    for _ in range(3):
        dataset = office.dataset()
        seen = office.case(dataset)
        start = threading.Barrier(2)

        def edit(dataset: str = dataset, start: threading.Barrier = start) -> None:
            start.wait()
            with contextlib.suppress(tk.ValidationError, tk.NotAuthorized, DBAPIError):
                office.call("operator_dua", "package_patch", id=dataset, notes="Diubah bersamaan.")
            model.Session.remove()

        thread = threading.Thread(target=edit)
        thread.start()
        start.wait()
        data = {"expected": seen["expected"], "content_hash": seen["content_hash"]}
        with contextlib.suppress(tk.ValidationError):
            office.call("operator", "satudata_transition", id=dataset, transition="submit", **data)
        thread.join(60)
        model.Session.remove()
        if office.written(dataset)[0] == "in_review":
            stored = model.Session.execute(
                sa.text("select content_hash from satudata_case where subject_id = :id"), {"id": dataset}
            ).scalar_one()
            assert office.case(dataset)["content_hash"] == stored


def test_a_failing_effect_leaves_nothing_behind(office: Office, submitted: str) -> None:
    """The history is written in the same transaction as everything a decision causes."""
    connection = engine().connect()
    connection.execute(sa.text("alter table satudata_notice add constraint kaput check (false) not valid"))
    connection.commit() if hasattr(connection, "commit") else None
    try:
        before = office.written(submitted)
        with pytest.raises(IntegrityError):
            office.decide("walidata", submitted, "return", note="Catatan.")
        assert office.written(submitted) == before
    finally:
        connection.execute(sa.text("alter table satudata_notice drop constraint kaput"))
        connection.commit() if hasattr(connection, "commit") else None
        connection.close()
    office.decide("walidata", submitted, "return", note="Catatan.")


def test_history_cannot_be_rewritten(office: Office, submitted: str) -> None:
    """Not even by SQL."""
    for statement in ("update satudata_event set note = 'lain'", "delete from satudata_event"):
        with pytest.raises(DBAPIError, match="append-only"):
            model.Session.execute(sa.text(statement))
        model.Session.rollback()
    assert len(office.call("admin", "satudata_history", id=submitted)) == 1


def test_the_version_of_the_procedure_is_kept(office: Office, submitted: str) -> None:
    row = model.Session.execute(sa.text("select id, key, source from satudata_definition")).one()
    assert row.key == "uji"
    assert "pembina_data" in row.source
    assert office.case(submitted)["definition"]["id"] == row.id


def test_a_case_keeps_its_procedure_when_the_portal_changes_it(
    office: Office, submitted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the switch to `perpres` the running case still publishes without the gates of perpres."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "perpres")
    office.decide("walidata", submitted, "pass")
    assert office.decide("walidata", submitted, "publish")["to_state"] == "published"
    assert office.case(submitted)["definition"]["key"] == "uji"


def test_the_case_follows_title_organization_and_removal(office: Office) -> None:
    """Also past every hook."""
    dataset = office.dataset()
    query = sa.text("select title, organization_id, present from satudata_case where subject_id = :id")
    model.Session.execute(sa.text("update package set title = 'Baru' where id = :id"), {"id": dataset})
    model.Session.commit()
    assert model.Session.execute(query, {"id": dataset}).one() == ("Baru", office.dinkes["id"], True)
    office.call("operator", "package_delete", id=dataset)
    assert model.Session.execute(query, {"id": dataset}).one().present is False


def test_datasets_written_past_every_hook_get_their_case_by_the_tick(office: Office) -> None:
    from ckanext.satudata.workflow.standing import cases

    dataset = factories.Dataset(owner_org=office.dinkes["id"])["id"]
    model.Session.execute(sa.text("delete from satudata_author"))
    model.Session.execute(sa.text("delete from satudata_case"))
    model.Session.commit()
    assert office.case(dataset)["state"] == "draft"
    assert cases.make_missing() == 1
    assert office.written(dataset)[0] == "draft"
    assert cases.make_missing() == 0


def test_exempt_types_have_no_workflow(office: Office) -> None:
    dataset = factories.Dataset(type="harvest", owner_org=office.dinkes["id"])
    assert office.written(dataset["id"]) is None
    with pytest.raises(tk.ObjectNotFound):
        office.case(dataset["id"])
