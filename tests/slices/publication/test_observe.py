"""Observe: nothing is refused, what would have been is counted; enforce: what is public by then stays public."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import columns, terms
from ckanext.satudata.publication import enforcement, guard
from ckanext.satudata.publication.model import exempt_type, observed

from .conftest import Portal


def _counts(portal: Portal) -> dict[str, int]:
    status, found = portal.call("reviewer", "satudata_enforcement_list")
    assert status == 200, found
    return next(one for one in found if one["name"] == "dinas-kesehatan")["observed"]


def test_an_observed_organization_publishes_as_in_plain_ckan(portal: Portal) -> None:
    portal.observe()
    made = portal.dataset(private=False)
    assert portal.is_public(made["id"])
    assert portal.call("editor", "package_patch", id=made["id"], private=True)[0] == 200
    assert portal.call("editor", "package_patch", id=made["id"], private=False)[0] == 200
    assert portal.is_public(made["id"])
    assert _counts(portal)["public"] == 1


def test_what_would_have_been_refused_is_counted_on_every_path(portal: Portal) -> None:
    portal.observe()
    made = portal.dataset(private=False)
    portal.set_state(made["id"], "published", basis="adopted")
    assert portal.call("editor", "package_patch", id=made["id"], title="Lain")[0] == 200
    model.Session.execute(sa.text("update resource set name = 'lain' where package_id = :id"), {"id": made["id"]})
    model.Session.commit()
    assert portal.call("editor", "package_delete", id=made["id"])[0] == 200
    assert {"change", "resource", "delete"} <= set(_counts(portal))


def test_the_day_that_is_counted_is_that_of_the_region(portal: Portal) -> None:
    """Three in the morning in Jakarta is the day before in UTC."""
    found = guard.standing(portal.dataset()["id"])
    assert found is not None
    with columns.at(datetime(2026, 1, 1, 20, tzinfo=UTC)):
        guard.note_observed(found, "change")
    assert model.Session.execute(sa.select(observed.c.day)).scalar() == date(2026, 1, 2)
    assert model.Session.execute(sa.text("select satudata_today()")).scalar() == terms.today()


def test_an_edit_past_the_workflow_takes_the_mark_away(portal: Portal) -> None:
    portal.observe()
    made = portal.dataset()
    portal.set_state(made["id"], "published")
    assert portal.show(made["id"])["status_verifikasi"] == "terverifikasi"
    assert portal.call("editor", "package_patch", id=made["id"], title="Lain")[0] == 200
    assert portal.show(made["id"])["status_verifikasi"] == "belum_diverifikasi"


def test_a_dataset_is_private_in_an_observed_organization_too_unless_asked(portal: Portal) -> None:
    portal.observe()
    assert not portal.is_public(portal.dataset()["id"])


def test_other_organizations_are_not_observed(portal: Portal) -> None:
    portal.observe(portal.dikbud)
    made = portal.dataset(private=False)
    assert not portal.is_public(made["id"])


def test_enforcing_adopts_what_is_public_and_guards_it(portal: Portal) -> None:
    portal.observe()
    public, hidden = portal.dataset(private=False), portal.dataset(private=True)
    status, done = portal.call("reviewer", "satudata_enforcement_set", id="dinas-kesehatan", mode="enforce")
    assert (status, done["adopted"]) == (200, 1)
    assert portal.is_public(public["id"])
    assert portal.show(public["id"])["status_verifikasi"] == "belum_diverifikasi"
    assert portal.show(hidden["id"])["status_verifikasi"] == "draft"
    assert portal.call("editor", "package_patch", id=public["id"], title="Lain")[0] == 409
    assert not portal.is_public(hidden["id"])


def test_only_the_walidata_of_the_portal_switches(portal: Portal) -> None:
    portal.person("sebagian")
    portal.grant("sebagian", "walidata", portal.dinkes["id"])
    for who in (None, "stranger", "editor", "admin", "sebagian"):
        assert portal.call(who, "satudata_enforcement_set", id="dinas-kesehatan", mode="observe")[0] == 403, who
        assert portal.call(who, "satudata_enforcement_list")[0] == 403, who


def test_bad_input_is_refused(portal: Portal) -> None:
    assert portal.call("reviewer", "satudata_enforcement_set", id="dinas-kesehatan", mode="libur")[0] == 409
    assert portal.call("reviewer", "satudata_enforcement_set", mode="observe")[0] == 409
    assert portal.call("reviewer", "satudata_enforcement_set", id="tidak-ada", mode="observe")[0] == 404


def test_exempt_types_follow_the_configuration(portal: Portal, ckan_config: Any) -> None:
    assert portal
    ckan_config["ckanext.satudata.exempt_types"] = ["harvest", "peta"]
    enforcement.sync_exempt_types()
    assert set(model.Session.execute(sa.select(exempt_type.c.type)).scalars()) == {"harvest", "peta"}
    ckan_config["ckanext.satudata.exempt_types"] = ["harvest", "showcase"]
    enforcement.sync_exempt_types()
    assert set(model.Session.execute(sa.select(exempt_type.c.type)).scalars()) == {"harvest", "showcase"}
