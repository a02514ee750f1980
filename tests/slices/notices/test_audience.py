"""Who is told, where a procedure has positions, relays, sign-offs, files and receipts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import columns
from ckanext.satudata.interfaces import TransitionEvent
from ckanext.satudata.notices import audience, delivery, reverify
from tests.slices.workflow.conftest import Office

from .conftest import Levels, Peer, forget_what_was_told, letter, told

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def submitted(levels: Levels) -> str:
    """In verification, which is the staff's."""
    dataset = levels.dataset()
    levels.decide("operator", dataset, "submit")
    return dataset


@pytest.fixture
def to_sign(levels: Levels, submitted: str) -> str:
    """Verified and corrected; the head of the office has to sign."""
    levels.decide("walidata", submitted, "pass")
    levels.decide("pembina", submitted, "pass")
    forget_what_was_told()
    return submitted


@pytest.fixture
def approved(levels: Levels, to_sign: str) -> str:
    levels.decide("anggota", to_sign, "pass", evidence=[letter(levels, "anggota", to_sign)])
    forget_what_was_told()
    return to_sign


@pytest.mark.usefixtures("submitted")
def test_only_the_position_whose_turn_it_is(levels: Levels) -> None:
    """Role and position: the section and the division are not bothered with what the staff has to look at."""
    assert levels.everybody_told() == {"walidata": ["to_review"]}


def test_each_stage_tells_its_own_people(levels: Levels, submitted: str) -> None:
    forget_what_was_told()
    levels.decide("walidata", submitted, "pass")
    producers = {"operator": ["passed"], "operator_dua": ["passed"]}
    assert levels.everybody_told() == {"pembina": ["to_review"], **producers}
    forget_what_was_told()
    levels.decide("pembina", submitted, "pass")
    assert levels.everybody_told() == {"anggota": ["to_sign_off"], **producers}


def test_a_sign_off_names_the_file_it_asks_for(levels: Levels, submitted: str, peer: Peer) -> None:
    levels.decide("walidata", submitted, "pass")
    levels.decide("pembina", submitted, "pass")
    notice = levels.call("anggota", "satudata_notice_list")["results"][0]
    assert "menunggu pengesahan Anda" in notice["text"]
    assert "Siapkan berkas: Surat validasi." in notice["detail"]
    delivery.deliver()
    mail = peer.to("anggota")[-1].get_content()
    assert "Siapkan berkas: Surat validasi" in mail
    assert "Paling lambat: " in mail


def test_deputies_are_told_like_the_others(levels: Levels) -> None:
    """A Plt of the staff's post."""
    until = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    levels.call("admin", "satudata_grant_end", id=levels.call("admin", "satudata_grant_list", user="walidata")[0]["id"])
    levels.call(
        *("admin", "satudata_deputy_create"),
        **{"user": "walidata_dua", "role": "walidata", "position": "staf", "kind": "plt"},
        **{"valid_until": until, "letter": "800/1/2026", "deputy_of": "walidata"},
    )
    forget_what_was_told()
    levels.decide("operator", levels.dataset(), "submit")
    assert levels.everybody_told() == {"walidata_dua": ["to_review"]}


def test_who_wrote_it_is_not_asked_to_review_it(levels: Levels) -> None:
    """The operator is staff of the Walidata too, and may not decide on their own work."""
    levels.grant("operator", "walidata", position="staf")
    forget_what_was_told()
    levels.decide("operator", levels.dataset(), "submit")
    assert levels.everybody_told() == {"walidata": ["to_review"]}


def test_a_return_to_an_earlier_stage_says_so(levels: Levels, submitted: str) -> None:
    levels.decide("walidata", submitted, "pass")
    forget_what_was_told()
    levels.decide("pembina", submitted, "return", note="Satuan.")
    assert levels.everybody_told() == {"walidata": ["came_back"]}


def test_a_relay_is_asked_to_hand_the_notes_on(levels: Levels, to_sign: str) -> None:
    levels.decide("anggota", to_sign, "return", note="Judul.")
    assert levels.everybody_told() == {"walidata": ["to_relay"]}
    forget_what_was_told()
    levels.decide("walidata", to_sign, "return")
    assert levels.everybody_told() == {"operator": ["returned"], "operator_dua": ["returned"]}


def test_who_was_to_review_learns_of_the_withdrawal(levels: Levels, submitted: str) -> None:
    forget_what_was_told()
    levels.decide("operator", submitted, "withdraw")
    assert levels.everybody_told() == {"walidata": ["withdrawn"]}


def test_a_receipt_is_asked_for(levels: Levels, submitted: str) -> None:
    """The stage has a *tanda terima*: the producer confirms having read the decision."""
    levels.decide("walidata", submitted, "return", note="Satuan.")
    text = levels.call("operator", "satudata_notice_list")["results"][0]["detail"]
    assert text.endswith("Konfirmasikan bahwa Anda sudah membacanya.")
    assert "Paling lambat " in text  # the producer's own term


