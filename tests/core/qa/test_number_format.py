"""Formats that show zeros, and all others, which leave the value alone."""

from __future__ import annotations

import pytest

from ckanext.satudata.core.qa.table.number_format import code_format
from ckanext.satudata.core.qa.table.units import unit_behind, units_row


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("00000", "32", "00032"),
        ("00000", "1234567", "1234567"),
        ("00", "7", "07"),
        ("00000;-00000", "32", "00032"),
        ("[Red]000", "5", "005"),
        ('00"."00"."00', "320407", "32.04.07"),
        ("00\\.00\\.00", "40407", "04.04.07"),
        ("000-000", "1234", "001-234"),
        ('"ID "0000', "12", "ID 0012"),
        ("00000", "-5", "-5"),
        ("00000", "1.5", "1.5"),
        ("00000", "", ""),
        ("00000", "x", "x"),
    ],
)
def test_codes_as_the_format_shows_them(text: str, value: str, shown: str) -> None:
    known = code_format(text)
    assert known is not None
    assert known.write(value) == shown


@pytest.mark.parametrize(
    "text", ["General", "0", "#,##0", "0.00", "0%", "00.0", "0,000", "dd/mm/yyyy", '0 "unit"', "@", "", "##00"]
)
def test_other_formats_write_no_codes(text: str) -> None:
    assert code_format(text) is None


@pytest.mark.parametrize(
    ("cells", "units"),
    [
        (["", "(Ha)", "(Ton)"], ["", "Ha", "Ton"]),
        (["(satuan)", "Jiwa", "%"], ["", "Jiwa", "%"]),
        (["", "(Rp juta)", "[buku]"], ["", "Rp juta", "buku"]),
        (["", "(sementara)", "[lama]"], None),
        (["Ciparay", "Ha", "Ton"], None),
        (["", "(1)", "(2)"], None),
        (["", "L", "P"], None),
        (["", "", ""], None),
    ],
)
def test_a_line_of_units(cells: list[str], units: list[str] | None) -> None:
    assert units_row(cells) == units


@pytest.mark.parametrize(
    ("name", "unit"),
    [("Luas (Ha)", "Ha"), ("Penduduk [Jiwa]", "Jiwa"), ("Penduduk (L)", ""), ("Nilai (sementara)", ""), ("Luas", "")],
)
def test_a_unit_behind_a_name(name: str, unit: str) -> None:
    assert unit_behind(name) == unit
