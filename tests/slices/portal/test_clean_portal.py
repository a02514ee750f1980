"""What every other slice test stands on."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import plugins as lib_plugins
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.mark.parametrize("_round", [1, 2])
def test_each_test_starts_with_an_empty_portal(_round: int) -> None:
    """What the first round leaves behind is gone in the second."""
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(model.Package)) == 0
    assert helpers.call_action("package_search", {"ignore_auth": True}, include_private=True)["count"] == 0
    organization = factories.Organization()
    factories.Dataset(owner_org=organization["id"])


def test_the_site_user_can_be_asked_for_after_emptying() -> None:
    """CKAN makes its site user again when somebody asks."""
    assert tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"] == tk.config["ckan.site_id"]


def test_pages_are_served(app: Any) -> None:
    """The portal's front page and the API answer."""
    assert app.get("/dataset/").status_code == 200
    assert app.get("/api/3/action/status_show").json["success"] is True


def test_permission_labels_are_those_of_satudata() -> None:
    """Of several ``IPermissionLabels`` CKAN asks only the first; it must be this extension."""
    assert type(lib_plugins.get_permission_labels()).__name__ == "SatudataPlugin"
