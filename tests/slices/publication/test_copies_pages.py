"""The pages around a working copy; and what changes without a review."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.daily import cases

from .copying import Changing, changing

__all__ = ["changing"]


def _post(changing: Changing, who: str, url: str, **form: Any) -> Any:
    return changing.portal.client.post(url, headers=changing.portal.headers(who), data=form, follow_redirects=False)


def _text(changing: Changing, who: str | None, url: str) -> str:
    answer = changing.portal.get(who, url)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_the_edit_page_of_a_published_dataset_leads_to_a_copy(changing: Changing) -> None:
    name = changing.live["name"]
    address = f"/dataset/{changing.live['id']}/perubahan"
    for url in (f"/dataset/edit/{name}", f"/dataset/{name}", f"/dataset/{name}/status"):
        page = _text(changing, "editor", url)
        assert f'action="{address}"' in page
        assert "Buat perubahan" in page
    answer = _post(changing, "editor", address)
    assert answer.status_code == 302
    assert "/dataset/edit/salinan-" in answer.headers["Location"]


def test_the_pages_tell_insiders_of_the_open_copy_and_nobody_else(changing: Changing) -> None:
    copy = changing.open()
    name = changing.live["name"]
    for who in ("editor", "member"):
        assert f"/dataset/{copy['name']}/status" in _text(changing, who, f"/dataset/{name}")
    for who in (None, "stranger", "other", "reviewer"):  # the reviewer once it is handed in
        page = _text(changing, who, f"/dataset/{name}")
        assert copy["name"] not in page
        assert copy["id"] not in page
    assert f"/dataset/{name}" in _text(changing, "editor", f"/dataset/{copy['name']}/status")


@pytest.mark.thorough
def test_a_second_person_is_told_on_the_page(changing: Changing) -> None:
    copy = changing.open()
    answer = _post(changing, "admin", f"/dataset/{changing.live['id']}/perubahan")
    assert answer.status_code == 400
    assert copy["name"] in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", cases("member", thorough=("stranger", "other")))
def test_who_may_not_change_it_opens_nothing(changing: Changing, who: str) -> None:
    assert _post(changing, who, f"/dataset/{changing.live['id']}/perubahan").status_code == 403
    assert changing.portal.call("editor", "satudata_copy_show", id=changing.live["id"])[1]["open"] is None


def test_note_and_discarding_on_the_page(changing: Changing) -> None:
    copy = changing.open()
    page = _text(changing, "editor", f"/dataset/{copy['name']}/perubahan")
    assert f"/dataset/{copy['id']}/perubahan/buang" in page
    told = _post(changing, "editor", f"/dataset/{copy['id']}/perubahan/catatan", kind="ralat", note="Terbalik.")
    assert told.status_code == 302
    found = changing.portal.call("editor", "satudata_copy_show", id=copy["id"])[1]["open"]
    assert (found["kind"], found["note"]) == ("ralat", "Terbalik.")
    assert _post(changing, "editor", f"/dataset/{copy['id']}/perubahan/buang", note="x").status_code == 302
    assert changing.portal.call("editor", "satudata_copy_show", id=changing.live["id"])[1]["open"] is None


@pytest.mark.thorough
def test_an_old_address_of_the_copy_leads_insiders_to_the_dataset(changing: Changing) -> None:
    copy = changing.open()
    changing.portal.call("editor", "package_patch", id=copy["id"], title="Baru")
    changing.publish(copy["id"])
    for reference in (copy["name"], copy["id"]):
        for page in ("", "/status", "/tinjau", "/riwayat"):
            answer = changing.portal.get("editor", f"/dataset/{reference}{page}")
            assert answer.status_code == 302
            assert f"/dataset/{changing.live['name']}" in answer.headers["Location"]
        assert changing.portal.get(None, f"/dataset/{reference}").status_code == 404
        assert changing.portal.get("stranger", f"/dataset/{reference}").status_code == 404


def test_the_contact_changes_without_a_review(changing: Changing) -> None:
    contact = [{"unit": "Seksi Data", "surel": "data@contoh.go.id", "telepon": ""}]
    given = {"id": changing.live["id"], "fields": {"kontak": contact}}
    assert changing.portal.call("member", "satudata_minor_change", **given)[0] == 403
    status, answer = changing.portal.call("editor", "satudata_minor_change", **given)
    assert (status, answer["changed"]) == (200, ["kontak"]), answer
    shown = changing.portal.call(None, "package_show", id=changing.live["id"])[1]
    assert "data@contoh.go.id" in json.dumps(shown["kontak"])
    assert changing.portal.row(changing.live["id"])["private"] is False
    event = changing.portal.call("editor", "satudata_history", id=changing.live["id"])[1][0]
    assert (event["transition"], event["actor"]["name"]) == ("minor_change", "orang-editor")
    assert event["changes"][0]["field"] == "kontak"


@pytest.mark.thorough
def test_spelling_changes_but_not_what_it_says(changing: Changing) -> None:
    live = changing.live["id"]
    good = changing.portal.call("editor", "satudata_minor_change", id=live, fields={"notes": "Versi pertamaa."})
    assert good[0] == 200, good
    for fields, code in (
        ({"notes": "Sesuatu yang lain sama sekali."}, "minor.not_spelling"),
        ({"notes": "Versi pertamaa 7."}, "minor.not_spelling"),
        ({"title": "Rumah tidak layak huni"}, "minor.not_free"),
        ({"private": True}, "minor.not_free"),
        ({"notes": "Versi pertamaa."}, "minor.nothing"),
    ):
        status, errors = changing.portal.call("editor", "satudata_minor_change", id=live, fields=fields)
        assert (status, errors["reasons"][0]["code"]) == (409, code)
    changing.open()
    status, errors = changing.portal.call(
        "editor", "satudata_minor_change", id=live, fields={"notes": "Versi pertama."}
    )
    assert (status, errors["reasons"][0]["code"]) == (409, "publication.frozen_published")
    assert changing.portal.call(None, "package_show", id=live)[1]["notes"] == "Versi pertamaa."
