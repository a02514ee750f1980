"""The chained history shows any edit, gap or reordering, and a cut end against an exported head."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ckanext.satudata.workflow.records import chain
from tests.slices import remembered
from tests.slices.workflow.conftest import engine

from .conftest import Office, tampering


def _codes(known: chain.Head | None = None) -> list[str]:
    model.Session.rollback()
    return [code for code, _ in chain.verify(known).problems]


@pytest.fixture
def decided(office: Office, submitted: str) -> str:
    """A dataset with four events."""
    remembered.once(_decide, office, submitted)
    return submitted


def _decide(office: Office, submitted: str) -> None:
    office.decide("walidata", submitted, "return", note="Satuan salah.", reason_code="metadata")
    office.decide("operator", submitted, "submit")
    office.decide("walidata", submitted, "pass")


def test_an_untouched_history_is_sound(decided: str) -> None:  # noqa: ARG001
    found = chain.verify()
    assert (found.links, found.problems) == (4, [])


@pytest.mark.thorough
@pytest.mark.parametrize(
    "change",
    [
        "update satudata_event set note = 'Lain.' where transition = 'return'",
        "update satudata_event set actor_id = 'x' where transition = 'pass'",
        "update satudata_event set created = created + interval '1 microsecond' where transition = 'pass'",
        "update satudata_event set snapshot = '{}' where transition = 'submit' and round = 1",
        "update satudata_event set details = '{\"x\": 1}' where transition = 'return'",
    ],
)
def test_an_edit_is_found(decided: str, change: str) -> None:  # noqa: ARG001
    with tampering() as connection:
        connection.execute(sa.text(change))
    assert _codes() == ["edited"]


def test_a_deleted_event_is_found(decided: str) -> None:  # noqa: ARG001
    with tampering() as connection:
        connection.execute(sa.text("delete from satudata_event where transition = 'return'"))
    assert _codes() == ["missing"]


def test_a_gap_in_the_chain_is_found(decided: str) -> None:  # noqa: ARG001
    with tampering() as connection:
        connection.execute(sa.text("delete from satudata_chain where number = 2"))
    assert _codes() == ["gap", "unchained"]


def test_exchanged_events_are_found(decided: str) -> None:  # noqa: ARG001
    with tampering() as connection:
        second, third = connection.execute(
            sa.text("select event_id from satudata_chain where number in (2, 3) order by number")
        ).scalars()
        change = sa.text("update satudata_chain set event_id = :event where number = :number")
        for number, event in ((2, "sementara"), (3, second), (2, third)):
            connection.execute(change, {"number": number, "event": event})
    assert _codes() == ["edited", "edited", "reordered"]


def test_a_chain_written_anew_is_found_by_an_exported_head(decided: str) -> None:  # noqa: ARG001
    known = chain.head()
    assert known is not None
    with tampering() as connection:
        connection.execute(sa.text("update satudata_event set note = 'Lain.' where transition = 'return'"))
        rewrite = sa.text(
            "update satudata_chain c set previous = :previous,"
            " hash = satudata_link_hash(:previous, c.number, satudata_event_text(e))"
            " from satudata_event e where e.id = c.event_id and c.number = :number returning c.hash"
        )
        previous = ""
        for number in range(1, 5):
            previous = connection.execute(rewrite, {"previous": previous, "number": number}).scalar_one()
    assert _codes() == []
    assert _codes(known) == ["other_head"]


def test_a_cut_end_is_found_by_an_exported_head(office: Office, decided: str) -> None:
    known = chain.head()
    with tampering() as connection:
        connection.execute(sa.text("delete from satudata_chain where number = 4"))
        connection.execute(sa.text("delete from satudata_event where transition = 'pass'"))
        connection.execute(sa.text("update satudata_case set state = 'in_review', stage = 'periksa'"))
    assert _codes() == []
    assert _codes(known) == ["cut"]
    assert office.case(decided)["state"] == "in_review"


def test_a_state_that_no_step_led_to_is_found(decided: str) -> None:  # noqa: ARG001
    with tampering() as connection:
        connection.execute(sa.text("update satudata_case set state = 'rejected', stage = null"))
    assert _codes() == ["state"]


def test_an_event_written_past_the_trigger_is_found(decided: str) -> None:  # noqa: ARG001
    with tampering() as connection:
        copy = (
            "insert into satudata_event (id, case_id, subject_type, subject_id, transition, from_state, to_state,"
            " round, actor_id, channel) select 'palsu', case_id, subject_type, subject_id, 'claim', to_state, to_state,"
            " round, actor_id, channel from satudata_event where transition = 'pass'"
        )
        connection.execute(sa.text(copy))
    assert _codes() == ["unchained"]


def test_the_chain_itself_refuses_changes(decided: str) -> None:  # noqa: ARG001
    for statement in ("update satudata_chain set hash = ''", "delete from satudata_chain"):
        with pytest.raises(DBAPIError, match="append-only"), engine().begin() as connection:
            connection.execute(sa.text(statement))


def test_decisions_at_the_same_time_make_one_chain(office: Office) -> None:
    datasets = [office.dataset() for _ in range(6)]
    seen = {found: office.case(found) for found in datasets}
    failures: list[Exception] = []

    def submit(found: str) -> None:
        try:
            expected = {"expected": seen[found]["expected"], "content_hash": seen[found]["content_hash"]}
            office.call("operator", "satudata_transition", id=found, transition="submit", **expected)
        except (tk.ValidationError, tk.NotAuthorized, SQLAlchemyError) as error:
            failures.append(error)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=submit, args=(found,)) for found in datasets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = chain.verify()
    assert (found.links, found.problems) == (6, [])


def test_the_command_says_what_is_wrong_and_ends_with_one(cli: Any, decided: str, tmp_path: Path) -> None:  # noqa: ARG001
    head = tmp_path / "kepala.json"
    assert cli.invoke(ckan_command, ["satudata", "audit", "head", "-o", str(head)]).exit_code == 0
    sound = cli.invoke(ckan_command, ["satudata", "audit", "verify", "--head", str(head)])
    assert (sound.exit_code, "4 kejadian diperiksa, 0 masalah" in sound.output) == (0, True)
    with tampering() as connection:
        connection.execute(sa.text("update satudata_event set note = 'Lain.' where transition = 'return'"))
    bad = cli.invoke(ckan_command, ["satudata", "audit", "verify", "--json"])
    assert bad.exit_code == 1
    assert [problem["code"] for problem in json.loads(bad.output)["problems"]] == ["edited"]


@pytest.mark.thorough
def test_a_file_that_is_no_head_is_refused(cli: Any, decided: str, tmp_path: Path) -> None:  # noqa: ARG001
    for text in ("{}", "[1]", "not json", '{"format": 1, "number": 0, "hash": "x"}'):
        (tmp_path / "kepala.json").write_text(text)
        answer = cli.invoke(ckan_command, ["satudata", "audit", "verify", "--head", str(tmp_path / "kepala.json")])
        assert answer.exit_code == 1
        assert "Error" in answer.output
