"""When something is due, by the term of a stage or of the producer, and a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.core.workflow.definition import Definition, Sla

DAYS = {"hari": 1, "minggu": 7}

# One period of the data, by the codes of `rulebook/reference/frekuensi.csv`. What comes irregularly has none.
PERIODS: dict[str, Sla] = {
    "harian": Sla(1, "hari"),
    "mingguan": Sla(1, "minggu"),
    "bulanan": Sla(1, "bulan"),
    "triwulanan": Sla(3, "bulan"),
    "empat_bulanan": Sla(4, "bulan"),
    "semesteran": Sla(6, "bulan"),
    "tahunan": Sla(12, "bulan"),
    "dua_tahunan": Sla(24, "bulan"),
}


def due(sla: Sla | None, start: datetime, calendar: Calendar, *, frequency: str | None = None) -> datetime | None:
    """The moment a term ends. ``frequency`` is the data's, for a term of one period.

    Terms in days, weeks and months end with the day. Minutes and hours run on the wall clock, office hours
    (``jam_kerja``) while offices are open. ``None`` without a term, and for data that come irregularly.
    """
    match sla:
        case None:
            return None
        case Sla(value, "menit"):
            return start + timedelta(minutes=value)
        case Sla(value, "jam"):
            return start + timedelta(hours=value)
        case Sla(value, "jam_kerja"):
            return calendar.hours_due(start, value * 60)
        case Sla(value, "hari_kerja"):
            return calendar.due(start, value)
        case Sla(value, "bulan"):
            return calendar.months_due(start, value)
        case Sla(_, "frekuensi"):
            return due(PERIODS.get(frequency or ""), start, calendar)
        case Sla(value, unit):
            return calendar.end_of_day(calendar.local_date(start) + timedelta(days=value * DAYS[unit]))


def terms(definition: Definition, state: str, stage: str | None, *, rounds: int = 0) -> tuple[Sla, ...]:
    """The terms that run one after another in a state.

    In review that of the stage, verified that of publishing. Returned: to repair, then to submit again. A draft that
    was never submitted (``rounds`` 0): to collect, then to deliver.
    """
    producer = definition.producer
    match state:
        case "in_review":
            here = definition.stage(stage)
            found = [here.sla if here is not None else None]
        case "verified":
            publish = definition.transitions.get("publish")
            found = [publish.sla if publish is not None and definition.publishes else None]
        case "revision":
            submit = definition.transitions.get("submit")
            found = [producer.repair, producer.resubmit]
            if found == [None, None]:
                found = [submit.sla if submit is not None else None]
        case "draft" if rounds == 0:
            found = [producer.collect, producer.first]
        case _:
            found = []
    return tuple(found_term for found_term in found if found_term is not None)


def ends(
    definition: Definition,
    state: str,
    stage: str | None,
    start: datetime,
    calendar: Calendar,
    *,
    frequency: str | None = None,
    rounds: int = 0,
) -> tuple[datetime, ...]:
    """The ends of :func:`terms` in sequence, from ``start``: the last is the due date, a reminder falls on each before.

    A term of a period of irregular data has no end; then nothing behind it has one.
    """
    found: list[datetime] = []
    for wanted in terms(definition, state, stage, rounds=rounds):
        end = due(wanted, found[-1] if found else start, calendar, frequency=frequency)
        if end is None:
            return ()
        found.append(end)
    return tuple(found)


def due_at(
    definition: Definition,
    state: str,
    stage: str | None,
    start: datetime,
    calendar: Calendar,
    *,
    frequency: str | None = None,
    rounds: int = 0,
) -> datetime | None:
    """When a case that came into this state at ``start`` is due; ``None`` when it is not."""
    found = ends(definition, state, stage, start, calendar, frequency=frequency, rounds=rounds)
    return found[-1] if found else None


def term(definition: Definition, state: str, stage: str | None) -> Sla | None:
    """The first of :func:`terms` of a case that was submitted once; ``None`` when there is none."""
    return next(iter(terms(definition, state, stage, rounds=1)), None)
