"""The mail server answers, and mails have a sender."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

SECONDS = 8
WHY = Text(
    "Tidak ada yang diberi tahu bahwa datanya kembali atau giliran memeriksa sudah tiba.",
    "Nobody is told that their data came back, or that it is their turn to check.",
)


@check(
    title=Text("Server surel", "Mail server"),
    meaning=Text(
        "Server surel menjawab dan menerima akun portal; pengirim surel terisi.",
        "The mail server answers and accepts the portal's account; mails have a sender.",
    ),
    outside=True,
)
def look() -> Iterator[Finding]:
    server = str(tk.config.get("smtp.server") or "")
    if not tk.config.get("smtp.mail_from"):
        yield finding(
            "mail.no_sender",
            "warning",
            what=Text("smtp.mail_from belum diisi.", "smtp.mail_from is not set."),
            why=Text(
                "Banyak penerima menolak surel tanpa pengirim yang benar.",
                "Many recipients refuse mail without a proper sender.",
            ),
            remedy=Text("Isi dengan alamat surel portal.", "Set the mail address of the portal."),
        )
    problem = _problem(server) if server else "smtp.server"
    if problem:
        yield finding(
            "mail.no_answer",
            "error",
            what=Text("Server surel {server} tidak dapat dipakai: {problem}", "No mail by {server}: {problem}"),
            why=WHY,
            remedy=Text(
                "Periksa smtp.server, smtp.starttls, smtp.user, dan smtp.password di ckan.ini. Surel yang tertunda "
                "terkirim sendiri sesudahnya.",
                "Look at smtp.server, smtp.starttls, smtp.user and smtp.password in ckan.ini. Mail that waits is sent "
                "by itself afterwards.",
            ),
            server=server or "-",
            problem=problem,
        )


def _problem(server: str) -> str:
    """Why no mail can be handed in; empty when one could."""
    host, _, port = server.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 0), timeout=SECONDS) as peer:
            peer.ehlo()
            if tk.asbool(tk.config.get("smtp.starttls") or False):
                peer.starttls()
                peer.ehlo()
            user = tk.config.get("smtp.user")
            if user:
                peer.login(str(user), str(tk.config.get("smtp.password") or ""))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        # its text may hold what was sent; the kind is enough
        return f"{type(error).__name__} {getattr(error, 'errno', '') or ''}".strip()
    return ""
