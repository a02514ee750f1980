"""Files are kept where CKAN can write and the web server does not serve."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

# Folders that web servers hand out as they are.
SERVED = ("public", "static", "htdocs", "www", "public_html")


@check(
    title=Text("Tempat berkas", "Where files are kept"),
    meaning=Text(
        "ckan.storage_path ada, dapat ditulis, dan tidak terletak di folder yang dibagikan ke web.",
        "ckan.storage_path is there, can be written to, and lies in no folder that is served.",
    ),
)
def look() -> Iterator[Finding]:
    configured = str(tk.config.get("ckan.storage_path") or "")
    if not configured:
        yield _unusable("missing", Text("ckan.storage_path belum diisi.", "ckan.storage_path is not set."), configured)
        return
    folder = Path(configured)
    if not _can_write(folder):
        yield _unusable(
            "not_writable", Text("{folder} tidak dapat ditulis.", "{folder} cannot be written to."), configured
        )
    if _is_served(folder):
        yield finding(
            "storage.served",
            "error",
            what=Text(
                "{folder} terletak di folder yang dibagikan ke web.", "{folder} lies in a folder that is served."
            ),
            why=Text(
                "Berkas yang belum disetujui dan surat bukti dapat diunduh tanpa izin siapa pun.",
                "Files that are not approved, and evidence, can be downloaded without anybody's leave.",
            ),
            remedy=Text(
                "Pindahkan ke luar folder itu (misalnya /var/lib/ckan/default), ubah ckan.storage_path.",
                "Move it out of that folder (for example /var/lib/ckan/default) and change ckan.storage_path.",
            ),
            folder=configured,
        )
    if _storage_is_public():
        yield _public_storage()


def _can_write(folder: Path) -> bool:
    probe = folder / f".satudata-{secrets.token_hex(8)}"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def _is_served(folder: Path) -> bool:
    real = folder.resolve()
    named = [
        Path(one.strip()).resolve() for one in str(tk.config.get("extra_public_paths") or "").split(",") if one.strip()
    ]
    inside = any(real == one or one in real.parents for one in named)
    return inside or any(part in SERVED for part in real.parts)


def _storage_is_public() -> bool:
    """CKAN 2.12: the storage of resources hands out files by address, without asking any dataset."""
    name = tk.config.get("ckan.files.default_storages.resource") or "resources"
    return any(tk.asbool(tk.config.get(f"ckan.files.storage.{one}.public") or False) for one in (name, "default"))


def _unusable(what: str, sentence: Text, folder: str) -> Finding:
    return finding(
        f"storage.{what}",
        "error",
        what=sentence,
        why=Text(
            "Tidak ada yang dapat mengunggah; tabel dan surat bukti tidak tersimpan.",
            "Nobody can upload; tables and evidence are not kept.",
        ),
        remedy=Text(
            "Isi ckan.storage_path dengan folder milik akun yang menjalankan CKAN.",
            "Set ckan.storage_path to a folder of the account that runs CKAN.",
        ),
        folder=folder,
    )


def _public_storage() -> Finding:
    return finding(
        "storage.public",
        "error",
        what=Text("Penyimpanan berkas dataset bertanda publik.", "The storage of datasets' files is marked public."),
        why=Text(
            "/file/public-download memberi berkas tanpa memeriksa datasetnya.",
            "/file/public-download hands out files without looking at their dataset.",
        ),
        remedy=Text(
            "Hapus “public” dari pengaturan penyimpanan itu di ckan.ini.",
            "Take “public” out of that storage's settings in ckan.ini.",
        ),
    )
