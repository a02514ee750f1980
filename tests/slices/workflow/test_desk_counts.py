"""What may be ticked together on the desk, and that its numbers are those of the cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.workflow.worklists import rows, tally, turns

from .conftest import Office
from .desks import change, many, queue


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"qa_result": "passed"}, "pass"),
        ({"qa_result": "warnings"}, None),
        ({"qa_result": None}, None),
        ({"qa_result": "passed", "holder": "walidata"}, "pass"),
        ({"qa_result": "passed", "holder": "pembina"}, None),
        ({"qa_result": "passed", "note": True}, None),
    ],
)
def test_a_tick_box_needs_green_checks_no_note_and_no_other_holder(
    office: Office, values: dict[str, Any], expected: str | None
) -> None:
    (dataset,) = many(office, 1)
    change(
        dataset, qa_result=values["qa_result"], holder_id=office.id(values["holder"]) if "holder" in values else None
    )
    if values.get("note"):
        case = model.Session.execute(sa.text("select id from satudata_case")).scalar_one()
        statement = "insert into satudata_note (id, case_id, round, target_type, text, author_id, state) values"
        model.Session.execute(sa.text(f"{statement} ('n', :case, 1, 'dataset', 'x', 'y', 'open')"), {"case": case})
        model.Session.commit()
    (row,) = queue(office, "walidata", tab="all")["results"]
    assert (row["bulk"]["transition"] if row["bulk"] else None) == expected


# the numbers


def _sums() -> dict[Any, int]:
    query = "select definition_id, step, organization_id, holder_id, overdue, sum(n) from satudata_desk_count"
    found = model.Session.execute(sa.text(f"{query} group by 1, 2, 3, 4, 5 having sum(n) <> 0"))
    return {tuple(row[:5]): int(row[5]) for row in found}


def _counted() -> dict[Any, int]:
    query = (
        "select coalesce(definition_id, ''), step, coalesce(organization_id, ''), coalesce(holder_id, ''), overdue,"
        " count(*) from satudata_case where present group by 1, 2, 3, 4, 5"
    )
    return {tuple(row[:5]): int(row[5]) for row in model.Session.execute(sa.text(query))}


def test_the_sums_are_those_of_the_cases_whatever_happens(office: Office) -> None:
    one, two, three, four = many(office, 4)
    draft = office.dataset()
    office.call("walidata", "satudata_claim", id=one)
    office.decide("walidata", two, "pass")
    office.decide("walidata", three, "return", note="Perbaiki.")
    change(four, due=datetime.now(UTC) - timedelta(days=1))
    assert _sums() == _counted()
    office.call("operator", "package_delete", id=draft)
    office.call("operator", "package_delete", id=three)
    office.decide("walidata", two, "publish")
    model.Session.execute(
        sa.text("update satudata_case set organization_id = null where subject_id = :id"), {"id": one}
    )
    assert _sums() == _counted()
    model.Session.rollback()
    assert _sums() == _counted()
    model.Session.execute(sa.text("delete from satudata_author"))
    model.Session.execute(sa.text("truncate satudata_event, satudata_receipt cascade"))
    model.Session.execute(sa.text("delete from satudata_case where subject_id = :id"), {"id": four})
    assert _sums() == _counted()
    model.Session.rollback()


@pytest.mark.thorough
def test_adding_the_sums_up_changes_none(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "ROWS", 0)
    made = many(office, 3)
    office.decide("walidata", made[0], "pass")
    before = _sums()
    tally.tidy()
    assert _sums() == before == _counted()
    count = model.Session.execute(sa.text("select count(*) from satudata_desk_count")).scalar_one()
    assert count == len(before)


def test_the_database_knows_the_levels_of_the_engine() -> None:
    """The trigger of migration 0007 names them; they are the engine's."""
    from ckanext.satudata.core.workflow.states import RULES

    assert {name for name, rule in RULES.items() if rule.level} == {"pass", "return", "reject"}
    assert set(turns.ON_DESK) < {"draft", "in_review", "revision", "verified", "published", "rejected", "archived"}
    assert set(rows.Listed.__slots__) >= set(rows.COLUMNS)
