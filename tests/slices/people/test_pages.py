"""The pages about people: who may open them, what they do, in words of the reader's language."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp

from ckanext.satudata.bridge import columns, roles, terms
from ckanext.satudata.people import vacancies
from tests.slices.pages.conftest import Page
from tests.slices.pages.test_language import ENGLISH

from .conftest import Office

ADMIN = "operator_dua"  # of Dinas Kesehatan


class Reader:
    """Opens pages as one of the office's people, by API token."""

    def __init__(self, office: Office, client: CKANTestApp) -> None:
        self.office, self.client = office, client
        self.tokens: dict[str, str] = {}

    def _headers(self, who: str | None) -> dict[str, str]:
        if who is None:
            return {}
        if who not in self.tokens:
            self.tokens[who] = factories.APIToken(user=self.office.id(who))["token"]
        return {"Authorization": self.tokens[who]}

    def get(self, who: str | None, path: str) -> Page:
        return Page(self.client.get(path, headers=self._headers(who), follow_redirects=False))

    def post(self, who: str | None, path: str, **form: Any) -> Page:
        return Page(self.client.post(path, headers=self._headers(who), data=form, follow_redirects=False))


@pytest.fixture
def reader(kantor: Office, app: CKANTestApp) -> Reader:
    return Reader(kantor, app)


def _day(number: int) -> str:
    """A day of the portal's zone: after five in the evening in UTC it is tomorrow there."""
    return terms.calendar().local_date(columns.now() + timedelta(days=number)).isoformat()


PAGES = ("/petugas", "/petugas/tambah", "/petugas/plt", "/petugas/plt/tambah", "/petugas/impor", "/petugas/ekspor.csv")


def test_who_may_open_the_pages(reader: Reader) -> None:
    for path in (*PAGES, "/petugas/cari?q=operator"):
        assert reader.get(None, path).status == 302
        for who in ("tamu", "walidata", "operator"):
            assert reader.get(who, path).status == 403
        for who in ("admin", ADMIN):
            assert reader.get(who, path).status == 200, (who, path)
    assert reader.get("admin", "/petugas/perubahan").status == 200
    assert reader.get(ADMIN, "/petugas/perubahan").status == 403


@pytest.mark.thorough
def test_the_pages_are_indonesian(reader: Reader, kantor: Office) -> None:
    kantor.dataset()
    vacancies.watch()
    kantor.grant("tamu", "kepala_opd", organization="dinkes", letter="800/1/2026", valid_until=_day(20))
    period = {"valid_until": _day(9), "letter": "1/2026"}
    kantor.call("admin", "satudata_deputy_create", user="anggota", deputy_of="tamu", kind="plh", **period)
    [grant] = [one for one in kantor.call("admin", "satudata_grant_list", user="tamu") if not one["deputy_kind"]]
    [deputy] = kantor.call("admin", "satudata_deputy_list")
    kantor.call("admin", "satudata_office_rename", id="disdik", title="Dinas Pendidikan dan Olahraga")
    for path in (
        *PAGES[:-1],
        *("/petugas?status=upcoming", "/petugas?status=ended", "/petugas?q=tidakada", "/petugas/perubahan"),
        f"/petugas/{grant['id']}/akhiri",
        f"/petugas/plt/{deputy['id']}/akhiri",
    ):
        page = reader.get("admin", path)
        assert page.status == 200, path
        body = re.sub(r"(?s)<pre\b.*?</pre>|<dt class=\"sd-mono\">.*?</dt>|<code>.*?</code>", " ", page.body)
        page.body = body[body.index('class="sd"') :].split("site-footer")[0]
        assert not re.findall(ENGLISH, re.sub(r"\S+@\S+|\badmin\b|CSV|UTF-8", " ", page.text)), (path, page.text)
        assert page.body.count("<h1") == 1


def test_a_role_is_given_and_ended_and_given_back(reader: Reader) -> None:
    form = {"user": "tamu@contoh.go.id", "role": "walidata", "position": "kasi", "letter": "800/2/2026"}
    assert reader.post("admin", "/petugas/tambah", **form).status == 302
    [held] = roles.roles_of(reader.office.id("tamu"))
    assert (held.role, held.position, held.organization_id) == ("walidata", "kasi", None)
    page = reader.get("admin", f"/petugas/{held.id}/akhiri")
    assert "Walidata (Kepala Seksi)" in page.text
    ended = reader.post("admin", f"/petugas/{held.id}/akhiri")
    assert ended.status == 302
    assert roles.roles_of(reader.office.id("tamu")) == []
    after = reader.get("admin", re.sub(r"^https?://[^/]+", "", ended.location))
    assert f"/petugas/{held.id}/kembalikan" in after.body
    assert reader.post("admin", f"/petugas/{held.id}/kembalikan").status == 302
    assert len(roles.roles_of(reader.office.id("tamu"))) == 1


