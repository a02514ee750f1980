"""What the admin of an organization may give, and to whom; how a grant counts in the tree of organizations."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from flask import g

from ckanext.satudata.bridge import roles

from .conftest import Office

ADMIN = "operator_dua"  # of Dinas Kesehatan


def _refused(office: Office, **data: Any) -> str:
    with pytest.raises(tk.NotAuthorized) as caught:
        office.call(ADMIN, "satudata_grant_create", **data)
    return str(caught.value)


def test_an_organizations_admin_gives_roles_of_the_office(kantor: Office) -> None:
    grant = kantor.call(ADMIN, "satudata_grant_create", user="tamu", role="kepala_opd", organization="dinkes")
    assert grant["post"] == "Kepala OPD"
    assert roles.anybody_can("kepala_opd", (), "organization", kantor.dinkes["id"])
    ended = kantor.call(ADMIN, "satudata_grant_end", id=grant["id"])
    assert ended["status"] == "ended"


def test_an_admin_gives_no_other_role_no_other_office_and_nothing_to_themselves(kantor: Office) -> None:
    assert "Kepala OPD, Walidata Pendukung" in _refused(kantor, user="tamu", role="walidata", organization="dinkes")
    assert "your own organization" in _refused(kantor, user="tamu", role="kepala_opd", organization="disdik")
    assert "your own organization" in _refused(kantor, user="tamu", role="kepala_opd")
    assert "to themselves" in _refused(kantor, user=ADMIN, role="kepala_opd", organization="dinkes")
    assert roles.roles_of(kantor.id("tamu")) == []


def test_the_roles_an_admin_gives_are_an_option(kantor: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.delegable_roles", ["walidata_pendukung"])
    _refused(kantor, user="tamu", role="kepala_opd", organization="dinkes")
    kantor.call(ADMIN, "satudata_grant_create", user="tamu", role="walidata_pendukung", organization="dinkes")


def test_an_admin_gives_for_the_offices_below_too(kantor: Office, puskesmas: dict[str, Any]) -> None:
    kantor.call(ADMIN, "satudata_grant_create", user="tamu", role="kepala_opd", organization=puskesmas["id"])
    assert [grant["organization"]["title"] for grant in kantor.call(ADMIN, "satudata_grant_list")] == [
        "Puskesmas Soreang"
    ]


def test_an_admin_sees_and_ends_only_what_is_of_the_office(kantor: Office) -> None:
    kantor.grant("tamu", "kepala_opd", organization="disdik")
    theirs = kantor.grant("tamu", "walidata", organization="dinkes")
    found = kantor.call(ADMIN, "satudata_grant_search")
    assert [grant["id"] for grant in found["results"]] == [theirs["id"]]
    assert found["counts"] == {"active": 1, "upcoming": 0, "ended": 0}
    with pytest.raises(tk.NotAuthorized):  # a role the office does not give
        kantor.call(ADMIN, "satudata_grant_end", id=theirs["id"])


def test_an_admin_gives_back_only_what_they_may_give(kantor: Office) -> None:
    theirs = kantor.grant("tamu", "walidata", organization="dinkes")
    kantor.call("admin", "satudata_grant_end", id=theirs["id"])
    with pytest.raises(tk.NotAuthorized):
        kantor.call(ADMIN, "satudata_grant_restore", id=theirs["id"])
    given = kantor.call("admin", "satudata_grant_restore", id=theirs["id"])
    assert given["active"]
    assert given["id"] != theirs["id"]
    with pytest.raises(tk.ValidationError):
        kantor.call("admin", "satudata_grant_restore", id=theirs["id"])


def test_a_grant_counts_below_only_where_the_stage_says_tree(kantor: Office, puskesmas: dict[str, Any]) -> None:
    kantor.grant("tamu", "kepala_opd", organization="dinkes")
    [held] = roles.roles_of(kantor.id("tamu"))
    assert roles.parents_of(puskesmas["id"]) == (kantor.dinkes["id"],)
    assert held.reaches(puskesmas["id"], "tree")
    assert not held.reaches(puskesmas["id"], "organization")
    assert not held.reaches(kantor.dinkes["id"], "all")
    assert not held.reaches(kantor.disdik["id"], "tree")
    assert roles.anybody_can("kepala_opd", (), "tree", puskesmas["id"])
    assert not roles.anybody_can("kepala_opd", (), "organization", puskesmas["id"])


def test_who_decides_from_above_may_read_what_is_below(kantor: Office, puskesmas: dict[str, Any]) -> None:
    dataset = kantor.dataset("admin", puskesmas["id"])
    kantor.grant("tamu", "kepala_opd", organization="dinkes")
    kantor.grant("walidata_dua", "walidata_pendukung", organization="dinkes")
    kantor.decide("admin", dataset, "submit", reason="Uji.")
    statement = sa.text("update satudata_case set stage = 'induk' where subject_id = :id")
    model.Session.execute(statement, {"id": dataset})
    model.Session.commit()
    assert kantor.call("tamu", "package_show", id=dataset)["id"] == dataset
    with pytest.raises(tk.NotAuthorized):  # no stage of that role counts a grant from above
        kantor.call("walidata_dua", "package_show", id=dataset)


def test_nobody_can_act_where_a_position_is_missing(kantor: Office) -> None:
    assert not roles.anybody_can("walidata", ("staf", "kasi"), "organization", kantor.dinkes["id"])
    kantor.grant("tamu", "walidata", position="kasi", organization="dinkes")
    assert roles.anybody_can("walidata", ("staf", "kasi"), "organization", kantor.dinkes["id"])
    assert not roles.anybody_can("walidata", ("staf", "kasi"), "organization", kantor.disdik["id"])
    assert roles.anybody_can("walidata", (), "all", kantor.disdik["id"])  # the grant for all of the fixture


def test_what_was_asked_is_remembered_for_one_request_only(kantor: Office, app: Any) -> None:
    with app.flask_app.test_request_context():
        assert not roles.anybody_can("kepala_opd", (), "organization", kantor.dinkes["id"])
        kantor.grant("tamu", "kepala_opd", organization="dinkes")  # forgets
        assert roles.anybody_can("kepala_opd", (), "organization", kantor.dinkes["id"])
        assert g.satudata_roles
