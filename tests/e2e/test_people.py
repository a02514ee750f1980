"""Roles in the browser: given, ended, given back, brought from a table; a deputy; a vacant post. In Indonesian."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import office
from tests.e2e.conftest import DESKTOP, PHONE, Portal
from tests.e2e.office import Office

Picture = Callable[[Page, str], None]
OWN_ROLE = '.sd-table a[href$="/akhiri"]:not([href*="/plt/"])'
TABLE = """pengguna;peran;jabatan;organisasi;mulai;sampai;surat
pembaca;walidata;staf;Dinas Kesehatan;;31/12/2099;800/31/BKPSDM/2026
pembina_bps;pembina_data;;;;;
siapa;walidata;;;;;
"""


@pytest.fixture(scope="module")
def regency(portal: Portal) -> dict[str, str]:
    """Offices and accounts of the demo; passwords by account."""
    portal.ckan("satudata", "demo", "load", "--only", "jumlah-puskesmas-menurut-kecamatan")
    return office.passwords(portal)


@pytest.fixture
def people(regency: dict[str, str], portal: Portal, sign_in: Callable[[str, str], Page]) -> Office:
    return Office(portal, regency, sign_in)


def press(page: Page, name: str) -> None:
    """Press a button of the page itself, and wait for the next one."""
    with page.expect_navigation():
        page.locator(".sd").get_by_role("button", name=name, exact=True).click()


def is_sound(page: Page) -> None:
    """One heading, every input has a name, nothing scrolls sideways on a phone."""
    page.wait_for_load_state()  # a link was followed: without its style sheet every page is too wide
    assert page.locator("main h1, [role=main] h1").count() == 1
    for field in page.locator(".sd input:not([type=hidden]), .sd select, .sd textarea:not([hidden])").all():
        assert field.evaluate("one => (one.labels && one.labels.length) || one.getAttribute('aria-label')"), field
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    page.set_viewport_size(DESKTOP)


@pytest.mark.thorough
def test_the_officers_of_a_portal(people: Office, picture: Picture) -> None:
    admin = people.enter("admin_portal")
    admin.goto("/petugas")
    expect(admin.locator(".sd-lead")).to_contain_text("peran berlaku")
    is_sound(admin)
    picture(admin, "petugas-daftar")

    a_role_is_given(admin, picture)
    a_role_is_ended_and_given_back(admin, picture)
    roles_come_from_a_table(admin, picture)
    a_deputy_is_appointed(admin, picture)
    a_vacant_post_is_seen_and_filled(admin, people.portal, picture)
    admin.goto("/petugas?q=tidakada")
    is_sound(admin)
    picture(admin, "petugas-kosong")
    people.portal.ckan("satudata", "office", "rename", "dinsos", "--title", "Dinas Sosial dan Pemberdayaan Perempuan")
    admin.goto("/petugas/perubahan")
    expect(admin.locator(".sd")).to_contain_text("Dinas Sosial dan Pemberdayaan Perempuan")
    is_sound(admin)
    picture(admin, "petugas-perubahan")


def a_role_is_given(page: Page, picture: Picture) -> None:
    page.goto("/petugas/tambah")
    is_sound(page)
    page.locator("[name=user]").fill("operator")
    page.locator("[name=role]").select_option("pembina_data")
    page.locator("[name=letter]").fill("800/77/BKPSDM/2026")
    press(page, "Berikan peran")
    expect(page.locator("#err-user")).to_contain_text("Pilih orang yang dimaksud")
    expect(page.locator("[name=letter]")).to_have_value("800/77/BKPSDM/2026")
    is_sound(page)
    picture(page, "petugas-tambah")
    page.get_by_label("Operator Dinas Sosial").check()
    press(page, "Berikan peran")
    expect(page.locator(".flash-messages, .sd, .alert").first).to_be_visible()
    expect(page.locator(".sd-table")).to_contain_text("800/77/BKPSDM/2026")


def a_role_is_ended_and_given_back(page: Page, picture: Picture) -> None:
    page.goto("/petugas?q=operator_dinsos")
    page.get_by_role("link", name="Akhiri").click()
    expect(page.locator("h1")).to_contain_text("Operator Dinas Sosial")
    is_sound(page)
    picture(page, "petugas-akhiri")
    press(page, "Akhiri peran ini")
    expect(page.locator(".sd-verdict--ok")).to_contain_text("bukan lagi Pembina Data")
    picture(page, "petugas-urungkan")
    press(page, "Urungkan")
    page.goto("/petugas?q=operator_dinsos")
    expect(page.locator(".sd-table tbody tr")).to_have_count(1)


def roles_come_from_a_table(page: Page, picture: Picture) -> None:
    page.goto("/petugas/impor")
    is_sound(page)
    picture(page, "petugas-impor")
    page.locator("[name=text]").fill(TABLE)
    press(page, "Lihat barisnya")
    expect(page.locator(".sd-lead")).to_contain_text("1 baris harus diperbaiki")
    is_sound(page)
    picture(page, "petugas-impor-salah")
    page.goto("/petugas/impor")
    page.locator("[name=upload]").set_input_files(
        {"name": "petugas.csv", "mimeType": "text/csv", "buffer": TABLE.replace("siapa", "pembaca").encode("utf-8-sig")}
    )
    press(page, "Lihat barisnya")
    picture(page, "petugas-impor-siap")
    press(page, "Berikan 3 peran")
    page.goto("/petugas?q=pembaca")
    expect(page.locator(".sd-table tbody tr")).to_have_count(2)


def a_deputy_is_appointed(page: Page, picture: Picture) -> None:
    page.goto("/petugas/plt/tambah")
    is_sound(page)
    picture(page, "petugas-plt-formulir")
    page.get_by_label("Plh").first.check()
    page.locator("[name=deputy_of]").fill("walidata_kepala")
    page.locator("[name=user]").fill("walidata_kasi")
    page.locator("[name=valid_until]").fill((date.today() + timedelta(days=9)).isoformat())  # noqa: DTZ011
    press(page, "Tunjuk")
    expect(page.locator("#err-letter")).to_be_visible()
    picture(page, "petugas-plt-salah")
    page.locator("[name=letter]").fill("821.2/19/2026")
    press(page, "Tunjuk")
    expect(page.locator(".sd-table")).to_contain_text("Plh. ")
    is_sound(page)
    picture(page, "petugas-plt")


def a_vacant_post_is_seen_and_filled(page: Page, portal: Portal, picture: Picture) -> None:
    portal.ckan("satudata", "demo", "load", "--only", "jumlah-penyandang-disabilitas")  # a draft, on its way
    page.goto("/petugas?peran=walidata")
    while page.locator(OWN_ROLE).count():
        page.locator(OWN_ROLE).first.click()
        press(page, "Akhiri peran ini")
        page.goto("/petugas?peran=walidata")
    vacant = page.locator("#kosong")
    deadline = time.monotonic() + 90  # the portal looks by itself
    while not vacant.count() and time.monotonic() < deadline:
        time.sleep(2)
        page.goto("/petugas")
    expect(vacant).to_contain_text("jabatan yang ditunggu dataset kosong")
    is_sound(page)
    picture(page, "petugas-jabatan-kosong")
    page.get_by_role("link", name="Berikan peran ini").first.click()
    expect(page.locator("[name=role]")).to_have_value("walidata")
    page.locator("[name=user]").fill("walidata_kasi")
    press(page, "Berikan peran")
    page.goto("/petugas?peran=walidata")
    expect(page.locator(".sd-table tbody tr")).to_have_count(1)
