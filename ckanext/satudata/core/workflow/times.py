"""Actual time against *mutu baku*: how long each step of an SOP really took beside what it allows.

An SOP is an *alat penilaian kinerja*: each of its rows states a time. A **visit** is one stay of one case in one step.
Time spent with the producer is a step of its own and never counts for the reviewers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Generic, Literal, TypeVar

from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.core.workflow.definition import Sla

Group = TypeVar("Group", bound=Hashable)
Unit = Literal["hari_kerja", "jam"]
SHORT = frozenset({"menit", "jam", "jam_kerja"})


@dataclass(frozen=True, slots=True)
class Visit(Generic[Group]):
    """A case was in ``step`` from ``begin`` to ``end``; ``due`` is the deadline that ran then, if any."""

    step: str
    group: Group
    begin: datetime
    end: datetime
    term: Sla | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary(Generic[Group]):
    """The visits of one group. Times are in ``unit``: working days (0: the same day), or hours for short terms.

    ``on_time`` counts visits that ended by their deadline, of the ``with_due`` that had one.
    """

    step: str
    group: Group
    count: int
    with_due: int
    on_time: int
    unit: Unit
    median: float
    ninth_decile: float
    longest: float
    term: Sla | None


def summarise(visits: Iterable[Visit[Group]], calendar: Calendar) -> list[Summary[Group]]:
    """One summary for each group and step, in the order in which they were first met."""
    kept: dict[tuple[Group, str], list[Visit[Group]]] = {}
    for visit in visits:
        kept.setdefault((visit.group, visit.step), []).append(visit)
    return [_summary(found, calendar) for found in kept.values()]


def _summary(visits: Sequence[Visit[Group]], calendar: Calendar) -> Summary[Group]:
    latest = max(visits, key=lambda visit: visit.end)
    unit: Unit = "jam" if latest.term is not None and latest.term.unit in SHORT else "hari_kerja"
    measure: Callable[[Visit[Group]], float] = _hours if unit == "jam" else lambda visit: _working_days(visit, calendar)
    took = sorted(measure(visit) for visit in visits)
    timed = [visit for visit in visits if visit.due is not None]
    return Summary(
        step=latest.step,
        group=latest.group,
        count=len(visits),
        with_due=len(timed),
        on_time=sum(1 for visit in timed if visit.due is not None and visit.end <= visit.due),
        unit=unit,
        median=_median(took),
        ninth_decile=took[ceil(0.9 * len(took)) - 1],
        longest=took[-1],
        term=latest.term,
    )


def _hours(visit: Visit[Group]) -> float:
    return max(0.0, (visit.end - visit.begin).total_seconds() / 3600)


def _working_days(visit: Visit[Group], calendar: Calendar) -> float:
    return float(
        max(0, calendar.working_days_between(calendar.local_date(visit.begin), calendar.local_date(visit.end)))
    )


def _median(took: Sequence[float]) -> float:
    middle = len(took) // 2
    return took[middle] if len(took) % 2 else (took[middle - 1] + took[middle]) / 2
