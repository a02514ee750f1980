"""What is known about a dataset beside its file: given by the caller, because the core has neither clock nor metadata.

A check whose fact is not given answers *tidak berlaku* and names it (:func:`not_told`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ckanext.satudata.core.qa.findings import NotApplicable
from ckanext.satudata.core.text import Text


@dataclass(frozen=True, slots=True)
class About:
    """Facts by the name under which a check misses them; empty means not told.

    ``today``: the day of the judgement; ``title`` of the dataset; ``region``: the area it covers, as written in the
    metadata; ``first_period``, ``last_period``: what it covers in time (``2019``, ``2023-06``, ``2023-06-30``);
    ``unit``: the unit the metadata state; ``header_before``: the column names of the file before this one.
    """

    today: date | None = None
    title: str = ""
    region: str = ""
    first_period: str = ""
    last_period: str = ""
    unit: str = ""
    header_before: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> About:
        """Read plain data with the same keys (``today`` as an ISO date); raises ``ValueError`` for another key or an
        impossible day.
        """
        if unknown := set(data) - set(cls.__slots__):
            raise ValueError(f"unknown facts {sorted(unknown)}")
        today = data.get("today")
        return cls(
            today=date.fromisoformat(str(today)) if today else None,
            title=str(data.get("title") or ""),
            region=str(data.get("region") or ""),
            first_period=str(data.get("first_period") or ""),
            last_period=str(data.get("last_period") or ""),
            unit=str(data.get("unit") or ""),
            header_before=tuple(str(name) for name in data.get("header_before") or ()),
        )


_FACTS = {
    "today": Text("Hari pemeriksaan tidak diberitahukan.", "The day of the judgement was not told."),
    "coverage": Text("Cakupan waktu dataset belum diisi di metadata.", "The metadata do not state the period covered."),
    "unit": Text("Satuan belum diisi di metadata.", "The metadata state no unit."),
    "header_before": Text("Belum ada file sebelumnya untuk dibandingkan.", "There is no earlier file to compare with."),
}


def not_told(fact: str) -> NotApplicable:
    """The check needs ``fact`` (``today``, ``coverage``, ``unit``, ``header_before``), which the caller did not
    tell.
    """
    return NotApplicable(_FACTS[fact], fact)
