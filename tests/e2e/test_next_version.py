"""The next version of a published dataset: returned once, approved, and public all the while on the old version.

A second, anonymous client reads everything again and again from the first click to the last, and never sees a mix.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from ckanext.satudata.demo import data as demo_data
from tests.e2e import office
from tests.e2e.conftest import Portal
from tests.e2e.office import TABLES, Office
from tests.e2e.test_story import call, read

NAME = "jumlah-puskesmas-menurut-kecamatan"
OLD_TITLE = "Jumlah Puskesmas Menurut Kecamatan"
NEW_TITLE = "Jumlah Puskesmas Menurut Kecamatan, sampai 2025"
NOTE = "Angka 2025 belum sama dengan berita acara. Mohon diperiksa lagi."
TOLD = "Ditambah angka tahun 2025."

Picture = Callable[[Page, str], None]


def table(number: int) -> FilePayload:
    """The published table with ten rows more, for 2025."""
    rows = list(csv.reader(io.StringIO(_published().decode())))
    more = [[code, name, "2025", str(number), unit] for code, name, year, _, unit in rows[1:] if year == "2024"]
    text = "\n".join(",".join(row) for row in [*rows, *more]) + "\n"
    return {"name": "puskesmas.csv", "mimeType": "text/csv", "buffer": text.encode()}


def _published() -> bytes:
    from importlib.resources import files

    return (files(demo_data) / "puskesmas.csv").read_bytes()


@dataclass
class Client(threading.Thread):
    """Reads the dataset by every way, again and again; remembers each different answer in its order."""

    portal: Portal
    resource: str
    seen: dict[str, list[Any]] = field(default_factory=dict)
    rounds: int = 0
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.over.is_set():
            for way, ask in self.ways().items():
                self.note(way, ask)
            self.rounds += 1
            time.sleep(0.05)

    def note(self, way: str, ask: Callable[[], Any]) -> None:
        try:
            answer = ask()
        except (urllib.error.URLError, OSError) as error:
            self.failed.append(f"{way}: {error}")
            return
        answers = self.seen.setdefault(way, [])
        if not answers or answers[-1] != answer:
            answers.append(answer)

    def ways(self) -> dict[str, Callable[[], Any]]:
        return {"package_show": self._shown, "package_search": self._found, "page": self._page, **self._contents()}

    def _contents(self) -> dict[str, Callable[[], Any]]:
        address = f"{self.portal.url}/dataset/{NAME}/resource/{self.resource}/download"
        return {
            "file": lambda: hashlib.sha256(read(address)).hexdigest(),
            "rows": lambda: self._rows("datastore_search"),
            "dump": lambda: read(f"{self.portal.url}/datastore/dump/{self.resource}").count(b"\n"),
        }

    def _shown(self) -> Any:
        return self._told(call(self.portal, "package_show", {"id": NAME}))

    def _found(self) -> Any:
        found = call(self.portal, "package_search", {"q": "puskesmas", "include_private": "true"})["results"]
        return [self._told(one) for one in found]

    def _told(self, dataset: dict[str, Any]) -> Any:
        return [dataset["title"], dataset["name"], [(one["id"], one.get("hash")) for one in dataset["resources"]]]

    def _page(self) -> Any:
        text = read(f"{self.portal.url}/dataset/{NAME}").decode()
        return [NEW_TITLE in text, NOTE in text, "salinan-" in text]

    def _rows(self, action: str) -> Any:
        found = call(self.portal, action, {"resource_id": self.resource, "limit": "100"})
        return [found["total"], hashlib.sha256(json.dumps(found["records"]).encode()).hexdigest()]


@pytest.fixture
def people(portal: Portal, sign_in: Callable[[str, str], Page]) -> Office:
    """The regency with one published dataset."""
    portal.ckan("satudata", "reference", "import", str(TABLES / "kecamatan.csv"), "--edition", "uji")
    portal.ckan("satudata", "demo", "load", "--only", NAME)
    return Office(portal, office.passwords(portal), sign_in)


def test_the_public_reads_the_old_version_until_the_new_one_is_approved(
    people: Office, portal: Portal, picture: Picture
) -> None:
    [resource] = call(portal, "package_show", {"id": NAME})["resources"]
    wait_for_a_table(portal, resource["id"], 30)
    visitor = Client(portal, resource["id"])
    visitor.start()

    operator = people.enter("operator_dinkes")
    copy = a_working_copy_is_opened(operator, picture)
    another_file_and_title_are_given(operator, copy, picture)
    it_is_submitted(operator, copy)
    walidata = people.enter("walidata_staf")
    what_changes_is_compared_and_returned(walidata, copy, picture)
    the_file_is_mended_and_submitted_again(operator, copy, picture)
    assert {way: len(answers) for way, answers in visitor.seen.items()} == dict.fromkeys(visitor.ways(), 1)

    it_is_approved_and_published(walidata, copy, picture)
    wait_for_a_table(portal, resource["id"], 40)
    wait_until_all_is_new(visitor)
    visitor.over.set()
    visitor.join(30)
    assert visitor.failed == []
    # Each way told the old version, then the new one, and nothing else.
    told = {way: len(answers) for way, answers in visitor.seen.items()}
    assert told == dict.fromkeys(visitor.ways(), 2), visitor.seen
    assert visitor.seen["package_show"] == [one[0] for one in visitor.seen["package_search"]]
    assert [answer[0] for answer in visitor.seen["package_show"]] == [OLD_TITLE, NEW_TITLE]
    assert [answer[0] for answer in visitor.seen["rows"]] == [30, 40]
    assert visitor.seen["page"] == [[False, False, False], [True, False, False]]
    assert visitor.rounds > 20
    the_public_reads_what_changed(people.enter("pembaca"), picture)


def a_working_copy_is_opened(page: Page, picture: Picture) -> str:
    """One button on the dataset's page; the name of the copy in its address."""
    page.goto(f"/dataset/{NAME}")
    picture(page, "versi-01-terbit")
    office.next_page(page, "Buat perubahan")
    assert "/dataset/edit/salinan-" in page.url
    picture(page, "versi-02-salinan")
    return page.url.split("/dataset/edit/")[1].split("/")[0].split("?")[0]


