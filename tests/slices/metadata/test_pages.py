"""The pages of the form, as a person without JavaScript uses them."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import COMPLETE, Office


class Browser:
    """A logged-in person with cookies, who follows redirects only when told."""

    def __init__(self, app: Any, name: str | None = None) -> None:
        self.client = app.test_client()
        if name is not None:
            self.post("/user/login", {"login": name, "password": "PasswordUji-1"}, form="/user/login")

    def get(self, url: str, status: int = 200) -> str:
        answer = self.client.get(url, follow_redirects=False)
        assert answer.status_code == status, (answer.status_code, answer.location)
        return unescape(answer.get_data(as_text=True))

    def post(self, url: str, data: dict[str, Any], form: str | None = None) -> Any:
        page = self.client.get(form or url, follow_redirects=False).get_data(as_text=True)
        found = re.search(r'name="_csrf_token" value="([^"]+)"', page)
        token = found.group(1) if found is not None else ""
        fields = {"_csrf_token": token, **data}
        return self.client.post(url, data=fields, content_type="multipart/form-data", follow_redirects=False)


@pytest.fixture
def editor(app, office: Office) -> Browser:
    return Browser(app, office.editor["name"])


def words(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def stored(dataset_id: str) -> dict[str, Any]:
    return call_action("package_show", id=dataset_id)


def test_a_visitor_is_sent_to_the_login(app, office):
    visitor = Browser(app)
    for url in ("/dataset/new", f"/dataset/edit/{office.dataset()['name']}"):
        answer = visitor.client.get(url, follow_redirects=False)
        assert answer.status_code == 302
        assert "/user/login?came_from=" in answer.location


def test_a_stranger_sees_no_form_and_no_draft(app, office):
    stranger = Browser(app, office.stranger["name"])
    dataset = office.dataset()
    stranger.get("/dataset/new", status=403)
    for path in ("edit/{0}", "edit/{0}/kontak", "{0}/tabel", "{0}/resource/new"):
        stranger.get("/dataset/" + path.format(dataset["name"]), status=404)


def test_a_draft_begins_with_a_title_and_goes_on_with_the_next_section(editor, office):
    page = editor.get("/dataset/new")
    assert "0 dari 14 isian wajib terisi" in " ".join(re.sub("<[^>]+>", "", page).split())
    answer = editor.post(
        "/dataset/new", {"title": "Jumlah Sekolah", "owner_org": office.organization["id"], "save": "next"}
    )
    assert answer.status_code == 302, words(answer)
    assert answer.location.endswith("/dataset/edit/jumlah-sekolah/standar-data")
    assert stored("jumlah-sekolah")["state"] == "active"
    assert stored("jumlah-sekolah")["private"] is True


def test_a_refused_first_page_keeps_what_was_typed(editor):
    answer = editor.post("/dataset/new", {"title": "", "notes": "Sudah saya tulis panjang.", "save": "draft"})
    assert answer.status_code == 400
    assert "Judul harus diisi." in words(answer)
    assert 'href="#field-title"' in words(answer)
    assert "Sudah saya tulis panjang." in words(answer)
    assert call_action("package_list") == []


def test_a_half_filled_draft_is_saved(editor, office):
    dataset = office.call("package_create", title="Jumlah Sekolah", owner_org=office.organization["id"])
    answer = editor.post(f"/dataset/edit/{dataset['name']}/cakupan", {"frekuensi": "tahunan", "kode_wilayah": "3204"})
    assert answer.status_code == 302, words(answer)
    assert answer.location.endswith("/cakupan")
    saved = stored(dataset["id"])
    assert (saved["frekuensi"], saved["kode_wilayah"]) == ("tahunan", ["32.04"])


def test_every_section_shows_and_saves_what_is_stored(editor, office):
    dataset = stored(office.dataset()["id"])
    for section in ("identitas", "standar-data", "cakupan", "akses", "kontak"):
        page = editor.get(f"/dataset/edit/{dataset['name']}/{section}")
        sent = _as_browser(page)
        answer = editor.post(f"/dataset/edit/{dataset['name']}/{section}", {**sent, "save": "draft"})
        assert answer.status_code == 302, (section, words(answer))
    again = stored(dataset["id"])
    for name in COMPLETE:
        assert again[name] == dataset[name], name


def _as_browser(page: str) -> dict[str, Any]:
    """The fields of the form as a browser would send them."""
    form = page[page.index('class="sd-form"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = attributes.get("name"), attributes.get("type", "text")
        if name is None or name == "_csrf_token" or (kind in ("radio", "checkbox") and " checked" not in tag):
            continue
        sent.setdefault(name, []).append(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
        sent.setdefault(name, []).append(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = re.findall(r'<option value="([^"]*)" selected', options)[:1]
    return sent


def test_a_wrong_value_is_told_at_its_field_and_on_top(editor, office):
    dataset = office.dataset()
    url = f"/dataset/edit/{dataset['name']}/kontak"
    answer = editor.post(url, {"kontak-0-unit": "Seksi", "kontak-0-surel": "bukan surel"})
    assert answer.status_code == 400
    assert words(answer).count("“bukan surel” bukan alamat surel.") == 2
    assert 'value="bukan surel"' in words(answer)
    assert stored(dataset["id"])["kontak"] == COMPLETE["kontak"]


def test_rows_are_added_and_removed_without_javascript(editor, office):
    dataset = office.dataset()
    url = f"/dataset/edit/{dataset['name']}/cakupan"
    two = {
        "cakupan_waktu-0-mulai": "2015",
        "cakupan_waktu-0-selesai": "2016",
        "cakupan_waktu-1-mulai": "2020",
        "cakupan_waktu-1-selesai": "2021",
    }
    assert editor.post(url, two).status_code == 302
    assert len(stored(dataset["id"])["cakupan_waktu"]) == 2
    assert editor.post(url, {**two, "cakupan_waktu-0-mulai": "", "cakupan_waktu-0-selesai": " "}).status_code == 302
    assert stored(dataset["id"])["cakupan_waktu"] == [{"mulai": "2020", "selesai": "2021"}]


def test_a_proposal_is_used_only_when_accepted(editor, office):
    dataset = office.dataset(license_id="", kontak=[])
    assert "Usulan: Creative Commons Atribusi" in editor.get(f"/dataset/edit/{dataset['name']}/akses")
    assert not stored(dataset["id"])["license_id"]
    answer = editor.post(f"/dataset/edit/{dataset['name']}/akses", {"accept": "license_id", "license_id": ""})
    assert answer.location.endswith("/akses#field-license_id")
    assert stored(dataset["id"])["license_id"] == "cc-by"
    editor.post(f"/dataset/edit/{dataset['name']}/kontak", {"accept": "kontak", "kontak-0-unit": ""})
    assert stored(dataset["id"])["kontak"][0]["surel"] == "dinkes@contohkab.go.id"


def test_what_would_be_refused_at_submission_is_told_at_the_field(editor, office):
    dataset = office.dataset(sds_konsep="Jumlah Penduduk")
    assert "diawali ukuran" in editor.get(f"/dataset/edit/{dataset['name']}/standar-data")


def test_fields_that_do_not_apply_are_not_asked_and_not_emptied(editor, office):
    dataset = office.dataset()
    office.call("package_patch", id=dataset["id"], jenis_data="geospasial")
    page = editor.get(f"/dataset/edit/{dataset['name']}/standar-data")
    assert 'id="field-sds_konsep"' not in page
    editor.post(f"/dataset/edit/{dataset['name']}/standar-data", {"sds_kode": "SP00055.00.00"})
    assert stored(dataset["id"])["sds_konsep"] == COMPLETE["sds_konsep"]


def test_an_answer_that_opens_a_question_stays_on_the_page(editor, office):
    dataset = office.dataset(klasifikasi_akses="terbuka")
    url = f"/dataset/edit/{dataset['name']}/akses"
    assert 'id="field-pengecualian_dasar"' not in editor.get(url)
    answer = editor.post(url, {"klasifikasi_akses": "tertutup", "save": "next"})
    assert answer.location.endswith("/akses#field-pengecualian_dasar")
    page = editor.get(url)
    assert 'id="field-pengecualian_dasar"' in page
    assert 'id="field-license_id"' not in page


def test_the_release_date_is_asked_of_priority_data_only(editor, office):
    dataset = office.dataset()
    assert 'id="field-jadwal_rilis"' not in editor.get(f"/dataset/edit/{dataset['name']}/cakupan")


def test_a_form_without_its_token_changes_nothing(editor, office):
    dataset = office.dataset()
    answer = editor.client.post(f"/dataset/edit/{dataset['name']}/identitas", data={"title": "Palsu"})
    assert answer.status_code == 400
    assert stored(dataset["id"])["title"] == COMPLETE["title"]


def test_an_unknown_section_is_not_there(editor, office):
    editor.get(f"/dataset/edit/{office.dataset()['name']}/lain", status=404)
    editor.get("/dataset/edit/tidak-ada", status=404)


def test_a_table_is_uploaded_and_the_next_page_is_its_report(editor, office):
    dataset = office.dataset()
    editor.get(f"/dataset/{dataset['name']}/resource/new")
    file = (io.BytesIO(b"Kecamatan,Jumlah\nCileunyi,4\n"), "puskesmas 2024.csv")
    answer = editor.post(f"/dataset/{dataset['name']}/resource/new", {"upload": file, "periode": "2024"})
    assert answer.status_code == 302, words(answer)
    resource = stored(dataset["id"])["resources"][0]
    assert f"/resource/{resource['id']}" in answer.location
    assert (resource["name"], resource["format"], resource["periode"]) == ("puskesmas 2024", "CSV", "2024")


def test_a_table_is_replaced_and_keeps_its_dictionary(editor, office):
    dataset = office.dataset()
    file = (io.BytesIO(b"Kecamatan\nCileunyi\n"), "a.csv")
    editor.post(f"/dataset/{dataset['name']}/resource/new", {"upload": file})
    resource = stored(dataset["id"])["resources"][0]
    office.call(
        "satudata_dictionary_update", resource_id=resource["id"], columns=[{"kolom": "Kecamatan", "tipe": "text"}]
    )
    file = (io.BytesIO(b"Kecamatan\tJumlah\nCileunyi\t3\n"), "b.tsv")
    url = f"/dataset/{dataset['name']}/resource/{resource['id']}/edit"
    assert editor.post(url, {"upload": file, "name": "Puskesmas"}).status_code == 302
    again = stored(dataset["id"])["resources"][0]
    assert again["id"] == resource["id"]
    assert again["url"].endswith("/b.tsv")
    assert again["format"] == "TSV"
    assert again["kamus_data"] == [{"kolom": "Kecamatan", "tipe": "text"}]


def test_an_upload_without_a_file_says_so(editor, office):
    dataset = office.dataset()
    answer = editor.post(f"/dataset/{dataset['name']}/resource/new", {"name": "Kosong"})
    assert answer.status_code == 400
    assert "Pilih file dulu." in words(answer)
    assert 'value="Kosong"' in words(answer)


def test_a_wrong_period_keeps_the_file_page(editor, office):
    dataset = office.dataset()
    file = (io.BytesIO(b"a\n1\n"), "a.csv")
    answer = editor.post(f"/dataset/{dataset['name']}/resource/new", {"upload": file, "periode": "tahun lalu"})
    assert answer.status_code == 400
    assert "tidak dikenali sebagai waktu" in words(answer)
    assert stored(dataset["id"])["resources"] == []


def test_the_organization_form_is_ours(app):
    admin = factories.Sysadmin(password="PasswordUji-1")
    browser = Browser(app, admin["name"])
    answer = browser.post(
        "/organization/new", {"title": "Dinas Sosial", "kode_opd": "1.06", "jenis": "produsen", "save": ""}
    )
    assert answer.status_code == 302, words(answer)
    page = browser.get("/organization/edit/dinas-sosial")
    assert 'value="1.06"' in page
    answer = browser.post("/organization/edit/dinas-sosial", {"title": "Dinas Sosial", "kode_opd": "abc", "save": ""})
    assert "bukan kode OPD" in words(answer)


def test_pages_without_english(editor, office):
    dataset = office.dataset()
    for path in ("new", f"edit/{dataset['name']}", f"edit/{dataset['name']}/cakupan", f"{dataset['name']}/tabel"):
        page = editor.get(f"/dataset/{path}")
        visible = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
        english = re.findall(r"\b(?:needed|Save|Choose|Section|Example|the|fields?)\b", visible)
        assert english == [], (path, english)
