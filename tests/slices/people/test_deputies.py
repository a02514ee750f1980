"""Plt and Plh: who may stand in for whom, when, and how it shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.cli.cli import ckan as ckan_command

from ckanext.satudata.bridge import columns, roles

from .conftest import Office

LETTER = "800/15/BKPSDM/2026"


def _days(number: int) -> str:
    return (columns.now() + timedelta(days=number)).date().isoformat()


def _appoint(
    office: Office, user: str = "tamu", of: str = "walidata", kind: str = "plh", **more: Any
) -> dict[str, Any]:
    data = {"valid_until": _days(14), "letter": LETTER, **more}
    return office.call("admin", "satudata_deputy_create", user=user, deputy_of=of, kind=kind, **data)


def _wrong(office: Office, **data: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as caught:
        _appoint(office, **data)
    return caught.value.error_dict


def test_a_plh_acts_in_every_post_of_who_is_absent(kantor: Office) -> None:
    kantor.grant("walidata", "pembina_data", organization="dinkes")
    made = _appoint(kantor)
    assert {post["post"] for post in made["posts"]} == {"Plh. Pembina Data", "Plh. Walidata"}
    held = roles.roles_of(kantor.id("tamu"))
    assert {(grant.role, grant.deputy_of, grant.deputy_kind) for grant in held} == {
        ("pembina_data", kantor.id("walidata"), "plh"),
        ("walidata", kantor.id("walidata"), "plh"),
    }


def test_a_deputy_may_be_for_one_post_only(kantor: Office) -> None:
    kantor.grant("walidata", "pembina_data", organization="dinkes")
    made = _appoint(kantor, role="pembina_data", organization="dinkes")
    assert [post["role"] for post in made["posts"]] == ["pembina_data"]


def test_a_plt_is_for_a_vacant_post_only(kantor: Office) -> None:
    assert "masih memegangnya" in _wrong(kantor, kind="plt")["kind"][0]
    [grant] = kantor.call("admin", "satudata_grant_list", user="walidata")
    kantor.call("admin", "satudata_grant_end", id=grant["id"])
    made = _appoint(kantor, kind="plt")
    assert made["kind_label"] == "Plt."
    assert made["active"]


def test_a_plt_takes_what_was_held_until_last(kantor: Office) -> None:
    kantor.grant("anggota", "pembina_data", valid_from="2019-01-01", valid_until="2020-12-31")
    kantor.grant("anggota", "walidata", position="kabid", valid_from="2021-01-01", valid_until=_days(-1))
    made = _appoint(kantor, of="anggota", kind="plt")
    assert [post["post"] for post in made["posts"]] == ["Plt. Walidata (Kepala Bidang)"]


def test_a_plh_needs_somebody_who_holds_the_post_meanwhile(kantor: Office) -> None:
    kantor.grant("anggota", "pembina_data", valid_until=_days(7))
    assert "pilih Plt" in _wrong(kantor, of="anggota")["kind"][0]
    _appoint(kantor, of="anggota", valid_until=_days(5))


def test_a_plh_ends_with_the_post_of_who_was_absent(kantor: Office) -> None:
    _appoint(kantor)
    [grant] = [one for one in kantor.call("admin", "satudata_grant_list", user="walidata") if not one["deputy_kind"]]
    kantor.call("admin", "satudata_grant_end", id=grant["id"])
    assert roles.roles_of(kantor.id("tamu")) == []
    assert kantor.call("admin", "satudata_deputy_list") == []


def test_what_makes_no_sense_is_refused(kantor: Office) -> None:
    assert "user" in _wrong(kantor, user="walidata")
    assert "letter" in _wrong(kantor, letter="")
    assert "letter" in _wrong(kantor, letter="x" * 201)
    assert "valid_until" in _wrong(kantor, valid_until="")
    assert "valid_until" in _wrong(kantor, valid_until="2020-01-01")
    assert "valid_until" in _wrong(kantor, valid_from=_days(20))
    assert "kind" in _wrong(kantor, kind="pj")
    assert "deputy_of" in _wrong(kantor, of="operator")  # holds no post
    assert "deputy_of" in _wrong(kantor, role="pembina_data")  # never held that one
    assert "deputy_of" in _wrong(kantor, of="tidak-ada")
    assert roles.roles_of(kantor.id("tamu")) == []


def test_a_deputy_has_no_deputy(kantor: Office) -> None:
    _appoint(kantor)
    assert "is a deputy too" in _wrong(kantor, user="anggota", of="tamu")["deputy_of"][0]


def test_a_post_has_one_deputy_at_a_time(kantor: Office) -> None:
    _appoint(kantor)
    assert "valid_from" in _wrong(kantor, user="anggota")
    _appoint(kantor, user="anggota", valid_from=_days(20), valid_until=_days(30))


def test_who_holds_the_post_is_no_deputy_for_it(kantor: Office) -> None:
    kantor.grant("anggota", "walidata")
    assert "user" in _wrong(kantor, user="anggota")


def test_an_appointment_ends_as_a_whole(kantor: Office) -> None:
    kantor.grant("walidata", "pembina_data", organization="dinkes")
    made = _appoint(kantor)
    ended = kantor.call("admin", "satudata_deputy_end", id=made["posts"][1]["id"])
    assert {post["status"] for post in ended["posts"]} == {"ended"}
    assert roles.roles_of(kantor.id("tamu")) == []
    with pytest.raises(tk.ValidationError):
        kantor.call("admin", "satudata_deputy_end", id=made["id"])
    with pytest.raises(tk.ObjectNotFound):
        kantor.call("admin", "satudata_deputy_end", id="tidak-ada")
    assert len(kantor.call("admin", "satudata_deputy_list", ended=True)) == 1


def test_an_admin_appoints_within_the_office_only(kantor: Office) -> None:
    kantor.grant("anggota", "kepala_opd", organization="dinkes")
    data = {"kind": "plh", "valid_until": _days(14), "letter": LETTER}
    with pytest.raises(tk.NotAuthorized):
        kantor.call("operator_dua", "satudata_deputy_create", user="tamu", deputy_of="walidata", **data)
    with pytest.raises(tk.NotAuthorized):
        kantor.call("operator_dua", "satudata_deputy_create", user="operator_dua", deputy_of="anggota", **data)
    made = kantor.call("operator_dua", "satudata_deputy_create", user="tamu", deputy_of="anggota", **data)
    assert [one["id"] for one in kantor.call("operator_dua", "satudata_deputy_list")] == [made["id"]]
    with pytest.raises(tk.NotAuthorized):
        kantor.call("operator", "satudata_deputy_end", id=made["id"])
    kantor.call("operator_dua", "satudata_deputy_end", id=made["id"])


def test_a_deputy_decides_and_the_history_says_for_whom(office: Office, submitted: str) -> None:
    _appoint(office)
    office.decide("tamu", submitted, "pass")
    event = office.call("admin", "satudata_history", id=submitted)[0]
    assert event["transition"] == "pass"
    assert "Plh." in str(event)


def test_the_title_of_a_deputy_names_the_post(kantor: Office) -> None:
    kantor.grant("anggota", "walidata", position="kabid")
    _appoint(kantor, of="anggota")
    [grant] = roles.roles_of(kantor.id("tamu"))
    assert roles.title_of(grant) == "Plh. Kepala Bidang"
    assert roles.title_of(grant, "Kabid Statistik") == "Plh. Kabid Statistik"


@pytest.mark.thorough
def test_the_command_line_appoints_lists_and_ends(kantor: Office, cli: Any) -> None:
    period = ["--until", _days(9), "--letter", LETTER]
    added = cli.invoke(ckan_command, ["satudata", "deputy", "add", "tamu", "walidata", "--kind", "plh", *period])
    assert added.exit_code == 0, added.output
    assert "tamu for walidata" in added.output
    listed = cli.invoke(ckan_command, ["satudata", "deputy", "list"])
    assert LETTER in listed.output
    ended = cli.invoke(ckan_command, ["satudata", "deputy", "end", listed.output.split()[0]])
    assert ended.exit_code == 0, ended.output
    assert roles.roles_of(kantor.id("tamu")) == []
    assert cli.invoke(ckan_command, ["satudata", "deputy", "add", "tamu", "tamu", "--kind", "plh", *period]).exit_code
