"""Checks are found, not listed: every module below ``checks/`` named ``<id>_<name>.py`` declares one check.

A check's words are written for the person who has to mend the file: documentation and reports are made from them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from ckanext.satudata.core.qa import checks as folder
from ckanext.satudata.core.qa.about import About
from ckanext.satudata.core.qa.dictionary import Bound
from ckanext.satudata.core.qa.findings import Found, NotApplicable, Severity
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.table.model import Source, Table
from ckanext.satudata.core.text import Text


@dataclass(frozen=True)
class Asked:
    """What a table check is asked about: a table, the data dictionary laid on it, the lists at hand, its parameters,
    what is known about the dataset beside the file, and the file the table stands in.
    """

    table: Table
    dictionary: Bound
    lists: Lists
    parameters: Mapping[str, Any]
    # What a check keeps from one part of a large table to the next; empty at the first.
    memory: dict[str, Any] = field(default_factory=dict[str, Any])
    about: About = field(default_factory=About)
    source: Source | None = None


# Table checks: run(asked). File checks (scope "file"): run(source).
Run = Callable[..., Iterable[Found] | NotApplicable]
# The columns (ids) in which a row has to equal another one to matter to the check; ``None``: no row matters.
Repeats = Callable[[Asked], Sequence[str] | None]
# How much of a large table a check has to see at once. ``whole``: all rows. ``parts``: some rows at a time, in file
# order; its findings are put together by column and variant. ``repeats``: the rows that are equal in the columns it
# names. ``shape``: no rows at all, only header, columns and lines left out.
READS = ("whole", "parts", "repeats", "shape")

PRINCIPLES = ("standar_data", "metadata", "interoperabilitas", "kode_referensi")
DIMENSIONS = ("relevansi", "akurasi", "aktualitas", "aksesibilitas", "keterbandingan")


@dataclass(frozen=True)
class Words:
    """A finding's sentences: what is wrong, and how to mend it. Where it is, is told from the rows.

    ``{count}``, ``{column}``, ``{value}``, ``{proposal}``, ``{row}`` (of the first sample), its notes and the
    finding's parameters may be used. ``severity`` where this variant weighs differently from the check.
    """

    title: Text
    problem: Text
    mend: Text
    severity: Severity | None = None


@dataclass(frozen=True)
class Check:
    """One rule with its documentation. ``principle`` (Perpres 39/2019) and ``dimension`` (EPSS) say what it serves."""

    id: str
    title: Text
    meaning: Text
    bad: str
    good: str
    principle: str
    dimension: str
    severity: Severity
    words: Mapping[str, Words]
    run: Run
    scope: str = "table"
    sop: tuple[str, ...] = ()  # checks of the regional SOP it answers (domain: QC-02, KR-01 …)
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    version: int = 1
    # Rests on what the data dictionary declares; while that is only a proposal of the machine, an error is a warning.
    from_dictionary: bool = False
    # The columns it finds hold what nobody may read in a report: their cells are hidden in every finding.
    conceals: bool = False
    module: str = ""
    reads: str = "whole"
    repeats: Repeats | None = None


_found: dict[str, Check] = {}


class CheckError(ValueError):
    """A check that is declared wrongly; a mistake of its author."""


def check(
    *,
    id: str,  # noqa: A002 - the word of the documentation
    title: Text,
    meaning: Text,
    bad: str,
    good: str,
    principle: str,
    dimension: str,
    severity: Severity,
    words: Mapping[str, Words],
    scope: str = "table",
    sop: tuple[str, ...] = (),
    parameters: Mapping[str, Any] | None = None,
    version: int = 1,
    from_dictionary: bool = False,
    reads: str = "whole",
    repeats: Repeats | None = None,
    conceals: bool = False,
) -> Callable[[Run], Run]:
    """Declare the function below as a check. ``reads`` (see :data:`READS`) says what it needs of a table too large to
    be held; what is not said gets the whole table, or none at all. ``repeats`` names the columns where it is that."""

    def register(run: Run) -> Run:
        module = run.__module__
        if id in _found and _found[id].module != module:
            raise CheckError(f"{id} is declared by {module} and {_found[id].module}")
        stem = module.rsplit(".", 1)[-1]
        if not stem.startswith(id.lower().replace("-", "_") + "_"):
            raise CheckError(f"{module}: the file of {id} is named {id.lower().replace('-', '_')}_<name>.py")
        if principle not in PRINCIPLES or dimension not in DIMENSIONS:
            raise CheckError(f"{id}: unknown principle '{principle}' or dimension '{dimension}'")
        if reads not in READS or (reads == "repeats") != (repeats is not None):
            raise CheckError(f"{id}: reads is one of {READS}, and 'repeats' names its columns")
        _found[id] = Check(
            id, title, meaning, bad, good, principle, dimension, severity, words, run,
            scope, sop, parameters or {}, version, from_dictionary, conceals, module, reads, repeats,
        )  # fmt: skip
        return run

    return register


@cache
def checks() -> Mapping[str, Check]:
    """All checks by id, in the order of their ids."""
    for found in pkgutil.walk_packages(folder.__path__, folder.__name__ + "."):
        import_module(found.name)
    return dict(sorted(_found.items()))
