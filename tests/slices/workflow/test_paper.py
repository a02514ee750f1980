"""A decision that was made on paper is entered with its real day, and marked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import at, now

from .conftest import Office


def _day(days: int) -> str:
    return (terms.calendar().local_date(now()) + timedelta(days=days)).isoformat()


def test_it_stands_in_the_history_with_day_and_letter(office: Office, submitted: str) -> None:
    office.decide("walidata", submitted, "pass", happened=_day(0), letter="045/12/DKIP/2026")
    event = office.call("admin", "satudata_history", id=submitted)[0]
    assert (event["happened"], event["letter"]) == (_day(0), "045/12/DKIP/2026")


def test_an_ordinary_decision_has_no_such_day(office: Office, submitted: str) -> None:
    office.decide("walidata", submitted, "pass")
    assert office.call("admin", "satudata_history", id=submitted)[0]["happened"] is None


def test_not_in_the_future(office: Office, submitted: str) -> None:
    assert "setelah hari ini" in office.refused("walidata", submitted, "pass", happened=_day(1))["happened"][0]


def test_not_before_the_step_before(office: Office, submitted: str) -> None:
    errors = office.refused("walidata", submitted, "pass", happened=_day(-1))
    assert "langkah terakhir" in errors["happened"][0]


def test_the_step_before_counts_with_its_real_day(office: Office) -> None:
    """Entered on the same afternoon, one after another: submitted on Monday, passed on Tuesday."""
    dataset = office.dataset()
    monday, tuesday = _day(7), _day(8)
    with at(now() + timedelta(days=9)):
        office.decide("operator", dataset, "submit", happened=monday)
        assert "happened" in office.refused("walidata", dataset, "pass", happened=_day(-3))
        office.decide("walidata", dataset, "pass", happened=tuesday)


@pytest.mark.parametrize("day", ["kemarin", "2026-13-01", "31-01-2026"])
def test_what_is_no_day_is_refused(office: Office, submitted: str, day: str) -> None:
    assert office.refused("walidata", submitted, "pass", happened=day)["happened"]