def another_file_and_title_are_given(page: Page, copy: str, picture: Picture) -> None:
    """The title on the form, the file in the place of the old one."""
    page.locator("[name=title]").fill(NEW_TITLE)
    office.next_page(page, "Simpan dan lanjut")
    give_a_file(page, copy, table(4))
    picture(page, "versi-03-laporan")
    page.goto(f"/dataset/{copy}/perubahan")
    page.locator("#c-note").fill(TOLD)
    picture(page, "versi-04-catatan")
    page.locator("form:has(#c-note)").get_by_role("button", name="Simpan").click()
    page.wait_for_load_state()


def give_a_file(page: Page, copy: str, file: FilePayload) -> None:
    page.goto(f"/dataset/{copy}/status")
    page.locator("a[href$='/qa']").first.click()
    page.wait_for_url("**/qa")
    page.goto(page.url.removesuffix("/qa") + "/edit")
    page.locator("[name=upload]").set_input_files(file)
    with page.expect_navigation():
        page.locator("button[name=save][value=check]").click()
    office.wait_for_report(page)


def it_is_submitted(page: Page, copy: str) -> None:
    page.goto(f"/dataset/{copy}/status")
    office.next_page(page, "Ajukan untuk diperiksa")
    expect(page.locator(".sd")).to_contain_text("Dalam pemeriksaan")


def what_changes_is_compared_and_returned(page: Page, copy: str, picture: Picture) -> None:
    """Title and rows stand side by side with the published version."""
    page.goto("/meja-kerja?q=puskesmas")
    picture(page, "versi-05-meja-kerja")
    page.goto(f"/dataset/{copy}/tinjau")
    picture(page, "versi-06-tinjau")
    page.goto(f"/dataset/{copy}/bandingkan")
    expect(page.locator("ins", has_text="sampai 2025").first).to_be_visible()
    picture(page, "versi-07-bandingkan")
    page.goto(f"/dataset/{copy}/tinjau")
    page.locator("#keputusan select[name=reason_code]").select_option("isi_data")
    page.locator("#keputusan textarea[name=note]").fill(NOTE)
    office.next_page(page, "Kembalikan dengan catatan")
    expect(page.locator("body")).to_contain_text("Dikembalikan")


def the_file_is_mended_and_submitted_again(page: Page, copy: str, picture: Picture) -> None:
    page.goto(f"/dataset/{copy}/status")
    expect(page.locator(".sd")).to_contain_text(NOTE)
    picture(page, "versi-08-dikembalikan")
    give_a_file(page, copy, table(5))
    it_is_submitted(page, copy)


def it_is_approved_and_published(page: Page, copy: str, picture: Picture) -> None:
    page.goto(f"/dataset/{copy}/tinjau")
    office.next_page(page, "Setujui")
    expect(page.locator("body")).to_contain_text("Disetujui")
    page.goto(f"/dataset/{copy}/tinjau")
    picture(page, "versi-09-siap-terbit")
    office.next_page(page, "Terbitkan")
    expect(page.locator("body")).to_contain_text("Terbit")


def the_public_reads_what_changed(page: Page, picture: Picture) -> None:
    page.goto(f"/dataset/{NAME}")
    expect(page.locator("h1").first).to_contain_text(NEW_TITLE)
    picture(page, "versi-10-halaman-publik")


def wait_for_a_table(portal: Portal, resource_id: str, rows: int) -> None:
    last = time.monotonic() + 60
    while True:
        try:
            if call(portal, "datastore_search", {"resource_id": resource_id, "limit": "1"})["total"] == rows:
                return
        except urllib.error.HTTPError:
            pass
        assert time.monotonic() < last, f"not {rows} rows within a minute"
        time.sleep(0.5)


def wait_until_all_is_new(visitor: Client) -> None:
    """Every way has told a second answer; the index follows within a second."""
    last = time.monotonic() + 30
    while any(len(answers) < 2 for answers in visitor.seen.values()):
        assert time.monotonic() < last, visitor.seen
        time.sleep(0.2)
    before = visitor.rounds
    while visitor.rounds < before + 3:
        time.sleep(0.1)
