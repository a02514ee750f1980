"""The page of what would have been refused, and the button that switches an organization."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from .conftest import Office

OBSERVE = "insert into satudata_enforcement (organization_id, mode, since) values (:id, 'observe', now())"
OBSERVED = (
    "insert into satudata_observed (dataset_id, what, day, organization_id)"
    " values (:dataset, :what, current_date - cast(:ago as integer), :organization)"
)
INDEX = "/ckan-admin/satudata/"
ENFORCE = "/ckan-admin/satudata/organisasi/dinas-kesehatan/mode/enforce"


@pytest.fixture
def observed(office: Office, unguarded: Any) -> dict[str, Any]:
    """A dataset of an observed organization, edited past the workflow today and long ago."""
    unguarded(OBSERVE, id=office.organization["id"])
    made = office.dataset(title="Jumlah Puskesmas")
    for what, ago in (("change", 0), ("public", 0), ("change", 200)):
        unguarded(OBSERVED, dataset=made["id"], what=what, ago=ago, organization=office.organization["id"])
    return made


def _mode(office: Office) -> str | None:
    model.Session.rollback()
    query = "select mode from satudata_enforcement where organization_id = :id"
    return model.Session.execute(sa.text(query), {"id": office.organization["id"]}).scalar()


@pytest.mark.parametrize("who", ["sysadmin", "walidata"])
def test_counts_of_each_organization(office: Office, observed: dict[str, Any], who: str) -> None:
    page = office.client.get(INDEX, headers=office.headers(who))
    assert page.status_code == 200
    assert "Dinas Kesehatan" in page.body
    assert "keterangan yang sudah terbit diubah: <b>2</b>" in page.body
    assert ENFORCE in page.body
    assert observed


def test_day_by_day_with_the_datasets(office: Office, observed: dict[str, Any]) -> None:
    address = "/ckan-admin/satudata/organisasi/dinas-kesehatan"
    page = office.client.get(address, headers=office.headers("walidata"))
    assert page.body.count("Jumlah Puskesmas") == 2
    page = office.client.get(f"{address}?hari=366", headers=office.headers("walidata"))
    assert page.body.count("Jumlah Puskesmas") == 3
    assert f"/dataset/{observed['name']}" in page.body


def test_the_action_counts_by_organization_kind_and_day(office: Office, observed: dict[str, Any]) -> None:
    answer = office.client.get("/api/3/action/satudata_observed_list?days=30", headers=office.headers("walidata"))
    rows = answer.json["result"]["rows"]
    assert [(row["what"], row["count"], row["datasets"]) for row in rows] == [("change", 1, []), ("public", 1, [])]
    assert rows[0]["what_label"] == "keterangan yang sudah terbit diubah"
    address = "/api/3/action/satudata_observed_list?organization=dinas-kesehatan&days=30"
    rows = office.client.get(address, headers=office.headers("walidata")).json["result"]["rows"]
    assert [row["datasets"][0]["name"] for row in rows] == [observed["name"]] * 2


@pytest.mark.parametrize("who", [None, "stranger", "editor"])
def test_nobody_else_sees_it(office: Office, observed: dict[str, Any], who: str | None) -> None:
    assert observed
    status = 302 if who is None else 403
    for address in (INDEX, "/ckan-admin/satudata/organisasi/dinas-kesehatan", ENFORCE):
        answer = office.client.get(address, headers=office.headers(who), follow_redirects=False)
        assert answer.status_code == status, address
    assert office.client.post(ENFORCE, headers=office.headers(who), follow_redirects=False).status_code == 403
    answer = office.client.get("/api/3/action/satudata_observed_list", headers=office.headers(who))
    assert answer.status_code == 403
    assert _mode(office) == "observe"


def test_the_switch_asks_first_and_then_does_it(office: Office, observed: dict[str, Any]) -> None:
    assert observed
    page = office.client.get(ENFORCE, headers=office.headers("walidata"))
    assert "Tegakkan aturan untuk Dinas Kesehatan?" in page.body
    assert 'method="post"' in page.body
    assert _mode(office) == "observe"
    done = office.client.post(ENFORCE, headers=office.headers("walidata"), follow_redirects=False)
    assert done.status_code == 302
    assert _mode(office) == "enforce"
    back = ENFORCE.replace("enforce", "observe")
    assert office.client.post(back, headers=office.headers("sysadmin"), follow_redirects=False).status_code == 302
    assert _mode(office) == "observe"


def test_unknown_organizations_and_modes_are_not_found(office: Office) -> None:
    for path in ("tidak-ada", "tidak-ada/mode/enforce", "dinas-kesehatan/mode/libur"):
        address = f"/ckan-admin/satudata/organisasi/{path}"
        assert office.client.get(address, headers=office.headers("walidata")).status_code == 404, path
    answer = office.client.post(ENFORCE.replace("enforce", "libur"), headers=office.headers("walidata"))
    assert answer.status_code == 404


@pytest.mark.parametrize(("who", "told"), [("walidata", True), ("editor", False)])
def test_the_desk_leads_there(office: Office, who: str, told: bool) -> None:
    page = office.client.get("/meja-kerja" if who == "walidata" else "/pekerjaan-saya", headers=office.headers(who))
    assert ('href="/ckan-admin/satudata/"' in page.body) is told


def test_a_form_of_somebody_else_switches_nothing(office: Office, observed: dict[str, Any]) -> None:
    """The page's own form carries a token; a session without it is refused."""
    assert observed
    user = model.User.get("orang-walidata")
    assert user is not None
    user.password = "rahasia-uji-123"
    model.Session.commit()
    browser = office.client.test_client()
    page = browser.get("/user/login").get_data(as_text=True)
    form = {"login": "orang-walidata", "password": "rahasia-uji-123", "_csrf_token": _token(page)}
    assert browser.post("/user/login", data=form, follow_redirects=False).status_code == 302
    page = browser.get(ENFORCE).get_data(as_text=True)
    assert browser.post(ENFORCE, data={}, follow_redirects=False).status_code == 400
    assert _mode(office) == "observe"
    assert browser.post(ENFORCE, data={"_csrf_token": _token(page)}, follow_redirects=False).status_code == 302
    assert _mode(office) == "enforce"


def _token(page: str) -> str:
    found = re.search(r'name="_csrf_token"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found.group(1)
