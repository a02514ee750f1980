"""A small office with an editor, and a description that is complete."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from tests import descriptions
from tests.slices import remembered

COMPLETE = descriptions.COMPLETE


@dataclass
class Office:
    """One organization, its editor, somebody who has nothing to do with it, and a sysadmin."""

    organization: dict[str, Any]
    editor: dict[str, Any]
    stranger: dict[str, Any]
    sysadmin: dict[str, Any]

    def call(self, action: str, who: str = "editor", **data: Any) -> Any:
        """Call an action as one of these people, with authorization."""
        user = getattr(self, who)["name"]
        return call_action(action, {"user": user, "ignore_auth": False}, **data)

    def dataset(self, **changes: Any) -> dict[str, Any]:
        """A new dataset with a complete description."""
        return self.call("package_create", **{**COMPLETE, "owner_org": self.organization["id"], **changes})

    def upload(self, dataset_id: str, table: str = "kecamatan\nSukamaju\n") -> dict[str, Any]:
        """A table with no data dictionary yet."""
        file = FileStorage(io.BytesIO(table.encode()), "tabel.csv")
        return self.call("resource_create", package_id=dataset_id, name="Tabel", upload=file)


@pytest.fixture
def office(beginning: None) -> Office:  # noqa: ARG001
    return remembered.begin(_office)


def _office() -> Office:
    editor, stranger = factories.User(password="PasswordUji-1"), factories.User(password="PasswordUji-1")
    organization = factories.Organization(
        title="Dinas Kesehatan",
        name="dinkes",
        jenis="produsen",
        surel="dinkes@contohkab.go.id",
        users=[{"name": editor["name"], "capacity": "editor"}],
    )
    return Office(organization, editor, stranger, factories.Sysadmin())
