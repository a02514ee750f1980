"""Publishing opens a dataset in the transaction of the decision; its judged rows follow, whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy.exc import ProgrammingError

from ckanext.satudata.interfaces import SubjectView, TransitionEvent
from ckanext.satudata.publication import datastore, effects, indexing, reconcile, rows
from ckanext.satudata.publication.model import reindex
from ckanext.satudata.publication.model import rows as row_table
from tests.slices import remembered

from .conftest import Portal

TABLE = "Kecamatan;Jumlah;Luas;Tanggal\nSukamaju;1474;12,5;2026-01-31\nMekarsari;686;;2026-02-28\n"
COLUMNS = [
    {"kolom": "Kecamatan", "label": "Nama kecamatan", "tipe": "text"},
    {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit"},
    {"kolom": "Luas", "label": "Luas", "tipe": "number", "satuan": "ha"},
    {"kolom": "Tanggal", "label": "Tanggal", "tipe": "date"},
]


def _event(dataset: dict[str, Any], transition: str = "publish") -> TransitionEvent:
    return TransitionEvent(
        "e", "dataset", dataset["id"], transition, "verified", "published", None, None,
        "u", "walidata", None, 1, dataset["title"], dataset["owner_org"],
    )  # fmt: skip


def _decide(dataset: dict[str, Any]) -> TransitionEvent:
    """What the workflow does in its transaction, up to the commit."""
    event = _event(dataset)
    model.Session.execute(
        sa.text(
            "insert into satudata_case (subject_type, subject_id, state, approved) values ('dataset', :id, 'published',"
            " true) on conflict (subject_type, subject_id) do update set state = 'published', approved = true"
        ),
        {"id": dataset["id"]},
    )
    effects.publish(event)
    effects.remember_index(event)
    return event


def _publish(dataset: dict[str, Any]) -> None:
    event = _decide(dataset)
    model.Session.commit()
    effects.index(event)


@pytest.fixture
def judged(portal: Portal) -> dict[str, Any]:
    """A draft whose one file was checked."""
    return remembered.once(_judged, portal)


def _judged(portal: Portal) -> dict[str, Any]:
    dataset = portal.dataset()
    resource = dataset["resources"][0]["id"]
    assert portal.call("editor", "resource_delete", id=resource)[0] == 200
    made = portal.upload(dataset["id"], TABLE)
    status, answer = portal.call("editor", "resource_patch", id=made["id"], kamus_data=json.dumps(COLUMNS))
    assert status == 200, answer
    found = call_action("satudata_qa_run", {"user": "orang-sysadmin"}, resource_id=made["id"], wait=True)
    assert found["state"] == "done", found
    return portal.show(dataset["id"])


def test_before_the_commit_nobody_else_sees_it(portal: Portal, judged: dict[str, Any]) -> None:
    _decide(judged)
    assert portal.row(judged["id"])["private"] is True
    model.Session.rollback()
    assert not portal.is_public(judged["id"])


def test_after_the_commit_everybody_reads_metadata_file_rows_and_csv(portal: Portal, judged: dict[str, Any]) -> None:
    _publish(judged)
    assert rows.load_due() == 1
    resource_id = judged["resources"][0]["id"]
    shown = portal.call(None, "package_show", id=judged["id"])[1]
    resource = shown["resources"][0]
    assert resource["datastore_active"] is True
    today = datetime.now(UTC).astimezone().date()
    assert shown["tanggal_verifikasi"][:4] == str(today.year)
    assert isinstance(shown["skor_kualitas"], int)
    found = portal.call(None, "datastore_search", resource_id=resource_id)[1]
    assert [(row["Kecamatan"], row["Jumlah"], row["Luas"], row["Tanggal"]) for row in found["records"]] == [
        ("Sukamaju", 1474, 12.5, "2026-01-31"),
        ("Mekarsari", 686, None, "2026-02-28"),
    ]
    assert [(field["id"], field["type"]) for field in found["fields"]][1:] == [
        ("Kecamatan", "text"),
        ("Jumlah", "int8"),
        ("Luas", "numeric"),
        ("Tanggal", "date"),
    ]
    assert found["fields"][2]["info"]["label"] == "Jumlah rumah"
    csv = portal.get(None, resource["csv_url"])
    assert csv.status_code == 200
    assert csv.get_data(as_text=True).splitlines()[1].startswith("Sukamaju,1474,12.5")
    assert portal.call(None, "package_search")[1]["results"][0]["resources"][0]["csv_url"] == resource["csv_url"]


def test_full_text_search_and_dump_answer(portal: Portal, judged: dict[str, Any]) -> None:
    _publish(judged)
    rows.load_due()
    resource_id = judged["resources"][0]["id"]
    assert portal.call(None, "datastore_search", resource_id=resource_id, q="Mekarsari")[1]["total"] == 1
    assert "Sukamaju" in portal.get(None, f"/datastore/dump/{resource_id}").get_data(as_text=True)
    assert portal.call(None, "resource_view_list", id=resource_id)[0] == 200


def test_rows_in_the_datastore_from_before_are_gone_with_the_decision(
    portal: Portal, judged: dict[str, Any], tmp_path: Any
) -> None:
    resource_id = judged["resources"][0]["id"]
    (tmp_path / "x.csv").write_text("a\nkenari\n")
    datastore.load(resource_id, [{"id": "a", "kolom": "a", "type": "text"}], tmp_path / "x.csv")
    _publish(judged)
    assert portal.call(None, "datastore_search", resource_id=resource_id)[0] == 404


def test_published_rows_are_frozen_in_the_database_too(judged: dict[str, Any]) -> None:
    from ckanext.datastore.backend.postgres import get_write_engine

    _publish(judged)
    rows.load_due()
    table = judged["resources"][0]["id"]
    for statement in (f'delete from "{table}"', f'update "{table}" set "Jumlah" = 1', f'truncate "{table}"'):
        with get_write_engine().connect() as connection, pytest.raises(ProgrammingError, match="satudata"):
            connection.execute(sa.text(statement))


def test_loading_twice_is_loading_once(portal: Portal, judged: dict[str, Any]) -> None:
    _publish(judged)
    assert (rows.load_due(), rows.load_due()) == (1, 0)
    model.Session.execute(sa.update(row_table).values(state="pending"))
    model.Session.commit()
    assert rows.load_due() == 1
    assert portal.call(None, "datastore_search", resource_id=judged["resources"][0]["id"])[1]["total"] == 2


def test_a_file_without_a_judged_table_is_tried_again_later(portal: Portal, judged: dict[str, Any]) -> None:
    model.Session.execute(sa.text("delete from satudata_qa_run"))
    model.Session.commit()
    _publish(judged)
    assert rows.load_due() == 0
    row = model.Session.execute(sa.select(row_table)).mappings().one()
    assert (row["state"], row["attempts"]) == ("pending", 1)
    assert "csv_url" not in portal.call(None, "package_show", id=judged["id"])[1]["resources"][0]


def test_a_code_of_twenty_digits_is_loaded_exactly(portal: Portal, tmp_path: Any) -> None:
    assert portal
    (tmp_path / "x.csv").write_text("kode\n12345678901234567890\n")
    assert datastore.load("besar", [{"id": "kode", "kolom": "kode", "type": "integer"}], tmp_path / "x.csv") == 1
    datastore.drop("besar")


def test_a_draft_has_no_csv(portal: Portal, judged: dict[str, Any]) -> None:
    url = f"/dataset/{judged['id']}/resource/{judged['resources'][0]['id']}/tabel.csv"
    for who in (None, "editor", "reviewer"):
        assert portal.get(who, url).status_code == 404
    assert portal.get(None, "/dataset/tidak-ada/resource/tidak-ada/tabel.csv").status_code == 404


def test_submitting_makes_a_half_way_dataset_an_ordinary_private_one(portal: Portal) -> None:
    dataset = portal.dataset()
    portal.call("editor", "package_patch", id=dataset["id"], state="draft")
    effects.submit(_event(dataset, "submit"))
    model.Session.commit()
    assert (portal.row(dataset["id"])["state"], portal.row(dataset["id"])["private"]) == ("active", True)


def test_the_index_follows_a_decision_whose_process_died(portal: Portal, judged: dict[str, Any]) -> None:
    _decide(judged)
    model.Session.commit()  # and nothing more
    assert portal.call(None, "package_search")[1]["count"] == 0
    model.Session.execute(sa.update(reindex).values(since=sa.text("now() - interval '1 hour'")))
    model.Session.commit()
    indexing.index_left_over()
    assert portal.call(None, "package_search")[1]["count"] == 1
    assert model.Session.execute(sa.select(sa.func.count()).select_from(reindex)).scalar() == 0


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"license_id": "cc-by", "klasifikasi_akses": "terbuka"}, []),
        ({"klasifikasi_akses": "terbuka"}, ["publication.no_license"]),
        ({"license_id": "cc-by"}, ["publication.no_access_class"]),
        ({"klasifikasi_akses": "terbatas"}, []),
        ({"klasifikasi_akses": "tertutup"}, []),
    ],
)
def test_what_may_be_published(facts: dict[str, Any], codes: list[str]) -> None:
    view = SubjectView("dataset", "x", "X", "o", "O", "h", "/dataset/x", facts)
    reasons = effects.publishable("publish", view)
    assert [reason.code for reason in reasons] == codes
    assert all("{" not in reason.render("id") for reason in reasons)


def test_what_drifted_to_public_is_closed_and_said(portal: Portal, draft: dict[str, Any], caplog: Any) -> None:
    model.Session.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    model.Session.execute(sa.text("update package set private = false where id = :id"), {"id": draft["id"]})
    model.Session.commit()
    assert reconcile.mend() == [draft["id"]]
    assert "public without approval" in caplog.text
    assert not portal.is_public(draft["id"])
    assert reconcile.mend() == []
