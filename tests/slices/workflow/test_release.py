"""What the clock does: scheduled releases, and stages that pass by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import at, now
from ckanext.satudata.publication import guard
from ckanext.satudata.workflow.deciding import release

from .conftest import Office

LATER = timedelta(hours=2)


def _moment(after: timedelta = LATER) -> str:
    return (now() + after).isoformat()


@pytest.fixture
def approved(office: Office) -> str:
    dataset = office.dataset()
    office.decide("operator", dataset, "submit")
    office.decide("walidata", dataset, "pass")
    return dataset


def _private(office: Office, dataset: str) -> bool:
    return office.call("admin", "package_show", id=dataset)["private"]


def _force(dataset: str, **values: Any) -> None:
    """Change what nobody may change now."""
    table = model.package_table
    with guard.passing(dataset):
        model.Session.execute(sa.update(table).where(table.c["id"] == dataset).values(**values))
    model.Session.commit()
    model.Session.expire_all()


def test_it_is_published_at_its_minute_and_not_before(office: Office, approved: str) -> None:
    done = office.decide("walidata", approved, "schedule", at=_moment())
    assert (done["to_state"], done["message"]) == ("verified", "Rilis dijadwalkan. Terbit sendiri pada waktunya.")
    case = office.case(approved)
    assert case["release_at"] == case["due"]
    assert release.release() == 0
    assert _private(office, approved) is True
    with at(now() + LATER):
        assert release.release() == 1
        assert release.release() == 0
    assert _private(office, approved) is False
    event = office.call("admin", "satudata_history", id=approved)[0]
    assert (event["transition"], event["actor"]["name"], event["channel"], event["automatic"]) == (
        "publish",
        "walidata",
        "job",
        True,
    )
    assert office.case(approved)["release_at"] is None


def test_a_moment_without_zone_is_the_portals(office: Office, approved: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """09:00 in Makassar is 01:00 in UTC."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.timezone", "Asia/Makassar")
    office.decide("walidata", approved, "schedule", at="2031-03-03T09:00")
    assert office.case(approved)["release_at"] == "2031-03-03T01:00:00+00:00"


@pytest.mark.parametrize("when", [None, "", "besok", "2001-01-01T09:00+07:00"])
def test_the_moment_has_to_be_one_to_come(office: Office, approved: str, when: str | None) -> None:
    assert office.refused("walidata", approved, "schedule", at=when)["at"]


def test_only_who_publishes_may_schedule(office: Office, approved: str) -> None:
    assert "reasons" in office.refused("operator", approved, "schedule", at=_moment())
    with pytest.raises(tk.NotAuthorized):  # the right to read ended with the stage
        office.decide("pembina", approved, "schedule", at=_moment())


def test_it_can_be_cancelled(office: Office, approved: str) -> None:
    reasons = office.refused("walidata", approved, "unschedule")["reasons"]
    assert [found["code"] for found in reasons] == ["not_scheduled"]
    office.decide("walidata", approved, "schedule", at=_moment())
    office.decide("walidata", approved, "unschedule")
    assert office.case(approved)["release_at"] is None
    assert office.case(approved)["due_days"] == 2
    with at(now() + LATER):
        assert release.release() == 0


def test_a_return_takes_the_date_away(office: Office, approved: str) -> None:
    office.decide("walidata", approved, "schedule", at=_moment())
    office.decide("walidata", approved, "return", note="Ada yang keliru.")
    with at(now() + LATER):
        assert release.release() == 0
    assert office.case(approved)["release_at"] is None


def test_it_comes_out_though_who_scheduled_it_has_left(office: Office, approved: str) -> None:
    """The decision was theirs when they took it."""
    office.decide("walidata", approved, "schedule", at=_moment())
    model.Session.execute(
        sa.text("update satudata_grant set ended = now() where user_id = :id"), {"id": office.id("walidata")}
    )
    model.Session.commit()
    with at(now() + LATER):
        assert release.release() == 1


def test_a_closed_gate_keeps_it_in_and_says_why(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The history and the walidata learn the reason; it is not tried again every minute."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "gerbang")
    dataset = office.dataset(license_id="cc-by", klasifikasi_akses="terbuka")
    office.decide("operator", dataset, "submit")
    office.decide("walidata", dataset, "pass")
    office.decide("walidata", dataset, "schedule", at=_moment())
    _force(dataset, license_id=None)
    with at(now() + LATER):
        assert release.release() == 0
        assert release.release() == 0
    events = office.call("admin", "satudata_history", id=dataset)
    assert [event["transition"] for event in events[:2]] == ["release_refused", "schedule"]
    assert "Lisensi belum dipilih" in events[0]["note"]
    case = office.case(dataset)
    assert (case["state"], case["release_at"], _private(office, dataset)) == ("verified", None, True)
    assert case["due"] is not None


def test_one_that_is_deleted_stops_no_other(office: Office, approved: str) -> None:
    other = office.dataset()
    office.decide("operator", other, "submit")
    office.decide("walidata", other, "pass")
    for dataset in (approved, other):
        office.decide("walidata", dataset, "schedule", at=_moment())
    _force(approved, state="deleted")
    with at(now() + LATER):
        assert release.release() == 1


def test_a_stage_can_pass_by_itself_after_a_while(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto_pass_after: 3 hari_kerja`, from the day it came there; the history marks it."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "sendiri")
    dataset = office.dataset()
    office.decide("operator", dataset, "submit")
    assert release.auto_pass() == 0
    later = datetime.fromisoformat(office.case(dataset)["due"]) + timedelta(seconds=1)
    with at(later):
        assert release.auto_pass() == 0
    with at(later + timedelta(days=7)):
        assert release.auto_pass() == 1
        assert release.auto_pass() == 0
    event = office.call("admin", "satudata_history", id=dataset)[0]
    assert (event["transition"], event["automatic"], event["actor"]["name"]) == ("pass", True, None)
    assert office.case(dataset)["state"] == "verified"


def test_stages_do_not_pass_by_themselves_unless_the_procedure_says_so(office: Office, submitted: str) -> None:
    with at(now() + timedelta(days=365)):
        assert release.auto_pass() == 0
    assert office.case(submitted)["state"] == "in_review"
