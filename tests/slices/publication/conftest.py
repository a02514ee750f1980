"""A small portal: two organizations, an editor each, a stranger, a reviewer, a sysadmin; datasets in any state."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp
from werkzeug.datastructures import FileStorage

from ckanext.satudata.publication import guard
from tests.slices import remembered

# Stands in every text, file and row that nobody outside may see.
CANARY = "kenari7f3a9"
OPEN = "update package set private = false, metadata_modified = now() at time zone 'UTC' where id = :id"
CSV = f"Kecamatan,Jumlah\n{CANARY}-sel,1474\nSukamaju,686\n"


class Portal:
    """What a test needs to say in one line."""

    def __init__(self, client: CKANTestApp) -> None:
        self.client = client
        self.dinkes = factories.Organization(name="dinas-kesehatan", title="Dinas Kesehatan")
        self.dikbud = factories.Organization(name="dinas-pendidikan", title="Dinas Pendidikan")
        self.tokens: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        for who in ("editor", "admin", "member", "other", "stranger", "reviewer"):
            self.person(who)
        self.person("sysadmin", sysadmin=True)
        for who, organization in (("editor", self.dinkes), ("admin", self.dinkes), ("member", self.dinkes)):
            self.join(who, organization, who)
        self.join("other", self.dikbud, "admin")
        self.grant("reviewer", "walidata")

    def person(self, who: str, **values: Any) -> None:
        user = factories.User(name=f"orang-{who}", **values)
        self.ids[who] = user["id"]
        self.tokens[who] = factories.APIToken(user=user["id"])["token"]

    def join(self, who: str, organization: dict[str, Any], role: str) -> None:
        from ckan.tests.helpers import call_action

        call_action("organization_member_create", id=organization["id"], username=f"orang-{who}", role=role)

    def grant(self, who: str, role: str, organization: str | None = None) -> None:
        statement = (
            "insert into satudata_grant (id, user_id, role, organization_id, valid_from)"
            " values (:id, :user, :role, :organization, now() - interval '1 minute')"
        )
        values = {"id": str(uuid4()), "user": self.ids[who], "role": role, "organization": organization}
        model.Session.execute(sa.text(statement), values)
        model.Session.commit()

    # -- through the API -----------------------------------------------------------------------------------------------

    def headers(self, who: str | None) -> dict[str, str]:
        return {"Authorization": self.tokens[who]} if who else {}

    def call(self, who: str | None, action: str, **data: Any) -> tuple[int, Any]:
        """POST to the action API; the status and the ``result`` or ``error``."""
        upload = {key: data.pop(key) for key in list(data) if isinstance(data[key], FileStorage)}
        if upload:
            body: dict[str, Any] = {"data": {**data, **upload}, "content_type": "multipart/form-data"}
        else:
            body = {"data": json.dumps(data), "content_type": "application/json"}
        answer = self.client.post(f"/api/3/action/{action}", headers=self.headers(who), **body)
        model.Session.rollback()
        try:
            found = json.loads(answer.data)
        except ValueError:
            return answer.status_code, answer.get_data(as_text=True)
        return answer.status_code, found.get("result") if found.get("success") else found.get("error", found)

    def get(self, who: str | None, url: str) -> Any:
        answer = self.client.get(url, headers=self.headers(who), follow_redirects=False)
        model.Session.rollback()
        return answer

    # -- datasets ------------------------------------------------------------------------------------------------------

    def dataset(self, **values: Any) -> dict[str, Any]:
        """A draft of *Dinas Kesehatan* made by its editor, with one uploaded file."""
        return remembered.once(self._dataset, **values)

    def _dataset(self, **values: Any) -> dict[str, Any]:
        name = values.pop("name", f"data-{uuid4().hex[:8]}")
        given = {"name": name, "title": f"Rumah {CANARY}", "notes": f"Catatan {CANARY}", "owner_org": self.dinkes["id"]}
        given["tags"] = [{"name": f"tag-{CANARY}"}]
        status, made = self.call("editor", "package_create", **{**given, **values})
        assert status == 200, made
        self.upload(made["id"])
        return self.show(made["id"])

    def published(self) -> dict[str, Any]:
        """An approved, public dataset of *Dinas Kesehatan* with one file."""
        made = self.dataset()
        self.set_state(made["id"], "published")
        return self.show(made["id"])

    def upload(self, dataset_id: str, content: str = CSV, who: str = "editor", **values: Any) -> dict[str, Any]:
        file = FileStorage(io.BytesIO(content.encode()), f"{CANARY}.csv", content_type="text/csv")
        given = {"package_id": dataset_id, "name": f"Tabel {CANARY}", "format": "CSV", "upload": file}
        status, made = self.call(who, "resource_create", **{**given, **values})
        assert status == 200, made
        return made

    def show(self, dataset_id: str) -> dict[str, Any]:
        status, found = self.call("sysadmin", "package_show", id=dataset_id)
        assert status == 200, found
        return found

    def set_state(self, dataset_id: str, state: str, basis: str = "workflow") -> None:
        """Put the case of a dataset into a state, as the workflow would; published opens the dataset."""
        statement = """
            insert into satudata_case (subject_type, subject_id, state, approved, basis, organization_id)
            values ('dataset', :id, :state, :approved, :basis, :organization)
            on conflict (subject_type, subject_id) do update
               set state = :state, approved = :approved, basis = :basis, since = now()"""
        values = {"id": dataset_id, "state": state, "approved": state == "published", "basis": basis}
        model.Session.execute(sa.text(statement), {**values, "organization": self.dinkes["id"]})
        if state == "published":
            with guard.passing(dataset_id):
                model.Session.execute(sa.text(OPEN), {"id": dataset_id})
        model.Session.commit()
        search.rebuild(dataset_id)

    def row(self, dataset_id: str) -> Any:
        """The row of a dataset as a second connection sees it."""
        with model.ensure_engine().connect() as connection:
            query = sa.text("select * from package where id = :id")
            return connection.execute(query, {"id": dataset_id}).mappings().first()

    def is_public(self, dataset_id: str) -> bool:
        row = self.row(dataset_id)
        seen = self.call(None, "package_show", id=dataset_id)[0] == 200
        listed = row["name"] in self.call(None, "package_list")[1]
        return row["private"] is False or seen or listed

    def observe(self, organization: dict[str, Any] | None = None) -> None:
        statement = (
            "insert into satudata_enforcement (organization_id, mode, since) values (:id, 'observe', now())"
            " on conflict (organization_id) do update set mode = 'observe'"
        )
        model.Session.execute(sa.text(statement), {"id": (organization or self.dinkes)["id"]})
        model.Session.commit()


@pytest.fixture
def portal(app: CKANTestApp, beginning: None) -> Portal:  # noqa: ARG001
    return remembered.begin(Portal, client=app)


@pytest.fixture
def draft(portal: Portal) -> dict[str, Any]:
    """A draft with one file."""
    return portal.dataset()


@pytest.fixture
def published(portal: Portal) -> dict[str, Any]:
    """An approved, public dataset with one file."""
    return remembered.once(portal.published)
