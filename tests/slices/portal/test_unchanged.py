"""What was asked stays known for a moment, and for nobody longer than it is true."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import unchanged

TITLE = sa.text("select title from \"group\" where name = 'dinas'")
Ask = Callable[[], Any]


@pytest.fixture
def ask(clean_portal: None) -> Ask:  # noqa: ARG001
    """Ask for the title of an office, as every rule does."""
    model.Session.add(model.Group(name="dinas", title="Dinas Kesehatan"))
    model.Session.commit()
    return lambda: unchanged.known(("title",), lambda: model.Session.execute(TITLE).scalar())


@pytest.fixture
def unseen(ask: Ask) -> None:
    """After the first answer another program has changed the title: none of ours knows."""
    assert ask() == "Dinas Kesehatan"
    model.Session.rollback()
    assert ask() == "Dinas Kesehatan"
    raw = model.ensure_engine().raw_connection()
    raw.cursor().execute("update \"group\" set title = 'Dinas Sosial'")
    raw.commit()
    raw.close()


@pytest.mark.usefixtures("unseen")
def test_nothing_is_asked_twice_while_nothing_is_written(ask: Ask) -> None:
    assert ask() == "Dinas Kesehatan"


@pytest.mark.usefixtures("unseen")
def test_what_another_program_changed_is_seen_after_a_second(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    later = unchanged.time.monotonic() + unchanged.LONGEST
    monkeypatch.setattr(unchanged.time, "monotonic", lambda: later)
    assert ask() == "Dinas Sosial"


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize(
    "statement",
    [
        "update \"user\" set fullname = 'x'",
        "\n  delete from satudata_grant",
        "select id from package for update",
        "SELECT id FROM package\n FOR NO KEY UPDATE",
        "select pg_advisory_xact_lock(7)",
        "with gone as (delete from satudata_grant returning id) select count(*) from gone",
    ],
)
def test_what_writes_or_locks_makes_it_be_asked_anew(ask: Ask, statement: str) -> None:
    model.Session.execute(sa.text(statement))
    assert ask() == "Dinas Sosial"


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize("end", [model.Session.commit, model.Session.rollback, model.Session.remove])
def test_the_end_of_a_transaction_makes_it_be_asked_anew(ask: Ask, end: Callable[[], None]) -> None:
    end()
    assert ask() == "Dinas Sosial"


def test_what_a_savepoint_took_back_is_not_remembered(ask: Ask) -> None:
    savepoint = model.Session.begin_nested()
    model.Session.execute(sa.text("update \"group\" set title = 'Dinas Sosial'"))
    assert ask() == "Dinas Sosial"
    savepoint.rollback()
    assert ask() == "Dinas Kesehatan"


def test_what_is_not_yet_written_is_asked_for_each_time(ask: Ask) -> None:
    assert ask() == "Dinas Kesehatan"
    model.Session.query(model.Group).filter_by(name="dinas").one().title = "Dinas Sosial"
    model.Session.query(model.Group).autoflush(False).first()
    assert unchanged.known(("title",), lambda: "asked anew") == "asked anew"


def test_what_another_thread_writes_is_seen_at_once(ask: Ask) -> None:
    assert ask() == "Dinas Kesehatan"

    def write() -> None:
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.text("update \"group\" set title = 'Dinas Sosial'"))

    writer = threading.Thread(target=write)
    writer.start()
    writer.join()
    assert ask() == "Dinas Sosial"
