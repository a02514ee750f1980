"""The register of decisions and the times the steps took: who may read them, filters, exports."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.satudata.workflow.records import register
from tests.slices import remembered

from .conftest import Office, tampering


@pytest.fixture
def decided(office: Office, submitted: str) -> str:
    """A dataset that was returned once and approved, and one of another office in review."""
    remembered.once(_decide, office, submitted)
    return submitted


def _decide(office: Office, submitted: str) -> None:
    office.decide("walidata", submitted, "return", note="=1+1 salah.", reason_code="metadata")
    office.decide("operator", submitted, "submit")
    office.decide("walidata", submitted, "pass")
    office.decide("operator_lain", office.dataset("operator_lain", "disdik"), "submit")


def _steps(office: Office, who: str, **asked: Any) -> list[str]:
    return [row["transition"] for row in office.call(who, "satudata_register", **asked)["results"]]


@pytest.mark.thorough
def test_the_newest_decision_comes_first(office: Office, decided: str) -> None:  # noqa: ARG001
    assert _steps(office, "admin") == ["submit", "pass", "submit", "return", "submit"]


def test_members_read_the_decisions_of_their_organization(office: Office, decided: str) -> None:  # noqa: ARG001
    assert _steps(office, "operator_lain") == ["submit"]
    assert _steps(office, "operator_lain", organization="dinkes") == []
    assert len(_steps(office, "anggota")) == 4


def test_a_reviewer_of_one_office_reads_that_office(office: Office, decided: str) -> None:  # noqa: ARG001
    assert _steps(office, "walidata_dua") == ["submit"]
    assert len(_steps(office, "walidata")) == 5


def test_who_belongs_to_no_office_reads_nothing(office: Office, decided: str) -> None:  # noqa: ARG001
    for who in ("", "tamu"):
        with pytest.raises(tk.NotAuthorized):
            office.call(who, "satudata_register")


def test_filters_narrow_the_register(office: Office, decided: str) -> None:  # noqa: ARG001
    assert _steps(office, "admin", transition="return") == ["return"]
    assert _steps(office, "admin", organization="disdik") == ["submit"]
    assert len(_steps(office, "admin", q="rumah 1")) == 4
    assert _steps(office, "admin", q="50%") == []
    assert _steps(office, "admin", until="2000-01-01") == []
    assert len(_steps(office, "admin", since="2000-01-01")) == 5


def test_bad_dates_and_offices_are_refused_in_words(office: Office) -> None:
    for asked, key in (({"since": "31/01/2026"}, "since"), ({"organization": "tidak-ada"}, "organization")):
        with pytest.raises(tk.ValidationError) as caught:
            office.call("admin", "satudata_register", **asked)
        assert list(caught.value.error_dict) == [key]


def test_an_export_has_every_row_and_no_formula(office: Office, decided: str) -> None:  # noqa: ARG001
    text = "".join(register.export(register.asked({}), "csv"))
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert [row["langkah"] for row in rows] == ["Diajukan", "Dikembalikan", "Diajukan", "Disetujui", "Diajukan"]
    assert rows[1]["catatan"] == "'=1+1 salah."
    assert rows[1]["alasan"] == "Metadata kurang atau keliru"


def test_an_export_goes_on_behind_its_window(
    office: Office,  # noqa: ARG001
    decided: str,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(register, "WINDOW", 2)
    rows = json.loads("".join(register.export(register.asked({}), "json")))
    assert [row["number"] for row in rows] == sorted(row["number"] for row in rows)
    assert len(rows) == 5


def test_an_empty_register_is_still_a_file(office: Office) -> None:  # noqa: ARG001
    assert json.loads("".join(register.export(register.asked({}), "json"))) == []


def _times(office: Office, **asked: Any) -> dict[tuple[str, str | None], dict[str, Any]]:
    rows = office.call("admin", "satudata_times", **asked)["rows"]
    return {(row["step"], row["group"]): row for row in rows}


def test_each_step_has_its_time_beside_the_term_of_the_sop(office: Office, decided: str) -> None:  # noqa: ARG001
    rows = _times(office)
    assert rows[("periksa", None)]["count"] == 2
    assert rows[("periksa", None)]["on_time"] == rows[("periksa", None)]["with_due"] == 2
    assert rows[("periksa", None)]["term"]
    assert rows[("first", None)]["count"] == 2
    assert rows[("repair", None)]["count"] == 1


def test_a_late_decision_is_counted_as_late(office: Office, decided: str) -> None:  # noqa: ARG001
    with tampering() as connection:
        late = "update satudata_event set due = created - interval '1 minute' where transition = 'pass'"
        connection.execute(sa.text(late))
    row = _times(office)[("periksa", None)]
    assert (row["with_due"], row["on_time"]) == (2, 1)


def test_times_are_told_by_office_and_by_month(office: Office, decided: str) -> None:  # noqa: ARG001
    by_office = _times(office, by="organization")
    assert {group for step, group in by_office if step == "first"} == {office.dinkes["id"], office.disdik["id"]}
    months = {group for _, group in _times(office, by="month")}
    assert len(months) == 1
    assert len(str(next(iter(months)))) == len("2026-01")


def test_an_unknown_grouping_is_refused(office: Office) -> None:
    with pytest.raises(tk.ValidationError) as caught:
        office.call("admin", "satudata_times", by="warna")
    assert list(caught.value.error_dict) == ["by"]