def test_a_report_is_to_be_read(levels: Levels, to_sign: str) -> None:
    levels.grant("admin", "koordinator")
    forget_what_was_told()
    levels.decide("anggota", to_sign, "pass", evidence=[letter(levels, "anggota", to_sign)])
    assert levels.told("admin") == ["to_read"]


def test_approval_tells_the_publishers_and_the_producers(levels: Levels, to_sign: str) -> None:
    levels.decide("anggota", to_sign, "pass", evidence=[letter(levels, "anggota", to_sign)])
    assert levels.everybody_told() == {
        "pembina": ["to_publish"],
        "operator": ["approved"],
        "operator_dua": ["approved"],
    }


def test_a_planned_release_is_told_with_its_moment(levels: Levels, approved: str) -> None:
    at = datetime.now(UTC) + timedelta(days=3)
    levels.decide("pembina", approved, "schedule", at=at.isoformat())
    assert levels.everybody_told() == {"operator": ["scheduled"], "operator_dua": ["scheduled"]}
    assert " pukul " in levels.call("operator", "satudata_notice_list")["results"][0]["text"]
    forget_what_was_told()
    levels.decide("pembina", approved, "unschedule")
    assert levels.everybody_told() == {"operator": ["unscheduled"], "operator_dua": ["unscheduled"]}


def test_a_mail_about_what_is_public_names_it(levels: Levels, approved: str, peer: Peer) -> None:
    levels.decide("pembina", approved, "publish")
    delivery.deliver()
    assert peer.to("operator")[-1]["Subject"] == "Terbit: Jumlah Rumah 1"


def test_who_gets_a_case_and_who_had_it_are_told(levels: Levels, submitted: str) -> None:
    """The section hands it from one officer to another."""
    levels.grant("walidata_dua", "walidata", position="staf")
    levels.call("walidata", "satudata_claim", id=submitted)
    forget_what_was_told()
    levels.call("pembina", "satudata_assign", id=submitted, user="walidata_dua")
    assert levels.everybody_told() == {"walidata_dua": ["assigned"], "walidata": ["taken_over"]}
    forget_what_was_told()
    levels.call("walidata_dua", "satudata_assign", id=submitted, user="walidata")
    assert levels.everybody_told() == {"walidata": ["assigned"]}


def _by_clock(levels: Levels, dataset: str, transition: str, to_state: str, **more: Any) -> TransitionEvent:
    """What listeners get when the clock has tried something in the name of the section."""
    case = levels.case(dataset)
    values = {
        **{"event_id": "e", "subject_type": "dataset", "subject_id": dataset, "transition": transition},
        **{"from_state": case["state"], "to_state": to_state, "actor_id": levels.id("pembina"), "actor_role": None},
        **{"round": 1, "title": "Rumah", "organization_id": levels.dinkes["id"], "automatic": True},
        **{"from_stage": case["stage"], "to_stage": None, "note": None},
    }
    return TransitionEvent(**{**values, **more})


def test_a_release_that_was_not_possible_is_told_with_its_reasons(levels: Levels, approved: str, peer: Peer) -> None:
    """To who planned it and to everybody who publishes; the mail has the link only."""
    levels.grant("walidata_dua", "walidata", position="kasi")
    forget_what_was_told()
    audience.on_transition(_by_clock(levels, approved, "release_refused", "verified", note="Tabel belum diperiksa."))
    model.Session.commit()
    assert levels.everybody_told() == {"pembina": ["release_refused"], "walidata_dua": ["release_refused"]}
    assert "Tabel belum diperiksa." in levels.call("pembina", "satudata_notice_list")["results"][0]["text"]
    delivery.deliver()
    assert "Tabel belum" not in peer.to("pembina")[0].get_content()


def test_what_passed_by_itself_is_told_to_who_let_it(levels: Levels, submitted: str) -> None:
    event = _by_clock(levels, submitted, "pass", "in_review", to_stage="koreksi", actor_id="")
    model.Session.execute(sa.text("update satudata_case set stage = 'koreksi'"))
    model.Session.commit()
    forget_what_was_told()
    audience.on_transition(event)
    model.Session.commit()
    producers = {"operator": ["passed"], "operator_dua": ["passed"]}
    assert levels.everybody_told() == {"walidata": ["auto_passed"], "pembina": ["to_review"], **producers}


