"""The portal knows its own address, and it is an encrypted one."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check


@check(
    title=Text("Alamat portal", "Address of the portal"),
    meaning=Text(
        "ckan.site_url berisi alamat yang dipakai orang, dengan https.",
        "ckan.site_url is the address people use, by https.",
    ),
)
def look() -> Iterator[Finding]:
    address = urlsplit(str(tk.config.get("ckan.site_url") or ""))
    if not address.hostname:
        yield finding(
            "site_address.missing",
            "error",
            what=Text("ckan.site_url belum diisi.", "ckan.site_url is not set."),
            why=Text(
                "Tautan di surel, sitasi, dan DCAT tidak mengarah ke mana pun.",
                "Links in mails, citations and DCAT lead nowhere.",
            ),
            remedy=Text("Isi dengan alamat portal.", "Set the address of the portal."),
        )
    elif address.scheme != "https" and not _is_local(address.hostname):
        yield finding(
            "site_address.not_encrypted",
            "warning",
            what=Text("Portal beralamat {url}, tanpa https.", "The portal's address is {url}, without https."),
            why=Text(
                "Sandi dan kunci masuk pegawai lewat jaringan tanpa pelindung.",
                "Officials' passwords and session keys cross the network in the open.",
            ),
            remedy=Text(
                "Pasang sertifikat di server web, lalu ubah ckan.site_url menjadi https.",
                "Install a certificate in the web server, then change ckan.site_url to https.",
            ),
            url=address.geturl(),
        )


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".test", ".local"))
