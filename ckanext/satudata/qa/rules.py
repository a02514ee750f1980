"""Under which rules a check is made now: the checks, the checklist, the editions of the reference lists.

The version of the checks is that of the core (ids, versions, weights, parameters); reading it needs no polars.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import contributions
from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.gate import Gate
from ckanext.satudata.qa.facts import Facts

CHECKLIST = "umum"


@dataclass(frozen=True)
class Rules:
    """``key`` changes when a check, the checklist or a reference list changes; ``lists`` are files by list key."""

    key: str
    checklist: str
    rulebooks: tuple[str, ...]
    lists: Mapping[str, str]

    def under(self, facts: Facts) -> str:
        """What a run is kept under: these rules and what the description says; the part before the dot is ``key``."""
        return f"{self.key}.{facts.key}"


def current() -> Rules:
    """The rules of this moment."""
    lists = _reference_files()
    rulebooks = tuple(str(folder) for folder in contributions.rulebooks()[:-1])
    digest = hashlib.sha256(_rule_version(rulebooks).encode())
    for key, path in sorted(lists.items()):
        digest.update(f"\n{key} {Path(path).name}".encode())  # the name carries the content's hash
    return Rules(digest.hexdigest()[:32], CHECKLIST, rulebooks, lists)


def _reference_files() -> dict[str, str]:
    answer = tk.get_action("satudata_reference_files")({"ignore_auth": True}, {})
    return {str(key): str(path) for key, path in answer.items()}


def gate() -> Gate:
    """What the steps of the workflow ask of findings, and who sets them aside."""
    return _loaded(tuple(str(folder) for folder in contributions.rulebooks()[:-1])).gate


def _rule_version(rulebooks: tuple[str, ...]) -> str:
    return _loaded(rulebooks).rule_version


@cache
def _loaded(rulebooks: tuple[str, ...]) -> checklist.Checklist:
    return checklist.load(CHECKLIST, [Path(folder) for folder in rulebooks])
