"""CKAN is of a version this extension is tried on, and holds the repairs of 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ckan
import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

# First patch release of each supported series that holds the repairs of CVE-2026-42031, -42032 and -41255.
REPAIRED = {(2, 11): 5, (2, 12): 0}


@check(
    title=Text("Versi CKAN", "Version of CKAN"),
    meaning=Text(
        "Versi CKAN didukung (2.11, 2.12) dan sudah memuat perbaikan keamanan tahun 2026.",
        "CKAN is supported (2.11, 2.12) and holds the security repairs of 2026.",
    ),
)
def look() -> Iterator[Finding]:
    numbers = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", ckan.__version__)
    major, minor, patch = (int(part or 0) for part in numbers.groups()) if numbers else (0, 0, 0)
    repaired = REPAIRED.get((major, minor))
    if repaired is None:
        yield _unsupported()
    if (repaired is None and (major, minor) < max(REPAIRED)) or (repaired is not None and patch < repaired):
        yield _not_repaired(bool(tk.config.get("ckan.datastore.sqlsearch.enabled")))


def _unsupported() -> Finding:
    return finding(
        "ckan_version.unsupported",
        "error",
        what=Text("CKAN {version} tidak didukung.", "CKAN {version} is not supported."),
        why=Text(
            "Penjaga dataset hanya dicoba pada CKAN 2.11 dan 2.12; pada versi lain bisa ada jalan bocor.",
            "The guard is tried on CKAN 2.11 and 2.12 only; another version may have ways round it.",
        ),
        remedy=Text("Pasang CKAN 2.11 atau 2.12.", "Install CKAN 2.11 or 2.12."),
        version=ckan.__version__,
    )


def _not_repaired(sql_search: bool) -> Finding:
    return finding(
        "ckan_version.not_repaired",
        "error" if sql_search else "warning",
        what=Text(
            "CKAN {version} belum memuat perbaikan CVE-2026-42031, CVE-2026-42032, dan CVE-2026-41255.",
            "CKAN {version} lacks the repairs of CVE-2026-42031, CVE-2026-42032 and CVE-2026-41255.",
        ),
        why=Text(
            "Lewat datastore_search_sql siapa pun dapat membaca tabel tertutup; formulir dapat dikirim situs lain.",
            "Through datastore_search_sql anybody may read closed tables; forms may be sent by another site.",
        ),
        remedy=Text(
            "Pasang rilis perbaikan terakhir (2.11.5 atau lebih baru). Sementara itu matikan pencarian SQL.",
            "Install the latest patch release (2.11.5 or newer). Until then, switch the SQL search off.",
        ),
        command="ckan config-tool ckan.ini ckan.datastore.sqlsearch.enabled=false" if sql_search else None,
        version=ckan.__version__,
    )
