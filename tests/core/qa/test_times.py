"""Periods as people write them."""

from __future__ import annotations

import pytest

from ckanext.satudata.core.qa import times


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023", "2023"),
        ("2014.0", "2014"),
        ("Maret 2023", "2023-03"),
        ("202303", "2023-03"),
        ("TW II 2020", "2020-Q2"),
        ("2010Q1", "2010-Q1"),
        ("Semester 2 2021", "2021-S2"),
        ("01/12/2021", "2021-12-01"),
        ("2021/2022", "2021/2022"),
        ("III", "Q3"),
        ("Nopember", "11"),
        ("Cileunyi", None),
        ("1.474", None),
    ],
)
def test_periods_sort(text: str, period: str | None) -> None:
    assert times.sortable(text) == period


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2020", ("", "2020")),
        ("Tahun 2020*", ("", "2020")),
        ("Jumlah 2020", ("jumlah", "2020")),
        ("Januari", ("", "01")),
        ("S1", None),  # a degree
        ("No", None),
        ("2019-2020 naik", None),
    ],
)
def test_periods_in_headers(name: str, found: tuple[str, str] | None) -> None:
    assert times.in_header(name) == found


@pytest.mark.parametrize(
    ("period", "after"),
    [("2020", "2021"), ("2020-12", "2021-01"), ("2020-Q4", "2021-Q1"), ("2020-S1", "2020-S2"), ("2020-01-31", None)],
)
def test_the_period_after(period: str, after: str | None) -> None:
    assert times.following(period) == after
