"""One file, or one earlier version, is taken down while the dataset stays; and the page by which people do it."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from werkzeug.serving import make_server

from ckanext.satudata.publication.uploader import blob_of
from ckanext.satudata.publication.withdrawals import versions

from .conftest import CANARY, Portal
from .test_withdrawals import decide, holding, storage, takedown, terbit, unpublish, with_table

__all__ = ["storage", "terbit"]

ROOT = Path(__file__).parents[3]
PART = {"reason_code": "data_pribadi", "note": "NIK seorang warga"}


def take_part(portal: Portal, who: str, dataset_id: str, **part: Any) -> tuple[int, Any]:
    return portal.call(who, "satudata_takedown_part", id=dataset_id, **{**PART, **part})


@pytest.fixture
def two_files(portal: Portal, storage: Path) -> dict[str, Any]:  # noqa: ARG001
    """A published dataset with a table, and a second file that nobody minds."""
    shown = with_table(portal, second=True)
    return {**shown, "second": shown["resources"][1]["id"]}


def test_one_file_is_taken_down_and_the_dataset_stays(portal: Portal, two_files: dict[str, Any], storage: Path) -> None:
    first = two_files["resources"][0]
    status, done = take_part(portal, "reviewer", two_files["id"], resource_id=first["id"])
    assert status == 200, done
    shown = portal.call(None, "package_show", id=two_files["id"])[1]
    assert [one["id"] for one in shown["resources"]] == [two_files["second"]]
    found = portal.call(None, "package_search", q="Rumah")[1]["results"][0]
    assert [one["id"] for one in found["resources"]] == [two_files["second"]]
    assert portal.call(None, "datastore_search", resource_id=first["id"])[0] in (403, 404)
    for pattern in ("/dataset/{0}/resource/{1}", "/dataset/{0}/resource/{1}/download/a.csv", "/datastore/dump/{1}"):
        answer = portal.get(None, pattern.format(two_files["id"], first["id"]))
        assert answer.status_code == 410, pattern
        assert first["name"] not in answer.get_data(as_text=True)
    assert portal.get(None, f"/dataset/{two_files['name']}").status_code == 200
    assert holding(storage) == []
    row = model.Session.execute(sa.text("select to_json(r)::text from resource r where id = :id"), first).scalar()
    assert CANARY not in str(row)
    listed = portal.call(None, "satudata_withdrawn_list")[1]["results"]
    assert [(one["resource_id"], one["name"], one["title"]) for one in listed] == [(first["id"], None, None)]


def test_the_history_tells_and_the_case_stays_published(portal: Portal, two_files: dict[str, Any]) -> None:
    first = two_files["resources"][0]["id"]
    event_id = take_part(portal, "reviewer", two_files["id"], resource_id=first)[1]["event_id"]
    history = portal.call("editor", "satudata_history", id=two_files["id"])[1]
    event = next(one for one in history if one["id"] == event_id)
    assert (event["transition"], event["to_state"], event["note"]) == ("part_taken_down", "published", PART["note"])
    assert event["reason_code"] == "data_pribadi"
    assert portal.call("editor", "satudata_case_show", id=two_files["id"])[1]["approved"] is True


def test_who_may_not_take_it_down_changes_nothing(portal: Portal, two_files: dict[str, Any], storage: Path) -> None:
    before = len(holding(storage))
    first = two_files["resources"][0]["id"]
    for who, expected in (("editor", 409), ("admin", 409), ("stranger", 409), (None, 403)):
        status, error = take_part(portal, who, two_files["id"], resource_id=first)  # pyright: ignore[reportArgumentType]
        assert status in (expected, 403), (who, error)
    for wrong in ({}, {"resource_id": first, "version": 1}, {"resource_id": "bukan"}, {"version": 7}, {"version": "x"}):
        status, error = take_part(portal, "reviewer", two_files["id"], **wrong)
        assert status == 409, (wrong, error)
    status, error = take_part(portal, "reviewer", two_files["id"], resource_id=first, reason_code="usang")
    assert (status, list(error)) == (409, ["reason_code", "__type"])
    assert len(holding(storage)) == before
    assert portal.call(None, "datastore_search", resource_id=first)[1]["total"] == 2
    assert portal.call(None, "satudata_withdrawn_list")[1]["count"] == 0


def _version(dataset_id: str, number: int, blobs: dict[str, str], words: str) -> None:
    values = {"id": dataset_id, "number": number, "blobs": json.dumps(blobs)}
    values["snapshot"] = json.dumps({"fields": {"notes": words}, "resources": [{"id": key} for key in blobs]})
    statement = (
        "insert into satudata_version (dataset_id, number, content_hash, snapshot, blobs, kind, published)"
        " values (:id, :number, 'x', cast(:snapshot as jsonb), cast(:blobs as jsonb), 'perubahan', now())"
    )
    model.Session.execute(sa.text(statement), values)
    model.Session.commit()


def test_an_earlier_version_goes_and_the_public_one_stays(
    portal: Portal, terbit: dict[str, Any], storage: Path
) -> None:
    resource_id = terbit["resources"][0]["id"]
    now = blob_of(resource_id)
    earlier = "11111111-2222-3333-4444-555555555555"
    path = storage / "resources" / earlier[:3] / earlier[3:6] / earlier[6:]
    path.parent.mkdir(parents=True)
    path.write_text(f"lama {CANARY}")
    model.Session.execute(sa.text("delete from satudata_version"))
    _version(terbit["id"], 1, {resource_id: earlier}, f"lama {CANARY}")
    _version(terbit["id"], 2, {resource_id: now}, "baru")
    assert take_part(portal, "reviewer", terbit["id"], version=2)[0] == 409, "what is public is no earlier version"
    assert versions.numbers_of(terbit["id"]) == [1]
    assert take_part(portal, "reviewer", terbit["id"], version=1)[0] == 200
    assert not path.exists()
    kept = model.Session.execute(sa.text("select number, snapshot::text, blobs::text from satudata_version order by 1"))
    assert [(number, snapshot is None, blobs) for number, snapshot, blobs in kept] == [
        (1, True, "{}"), (2, False, json.dumps({resource_id: now})),
    ]  # fmt: skip
    assert versions.numbers_of(terbit["id"]) == []
    assert portal.get(None, terbit["resources"][0]["url"]).status_code == 200
    assert portal.call(None, "datastore_search", resource_id=resource_id)[1]["total"] == 2
    assert portal.call(None, "satudata_withdrawn_list")[1]["results"][0]["version"] == 1


def test_a_takedown_of_the_dataset_empties_its_versions(portal: Portal, terbit: dict[str, Any], storage: Path) -> None:
    earlier = "11111111-2222-3333-4444-555555555555"
    path = storage / "resources" / earlier[:3] / earlier[3:6] / earlier[6:]
    path.parent.mkdir(parents=True)
    path.write_text("lama")
    model.Session.execute(sa.text("delete from satudata_version"))
    _version(terbit["id"], 1, {"file-yang-dulu-ada": earlier}, f"lama {CANARY}")
    takedown(portal, terbit["id"])
    assert not path.exists()
    kept = model.Session.execute(sa.text("select snapshot, blobs::text from satudata_version")).all()
    assert [tuple(one) for one in kept] == [(None, "{}")]


# -- the page ----------------------------------------------------------------------------------------------------------


def _post(portal: Portal, who: str | None, dataset_id: str, **form: str) -> Any:
    answer = portal.client.post(
        f"/dataset/{dataset_id}/tarik", data=form, headers=portal.headers(who), follow_redirects=False
    )
    model.Session.rollback()
    return answer


def _seen(portal: Portal, dataset_id: str) -> dict[str, str]:
    case = portal.call("sysadmin", "satudata_case_show", id=dataset_id)[1]
    return {"expected": json.dumps(case["expected"]), "content_hash": case["content_hash"]}


def test_the_page_is_for_who_may_take_it_away(portal: Portal, terbit: dict[str, Any]) -> None:
    page = f"/dataset/{terbit['id']}/tarik"
    text = portal.get("reviewer", page).get_data(as_text=True)
    assert 'value="unpublish"' in text
    assert 'value="takedown"' in text
    status = portal.get("reviewer", f"/dataset/{terbit['id']}/status").get_data(as_text=True)
    assert f"/dataset/{terbit['name']}/tarik" in status
    for who in ("editor", "admin"):
        assert portal.get(who, page).status_code == 403
    assert portal.get(None, page).status_code in (403, 404)
    draft = portal.dataset()
    assert portal.get("editor", f"/dataset/{draft['id']}/tarik").status_code == 403
    for who in ("reviewer", "stranger"):  # a draft is told to nobody outside
        assert portal.get(who, f"/dataset/{draft['id']}/tarik").status_code == 404


def test_the_page_withdraws_and_takes_down(portal: Portal, terbit: dict[str, Any]) -> None:
    seen = _seen(portal, terbit["id"])
    answer = _post(portal, "reviewer", terbit["id"], transition="unpublish", **seen)
    assert answer.status_code == 400
    assert portal.is_public(terbit["id"])
    given = {"reason_code": "usang", "note": "Tidak dimutakhirkan lagi"}
    answer = _post(portal, "reviewer", terbit["id"], transition="unpublish", **given, **seen)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert not portal.is_public(terbit["id"])
    assert _post(portal, "reviewer", terbit["id"], transition="unpublish", **given, **seen).status_code == 400
    seen = _seen(portal, terbit["id"])
    given = {"reason_code": "data_pribadi", "what": "dataset"}
    unsure = _post(portal, "reviewer", terbit["id"], transition="takedown", **given, **seen)
    assert unsure.status_code == 400
    answer = _post(portal, "reviewer", terbit["id"], transition="takedown", sure="1", **given, **seen)
    assert answer.status_code == 302
    assert portal.get(None, f"/dataset/{terbit['id']}").status_code == 410


def test_the_page_takes_one_file_down(portal: Portal, two_files: dict[str, Any]) -> None:
    first = two_files["resources"][0]["id"]
    form = {"transition": "takedown", "what": f"file:{first}", "reason_code": "data_pribadi", "sure": "1"}
    assert _post(portal, "reviewer", two_files["id"], **form, **_seen(portal, two_files["id"])).status_code == 302
    assert portal.get(None, f"/dataset/{two_files['id']}/resource/{first}").status_code == 410
    assert portal.is_public(two_files["id"])


# -- the example for harvesters ----------------------------------------------------------------------------------------


@pytest.fixture
def address(portal: Portal) -> Iterator[str]:
    """The portal behind a real address."""
    server = make_server("127.0.0.1", 0, portal.client.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def _example() -> Any:
    spec = importlib.util.spec_from_file_location("apply_withdrawals", ROOT / "examples" / "apply_withdrawals.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_harvesting_portal_deletes_what_was_withdrawn(
    portal: Portal, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The copy is a dataset of an exempt type: as in plain CKAN."""
    copies = [factories.Dataset(type="harvest", owner_org=portal.dinkes["id"]) for _ in range(2)]
    statement = sa.text(
        "insert into satudata_withdrawal (id, dataset_id, name, kind, reason_code, by) values (:id, :dataset, 'x',"
        " 'unpublish', 'usang', 'x')"
    )
    for number, dataset in enumerate((copies[0]["id"], "tidak-ada-di-sana")):
        model.Session.execute(statement, {"id": f"w{number}", "dataset": dataset})
    model.Session.commit()
    monkeypatch.setenv("CKAN_TOKEN", portal.tokens["sysadmin"])
    program, state = _example(), tmp_path / "sampai.txt"
    program.PAGE = 1  # so that there is a second page
    ways = [address, address, "--state", str(state)]
    assert program.main(ways) == 0
    assert "would be deleted" in capsys.readouterr().out
    assert portal.call("sysadmin", "package_show", id=copies[0]["id"])[1]["state"] == "active"
    assert not state.exists()
    assert program.main([*ways, "--apply"]) == 0
    told = capsys.readouterr().out
    assert "deleted" in told
    assert "not there" in told
    assert portal.call("sysadmin", "package_show", id=copies[0]["id"])[1]["state"] == "deleted"
    assert portal.call("sysadmin", "package_show", id=copies[1]["id"])[1]["state"] == "active"
    assert state.read_text().startswith("20")
    assert program.main(["http://127.0.0.1:9", address]) == 2