def test_data_that_should_be_renewed_are_told_once(levels: Levels, approved: str, peer: Peer) -> None:
    """To the producers and to who publishes. What is public may be named in a mail."""
    levels.decide("pembina", approved, "publish")
    model.Session.execute(sa.text("update satudata_case set verify_due = '2026-10-08T16:59:59+00:00'"))
    model.Session.commit()
    forget_what_was_told()
    with columns.at(datetime(2026, 10, 8, 3, tzinfo=UTC)):
        assert reverify.remind() == 0
    with columns.at(datetime(2026, 10, 9, 3, tzinfo=UTC)):
        assert reverify.remind() == 3
    assert levels.everybody_told() == {who: ["reverify"] for who in ("pembina", "operator", "operator_dua")}
    for day in (12, 13):
        with columns.at(datetime(2026, 10, day, 3, tzinfo=UTC)):
            assert reverify.remind() == 0
    delivery.deliver()
    assert peer.to("operator")[0]["Subject"] == "Waktunya dimutakhirkan: Jumlah Rumah 1"


def test_a_role_given_is_told_to_the_person(levels: Levels, peer: Peer) -> None:
    levels.grant("tamu", "walidata", position="kasi", organization="disdik")
    assert levels.told("tamu") == ["grant_given"]
    text = levels.call("tamu", "satudata_notice_list")["results"][0]["text"]
    assert "Walidata" in text
    delivery.deliver()
    assert "Dinas Pendidikan" in peer.to("tamu")[-1].get_content()


class TestNotify:
    """`satudata_notify`, by which other slices tell people something."""

    def notify(self, levels: Levels, **data: Any) -> dict[str, Any]:
        values = {"user_ids": [levels.id("tamu")], "key": "message", "link": "/petugas", "parameters": {"text": "Hai."}}
        return tk.get_action("satudata_notify")({"ignore_auth": True}, {**values, **data})

    def test_it_tells(self, levels: Levels, peer: Peer) -> None:
        assert self.notify(levels) == {"told": 1}
        assert levels.call("tamu", "satudata_notice_list")["results"][0]["text"] == "Hai."
        delivery.deliver()
        assert "/petugas" in peer.to("tamu")[0].get_content()

    def test_nobody_twice_and_only_who_is_there(self, levels: Levels) -> None:
        ids = [levels.id("tamu"), levels.id("tamu"), "tidak-ada"]
        assert self.notify(levels, user_ids=ids) == {"told": 1}

    def test_about_a_dataset_only_its_readers(self, levels: Levels) -> None:
        subject = {"type": "dataset", "id": levels.dataset()}
        ids = [levels.id(who) for who in ("operator", "operator_lain")]
        assert self.notify(levels, user_ids=ids, subject=subject) == {"told": 1}
        assert levels.told("operator_lain") == []

    def test_it_belongs_to_the_callers_transaction(self, levels: Levels) -> None:
        data = {"user_ids": [levels.id("tamu")], "key": "message", "link": "/petugas"}
        tk.get_action("satudata_notify")({"ignore_auth": True, "defer_commit": True}, data)
        model.Session.rollback()
        assert levels.told("tamu") == []

    def test_people_may_not_call_it(self, levels: Levels) -> None:
        with pytest.raises(tk.NotAuthorized):
            levels.call("tamu", "satudata_notify", user_ids=[levels.id("admin")], key="message", link="/x")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"key": "no_such_key"},
            {"key": None},
            {"link": "https://example.org/"},
            {"link": "//example.org"},
            {"link": "/\\example.org"},
            {"link": ""},
            {"user_ids": "tamu"},
            {"user_ids": None},
            {"parameters": ["x"]},
            {"parameters": {"at": datetime.now(UTC)}},
            {"subject": {"type": "dataset"}},
            {"subject": "x"},
        ],
    )
    def test_it_refuses_what_it_cannot_tell(self, levels: Levels, wrong: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError):
            self.notify(levels, **wrong)
        assert model.Session.execute(sa.text("select count(*) from satudata_notice")).scalar_one() == 0


def test_a_batch_is_told_once_when_it_is_complete(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of three waits for the others; the last one tells the reviewers of all. Who comes back comes alone."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(Path(__file__).parent / "rulebook"))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "bersama")
    datasets = [office.dataset() for _ in range(3)]
    office.call("walidata", "satudata_batch_create", title="Triwulan III", datasets=datasets)
    forget_what_was_told()
    for dataset in datasets[:2]:
        office.decide("operator", dataset, "submit")
    assert told(office, "walidata") == []
    office.decide("operator", datasets[2], "submit")
    assert told(office, "walidata") == ["batch_complete"]
    text = office.call("walidata", "satudata_notice_list")["results"][0]["text"]
    assert text.startswith("Kumpulan “Triwulan III” sudah lengkap: 3 dataset")
    office.decide("walidata", datasets[0], "return", note="Satuan.")
    office.decide("operator", datasets[0], "submit")
    assert told(office, "walidata") == ["to_review", "batch_complete"]
