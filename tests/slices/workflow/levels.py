"""The office of these tests under another procedure, with people in positions."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from werkzeug.datastructures import FileStorage

from .conftest import Office

RULEBOOK = Path(__file__).parent / "rulebook_levels"
POSITIONS = {"staf": "staf", "staf_dua": "staf", "kasi": "kasi", "kabid": "kabid"}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def under(office: Office, monkeypatch: pytest.MonkeyPatch, workflow: str) -> Office:
    """The same office, whose drafts take another procedure from now on; staf, staf_dua, kasi and kabid join it."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(RULEBOOK))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", workflow)
    for name, position in POSITIONS.items():
        user = model.User(name=name, fullname=name.title(), email=f"{name}@contoh.go.id")
        model.Session.add(user)
        model.Session.commit()
        office.users[name] = {"id": user.id, "name": name}
        office.grant(name, "walidata", position=position)
    return office


def submitted(office: Office, **fields: Any) -> str:
    """A dataset handed in by the operator."""
    dataset = office.dataset(**fields)
    office.decide("operator", dataset, "submit")
    return dataset


def file(content: bytes = PDF, name: str = "surat.pdf") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(io.BytesIO(content), name)


def refused(office: Office, who: str, action: str, **data: Any) -> dict[str, Any]:
    """The errors of an action that must be refused."""
    with pytest.raises(tk.ValidationError) as caught:
        office.call(who, action, **data)
    return caught.value.error_dict


def codes(errors: dict[str, Any]) -> list[str]:
    """The codes of the reasons."""
    return [found["code"] for found in errors["reasons"]]


def at_kabid(office: Office) -> str:
    """A dataset that waits for the kabid, who needs a letter."""
    dataset = submitted(office)
    office.decide("staf", dataset, "pass")
    return dataset


def add(office: Office, who: str, dataset: str, kind: str = "surat_validasi", **more: Any) -> dict[str, Any]:
    """Upload a file of a decision."""
    upload = more.pop("upload", None) or file(**more)
    return office.call(who, "satudata_evidence_create", id=dataset, kind=kind, upload=upload)


def listed(office: Office, who: str, dataset: str) -> list[dict[str, Any]]:
    """The files of decisions somebody is told of."""
    return office.call(who, "satudata_evidence_list", id=dataset)
