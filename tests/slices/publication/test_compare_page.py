"""The page of a comparison: what a reviewer reads first, and who reads it."""

from __future__ import annotations

import html
import re
from csv import reader
from typing import Any

import pytest

from tests.daily import cases

from .comparing import COLUMNS, ROWS, Work, remember, work
from .conftest import CANARY

__all__ = ["work"]


def _page(work: Work, who: str | None, query: str = "", reference: str = "") -> Any:
    return work.portal.get(who, f"/dataset/{reference or work.copy_name}/bandingkan{query}")


def _text(answer: Any) -> str:
    """What a person reads, without marks, scripts and styles."""
    body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_the_page_says_first_what_changes_and_that_nothing_was_lost(work: Work) -> None:
    work.replace([("Margahayu", 2022, 71), *ROWS[1:], ("Cimaung", 2024, 5)])
    answer = _page(work, "editor")
    assert answer.status_code == 200
    assert "Tahun 2024 ditambahkan, 1 baris. 1 isi lama diubah. Tidak ada baris yang hilang." in _text(answer)


def test_the_page_marks_changes_by_words_not_by_colour_alone(work: Work) -> None:
    work.replace([("Margahayu", 2022, 71), *ROWS[1:]])
    body = _page(work, "editor").get_data(as_text=True)
    assert re.search(r"<del><span class=\"visually-hidden\">dihapus: </span>17</del>", body)
    assert re.search(r"<ins><span class=\"visually-hidden\">ditambah: </span>71</ins>", body)


@pytest.mark.thorough
def test_the_page_shows_totals_with_their_difference(work: Work) -> None:
    work.replace([("Margahayu", 2022, 71), *ROWS[1:], ("Cimaung", 2024, 5)])
    text = _text(_page(work, "editor"))
    assert "2022 455 509 +54" in text
    assert "2023 106 106 sama" in text
    assert "2024 tidak ada 5 baru" in text


def test_the_page_shows_a_changed_description_word_by_word(work: Work) -> None:
    notes = "Hasil pendataan desa, kota dan kelurahan."
    assert work.portal.call("editor", "package_patch", id=work.copy_id, notes=notes)[0] == 200
    body = _page(work, "editor").get_data(as_text=True)
    assert "Hasil pendataan desa<ins>" in body
    assert ", kota</ins> dan kelurahan." in body


@pytest.mark.thorough
def test_lost_rows_stand_before_new_ones_and_the_verdict_warns(work: Work) -> None:
    work.replace([*ROWS[1:], ("Cimaung", 2024, 5)])
    body = _page(work, "editor").get_data(as_text=True)
    assert "sd-verdict--warn" in body
    assert body.index("Baris yang hilang") < body.index("Baris baru</h2>")


@pytest.mark.thorough
def test_a_long_listing_has_pages_that_need_no_script(work: Work) -> None:
    work.replace([*ROWS, *((f"Kecamatan {number:03}", 2024, number) for number in range(1, 46))])
    first = _page(work, "editor").get_data(as_text=True)
    assert "Kecamatan 020" in first
    assert "Kecamatan 021" not in first
    (link,) = re.findall(r'href="([^"]*baru=20#baru)"', first)
    second = work.portal.get("editor", html.unescape(link).partition("#")[0]).get_data(as_text=True)
    assert "Kecamatan 021" in second
    assert "Kecamatan 020" not in second


@pytest.mark.thorough
def test_a_changed_unit_and_a_changed_scale_are_worth_a_second_look(work: Work) -> None:
    many = [(f"Kecamatan {number:03}", 2024, number) for number in range(1, 21)]
    work.replace(many)
    work.portal.set_state(work.copy_id, "draft")
    work.describe(work.file, [*COLUMNS[:2], {**COLUMNS[2], "satuan": "Ribu unit"}])
    text = _text(_page(work, "editor"))
    assert "Yang perlu diperiksa lagi" in text
    assert "Jumlah rumah: satuan sebelumnya Unit, sekarang Ribu unit." in text


def test_a_copy_without_changes_says_so(work: Work) -> None:
    assert "Tidak ada yang berbeda." in _text(_page(work, "editor"))


def test_the_page_of_the_public_dataset_shows_its_copy_to_insiders(work: Work) -> None:
    assert _page(work, "editor", reference=work.dataset_id).status_code == 200


def test_the_page_against_an_earlier_version(work: Work) -> None:
    remember(work, 1, title="Rumah reyot")
    text = _text(_page(work, "editor", "?lawan=1", work.dataset_id))
    assert "Yang terbit sekarang dibandingkan dengan versi 1." in text
    assert "reyot" in text


@pytest.mark.parametrize(("who", "status"), cases((None, 302), ("other", 404), thorough=[("stranger", 404)]))
def test_the_page_is_closed_to_everybody_outside(work: Work, who: str | None, status: int) -> None:
    answer = _page(work, who)
    assert answer.status_code == status
    assert CANARY not in answer.get_data(as_text=True)


def test_a_reader_of_the_public_version_may_not_open_the_page(work: Work) -> None:
    assert _page(work, "stranger", reference=work.dataset_id).status_code == 403
    assert work.portal.get("stranger", f"/dataset/{work.dataset_id}/bandingkan/isi.csv").status_code == 403


def test_the_rows_are_taken_along_as_a_table_that_a_spreadsheet_runs_nothing_of(work: Work) -> None:
    work.replace([("Margahayu", 2022, 71), *ROWS[2:], ("=1+1", 2024, 5)])
    (link,) = re.findall(r'href="([^"]*/isi[.]csv[^"]*)"', _page(work, "editor").get_data(as_text=True))
    answer = work.portal.get("editor", html.unescape(link))
    lines = list(reader(answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()))
    assert lines[1:] == [
        ["diubah", "2", "Margahayu, 2022", "Jumlah", "17", "71"],
        ["baru", "5", "'=1+1, 2024", "Jumlah", "", "5"],
        ["dihapus", "3", "Cimaung, 2022", "Jumlah", "438", ""],
    ]
    assert work.portal.get(None, html.unescape(link)).status_code == 403


@pytest.mark.parametrize("query", cases("?lawan=9", thorough=["?berkas=tidak-ada"]))
def test_what_is_not_there_is_not_found(work: Work, query: str) -> None:
    assert _page(work, "editor", query).status_code == 404


@pytest.mark.thorough
@pytest.mark.parametrize("query", cases("?ubah=x&baru=-1&hapus=99999999999", thorough=("?lawan=abc", "?baru=5000")))
def test_an_address_somebody_typed_is_no_error(work: Work, query: str) -> None:
    work.replace([*ROWS, ("Cimaung", 2024, 5)])
    assert _page(work, "editor", query).status_code == 200


def test_the_review_page_of_a_copy_leads_to_the_comparison(work: Work) -> None:
    work.replace([*ROWS, ("Cimaung", 2024, 5)])
    work.portal.set_state(work.copy_id, "in_review")
    body = work.portal.get("reviewer", f"/dataset/{work.copy_name}/tinjau").get_data(as_text=True)
    assert f'href="/dataset/{work.copy_name}/bandingkan"' in body


def test_the_review_page_of_a_dataset_without_a_public_version_does_not(work: Work) -> None:
    made = work.portal.dataset()
    work.portal.set_state(made["id"], "in_review")
    answer = work.portal.get("reviewer", f"/dataset/{made['name']}/tinjau")
    assert answer.status_code == 200
    assert "bandingkan" not in answer.get_data(as_text=True)
