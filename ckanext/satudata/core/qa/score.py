"""The score of a file, 0 to 100, by a formula everybody can work out again.

It starts at 100. Every check with findings takes points once, for its heaviest finding::

    points = weight of the severity × weight of the principle × weight of the dimension × (0.4 + 0.6 × share)

``share`` is the part of the table's rows the finding touches, 1 where it is about the table as a whole. Each check
serves one of the four principles of Satu Data (Perpres 39/2019 Pasal 3) and one of the five dimensions of quality
(EPSS), so the points lost add up by either. A score is not below 0; a file that cannot be read has none. What people
say to a finding (:mod:`replies`) changes nothing: the score is the file's, not the judgement's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ckanext.satudata.core.qa.findings import SEVERITIES
from ckanext.satudata.core.qa.registry import DIMENSIONS, PRINCIPLES, checks
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.core.text import Text

BASE, BY_SHARE = 0.4, 0.6
SEVERITY = {"error": 25.0, "warning": 8.0, "question": 2.0, "info": 0.0}

PRINCIPLE_LABELS = {
    "standar_data": Text("Standar Data", "Data standard"),
    "metadata": Text("Metadata", "Metadata"),
    "interoperabilitas": Text("Interoperabilitas", "Interoperability"),
    "kode_referensi": Text("Kode Referensi dan Data Induk", "Reference codes and master data"),
}
DIMENSION_LABELS = {
    "relevansi": Text("Relevansi", "Relevance"),
    "akurasi": Text("Akurasi", "Accuracy"),
    "aktualitas": Text("Aktualitas dan ketepatan waktu", "Timeliness"),
    "aksesibilitas": Text("Aksesibilitas", "Accessibility"),
    "keterbandingan": Text("Keterbandingan dan konsistensi", "Comparability and consistency"),
}
_PARTS = {"tingkat": SEVERITIES, "prinsip": PRINCIPLES, "dimensi": DIMENSIONS}


def _ones(names: Iterable[str]) -> dict[str, float]:
    return dict.fromkeys(names, 1.0)


@dataclass(frozen=True)
class Weights:
    """How much a finding costs; the defaults count all principles and dimensions alike."""

    severities: Mapping[str, float] = field(default_factory=lambda: dict(SEVERITY))
    principles: Mapping[str, float] = field(default_factory=lambda: _ones(PRINCIPLES))
    dimensions: Mapping[str, float] = field(default_factory=lambda: _ones(DIMENSIONS))

    def points(self, severity: str, share: float, principle: str, dimension: str) -> float:
        """What one finding costs, in hundredths of a point."""
        weight = self.severities[severity] * self.principles[principle] * self.dimensions[dimension]
        return round(weight * (BASE + BY_SHARE * share), 2)

    def to_list(self) -> list[Any]:
        """For the version of the rules."""
        return [sorted(part.items()) for part in (self.severities, self.principles, self.dimensions)]

    @classmethod
    def from_dict(cls, data: Any) -> Weights:
        """``{"tingkat": {…}, "prinsip": {…}, "dimensi": {…}}``, each part and each name optional; ``ValueError`` names
        what is unknown, or no number from 0 on."""
        given: Any = {} if data is None else data
        if not isinstance(given, Mapping) or not set(cast("Mapping[str, Any]", given)) <= set(_PARTS):
            raise ValueError(f"bobot has the parts {', '.join(_PARTS)}")
        parts = {name: _numbers(name, cast("Mapping[str, Any]", given).get(name)) for name in _PARTS}
        return cls(
            {**SEVERITY, **parts["tingkat"]},
            {**_ones(PRINCIPLES), **parts["prinsip"]},
            {**_ones(DIMENSIONS), **parts["dimensi"]},
        )


def _numbers(part: str, data: Any) -> dict[str, float]:
    given: Any = {} if data is None else data
    if not isinstance(given, Mapping):
        raise ValueError(f"bobot, {part}: names with numbers are expected")
    found: dict[str, float] = {}
    for name, value in cast("Mapping[str, Any]", given).items():
        if name not in _PARTS[part]:
            raise ValueError(f"bobot, {part}: '{name}' is not known; there are {', '.join(_PARTS[part])}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            raise ValueError(f"bobot, {part}, {name}: {value!r} is no number from 0 on")
        found[name] = float(value)
    return found


def score(findings: Iterable[Finding]) -> float:
    """What is left of a hundred."""
    return _left(finding.points for finding in findings)


def _left(points: Iterable[float]) -> float:
    return round(max(0.0, 100.0 - sum(points)), 1)


@dataclass(frozen=True, slots=True)
class Part:
    """One principle or dimension: points lost there, what is left of a hundred, the findings (by number from 1) that
    cost them."""

    key: str
    label: Text
    lost: float
    score: float
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """How a score came about. ``lost`` is the same by principles and by dimensions; beyond 100 the score is 0.

    Of a check this version does not know, the points are in ``lost`` only.
    """

    score: float
    lost: float
    principles: tuple[Part, ...]
    dimensions: tuple[Part, ...]


def account(findings: Iterable[Finding]) -> Account:
    """Where the points of these findings (of one report, in its order) were lost."""
    costing = [(number, finding) for number, finding in enumerate(findings, 1) if finding.points]
    known = checks()
    served = {number: known[finding.check] for number, finding in costing if finding.check in known}
    points = {number: finding.points for number, finding in costing}

    def part(key: str, label: Text, numbers: list[int]) -> Part:
        lost = [points[number] for number in numbers]
        return Part(key, label, round(sum(lost), 2), _left(lost), tuple(numbers))

    return Account(
        score=_left(points.values()),
        lost=round(sum(points.values()), 2),
        principles=tuple(
            part(key, PRINCIPLE_LABELS[key], [number for number, check in served.items() if check.principle == key])
            for key in PRINCIPLES
        ),
        dimensions=tuple(
            part(key, DIMENSION_LABELS[key], [number for number, check in served.items() if check.dimension == key])
            for key in DIMENSIONS
        ),
    )
