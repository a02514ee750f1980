"""A portal with one organization and a few people, and the ways to break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp

from ckanext.satudata.doctor import examining

Found = Callable[..., list[str]]


@pytest.fixture
def found(clean_portal: None) -> Found:  # noqa: ARG001
    """The ids of what a check finds."""

    def ids(check: str) -> list[str]:
        model.Session.rollback()
        return [one.id for one in examining.examine([check]).findings]

    return ids


@pytest.fixture
def told(clean_portal: None) -> Callable[..., dict[str, Any]]:  # noqa: ARG001
    """The first finding of a check, as JSON in Indonesian."""

    def first(check: str) -> dict[str, Any]:
        model.Session.rollback()
        return examining.examine([check]).findings[0].to_dict("id")

    return first


@pytest.fixture
def unguarded(clean_portal: None) -> Iterator[Callable[[str], None]]:  # noqa: ARG001
    """Run a statement as ``psql`` would while somebody has switched the guard off."""

    def run(statement: str, **values: Any) -> None:
        model.Session.remove()
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.text("select set_config('satudata.pass', '*', true)"))
            connection.execute(sa.text(statement), values)

    yield run
    model.Session.rollback()


class Office:
    """One organization, a sysadmin, the walidata of the portal, an editor, a stranger."""

    def __init__(self, client: CKANTestApp) -> None:
        self.client: Any = client
        self.people = {
            "sysadmin": factories.Sysadmin(name="orang-sysadmin"),
            **{who: factories.User(name=f"orang-{who}") for who in ("walidata", "editor", "stranger")},
        }
        users = [{"name": "orang-editor", "capacity": "editor"}]
        self.organization = factories.Organization(name="dinas-kesehatan", title="Dinas Kesehatan", users=users)
        statement = (
            "insert into satudata_grant (id, user_id, role, valid_from)"
            " values ('grant', :user, 'walidata', now() - interval '1 minute')"
        )
        model.Session.execute(sa.text(statement), {"user": self.people["walidata"]["id"]})
        model.Session.commit()

    def headers(self, who: str | None) -> dict[str, str]:
        if who is None:
            return {}
        token = factories.APIToken(user=self.people[who]["id"])["token"]
        return {"Authorization": token}

    def dataset(self, **values: Any) -> dict[str, Any]:
        made = factories.Dataset(owner_org=self.organization["id"], user=self.people["editor"], **values)
        search.commit()
        return made


@pytest.fixture
def office(app: CKANTestApp) -> Office:
    return Office(app)
