"""Finding the code or the name that was meant."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.satudata.core.reference.codelist import CodeList, DuplicateCodeError, Entry, code_list

REGIONS = code_list(
    "wilayah",
    "Wilayah",
    "1",
    [
        Entry("31", "Daerah Khusus Ibukota Jakarta", aliases=("DKI Jakarta",)),
        Entry("31.01", "Kabupaten Administrasi Kepulauan Seribu", "31"),
        Entry("32", "Jawa Barat"),
        Entry("32.04", "Kabupaten Bandung", "32"),
        Entry("32.73", "Kota Bandung", "32"),
        Entry("32.04.05", "Cileunyi", "32.04"),
        Entry("32.04.32", "Arjasari", "32.04"),
        Entry("34", "Daerah Istimewa Yogyakarta"),
        Entry("35", "Jawa Timur"),
        Entry("73", "Sulawesi Selatan"),
        Entry("73.16", "Kabupaten Ma’rang", "73"),
    ],
)


@pytest.mark.parametrize("written", ["32.04", "3204", "32. 04", " 32-04 ", "32.04."])
def test_a_code_is_found_however_it_is_written(written):
    entry = REGIONS.find(written)
    assert entry is not None
    assert entry.code == "32.04"


@pytest.mark.parametrize("written", ["32.99", "", "-", "3.204.0"])
def test_an_unknown_code_is_not_guessed(written):
    assert REGIONS.find(written) is None


def test_a_bare_code_with_two_meanings_is_not_guessed():
    codes = code_list("k", "K", "1", [Entry("1.11", "a"), Entry("11.1", "b")])
    assert codes.find("111") is None
    assert codes.find("11.1") == codes.get("11.1")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("KAB. BANDUNG", "32.04"),
        ("Kota  Bandung ", "32.73"),
        ("KAB.ADM.KEP.SERIBU", "31.01"),
        ("D I Yogyakarta", "34"),
        ("D.I. Yogyakarta", "34"),
        ("dki jakarta", "31"),
        ("Kab Marang", "73.16"),
        ("Kabupaten Ma'rang", "73.16"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(written, code):
    assert [entry.code for entry in REGIONS.named(written)] == [code]


def test_a_name_without_its_kind_fits_but_does_not_choose():
    bandung = REGIONS.get("32.04")
    assert bandung is not None
    assert REGIONS.holds(bandung, "BANDUNG ")
    assert not REGIONS.holds(bandung, "Arjasari")
    assert REGIONS.named("Bandung") == []
    assert {entry.code for entry in REGIONS.near("Bandung")} == {"32.04", "32.73"}


def test_near_misses_come_best_first_and_stay_below_the_parent():
    assert [entry.code for entry in REGIONS.near("Cilenyi", parent="32.04")] == ["32.04.05"]
    assert REGIONS.near("Cilenyi", parent="32.73") == []
    assert REGIONS.near("Zzzz") == []


def test_a_code_holds_from_its_first_to_its_last_day():
    entry = Entry("93", "Papua Selatan", None, date(2022, 7, 25), date(2030, 1, 1))
    assert not entry.holds_on(date(2022, 7, 24))
    assert entry.holds_on(date(2022, 7, 25))
    assert entry.holds_on(date(2030, 1, 1))
    assert not entry.holds_on(date(2030, 1, 2))


def test_a_list_travels_as_json_without_loss_of_codes():
    again = CodeList.from_dict(REGIONS.to_dict())
    assert again == REGIONS


def test_one_code_twice_is_refused():
    with pytest.raises(DuplicateCodeError):
        code_list("k", "K", "1", [Entry("1", "a"), Entry("1", "b")])
