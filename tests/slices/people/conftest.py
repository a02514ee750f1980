"""The same offices as in the tests of `workflow`, with roles inside an office and an office below another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from tests.slices.workflow.conftest import Office, office, submitted

__all__ = ["Office", "kantor", "office", "puskesmas", "submitted"]


@pytest.fixture
def kantor(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office, whose datasets follow `kantor.yaml`. `operator_dua` is the admin of Dinas Kesehatan."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(Path(__file__).parent / "rulebook"))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "kantor")
    return office


@pytest.fixture
def puskesmas(kantor: Office) -> dict[str, Any]:
    """An office below Dinas Kesehatan."""
    made = factories.Organization(name="puskesmas", title="Puskesmas Soreang", user=kantor.users["admin"])
    parent = model.Member(
        group=model.Group.get(made["id"]), table_id=kantor.dinkes["id"], table_name="group", capacity="public"
    )
    model.Session.add(parent)
    model.Session.commit()
    return made
