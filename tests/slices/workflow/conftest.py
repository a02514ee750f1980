"""Two offices with an operator each, reviewers of all and of one, and datasets to decide on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from tests.slices import remembered

PEOPLE = ("operator", "operator_dua", "anggota", "operator_lain", "walidata", "walidata_dua", "pembina", "tamu")


def _user(name: str, *, sysadmin: bool = False) -> dict[str, Any]:
    """An account without password: hashing one for each person of each test takes longer than the test."""
    user = model.User(name=name, fullname=name, email=f"{name}@contoh.go.id", sysadmin=sysadmin)
    model.Session.add(user)
    model.Session.flush()
    return {"id": user.id, "name": name}


def engine() -> Any:
    """For connections beside the session's."""
    assert model.meta.engine is not None
    return model.meta.engine


class Office:
    """The people and offices of a test, and the calls it makes as one of them."""

    def __init__(self) -> None:
        self.users = {name: _user(name) for name in PEOPLE}
        self.users["admin"] = _user("admin", sysadmin=True)
        model.Session.commit()
        members = [("operator", "editor"), ("operator_dua", "admin"), ("anggota", "member")]
        self.dinkes = self._organization("dinkes", "Dinas Kesehatan", members)
        self.disdik = self._organization("disdik", "Dinas Pendidikan", [("operator_lain", "editor")])
        self.grant("walidata", "walidata")
        self.grant("walidata_dua", "walidata", organization="disdik")
        self.grant("pembina", "pembina_data")
        self.number = 0

    def _organization(self, name: str, title: str, members: list[tuple[str, str]]) -> dict[str, Any]:
        users = [{"name": user, "capacity": capacity} for user, capacity in members]
        return factories.Organization(name=name, title=title, users=users, user=self.users["admin"])

    def id(self, who: str) -> str:
        return self.users[who]["id"]

    def call(self, who: str, action: str, **data: Any) -> Any:
        """An action with authorization, as the API and the pages call it."""
        context: Any = {"user": who, "ignore_auth": False}
        return tk.get_action(action)(context, data)

    def grant(self, who: str, role: str, **options: Any) -> dict[str, Any]:
        return self.call("admin", "satudata_grant_create", user=who, role=role, **options)

    def dataset(self, who: str = "operator", organization: str = "dinkes", **fields: Any) -> str:
        """A new draft; its id."""
        return remembered.once(self._dataset, who, organization, **fields)

    def _dataset(self, who: str, organization: str, **fields: Any) -> str:
        self.number += 1
        values = {"name": f"data-{self.number}", "title": f"Jumlah Rumah {self.number}", "notes": "Uji."}
        made = self.call(who, "package_create", **{**values, "owner_org": organization, **fields})
        return made["id"]

    def submitted(self) -> str:
        """A dataset of Dinas Kesehatan in review; its id."""
        dataset = self.dataset()
        self.decide("operator", dataset, "submit")
        return dataset

    def in_review(self, number: int, **fields: Any) -> list[str]:
        """So many of them."""
        found = [self.dataset(**fields) for _ in range(number)]
        for dataset in found:
            self.decide("operator", dataset, "submit")
        return found

    def decide(self, who: str, dataset: str, transition: str, **more: Any) -> dict[str, Any]:
        """A decision on what is there now, unless ``expected`` or ``content_hash`` say otherwise.

        What goes back needs a reason code; one is given unless the test gives its own.
        """
        if transition in ("return", "reject"):
            more.setdefault("reason_code", "isi_data")
        seen = self.call("admin", "satudata_case_show", id=dataset)
        data = {"expected": seen["expected"], "content_hash": seen["content_hash"], **more}
        return self.call(who, "satudata_transition", id=dataset, transition=transition, **data)

    def refused(self, who: str, dataset: str, transition: str, **more: Any) -> dict[str, Any]:
        """The errors of a decision that must be refused; nothing may be written."""
        before = self.written(dataset)
        with pytest.raises(tk.ValidationError) as caught:
            self.decide(who, dataset, transition, **more)
        assert self.written(dataset) == before
        return caught.value.error_dict

    def case(self, dataset: str, who: str = "admin") -> dict[str, Any]:
        return self.call(who, "satudata_case_show", id=dataset)

    def written(self, dataset: str) -> Any:
        """State and number of events as another connection sees them: what is committed."""
        with engine().connect() as connection:
            query = sa.text(
                "select c.state, c.stage, c.round, c.approved, (select count(*) from satudata_event e where"
                " e.case_id = c.id) from satudata_case c where subject_id = :id"
            )
            return connection.execute(query, {"id": dataset}).first()


@pytest.fixture
def office(beginning: None, monkeypatch: pytest.MonkeyPatch) -> Office:  # noqa: ARG001
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(Path(__file__).parent / "rulebook"))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "uji")
    return remembered.begin(Office)


@pytest.fixture
def submitted(office: Office) -> str:
    """A dataset of Dinas Kesehatan in review."""
    return remembered.once(office.submitted)


@pytest.fixture
def rulebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A region's own rulebook to write into; the workflows of the tests are in it."""
    (tmp_path / "workflows").mkdir()
    for path in (Path(__file__).parent / "rulebook" / "workflows").iterdir():
        (tmp_path / "workflows" / path.name).write_text(path.read_text("utf-8"), "utf-8")
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(tmp_path))
    return tmp_path
