"""A note at a field, a column or a check goes with the return, is explained, carried on and judged."""

from __future__ import annotations

import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from werkzeug.datastructures import FileStorage

from .conftest import Office
from .levels import codes, refused, submitted, under
from .levels import file as pdf

FIELD = {"target_type": "field", "target": "sds_satuan"}


@pytest.fixture
def levels(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    return under(office, monkeypatch, "bertingkat")


def _note(office: Office, dataset: str, who: str = "staf", text: str = "Satuan salah.", **more: Any) -> dict[str, Any]:
    return office.call(who, "satudata_note_create", id=dataset, text=text, **{**FIELD, **more})


def _notes(office: Office, dataset: str, who: str = "staf", **more: Any) -> list[dict[str, Any]]:
    return office.call(who, "satudata_note_list", id=dataset, **more)


def _returned(office: Office, **more: Any) -> tuple[str, str]:
    """A dataset that came back with one note; both ids."""
    dataset = submitted(office, sds_satuan="orang")
    note = _note(office, dataset, **more)
    office.decide("staf", dataset, "return", note="Lihat catatan.")
    return dataset, note["id"]


def _table(office: Office, dataset: str) -> str:
    """A file with a data dictionary of one column; its id."""
    upload = FileStorage(io.BytesIO(b"kecamatan,siswa\nSukamaju,12\n"), "siswa.csv")
    dictionary = json.dumps([{"kolom": "siswa", "label": "Jumlah siswa", "tipe": "integer"}])
    made = office.call("operator", "resource_create", package_id=dataset, name="Siswa", upload=upload)
    office.call("operator", "resource_patch", id=made["id"], kamus_data=dictionary)
    return made["id"]


def test_a_note_that_is_not_sent_is_its_authors_alone(levels: Office) -> None:
    dataset = submitted(levels)
    made = _note(levels, dataset)
    assert (made["state"], made["label"], made["can"]["edit"]) == ("pending", "Satuan", True)
    assert [len(_notes(levels, dataset, who)) for who in ("staf", "kasi", "operator", "admin")] == [1, 0, 0, 0]


def test_an_author_changes_and_takes_back_what_is_not_sent(levels: Office) -> None:
    dataset = submitted(levels)
    made = _note(levels, dataset)
    changed = levels.call("staf", "satudata_note_update", id=dataset, note_id=made["id"], text="Satuannya jiwa.")
    assert changed["text"] == "Satuannya jiwa."
    with pytest.raises(tk.ObjectNotFound):
        levels.call("kasi", "satudata_note_delete", id=dataset, note_id=made["id"])
    levels.call("staf", "satudata_note_delete", id=dataset, note_id=made["id"])
    assert _notes(levels, dataset) == []


def test_the_return_takes_the_notes_to_the_producer(levels: Office) -> None:
    dataset, note = _returned(levels)
    found = _notes(levels, dataset, "operator")
    assert [(one["id"], one["state"], one["by"], one["role_label"]) for one in found] == [
        (note, "open", "Staf", "Walidata")
    ]
    history = levels.call("operator", "satudata_history", id=dataset)
    assert [(one["id"], one["verdict"]) for one in history[0]["notes"]] == [(note, "sent")]
    assert codes(refused(levels, "staf", "satudata_note_update", id=dataset, note_id=note, text="x")) == ["note_sent"]


def test_only_chosen_notes_go_along(levels: Office) -> None:
    dataset = submitted(levels)
    first, second = _note(levels, dataset), _note(levels, dataset, target="title")
    wrong = levels.refused("staf", dataset, "return", note="Lihat.", notes=[first["id"], "tidak-ada"])
    assert "notes" in wrong
    levels.decide("staf", dataset, "return", note="Lihat.", notes=[second["id"]])
    assert {one["id"]: one["state"] for one in _notes(levels, dataset)} == {
        first["id"]: "pending",
        second["id"]: "open",
    }


def test_a_refused_return_sends_nothing(levels: Office) -> None:
    dataset = submitted(levels)
    _note(levels, dataset)
    levels.refused("staf", dataset, "return", note="")
    assert [one["state"] for one in _notes(levels, dataset)] == ["pending"]


def test_a_note_stands_at_something_the_dataset_has(levels: Office) -> None:
    dataset = levels.dataset()
    file = _table(levels, dataset)
    levels.decide("operator", dataset, "submit")
    good = [
        ({"target_type": "dataset"}, "Seluruh dataset"),
        ({"target_type": "resource", "resource_id": file}, "Siswa"),
        ({"target_type": "column", "target": "siswa", "resource_id": file}, "Kolom Jumlah siswa"),
        ({"target_type": "check", "target": "KR-01", "resource_id": file}, "KR-01 Kode wilayah dikenal · Siswa"),
    ]
    for target, label in good:
        assert levels.call("staf", "satudata_note_create", id=dataset, text="Periksa.", **target)["label"] == label
    bad = [
        ({"target_type": "field", "target": "tidak_ada"}, "target"),
        ({"target_type": "field"}, "target"),
        ({"target_type": "column", "target": "siswa"}, "resource_id"),
        ({"target_type": "column", "target": "guru", "resource_id": file}, "target"),
        ({"target_type": "resource", "resource_id": "tidak-ada"}, "resource_id"),
        ({"target_type": "check", "target": "XX-99"}, "target"),
        ({"target_type": "row", "target": "3"}, "target_type"),
    ]
    for target, key in bad:
        assert key in refused(levels, "staf", "satudata_note_create", id=dataset, text="Periksa.", **target), target
    assert "text" in refused(levels, "staf", "satudata_note_create", id=dataset, text=" ", **FIELD)


def test_names_with_braces_are_only_names(levels: Office) -> None:
    dataset = levels.dataset()
    file = _table(levels, dataset)
    levels.call("operator", "resource_patch", id=file, name="Siswa {kelas}")
    levels.decide("operator", dataset, "submit")
    levels.call("staf", "satudata_note_create", id=dataset, target_type="resource", resource_id=file, text="Periksa.")
    levels.decide("staf", dataset, "return", note="Lihat.")
    levels.decide("operator", dataset, "submit")
    errors = levels.refused("staf", dataset, "pass")
    assert "Siswa {kelas}" in errors["reasons"][0]["text"]


def test_notes_are_written_by_who_may_return(levels: Office) -> None:
    dataset = submitted(levels)
    for who, code in (("kabid", "role_missing"), ("operator", "own_work"), ("anggota", "role_missing")):
        assert code in codes(refused(levels, who, "satudata_note_create", id=dataset, text="x", **FIELD)), who
    with pytest.raises(tk.NotAuthorized):
        _note(levels, dataset, "tamu")
    levels.decide("operator", dataset, "withdraw")
    assert codes(refused(levels, "staf", "satudata_note_create", id=dataset, text="x", **FIELD)) == ["nothing_to_do"]


def test_an_author_of_the_round_writes_no_notes(levels: Office) -> None:
    levels.grant("operator_dua", "walidata", position="staf")
    dataset = levels.dataset("operator_dua")
    levels.decide("operator_dua", dataset, "submit")
    assert codes(refused(levels, "operator_dua", "satudata_note_create", id=dataset, text="x", **FIELD)) == ["own_work"]


def test_outsiders_read_no_notes(levels: Office) -> None:
    dataset, _ = _returned(levels)
    for who in ("tamu", "operator_lain", "walidata_dua", ""):
        with pytest.raises(tk.NotAuthorized):
            _notes(levels, dataset, who)


def test_the_producer_explains_while_it_is_with_them(levels: Office) -> None:
    dataset, note = _returned(levels)
    said = levels.call("operator_dua", "satudata_note_explain", id=dataset, note_id=note, text="Sesuai SK Bupati.")
    assert (said["state"], said["explanation"], said["explained_by"]) == (
        "explained",
        "Sesuai SK Bupati.",
        "operator_dua",
    )
    assert codes(refused(levels, "anggota", "satudata_note_explain", id=dataset, note_id=note, text="x")) == [
        "note_not_yours"
    ]
    taken = levels.call("operator", "satudata_note_explain", id=dataset, note_id=note, text="")
    assert (taken["state"], taken["explanation"]) == ("open", None)
    levels.decide("operator", dataset, "submit")
    assert codes(refused(levels, "operator", "satudata_note_explain", id=dataset, note_id=note, text="x")) != []


def test_the_next_round_cannot_pass_before_each_note_is_judged(levels: Office) -> None:
    dataset, note = _returned(levels)
    levels.call("operator", "satudata_note_explain", id=dataset, note_id=note, text="Memang begitu.")
    levels.decide("operator", dataset, "submit")
    assert codes(levels.refused("staf_dua", dataset, "pass")) == ["note_unjudged"]
    judged = levels.call("staf_dua", "satudata_note_judge", id=dataset, note_id=note, verdict="accepted")
    assert (judged["state"], judged["judged_by"]) == ("accepted", "Staf_Dua")
    assert levels.decide("staf_dua", dataset, "pass")["to_stage"] == "koreksi"
    rounds = _notes(levels, dataset)[0]["rounds"]
    assert [(one["round"], one["transition"], one["verdict"]) for one in rounds] == [
        (1, "return", "sent"),
        (2, "submit", "carried"),
        (2, "pass", "accepted"),
    ]
    assert rounds[1]["explanation"] == "Memang begitu."


@pytest.mark.thorough
def test_what_is_not_mended_goes_back_by_itself(levels: Office) -> None:
    dataset, note = _returned(levels)
    levels.decide("operator", dataset, "submit")
    levels.call("staf", "satudata_note_judge", id=dataset, note_id=note, verdict="not_mended")
    assert codes(levels.refused("staf", dataset, "pass")) == ["note_unjudged"]
    levels.decide("staf", dataset, "return", note="Masih sama.")
    (found,) = _notes(levels, dataset, "operator")
    assert (found["state"], found["text"], found["round"], found["judged_by"]) == ("open", "Satuan salah.", 2, None)
    levels.decide("operator", dataset, "submit")
    levels.call("staf", "satudata_note_judge", id=dataset, note_id=note, verdict="mended")
    assert levels.decide("staf", dataset, "pass")["to_stage"] == "koreksi"
    assert [one["verdict"] for one in _notes(levels, dataset)[0]["rounds"]] == [
        *("sent", "carried", "not_mended", "carried", "mended"),
    ]


@pytest.mark.thorough
def test_a_verdict_may_change_until_the_decision(levels: Office) -> None:
    dataset, note = _returned(levels)
    levels.decide("operator", dataset, "submit")
    for verdict in ("mended", "not_mended", "removed", "mended"):
        levels.call("staf", "satudata_note_judge", id=dataset, note_id=note, verdict=verdict)
    assert "verdict" in refused(levels, "staf", "satudata_note_judge", id=dataset, note_id=note, verdict="baik")
    levels.decide("staf", dataset, "pass")
    late = refused(levels, "kabid", "satudata_note_judge", id=dataset, note_id=note, verdict="not_mended")
    assert codes(late) == ["note_not_to_judge"]


def test_only_who_may_decide_judges(levels: Office) -> None:
    dataset, note = _returned(levels)
    before = refused(levels, "staf", "satudata_note_judge", id=dataset, note_id=note, verdict="mended")
    assert codes(before) == ["note_not_to_judge"]
    levels.decide("operator", dataset, "submit")
    for who in ("kabid", "operator"):
        errors = refused(levels, who, "satudata_note_judge", id=dataset, note_id=note, verdict="mended")
        assert "role_missing" in codes(errors), who


def test_whether_a_field_changed_is_a_hint(levels: Office) -> None:
    dataset = levels.dataset(sds_satuan="orang")
    file = _table(levels, dataset)
    levels.decide("operator", dataset, "submit")
    unit, title = _note(levels, dataset), _note(levels, dataset, target="title")
    column = _note(levels, dataset, target_type="column", target="siswa", resource_id=file)
    levels.decide("staf", dataset, "return", note="Lihat.")
    assert [one["changed"] for one in _notes(levels, dataset, "operator")] == [False, False, False]
    levels.call("operator", "package_patch", id=dataset, sds_satuan="jiwa")
    entry = [{"kolom": "siswa", "label": "Jumlah siswa", "tipe": "integer", "satuan": "orang"}]
    levels.call("operator", "resource_patch", id=file, kamus_data=json.dumps(entry))
    assert {one["id"]: one["changed"] for one in _notes(levels, dataset, "operator")} == {
        unit["id"]: True,
        title["id"]: False,
        column["id"]: True,
    }


@pytest.mark.thorough
def test_a_return_to_an_earlier_stage_stays_among_reviewers(levels: Office) -> None:
    """The Kabid returns to the Kasi, who explains and sends it back up; the Kabid judges."""
    dataset = submitted(levels)
    levels.decide("staf", dataset, "pass")
    note = _note(levels, dataset, "kabid")["id"]
    assert levels.decide("kabid", dataset, "return", note="Periksa lagi.")["to_stage"] == "verifikasi"
    assert _notes(levels, dataset, "operator") == []
    (here,) = _notes(levels, dataset, "staf")
    assert (here["can"]["explain"], here["can"]["judge"]) == (True, False)
    levels.call("staf", "satudata_note_explain", id=dataset, note_id=note, text="Sudah dicocokkan.")
    assert levels.decide("staf", dataset, "pass")["to_stage"] == "koreksi"
    surat = levels.call("kabid", "satudata_evidence_create", id=dataset, kind="surat_validasi", upload=pdf())
    assert codes(levels.refused("kabid", dataset, "pass")) == ["note_unjudged"]
    levels.call("kabid", "satudata_note_judge", id=dataset, note_id=note, verdict="accepted")
    assert levels.decide("kabid", dataset, "pass", evidence=[surat["id"]])["to_state"] == "verified"


def test_a_relay_hands_the_notes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    under(office, monkeypatch, "relai")
    dataset = submitted(office)
    note = _note(office, dataset, "pembina")["id"]
    assert office.decide("pembina", dataset, "return", note="Definisi belum sesuai.")["to_stage"] == "teruskan"
    assert _notes(office, dataset, "operator") == []
    assert [one["id"] for one in _notes(office, dataset, "walidata")] == [note]
    assert office.decide("walidata", dataset, "return")["to_state"] == "revision"
    assert [(one["id"], one["state"]) for one in _notes(office, dataset, "operator")] == [(note, "open")]
    office.call("operator", "satudata_note_explain", id=dataset, note_id=note, text="Sudah diganti.")
    office.decide("operator", dataset, "submit")
    office.call("pembina", "satudata_note_judge", id=dataset, note_id=note, verdict="mended")
    assert office.decide("pembina", dataset, "pass")["to_state"] == "verified"


def test_a_relay_may_send_it_back_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    under(office, monkeypatch, "relai")
    dataset = submitted(office)
    note = _note(office, dataset, "pembina")["id"]
    office.decide("pembina", dataset, "return", note="Definisi belum sesuai.")
    assert office.decide("walidata", dataset, "pass")["to_stage"] == "periksa"
    assert codes(office.refused("pembina", dataset, "pass")) == ["note_unjudged"]
    office.call("pembina", "satudata_note_judge", id=dataset, note_id=note, verdict="removed")
    assert office.decide("pembina", dataset, "pass")["to_state"] == "verified"


def test_notes_never_reach_the_public_answer_or_the_index(levels: Office) -> None:
    dataset, _ = _returned(levels)
    shown = levels.call("operator", "package_show", id=dataset)
    assert "Satuan salah" not in json.dumps(shown)
    found = tk.get_action("package_search")({"ignore_auth": True}, {"q": "Satuan salah", "include_private": True})
    assert "Satuan salah" not in json.dumps(found)


def test_filters_of_the_list(levels: Office) -> None:
    dataset = submitted(levels)
    _note(levels, dataset)
    _note(levels, dataset, target="title")
    assert len(_notes(levels, dataset, target="title")) == 1
    assert len(_notes(levels, dataset, state="open")) == 0
    assert len(_notes(levels, dataset, state=["pending"], round=1, target_type="field")) == 2
