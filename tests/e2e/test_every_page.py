"""Every page, as each role sees it: whole, in Indonesian and English, on a desk and on a phone, for eyes and for ears.

The pictures of this tour are what people look at before a release. The rules of accessibility are those of axe-core
(WCAG 2.1, levels A and AA).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.daily import cases
from tests.e2e import office
from tests.e2e.conftest import DESKTOP, PHONE, Portal
from tests.e2e.office import TABLES, Office

PUBLISHED, WAITING = "jumlah-puskesmas-menurut-kecamatan", "jumlah-kasus-demam-berdarah"
RETURNED, DRAFT = "cakupan-imunisasi-dasar-lengkap", "jumlah-kunjungan-posyandu"
RULES: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
# CKAN's own code, on pages that are ours only in part: its chooser of tags and of organizations, its hint at Markdown.
NOT_OURS = [".select2-container", ".select2-offscreen", ".editor-info-block"]

PAGES: dict[str | None, list[str]] = {
    None: [
        "/",
        "/dataset/",
        "/dataset/?q=tidakada",
        f"/dataset/{PUBLISHED}",
        "/organization/",
        "/organization/dinkes",
        "/user/login",
        "/verifikasi",
        "/alur-kerja",
        "/alur-kerja/perpres",
        "/dataset/tidak-ada",
        f"/en/dataset/{PUBLISHED}",
        "/en/alur-kerja/maluku-utara",
    ],
    "operator_dinkes": [
        "/pekerjaan-saya",
        "/notifikasi",
        f"/dataset/{DRAFT}",
        f"/dataset/{DRAFT}/status",
        f"/dataset/edit/{DRAFT}",
        f"/dataset/edit/{RETURNED}/standar-data",
        f"/dataset/{RETURNED}/status",
        f"/dataset/{WAITING}/status",
        f"/dataset/{PUBLISHED}/status",
        f"/dataset/{PUBLISHED}/riwayat",
        "/user/operator_dinkes",
        "/user/edit/operator_dinkes",
        "/en/pekerjaan-saya",
        f"/en/dataset/{RETURNED}/status",
    ],
    "walidata_staf": [
        "/meja-kerja",
        "/meja-kerja?tahap=all",
        "/meja-kerja?q=tidakada",
        f"/dataset/{WAITING}/tinjau",
        f"/dataset/{RETURNED}/riwayat",
        "/kumpulan",
        "/riwayat",
        "/waktu-layanan",
        "/en/meja-kerja",
        f"/en/dataset/{WAITING}/tinjau",
        "/en/riwayat",
        "/en/waktu-layanan",
    ],
    "admin_portal": ["/organization/new", "/organization/edit/dinkes", "/petugas", "/en/petugas"],
}


@pytest.fixture(scope="module")
def accounts(portal: Portal) -> dict[str, str]:
    """One office with a dataset in each state. Passwords by account."""
    portal.ckan("satudata", "reference", "import", str(TABLES / "kecamatan.csv"), "--edition", "uji")
    names = (PUBLISHED, WAITING, RETURNED, DRAFT)
    portal.ckan("satudata", "demo", "load", *(word for name in names for word in ("--only", name)))
    return office.passwords(portal)


@pytest.fixture
def people(accounts: dict[str, str], portal: Portal, sign_in: Callable[[str, str], Page]) -> Office:
    return Office(portal, accounts, sign_in)


def _in(language: str, who: str | None) -> list[str]:
    return [path for path in PAGES[who] if path.startswith("/en/") is (language == "en")]


@pytest.mark.parametrize(
    ("who", "language"), cases(*((who, "id") for who in PAGES), thorough=[(who, "en") for who in PAGES])
)
def test_every_page_is_sound(
    people: Office,
    new_visitor: Callable[[], Page],
    picture: Callable[[Page, str], None],
    who: str | None,
    language: str,
) -> None:
    page = people.enter(who) if who else new_visitor()
    wrong = {path: found for path in _in(language, who) if (found := list(_faults(page, path, who, picture)))}
    assert not wrong, "\n".join(f"{path}: {', '.join(found)}" for path, found in wrong.items())


def _faults(page: Page, path: str, who: str | None, picture: Callable[[Page, str], None]) -> Iterator[str]:
    page.set_viewport_size(DESKTOP)
    answer = page.goto(path)
    if answer is None or answer.status >= (500 if "tidak-ada" in path else 400):
        yield f"answers {answer.status if answer is not None else 'nothing'}"
        return
    picture(page, f"semua-{who or 'umum'}{path.replace('/', '-').replace('?', '-')}")
    if page.locator("h1").count() != 1:
        yield "has not exactly one heading"
    page.set_viewport_size(PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > PHONE["width"]:
        yield f"scrolls sideways on a phone ({wide} px)"
    for found in Axe().run(page, context={"exclude": NOT_OURS}, options=RULES).response["violations"]:
        places = [" ".join(map(str, node["target"])) for node in found["nodes"]]
        yield f"{found['id']} at {'; '.join(places[:4])} ({len(places)})"
