"""Options of CKAN that let strangers see or do more than such a portal should."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, Severity, finding
from ckanext.satudata.doctor.registry import check

NO_OWNER = Text(
    "Dataset tanpa organisasi tidak punya Walidata yang memeriksanya.",
    "A dataset without an organization has no Walidata to check it.",
)
STRANGERS = Text(
    "Akun untuk portal pemerintah diberikan oleh admin, bukan dibuat sendiri oleh siapa pun.",
    "Accounts of a government's portal are given by an admin, not made by anybody who comes along.",
)
OFFICES = Text(
    "Setiap akun dapat membuat organisasi sendiri, lengkap dengan hak admin di dalamnya.",
    "Every account may make an organization of its own, with an admin's rights in it.",
)
# option → when it should be off: how bad, and why
SHOULD_BE_OFF: dict[str, tuple[Severity, Text]] = {
    "ckan.auth.public_user_details": (
        "warning",
        Text(
            "Nama pegawai dan daftar kegiatannya terbaca oleh umum (UU 27/2022 tentang Pelindungan Data Pribadi).",
            "Names of officials and what they did are public (UU 27/2022, protection of personal data).",
        ),
    ),
    "ckan.auth.create_unowned_dataset": ("warning", NO_OWNER),
    "ckan.auth.anon_create_dataset": (
        "error",
        Text("Siapa pun dapat menambah dataset tanpa akun.", "Anybody may add datasets without an account."),
    ),
    "ckan.auth.create_user_via_web": ("warning", STRANGERS),
    "ckan.auth.create_user_via_api": ("error", STRANGERS),
    "ckan.auth.user_create_organizations": ("warning", OFFICES),
    "ckan.auth.public_activity_stream_detail": (
        "info",
        Text(
            "Isi lama setiap dataset terbaca di aliran kegiatan, juga yang sudah diperbaiki.",
            "Earlier contents of each dataset are readable in its activities, also those that were mended.",
        ),
    ),
    "debug": (
        "error",
        Text(
            "Halaman kesalahan memperlihatkan isi program dan konfigurasi kepada siapa pun.",
            "Error pages show the insides of the program and its configuration to anybody.",
        ),
    ),
}
SHOULD_BE_ON: dict[str, tuple[Severity, Text]] = {
    "WTF_CSRF_ENABLED": (
        "error",
        Text(
            "Situs lain dapat menekan tombol atas nama orang yang sedang masuk.",
            "Another site may press buttons in the name of whoever is logged in.",
        ),
    ),
}


@check(
    title=Text("Pengaturan yang terbuka", "Open settings"),
    meaning=Text(
        "Pilihan CKAN yang memberi hak kepada orang luar dimatikan.",
        "Options of CKAN that give rights to strangers are off.",
    ),
)
def look() -> Iterator[Finding]:
    for option, (severity, why) in SHOULD_BE_OFF.items():
        if tk.asbool(tk.config.get(option) or False):
            yield _set(option, "false", severity, why)
    for option, (severity, why) in SHOULD_BE_ON.items():
        if not tk.asbool(tk.config.get(option, True)):
            yield _set(option, "true", severity, why)


def _set(option: str, value: str, severity: Severity, why: Text) -> Finding:
    return finding(
        f"open_settings.{option.rpartition('.')[2].lower()}",
        severity,
        what=Text("{option} sebaiknya {value}.", "{option} should be {value}."),
        why=why,
        remedy=Text("Ubah di ckan.ini, lalu mulai ulang CKAN.", "Change it in ckan.ini, then restart CKAN."),
        command=f"ckan config-tool ckan.ini {option}={value}",
        option=option,
        value=value,
    )
