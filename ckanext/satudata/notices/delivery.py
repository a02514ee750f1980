"""Deliver the outbox: at least once, with the same Message-Id on every repeat, without ever stopping a decision."""

from __future__ import annotations

import logging
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import jinja2
import sqlalchemy as sa
from ckan import model
from ckan.lib import mailer

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Language
from ckanext.satudata.notices import dates, preferences, words
from ckanext.satudata.notices.model import OutboxRow

log = logging.getLogger(__name__)

# Minutes to the next attempt; the last one repeats until GIVE_UP.
PAUSES = (1, 5, 15, 60, 240)
GIVE_UP = timedelta(days=7)
SMTP_SECONDS = 30
SETTINGS = "/notifikasi/pengaturan"
LISTS = ("parts",)
FAILURES = (mailer.MailerException, smtplib.SMTPException, OSError, UnicodeError, jinja2.TemplateError)


def deliver() -> int:
    """Send every mail that is due; how many were sent. Several workers may do this at the same time."""
    sent = 0
    while (row := _take()) is not None:
        sent += _send(row)
    return sent


def _take() -> OutboxRow | None:
    """The next mail that is due, booked for its next attempt: a crash repeats it, two workers do not double it."""
    query = (
        sa.select(OutboxRow)
        .where(OutboxRow.state == "waiting", OutboxRow.next_try <= now())
        .order_by(OutboxRow.next_try, OutboxRow.created)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    row = model.Session.execute(query).scalars().first()
    if row is not None:
        row.attempts += 1
        row.next_try = now() + timedelta(minutes=PAUSES[min(row.attempts, len(PAUSES)) - 1])
    model.Session.commit()
    return row


def _send(row: OutboxRow) -> bool:
    user = model.User.get(row.user_id)
    if user is None or user.state != model.State.ACTIVE or not user.email:
        row.state, row.last_error = "dropped", "no active user with an address"
        model.Session.commit()
        return False
    try:
        if not tk.config.get("smtp.mail_from"):
            raise mailer.MailerException("smtp.mail_from is not set")
        _write_once(row)
        headers = {"Message-Id": row.message_id, "Auto-Submitted": "auto-generated"}
        with _patience():
            mailer.mail_user(user, row.subject or "", row.body or "", headers=headers)
    except FAILURES as error:
        log.warning("mail %s not delivered (attempt %s): %s", row.message_id, row.attempts, error)
        row.last_error = str(error)[:1000]
        if now() - row.created > GIVE_UP:
            row.state = "dropped"
        model.Session.commit()
        return False
    row.state, row.sent_at, row.last_error = "sent", now(), None
    model.Session.commit()
    return True


def _write_once(row: OutboxRow) -> None:
    """Put the mail into words at the first attempt; kept, so that a repeat is the same mail."""
    if row.body is not None:
        return
    row.subject, row.body = rendered(row.key, row.parameters, preferences.mail_language(row.user_id))
    model.Session.flush()


def rendered(key: str, parameters: dict[str, Any], language: Language) -> tuple[str, str]:
    """Subject and text of a mail. Every name a template may use is there; what does not apply is empty.

    A list of dictionaries reaches the template as it is, everything else in words (:func:`words.said`).
    """
    template = _templates().get_template(f"satudata/notices/{language}/{key}.txt")
    lists = {name: value for name, value in parameters.items() if name in LISTS}
    known = {name: value for name, value in parameters.items() if name != "link" and name not in lists}
    more = {
        "left": dates.left(str(parameters["due"]), language) if parameters.get("due") else "",
        "url": address(parameters["link"]),
        "settings_url": address(SETTINGS),
        "site_title": str(tk.config.get("ckan.site_title") or ""),
    }
    text = template.render({**words.said(known, language), **lists, **more})
    subject, _, body = text.strip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"


def address(path: str) -> str:
    """The whole address of a page of this portal."""
    site_url = str(tk.config.get("ckan.site_url") or "").rstrip("/")
    root = str(tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    return f"{site_url}{root}{path}"


def _templates() -> jinja2.Environment:
    """Templates of this portal, a region's before ours; a worker has no application that could render them."""
    loader = jinja2.FileSystemLoader(tk.config["computed_template_paths"])
    return jinja2.Environment(  # plain text
        loader=loader, undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )


@contextmanager
def _patience() -> Iterator[None]:
    """CKAN's mailer sets no time limit of its own; a mail server that does not answer must not hold the worker."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SMTP_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
