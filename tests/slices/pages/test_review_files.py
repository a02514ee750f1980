"""Files, forms and sign-offs of a region on the review page, each told at its control."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from ckan.common import config

from tests.slices import remembered
from tests.slices.pages.conftest import Story

from .reviewing import letter, notes, part, review, state, status


@pytest.fixture
def simassadawan(story: Story, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A dataset before its quality assurance, in a region with forms, files and a sign-off."""
    monkeypatch.setitem(config, "ckanext.satudata.workflow", "waykanan-simassadawan")
    return remembered.once(_before_quality_assurance, story)


def _before_quality_assurance(story: Story) -> dict[str, Any]:
    for who, full_name, grant in (
        ("dua", "Walidata, Staf 2", {"role": "walidata"}),
        ("kepala", "Kepala Dinas Kesehatan", {"role": "kepala_opd", "organization": "dinkes"}),
    ):
        story.person(who, full_name)
        story.act("sysadmin", "satudata_grant_create", user=f"orang-{who}", **grant)
    made = story.dataset()
    story.decide("operator", made["id"], "submit")
    story.decide("walidata", made["id"], "pass")
    return made


def answers(story: Story, dataset: dict[str, Any]) -> dict[str, str]:
    told = story.act("dua", "satudata_available", id=dataset["id"])
    form = next(option["needs"]["form"] for option in told["options"] if option["needs"]["form"])
    found: dict[str, str] = {}
    for question in form["questions"]:
        kinds = {"number": "95", "text": "Lengkap"}
        found[question["key"]] = kinds.get(question["kind"]) or question["choices"][0]["value"]
    return found


@pytest.mark.thorough
def test_each_question_that_is_not_answered_says_so(story: Story, simassadawan: dict[str, Any]):
    given = {f"jawaban:{key}": answer for key, answer in answers(story, simassadawan).items() if key != "qc"}
    answer = story.send_seen("dua", review(simassadawan), transition="pass", **given)
    assert answer.status == 400
    assert "belum dijawab" in part(answer, "tanya-qc")[:1500]
    assert answer.body.count("belum dijawab") == 2  # there, and on top with a link to it
    assert '<a href="#tanya-qc">' in answer.body
    assert 'value="95"' in answer.body
    assert (
        story.send_seen("dua", review(simassadawan), transition="pass", **given, **{"jawaban:qc": "yes"}).status == 302
    )


def sign_ready(story: Story, dataset: dict[str, Any]) -> str:
    story.decide("dua", dataset["id"], "pass", form=answers(story, dataset))
    return review(dataset)


def test_the_head_sees_what_is_signed(story: Story, simassadawan: dict[str, Any]):
    page = story.open("kepala", sign_ready(story, simassadawan)).text
    assert "Sudah diperiksa dan disetujui: Pemeriksaan Walidata, Penjaminan kualitas." in page
    assert re.search(r"16 Unit pada 2024, sama dengan 2023\.", page)
    assert "Baleendah, 4" in page
    assert "Saya mengesahkan data ini sebagai data resmi Dinas Kesehatan." in page
    assert "Beri catatan" not in page


@pytest.mark.thorough
def test_a_sign_off_needs_the_statement_and_the_letter(story: Story, simassadawan: dict[str, Any]):
    page = sign_ready(story, simassadawan)
    refused = story.send_seen("kepala", page, transition="pass")
    assert refused.status == 400
    assert "Centang pernyataannya" in refused.text
    assert "Lampirkan Surat Validasi." in refused.text
    kept = story.send_seen("kepala", page, transition="pass", **{"bukti:surat_validasi": letter("surat-1.pdf")})
    assert kept.status == 400
    assert "surat-1.pdf" in kept.text
    assert "Lampirkan" not in kept.text
    assert story.send_seen("kepala", page, transition="pass", pernyataan="ya").status == 302
    [file] = story.act("operator", "satudata_evidence_list", id=simassadawan["id"])
    assert (file["name"], file["pending"]) == ("surat-1.pdf", False)
    assert "surat-1.pdf" in story.open("operator", status(simassadawan)).text


def test_a_file_that_is_not_what_it_says_is_refused_at_its_control(story: Story, simassadawan: dict[str, Any]):
    page = sign_ready(story, simassadawan)
    wrong = (io.BytesIO(b"<html><script>alert(1)</script></html>"), "surat.pdf")
    answer = story.send_seen("kepala", page, transition="pass", pernyataan="ya", **{"bukti:surat_validasi": wrong})
    assert answer.status == 400
    assert 'class="sd-msg"' in answer.body.split('name="bukti:surat_validasi"')[1][:600]
    assert story.act("kepala", "satudata_evidence_list", id=simassadawan["id"]) == []
    assert state(story, simassadawan) == "in_review"


