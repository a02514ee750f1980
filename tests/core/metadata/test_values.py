"""What people type, and what is kept of it."""

from __future__ import annotations

import pytest

from ckanext.satudata.core.metadata import values
from ckanext.satudata.core.reference.rulebook import load_folder
from ckanext.satudata.core.text import Reason
from tests.core.reference.test_rulebook import SHIPPED

LISTS = load_folder(SHIPPED)


def code_of(kept) -> str:
    assert isinstance(kept, Reason), kept
    assert kept.render("id") != kept.render("en")
    return kept.code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("terbuka", "terbuka"),
        (" Terbuka ", "terbuka"),
        ("PUBLIK", "terbuka"),
        ("dikecualikan", "tertutup"),
        ("", ""),
    ],
)
def test_a_choice_is_understood_by_code_name_or_alias(typed, kept):
    assert values.choice(typed, LISTS["klasifikasi_akses"]) == kept


@pytest.mark.parametrize("typed", ["1.02", "102", "Kesehatan", "kesehatan"])
def test_an_affair_is_understood_by_code_with_or_without_dot(typed):
    assert values.choice(typed, LISTS["bidang_urusan"]) == "1.02"


def test_an_unknown_choice_is_refused_with_what_was_probably_meant():
    refused = values.choice("Tahunann", LISTS["frekuensi"])
    assert isinstance(refused, Reason)
    assert "Maksudnya Tahunan" in refused.render("id")
    assert "Did you mean Yearly" in refused.render("en")


def test_a_unit_gets_the_spelling_of_the_list_and_an_unknown_one_stays():
    assert values.word("prosentase", LISTS["satuan"]) == "Persen"
    assert values.word("HA", LISTS["satuan"]) == "Hektare"
    assert values.word("Bungkus", LISTS["satuan"]) == "Bungkus"


def test_words_come_one_a_line_and_none_twice():
    kept = values.words(["kecamatan\r\n\r\nTahun\nKecamatan ", "Jenis  lahan"], LISTS["klasifikasi_penyajian"])
    assert kept == ["Kecamatan", "Tahun", "Jenis  lahan"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("32.04", ["32.04"]),
        ("3204", ["32.04"]),
        ("320405, 3204052001", ["32.04.05", "32.04.05.2001"]),
        ("32. 04. 05", ["32.04.05"]),
        ("32.04 (Kabupaten Bandung)\n32.73 Kota Bandung", ["32.04", "32.73"]),
        ("32\n32", ["32"]),
        ("", []),
    ],
)
def test_region_codes_are_kept_with_dots(typed, kept):
    assert values.region_codes([typed], LISTS["provinsi"]) == kept


@pytest.mark.parametrize(
    "typed", ["Bandung", "32.4", "3.204", "32.04.05.9001", "03.04", "32040", "-", "32.04.05.20011"]
)
def test_what_is_no_region_code_is_refused(typed):
    assert code_of(values.region_codes([typed], LISTS["provinsi"])) == "bad_region"


def test_a_region_code_of_no_province_is_refused():
    assert code_of(values.region_codes(["99.01"], LISTS["provinsi"])) == "unknown_province"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2025", "2025"),
        ("2025-01", "2025-01"),
        ("2025-q1", "2025-Q1"),
        ("2025-S2", "2025-S2"),
        ("2025-W05", "2025-W05"),
        ("2025/2026", "2025/2026"),
        ("2024-02-29", "2024-02-29"),
        ("31/12/2024", "2024-12-31"),
        ("31 Desember 2024", "2024-12-31"),
        (" ", ""),
    ],
)
def test_moments_are_kept_as_iso_and_sdmx_write_them(typed, kept):
    assert values.moment(typed) == kept


@pytest.mark.parametrize(
    "typed", ["25", "2025-13", "2025-02-30", "tahun lalu", "2025/2027", "2025-Q5", "31/02/2024", "²025"]
)
def test_what_is_no_moment_is_refused(typed):
    assert code_of(values.moment(typed)) == "bad_moment"


@pytest.mark.parametrize(("typed", "kept"), [("2025-01-31", "2025-01-31"), ("1/2/2025", "2025-02-01"), ("", "")])
def test_dates_are_kept_as_iso_writes_them(typed, kept):
    assert values.day(typed) == kept


@pytest.mark.parametrize("typed", ["2025", "2025-1-5", "20250131", "31-12-24", "0001-01-01"])
def test_what_is_no_date_is_refused(typed):
    assert code_of(values.day(typed)) == "bad_date"


@pytest.mark.parametrize("typed", ["data@dinkes.go.id", "a.b+c@x-y.co.id", ""])
def test_addresses_of_mail(typed):
    assert values.email(typed) == typed


@pytest.mark.parametrize("typed", ["dinkes", "a@b", "a@b@c.id", "a b@c.id", "<a@c.id>", "a@c.id, b@c.id"])
def test_what_is_no_address_is_refused(typed):
    assert code_of(values.email(typed)) == "bad_email"


@pytest.mark.parametrize("typed", ["(022) 589 7200", "+62 22 5897200", "022-5897200 ext. 12", ""])
def test_telephone_numbers(typed):
    assert values.phone(typed) == typed


@pytest.mark.parametrize("typed", ["12345", "belum ada", "1" * 16])
def test_what_is_no_telephone_number_is_refused(typed):
    assert code_of(values.phone(typed)) == "bad_phone"


@pytest.mark.parametrize("typed", ["1.02.0.00.0.00.01.0000", "X.XX.01", "1.02"])
def test_organization_codes_differ_between_regions(typed):
    assert values.opd_code(typed) == typed


@pytest.mark.parametrize("typed", ["Dinkes", "1,02", "1..02"])
def test_what_is_no_organization_code_is_refused(typed):
    assert code_of(values.opd_code(typed)) == "bad_opd"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2019", "2024"),
        ("2024", "2024"),
        ("2024-06", "2024"),
        ("2024", "2024-Q1"),
        ("2024-W53", "2025"),
        ("2023/2024", "2024"),
        ("", "2024"),
    ],
)
def test_ranges_in_order(start, end):
    assert values.in_order(start, end) is None


@pytest.mark.parametrize(
    ("start", "end"), [("2024", "2019"), ("2024-07", "2024-Q2"), ("2024-06-02", "2024-06-01"), ("2024-S2", "2024-S1")]
)
def test_a_range_the_wrong_way_round_is_refused(start, end):
    assert code_of(values.in_order(start, end)) == "wrong_order"


def test_texts_lose_marks_nobody_sees_and_keep_their_lines():
    assert values.text("  satu\r\ndua\x00\x07 ", 50) == "satu\ndua"
    assert code_of(values.text("x" * 51, 50)) == "too_long"