def test_an_end_by_a_mere_link_is_impossible(reader: Reader) -> None:
    grant = reader.office.grant("tamu", "walidata")
    assert reader.get("admin", f"/petugas/{grant['id']}/kembalikan").status in (404, 405)
    reader.get("admin", f"/petugas/{grant['id']}/akhiri")
    assert roles.roles_of(reader.office.id("tamu"))


def test_a_person_is_found_by_name_mail_or_part_of_the_name(reader: Reader) -> None:
    asked = reader.post("admin", "/petugas/tambah", user="operator", role="walidata")  # exactly one of that name
    assert asked.status == 302
    several = reader.post("admin", "/petugas/tambah", user="wali", role="pembina_data")
    assert several.status == 400
    assert 'value="walidata_dua"' in several.body
    chosen = reader.post("admin", "/petugas/tambah", user="wali", user_choice="walidata_dua", role="pembina_data")
    assert chosen.status == 302
    nobody = reader.post("admin", "/petugas/tambah", user="tidak ada", role="pembina_data")
    assert nobody.status == 400
    assert "Tidak ada akun" in nobody.text


def test_names_are_offered_while_typing_but_no_addresses(reader: Reader) -> None:
    offered = reader.get("admin", "/petugas/cari?q=walidata").body
    assert '"walidata_dua"' in offered
    assert "contoh.go.id" not in offered
    assert reader.get("admin", "/petugas/cari?q=%25").body.strip() == "[]"


def test_what_is_wrong_stands_at_its_field_and_keeps_what_was_typed(reader: Reader) -> None:
    form = {
        "user": "tamu",
        "role": "walidata",
        "valid_from": "2026-05-01",
        "valid_until": "2026-04-01",
        "letter": "ABC",
    }
    page = reader.post("admin", "/petugas/tambah", **form)
    assert page.status == 400
    assert 'id="err-valid_until"' in page.body
    assert 'value="ABC"' in page.body
    assert reader.post("admin", "/petugas/tambah", user="tamu").status == 400
    assert reader.post("admin", "/petugas/tambah").status == 400


def test_an_organizations_admin_sees_and_gives_for_the_own_office_only(reader: Reader) -> None:
    theirs = reader.office.grant("tamu", "walidata", organization="disdik")
    assert "Dinas Pendidikan" not in reader.get(ADMIN, "/petugas").text
    assert reader.get(ADMIN, f"/petugas/{theirs['id']}/akhiri").status == 404
    assert "Penanda" not in reader.get(ADMIN, f"/petugas?berakhir={theirs['id']}").text
    form = reader.get(ADMIN, "/petugas/tambah").body
    assert 'value="kepala_opd"' in form
    assert 'value="walidata"' not in form
    assert reader.office.disdik["id"] not in form
    refused = reader.post(
        ADMIN, "/petugas/tambah", user="tamu", role="walidata", organization=reader.office.dinkes["id"]
    )
    assert refused.status == 403
    given = {"user": "tamu", "role": "kepala_opd", "organization": reader.office.dinkes["id"]}
    assert reader.post(ADMIN, "/petugas/tambah", **given).status == 302


@pytest.mark.thorough
def test_the_list_is_searched_filtered_and_paged(reader: Reader) -> None:
    for number in range(30):
        day = _day(number + 1)
        reader.office.grant("tamu", "walidata", letter=f"800/{number}/2026", valid_from=day, valid_until=day)
    page = reader.get("admin", "/petugas?status=upcoming")
    assert "1 sampai 25 dari 30" in page.text
    assert "800/29/2026" in reader.get("admin", "/petugas?status=upcoming&page=2").text
    found = reader.get("admin", "/petugas?status=upcoming&q=800/7/2026")
    assert "800/7/2026" in found.text
    assert "800/8/2026" not in found.text
    assert "Tidak ada yang cocok" in reader.get("admin", "/petugas?q=tidakada").text
    assert reader.get("admin", "/petugas?opd=tidak-ada").status == 302
    assert "pembina" in reader.get("admin", "/petugas?peran=pembina_data").text
    assert "walidata_dua" in reader.get("admin", "/petugas?q=pendidikan").text


