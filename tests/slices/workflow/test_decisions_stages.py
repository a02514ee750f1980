"""Stages with everything a procedure can ask for: relay, form, evidence, optional, sign-off, deputies, own terms."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge.columns import at

from .conftest import Office

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture
def lengkap(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office under the complete procedure: staf, kasi and kabid of the walidata, a Kepala OPD."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "lengkap")
    office.grant("tamu", "walidata", position="kasi")
    office.grant("pembina", "walidata", position="kabid")
    office.grant("walidata_dua", "walidata", position="staf")
    office.grant("anggota", "kepala_opd", organization="dinkes")
    return office


def _letter(office: Office, who: str, dataset: str) -> str:
    upload = FileStorage(io.BytesIO(PDF), filename="surat.pdf", content_type="application/pdf")
    made = office.call(who, "satudata_evidence_create", id=dataset, kind="surat_validasi", upload=upload)
    return made["id"]


def _option(office: Office, who: str, dataset: str, transition: str) -> dict[str, Any]:
    answer = office.call(who, "satudata_available", id=dataset)
    return next(option for option in answer["options"] if option["transition"] == transition)


def _at_correction(office: Office) -> str:
    dataset = office.dataset()
    office.decide("operator", dataset, "submit")
    office.decide("tamu", dataset, "pass", form={"lengkap": "yes"})
    return dataset


@pytest.mark.thorough
def test_an_optional_stage_is_left_out_while_nobody_can_act_in_it(lengkap: Office) -> None:
    dataset = lengkap.dataset()
    assert lengkap.decide("operator", dataset, "submit")["to_stage"] == "periksa"
    stages = {stage["key"]: stage["status"] for stage in lengkap.case(dataset)["stages"]}
    assert (stages["pendukung"], stages["periksa"], stages["koreksi"]) == ("skipped", "here", "to_come")
    lengkap.grant("operator_lain", "walidata_pendukung", organization="dinkes")
    other = lengkap.dataset()
    assert lengkap.decide("operator", other, "submit")["to_stage"] == "pendukung"


def test_the_position_counts(lengkap: Office) -> None:
    """A walidata without position, and a kabid, may not take the stage of staf and kasi."""
    dataset = lengkap.dataset()
    lengkap.decide("operator", dataset, "submit")
    for who in ("walidata", "pembina"):
        errors = lengkap.refused(who, dataset, "pass", form={"lengkap": "yes"})
        assert [found["code"] for found in errors["reasons"]] == ["role_missing"], who
    assert lengkap.case(dataset, "tamu")["mine"] is True
    assert lengkap.case(dataset, "pembina")["mine"] is False
    assert lengkap.case(dataset)["turn"]["who"] == "Walidata (Staf) / Walidata (Kepala Seksi)"


def test_a_stage_with_a_form_is_passed_by_answering_it(lengkap: Office) -> None:
    dataset = lengkap.dataset()
    lengkap.decide("operator", dataset, "submit")
    assert "“Data lengkap” belum dijawab." in lengkap.refused("tamu", dataset, "pass")["form"]
    stopped = lengkap.refused("tamu", dataset, "pass", form={"lengkap": "tidak"})
    assert "Kembalikan dengan catatan" in stopped["form"][0]
    lengkap.decide("tamu", dataset, "pass", form={"lengkap": "ya", "catatan": "Baik."})
    event = lengkap.call("admin", "satudata_history", id=dataset)[0]
    assert event["form"] == {"lengkap": "ya", "catatan": "Baik."}


@pytest.mark.thorough
def test_answers_that_are_none_are_refused(lengkap: Office) -> None:
    dataset = lengkap.dataset()
    lengkap.decide("operator", dataset, "submit")
    for form in ("bukan json", ["ya"], {"lengkap": {"a": 1}}, {"lain": "x"}):
        assert "form" in lengkap.refused("tamu", dataset, "pass", form=form), form


def test_a_return_goes_through_the_relay_and_comes_back_to_who_returned_it(lengkap: Office) -> None:
    """Kabid → staf → producer → kabid again, without the stages that were passed."""
    dataset = _at_correction(lengkap)
    back = lengkap.decide("pembina", dataset, "return", note="Definisi keliru.", reason_code="standar_data")
    assert (back["to_state"], back["to_stage"]) == ("in_review", "teruskan")
    assert lengkap.case(dataset)["returned_from"] == {"key": "koreksi", "label": "Koreksi Kabid"}
    assert _option(lengkap, "walidata_dua", dataset, "return")["label"] == "Teruskan ke Produsen Data"
    onward = lengkap.decide("walidata_dua", dataset, "return", reason_code="")
    assert (onward["to_state"], onward["case"]["stage"]) == ("revision", "koreksi")
    again = lengkap.decide("operator", dataset, "submit")
    assert (again["to_stage"], again["round"]) == ("koreksi", 2)
    assert lengkap.decide("pembina", dataset, "pass")["to_stage"] == "sahkan"


@pytest.mark.thorough
def test_a_relay_can_send_it_back_up(lengkap: Office) -> None:
    dataset = _at_correction(lengkap)
    lengkap.decide("pembina", dataset, "return", note="Mohon dicek.")
    assert _option(lengkap, "walidata_dua", dataset, "pass")["label"] == "Kirim balik"
    assert lengkap.decide("walidata_dua", dataset, "pass")["to_stage"] == "koreksi"


def test_a_sign_off_needs_its_letter(lengkap: Office) -> None:
    dataset = _at_correction(lengkap)
    lengkap.decide("pembina", dataset, "pass")
    option = _option(lengkap, "anggota", dataset, "pass")
    assert option["label"] == "Sahkan"
    assert option["needs"]["evidence"] == [
        {"kind": "surat_validasi", "label": "surat validasi", "required": True, "attached": False}
    ]
    assert lengkap.refused("anggota", dataset, "pass")["evidence"] == ["Lampirkan surat validasi."]
    file = _letter(lengkap, "anggota", dataset)
    assert _option(lengkap, "anggota", dataset, "pass")["needs"]["evidence"][0]["attached"] is True
    done = lengkap.decide("anggota", dataset, "pass", evidence=[file])
    assert done["to_state"] == "verified"
    event = lengkap.call("admin", "satudata_history", id=dataset)[0]
    assert (event["label"], [found["kind"] for found in event["evidence"]]) == ("Disahkan", ["surat_validasi"])


@pytest.mark.thorough
def test_files_that_are_not_mine_are_no_evidence(lengkap: Office) -> None:
    dataset = _at_correction(lengkap)
    lengkap.decide("pembina", dataset, "pass")
    assert "evidence" in lengkap.refused("anggota", dataset, "pass", evidence=["tidak-ada"])


@pytest.mark.thorough
def test_a_deputy_acts_and_the_history_names_both(lengkap: Office) -> None:
    dataset = _at_correction(lengkap)
    row = lengkap.grant("operator_lain", "walidata", position="kabid")
    model.Session.execute(
        sa.text("update satudata_grant set deputy_of = :who, deputy_kind = 'plh', letter = '5/2026' where id = :id"),
        {"who": lengkap.id("pembina"), "id": row["id"]},
    )
    model.Session.commit()
    answer = lengkap.call("operator_lain", "satudata_available", id=dataset)
    assert answer["deputy_for"] == {
        "id": lengkap.id("pembina"),
        "name": "pembina",
        "kind": "plh",
        "title": "Plh. Kepala Bidang",
        "letter": "5/2026",
    }
    assert lengkap.call("pembina", "satudata_available", id=dataset)["deputy_for"] is None
    lengkap.decide("operator_lain", dataset, "pass")
    event = lengkap.call("admin", "satudata_history", id=dataset)[0]
    assert (event["deputy_kind"], event["deputy_of"]) == ("plh", "pembina")
    assert event["title"].startswith("Plh. Kepala Bidang")


@pytest.mark.thorough
def test_the_terms_of_the_producer(lengkap: Office) -> None:
    """A draft: collect, then deliver. After a return: repair, then submit again. In review: that of the stage."""
    monday = datetime(2027, 10, 4, 2, 0, tzinfo=UTC)
    with at(monday):
        dataset = lengkap.dataset()
        draft = lengkap.case(dataset)
        assert [term["label"] for term in draft["terms"]] == ["Data terkumpul", "Diajukan pertama kali"]
        assert [term["due"][:10] for term in draft["terms"]] == ["2027-10-18", "2027-10-21"]
        assert draft["due"][:10] == "2027-10-21"
        lengkap.decide("operator", dataset, "submit")
        assert lengkap.case(dataset)["due"][:10] == "2027-10-07"
        lengkap.decide("tamu", dataset, "return", note="Perbaiki.")
        back = lengkap.case(dataset)
        assert ([term["due"][:10] for term in back["terms"]], back["due"][:10]) == (
            ["2027-10-11", "2027-10-13"],
            "2027-10-13",
        )
        event = lengkap.call("admin", "satudata_history", id=dataset)[0]
        assert event["due"][:10] == "2027-10-07"


@pytest.mark.thorough
def test_a_claim_ends_when_the_stage_changes(lengkap: Office) -> None:
    dataset = lengkap.dataset()
    lengkap.decide("operator", dataset, "submit")
    lengkap.call("tamu", "satudata_claim", id=dataset)
    assert lengkap.case(dataset)["holder"]["name"] == "tamu"
    assert lengkap.call("tamu", "satudata_available", id=dataset)["holder"]["mine"] is True
    codes = lengkap.refused("walidata_dua", dataset, "pass", form={"lengkap": "yes"})["reasons"]
    assert [found["code"] for found in codes] == ["held_by_other"]
    lengkap.decide("tamu", dataset, "pass", form={"lengkap": "yes"})
    assert lengkap.case(dataset)["holder"] is None


def test_a_return_needs_a_reason_code_and_a_note_and_both_are_told_at_once(lengkap: Office) -> None:
    dataset = lengkap.dataset()
    lengkap.decide("operator", dataset, "submit")
    errors = lengkap.refused("tamu", dataset, "return", reason_code="")
    assert {found["key"] for found in errors["missing"]} == {"note", "reason_code"}
    assert "reason_code" in lengkap.refused("tamu", dataset, "return", note="x", reason_code="karangan")
    needs = _option(lengkap, "tamu", dataset, "return")["needs"]
    assert needs["reason_code"] is True
    assert {"code": "metadata", "label": "Metadata kurang atau keliru"} in needs["reason_codes"]
    lengkap.decide("tamu", dataset, "return", note="Satuan.", reason_code="metadata")
    assert lengkap.case(dataset)["last_note"]["reason_label"] == "Metadata kurang atau keliru"


@pytest.mark.thorough
def test_an_administrator_opens_it_for_editing_and_the_round_starts_again(lengkap: Office) -> None:
    dataset = _at_correction(lengkap)
    with pytest.raises(tk.ValidationError):
        lengkap.call("admin", "package_patch", id=dataset, notes="Diam-diam.")
    with pytest.raises(tk.NotAuthorized):
        lengkap.call("tamu", "satudata_override_edit", id=dataset, reason="Saya mau.")
    with pytest.raises(tk.ValidationError):
        lengkap.call("admin", "satudata_override_edit", id=dataset, reason="  ")
    done = lengkap.call("admin", "satudata_override_edit", id=dataset, reason="Salah unggah, disepakati.")
    assert (done["to_state"], done["message"]) == ("draft", "Dibuka untuk diubah oleh administrator")
    event = lengkap.call("admin", "satudata_history", id=dataset)[0]
    assert (event["transition"], event["override"], event["reason"]) == (
        "override",
        True,
        "Salah unggah, disepakati.",
    )
    lengkap.call("operator", "package_patch", id=dataset, notes="Benar.")
    again = lengkap.decide("operator", dataset, "submit")
    assert (again["round"], again["to_stage"]) == (2, "periksa")
    with pytest.raises(tk.ValidationError, match="dapat dibuka"):
        lengkap.call("admin", "satudata_override_edit", id=lengkap.dataset(), reason="Draf.")


def test_a_published_dataset_gets_a_day_for_the_next_data(office: Office) -> None:
    """One period of the data's frequency; overdue ones are listed for producer and walidata, and stay public."""
    yearly = office.dataset(frekuensi="tahunan")
    never = office.dataset(frekuensi="sekali")
    with at(datetime(2027, 3, 2, 2, 0, tzinfo=UTC)):
        for dataset in (yearly, never):
            office.decide("operator", dataset, "submit")
            office.decide("walidata", dataset, "pass")
            office.decide("walidata", dataset, "publish")
    assert office.case(yearly)["verify_due"][:10] == "2028-03-02"
    assert office.case(never)["verify_due"] is None
    with at(datetime(2028, 3, 3, 2, 0, tzinfo=UTC)):
        for who in ("operator", "walidata", "admin"):
            found = office.call(who, "satudata_overdue_list")
            assert [item["id"] for item in found["results"]] == [yearly], who
        assert office.call("operator_lain", "satudata_overdue_list")["count"] == 0
        assert office.call("walidata", "satudata_overdue_list", organization="disdik")["count"] == 0
    assert office.call("walidata", "satudata_overdue_list")["count"] == 0
