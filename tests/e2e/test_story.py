"""One dataset all the way: upload, automatic check, return with a note, approval, publication, harvest.

The steps stand in their order and build on each other; the first one that fails ends the story.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import office
from tests.e2e.conftest import Portal
from tests.e2e.office import TABLES, Office

TITLE = "Jumlah Kunjungan Posyandu Menurut Kecamatan"
CODES = [f"65.01.{number:02d}" for number in range(1, 11)]
NOTE = "Definisi belum menyebut apakah kunjungan ulang dihitung. Mohon ditambahkan."
REASONS = "#keputusan li"

Picture = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def regency(portal: Portal) -> dict[str, str]:
    """Codes of one regency, its offices and accounts; passwords by account."""
    portal.ckan("satudata", "reference", "import", str(TABLES / "kecamatan.csv"), "--edition", "uji")
    portal.ckan("satudata", "demo", "load", "--only", "jumlah-puskesmas-menurut-kecamatan")
    return office.passwords(portal)


@pytest.fixture
def people(regency: dict[str, str], portal: Portal, sign_in: Callable[[str, str], Page]) -> Office:
    """Sign anybody of the regency in."""
    return Office(portal, regency, sign_in)


def test_one_dataset_all_the_way_through(people: Office, portal: Portal, visitor: Page, picture: Picture) -> None:
    """The whole idea, from a half-filled draft to a client that reads everything."""
    operator = people.enter("operator_dinkes")

    name = a_draft_may_be_half_empty(operator, picture)
    the_report_says_what_to_mend_first(operator, name, picture)
    submitting_is_refused_with_every_reason(operator, name, picture)
    the_mended_table_passes(operator, name, picture)
    nobody_outside_sees_anything(portal, visitor, name)

    it_is_submitted_and_frozen(operator, name, picture)
    walidata = people.enter("walidata_staf")
    it_is_returned_with_a_note(walidata, picture)
    the_producer_is_told_and_mends(operator, portal, name, picture)
    the_reviewer_sees_what_changed_and_passes(walidata, name, picture)
    nobody_outside_sees_anything(portal, visitor, name)

    it_is_published(walidata, name, picture)
    a_harvester_reads_everything(portal, name)
    the_public_page_carries_the_mark(visitor, name, picture)
    members_see_the_history(operator, name, picture)


def a_draft_may_be_half_empty(page: Page, picture: Picture) -> str:
    """A title is enough; what is mandatory later is said, not demanded."""
    page.goto("/pekerjaan-saya")
    picture(page, "01-pekerjaan-saya")
    page.goto("/dataset/new")
    expect(page.get_by_text("wajib saat diajukan").first).to_be_visible()
    picture(page, "02-formulir-kosong")
    return office.start_a_draft(page, TITLE)


def the_report_says_what_to_mend_first(page: Page, name: str, picture: Picture) -> None:
    """Thousands dots, blanks in a code, a wrong name and a repeated row are found, each with its row."""
    office.upload(page, name, TABLES / "kunjungan_posyandu.csv")
    body = page.locator(".sd")
    expect(body).to_contain_text("Belum bisa diajukan")
    expect(body).to_contain_text("Perbaiki ini dulu")
    for sentence in ("Contoh: 1.043 di baris 3", "baris 11 sama dengan baris 10", "seharusnya “65.01.03”"):
        expect(body).to_contain_text(sentence)
    expect(body).to_contain_text("baris 8, kode 65.01.07 adalah Peso, tetapi namanya Sekatak")
    picture(page, "03-laporan-qa")


def submitting_is_refused_with_every_reason(page: Page, name: str, picture: Picture) -> None:
    """All reasons at once, each a link to the place where it is mended."""
    page.goto(f"/dataset/{name}/status")
    expect(page.locator("#keputusan")).to_contain_text("Belum bisa karena")
    reasons = page.locator(REASONS).filter(has=page.locator("a"))
    expect(reasons.filter(has_text="Deskripsi belum diisi")).to_have_count(1)
    expect(reasons.filter(has_text="harus diperbaiki")).to_have_count(1)
    picture(page, "04-belum-bisa-diajukan")
    reasons.filter(has_text="Deskripsi belum diisi").locator("a").click()
    expect(page.locator("[name=notes]")).to_be_in_viewport()


def the_mended_table_passes(page: Page, name: str, picture: Picture) -> None:
    """The mended file takes the place of the old one, the description is completed."""
    page.goto(f"/dataset/{name}/status")
    page.locator("a[href$='/qa']").first.click()
    office.replace(page, TABLES / "kunjungan_posyandu_diperbaiki.csv")
    expect(page.locator(".sd")).not_to_contain_text("Belum bisa diajukan")
    picture(page, "05-laporan-lolos")
    page.get_by_role("link", name="Kamus data").first.click()
    picture(page, "06-kamus-data")
    office.next_page(page, "Simpan kamus data")
    office.describe(page, name, CODES)
    page.goto(f"/dataset/edit/{name}/standar-data")
    picture(page, "07-standar-data")


def it_is_submitted_and_frozen(page: Page, name: str, picture: Picture) -> None:
    """Submitted; while it is in review the producer reads but cannot edit, and may take it back."""
    page.goto(f"/dataset/{name}/status")
    page.locator("a[href$='/qa']").first.click()
    office.wait_for_report(page)  # the table is checked again, by the confirmed dictionary
    page.goto(f"/dataset/{name}/status")
    office.next_page(page, "Ajukan untuk diperiksa")
    expect(page.locator(".sd")).to_contain_text("Dalam pemeriksaan")
    expect(page.get_by_role("button", name="Tarik kembali")).to_be_visible()
    picture(page, "08-diajukan")
    page.goto(f"/dataset/edit/{name}")
    expect(page.locator("[name=title]")).to_have_count(0)
    picture(page, "09-dibekukan")


def it_is_returned_with_a_note(page: Page, picture: Picture) -> None:
    """The Walidata, no member of the organization, finds it on the desk and returns it; a note is required."""
    page.goto("/meja-kerja")
    picture(page, "10-meja-kerja")
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator(".sd")).to_contain_text("Kunjungan posyandu")
    expect(page.locator("table").first).to_contain_text("Tanjung Palas Barat")
    picture(page, "11-tinjau")
    page.locator("#keputusan select[name=reason_code]").select_option("metadata")
    page.get_by_role("button", name="Kembalikan dengan catatan").click()
    note = page.locator("#keputusan textarea[name=note]")
    expect(note).to_be_focused()  # nothing was sent: the browser asks for the note
    note.fill(NOTE)
    office.next_page(page, "Kembalikan dengan catatan")
    expect(page.locator("body")).to_contain_text("Dikembalikan")


def the_producer_is_told_and_mends(page: Page, portal: Portal, name: str, picture: Picture) -> None:
    """A mail with a link and a notice; the note stands on the page; the definition is mended and submitted again."""
    words = office.wait_for_mail_about(portal, "operator_dinkes@", "Perlu perbaikan")
    assert f"{portal.url}/dataset/" in words
    assert NOTE not in words, "a mail carries a link, not the content"
    assert TITLE not in words, "a title that is not public may reach the wrong box"
    page.goto("/notifikasi")
    expect(page.locator(".sd")).to_contain_text(TITLE)
    picture(page, "12-notifikasi")
    page.goto("/pekerjaan-saya")
    expect(page.locator(".sd")).to_contain_text(NOTE)
    picture(page, "13-dikembalikan")
    page.goto(f"/dataset/edit/{name}/standar-data")
    page.locator("[name=sds_definisi]").fill(
        "Kedatangan balita di posyandu untuk ditimbang dan dicatat petugas; kunjungan ulang ikut dihitung."
    )
    office.next_page(page, "Simpan draf")
    page.goto(f"/dataset/{name}/status")
    office.next_page(page, "Ajukan untuk diperiksa")
    expect(page.locator(".sd")).to_contain_text("Putaran 2")


def the_reviewer_sees_what_changed_and_passes(page: Page, name: str, picture: Picture) -> None:
    """Before and after stand side by side, with the note of the first round."""
    page.goto(f"/dataset/{name}/tinjau")
    expect(page.locator("ins", has_text="kunjungan ulang ikut dihitung").first).to_be_visible()
    expect(page.locator(".sd")).to_contain_text(NOTE)
    picture(page, "14-tinjau-putaran-2")
    office.next_page(page, "Setujui")
    expect(page.locator("body")).to_contain_text("Disetujui")


def it_is_published(page: Page, name: str, picture: Picture) -> None:
    """One more decision by the Walidata, and it is public."""
    page.goto(f"/dataset/{name}/tinjau")
    picture(page, "15-siap-terbit")
    office.next_page(page, "Terbitkan")
    expect(page.locator("body")).to_contain_text("Terbit")


def nobody_outside_sees_anything(portal: Portal, visitor: Page, name: str) -> None:
    """No page, no list, no answer of the API knows the title before publication."""
    for path in ("/", "/dataset/", "/organization/dinkes", "/dataset/?q=posyandu"):
        visitor.goto(path)
        expect(visitor.locator("body")).not_to_contain_text(TITLE)
    answer = visitor.goto(f"/dataset/{name}")
    assert answer is not None
    assert answer.status == 404
    for action, query in (
        ("package_search", {"q": "posyandu", "include_private": "true", "include_drafts": "true"}),
        ("package_list", {}),
        ("current_package_list_with_resources", {}),
        ("resource_search", {"query": "name:kunjungan"}),
        ("tag_list", {}),
        ("package_autocomplete", {"q": "kunjungan"}),
    ):
        assert "unjungan" not in json.dumps(call(portal, action, query)), action
    assert refused(portal, "package_show", {"id": name})


def a_harvester_reads_everything(portal: Portal, name: str) -> None:
    """Metadata, file, rows and marks; no note, no name of an officer."""
    found = harvest(portal)
    assert name in found
    dataset = call(portal, "package_show", {"id": name})
    for key, value in {
        "sds_konsep": "Kunjungan posyandu",
        "sds_satuan": "Kunjungan",
        "frekuensi": "tahunan",
        "status_verifikasi": "terverifikasi",
    }.items():
        assert dataset[key] == value
    assert dataset["skor_kualitas"] == 100
    [resource] = dataset["resources"]
    assert b"65.01.03,Tanjung Palas Utara,2023" in read(resource["url"])
    rows = wait_for_rows(portal, resource["id"])
    assert rows["total"] == 20
    assert rows["records"][0]["jumlah_kunjungan"] == 731, "typed by the data dictionary"
    whole = json.dumps([dataset, rows, found[name]])
    assert NOTE not in whole
    for officer in ("walidata_staf", "operator_dinkes", "Walidata (staf)", "Operator Dinas"):
        assert officer not in whole, officer


def the_public_page_carries_the_mark(visitor: Page, name: str, picture: Picture) -> None:
    """The mark with its date opens an explanation."""
    visitor.goto(f"/dataset/{name}")
    expect(visitor.locator(".sd").first).to_contain_text("Terverifikasi Walidata")
    expect(visitor.locator("body")).not_to_contain_text(NOTE)
    picture(visitor, "16-halaman-publik")
    visitor.get_by_text("Apa artinya?").click()
    expect(visitor.get_by_text("Yang memeriksa bukan yang mengisi")).to_be_visible()
    picture(visitor, "16-halaman-publik-tanda")
    visitor.goto("/verifikasi")
    picture(visitor, "17-arti-terverifikasi")
    answer = visitor.goto(f"/dataset/{name}/riwayat")
    assert answer is not None
    assert "/user/login" in visitor.url or answer.status in (403, 404)


def members_see_the_history(page: Page, name: str, picture: Picture) -> None:
    """Who, when, from, to, note."""
    page.goto(f"/dataset/{name}/riwayat")
    body = page.locator(".sd")
    for text in ("Walidata (staf)", "Operator Dinas Kesehatan", NOTE, "Dikembalikan", "Diterbitkan"):
        expect(body).to_contain_text(text)
    picture(page, "18-riwayat")


def call(portal: Portal, action: str, query: dict[str, str]) -> Any:
    """Ask an action as an anonymous client does."""
    address = f"{portal.url}/api/3/action/{action}?{urllib.parse.urlencode(query)}"
    return json.loads(read(address))["result"]


def refused(portal: Portal, action: str, query: dict[str, str]) -> bool:
    """Whether an anonymous client is refused."""
    try:
        call(portal, action, query)
    except urllib.error.HTTPError as error:
        return error.code in (403, 404)
    return False


def read(address: str) -> bytes:
    """The body of a page, as a script gets it."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def harvest(portal: Portal) -> dict[str, Any]:
    """Read the whole catalogue page by page, as a harvester does."""
    found: dict[str, Any] = {}
    while True:
        page = call(portal, "package_search", {"rows": "1", "start": str(len(found)), "sort": "metadata_created asc"})
        if not page["results"]:
            assert len(found) == page["count"]
            return found
        found.update({dataset["name"]: dataset for dataset in page["results"]})


def wait_for_rows(portal: Portal, resource_id: str) -> Any:
    """The rows in the DataStore; they are loaded by the worker right after publication."""

    last = time.monotonic() + 60
    while True:
        try:
            return call(portal, "datastore_search", {"resource_id": resource_id, "limit": "5"})
        except urllib.error.HTTPError:
            assert time.monotonic() < last, "no rows within a minute"
            time.sleep(0.5)
