"""There is room for files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

GB = 1024**3
LITTLE_GB = 10
NONE_GB = 1


@check(
    title=Text("Ruang disk", "Disk space"),
    meaning=Text(
        "Masih ada sedikitnya 10 GB untuk unggahan; versi lama berkas disimpan juga.",
        "There are at least 10 GB left for uploads; earlier versions of files are kept too.",
    ),
)
def look() -> Iterator[Finding]:
    folder = Path(str(tk.config.get("ckan.storage_path") or ""))
    if not str(folder) or not folder.is_dir():
        return  # said by the check `storage`
    free = shutil.disk_usage(folder).free / GB
    if free < LITTLE_GB:
        yield finding(
            "disk_space.little",
            "error" if free < NONE_GB else "warning",
            what=Text("Tinggal {free} GB di {folder}.", "Only {free} GB are left on {folder}."),
            why=Text(
                "Bila penuh, unggahan dan keputusan gagal, dan basis data dapat berhenti.",
                "When it is full, uploads and decisions fail, and the database may stop.",
            ),
            remedy=Text(
                "Tambah disk, atau pindahkan cadangan dan log ke tempat lain.",
                "Add disk space, or move backups and logs elsewhere.",
            ),
            free=f"{free:.1f}",
            folder=str(folder),
        )
