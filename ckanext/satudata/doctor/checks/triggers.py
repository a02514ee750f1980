"""The guard stands in the database: row triggers on CKAN's tables, and those that keep the history as it was."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

GUARD = "satudata_guard"
GUARDED = ("member", "package", "package_extra", "package_tag", "resource")
HISTORY = (
    ("satudata_event", "satudata_event_append_only"),
    ("satudata_event", "satudata_event_chained"),
    ("satudata_chain", "satudata_chain_append_only"),
    ("package", "satudata_case_follow_package"),
)
THERE = "select tablename from pg_tables where schemaname = any(current_schemas(false))"
ENABLED = """
select tgrelid::regclass::text, tgname from pg_trigger
 where not tgisinternal and tgenabled in ('O', 'A') and tgname like 'satudata%'
"""


@check(
    title=Text("Penjaga di basis data", "The guard in the database"),
    meaning=Text(
        "Pemicu yang menolak penerbitan tanpa persetujuan terpasang dan menyala di semua tabel.",
        "The triggers that refuse publication without approval are installed and enabled on all tables.",
    ),
)
def look() -> Iterator[Finding]:
    there = set(model.Session.execute(sa.text(THERE)).scalars())
    enabled = {(table, name) for table, name in model.Session.execute(sa.text(ENABLED))}
    unguarded = [table for table in GUARDED if table in there and (table, GUARD) not in enabled]
    if unguarded:
        yield finding(
            "triggers.guard_missing",
            "error",
            what=Text("Tabel tanpa penjaga: {tables}.", "Tables without the guard: {tables}."),
            why=Text(
                "Program lain, perintah massal, atau SQL dapat menerbitkan dan mengubah dataset tanpa persetujuan.",
                "Another program, a bulk command or SQL may publish and change datasets without approval.",
            ),
            remedy=Text(
                "Pasang lagi (biasanya terlewat sesudah pemulihan cadangan atau peningkatan CKAN).",
                "Install it again (usually forgotten after a restore, or an upgrade of CKAN).",
            ),
            command="ckan -c ckan.ini satudata triggers install",
            items=unguarded,
            tables=", ".join(unguarded),
        )
    missing = [f"{table}.{name}" for table, name in HISTORY if (table, name) not in enabled]
    if missing:
        yield finding(
            "triggers.history_missing",
            "error",
            what=Text("Pemicu riwayat tidak terpasang: {names}.", "Triggers of the history are missing: {names}."),
            why=Text(
                "Riwayat keputusan dapat diubah tanpa jejak, atau daftar kerja tidak mengikuti dataset.",
                "The history of decisions may be rewritten, or the desk does not follow the datasets.",
            ),
            remedy=Text(
                "Pulihkan basis data dari cadangan yang utuh, atau tanyakan kepada pengembang.",
                "Restore the database from a whole backup, or ask the developers.",
            ),
            items=missing,
            names=", ".join(missing),
        )
