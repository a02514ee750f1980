"""The office of the workflow tests, and a mail server that keeps what it gets."""

from __future__ import annotations

import email
import io
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from ckan import model
from ckan.lib import redis
from werkzeug.datastructures import FileStorage

from tests.slices import remembered
from tests.slices.workflow.conftest import Office, submitted  # noqa: F401
from tests.slices.workflow.conftest import office as staffed  # noqa: F401


def forget_what_was_told() -> None:
    """No notices, no mails, no jobs."""
    model.Session.execute(sa.text("truncate satudata_notice, satudata_outbox"))
    model.Session.commit()
    redis.connect_to_redis().flushdb()


@pytest.fixture
def office(staffed: Office) -> Office:  # noqa: F811
    """The office, whose people know their roles already."""
    forget_what_was_told()
    return staffed


class Peer:
    """Mails by order of arrival; the next ``refuse`` ones are turned away."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            self.refuse -= 1
            return "451 not now"
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 kept"

    def to(self, who: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if f"{who}@contoh.go.id" in str(mail["To"])]


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    handler = Peer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{port}")
    monkeypatch.setitem(tk.config, "smtp.mail_from", "satudata@contoh.go.id")
    yield handler
    controller.stop()


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def letter(office: Office, who: str, dataset: str) -> str:
    """A *surat validasi* that goes with the next decision; its id."""
    upload = FileStorage(io.BytesIO(PDF), "surat.pdf")
    return office.call(who, "satudata_evidence_create", id=dataset, kind="surat_validasi", upload=upload)["id"]


def told(office: Office, who: str) -> list[str]:
    """What somebody was told, the newest first."""
    return [found["key"] for found in office.call(who, "satudata_notice_list", limit=100)["results"]]


class Levels(Office):
    """An office whose reviewers hold positions; see ``rulebook/workflows/jenjang.yaml``."""

    def __init__(self) -> None:
        super().__init__()
        for held in self.call("admin", "satudata_grant_list"):
            self.call("admin", "satudata_grant_end", id=held["id"])
        for who, position in (("walidata", "staf"), ("pembina", "kasi"), ("tamu", "kabid")):
            self.grant(who, "walidata", position=position)
        self.grant("anggota", "kepala_opd", organization="dinkes")

    def grant(self, who: str, role: str, **options: Any) -> dict[str, Any]:
        """As in every office, since long; this procedure knows no Pembina Data."""
        options.setdefault("valid_from", "2020-01-01")
        return super().grant(who, role, **options) if role != "pembina_data" else {}

    def told(self, who: str) -> list[str]:
        """What somebody was told, the newest first."""
        return told(self, who)

    def everybody_told(self) -> dict[str, list[str]]:
        """What each was told, whoever was."""
        found = {who: self.told(who) for who in self.users}
        return {who: keys for who, keys in found.items() if keys}


@pytest.fixture
def levels(beginning: None, monkeypatch: pytest.MonkeyPatch) -> Levels:  # noqa: ARG001
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(Path(__file__).parent / "rulebook"))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "jenjang")
    found = remembered.begin(Levels)
    forget_what_was_told()
    return found
