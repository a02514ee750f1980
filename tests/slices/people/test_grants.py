"""Roles: given by a sysadmin, for one office or all, for a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.cli.cli import ckan as ckan_command
from ckan.tests import factories

from ckanext.satudata.bridge import roles

from .conftest import Office


def _roles(office: Office, who: str) -> list[str]:
    return [grant.role for grant in roles.roles_of(office.id(who))]


def test_reviewers_and_visitors_give_no_roles(office: Office) -> None:
    for who in ("", "walidata", "operator"):
        for action, data in (
            ("satudata_grant_create", {"user": "tamu", "role": "walidata"}),
            ("satudata_grant_list", {}),
            ("satudata_grant_search", {}),
            ("satudata_grant_import", {"text": "user,role\ntamu,walidata"}),
            ("satudata_grant_end", {"id": "x"}),
            ("satudata_grant_restore", {"id": "x"}),
        ):
            with pytest.raises(tk.NotAuthorized):
                office.call(who, action, **data)
    assert _roles(office, "tamu") == []


def test_a_grant_holds_until_it_ends(office: Office) -> None:
    grant = office.grant("tamu", "walidata", organization="dinkes", letter="800/1/2026")
    assert grant["active"] is True
    assert grant["organization"]["title"] == "Dinas Kesehatan"
    assert _roles(office, "tamu") == ["walidata"]
    ended = office.call("admin", "satudata_grant_end", id=grant["id"])
    assert ended["active"] is False
    assert _roles(office, "tamu") == []
    assert grant["id"] not in str(office.call("admin", "satudata_grant_list", user="tamu"))
    assert grant["id"] in str(office.call("admin", "satudata_grant_list", user="tamu", ended=True))
    with pytest.raises(tk.ValidationError):
        office.call("admin", "satudata_grant_end", id=grant["id"])
    with pytest.raises(tk.ObjectNotFound):
        office.call("admin", "satudata_grant_end", id="tidak-ada")


def test_the_last_day_counts_whole_in_the_portals_zone(office: Office) -> None:
    grant = office.grant("tamu", "walidata", valid_from="2026-01-01", valid_until="2099-12-31")
    assert datetime.fromisoformat(grant["valid_until"]) == datetime(2099, 12, 31, 17, tzinfo=UTC)


def test_a_grant_of_tomorrow_or_yesterday_does_not_hold(office: Office) -> None:
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011
    office.grant("tamu", "walidata", valid_from=tomorrow.isoformat())
    office.grant("tamu", "pembina_data", valid_from="2020-01-01", valid_until="2020-12-31")
    assert _roles(office, "tamu") == []


BAD_INPUT = [
    ("user", "tidak-ada"),
    ("user", ""),
    ("role", "raja"),
    ("role", "produsen_data"),
    ("role", ""),
    ("position", "camat"),
    ("organization", "tidak-ada"),
    ("valid_from", "kemarin"),
    ("valid_from", "2026-13-41"),
    ("valid_until", "2001-01-01"),
    ("letter", "x" * 201),
]


def test_bad_input_is_refused(office: Office) -> None:
    for field, value in BAD_INPUT:
        data: dict[str, Any] = {"user": "tamu", "role": "walidata", field: value}
        with pytest.raises(tk.ValidationError) as caught:
            office.call("admin", "satudata_grant_create", **data)
        assert field in caught.value.error_dict
    assert _roles(office, "tamu") == []


def test_the_same_grant_is_not_given_twice(office: Office) -> None:
    with pytest.raises(tk.ValidationError):
        office.grant("walidata", "walidata")
    office.grant("walidata", "walidata", position="kasi")


def test_a_group_is_no_organization(office: Office) -> None:
    factories.Group(name="kelompok", user=office.users["admin"])
    with pytest.raises(tk.ValidationError):
        office.grant("tamu", "walidata", organization="kelompok")


def test_a_removed_user_holds_nothing(office: Office) -> None:
    assert roles.holders_of("walidata", office.dinkes["id"])
    office.call("admin", "user_delete", id="walidata")
    assert roles.holders_of("walidata", office.dinkes["id"]) == []


@pytest.mark.thorough
def test_the_command_line_gives_lists_and_ends(office: Office, cli: Any) -> None:
    added = cli.invoke(ckan_command, ["satudata", "grant", "add", "tamu", "walidata", "--organization", "dinkes"])
    assert added.exit_code == 0, added.output
    assert _roles(office, "tamu") == ["walidata"]
    listed = cli.invoke(ckan_command, ["satudata", "grant", "list", "--user", "tamu"])
    assert "walidata  Dinas Kesehatan" in listed.output
    ended = cli.invoke(ckan_command, ["satudata", "grant", "end", listed.output.split()[0]])
    assert ended.exit_code == 0, ended.output
    assert _roles(office, "tamu") == []
    refused = cli.invoke(ckan_command, ["satudata", "grant", "add", "tamu", "raja"])
    assert refused.exit_code == 1
    assert "role:" in refused.output


def test_the_command_line_shows_a_case(office: Office, submitted: str, cli: Any) -> None:
    office.decide("walidata", submitted, "return", note="Satuan salah.", reason_code="standar_data")
    shown = cli.invoke(ckan_command, ["satudata", "workflow", "show", submitted])
    assert shown.exit_code == 0, shown.output
    assert "revision" in shown.output
    assert "return  walidata walidata: Satuan salah." in shown.output
    assert cli.invoke(ckan_command, ["satudata", "workflow", "show", "tidak-ada"]).exit_code == 1


def test_the_command_line_checks_a_procedure(office: Office, cli: Any, tmp_path: Any) -> None:  # noqa: ARG001
    bad = tmp_path / "salah.yaml"
    bad.write_text("format: 1\nkey: x\n", "utf-8")
    checked = cli.invoke(ckan_command, ["satudata", "workflow", "lint", str(bad)])
    assert checked.exit_code == 1
    assert "baris 1" in checked.output
