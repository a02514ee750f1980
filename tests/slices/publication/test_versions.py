"""The versions that were public: restored through a review, let go after a time, told to everybody."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication import files
from ckanext.satudata.publication.subject import public_hash
from ckanext.satudata.publication.versions import keeping

from .copying import COLUMNS, NEW, Changing, changing

__all__ = ["changing"]

DOWN = {"reason_code": "data_pribadi"}
SECOND = "Kecamatan;Jumlah\nSukamaju;1\n"


def _second(changing: Changing) -> None:
    """A second version: another title, other tags and dictionary, new bytes in the first file, and another file."""
    copy = changing.open(note="Diperbarui.")
    changing.portal.call("editor", "package_patch", id=copy["id"], title="Rumah 2", tags=[{"name": "papan"}])
    changing.replace(copy["resources"][0], NEW)
    changing.table(copy["id"], SECOND, name="Tambahan")
    changing.publish(copy["id"])


def _restore(changing: Changing, who: str = "editor", **values: Any) -> tuple[int, Any]:
    return changing.portal.call(who, "satudata_version_restore", id=changing.live["id"], **values)


def test_a_restored_version_is_word_for_word_what_it_was(changing: Changing) -> None:
    first, seen = public_hash(changing.live["id"]), changing.seen()
    _second(changing)
    status, made = _restore(changing, version=1)
    assert (status, made["kind"], made["left_out"]) == (200, "perubahan", []), made
    assert made["note"].startswith("Kembali ke versi 1 (")
    assert changing.seen()["title"] == "Rumah 2"  # nothing changes before the approval
    changing.publish(made["id"])
    assert public_hash(changing.live["id"]) == first
    assert changing.seen() == seen
    versions = changing.portal.call(None, "satudata_version_list", id=changing.live["id"])[1]
    assert (versions[0]["versi"], versions[0]["catatan_perubahan"]) == (3, made["note"])


@pytest.mark.thorough
def test_a_file_that_was_taken_out_comes_back_under_its_address(changing: Changing) -> None:
    _second(changing)
    seen, hashed = changing.seen(), public_hash(changing.live["id"])
    copy = changing.open()
    extra = next(one for one in copy["resources"] if one["name"] == "Tambahan")
    changing.portal.call("editor", "resource_delete", id=extra["id"])
    changing.publish(copy["id"])
    assert len(changing.seen()["files"]) == 1
    status, made = _restore(changing, who="reviewer", version=2)  # the walidata may, too
    assert status == 200, made
    changing.done("editor", made["id"], "submit")
    refused = changing.decide("reviewer", made["id"], "pass")  # whoever restores does not decide on it
    assert refused[0] != 200
    changing.portal.grant("admin", "walidata")
    changing.done("admin", made["id"], "pass")
    changing.done("admin", made["id"], "publish")
    assert changing.seen() == seen
    assert public_hash(changing.live["id"]) == hashed


@pytest.mark.thorough
def test_what_stands_in_the_way_is_told(changing: Changing) -> None:
    _second(changing)
    assert _restore(changing, who="stranger", version=1)[0] == 403
    assert _restore(changing, who="member", version=1)[0] == 403
    for number, code in ((7, "version.unknown"), (2, "version.is_current")):
        status, errors = _restore(changing, version=number)
        assert (status, errors["reasons"][0]["code"]) == (409, code)
    changing.portal.call("sysadmin", "satudata_takedown_part", id=changing.live["id"], version=1, **DOWN)
    status, errors = _restore(changing, version=1)
    assert (status, errors["reasons"][0]["code"]) == (409, "version.gone")
    copy = changing.open()
    status, errors = _restore(changing, version=1)
    assert (status, errors["reasons"][0]["code"]) == (409, "copy.open")
    assert copy["name"] in errors["reasons"][0]["text"]


@pytest.mark.thorough
def test_a_takedown_takes_along_the_copy_that_was_restored_from_it(changing: Changing) -> None:
    _second(changing)
    made = _restore(changing, version=1)[1]
    changing.portal.call("sysadmin", "satudata_takedown_part", id=changing.live["id"], version=1, **DOWN)
    assert changing.portal.call("editor", "package_show", id=made["id"])[0] != 200
    assert changing.portal.call("editor", "satudata_copy_show", id=changing.live["id"])[1]["open"] is None


def _page(changing: Changing, who: str | None, url: str) -> str:
    answer = changing.portal.get(who, url)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_everybody_reads_what_changed_and_nobody_is_named(changing: Changing) -> None:
    live = changing.live
    copy = changing.open(kind="ralat", note="Jumlah Mekarsari terbalik.")
    changing.replace(copy["resources"][0], NEW)
    changing.publish(copy["id"])
    small = {"id": live["id"], "fields": {"notes": "Versi pertamaa."}}
    assert changing.portal.call("editor", "satudata_minor_change", **small)[0] == 200
    told = changing.portal.call(None, "satudata_change_list", id=live["id"])[1]
    assert [(one["what"], one["jenis"], one["fields"]) for one in told["results"]] == [
        ("minor", None, ["notes"]),
        ("version", "ralat", []),
        ("version", "awal", []),
    ]
    assert told["results"][1]["catatan_perubahan"] == "Jumlah Mekarsari terbalik."
    assert "orang-" not in json.dumps(told)
    name = live["name"]
    assert f"/dataset/{name}/perubahan" in _page(changing, None, f"/dataset/{name}")
    public = _page(changing, None, f"/dataset/{name}/perubahan")
    assert "Jumlah Mekarsari terbalik." in public
    assert "pulihkan" not in public
    assert "orang-editor" not in public
    assert 'action="/dataset/' + live["id"] + '/perubahan/pulihkan"' in _page(
        changing, "editor", f"/dataset/{name}/perubahan"
    )
    client, headers = changing.portal.client, changing.portal.headers("editor")
    url = f"/dataset/{live['id']}/perubahan/pulihkan"
    answer = client.post(url, headers=headers, data={"version": "1"}, follow_redirects=False)
    assert (answer.status_code, "/dataset/salinan-" in answer.headers["Location"]) == (302, True)
    changing.portal.call("sysadmin", "satudata_takedown_part", id=live["id"], version=1, **DOWN)
    told = changing.portal.call(None, "satudata_change_list", id=live["id"])[1]["results"]
    assert (told[0]["what"], told[0]["versi"], told[-1]["kept"]) == ("takedown", 1, False)


@pytest.mark.thorough
def test_what_was_closed_is_told_insiders_only(changing: Changing) -> None:
    _second(changing)
    closed = "update satudata_version set snapshot = jsonb_set(snapshot, '{fields,klasifikasi_akses}', '\"tertutup\"')"
    model.Session.execute(sa.text(closed + " where number = 1"))
    model.Session.commit()
    for who, numbers in ((None, [2]), ("stranger", [2]), ("member", [2, 1])):
        for action in ("satudata_change_list", "satudata_version_list"):
            told = changing.portal.call(who, action, id=changing.live["id"])[1]
            rows = told["results"] if isinstance(told, dict) else told
            assert [one["versi"] for one in rows] == numbers


@pytest.mark.thorough
def test_what_is_not_public_has_no_public_list(changing: Changing) -> None:
    draft = changing.portal.dataset()
    assert changing.portal.call(None, "satudata_change_list", id=draft["id"])[0] == 403
    for who in (None, "stranger"):
        assert changing.portal.get(who, f"/dataset/{draft['name']}/perubahan").status_code == 404
    url = f"/dataset/{changing.live['name']}/perubahan"
    gone = {"reason_code": "usang", "note": "Diganti."}
    status, refused = changing.decide("reviewer", changing.live["id"], "unpublish", **gone)
    assert (status, changing.portal.get(None, url).status_code) == (200, 410), refused


@pytest.mark.thorough
def test_two_earlier_versions_are_compared(changing: Changing) -> None:
    _second(changing)
    live = changing.live["id"]
    asked = {"against": "1", "version": 2, "resource_id": changing.live["resources"][0]["id"]}
    status, told = changing.portal.call("editor", "satudata_compare", id=live, **asked)
    assert (status, told["before"]["version"], told["after"]["version"]) == (200, 1, 2)
    assert (told["table"]["state"], told["table"]["diff"]["totals"][0]["after"]) == ("compared", "2212")
    assert [change["field"] for change in told["fields"]] == ["title"]
    page = _page(changing, "editor", f"/dataset/{live}/bandingkan?lawan=1&versi=2")
    assert "2.212" in page


def _stored(resource_id: str) -> list[str]:
    query = sa.text("select blob_id from satudata_blob_version where resource_id = :id order by created")
    return list(model.Session.execute(query, {"id": resource_id}).scalars())


@pytest.mark.thorough
def test_old_versions_are_let_go_and_the_list_keeps_their_entry(
    changing: Changing, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = changing.live["resources"][0]["id"]
    first = _stored(resource)[0]
    _second(changing)
    changing.portal.call("sysadmin", "satudata_change_list", id=changing.live["id"])
    monkeypatch.setitem(tk.config, keeping.KEEP, 1)
    assert keeping.apply() == 0  # young
    monkeypatch.setitem(tk.config, keeping.DAYS, 0)
    assert keeping.let_go() == 1
    told = changing.portal.call(None, "satudata_change_list", id=changing.live["id"])[1]["results"]
    assert [(one["versi"], one["kept"]) for one in told] == [(2, True), (1, False)]
    path = files.stored_path(first)
    assert path is not None
    assert not path.exists()
    logged = sa.text("select why from satudata_removal where key = :key and removed is not null")
    assert model.Session.execute(logged, {"key": first}).scalar() == "retention"
    assert changing.seen()["tables"][resource] == [1500, 700, 12]  # what is public stays


@pytest.mark.thorough
def test_the_page_of_small_changes_saves_what_is_free_and_says_what_is_not(changing: Changing) -> None:
    name = changing.live["name"]
    url = f"/dataset/{name}/perubahan-kecil"
    assert url in _page(changing, "editor", f"/dataset/edit/{name}")
    shown = _page(changing, "editor", url)
    assert 'name="notes"' in shown
    assert 'name="title"' not in shown
    client, headers = changing.portal.client, changing.portal.headers("editor")
    sent = {"notes": "Sama sekali lain.", "kontak-0-unit": "Seksi Data", "kontak-0-surel": "data@contoh.go.id"}
    refused = client.post(url, headers=headers, data=sent)
    assert refused.status_code == 400
    assert 'href="#field-notes"' in refused.get_data(as_text=True)
    assert "data@contoh.go.id" in refused.get_data(as_text=True)  # what was typed stays
    saved = client.post(url, headers=headers, data={**sent, "notes": "Versi pertama."}, follow_redirects=False)
    assert saved.status_code == 302
    public = changing.portal.call(None, "package_show", id=name)[1]
    assert (public["notes"], public["kontak"][0]["unit"]) == ("Versi pertama.", "Seksi Data")
    assert client.get(url, headers=changing.portal.headers("stranger")).status_code == 403


def test_a_dataset_in_the_bin_has_no_page_of_small_changes(changing: Changing) -> None:
    made = changing.portal.dataset()
    assert changing.portal.call("editor", "package_delete", id=made["id"])[0] == 200
    client, headers = changing.portal.client, changing.portal.headers("editor")
    assert client.get(f"/dataset/{made['name']}/perubahan-kecil", headers=headers).status_code == 404


PERIOD = {"periode": "2026", "status_angka": "sementara"}


def _period(changing: Changing, **values: Any) -> dict[str, Any]:
    """A copy that adds a period, with its file."""
    copy = changing.open(kind="periode")
    file = {**PERIOD, "kamus_data": json.dumps(COLUMNS), "name": "Rumah 2026", **values}
    made = changing.portal.upload(copy["id"], NEW, **{key: value for key, value in file.items() if value})
    changing.check(made["id"])
    return {**copy, "new": made["id"]}


def test_a_new_period_is_added_and_nothing_else(changing: Changing) -> None:
    copy = _period(changing)
    call = changing.portal.call
    title = call("editor", "package_patch", id=copy["id"], title="Lain")
    assert (title[0], "Judul" in title[1]["dataset"][0]) == (409, True), title
    earlier = copy["resources"][0]
    file = call("editor", "resource_patch", id=earlier["id"], description="Lain")
    assert (file[0], earlier["name"] in json.dumps(file[1])) == (409, True), file
    assert call("editor", "resource_delete", id=earlier["id"])[0] == 409
    view = call("editor", "resource_view_list", id=earlier["id"])[1][0]["id"]
    assert call("editor", "resource_view_delete", id=view)[0] == 409
    model.Session.execute(sa.text("update package set notes = 'Lain' where id = :id"), {"id": copy["id"]})
    model.Session.commit()  # past every door
    status, errors = changing.decide("editor", copy["id"], "submit")
    assert (status, errors["reasons"][0]["code"]) == (409, "periode.only_a_file")
    assert call("editor", "satudata_copy_update", id=copy["id"], kind="perubahan")[0] == 200
    status, errors = call("editor", "satudata_copy_update", id=copy["id"], kind="periode")
    assert (status, errors["reasons"][0]["code"]) == (409, "periode.only_a_file")


@pytest.mark.thorough
def test_a_new_period_says_which_and_how_final_it_is(changing: Changing) -> None:
    url = f"/dataset/{changing.live['id']}/perubahan"
    assert '<option value="periode" selected' in _page(changing, "editor", f"{url}?jenis=periode")
    client, headers = changing.portal.client, changing.portal.headers("editor")
    opened = client.post(url, headers=headers, data={"kind": "periode"}, follow_redirects=False)
    assert opened.headers["Location"].endswith("/resource/new")
    assert 'name="status_angka"' in _page(changing, "editor", opened.headers["Location"].partition("satudata.test")[2])
    assert changing.portal.call("editor", "satudata_copy_discard", id=changing.live["id"])[0] == 200
    copy = _period(changing, periode="", status_angka="")
    status, errors = changing.decide("editor", copy["id"], "submit")
    assert (status, [one["code"] for one in errors["reasons"]]) == (409, ["periode.periode", "periode.status_angka"])
    changing.portal.call("editor", "resource_delete", id=copy["new"])
    status, errors = changing.decide("editor", copy["id"], "submit")
    assert (status, [one["code"] for one in errors["reasons"]]) == (409, ["periode.no_file"])


def test_the_reviewer_sees_the_new_file_and_how_the_series_goes_on(changing: Changing) -> None:
    copy = changing.open()
    changing.portal.call("editor", "resource_patch", id=copy["resources"][0]["id"], periode="2025", name="Rumah 2025")
    changing.publish(copy["id"])
    before = changing.seen()
    copy = _period(changing)
    changing.done("editor", copy["id"], "submit")
    status, told = changing.portal.call("reviewer", "satudata_series_show", id=copy["id"])
    (file,) = told["files"]
    assert (status, file["state"], [one["periode"] for one in file["beside"]]) == (200, "compared", ["2025"])
    assert [(row["before"], row["after"], row["percent"]) for row in file["figures"]] == [(["2160"], "2212", "2.4")]
    assert changing.portal.call("other", "satudata_series_show", id=copy["id"])[0] == 403
    page = _page(changing, "reviewer", f"/dataset/{copy['name']}/tinjau")
    assert "Angka sementara" in page
    assert f"/resource/{copy['resources'][0]['id']}" not in page  # the files of before are not judged again
    changing.done("reviewer", copy["id"], "pass")
    changing.done("reviewer", copy["id"], "publish")
    after = changing.seen()
    assert {key: after["tables"][key] for key in before["tables"]} == before["tables"]
    assert after["tables"][copy["new"]] == [1500, 700, 12]
    listed = changing.portal.call(None, "satudata_change_list", id=changing.live["id"])[1]["results"]
    assert (listed[0]["jenis"], listed[0]["label"]) == ("periode", "Periode baru")
