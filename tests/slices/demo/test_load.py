"""The demo reaches every state through the actions of the portal, and loading again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.satudata.demo import load as loader
from ckanext.satudata.demo.accounts import accounts, password_of
from ckanext.satudata.demo.catalogue import catalogue, steps
from tests.slices.demo import regions

# One dataset for each state, the faulty draft among them.
WANTED = {
    "titik-wifi-publik": "published",
    "jumlah-balita-stunting": "in_review",
    "populasi-ternak": "revision",
    "akses-air-minum-layak": "verified",
    "jumlah-penyuluh-pertanian": "rejected",
    "jumlah-rumah-tidak-layak-huni": "draft",
}


def found_states() -> dict[str, str]:
    """State by name of dataset."""
    model.Session.rollback()
    query = "select p.name, c.state from satudata_case c join package p on p.id = c.subject_id"
    return {row.name: row.state for row in model.Session.execute(sa.text(query))}


def counted() -> dict[str, int]:
    """Rows of the tables a second loading must not add to."""
    names = ("package", "resource", '"user"', "member", "satudata_event", "satudata_grant", "satudata_qa_run")
    return {name: model.Session.execute(sa.text(f"select count(*) from {name}")).scalar() or 0 for name in names}


def summary(name: str) -> dict[str, Any]:
    return tk.get_action("satudata_qa_summary")({"ignore_auth": True}, {"id": name})


def first_report(name: str) -> dict[str, Any]:
    (resource,) = tk.get_action("package_show")({"ignore_auth": True}, {"id": name})["resources"]
    answer = tk.get_action("satudata_qa_show")({"ignore_auth": True}, {"resource_id": resource["id"]})
    return answer["report"]


@pytest.mark.thorough
def test_datasets_reach_their_state_by_decisions(clean_portal: None, tmp_path: Path) -> None:  # noqa: ARG001
    """One test for a whole loading, because it takes a while; ``./dev/test long`` loads all of it."""
    regions.use(tmp_path)
    loader.load(print, only=WANTED)
    assert found_states() == WANTED
    for dataset in catalogue()["datasets"]:
        if dataset["name"] in WANTED and steps(dataset):
            assert summary(dataset["name"])["errors"] == 0, dataset["name"]
    faults = {one["check"] for one in first_report("jumlah-rumah-tidak-layak-huni")["findings"]}
    assert {"KR-02", "KR-04", "IS-04"} <= faults

    before = counted()
    loader.load(print, only=WANTED)
    assert counted() == before
    assert found_states() == WANTED

    # what a person changed is left alone
    changed = {"id": "jumlah-rumah-tidak-layak-huni", "title": "Rumah Tidak Layak Huni"}
    tk.get_action("package_patch")({"user": "operator_disperkim"}, changed)
    loader.load(print, only=WANTED)
    package = model.Package.get(changed["id"])
    assert package is not None
    assert package.title == changed["title"]


def test_the_printed_passwords_open_the_accounts(clean_portal: None) -> None:  # noqa: ARG001
    for account in catalogue()["accounts"]:
        if "member" not in account:
            loader._account(account)
    for row in accounts():
        user = model.User.get(row["name"])
        assert user is None or user.validate_password(row["password"])
    assert model.User.get("walidata_staf") is not None


def test_passwords_differ_from_account_to_account() -> None:
    assert len({password_of(row["name"]) for row in accounts()}) == len(accounts())


def test_a_portal_in_use_is_refused(clean_portal: None) -> None:  # noqa: ARG001
    factories.Organization(name="dinas-sungguhan")
    with pytest.raises(loader.Refused, match="dinas-sungguhan"):
        loader.load(print)
