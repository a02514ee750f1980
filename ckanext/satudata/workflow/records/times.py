"""Actual time against *mutu baku*, read from the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations, terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import times
from ckanext.satudata.core.workflow.definition import Definition, Sla
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.records import register

FIRST, REPAIR, PUBLISH = "first", "repair", "publish"
STEPS = {
    FIRST: Text("Penyerahan pertama oleh Produsen Data", "First delivery by the Produsen Data"),
    REPAIR: Text("Perbaikan oleh Produsen Data", "Repair by the Produsen Data"),
    PUBLISH: Text("Penerbitan", "Publication"),
}
# A step is over when one of these left it. Taking back, migrating or handing over ends no step of an SOP.
ENDED = """
select e.transition, e.from_state, e.from_stage, e.round, e.definition_id, e.due, e.created, e.happened,
       coalesce(e.since, before.created, c.created) as since, c.organization_id,
       to_char(e.created at time zone :zone, 'YYYY-MM') as month
  from satudata_event e
  join satudata_case c on c.id = e.case_id
  left join lateral (
    select p.created from satudata_event p
     where p.case_id = e.case_id and p.seq < e.seq
       and (p.from_state, coalesce(p.from_stage, '')) <> (p.to_state, coalesce(p.to_stage, ''))
     order by p.seq desc limit 1) as before on e.since is null
 where e.transition in ('submit', 'pass', 'return', 'reject', 'publish')
   and (cast(:since as timestamptz) is null or e.created >= :since)
   and (cast(:until as timestamptz) is null or e.created < :until)
   and (cast(:organizations as text[]) is null or c.organization_id = any(:organizations))
 order by e.seq
"""
# Id of the procedure's version, and id of the organization or month the row is about (empty: neither).
Place = tuple[str, str]
BY = ("stage", "organization", "month")


def report(chosen: register.Asked, by: str, workflow: str | None = None) -> dict[str, Any]:
    """See :func:`satudata_times`."""
    spoken, days = language(), terms.calendar()
    known = _Definitions()
    visits = [visit for visit in _visits(chosen, by, known) if workflow in (None, visit[0])]
    found = times.summarise((visit for _, visit in visits), days)
    offices = organizations.titles({s.group[1] for s in found if by == "organization" and s.group[1]})
    rows = [_row(summary, known, by, offices, spoken) for summary in found]
    order = {row["step"]: place for place, row in enumerate(rows)}
    rows.sort(key=lambda row: (row["workflow"], order[row["step"]], row["group_label"]))
    return {"by": by, "at": now().isoformat(), "rows": rows, "workflows": known.titles(spoken)}


def _row(
    summary: times.Summary[Place], known: _Definitions, by: str, offices: Mapping[str, str], spoken: str
) -> dict[str, Any]:
    definition_id, group = summary.group
    definition = known.of(definition_id)
    stage = definition.stage(summary.step)
    label = stage.label if stage is not None else STEPS.get(summary.step, Text(summary.step, summary.step))
    return {
        "workflow": definition.key,
        "workflow_title": definition.title.render(spoken),
        "step": summary.step,
        "step_label": label.render(spoken),
        "group": group or None,
        "group_label": offices.get(group, "") if by == "organization" else group or "",
        "term": summary.term.text().render(spoken) if summary.term is not None else None,
        "count": summary.count,
        "with_due": summary.with_due,
        "on_time": summary.on_time,
        "unit": summary.unit,
        "median": round(summary.median, 1),
        "ninth_decile": round(summary.ninth_decile, 1),
        "longest": round(summary.longest, 1),
    }


def _visits(chosen: register.Asked, by: str, known: _Definitions) -> Iterator[tuple[str, times.Visit[Place]]]:
    days = terms.calendar()
    asked = {
        "zone": days.timezone,
        "since": chosen.since,
        "until": chosen.until,
        "organizations": list(chosen.organizations) if chosen.organizations is not None else None,
    }
    for row in model.Session.execute(sa.text(ENDED), asked):
        step = _step(row)
        if step is None or row.definition_id is None:
            continue
        definition = known.of(row.definition_id)
        part = {"organization": row.organization_id or "", "month": row.month}.get(by, "")
        # A decision on paper ended when it was made, not when it was entered.
        end = min(row.created, days.end_of_day(row.happened)) if row.happened is not None else row.created
        term = _term(definition, step)
        visit = times.Visit(step, (known.first(definition.key, row.definition_id), part), row.since, end, term, row.due)
        yield definition.key, visit


def _step(row: Any) -> str | None:
    match row.transition, row.from_state:
        case "submit", "draft":
            return FIRST if row.round == 1 else None
        case "submit", "revision":
            return REPAIR
        case "publish", _:
            return PUBLISH
        case _, "in_review":
            return str(row.from_stage)
        case _:
            return None


def _term(definition: Definition, step: str) -> Sla | None:
    stage = definition.stage(step)
    if stage is not None:
        return stage.sla
    publish = definition.transitions.get("publish")
    own = {FIRST: definition.producer.first, REPAIR: definition.producer.repair}
    return publish.sla if step == PUBLISH and publish is not None else own.get(step)


class _Definitions:
    """The versions met, each read once; all versions of a workflow are told under its newest."""

    def __init__(self) -> None:
        self._by_id: dict[str, Definition] = {}
        self._newest: dict[str, str] = {}

    def of(self, definition_id: str) -> Definition:
        if definition_id not in self._by_id:
            self._by_id[definition_id] = definitions.stored(definition_id)
        return self._by_id[definition_id]

    def first(self, key: str, definition_id: str) -> str:
        return self._newest.setdefault(key, definition_id)

    def titles(self, spoken: str) -> list[dict[str, str]]:
        found = {key: self._by_id[first].title.render(spoken) for key, first in self._newest.items()}
        return [{"key": key, "title": title} for key, title in sorted(found.items())]
