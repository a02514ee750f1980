"""The review page: notes at their places, files, forms; nothing typed is lost, nothing decided by accident."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from ckan.common import config

from tests.slices.pages.conftest import Page, Story

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SAID = {"note": "Satuan belum tepat.", "reason_code": "metadata"}


def letter(name: str = "surat.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(PDF), name


@pytest.fixture
def submitted(story: Story) -> dict[str, Any]:
    made = story.dataset()
    story.decide("operator", made["id"], "submit")
    return made


def review(dataset: dict[str, Any]) -> str:
    return f"/dataset/{dataset['name']}/tinjau"


def status(dataset: dict[str, Any]) -> str:
    return f"/dataset/{dataset['name']}/status"


def notes(story: Story, who: str, dataset: dict[str, Any]) -> list[dict[str, Any]]:
    return story.act(who, "satudata_note_list", id=dataset["id"])


def state(story: Story, dataset: dict[str, Any]) -> str:
    return story.act("sysadmin", "satudata_case_show", id=dataset["id"])["state"]


def part(page: Page, anchor: str) -> str:
    """The source from an element with this id on."""
    return page.body.split(f'id="{anchor}"')[1][:3000]


def returned(story: Story, dataset: dict[str, Any], **at: Any) -> dict[str, Any]:
    """Give one note and return; the note."""
    at = at or {"target_type": "field", "target": "sds_satuan"}
    story.act("walidata", "satudata_note_create", id=dataset["id"], text="Pilih Puskesmas.", **at)
    story.decide("walidata", dataset["id"], "return", "Satuan belum tepat.")
    return notes(story, "operator", dataset)[0]


# ------------------------------------------------------------------ notes


def test_a_note_can_be_given_at_every_part(story: Story, submitted: dict[str, Any]):
    page = story.open("walidata", review(submitted)).body
    file = submitted["resources"][0]["id"]
    for place in ("field::title", "field::sds_satuan", "field::kontak", "dataset::", f"resource:{file}:"):
        assert f'name="catatan:{place}"' in page, place
    assert f'name="catatan:column:{file}:jumlah"' in page


def test_a_note_is_kept_and_shown_at_its_field(story: Story, submitted: dict[str, Any]):
    form = {"do": "note#isian-sds_satuan", "catatan:field::sds_satuan": "Pilih Puskesmas."}
    answer = story.send_seen("walidata", review(submitted), **form)
    assert (answer.status, answer.location.endswith("/tinjau#isian-sds_satuan")) == (302, True)
    assert [note["state"] for note in notes(story, "walidata", submitted)] == ["pending"]
    page = story.open("walidata", review(submitted))
    assert "“Pilih Puskesmas.”" in part(page, "isian-sds_satuan")
    assert "1 catatan ikut terkirim:" in page.text
    assert "Pilih Puskesmas" not in story.open("operator", status(submitted)).text


def test_saving_a_note_loses_nothing_typed_elsewhere(story: Story, submitted: dict[str, Any]):
    form = {"do": "note#isian-sds_satuan", "catatan:field::sds_satuan": "Pilih Puskesmas.", **SAID}
    answer = story.send_seen("walidata", review(submitted), **form)
    assert answer.status == 200
    assert ">Satuan belum tepat.</textarea>" in answer.body
    assert '<option value="metadata" selected>' in answer.body
    assert len(notes(story, "walidata", submitted)) == 1
    assert state(story, submitted) == "in_review"


def test_a_return_takes_along_what_was_saved_and_what_was_only_typed(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    story.send_seen("walidata", page, do="note#x", **{"catatan:field::sds_satuan": "Pilih Puskesmas."})
    typed = {"catatan:field::sds_definisi": "Sama dengan judul."}
    assert story.send_seen("walidata", page, transition="return", **SAID, **typed).status == 302
    assert [note["text"] for note in notes(story, "operator", submitted)] == ["Pilih Puskesmas.", "Sama dengan judul."]


def test_an_unsent_note_is_changed_and_taken_away(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    story.send_seen("walidata", page, do="note#x", **{"catatan:dataset::": "Salah."})
    [note] = notes(story, "walidata", submitted)
    story.send_seen("walidata", page, do=f"edit:{note['id']}#x", **{f"ubah:{note['id']}": "Keliru."})
    assert notes(story, "walidata", submitted)[0]["text"] == "Keliru."
    story.send_seen("walidata", page, do=f"delete:{note['id']}#x")
    assert notes(story, "walidata", submitted) == []


def test_a_note_that_is_refused_stays_typed_at_its_place(story: Story, submitted: dict[str, Any]):
    form = {"do": "note#x", "catatan:field::sds_satuan": "a" * 5001}
    answer = story.send_seen("walidata", review(submitted), **form)
    assert answer.status == 400
    assert "a" * 5001 in part(answer, "isian-sds_satuan")[:9000] or "a" * 2000 in part(answer, "isian-sds_satuan")
    assert 'class="sd-msg"' in answer.body


def test_the_enter_key_decides_nothing(story: Story, submitted: dict[str, Any]):
    """The first button of a form answers the Enter key."""
    page = story.open("walidata", review(submitted)).body
    buttons = re.findall(r"<button[^>]*>", page)
    first = next(one for one in buttons if 'form="putusan"' in one or 'value="keep' in one)
    inside = page.split('<form class="sd-decide"')[1]
    assert 'value="keep#keputusan"' in re.findall(r"<button[^>]*>", inside)[0]
    assert 'name="transition"' not in first
    story.send_seen("walidata", review(submitted), do="keep#keputusan", **SAID)
    assert state(story, submitted) == "in_review"


def test_the_next_round_judges_and_only_then_passes(story: Story, submitted: dict[str, Any]):
    note = returned(story, submitted)
    story.act("operator", "package_patch", id=submitted["id"], sds_satuan="Puskesmas")
    story.decide("operator", submitted["id"], "submit")
    page = story.open("walidata", review(submitted))
    assert "berubah sejak catatan" in page.text
    assert f'<a href="#catatan-{note["id"]}">' in part(page, "why-pass")
    refused = story.send_seen("walidata", review(submitted), transition="pass")
    assert refused.status == 400
    judged = story.send_seen("walidata", review(submitted), do=f"judge:{note['id']}:mended#catatan-{note['id']}")
    assert judged.location.endswith(f"#catatan-{note['id']}")
    assert story.send_seen("walidata", review(submitted), transition="pass").status == 302


@pytest.mark.thorough
def test_a_strange_button_does_nothing(story: Story, submitted: dict[str, Any]):
    for act in ("sulap", "judge:tidak-ada:mended#x", "delete:x", 'judge::"#<script>', "assign", "receipt:x", ""):
        answer = story.send_seen("walidata", review(submitted), do=act)
        assert answer.status in (200, 302, 400, 404), act
        assert "<script>" not in answer.location
    assert state(story, submitted) == "in_review"


# ------------------------------------------------------------------ the producer's side


def test_the_producer_reads_the_note_at_the_field_of_the_form(story: Story, submitted: dict[str, Any]):
    note = returned(story, submitted)
    page = story.open("operator", f"/dataset/edit/{submitted['name']}/standar-data")
    assert "1 catatan pemeriksa perlu Anda tanggapi" in page.text
    assert "“Pilih Puskesmas.”" in part(page, "field-sds_satuan")
    form = {f"penjelasan:{note['id']}": "Unit sudah benar.", "save": "draft", "sds_satuan": "Unit"}
    assert story.send("operator", f"/dataset/edit/{submitted['name']}/standar-data", **form).status == 302
    [told] = notes(story, "operator", submitted)
    assert (told["state"], told["explanation"]) == ("explained", "Unit sudah benar.")


def test_a_note_on_a_column_stands_in_the_dictionary(story: Story, submitted: dict[str, Any]):
    file = submitted["resources"][0]["id"]
    note = returned(story, submitted, target_type="column", target="jumlah", resource_id=file)
    page = story.open("operator", f"/dataset/{submitted['name']}/resource/{file}/kamus")
    assert f'id="note-{note["id"]}"' in part(page, "kolom-2")


def test_the_producer_explains_on_the_status_page(story: Story, submitted: dict[str, Any]):
    note = returned(story, submitted)
    assert "Yang diminta pemeriksa" in story.open("operator", status(submitted)).text
    form = {"do": f"explain:{note['id']}#catatan-{note['id']}", f"penjelasan:{note['id']}": "Unit sudah benar."}
    assert story.send_seen("operator", status(submitted), **form).status == 302
    story.decide("operator", submitted["id"], "submit")
    page = story.open("walidata", review(submitted))
    assert "“Unit sudah benar.”" in page.text
    assert "Penjelasan diterima" in page.text


def test_the_status_page_shows_the_whole_procedure_and_where_it_is(story: Story, submitted: dict[str, Any]):
    page = story.open("operator", status(submitted))
    assert "<svg" in page.body.split('class="sd-flow"')[1]
    assert "di sini" in page.text


# ------------------------------------------------------------------ decisions


def test_what_a_return_lacks_is_told_at_its_control(story: Story, submitted: dict[str, Any]):
    answer = story.send_seen("walidata", review(submitted), transition="return", note="Satuan.")
    assert answer.status == 400
    control = answer.body.split('id="reason_code"')[1]
    assert 'aria-invalid="true"' in control.split(">")[0]
    assert 'class="sd-msg"' in control[:3000]
    assert ">Satuan.</textarea>" in answer.body


def test_a_conflict_tells_what_happened_meanwhile(story: Story, submitted: dict[str, Any]):
    seen = story.open("walidata", review(submitted))
    story.decide("operator", submitted["id"], "withdraw")
    story.decide("operator", submitted["id"], "submit")
    stale = {name: seen.field(name) for name in ("expected", "content_hash", "terakhir", "kunci")}
    typed = {**SAID, "catatan:field::sds_satuan": "Pilih Puskesmas."}
    answer = story.send("walidata", review(submitted), **stale, transition="return", **typed)
    assert answer.status == 409
    meanwhile = answer.text.split("Sementara itu:")[1][:300]
    assert "Diajukan, putaran 2" in meanwhile
    assert "Ditarik kembali" in meanwhile
    assert ">Satuan belum tepat.</textarea>" in answer.body
    assert ">Pilih Puskesmas.</textarea>" in answer.body
    assert notes(story, "walidata", submitted) == []


def test_a_double_click_of_the_browser_decides_once_and_says_so_twice(story: Story, submitted: dict[str, Any]):
    seen = story.open("walidata", review(submitted))
    form = {name: seen.field(name) for name in ("expected", "content_hash", "terakhir", "kunci")}
    both = [story.send("walidata", review(submitted), **form, transition="return", **SAID) for _click in range(2)]
    assert [answer.status for answer in both] == [302, 302]
    events = story.act("walidata", "satudata_history", id=submitted["id"])
    assert [event["transition"] for event in events] == ["return", "submit"]


def test_a_decision_on_paper_is_entered_with_its_day(story: Story, submitted: dict[str, Any]):
    wrong = story.send_seen("walidata", review(submitted), transition="pass", happened="2999-01-01", letter="1/II")
    assert wrong.status == 400
    assert 'value="2999-01-01"' in wrong.body
    assert 'class="sd-msg"' in wrong.body.split('id="happened"')[1][:600]
    today = re.search(r'id="happened"[^>]*max="([^"]+)"', wrong.body)
    assert today is not None
    done = story.send_seen("walidata", review(submitted), transition="pass", happened=today.group(1), letter="1/II")
    assert done.status == 302
    event = story.act("walidata", "satudata_history", id=submitted["id"])[0]
    assert (event["happened"], event["letter"]) == (today.group(1), "1/II")


@pytest.mark.thorough
def test_a_release_is_scheduled_and_cancelled(story: Story, submitted: dict[str, Any]):
    story.decide("walidata", submitted["id"], "pass")
    page = review(submitted)
    for day, clock in (("", ""), ("2020-01-01", "09:00"), ("kapan", "saja")):
        refused = story.send_seen("walidata", page, transition="schedule", tanggal=day, jam=clock)
        assert refused.status == 400, day
        assert 'class="sd-msg"' in refused.body.split('id="jam"')[1][:900], day
    assert story.send_seen("walidata", page, transition="schedule", tanggal="2999-01-31", jam="09:00").status == 302
    case = story.act("walidata", "satudata_case_show", id=submitted["id"])
    assert case["release_at"] == "2999-01-31T02:00:00+00:00"  # 09.00 WIB
    assert "09.00 WIB" in story.open("operator", status(submitted)).text
    assert story.send_seen("walidata", page, transition="unschedule").status == 302
    assert story.act("walidata", "satudata_case_show", id=submitted["id"])["release_at"] is None


def test_who_works_on_it_is_seen_and_changed(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    assert "Belum ada yang mengambil." in story.open("walidata", page).text
    assert story.send_seen("walidata", page, do="claim#keputusan").status == 302
    assert "Diambil oleh Anda" in story.open("walidata", page).text
    assert "Diambil oleh Walidata, Staf 1" in story.open("operator", status(submitted)).text
    nobody = story.send_seen("walidata", page, do="assign#keputusan")
    assert nobody.status == 400
    assert story.send_seen("walidata", page, do="release#keputusan").status == 302
    assert "Belum ada yang mengambil." in story.open("walidata", page).text


def test_an_administrator_overrides_with_a_reason(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    assert "Putuskan sebagai pengelola portal" in story.open("sysadmin", page).text
    assert story.send_seen("sysadmin", page, transition="pass").status == 400
    assert story.send_seen("sysadmin", page, transition="pass", reason="Walidata sakit.").status == 302
    assert story.act("sysadmin", "satudata_history", id=submitted["id"])[0]["override"] is True


def test_an_administrator_opens_it_for_editing_with_a_reason(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    assert story.send_seen("sysadmin", page, do="unfreeze#keputusan").status == 400
    assert state(story, submitted) == "in_review"
    opened = story.send_seen("sysadmin", page, do="unfreeze#keputusan", reason="Salah unggah.")
    assert (opened.status, opened.location.endswith("/status")) == (302, True)
    assert state(story, submitted) == "draft"
    assert story.send_seen("walidata", page, do="unfreeze#keputusan", reason="Ingin mengubah.").status == 403


# ------------------------------------------------------------------ files and forms of a region


@pytest.fixture
def simassadawan(story: Story, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A dataset before its quality assurance, in a region with forms, files and a sign-off."""
    monkeypatch.setitem(config, "ckanext.satudata.workflow", "waykanan-simassadawan")
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
