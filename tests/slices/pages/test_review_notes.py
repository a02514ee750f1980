"""Notes on the review page and at the producer: given, kept, sent, judged, answered; nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.slices.pages.conftest import Story

from .reviewing import SAID, notes, part, returned, review, state, status


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


@pytest.mark.thorough
def test_a_return_takes_along_what_was_saved_and_what_was_only_typed(story: Story, submitted: dict[str, Any]):
    page = review(submitted)
    story.send_seen("walidata", page, do="note#x", **{"catatan:field::sds_satuan": "Pilih Puskesmas."})
    typed = {"catatan:field::sds_definisi": "Sama dengan judul."}
    assert story.send_seen("walidata", page, transition="return", **SAID, **typed).status == 302
    assert [note["text"] for note in notes(story, "operator", submitted)] == ["Pilih Puskesmas.", "Sama dengan judul."]


@pytest.mark.thorough
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
