"""When something is due, by the term of a stage and a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.core.workflow.definition import Definition, Sla

DAYS = {"hari": 1, "minggu": 7}


def due(sla: Sla | None, start: datetime, calendar: Calendar) -> datetime | None:
    """The moment a term ends: terms in days end with the day, terms in minutes and hours at the minute.

    ``None`` without a term.
    """
    match sla:
        case None:
            return None
        case Sla(value, "menit"):
            return start + timedelta(minutes=value)
        case Sla(value, "jam"):
            return start + timedelta(hours=value)
        case Sla(value, "hari_kerja"):
            return calendar.due(start, value)
        case Sla(value, unit):
            return calendar.end_of_day(calendar.local_date(start) + timedelta(days=value * DAYS[unit]))


def term(definition: Definition, state: str, stage: str | None) -> Sla | None:
    """The term that runs in a state: that of the stage in review, that of publishing when verified, of submitting again
    when returned."""
    if state == "in_review":
        here = definition.stage(stage)
        return here.sla if here is not None else None
    waiting = {"verified": "publish", "revision": "submit"}.get(state)
    rule = definition.transitions.get(waiting) if waiting is not None else None
    return rule.sla if rule is not None else None
