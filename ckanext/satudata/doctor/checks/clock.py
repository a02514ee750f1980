"""The clock ticks: ``ckan satudata tick`` comes every minute, and all its work succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ckanext.satudata.bridge import clock
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

STOPPED = timedelta(minutes=10)
COMMAND = "ckan -c ckan.ini satudata tick --every 60"
STANDS_STILL = Text("Jam portal berhenti sejak {when}.", "The portal's clock stands still since {when}.")
NEVER = Text("Jam portal belum pernah berjalan.", "The portal's clock has never ticked.")
WHY = Text(
    "Rilis terjadwal, pengingat, surel yang tertunda, dan perbaikan diri tidak berjalan.",
    "Scheduled releases, reminders, mail that waits and repairs do not happen.",
)


@check(
    title=Text("Jam portal", "The portal's clock"),
    meaning=Text(
        "“satudata tick” berjalan tiap menit, dan tidak ada bagiannya yang gagal.",
        "“satudata tick” runs every minute, and none of its parts fails.",
    ),
)
def look() -> Iterator[Finding]:
    last = clock.last_tick()
    if last is None or now() - last.at > STOPPED:
        yield finding(
            "clock.stopped",
            "error",
            what=STANDS_STILL if last is not None else NEVER,
            why=WHY,
            remedy=Text(
                "Jalankan perintah ini sebagai layanan, atau “satudata tick” dari cron tiap menit.",
                "Run this command as a service, or “satudata tick” from cron each minute.",
            ),
            command=COMMAND,
            when=last.at.isoformat(timespec="minutes") if last is not None else "",
        )
    if last is not None and last.failed:
        yield finding(
            "clock.failing",
            "error",
            what=Text("Pekerjaan berkala gagal: {names}.", "Periodic work fails: {names}."),
            why=WHY,
            remedy=Text(
                "Sebabnya tertulis di log proses itu (cari “tick:”).", "The log of that process says why (“tick:”)."
            ),
            command="ckan -c ckan.ini satudata tick",
            items=last.failed,
            names=", ".join(last.failed),
        )
