"""A visitor's answer is of one moment, and nobody after them gets a connection that is still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ckan.tests.factories as factories
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from sqlalchemy import event

from ckanext.satudata.bridge import steady

SHOW = "/api/action/organization_list"


@pytest.fixture
def levels(app: CKANTestApp) -> Iterator[list[Any]]:  # noqa: ARG001
    """How isolated each question was that CKAN's own database was asked, in their order."""
    found: list[Any] = []
    engine = model.ensure_engine()

    def note(connection: Any, *_: Any) -> None:
        found.append(connection.connection.dbapi_connection.isolation_level)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def token(app: CKANTestApp) -> str:  # noqa: ARG001
    made: Any = factories.APIToken(user=factories.User()["name"])
    return made["token"]


def test_every_question_of_a_visitor_is_of_one_moment(app: CKANTestApp, levels: list[Any]) -> None:
    app.get(SHOW)
    assert set(levels) == {ISOLATION_LEVEL_REPEATABLE_READ}
    app.get("/dataset/")
    assert set(levels) == {ISOLATION_LEVEL_REPEATABLE_READ}


def test_who_might_have_been_somebody_gets_it_once_it_is_known(app: CKANTestApp, levels: list[Any]) -> None:
    app.get(SHOW, headers={"Cookie": "ckan=nobody"})
    assert levels[-1] == ISOLATION_LEVEL_REPEATABLE_READ


def test_who_is_known_reads_as_others_write(app: CKANTestApp, token: str, levels: list[Any]) -> None:
    app.get(SHOW, headers={"Authorization": token})
    assert set(levels) == {None}


@pytest.mark.parametrize(
    "ask",
    [
        lambda app: app.post("/api/action/organization_create", json={"name": "dinas"}, status=403),
        lambda app: app.get("/api/action/organization_create?name=dinas", status=400),
    ],
)
def test_what_may_write_is_not_held_in_a_moment(
    app: CKANTestApp, levels: list[Any], ask: Callable[[CKANTestApp], Any]
) -> None:
    ask(app)
    assert ISOLATION_LEVEL_REPEATABLE_READ not in levels


def test_who_writes_asks_each_time(clean_portal: None) -> None:  # noqa: ARG001
    answers = iter(["draft", "in_review"])
    assert [steady.once(("where it stands",), lambda: next(answers)) for _ in range(2)] == ["draft", "in_review"]


def test_the_next_user_of_the_connection_begins_anew(app: CKANTestApp) -> None:
    app.get(SHOW)
    model.Session.remove()
    level = model.Session.execute(sa.text("show transaction_isolation")).scalar()
    assert level == "read committed"


def test_the_databases_of_other_extensions_are_left_alone(app: CKANTestApp) -> None:
    app.get(SHOW)
    own = sa.create_engine("sqlite://")
    with own.connect() as connection:
        assert connection.execute(sa.text("select 1")).scalar() == 1
