"""No address of the web server leads into the storage."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ckan.plugins.toolkit as tk
import requests

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

SECONDS = 5
# Where files of resources and what belongs to decisions lie below the storage path.
FOLDERS = ("resources", "satudata")


@check(
    title=Text("Berkas tidak terjangkau dari web", "Files are out of reach"),
    meaning=Text(
        "Sebuah berkas percobaan di tempat penyimpanan dicari lewat alamat portal, dan tidak ditemukan.",
        "A file laid into the storage on trial is looked for at the portal's address, and not found.",
    ),
    outside=True,
)
def look() -> Iterator[Finding]:
    root, site = Path(str(tk.config.get("ckan.storage_path") or "")), str(tk.config.get("ckan.site_url") or "")
    if not str(tk.config.get("ckan.storage_path") or "") or not root.is_dir() or not site:
        return  # said by the checks `storage` and `site_address`
    for folder in FOLDERS:
        with _probe(root / folder) as (name, content):
            found = [url for url in _addresses(site, root, folder, name) if _holds(url, content)]
        if found:
            yield _reachable(found)


@contextmanager
def _probe(folder: Path) -> Iterator[tuple[str, str]]:
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    name, content = f"periksa-{secrets.token_hex(8)}.txt", secrets.token_hex(16)
    (folder / name).write_text(content)
    try:
        yield name, content
    finally:
        (folder / name).unlink(missing_ok=True)
        for one in made:
            one.rmdir()


def _addresses(site: str, root: Path, folder: str, name: str) -> Iterator[str]:
    """Where a storage usually comes out when it does: at the top, by its own name, by a usual one."""
    address = site.rstrip("/")
    for prefix in dict.fromkeys(("", f"/{root.name}", "/storage", "/uploads", "/files", "/data", "/media")):
        yield f"{address}{prefix}/{folder}/{name}"


def _holds(url: str, content: str) -> bool:
    try:
        answer = requests.get(url, timeout=SECONDS, stream=True, allow_redirects=False)
        with answer:
            return answer.status_code == 200 and content.encode() in answer.raw.read(200, decode_content=True)
    except requests.RequestException:
        return False  # from here the portal is not reached, and so neither is the file


def _reachable(addresses: list[str]) -> Finding:
    return finding(
        "storage_reachable.by_web",
        "error",
        what=Text("Tempat penyimpanan berkas terbuka di web.", "The storage of files is open on the web."),
        why=Text(
            "Berkas yang belum disetujui dan surat bukti dapat diunduh siapa pun yang tahu alamatnya.",
            "Files that are not approved, and evidence, are for anybody who knows the address.",
        ),
        remedy=Text(
            "Hapus folder itu dari pengaturan server web (alias, root, bucket publik).",
            "Take that folder out of the web server's settings (alias, root, public bucket).",
        ),
        items=addresses,
    )
