"""Checklists: which checks count, how heavy, with which parameters; YAML files in ``rulebook/checklists``.

::

    judul: {id: Pemeriksaan umum, en: General checks}
    pemeriksaan: semua            # or a list of ids
    kecuali: [KR-03]              # left out
    atur:                         # changed
      KR-02: {tingkat: warning}
      IS-04: {parameter: {least: 3}}
    bobot:                        # weights of the score: core/qa/score.py
      tingkat: {question: 1}
    gerbang:                      # what a step of the workflow asks, and who sets findings aside: core/qa/gate.py
      submit: {error: perbaiki}
    kesampingkan: {oleh: [walidata]}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.findings import SEVERITIES, Severity
from ckanext.satudata.core.qa.gate import Gate
from ckanext.satudata.core.qa.registry import Check, checks
from ckanext.satudata.core.qa.score import Weights

RULEBOOK = Path(__file__).resolve().parents[2] / "rulebook"
_KEYS = {"judul", "pemeriksaan", "kecuali", "atur", "bobot", "gerbang", "kesampingkan"}


class ChecklistError(ValueError):
    """A checklist that cannot be used; says which file and why."""


@dataclass(frozen=True)
class Item:
    """A check as this checklist wants it."""

    check: Check
    severity: Severity | None  # None: as the check says
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Checklist:
    """``gate`` is no part of the rule version: what a step asks changes no report."""

    name: str
    items: tuple[Item, ...]
    weights: Weights = field(default_factory=Weights)
    gate: Gate = field(default_factory=Gate)

    @property
    def rule_version(self) -> str:
        """Twelve digits that change whenever a check, its version, its parameters or a weight does."""
        described = [
            [item.check.id, item.check.version, item.severity or item.check.severity, dict(item.parameters)]
            for item in self.items
        ]
        text = json.dumps([described, self.weights.to_list()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def load(name: str | None = None, rulebooks: Iterable[Path] = ()) -> Checklist:
    """The checklist ``name`` (default ``umum``) from the first rulebook folder that has it, ours last."""
    name = name or "umum"
    for rulebook in (*rulebooks, RULEBOOK):
        path = Path(rulebook) / "checklists" / f"{name}.yaml"
        if path.is_file():
            import yaml

            try:
                return from_dict(name, yaml.safe_load(path.read_text("utf-8")) or {})
            except yaml.YAMLError as error:
                raise ChecklistError(f"{path.name}: {error}") from error
    raise ChecklistError(f"checklist '{name}' is in no rulebook")


def from_dict(name: str, data: Mapping[str, Any]) -> Checklist:
    """Check and resolve plain data; raises :class:`ChecklistError` naming the first mistake."""
    known = checks()
    if not set(data) <= _KEYS:
        raise ChecklistError(f"{name}: unknown keys {sorted(set(data) - _KEYS)}")
    wanted = data.get("pemeriksaan", "semua")
    ids = list(known) if wanted == "semua" else list(wanted)
    left_out = set(data.get("kecuali") or ())
    changes: Mapping[str, Any] = data.get("atur") or {}
    unknown = ({*ids} | left_out | set(changes)) - set(known)
    if unknown:
        raise ChecklistError(f"{name}: unknown checks {sorted(unknown)}")
    items = tuple(_item(name, known[key], changes.get(key) or {}) for key in ids if key not in left_out)
    try:
        weights = Weights.from_dict(data.get("bobot"))
        gate = Gate.from_dict(data.get("gerbang"), data.get("kesampingkan"), known)
    except ValueError as error:
        raise ChecklistError(f"{name}: {error}") from error
    return Checklist(name, items, weights, gate)


def _item(name: str, check: Check, change: Mapping[str, Any]) -> Item:
    severity = change.get("tingkat")
    if severity is not None and severity not in SEVERITIES:
        raise ChecklistError(f"{name}, {check.id}: unknown severity '{severity}'")
    parameters = dict(change.get("parameter") or {})
    if not set(parameters) <= set(check.parameters):
        raise ChecklistError(
            f"{name}, {check.id}: unknown parameters {sorted(set(parameters) - set(check.parameters))}"
        )
    return Item(check, severity, {**check.parameters, **parameters})
