"""A worker of background jobs is alive, and jobs do not pile up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import rq
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

# An idle worker says that it lives every seven minutes.
SILENT = timedelta(minutes=15)
PILED_UP = timedelta(minutes=30)
COMMAND = "ckan -c ckan.ini jobs worker"


@check(
    title=Text("Pekerja latar belakang", "Background worker"),
    meaning=Text(
        "Ada proses “jobs worker” yang hidup; ia memeriksa tabel dan mengirim surel.",
        "There is a live process “jobs worker”; it checks tables and sends mail.",
    ),
)
def look() -> Iterator[Finding]:
    alive = [one for one in rq.Worker.all(connection=connect_to_redis()) if _is_ours(one) and _is_alive(one)]
    if not alive:
        yield finding(
            "worker.none",
            "error",
            what=Text("Tidak ada worker yang hidup.", "No worker is alive."),
            why=Text(
                "Tabel yang diunggah tidak diperiksa, jadi tidak ada yang dapat mengajukan; surel tidak terkirim.",
                "Uploaded tables are not checked, so nobody can submit; mails are not sent.",
            ),
            remedy=Text(
                "Jalankan sebagai layanan yang hidup terus (systemd, supervisor).",
                "Run it as a service that is kept up (systemd, supervisor).",
            ),
            command=COMMAND,
        )
    waiting = _longest_waiting()
    if waiting is not None and waiting > PILED_UP:
        yield finding(
            "worker.behind",
            "warning",
            what=Text("Pekerjaan sudah menunggu {minutes} menit.", "Jobs have waited for {minutes} minutes."),
            why=Text(
                "Laporan pemeriksaan tabel terlambat; orang menunggu di depan layar.",
                "Reports on tables come late; people wait in front of their screens.",
            ),
            remedy=Text("Jalankan satu worker lagi.", "Run one more worker."),
            command=COMMAND,
            minutes=int(waiting.total_seconds() // 60),
        )


def _is_ours(worker: Any) -> bool:
    return jobs.add_queue_name_prefix(jobs.DEFAULT_QUEUE_NAME) in worker.queue_names()


def _is_alive(worker: Any) -> bool:
    return worker.last_heartbeat is not None and now() - _zoned(worker.last_heartbeat) < SILENT


def _longest_waiting() -> timedelta | None:
    first = jobs.get_queue().get_jobs(0, 1)
    since = first[0].enqueued_at if first else None
    return now() - _zoned(since) if since is not None else None


def _zoned(moment: datetime) -> datetime:
    # the RQ of CKAN 2.11 leaves the zone out
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
