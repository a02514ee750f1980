"""Two regions' procedures in the browser: the return from Kabid to Kasi of Maluku Utara, the sign-off of Way Kanan.

``rulebook/selection.yaml`` gives Dinas Sosial the procedure of Maluku Utara and Dinas Pendidikan that of Way Kanan.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e import office
from tests.e2e.conftest import Portal
from tests.e2e.office import TABLES, Office, next_page

NEGLECTED = "jumlah-anak-terlantar"  # Dinas Sosial; a draft that holds everything
TEACHERS = "jumlah-guru-bersertifikat"  # Dinas Pendidikan; submitted
TITLES = {NEGLECTED: "Jumlah Anak Terlantar Menurut Kecamatan", TEACHERS: "Jumlah Guru Bersertifikat Menurut Kecamatan"}
HEAD_OF_OFFICE = "kepala_disdik"
PASSWORD = "sandi-uji-peramban-1"
WRONG_SUM = "Jumlah Sekatak tidak sama dengan laporan dinas. Mohon diperiksa kembali."
NOT_FINAL = "Angka sertifikasi gelombang kedua belum masuk."
# Answers to the form of quality assurance that are no plain "yes".
ANSWERS = {
    "periode": "Tahun 2024",
    "keterisian": "100",
    "butir_diterima": "1",
    "butir_tidak_diterima": "0",
    "rincian": "Semua kecamatan terisi.",
}
LETTER: FilePayload = {
    "name": "surat-validasi.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n",
}

Picture = Callable[[Page, str], None]
# Who holds which post in these procedures; another test may have ended it.
POSTS = {"walidata_staf": "staf", "walidata_kasi": "kasi", "walidata_kepala": "kabid"}


@pytest.fixture(scope="module")
def accounts(portal: Portal) -> dict[str, str]:
    """Offices, accounts and two datasets; the head of an office besides those of the demo. Passwords by account."""
    portal.ckan("satudata", "reference", "import", str(TABLES / "kecamatan.csv"), "--edition", "uji")
    portal.ckan("satudata", "demo", "load", "--only", NEGLECTED, "--only", TEACHERS)
    portal.ckan("user", "add", HEAD_OF_OFFICE, f"email={HEAD_OF_OFFICE}@tanjungselaras.example", f"password={PASSWORD}")
    portal.ckan("satudata", "grant", "add", HEAD_OF_OFFICE, "kepala_opd", "--organization", "disdik")
    for name, position in POSTS.items():
        staff(portal, name, position)
    return {**office.passwords(portal), HEAD_OF_OFFICE: PASSWORD}


def staff(portal: Portal, name: str, position: str) -> None:
    """Exactly this post, and no other role, also not as a deputy."""
    held = portal.ckan("satudata", "grant", "list", "--user", name).splitlines()
    for line in held:
        number, _, role, *_ = line.split("  ")
        if role != f"walidata/{position}":
            portal.ckan("satudata", "deputy" if " of " in role else "grant", "end", number)
    if not any(f"  walidata/{position}  " in line for line in held):
        portal.ckan("satudata", "grant", "add", name, "walidata", "--position", position)


@pytest.fixture
def people(accounts: dict[str, str], portal: Portal, sign_in: Callable[[str, str], Page]) -> Office:
    """Sign anybody of the two offices in."""
    return Office(portal, accounts, sign_in)


@pytest.mark.thorough
def test_the_kabid_returns_to_the_kasi_and_not_to_the_office(people: Office, visitor: Page, picture: Picture) -> None:
    """Maluku Utara: the section verifies, the division corrects and returns one stage down, the section publishes."""
    operator = people.enter("operator_dinsos")
    operator.goto(f"/dataset/{NEGLECTED}/status")
    picture(operator, "21-malut-draf")
    next_page(operator, "Ajukan untuk diperiksa")
    expect(operator.locator(".sd").first).to_contain_text("Verifikasi terhadap Standar Data")

    kasi = people.enter("walidata_kasi")
    open_from_desk(kasi, NEGLECTED)
    picture(kasi, "22-malut-tinjau-kasi")
    decide(kasi, "Setujui", says="Koreksi Kepala Bidang")
    kasi.goto(f"/dataset/{NEGLECTED}/tinjau")
    expect(kasi.get_by_role("button", name="Setujui")).to_have_count(0)  # it is the turn of the Kabid

    kabid = people.enter("walidata_kepala")
    kabid.goto("/meja-kerja")
    picture(kabid, "23-malut-meja-kabid")
    open_from_desk(kabid, NEGLECTED)
    give_back(kabid, "isi_data", WRONG_SUM, says="Kasi Statistik")

    operator.goto("/pekerjaan-saya")
    expect(operator.locator("body")).not_to_contain_text(WRONG_SUM)  # it went to the Kasi, not to the office
    open_from_desk(kasi, NEGLECTED)
    expect(kasi.locator(".sd").first).to_contain_text(WRONG_SUM)
    picture(kasi, "24-malut-kembali-ke-kasi")
    decide(kasi, "Setujui", says="Koreksi Kepala Bidang")
    open_from_desk(kabid, NEGLECTED)
    next_page(kabid, "Setujui")
    expect(kabid.locator("body")).to_contain_text("Disetujui, belum terbit")
    expect(kabid.get_by_role("button", name="Terbitkan", exact=True)).to_have_count(0)  # the section publishes

    kasi.goto(f"/dataset/{NEGLECTED}/tinjau")
    next_page(kasi, "Terbitkan")
    answer = visitor.goto(f"/dataset/{NEGLECTED}")
    assert answer is not None
    assert answer.ok
    expect(visitor.locator("body")).not_to_contain_text(WRONG_SUM)
    operator.goto(f"/dataset/{NEGLECTED}/riwayat")
    for words in ("Verifikasi terhadap Standar Data", "Koreksi Kepala Bidang", WRONG_SUM, "Diterbitkan"):
        expect(operator.locator("body")).to_contain_text(words)
    picture(operator, "25-malut-riwayat")


@pytest.mark.thorough
def test_the_head_of_the_office_signs_after_a_refusal(people: Office, visitor: Page, picture: Picture) -> None:
    """Way Kanan j: a refused sign-off goes to the producer and all starts again; then it is signed, with a letter."""
    walidata, assurer = people.enter("walidata_staf"), people.enter("walidata_kasi")
    checked_and_assured(walidata, assurer, picture)

    head = people.enter(HEAD_OF_OFFICE)
    head.goto("/meja-kerja")
    picture(head, "31-wk-meja-kepala-opd")
    open_from_desk(head, TEACHERS)
    expect(head.locator(".sd").first).to_contain_text("Pengesahan Kepala OPD")
    head.locator("#keputusan summary", has_text="Kembalikan").first.click()
    give_back(head, "isi_data", NOT_FINAL, says="Dikembalikan")

    operator = people.enter("operator_disdik")
    operator.goto("/pekerjaan-saya")
    expect(operator.locator("body")).to_contain_text(NOT_FINAL)
    operator.goto(f"/dataset/{TEACHERS}/status")
    picture(operator, "32-wk-dikembalikan-kepala-opd")
    next_page(operator, "Ajukan untuk diperiksa")
    expect(operator.locator(".sd").first).to_contain_text("Pemeriksaan Walidata")  # from the first stage on
    expect(operator.locator(".sd").first).to_contain_text("Putaran 2")

    checked_and_assured(walidata, assurer, None)
    open_from_desk(head, TEACHERS)
    next_page(head, "Sahkan")
    expect(head.locator("#keputusan")).to_contain_text("Centang pernyataannya")
    head.locator("#pernyataan").check()
    next_page(head, "Sahkan")
    expect(head.locator("#keputusan")).to_contain_text("Lampirkan Surat Validasi")
    picture(head, "33-wk-pengesahan-tanpa-surat")
    head.locator("input[type=file][name='bukti:surat_validasi']").set_input_files(LETTER)
    expect(head.locator("#pernyataan")).to_be_checked()
    next_page(head, "Sahkan")
    expect(head.locator("body")).to_contain_text("Disetujui")

    walidata.goto(f"/dataset/{TEACHERS}/tinjau")
    picture(walidata, "34-wk-siap-terbit")
    next_page(walidata, "Terbitkan")
    visitor.goto(f"/dataset/{TEACHERS}")
    expect(visitor.locator("body")).not_to_contain_text(NOT_FINAL)
    expect(visitor.locator("body")).not_to_contain_text("surat-validasi")
    operator.goto(f"/dataset/{TEACHERS}/riwayat")
    for words in ("Disahkan", NOT_FINAL, "surat-validasi.pdf"):
        expect(operator.locator("body")).to_contain_text(words)
    picture(operator, "35-wk-riwayat")


def checked_and_assured(walidata: Page, assurer: Page, picture: Picture | None) -> None:
    """The Walidata checks, another officer answers the form of quality assurance."""
    open_from_desk(walidata, TEACHERS)
    decide(walidata, "Setujui", says="Penjaminan kualitas")
    open_from_desk(assurer, TEACHERS)
    next_page(assurer, "Setujui")
    expect(assurer.locator("body")).to_contain_text("belum dijawab")
    if picture is not None:
        picture(assurer, "30-wk-formulir-belum-dijawab")
    for choice in ("yes", "statistik", "memenuhi"):
        for box in assurer.locator(f"input[type=radio][name^='jawaban:'][value={choice}]").all():
            box.check()
    for question, answer in ANSWERS.items():
        assurer.locator(f"[name='jawaban:{question}']").fill(answer)
    decide(assurer, "Setujui", says="Pengesahan Kepala OPD")


def open_from_desk(page: Page, name: str) -> None:
    """Find a dataset on the desk and open it."""
    page.goto("/meja-kerja")
    page.get_by_role("link", name=TITLES[name]).first.click()
    page.wait_for_url("**/tinjau*")


def decide(page: Page, button: str, *, says: str) -> None:
    """Press a button of the decision; the message after it names what comes next."""
    next_page(page, button)
    expect(page.locator(".flash-messages, .sd").first).to_contain_text(says)


def give_back(page: Page, reason: str, note: str, *, says: str) -> None:
    """Return it with a reason and a note."""
    page.locator("#keputusan [name=reason_code]").select_option(reason)
    page.locator("#keputusan textarea[name=note]").fill(note)
    decide(page, "Kembalikan dengan catatan", says=says)
