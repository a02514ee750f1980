"""The search index holds what the database holds: nothing missing, nothing left over, nothing old, nothing open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.lib.search.common import make_connection

from ckanext.satudata.bridge import reviewing
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, Severity, finding
from ckanext.satudata.doctor.registry import check

PAGE = 5000
# What was written just now may not have reached the index yet; moments of the index are rounded.
JUST_NOW = timedelta(minutes=2)
ROUNDED = timedelta(milliseconds=20)
ROWS = """
select p.id, p.metadata_modified, p.private is not true as open, p.owner_org,
       exists (select 1 from satudata_exempt_type t where t.type = coalesce(p.type, 'dataset')) as exempt,
       p.private is not true and p.state = 'active' and (
         coalesce(c.approved, false) or e.mode = 'observe'
         or exists (select 1 from satudata_exempt_type t where t.type = coalesce(p.type, 'dataset'))) as public
  from package p
  left join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
  left join satudata_enforcement e on e.organization_id = p.owner_org
 where p.state <> 'deleted'
"""
REVIEW = "sd-review"  # how labels of reviewers begin, also those of older versions
WHY = Text(
    "Orang tidak menemukan data yang ada, atau menemukan yang sudah berubah.",
    "People do not find data that is there, or find what has changed since.",
)
REMEDY = Text("Bangun lagi indeks dataset yang disebut.", "Rebuild the index of the datasets named.")


class _Row(NamedTuple):
    modified: datetime
    open: bool
    public: bool
    organization: str | None
    exempt: bool


class _Entry(NamedTuple):
    modified: datetime
    open: bool


@check(
    title=Text("Indeks pencarian", "Search index"),
    meaning=Text(
        "Isi Solr sama dengan isi basis data, dan tidak memperlihatkan yang tertutup.",
        "Solr holds what the database holds, and shows nothing that is closed.",
    ),
    outside=True,
)
def look() -> Iterator[Finding]:
    solr: Any = make_connection(decode_dates=False)
    entries, readable = _entries(solr), _readable(solr)
    rows = {
        row.id: _Row(row.metadata_modified, row.open, row.public, row.owner_org, row.exempt)
        for row in model.Session.execute(sa.text(ROWS))
    }
    settled = now().replace(tzinfo=None) - JUST_NOW
    old = {key for key, row in rows.items() if row.modified < settled}
    yield from _told(
        "public", "error", readable & old - {key for key in old if rows[key].public},
        Text("{count} dataset tertutup terbaca di pencarian.", "{count} closed datasets are readable by search."),
    )  # fmt: skip
    too_many, too_few = _wrong_readers(solr, rows)
    yield from _told(
        "readers", "error", too_many & old,
        Text("{count} dataset terbaca di pencarian oleh pemeriksa yang tahapnya sudah lewat.",
             "{count} datasets are readable by search for reviewers whose stage is over."),
    )  # fmt: skip
    yield from _told(
        "unseen", "warning", (too_few - too_many) & old,
        Text("{count} dataset tidak ditemukan oleh pemeriksanya.", "{count} datasets are hidden from their reviewers."),
    )  # fmt: skip
    yield from _told(
        "left_over", "error" if (set(entries) - set(rows)) & readable else "warning", set(entries) - set(rows),
        Text("{count} entri tanpa dataset.", "{count} entries without a dataset."),
    )  # fmt: skip
    yield from _told(
        "missing", "warning", old - set(entries),
        Text("{count} dataset tidak ada di indeks.", "{count} datasets are not in the index."),
    )  # fmt: skip
    yield from _told(
        "stale", "warning", {key for key in old & set(entries) if _is_stale(rows[key], entries[key])},
        Text("{count} entri tidak mengikuti basis data.", "{count} entries do not follow the database."),
    )  # fmt: skip


def _told(what: str, severity: Severity, found: set[str], sentence: Text) -> Iterator[Finding]:
    if not found:
        return
    ids, order = sorted(found), "clear" if what == "left_over" else "rebuild"
    # without an id, `clear` empties the whole index
    one = f" {ids[0]}" if len(ids) == 1 or order == "clear" else ""
    command = f"ckan -c ckan.ini search-index {order}{one}"
    name, count = f"search_index.{what}", len(ids)
    yield finding(name, severity, what=sentence, why=WHY, remedy=REMEDY, command=command, items=ids, count=count)


def _is_stale(row: _Row, entry: _Entry) -> bool:
    return row.open != entry.open or abs(row.modified - entry.modified) > ROUNDED


def _entries(solr: Any) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for entry in _all(solr, "id,metadata_modified,capacity"):
        found[entry["id"]] = _Entry(_moment(entry["metadata_modified"]), entry.get("capacity") == "public")
    return found


def _readable(solr: Any) -> set[str]:
    """Ids a visitor is shown: what counts for them are the labels."""
    return {entry["id"] for entry in _all(solr, "id", "permission_labels:public")}


def _wrong_readers(solr: Any, rows: dict[str, _Row]) -> tuple[set[str], set[str]]:
    """Hidden datasets whose entry names reviewers who may not read them, and those that lack some."""
    named: dict[str, set[str]] = {
        entry["id"]: set()
        for entry in _all(solr, "id", "-permission_labels:public")
        if entry["id"] in rows and not rows[entry["id"]].exempt
    }
    for label in _review_labels(solr):  # labels can be asked for, but are not kept as words
        for entry in _all(solr, "id", f'permission_labels:"{label}"'):
            if entry["id"] in named:
                named[entry["id"]].add(label)
    ids, readers = sorted(named), dict[str, Any]()
    for begin in range(0, len(ids), PAGE):
        readers.update(reviewing.readers_of(ids[begin : begin + PAGE]))
    wanted = {key: set(reviewing.labels_of(found, rows[key].organization)) for key, found in readers.items()}
    return {key for key in ids if named[key] - wanted[key]}, {key for key in ids if wanted[key] - named[key]}


def _review_labels(solr: Any) -> list[str]:
    asked = {"facet": "true", "facet.field": "permission_labels", "facet.prefix": REVIEW, "facet.mincount": 1}
    found = solr.search("*:*", fq=[f'site_id:"{config["ckan.site_id"]}"'], rows=0, **asked, **{"facet.limit": -1})
    return list(found.facets["facet_fields"]["permission_labels"][::2])


def _all(solr: Any, fields: str, *more: str) -> Iterator[dict[str, Any]]:
    cursor, wanted = "*", ["entity_type:package", f'site_id:"{config["ckan.site_id"]}"', *more]
    while True:
        page = solr.search("*:*", fq=wanted, fl=fields, rows=PAGE, sort="index_id asc", cursorMark=cursor)
        yield from page.docs
        if page.nextCursorMark == cursor:
            return
        cursor = page.nextCursorMark


def _moment(text: str) -> datetime:
    # rows hold UTC without saying so
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC).replace(tzinfo=None)
