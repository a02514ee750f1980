"""Posts nobody holds are told before anything gets stuck."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import columns
from ckanext.satudata.people import vacancies

from .conftest import Office


def _day(number: int) -> str:
    return (columns.now() + timedelta(days=number)).date().isoformat()


def _found(office: Office, who: str = "admin") -> set[tuple[str, bool]]:
    vacancies.watch()
    return {(one["post"], one["vacant"]) for one in office.call(who, "satudata_vacancy_list")}


def _told(office: Office, who: str) -> list[str]:
    return [
        one["text"] for one in office.call(who, "satudata_notice_list")["results"] if "bertindak sebagai" in one["text"]
    ]


@pytest.fixture
def staffed(kantor: Office) -> Office:
    """Every post of the procedure is held, for all organizations."""
    kantor.grant("walidata", "walidata", position="kasi")
    kantor.grant("walidata_dua", "walidata", position="kabid")
    return kantor


def test_nothing_is_vacant_where_nothing_waits(kantor: Office) -> None:
    assert _found(kantor) == set()


def test_a_post_that_a_draft_will_need_is_told_before_it_is_submitted(kantor: Office) -> None:
    kantor.dataset()
    assert _found(kantor) == {("Walidata (Staf / Kepala Seksi)", True), ("Walidata (Kepala Bidang)", True)}
    [first, second] = _told(kantor, "admin")
    assert "Dinas Kesehatan" in first + second


def test_optional_stages_and_stages_that_do_not_apply_are_no_vacancy(staffed: Office) -> None:
    staffed.dataset()
    assert _found(staffed) == set()


def test_a_stage_that_applies_by_a_fact_is_one(staffed: Office) -> None:
    dataset = staffed.dataset()
    staffed.call("walidata", "satudata_prioritas_set", id=dataset, data_prioritas=True, tahun=2026)
    assert _found(staffed) == {("Kepala OPD", True)}
    staffed.grant("tamu", "kepala_opd", organization="dinkes")
    assert _found(staffed) == set()


def test_a_vacancy_is_told_once(kantor: Office) -> None:
    kantor.dataset()
    vacancies.watch()
    vacancies.watch()
    assert len(_told(kantor, "admin")) == 2
    assert len(_told(kantor, "walidata")) == 2  # of all organizations
    assert _told(kantor, "walidata_dua") == []  # of another one


def test_it_is_told_again_after_somebody_was_there(staffed: Office) -> None:
    staffed.dataset()
    assert _found(staffed) == set()
    [grant] = [one for one in staffed.call("admin", "satudata_grant_list", user="walidata") if one["position"]]
    for _ in range(2):
        staffed.call("admin", "satudata_grant_end", id=grant["id"])
        assert _found(staffed) == {("Walidata (Staf / Kepala Seksi)", True)}
        grant = staffed.call("admin", "satudata_grant_restore", id=grant["id"])
        assert _found(staffed) == set()
    assert len(_told(staffed, "admin")) == 2


def test_who_ends_within_a_week_leaving_nobody_is_told_before_and_when_it_comes(staffed: Office) -> None:
    staffed.dataset()
    [grant] = [one for one in staffed.call("admin", "satudata_grant_list", user="walidata") if one["position"]]
    staffed.call("admin", "satudata_grant_end", id=grant["id"])
    staffed.grant("tamu", "walidata", position="staf", valid_until=_day(3))
    assert _found(staffed) == {("Walidata (Staf / Kepala Seksi)", False)}
    [soon] = _told(staffed, "admin")
    assert soon.startswith("Sebentar lagi")
    vacancies.watch()
    assert len(_told(staffed, "admin")) == 1
    with columns.at(columns.now() + timedelta(days=5)):
        assert _found(staffed) == {("Walidata (Staf / Kepala Seksi)", True)}
    assert len(_told(staffed, "admin")) == 2


def test_a_successor_in_time_is_no_vacancy(staffed: Office) -> None:
    staffed.dataset()
    [grant] = [one for one in staffed.call("admin", "satudata_grant_list", user="walidata") if one["position"]]
    staffed.call("admin", "satudata_grant_end", id=grant["id"])
    staffed.grant("tamu", "walidata", position="staf", valid_until=_day(3))
    staffed.grant("anggota", "walidata", position="staf", valid_from=_day(4))
    assert _found(staffed) == set()


def test_a_deputy_fills_a_post(staffed: Office) -> None:
    staffed.dataset()
    [grant] = [one for one in staffed.call("admin", "satudata_grant_list", user="walidata") if one["position"]]
    staffed.call("admin", "satudata_grant_end", id=grant["id"])
    assert _found(staffed) != set()
    period = {"valid_until": _day(30), "letter": "1/2026"}
    staffed.call("admin", "satudata_deputy_create", user="tamu", deputy_of="walidata", kind="plt", **period)
    assert _found(staffed) == set()


def test_an_office_without_anybody_to_submit_is_told(staffed: Office) -> None:
    dataset = staffed.dataset("admin", "disdik")
    assert _found(staffed) == set()
    staffed.call("admin", "organization_member_delete", id="disdik", username="operator_lain")
    assert _found(staffed) == {("Produsen Data", True)}
    model.Session.execute(sa.text("update package set state = 'deleted' where id = :id"), {"id": dataset})
    model.Session.commit()
    assert _found(staffed) == set()


def test_who_sees_which_vacancy(kantor: Office) -> None:
    kantor.dataset()
    assert len(_found(kantor, "operator_dua")) == 2  # admin of the organization
    assert len(_found(kantor, "walidata")) == 2
    assert _found(kantor, "walidata_dua") == set()
    for who in ("", "operator", "pembina"):
        with pytest.raises(tk.NotAuthorized):
            kantor.call(who, "satudata_vacancy_list")


def test_many_offices_without_somebody_make_one_notice(kantor: Office) -> None:
    for number in range(5):
        name = f"opd-{number}"
        kantor.call("admin", "organization_create", name=name, title=f"OPD {number}")
        kantor.dataset("admin", name)
    vacancies.watch()
    told = [text for text in _told(kantor, "admin") if "Kepala Bidang" in text]
    assert len(told) == 1
    assert "OPD 0, OPD 1, OPD 2 dan 2 organisasi lain" in told[0]


def test_the_tick_knows_the_watch(kantor: Office) -> None:
    from ckanext.satudata.bridge import contributions

    kantor.dataset()
    assert contributions.ticks()["unstaffed"]() == 2
