"""Our engine and a plain one of the standard library find the same, whole and part by part."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from benchmarks import qa_tables
from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.dictionary import from_dicts
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.core.qa.streaming import Pass
from ckanext.satudata.core.qa.table import read
from ckanext.satudata.core.reference.codelist import Entry, code_list
from tests.daily import cases

from . import plain_engine
from .test_streaming import opened

CHECKS = {
    **{"BT-04": "width", "IS-01": "required", "IS-02": "type", "IS-03": "list", "IS-40": "range", "IS-41": "pattern"},
    **{"DU-01": "row", "DU-02": "key"},
}
CODES = qa_tables.codes()
LISTS = Lists([code_list(qa_tables.LIST, "Desa", "", [Entry(code, f"Desa {code}", None) for code in CODES])])


def told(findings: list[Finding]) -> list[plain_engine.Finding]:
    """Our findings, row by row."""
    found: list[plain_engine.Finding] = []
    for finding in findings:
        assert finding.rows_complete
        column = finding.column if CHECKS[finding.check] not in ("row", "key", "width") else ""
        rows = [row for first, last in finding.rows for row in range(first, last + 1)]
        assert len(rows) == finding.count
        found += [(CHECKS[finding.check], column or "", row) for row in rows]
    return sorted(found)


def spoil_structure(path: Path, seed: int) -> None:
    """Ragged rows, blank lines, quotes and line ends inside cells, blanks around them."""
    dice = random.Random(seed)
    records = list(csv.reader(path.open(encoding="utf-8", newline="")))
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, record in enumerate(records):
            if number and dice.random() < 0.03:
                record[1] = dice.choice(['PROV"X"', "PROV\nX", "PROV, X", "PROV\r\nX", '"', "PROV "])
            if number and dice.random() < 0.01:
                record = dice.choice([record[:-1], [*record, "9"], []])
            csv.writer(file, lineterminator=dice.choice(["\n", "\r\n"])).writerow(record)


OTHERS = [(0, False), (0, True), (0.001, False), (0.001, True), (0.05, False), (0.5, True)]


@pytest.mark.parametrize(("share", "quoted"), cases((0.05, True), (0.5, False), thorough=OTHERS))
def test_both_engines_find_the_same(share: float, quoted: bool, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    qa_tables.write(path, 1_200, share, quoted=quoted, seed=int(share * 1000) + 1)
    assert_equal(path, at_least=int(1_200 * share * 0.7))


@pytest.mark.parametrize("seed", cases(0, thorough=[1, 2, 3]))
def test_both_engines_find_the_same_in_a_badly_written_file(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    qa_tables.write(path, 1_000, 0.05, seed=seed)
    spoil_structure(path, seed)
    assert_equal(path, at_least=40)


def assert_equal(path: Path, at_least: int) -> None:
    columns = from_dicts(qa_tables.DICTIONARY)
    rules = checklist.from_dict("uji", {"pemeriksaan": list(CHECKS)})
    lists = {qa_tables.LIST: {*CODES, *(f"Desa {code}" for code in CODES)}}
    wanted = sorted(plain_engine.judge(path, qa_tables.DICTIONARY, lists, qa_tables.MISSING))
    assert len(wanted) >= at_least
    whole = judge(read(path), columns, LISTS, rules, bound=1 << 40)
    assert told(list(whole.findings)) == wanted
    run = Pass.over(opened(path), tuple(columns), LISTS, rules, None, None, 1 << 40, 20_000)
    assert told(run.judged.findings) == wanted


def test_headers_are_judged_alike(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,,b,A\n1,2,3,4\n5,6,7,8\n")
    report = judge(read(path), None, Lists(), checklist.from_dict("uji", {"pemeriksaan": ["BT-02"]}))
    wanted = plain_engine.judge(path, [], {}, ())
    assert sorted((finding.variant, finding.count) for finding in report.findings) == [("blank", 1), ("repeated", 2)]
    assert [one for one in wanted if one[0] == "header"] == [("header", "", 1), ("header", "a", 1)]
