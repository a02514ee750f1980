"""No secret is empty, short, or the one of an example."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from sqlalchemy.engine import make_url

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

SECRETS = (
    "SECRET_KEY",
    "beaker.session.secret",
    "WTF_CSRF_SECRET_KEY",
    "api_token.jwt.encode.secret",
    "api_token.jwt.decode.secret",
)
DATABASES = ("sqlalchemy.url", "ckan.datastore.write_url", "ckan.datastore.read_url")
# Of CKAN's examples, of its container images, and what people type first.
EXAMPLES = frozenset(
    ("", "secret", "change_me", "changeme", "change-me", "ganti", "rahasia", "ckan", "test", "password", "123456")
)
EXAMPLE_PASSWORDS = EXAMPLES | {"pass", "ckan_default", "datastore", "datastore_default", "datastore_ro", "postgres"}
SHORT = 20


@check(
    title=Text("Kata rahasia", "Secrets"),
    meaning=Text(
        "Kunci sesi, kunci token, dan sandi basis data bukan yang ada di contoh.",
        "Keys of sessions and tokens and passwords of databases are not those of examples.",
    ),
)
def look() -> Iterator[Finding]:
    for option in SECRETS:
        value = tk.config.get(option)
        if value is None:
            continue
        plain = str(value).removeprefix("string:").strip()
        if plain.lower() in EXAMPLES or len(plain) < SHORT:
            yield _weak(option)
    for option in DATABASES:
        value = tk.config.get(option)
        if value and _password(str(value)) in EXAMPLE_PASSWORDS:
            yield _known_password(option)


def _password(address: str) -> str:
    return str(make_url(address).password or "").lower()


def _weak(option: str) -> Finding:
    return finding(
        "default_secrets.key",
        "error",
        what=Text("{option} kosong, terlalu pendek, atau dari contoh.", "{option} is empty, short or of an example."),
        why=Text(
            "Siapa pun yang menebaknya dapat masuk sebagai administrator.",
            "Whoever guesses it can come in as an administrator.",
        ),
        remedy=Text(
            "Isi dengan kata acak yang panjang, lalu mulai ulang CKAN. Semua orang perlu masuk lagi.",
            "Set a long random word, then restart CKAN. Everybody has to log in again.",
        ),
        command='python3 -c "import secrets; print(secrets.token_urlsafe(40))"',
        items=(option,),
        option=option,
    )


def _known_password(option: str) -> Finding:
    return finding(
        "default_secrets.database",
        "warning",
        what=Text("Sandi basis data di {option} adalah sandi contoh.", "The password in {option} is an example's."),
        why=Text(
            "Siapa pun yang mencapai basis data dapat membaca dan mengubah semuanya.",
            "Whoever reaches the database can read and change everything.",
        ),
        remedy=Text(
            "Ganti sandinya di PostgreSQL dan di ckan.ini.", "Change the password in PostgreSQL and in ckan.ini."
        ),
        items=(option,),
        option=option,
    )