def test_what_was_exported_can_be_sent_back(reader: Reader) -> None:
    reader.office.grant("tamu", "kepala_opd", organization="dinkes", valid_until="2099-12-31", letter="=1+1")
    text = reader.get("admin", "/petugas/ekspor.csv").body
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    mine = next(row for row in rows if row["user"] == "tamu")
    assert (mine["organization"], mine["valid_until"], mine["letter"]) == ("dinkes", "2099-12-31", "'=1+1")
    told = reader.office.call("admin", "satudata_grant_import", text=text, dry_run=True)
    assert (told["new"], told["wrong"], told["there"]) == (0, 0, len(rows))


def test_a_table_is_looked_at_first_and_given_then(reader: Reader) -> None:
    text = "pengguna;peran;organisasi\ntamu;kepala_opd;Dinas Kesehatan\nanggota;walidata;\n"
    looked = reader.post("admin", "/petugas/impor", text=text)
    assert looked.status == 200
    assert "2 peran dapat diberikan" in looked.text
    assert roles.roles_of(reader.office.id("tamu")) == []
    assert reader.post("admin", "/petugas/impor", text=text, terapkan="1").status == 302
    assert roles.roles_of(reader.office.id("tamu"))[0].organization_id == reader.office.dinkes["id"]
    upload = (io.BytesIO(b"\xef\xbb\xbf" + text.encode()), "petugas.csv")
    assert "berlaku" in reader.post("admin", "/petugas/impor", upload=upload).text
    wrong = reader.post("admin", "/petugas/impor", text=text + "siapa;raja;\n", terapkan="1")
    assert "1 baris harus diperbaiki" in wrong.text
    assert reader.post("admin", "/petugas/impor", text="").status == 400
    assert reader.post("admin", "/petugas/impor", text="a;b\n1;2\n").status == 400


def test_a_deputy_is_appointed_and_dismissed(reader: Reader) -> None:
    form = {"user": "tamu", "deputy_of": "walidata", "kind": "plh", "valid_until": _day(9), "letter": "1/2026"}
    missing = reader.post("admin", "/petugas/plt/tambah", **{**form, "letter": "", "user": "tidak ada"})
    assert missing.status == 400
    assert reader.post("admin", "/petugas/plt/tambah", **{**form, "kind": "plt"}).status == 400
    assert reader.post("admin", "/petugas/plt/tambah", **form).status == 302
    assert "Plh. Walidata" in reader.get("admin", "/petugas/plt").text
    assert "Plh. Walidata" in reader.get("admin", "/petugas").text
    [deputy] = reader.office.call("admin", "satudata_deputy_list")
    assert reader.get("admin", f"/petugas/plt/{deputy['id']}/akhiri").status == 200
    assert reader.post("admin", f"/petugas/plt/{deputy['id']}/akhiri").status == 302
    assert "berakhir" in reader.get("admin", "/petugas/plt?semua=1").text
    assert reader.get("admin", "/petugas/plt/tidak-ada/akhiri").status == 404


def test_a_vacancy_is_shown_with_the_way_to_fill_it(reader: Reader) -> None:
    reader.office.dataset()
    vacancies.watch()
    page = reader.get("admin", "/petugas")
    assert "2 jabatan yang ditunggu dataset kosong" in page.text
    assert "peran=walidata" in page.body
    link = re.search(r'href="(/petugas/tambah\?[^"]*)"', page.body.split('id="kosong"')[1])
    assert link is not None
    form = reader.get("admin", link.group(1).replace("&amp;", "&"))
    assert re.search(r'<option value="walidata" selected', form.body)


def test_old_addresses_of_offices_lead_to_the_new_ones(reader: Reader) -> None:
    office = reader.office
    office.call("admin", "satudata_office_rename", id="dinkes", name="dinkes-baru")
    assert reader.get(None, "/organization/dinkes").location.endswith("/organization/dinkes-baru")
    office.call("admin", "satudata_office_merge", **{"from": ["dinkes-baru"]}, into="disdik")
    for old in ("dinkes", "dinkes-baru"):
        assert reader.get(None, f"/organization/{old}").location.endswith("/organization/disdik")
    assert reader.get(None, "/organization/disdik").status == 200
    assert reader.get(None, "/organization/tidak-ada").status == 404


def test_a_long_name_and_a_strange_one_are_shown_as_they_are(reader: Reader) -> None:
    reader.office.grant("tamu", "walidata", letter="<script>alert(1)</script>" + "x" * 150)
    page = reader.get("admin", "/petugas")
    assert "<script>alert(1)</script>" not in page.body
    assert "<script>alert(1)</script>" in page.text
