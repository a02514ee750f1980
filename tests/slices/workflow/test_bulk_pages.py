"""Desk, own work, decisions on several datasets, sets: what the pages show and what a press on them does."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from tests.slices.pages.conftest import SERVICES, Page, Story
from tests.slices.pages.conftest import story as the_story

story = the_story

BULK = "/meja-kerja/sekaligus"


def submitted(story: Story, *titles: str) -> list[dict[str, Any]]:
    found = [story.dataset(title, csv=SERVICES) for title in titles]
    for one in found:
        story.decide("operator", one["id"], "submit")
    return found


def ticked(page: Page) -> list[str]:
    """The datasets that have a tick box."""
    return re.findall(r'type="checkbox"[^>]*name="kasus" value="([^"]+)"', page.body)


def seen(page: Page) -> list[str]:
    """What the confirmation would send for each dataset."""
    return [html.unescape(value) for value in re.findall(r'name="dilihat" value="([^"]+)"', page.body)]


def state(story: Story, dataset: dict[str, Any]) -> str:
    return story.act("sysadmin", "satudata_case_show", id=dataset["id"])["state"]


# the desk


@pytest.mark.thorough
def test_the_desk_groups_by_due_date_and_offers_to_take(story: Story):
    (one,) = submitted(story, "Jumlah Apotek")
    page = story.open("walidata", "/meja-kerja")
    assert "Minggu ini" in page.text
    assert "Lolos, nilai" in page.text
    assert ticked(page) == [one["id"]]
    taken = story.send("walidata", "/meja-kerja/ambil", ambil=one["id"], kembali="/meja-kerja?q=apotek")
    assert (taken.status, taken.location.endswith("/meja-kerja?q=apotek")) == (302, True)
    assert "Anda Lepaskan" in story.open("walidata", "/meja-kerja").text
    left = story.send("walidata", "/meja-kerja/ambil", lepas=one["id"])
    assert left.status == 302
    assert "Ambil : Jumlah Apotek" in story.open("walidata", "/meja-kerja").text


@pytest.mark.thorough
def test_taking_what_another_holds_says_who(story: Story):
    (one,) = submitted(story, "Jumlah Apotek")
    story.act("sysadmin", "satudata_grant_create", user="orang-reader", role="walidata")
    story.act("reader", "satudata_claim", id=one["id"])
    story.send("walidata", "/meja-kerja/ambil", ambil=one["id"])
    case = story.act("sysadmin", "satudata_queue", tab="all")["results"][0]
    assert case["holder"]["name"] == "Pembaca"
    page = story.open("walidata", "/meja-kerja?tahap=all")
    assert "Pembaca" in page.text
    assert ticked(page) == []


@pytest.mark.parametrize("elsewhere", ["https://contoh.org/", "//contoh.org", "/\\contoh.org", "javascript:alert(1)"])
def test_the_way_back_stays_in_the_portal(story: Story, elsewhere: str):
    (one,) = submitted(story, "Jumlah Apotek")
    answer = story.send("walidata", "/meja-kerja/ambil", ambil=one["id"], kembali=elsewhere)
    assert answer.location.endswith("/meja-kerja")
    confirmed = story.open("walidata", f"{BULK}?langkah=pass&kasus={one['id']}&kembali={elsewhere}")
    assert f'href="{elsewhere}"' not in confirmed.body
    assert f'value="{elsewhere}"' not in confirmed.body


def test_filters_stay_in_the_address_and_an_empty_list_says_why(story: Story):
    submitted(story, "Jumlah Apotek")
    page = story.open("walidata", "/meja-kerja?qa=errors&petugas=me&terlambat=1")
    assert "Tidak ada dataset yang cocok" in page.text
    assert re.search(r'<option value="errors" selected', page.body)
    assert re.search(r'<option value="me" selected', page.body)
    assert re.search(r'id="desk-late"[^>]*checked', page.body)
    assert story.open("walidata", "/meja-kerja?qa=passed").text.count("Jumlah Apotek") >= 1
    assert story.open("walidata", "/meja-kerja?qa=ngawur").status == 302
    assert story.open("walidata", "/meja-kerja?opd=tidak-ada").status == 302


def test_a_page_behind_the_end_leads_back(story: Story):
    submitted(story, "Jumlah Apotek")
    page = story.open("walidata", "/meja-kerja?page=9")
    assert page.status == 200
    assert "Daftar ini sudah lebih pendek." in page.text


@pytest.mark.thorough
def test_a_very_long_title_is_shown_whole(story: Story):
    title = "Jumlah" + "Panjang" * 40
    submitted(story, title)
    assert title in story.open("walidata", "/meja-kerja").text


# several at once


def test_ticked_datasets_are_listed_before_anything_is_decided(story: Story):
    one, two = submitted(story, "Jumlah Apotek", "Jumlah Klinik")
    page = story.open("walidata", f"{BULK}?langkah=pass&kasus={one['id']}&kasus={two['id']}")
    assert "2 dataset akan diputuskan." in page.text
    assert "Belum ada yang diputuskan." in page.text
    assert len(seen(page)) == 2
    assert (state(story, one), state(story, two)) == ("in_review", "in_review")


def test_each_is_decided_on_its_own_and_told(story: Story):
    one, two = submitted(story, "Jumlah Apotek", "Jumlah Klinik")
    page = story.open("walidata", f"{BULK}?langkah=pass&kasus={one['id']}&kasus={two['id']}")
    story.decide("walidata", two["id"], "return", note="Satuan belum tepat.")
    answer = _confirm(story, page, "pass")
    assert answer.status == 200
    assert "1 dataset terlaksana." in answer.text
    assert "1 tidak; alasannya ada di sampingnya." in answer.text
    assert (state(story, one), state(story, two)) == ("verified", "revision")
    events = story.act("walidata", "satudata_history", id=one["id"])
    assert [event["transition"] for event in events] == ["pass", "submit"]


def _confirm(story: Story, page: Page, step: str) -> Page:
    """Press the button of the confirmation page."""
    from ckan import model

    model.Session.remove()
    data = {"langkah": step, "dilihat": seen(page), "kembali": "/meja-kerja"}
    headers = {"Authorization": story.tokens["operator" if step == "submit" else "walidata"]}
    path = "/pekerjaan-saya/sekaligus" if step == "submit" else BULK
    return Page(story.client.post(path, headers=headers, data=data, follow_redirects=False))


def test_pressing_twice_decides_once(story: Story):
    (one,) = submitted(story, "Jumlah Apotek")
    page = story.open("walidata", f"{BULK}?langkah=pass&kasus={one['id']}")
    assert "1 dataset terlaksana." in _confirm(story, page, "pass").text
    assert "0 dataset terlaksana." in _confirm(story, page, "pass").text
    assert len(story.act("walidata", "satudata_history", id=one["id"])) == 2


@pytest.mark.thorough
def test_what_needs_a_look_of_its_own_is_left_out_with_the_reason(story: Story):
    story.act("sysadmin", "satudata_grant_create", user="orang-operator", role="walidata")
    (one,) = submitted(story, "Jumlah Apotek")
    page = story.open("operator", f"{BULK}?langkah=pass&kasus={one['id']}&kasus=tidak-ada")
    assert seen(page) == []
    assert "Tidak ikut" in page.text
    assert "Orang lain harus memutuskan" in page.text


def test_a_get_never_decides_and_a_broken_form_is_refused(story: Story):
    (one,) = submitted(story, "Jumlah Apotek")
    page = story.open("walidata", f"{BULK}?langkah=pass&kasus={one['id']}")
    (text,) = seen(page)
    assert story.open("walidata", f"{BULK}?langkah=pass&dilihat={text}").status == 200
    assert story.open("walidata", f"{BULK}?langkah=reject&kasus={one['id']}").status == 400
    for broken in ("bukan json", "[]", '"x"', json.dumps({"id": one["id"]})):
        assert story.send("walidata", BULK, langkah="pass", dilihat=broken).status in (200, 400), broken
    assert story.send("walidata", BULK, langkah="pass").status == 302
    assert state(story, one) == "in_review"


def test_one_who_may_not_decide_decides_nothing(story: Story):
    (one,) = submitted(story, "Jumlah Apotek")
    page = story.open("walidata", f"{BULK}?langkah=pass&kasus={one['id']}")
    (text,) = seen(page)
    for who in ("operator", "stranger", "reader"):
        story.send(who, BULK, langkah="pass", dilihat=text)
        assert state(story, one) == "in_review"
    assert story.send(None, BULK, langkah="pass", dilihat=text).status == 302  # to the login
    assert state(story, one) == "in_review"


@pytest.mark.thorough
def test_a_producer_submits_several_drafts(story: Story):
    one, two = (story.dataset(title, csv=SERVICES) for title in ("Jumlah Apotek", "Jumlah Klinik"))
    page = story.open("operator", "/pekerjaan-saya")
    assert sorted(ticked(page)) == sorted([one["id"], two["id"]])
    path = f"/pekerjaan-saya/sekaligus?langkah=submit&kasus={one['id']}&kasus={two['id']}"
    answer = _confirm(story, story.open("operator", path), "submit")
    assert "2 dataset terlaksana." in answer.text
    assert (state(story, one), state(story, two)) == ("in_review", "in_review")


# the producer's own work


def test_what_came_back_says_why_and_what_to_mend(story: Story):
    (one,) = submitted(story, "Jumlah Apotek")
    story.act(
        "walidata", "satudata_note_create", id=one["id"], target_type="field", target="sds_satuan", text="Pilih Unit."
    )
    story.decide("walidata", one["id"], "return", note="Satuan belum tepat.")
    page = story.open("operator", "/pekerjaan-saya")
    for words in ("Kerjakan ini dulu", "“Satuan belum tepat.”", "“Pilih Unit.”", "Perbaiki 1 catatan", "Alasan:"):
        assert words in page.text, words


def test_drafts_say_how_much_is_missing(story: Story):
    story.act("operator", "package_create", title="Kunjungan Posyandu", owner_org=story.dinkes["id"])
    assert re.search(r"\d+ dari \d+ isian wajib terisi", story.open("operator", "/pekerjaan-saya").text)


@pytest.mark.thorough
def test_a_long_list_is_read_in_pages_and_searched(story: Story):
    for number in range(7):
        story.act("operator", "package_create", title=f"Kunjungan {number}", owner_org=story.dinkes["id"])
    page = story.open("operator", "/pekerjaan-saya")
    assert "Lihat semua (7)" in page.text
    everything = story.open("operator", "/pekerjaan-saya?daftar=draf")
    assert all(f"Kunjungan {number}" in everything.text for number in range(7))
    found = story.open("operator", "/pekerjaan-saya?q=kunjungan+3")
    assert "1 dataset ditemukan." in found.text
    assert "Kunjungan 3" in found.text
    assert "Kunjungan 4" not in found.text
    assert "Tidak ada dataset yang cocok" in story.open("operator", "/pekerjaan-saya?q=tidakada").text


def test_an_account_without_organization_is_told_what_to_do(story: Story):
    assert "Akun Anda belum" in story.open("reader", "/pekerjaan-saya").text


# sets


def test_a_set_is_made_shown_changed_and_closed(story: Story):
    one, two = (story.dataset(title, csv=SERVICES) for title in ("Jumlah Apotek", "Jumlah Klinik"))
    form = {"title": "Data 2026", "datasets": f"https://portal.go.id/dataset/{one['name']}?x=1\n{two['id']}"}
    made = story.send("walidata", "/kumpulan", **form)
    assert made.status == 302
    path = "/kumpulan/" + made.location.rsplit("/", 1)[1]
    page = story.open("walidata", path)
    assert "0 dari 2 sudah diajukan" in page.text
    story.decide("operator", one["id"], "submit")
    assert "1 dari 2 sudah diajukan" in story.open("walidata", "/kumpulan").text
    story.send("walidata", path, keluarkan=two["id"])
    assert "1 dari 1 sudah diajukan" in story.open("walidata", path).text
    assert story.send("walidata", path, title="Data 2026 semester I", datasets="").status == 302
    assert "Data 2026 semester I" in story.open("walidata", path).text
    story.send("walidata", path, tutup="1")
    assert "Ditutup" in story.open("walidata", path).text


def test_a_refused_set_keeps_what_was_typed(story: Story):
    answer = story.send("walidata", "/kumpulan", title="", datasets="tidak-ada")
    assert answer.status == 400
    assert ">tidak-ada</textarea>" in answer.body
    assert story.send("walidata", "/kumpulan", title="Data 2026", datasets="tidak-ada").status == 400


def test_sets_are_for_reviewers(story: Story):
    for who in ("operator", "reader"):
        assert story.open(who, "/kumpulan").status == 403
    assert story.open(None, "/kumpulan").status == 302
    assert story.open("walidata", "/kumpulan/tidak-ada").status == 404


# the checks, told to the desk


@pytest.mark.thorough
def test_the_desk_follows_the_checks(story: Story):
    made = story.dataset("Jumlah Apotek", csv=SERVICES)
    work = story.act("operator", "satudata_my_work")["drafts"][0]
    assert (work["qa_result"], work["qa"]["errors"]) == ("passed", 0)
    story.upload(made["id"], "kecamatan,tahun,jumlah\nArjasari,2023,tiga\n")
    work = story.act("operator", "satudata_my_work")["drafts"][0]
    assert work["qa_result"] == "errors"
    assert work["bulk"] is None
    wrong = story.act("operator", "package_show", id=made["id"])["resources"][-1]
    story.act("operator", "resource_delete", id=wrong["id"])
    assert story.act("operator", "satudata_my_work")["drafts"][0]["qa_result"] == "passed"
