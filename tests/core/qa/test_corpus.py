"""Our own tables: as much is found as was found before, no more false alarms, and the guides say so."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ckanext.satudata.core.qa.report import Finding
from tests.core.qa.corpus import floors
from tests.core.qa.corpus.accuracy import Accuracy, accuracy, judged_tables
from tests.core.qa.corpus.building import TABLES, build, sources
from tests.core.qa.corpus.pages import COMMAND, PAGES, page
from tests.core.qa.corpus.truth import Defect, Truth, is_fair_question, is_found, is_right, kinds, truth_of


def test_nothing_got_worse() -> None:
    losses = list(floors.load().losses(accuracy()))
    assert not losses, losses


@pytest.mark.parametrize("language", PAGES)
def test_the_guides_tell_the_present_figures(language: str) -> None:
    assert PAGES[language].read_text("utf-8") == page(accuracy(), language), f"stale; {COMMAND} writes it anew"


def test_floors_hold_what_is_found_now() -> None:
    assert floors.load() == floors.load().raised(accuracy()), f"something got better; {COMMAND} writes it down"


def test_there_are_tables_enough_and_clean_ones_among_them() -> None:
    tables = judged_tables()
    clean = [table for table in tables if not table.truth.defects]
    assert len(tables) >= 60
    assert len(clean) >= 15


def test_no_clean_table_has_an_error() -> None:
    wrong = {
        table.name: [finding.check for finding in table.report.of("error")]
        for table in judged_tables()
        if not table.truth.defects and table.report.of("error")
    }
    assert not wrong


def test_no_check_crashes_on_them() -> None:
    crashed = [(t.name, f.check) for t in judged_tables() for f in t.report.findings if f.variant == "crash"]
    assert not crashed


def test_every_kind_has_an_example() -> None:
    used = {defect.kind for source in sources() for defect in truth_of(source).defects}
    assert used == set(kinds())


def test_truths_and_tables_belong_together() -> None:
    lonely = {path.stem for path in TABLES.glob("*.csv")} - {source.stem for source in sources()}
    assert not lonely


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_a_truth_names_rows_that_exist(source: Path, tmp_path: Path) -> None:
    path = build(source, tmp_path)
    truth = truth_of(source)
    if path.suffix == ".csv":
        told = source.with_suffix(".csv").read_text("utf-8")
        rows = told.count("\n")
        assert all(max(defect.rows, default=1) <= rows for defect in (*truth.defects, *truth.oddities))
    repeated = [key for key, count in Counter(truth.defects).items() if count > 1]
    assert not repeated


class TestComparing:
    """The judge of the judges, by hand."""

    DEFECT = Defect("decimal_comma", "", frozenset({"harga"}), frozenset({3, 4}))

    def finding(self, *rows: int, column: str = "Harga", check: str = "IS-09", variant: str = "comma") -> Finding:
        return Finding(check, "info", "", column, len(rows), tuple((row, row) for row in rows), variant=variant)

    def test_found_when_all_rows_are_named(self) -> None:
        assert is_found(self.DEFECT, [self.finding(3, 4, 5)])
        assert is_found(self.DEFECT, [self.finding(3), self.finding(4)])
        assert not is_found(self.DEFECT, [self.finding(3)])

    def test_not_found_by_another_check_variant_or_column(self) -> None:
        assert not is_found(self.DEFECT, [self.finding(3, 4, check="IS-02", variant="")])
        assert not is_found(self.DEFECT, [self.finding(3, 4, variant="mixed")])
        assert not is_found(self.DEFECT, [self.finding(3, 4, column="Jumlah")])

    def test_right_when_no_row_too_many_is_named(self) -> None:
        truth = Truth((self.DEFECT,))
        assert is_right(self.finding(3), truth)
        assert not is_right(self.finding(3, 5), truth)
        assert not is_right(self.finding(3, column="Jumlah"), truth)

    def test_only_a_question_is_fair_about_an_oddity(self) -> None:
        truth = Truth((), (Defect("oddity", "", frozenset({"harga"}), frozenset({3})),))
        question = Finding("XX-01", "question", "", "Harga", 1, ((3, 3),))
        warning = Finding("XX-01", "warning", "", "Harga", 1, ((3, 3),))
        assert is_fair_question(question, truth)
        assert not is_fair_question(warning, truth)

    def test_a_loss_is_told(self) -> None:
        known = floors.Floors({"decimal_comma": 1}, {"IS-02": 1})
        counted = Accuracy(false={"IS-02": 2})
        assert list(known.losses(counted)) == [
            "decimal_comma: 0 found, 1 were",
            "IS-02: 2 false alarms, 1 were",
        ]
