"""The figures of a sign-off: what is added up, what never is, and when nothing is told rather than something wrong."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.workflow.pages import figures
from ckanext.satudata.workflow.pages.figures import Columns

DESCRIBED: list[dict[str, Any]] = [
    {"kolom": "kode", "tipe": "text", "daftar": "wilayah_kemendagri"},
    {"kolom": "kecamatan", "tipe": "text", "kunci": True},
    {"kolom": "tahun", "tipe": "year", "kunci": True},
    {"kolom": "jumlah", "tipe": "integer", "satuan": "Unit"},
]
WRITTEN = [{"kolom": column["kolom"], "type": column["tipe"]} for column in DESCRIBED]
COLUMNS = Columns(amount="jumlah", unit="Unit", period="tahun", place="kecamatan")


def rows(*found: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"kecamatan": place, "tahun": year, "jumlah": amount} for place, year, amount in found]


def test_the_columns_are_read_from_the_dictionary():
    assert figures.chosen(DESCRIBED, WRITTEN, "Unit") == COLUMNS


def test_of_two_amounts_the_one_in_the_unit_of_the_dataset_counts():
    two = [*DESCRIBED, {"kolom": "biaya", "tipe": "number", "satuan": "Rupiah"}]
    written = [*WRITTEN, {"kolom": "biaya", "type": "number"}]
    chosen = figures.chosen(two, written, "rupiah")
    assert chosen is not None
    assert chosen.amount == "biaya"
    assert figures.chosen(two, written, "Orang") is None


def test_a_column_whose_cells_are_no_numbers_is_no_amount():
    written = [{**column, "type": "text"} if column["kolom"] == "jumlah" else column for column in WRITTEN]
    assert figures.chosen(DESCRIBED, written, "Unit") is None


def test_a_total_for_each_period_and_the_change():
    told = figures.worked_out(
        rows(("A", "2022", "10"), ("B", "2022", "30"), ("A", "2023", "5"), ("B", "2023", "20.5")),
        COLUMNS,
        added_up=True,
    )
    assert told is not None
    assert told["periods"] == [{"period": "2022", "total": 40}, {"period": "2023", "total": 25.5}]
    assert (told["latest"], told["total"], told["change"]) == ("2023", 25.5, -14.5)
    assert told["highest"] == {"name": "B", "value": 20.5}
    assert told["lowest"] == {"name": "A", "value": 5}


def test_shares_are_never_added_up():
    told = figures.worked_out(rows(("A", "2023", "40"), ("B", "2023", "70")), COLUMNS, added_up=False)
    assert told is not None
    assert (told["total"], told["change"]) == (None, None)
    assert told["highest"] == {"name": "B", "value": 70}


def test_empty_cells_count_as_nothing():
    told = figures.worked_out(
        rows(("A", "2023", ""), ("B", "2023", "70"), ("C", "2023", "nan")), COLUMNS, added_up=True
    )
    assert told is not None
    assert (told["total"], told["places"]) == (70, 1)
    assert told["highest"] is None


def test_a_table_without_amounts_has_no_figures():
    assert figures.worked_out(rows(("A", "2023", "")), COLUMNS, added_up=True) is None


@pytest.mark.parametrize("many", [7, 12])
def test_a_long_series_shows_the_latest_periods(many: int):
    told = figures.worked_out(rows(*(("A", str(2000 + n), "1") for n in range(many))), COLUMNS, added_up=True)
    assert told is not None
    assert len(told["periods"]) == figures.MOST_PERIODS
    assert told["left_out"] == many - figures.MOST_PERIODS
    assert told["periods"][-1]["period"] == str(2000 + many - 1)
