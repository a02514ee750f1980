"""Every table of the corpus (and of a folder of known ones), mended and judged anew: what was mended is found no more,
nothing new is found, no other cell changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.mending.kinds import LINES
from tests.core.qa.corpus.accuracy import judged_tables
from tests.core.qa.corpus.accuracy import regions as corpus_regions
from tests.core.qa.corpus.building import build, sources
from tests.core.qa.mending.bench import ALL, Bench, Mended, counted, records
from tests.daily import cases

# The words that leave with the sheet's name, its titles and notes, when only its table is taken as CSV.
TOLD_BY_THE_SHEET = ("PR-01", "SU-01", "KR-05", "BT-06")


def corpus() -> Lists:
    found = Lists([corpus_regions()])
    found.add_rulebook(checklist.RULEBOOK)
    return found


# Every fourth table on each day.
DAILY = sources()[::4]


@pytest.mark.parametrize(
    "source", cases(*DAILY, thorough=[one for one in sources() if one not in DAILY]), ids=lambda source: source.stem
)
def test_a_table_of_the_corpus_can_be_mended(source: Path, tmp_path: Path) -> None:
    known = next(table.report for table in judged_tables() if table.name == source.stem)
    bench = Bench(build(source, tmp_path), tmp_path / "work", corpus(), known=known)
    if bench.kinds():
        _holds(bench, ALL)


@pytest.mark.thorough
@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_a_table_of_the_corpus_can_be_mended_in_one_kind(source: Path, tmp_path: Path) -> None:
    known = next(table.report for table in judged_tables() if table.name == source.stem)
    bench = Bench(build(source, tmp_path), tmp_path / "work", corpus(), known=known)
    for kind in bench.kinds():
        _holds(bench, (kind,))


def test_known_tables_can_be_mended(tmp_path: Path) -> None:
    folder, reference = os.environ.get("SATUDATA_SAMPLES"), os.environ.get("SATUDATA_REFERENCE")
    if not folder or not reference:
        pytest.skip("no known tables or region codes are named in SATUDATA_SAMPLES and SATUDATA_REFERENCE")
    known = Lists()
    known.add_folder(Path(reference))
    known.add_rulebook(checklist.RULEBOOK)
    for number, path in enumerate(sorted((Path(folder) / "tables").iterdir())):
        bench = Bench(path, tmp_path / str(number), known)
        for kind in bench.kinds():
            _holds(bench, (kind,))
        if bench.kinds():
            _holds(bench, ALL)


def _holds(bench: Bench, kinds: tuple[str, ...]) -> None:
    as_csv = bool(bench.plan.only_csv & set(kinds))
    done = bench.mend(kinds, as_csv=as_csv)
    worse = counted(done.again.report, one_table=as_csv) - counted(bench.report, one_table=as_csv)
    new = [key for key in worse if not (as_csv and key[0].startswith(TOLD_BY_THE_SHEET))]
    assert not new
    assert not [change for change in done.again.plan.changes() if change.kind in kinds]
    if bench.source.kind == "csv":
        _nothing_else_changed(bench, done)


def _nothing_else_changed(bench: Bench, done: Mended) -> None:
    facts, new = bench.source.facts, done.again.source.facts
    encodings = {"Windows-1252": "cp1252", "UTF-8": "utf-8-sig", "UTF-16": "utf-16"}
    old_text = records(bench.path, encodings[facts["encoding"]], facts["delimiter"])
    new_text = records(done.path, encodings[new["encoding"]], new["delimiter"])
    gone = {change.row for change in done.done if change.what == LINES}
    if facts["sep_line"] and not new["sep_line"]:
        gone.add(1)
    cells = {(change.row, change.position): change.after for change in done.done if change.position}
    wanted = [
        [cells.get((row, place), cell) for place, cell in enumerate(record, 1)]
        for row, record in old_text.items()
        if row not in gone
    ]
    assert list(new_text.values()) == wanted
