"""The register: every decision of the portal in one list, for people, for print and for spreadsheets.

The SOPs ask for records *dalam sistem informasi dan manual*: the list can be filtered, printed and exported.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import defer

from ckanext.satudata.bridge import organizations, roles, spreadsheets, terms
from ckanext.satudata.bridge.language import language
from ckanext.satudata.workflow.model import CaseRow, EventRow
from ckanext.satudata.workflow.records import history
from ckanext.satudata.workflow.standing import reading

# Header of an export → value of a row. The words are those of the registers the offices keep by hand.
COLUMNS: dict[str, str] = {
    "nomor": "number",
    "waktu": "at",
    "tanggal_kejadian": "happened",
    "dataset": "title",
    "id_dataset": "subject_id",
    "organisasi": "organization",
    "langkah": "label",
    "dari": "from_label",
    "ke": "to_label",
    "putaran": "round",
    "petugas": "actor",
    "peran": "role",
    "atas_nama": "deputy",
    "alasan": "reason_label",
    "catatan": "note",
    "bukti": "evidence",
    "nomor_surat": "letter",
    "tenggat": "due",
    "cara": "channel",
}
WINDOW = 1000  # rows read at once by an export


@dataclass(frozen=True, slots=True)
class Asked:
    """Which decisions; ``organizations`` ``None``: those of all. ``reader``: only of cases this person may read."""

    since: datetime | None = None
    until: datetime | None = None
    organizations: tuple[str, ...] | None = None
    transition: str | None = None
    q: str = ""
    reader: str | None = None


def asked(data: Mapping[str, Any], user_id: str | None = None) -> Asked:
    """The filter of ``satudata_register``; with ``user_id`` narrowed to the organizations that user may look into.

    :raises ValidationError: a date that is none, an unknown organization
    """
    chosen = data.get("organization")
    group = model.Group.get(chosen) if chosen else None
    if chosen and (group is None or not group.is_organization):
        raise tk.ValidationError({"organization": [tk._("There is no such organization.")]})
    allowed = readable(user_id) if user_id is not None else None
    wanted = (group.id,) if group is not None else None
    if allowed is not None:
        wanted = tuple(one for one in allowed if wanted is None or one in wanted)
    return Asked(
        since=_day(data, "since", after=0),
        until=_day(data, "until", after=1),
        organizations=wanted,
        transition=data.get("transition") or None,
        q=str(data.get("q") or ""),
        reader=user_id,
    )


def readable(user_id: str) -> list[str] | None:
    """Organizations whose decisions a user may read; ``None`` for all."""
    held = roles.roles_of(user_id)
    if roles.is_sysadmin(user_id) or any(grant.organization_id is None for grant in held):
        return None
    places = {place.organization_id for place in roles.memberships_of(user_id)}
    return sorted(places | {grant.organization_id for grant in held if grant.organization_id is not None})


def page(chosen: Asked, limit: int, offset: int) -> dict[str, Any]:
    """A window of the register, newest first, with the number of all rows."""
    count = sa.select(sa.func.count()).select_from(EventRow).join(CaseRow, CaseRow.id == EventRow.case_id)
    total = int(model.Session.execute(count.where(*_conditions(chosen))).scalar_one())
    found = _found(chosen, newest=True).limit(limit).offset(offset)
    rows = _rows(list(model.Session.execute(found)))
    return {"count": total, "limit": limit, "offset": offset, "results": rows}


def export(chosen: Asked, form: str) -> Iterator[str]:
    """All rows, oldest first, as pieces of a CSV (with a BOM, for Excel) or of a JSON list."""
    if form == "json":
        yield "["
        for number, row in enumerate(_all(chosen)):
            yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False)
        yield "\n]\n"
        return
    yield spreadsheets.MARK + _line(COLUMNS)
    for row in _all(chosen):
        yield _line(spreadsheets.cell(row[key]) for key in COLUMNS.values())


def _all(chosen: Asked) -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        query = _found(chosen, newest=False).where(EventRow.seq > last).limit(WINDOW)
        found = list(model.Session.execute(query))
        if not found:
            return
        last = found[-1][0].seq
        yield from _rows(found)
        model.Session.expunge_all()


def _found(chosen: Asked, *, newest: bool) -> Any:
    order = EventRow.seq.desc() if newest else EventRow.seq.asc()
    query = sa.select(EventRow, CaseRow.title, CaseRow.organization_id).join(CaseRow, CaseRow.id == EventRow.case_id)
    return query.options(defer(EventRow.snapshot)).where(*_conditions(chosen)).order_by(order)


def _conditions(chosen: Asked) -> list[Any]:
    conditions: list[Any] = []
    if chosen.since is not None:
        conditions.append(EventRow.created >= chosen.since)
    if chosen.until is not None:
        conditions.append(EventRow.created < chosen.until)
    if chosen.organizations is not None:
        conditions.append(CaseRow.organization_id.in_(chosen.organizations))
    visible = reading.readable(chosen.reader) if chosen.reader is not None else None
    if visible is not None:
        conditions.append(visible)
    if chosen.transition:
        conditions.append(EventRow.transition == chosen.transition)
    for word in chosen.q.split():
        conditions.append(CaseRow.title.ilike("%" + word.replace("\\", "\\\\").replace("%", "\\%") + "%", escape="\\"))
    return conditions


def _rows(found: Iterable[Any]) -> list[dict[str, Any]]:
    spoken = language()
    listed = list(found)
    events = [event for event, _, _ in listed]
    people = history.people({event.actor_id for event in events} | {e.deputy_of for e in events if e.deputy_of})
    offices = organizations.titles({place for _, _, place in listed if place})
    rows: list[dict[str, Any]] = []
    for event, title, place in listed:
        told = history.dictize(event, people, spoken)
        rows.append(
            {
                "number": event.seq,
                "id": event.id,
                "subject_type": event.subject_type,
                "subject_id": event.subject_id,
                "title": title,
                "organization_id": place,
                "organization": offices.get(place or "", ""),
                "from_label": told["from_stage_label"] or told["from_state_label"],
                "to_label": told["to_stage_label"] or told["to_state_label"],
                "actor": told["actor"]["display_name"] or told["actor"]["id"],
                "role": told["title"],
                "deputy": told["deputy_of"],
                "evidence": ", ".join(item["name"] for item in told["evidence"]),
                **{
                    key: told[key]
                    for key in ("at", "happened", "transition", "label", "round", "reason_label", "note", "letter")
                },
                **{key: told[key] for key in ("due", "late", "channel", "override", "automatic")},
            }
        )
    return rows


def _line(cells: Iterable[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _day(data: Mapping[str, Any], key: str, *, after: int) -> datetime | None:
    """The beginning of a day of the portal's zone (``after`` days later)."""
    value = data.get(key)
    if not value:
        return None
    try:
        day = datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007 (only its date is used)
        return datetime.combine(day + timedelta(days=after), time(0), ZoneInfo(terms.calendar().timezone))
    except (ValueError, OverflowError) as error:
        raise tk.ValidationError({key: [tk._("Write the date as 2026-01-31.")]}) from error