def test_an_unused_file_can_be_taken_back(story: Story, simassadawan: dict[str, Any]):
    page = sign_ready(story, simassadawan)
    story.send_seen("kepala", page, do="keep#keputusan", **{"bukti:surat_validasi": letter()})
    [file] = story.act("kepala", "satudata_evidence_list", id=simassadawan["id"])
    story.send_seen("kepala", page, do=f"drop:{file['id']}#keputusan")
    assert story.act("kepala", "satudata_evidence_list", id=simassadawan["id"]) == []


@pytest.mark.thorough
def test_the_head_sends_back_with_a_note(story: Story, simassadawan: dict[str, Any]):
    page = sign_ready(story, simassadawan)
    assert story.send_seen("kepala", page, transition="return", note="Angka 2024 belum final.").status == 400
    done = story.send_seen("kepala", page, transition="return", note="Angka 2024 belum final.", reason_code="isi_data")
    assert done.status == 302
    assert "“Angka 2024 belum final.”" in story.open("operator", status(simassadawan)).text


def test_stages_nobody_can_act_in_are_shown_as_left_out(story: Story, simassadawan: dict[str, Any]):
    page = story.open("operator", status(simassadawan)).text
    assert "Pengiriman Walidata Pendukung dilewati: belum ada petugasnya" in page
    assert "Pengesahan Kepala OPD Kepala OPD, 5 hari" in page


@pytest.mark.thorough
def test_a_procedure_that_verifies_only_ends_with_a_receipt(story: Story, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(config, "ckanext.satudata.workflow", "waykanan-verifikasi")
    posts = [("kasi", "walidata"), ("tim", "tim_teknis"), ("kabid", "walidata"), ("kepala", "walidata")]
    for who, role in posts:
        story.person(who, who.title())
        position = {} if role == "tim_teknis" else {"position": who}
        story.act("sysadmin", "satudata_grant_create", user=f"orang-{who}", role=role, **position)
    made = story.dataset()
    page = status(made)
    refused = story.send_seen("operator", page, transition="submit")
    assert refused.status == 400
    assert "Lampirkan Surat permohonan." in refused.text
    sent = story.send_seen("operator", page, transition="submit", **{"bukti:surat_permohonan": letter()})
    assert sent.status == 302
    formula = {"jawaban:aturan": "Jumlah per kecamatan.", "jawaban:kesepakatan": "yes"}
    assert story.send_seen("kasi", review(made), transition="pass", **formula).status == 302
    story.decide("tim", made["id"], "pass")
    reader = story.act("sysadmin", "satudata_case_show", id=made["id"])["stage"]
    assert reader == "koreksi_kasi"
    story.person("kasi_dua", "Kasi Dua")
    story.act("sysadmin", "satudata_grant_create", user="orang-kasi_dua", role="walidata", position="kasi")
    story.decide("kasi_dua", made["id"], "pass")
    story.send_seen("kabid", review(made), transition="pass", **{"bukti:laporan_verifikasi": letter("laporan.pdf")})
    assert "Sudah dibaca" in story.open("kepala", review(made)).text
    assert story.send_seen("kepala", review(made), transition="pass").status == 302
    told = story.open("operator", page).text
    assert "Alur ini selesai di sini; tidak ada yang diterbitkan." in told
    assert "Tanda terima: saya sudah membaca" in told
    [event] = story.act("operator", "satudata_receipt_list", id=made["id"])
    assert story.send_seen("operator", page, do=f"receipt:{event['event_id']}#x").status == 302
    assert "Operator Dinkes sudah membaca" in story.open("operator", page).text
    assert "saya sudah membaca" not in story.open("operator", page).text


@pytest.mark.thorough
def test_a_relay_hands_on_what_was_said(story: Story, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(config, "ckanext.satudata.workflow", "maluku-utara")
    story.person("staf", "Petugas Staf")
    story.act("sysadmin", "satudata_grant_create", user="orang-staf", role="walidata", position="staf")
    made = story.dataset()
    story.decide("operator", made["id"], "submit")
    story.act(
        "staf", "satudata_note_create", id=made["id"], text="Bukan unit.", target_type="field", target="sds_satuan"
    )
    story.decide("staf", made["id"], "return", "Mohon diperbaiki.")
    assert notes(story, "operator", made) == []
    page = story.open("staf", review(made))
    assert "Beri catatan" not in page.text
    assert "sd-btn--main" in page.body.split('value="return"')[0].rsplit("<button", 1)[1]
    assert story.send_seen("staf", review(made), transition="return").status == 302
    told = story.open("operator", status(made)).text
    assert "“Mohon diperbaiki.”" in told
    assert "“Bukan unit.”" in told
