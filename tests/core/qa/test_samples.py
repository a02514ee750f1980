"""Known tables: a folder with ``tables/`` and ``defects.csv``, named by ``SATUDATA_SAMPLES``.

Without it there is nothing to look at, and the test says so. With it (and the region codes of ``SATUDATA_REFERENCE``)
nearly all sure defects are found on their very lines, most of the likely ones are, and what is right is no error.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.report import Finding, Report
from ckanext.satudata.core.qa.table import read
from tests.core.qa.corpus.truth import Defect, Truth, column_names, is_found, is_right, is_touched, kinds, row_numbers

# Of the defects a script or the file itself proves, and of those a person would suspect.
SURE, LIKELY = 0.95, 0.70
# What looks wrong and is right: no error may stand there.
RIGHT = ("true_negative", "sum_ok", "cross_file_ok", "cross_sheet_ok")
# Where the list names a column to say which table is meant, not which column is at fault.
WHOLE_ROW = ("total_row", "empty_header")


@pytest.fixture
def known() -> dict[str, tuple[Truth, list[Defect], Report]]:
    """Each table's truth, the places where all is right, and the report."""
    folder = os.environ.get("SATUDATA_SAMPLES")
    if not folder:
        pytest.skip("no folder of known tables is named in SATUDATA_SAMPLES: nothing was compared")
    if not os.environ.get("SATUDATA_REFERENCE"):
        pytest.skip("no folder of region codes is named in SATUDATA_REFERENCE: half of the checks would be idle")
    return judged(Path(folder))


@cache
def judged(folder: Path) -> dict[str, tuple[Truth, list[Defect], Report]]:
    """Judge every table of the folder by the general checklist."""
    lists = Lists()
    lists.add_folder(Path(os.environ["SATUDATA_REFERENCE"]))
    lists.add_rulebook(checklist.RULEBOOK)
    rules = checklist.load()
    listed = list(_listed(folder / "defects.csv"))
    found: dict[str, tuple[Truth, list[Defect], Report]] = {}
    for path in sorted((folder / "tables").iterdir()):
        mine = [defect for name, defect in listed if name == path.name]
        truth = Truth(tuple(defect for defect in mine if defect.kind not in RIGHT))
        right = [defect for defect in mine if defect.kind in RIGHT]
        found[path.name] = truth, right, judge(read(path), None, lists, rules)
    return found


def _listed(path: Path) -> Iterator[tuple[str, Defect]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named = "" if row["type"] in WHOLE_ROW else row["column"]
            rows = frozenset(row_numbers(row["lines"]))
            columns = frozenset(column_names(named))
            yield row["file"], Defect(row["type"], row["sheet"], columns, rows, row["certainty"] == "sure")


def test_known_defects_are_found(known: dict[str, tuple[Truth, list[Defect], Report]]) -> None:
    shares = {True: Counter[bool](), False: Counter[bool]()}
    missed: list[str] = []
    for name, (truth, _, report) in known.items():
        for defect in truth.defects:
            found = defect.kind in kinds() and is_found(defect, report.findings)
            shares[defect.is_sure][found] += 1
            if not found:
                missed.append(f"{'sure' if defect.is_sure else 'likely'}: {name}: {defect}")
    recall = {sure: counted[True] / max(counted.total(), 1) for sure, counted in shares.items()}
    for sure, word in ((True, "sure"), (False, "likely")):
        print(f"{word} defects: {shares[sure][True]} of {shares[sure].total()} found ({recall[sure]:.0%})")
    print(*missed, sep="\n")
    assert recall[True] >= SURE, missed
    assert recall[False] >= LIKELY, missed


def test_what_is_right_is_no_error(known: dict[str, tuple[Truth, list[Defect], Report]]) -> None:
    wrong = [
        f"{name}: {finding.check}/{finding.variant} {finding.column} {finding.rows[:3]} at {place}"
        for name, (truth, right, report) in known.items()
        for place in right
        for finding in report.of("error")
        if is_touched(place, finding) and not is_right(finding, truth)
    ]
    assert not wrong


def test_every_error_is_a_listed_defect(known: dict[str, tuple[Truth, list[Defect], Report]]) -> None:
    """The list does not hold every blemish; warnings it does not have are printed for a person to judge."""
    unlisted = {
        name: [finding for finding in report.of("error", "warning") if not is_right(finding, twins(name, known))]
        for name, (_, _, report) in known.items()
    }
    for name, findings in unlisted.items():
        print(f"{name}: {len(findings)} errors and warnings that the list does not have", *map(_told, findings))
    errors = [name for name, findings in unlisted.items() for finding in findings if finding.severity == "error"]
    assert not errors, errors


def twins(name: str, known: dict[str, tuple[Truth, list[Defect], Report]]) -> Truth:
    """What is listed of a table, and of the same table in another format: the list tells what they share once."""
    stem = Path(name).stem
    same = [truth for other, (truth, _, _) in known.items() if Path(other).stem == stem]
    return Truth(tuple(replace(defect, sheet="") for truth in same for defect in truth.defects))


def _told(finding: Finding) -> str:
    return f"[{finding.check}/{finding.variant} {finding.column or ''} {list(finding.rows[:3])}]"