# -- with a working copy -----------------------------------------------------------------------------------------------


@pytest.fixture
def with_copy(portal: Portal, terbit: dict[str, Any]) -> dict[str, Any]:
    """An open working copy with an upload of its own."""
    status, opened = portal.call("editor", "satudata_copy_create", id=terbit["id"])
    assert status == 200, opened
    made = portal.upload(opened["id"], f"Kecamatan,Jumlah\nBaru {CANARY},9\n", name="Tabel baru")
    return {**terbit, "copy_id": opened["id"], "own": made["id"]}


def test_a_takedown_erases_the_working_copy_too(portal: Portal, with_copy: dict[str, Any], storage: Path) -> None:
    assert holding(storage)
    takedown(portal, with_copy["id"])
    assert holding(storage) == []
    kept = sa.text("select state from satudata_copy where copy_id = :copy_id")
    assert model.Session.execute(kept, {"copy_id": with_copy["copy_id"]}).scalar() == "discarded"


def test_a_copy_of_a_withdrawn_dataset_is_kept_and_not_published(portal: Portal, with_copy: dict[str, Any]) -> None:
    unpublish(portal, with_copy["id"])
    assert portal.call("editor", "package_show", id=with_copy["copy_id"])[0] == 200
    portal.set_state(with_copy["copy_id"], "verified")
    mended = "update package set license_id = 'cc-by' where id = :id"
    model.Session.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    model.Session.execute(sa.text(mended), {"id": with_copy["copy_id"]})
    model.Session.commit()
    status, error = decide(portal, "reviewer", with_copy["copy_id"], "publish")
    assert status == 409, error
    assert portal.get(None, f"/dataset/{with_copy['name']}").status_code == 410
