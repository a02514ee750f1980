"""The office of the workflow tests, and a mail server that keeps what it gets."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from ckan import model
from ckan.lib import redis

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
