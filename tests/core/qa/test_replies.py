"""What was said to a finding holds for the same cells, and for no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.core.qa.replies import OPEN, Reply, answered
from ckanext.satudata.core.qa.report import Finding

ROWS = ((2, 3),)
FINDING = Finding("DR-04", "question", "", "jumlah", 2, ROWS, variant="digit", cells=("aa.bb", "cc.dd"))
SAID = Reply("r1", "explanation", "DR-04", "digit", "", "jumlah", ("aa.bb", "cc.dd"), "1" * 64)
OTHER_FILE = "2" * 64


def test_an_explanation_holds_for_the_same_cells_in_another_file() -> None:
    found = answered(FINDING, OTHER_FILE, [SAID])
    assert (found.explained, found.waived, found.replies) == (True, False, ("r1",))


@pytest.mark.parametrize("cells", [("aa.xx", "yy.dd"), ("aa", "cc"), ("aa.bb",)])
def test_row_or_key_is_enough_and_fewer_cells_stay_explained(cells: tuple[str, ...]) -> None:
    assert answered(replace(FINDING, cells=cells), OTHER_FILE, [SAID]).settled


def test_one_new_cell_is_asked_about_again() -> None:
    found = answered(replace(FINDING, cells=("aa.bb", "ee.ff")), OTHER_FILE, [SAID])
    assert found.replies == ("r1",)
    assert not found.settled


def test_two_explanations_together_may_cover_all() -> None:
    parts = [replace(SAID, cells=("aa.bb",)), replace(SAID, id="r2", cells=("cc.dd",))]
    assert answered(FINDING, OTHER_FILE, parts).explained
    assert not answered(FINDING, OTHER_FILE, parts[:1]).explained


def test_an_explanation_and_a_waiver_do_not_add_up() -> None:
    parts = [replace(SAID, cells=("aa.bb",)), replace(SAID, id="r2", kind="waiver", cells=("cc.dd",))]
    assert not answered(FINDING, OTHER_FILE, parts).settled


@pytest.mark.parametrize("change", [{"check": "DR-05"}, {"variant": ""}, {"column": "luas"}, {"column": None}])
def test_it_holds_for_its_check_sentence_and_column_only(change: dict[str, str]) -> None:
    assert answered(FINDING, SAID.sha256, [replace(SAID, **change)]) == OPEN


def test_the_name_of_a_column_may_change_its_case() -> None:
    assert answered(FINDING, OTHER_FILE, [replace(SAID, column=" Jumlah")]).settled


def test_without_cells_only_the_same_bytes_count() -> None:
    bare = replace(FINDING, cells=())
    assert answered(bare, SAID.sha256, [SAID]).explained
    assert answered(bare, OTHER_FILE, [SAID]) == OPEN
    assert answered(bare, None, [replace(SAID, sha256="")]) == OPEN


def test_a_reply_to_another_sheet_of_the_same_bytes_does_not_count() -> None:
    assert answered(replace(FINDING, cells=(), table="Data"), SAID.sha256, [SAID]) == OPEN


def test_what_is_set_aside_of_a_whole_table_ends_with_the_file() -> None:
    whole = replace(FINDING, rows=(), cells=("ff",))
    waiver = replace(SAID, kind="waiver", cells=("ff",))
    assert answered(whole, SAID.sha256, [waiver]).waived
    assert answered(whole, OTHER_FILE, [waiver]) == OPEN
    assert answered(whole, OTHER_FILE, [replace(waiver, kind="explanation")]).explained
