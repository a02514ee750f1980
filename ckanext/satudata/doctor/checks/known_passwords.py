"""No administrator's password is that of an example."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

EXAMPLES = ("test1234", "password", "admin123", "12345678", "admin1234", "ckan_admin", "ckanadmin")


@check(
    title=Text("Sandi administrator", "Administrators' passwords"),
    meaning=Text(
        "Tidak ada administrator yang bersandi contoh, atau bersandi sama dengan namanya.",
        "No administrator has the password of an example, or their own name for one.",
    ),
    outside=True,  # takes long: passwords are slow to try, and should be
)
def look() -> Iterator[Finding]:
    portal = str(tk.config.get("ckan.site_id") or "")
    people = model.Session.query(model.User).filter_by(sysadmin=True, state="active").order_by(model.User.name)
    known = [user.name for user in people if user.name != portal and _is_known(user)]
    if known:
        yield finding(
            "known_passwords.sysadmin",
            "error",
            what=Text("{count} administrator bersandi contoh.", "{count} administrators have an example's password."),
            why=Text(
                "Sandi ini dicoba lebih dahulu oleh siapa pun yang ingin masuk; administrator boleh segalanya.",
                "These are the first anybody tries; an administrator may do everything.",
            ),
            remedy=Text("Ganti sandinya sekarang.", "Change the password now."),
            command=f"ckan user setpass {known[0]}",
            items=known,
            count=len(known),
        )


def _is_known(user: model.User) -> bool:
    return any(user.validate_password(word) for word in (user.name, *EXAMPLES))
