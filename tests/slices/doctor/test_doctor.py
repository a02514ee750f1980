"""The command, the action and the page say the same, to those who may know it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp
from click.testing import CliRunner

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor import examining
from ckanext.satudata.doctor.cli import doctor
from ckanext.satudata.doctor.registry import Check, checks

from .conftest import Office


def test_every_check_has_words_in_both_languages() -> None:
    assert len(checks()) >= 20
    for one in checks().values():
        for words in (one.title, one.meaning):
            assert words.id, one.id
            assert words.en, one.id


@pytest.mark.parametrize("page", ["en/health.md", "id/kesehatan.md"])
def test_every_check_stands_in_the_guide(page: str) -> None:
    guide = (Path(__file__).parents[3] / "docs" / page).read_text("utf-8")
    assert [one for one in checks() if f"| `{one}` |" not in guide] == []


@pytest.mark.parametrize(("option", "status"), [(None, 0), ("ckan.auth.public_user_details", 1), ("debug", 2)])
def test_the_exit_status_is_for_monitoring(clean_portal: None, ckan_config: Any, option: str, status: int) -> None:  # noqa: ARG001
    if option:
        ckan_config[option] = True
    done = CliRunner().invoke(doctor, ["--only", "open_settings", "--only", "sql_search"])
    assert done.exit_code == status, done.output


def test_the_command_tells_what_why_and_how(clean_portal: None, ckan_config: Any) -> None:  # noqa: ARG001
    ckan_config["debug"] = True
    done = CliRunner().invoke(doctor, ["--only", "open_settings"])
    assert "debug sebaiknya false." in done.output
    assert "[open_settings.debug]" in done.output
    assert "$ ckan config-tool ckan.ini debug=false" in done.output
    assert "sebab: Halaman kesalahan" in done.output


def test_json_is_for_programs(clean_portal: None, ckan_config: Any) -> None:  # noqa: ARG001
    ckan_config["debug"] = True
    done = CliRunner().invoke(doctor, ["--json", "--only", "open_settings"])
    answer = json.loads(done.stdout)
    assert (answer["status"], done.exit_code) == (2, 2)
    assert [one["id"] for one in answer["findings"]] == ["open_settings.debug"]
    assert set(answer["findings"][0]) == {
        *("id", "severity", "what", "why", "remedy", "command", "items", "count"),
    }


def test_an_unknown_check_is_refused_with_the_list(clean_portal: None) -> None:  # noqa: ARG001
    done = CliRunner().invoke(doctor, ["--only", "tidak-ada"])
    assert done.exit_code == 1
    assert "drift" in done.output


def test_the_checks_can_be_listed(clean_portal: None) -> None:  # noqa: ARG001
    done = CliRunner().invoke(doctor, ["--list"])
    assert done.exit_code == 0
    assert {line.split()[0] for line in done.output.splitlines()} == set(checks())


def test_a_check_that_breaks_stops_no_other(clean_portal: None, monkeypatch: Any) -> None:  # noqa: ARG001
    def broken() -> Any:
        raise OSError("putus")

    known = {**checks(), "rusak": Check("rusak", Text("Rusak", "Broken"), Text("-", "-"), broken)}
    monkeypatch.setattr(examining, "checks", lambda: known)
    done = examining.examine(["rusak", "sql_search"])
    assert [one.id for one in done.findings] == ["rusak.broken"]
    assert "putus" in done.findings[0].to_dict("id")["what"]
    assert {one.id for one in done.checked} == {"rusak", "sql_search"}


@pytest.mark.parametrize(("who", "status"), [(None, 403), ("stranger", 403), ("walidata", 403), ("sysadmin", 200)])
def test_only_sysadmins_may_know_where_the_portal_is_weak(office: Office, who: str, status: int) -> None:
    asked = json.dumps({"only": ["sql_search"]})
    headers = {**office.headers(who), "Content-Type": "application/json"}
    assert office.client.post("/api/3/action/satudata_doctor", headers=headers, data=asked).status_code == status


def test_it_is_asked_by_post(office: Office) -> None:
    answer = office.client.get("/api/3/action/satudata_doctor", headers=office.headers("sysadmin"))
    assert answer.status_code in (400, 405)


@pytest.mark.parametrize("only", [["tidak-ada"], {"a": 1}, [1], 7])
def test_bad_input_is_refused(office: Office, only: Any) -> None:
    headers = {**office.headers("sysadmin"), "Content-Type": "application/json"}
    answer = office.client.post("/api/3/action/satudata_doctor", headers=headers, data=json.dumps({"only": only}))
    assert answer.status_code == 409


def test_the_page_shows_what_asks_no_other_machine(office: Office, ckan_config: Any) -> None:
    ckan_config["ckan.auth.public_user_details"] = True
    page = office.client.get("/ckan-admin/satudata/pemeriksaan", headers=office.headers("sysadmin"))
    assert page.status_code == 200
    assert "ckan.auth.public_user_details sebaiknya false." in page.body
    assert "Server surel" in page.body  # named as left out
    assert "mail.no_answer" not in page.body


def test_the_admin_pages_lead_there(office: Office) -> None:
    page = office.client.get("/ckan-admin/", headers=office.headers("sysadmin"))
    assert "/ckan-admin/satudata/pemeriksaan" in page.body


@pytest.mark.parametrize("who", ["stranger", "editor", "walidata"])
def test_the_page_is_for_sysadmins(office: Office, who: str) -> None:
    address = "/ckan-admin/satudata/pemeriksaan"
    assert office.client.get(address, headers=office.headers(who)).status_code == 403


def test_a_visitor_is_sent_to_the_login(app: CKANTestApp) -> None:
    answer = app.get("/ckan-admin/satudata/pemeriksaan", follow_redirects=False)
    assert (answer.status_code, "/user/login" in answer.headers["Location"]) == (302, True)
