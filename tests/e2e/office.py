"""The regency of the browser tests: its accounts, and what they do on the pages, in their own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import SECONDS, Portal

TABLES = Path(__file__).parent / "tables"
CHECKED_WITHIN = 60 * SECONDS

# A whole description; `kode_wilayah` and the like are what the operator types, not what is stored.
IDENTITY = {
    "notes": "Jumlah kunjungan balita ke posyandu di tiap kecamatan selama setahun. Kolom jumlah_kunjungan menghitung "
    "setiap kedatangan, jadi satu balita dapat dihitung beberapa kali.",
    "produsen_data": "Bidang Kesehatan Masyarakat, Dinas Kesehatan",
}


@dataclass(frozen=True)
class Office:
    """Everybody of the demo, by name of account."""

    portal: Portal
    passwords: dict[str, str]
    sign_in: Callable[[str, str], Page]

    def enter(self, name: str) -> Page:
        """Sign in as ``name``, in a browser profile of their own."""
        return self.sign_in(name, self.passwords[name])


def passwords(portal: Portal) -> dict[str, str]:
    """Passwords of the demo's accounts."""
    answer = portal.ckan("satudata", "demo", "accounts", "--format", "json")
    return {account["name"]: account["password"] for account in json.loads(answer)}


def wait_for_mail_about(portal: Portal, recipient: str, subject: str) -> str:
    """The words of the first mail to ``recipient`` with these words in its subject, when it has come."""
    for count in range(1, 20):
        mail = portal.wait_for_mail(recipient, count)
        if subject in str(mail["Subject"]):
            return str(mail.get_content())
    raise AssertionError(f"no mail to {recipient} about {subject}")


def next_page(page: Page, button: str) -> None:
    """Press a button that leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def start_a_draft(page: Page, title: str) -> str:
    """Add a dataset with nothing but a title; return the name in its address."""
    page.goto("/pekerjaan-saya")
    page.get_by_role("link", name="Tambah dataset").click()
    page.locator("[name=title]").fill(title)
    next_page(page, "Simpan draf")
    return page.url.split("/dataset/edit/")[1].split("/")[0].split("?")[0]


def describe(page: Page, name: str, district_codes: list[str]) -> None:
    """Fill in the five sections, as somebody does who has everything at hand."""
    page.goto(f"/dataset/edit/{name}")
    for field, value in IDENTITY.items():
        page.locator(f"[name={field}]").fill(value)
    page.locator("[name=jenis_data][value=statistik]").check()
    page.locator("[name=bidang_urusan]").select_option("1.02")
    page.locator("[name=kategori]").select_option("perlindungan_sosial_kesehatan")
    next_page(page, "Simpan dan lanjut")

    page.locator("[name=indikator_atau_variabel][value=variabel]").check()
    page.locator("[name=sds_konsep]").fill("Kunjungan posyandu")
    page.locator("[name=sds_definisi]").fill("Kedatangan balita di posyandu untuk ditimbang dan dicatat petugas.")
    for breakdown in ("Kecamatan", "Tahun"):
        page.locator(f"[name=sds_klasifikasi_penyajian][value={breakdown}]").check()
    page.locator("[name=sds_ukuran]").select_option("jumlah")
    page.locator("[name=sds_satuan]").fill("Kunjungan")
    page.locator("[name=metode_pengumpulan]").select_option(index=1)
    next_page(page, "Simpan dan lanjut")

    page.locator("[name=kode_wilayah]").fill("\n".join(district_codes))
    page.locator("[name=tingkat_penyajian]").select_option("kecamatan")
    page.locator("[name=cakupan_waktu-0-mulai]").fill("2023")
    page.locator("[name=cakupan_waktu-0-selesai]").fill("2024")
    page.locator("[name=periode_data]").select_option("tahun")
    page.locator("[name=frekuensi]").select_option("tahunan")
    next_page(page, "Simpan dan lanjut")

    page.locator("[name=klasifikasi_akses][value=terbuka]").check()
    page.locator("[name=license_id]").select_option("cc-by")
    next_page(page, "Simpan dan lanjut")

    page.locator("[name=kontak-0-unit]").fill("Seksi Data dan Informasi")
    page.locator("[name=kontak-0-surel]").fill("data.dinkes@tanjungselaras.example")
    next_page(page, "Simpan dan lanjut")


def upload(page: Page, name: str, file: Path, *, title: str = "") -> None:
    """Upload a table and wait for its report; nobody presses reload."""
    page.goto(f"/dataset/{name}/resource/new")
    page.locator("[name=upload]").set_input_files(file)
    if title:
        page.locator("[name=name]").fill(title)
    next_page(page, "Unggah dan periksa")
    wait_for_report(page)


def replace(page: Page, file: Path) -> None:
    """From the report: upload the mended file in its place and wait for the new report."""
    page.get_by_role("link", name="Unggah file yang sudah diperbaiki").click()
    page.locator("[name=upload]").set_input_files(file)
    with page.expect_navigation():
        page.locator("button[name=save][value=check]").click()
    wait_for_report(page)


def wait_for_report(page: Page) -> None:
    """Wait until the report stands on the page."""
    expect(page.locator(".sd-verdict").first).to_be_visible(timeout=CHECKED_WITHIN)
