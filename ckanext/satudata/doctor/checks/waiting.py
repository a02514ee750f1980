"""Nothing waits that should be done: mails, tables, index entries, checks, swaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, Severity, finding
from ckanext.satudata.doctor.registry import check


@dataclass(frozen=True, slots=True)
class Waiting:
    """A table of work: which rows wait (``:before``: since this moment), how long is too long, and what it means."""

    name: str
    table: str
    query: str
    minutes: int
    severity: Severity
    what: Text
    why: Text


WORK = (
    Waiting(
        "mail", "satudata_outbox",
        "select key from satudata_outbox where state = 'waiting' and created < :before order by created",
        60, "warning",
        Text("{count} surel menunggu lebih dari satu jam.", "{count} mails have waited for more than an hour."),
        Text("Orang belum tahu bahwa giliran mereka tiba.", "People do not know yet that it is their turn."),
    ),
    Waiting(
        "mail_given_up", "satudata_outbox",
        "select coalesce(last_error, key) from satudata_outbox where state = 'dropped' and created > :before",
        7 * 24 * 60, "warning",
        Text("{count} surel gagal terkirim minggu ini.", "{count} mails of this week could not be sent."),
        Text("Penerimanya tidak akan mendapatkannya lagi.", "Their recipients will not get them any more."),
    ),
    Waiting(
        "tables", "satudata_rows",
        "select resource_id from satudata_rows where state = 'pending' and next_try < :before order by next_try",
        30, "warning",
        Text("{count} tabel belum dimuat ke DataStore.", "{count} tables are not in the DataStore yet."),
        Text("Data yang sudah terbit belum terbaca lewat API.", "Published data cannot be read through the API."),
    ),
    Waiting(
        "tables_failed", "satudata_rows",
        "select resource_id from satudata_rows where state = 'failed' and :before is not null order by changed",
        0, "error",
        Text("{count} tabel gagal dimuat ke DataStore.", "{count} tables could not be put into the DataStore."),
        Text("Data yang sudah terbit tidak terbaca lewat API.", "Published data cannot be read through the API."),
    ),
    Waiting(
        "index", "satudata_reindex",
        "select dataset_id from satudata_reindex where since < :before order by since",
        10, "error",
        Text("{count} dataset menunggu indeks pencarian.", "{count} datasets wait for the search index."),
        Text("Pencarian belum mengikuti keputusan.", "The search does not follow the decisions."),
    ),
    Waiting(
        "swaps", "satudata_swap",
        "select dataset_id from satudata_swap where state = 'committed' and changed < :before order by changed",
        5, "error",
        Text("{count} versi baru belum selesai dipasang.", "{count} new versions are not wholly in place."),
        Text("Keterangannya baru, tabelnya mungkin masih yang lama.", "The words are new, the table may be old."),
    ),
    Waiting(
        "checks", "satudata_qa_run",
        "select resource_id from satudata_qa_run where state in ('queued', 'running') and queued < :before",
        60, "error",
        Text("{count} tabel menunggu diperiksa lebih dari satu jam.", "{count} tables wait to be checked for an hour."),
        Text("Tanpa laporan, datanya tidak dapat diajukan.", "Without a report the data cannot be submitted."),
    ),
)  # fmt: skip
REMEDY = Text(
    "Pastikan worker dan jam portal hidup; sebabnya ada di log mereka.",
    "See that the worker and the clock are alive; their logs say why.",
)


@check(
    title=Text("Pekerjaan yang tertunda", "Work that waits"),
    meaning=Text(
        "Surel, tabel, indeks, dan pemeriksaan tidak menunggu lebih lama dari seharusnya.",
        "Mails, tables, index entries and checks wait no longer than they should.",
    ),
)
def look() -> Iterator[Finding]:
    for work in WORK:
        before = now() - timedelta(minutes=work.minutes)
        found = [str(one) for one in model.Session.execute(sa.text(work.query), {"before": before}).scalars()]
        if found:
            yield finding(
                f"waiting.{work.name}",
                work.severity,
                what=work.what,
                why=work.why,
                remedy=REMEDY,
                command="ckan -c ckan.ini satudata tick",
                items=found,
                count=len(found),
            )
