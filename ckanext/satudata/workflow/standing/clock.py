"""Until when: the due date of a case where it stands, and the day published data should be brought up to date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ckanext.satudata.bridge import terms
from ckanext.satudata.core.workflow import sla
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.workflow.model import CaseRow

FREQUENCY = "frekuensi"


def due(row: CaseRow, definition: Definition, facts: Mapping[str, Any], start: datetime) -> datetime | None:
    """When the case is due where it stands, counted from ``start``; ``None`` where no term runs."""
    return sla.due_at(
        definition,
        row.state,
        row.stage,
        start,
        terms.calendar(),
        frequency=facts.get(FREQUENCY),
        rounds=row.round,
    )


def verify_due(facts: Mapping[str, Any], published: datetime) -> datetime | None:
    """The end of the period after which new data are expected; ``None`` for data that come irregularly."""
    return sla.due(sla.Sla(1, FREQUENCY), published, terms.calendar(), frequency=facts.get(FREQUENCY))
