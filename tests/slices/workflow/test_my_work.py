"""A producer's own work: what came back and why, what is due next, what others have; searched and in pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from .conftest import Office
from .desks import change, many


def work(office: Office, who: str = "operator", **data: Any) -> dict[str, Any]:
    return office.call(who, "satudata_my_work", **data)


def test_what_came_back_says_why_in_a_word_and_in_words(office: Office) -> None:
    (dataset,) = many(office, 1)
    office.call("walidata", "satudata_note_create", id=dataset, target_type="field", target="notes", text="Jelaskan.")
    office.decide("walidata", dataset, "return", note="Kode wilayah salah.", reason_code="kode_referensi")
    (row,) = work(office)["returned"]
    told = row["last_note"]
    assert (told["reason_code"], told["reason_label"]) == ("kode_referensi", "Kode referensi tidak cocok")
    assert (told["note"], told["notes"], row["open_notes"]) == ("Kode wilayah salah.", 1, 1)


def test_what_is_due_first_comes_first(office: Office) -> None:
    later, without, first = (office.dataset() for _ in range(3))
    now = datetime.now(UTC)
    change(later, due=now + timedelta(days=9))
    change(first, due=now + timedelta(days=2))
    change(without, due=None)
    assert [row["id"] for row in work(office)["drafts"]] == [first, later, without]


def test_what_waits_says_with_whom_and_until_when(office: Office) -> None:
    (dataset,) = many(office, 1)
    (row,) = work(office)["waiting"]
    assert (row["id"], row["turn"]["who"], row["due_days"], row["mine"]) == (dataset, "Walidata", 5, False)


def test_one_list_is_read_in_pages(office: Office) -> None:
    made = [office.dataset() for _ in range(5)]
    pages = [work(office, list="drafts", limit=2, offset=offset)["drafts"] for offset in (0, 2, 4, 6)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert sorted(row["id"] for page in pages for row in page) == sorted(made)
    office.decide("operator", made[0], "submit")
    found = work(office, list="drafts")
    assert (found["counts"]["drafts"], found["counts"]["waiting"], found["waiting"]) == (4, 1, [])


def test_a_search_counts_what_it_finds_in_every_list(office: Office) -> None:
    office.dataset(title="Panjang Jalan")
    many(office, 1, title="Kondisi Jalan")
    office.dataset(title="Jumlah Rumah")
    found = work(office, q="jalan")
    assert (found["counts"]["drafts"], found["counts"]["waiting"]) == (1, 1)
    assert [row["title"] for row in found["drafts"]] == ["Panjang Jalan"]


def test_one_of_several_organizations_can_be_chosen(office: Office) -> None:
    office.call("admin", "organization_member_create", id="disdik", username="operator", role="editor")
    here, there = office.dataset(), office.dataset("operator", "disdik")
    assert [row["id"] for row in work(office, organization="disdik")["drafts"]] == [there]
    assert {row["id"] for row in work(office)["drafts"]} == {here, there}
    # somebody else's organization finds nothing, and says nothing
    assert work(office, "operator_dua", organization="disdik")["counts"]["drafts"] == 0


def test_drafts_with_green_checks_may_be_submitted_together(office: Office) -> None:
    green, unchecked = office.dataset(), office.dataset()
    change(green, qa_result="passed")
    offered = {row["id"]: row["bulk"] for row in work(office)["drafts"]}
    assert offered[unchecked] is None
    assert offered[green] == {"transition": "submit", "label": "Ajukan untuk diperiksa"}


@pytest.mark.parametrize("wrong", [{"list": "semua"}, {"organization": "tidak-ada"}, {"q": "x" * 201}])
def test_bad_questions_are_refused(office: Office, wrong: dict[str, Any]) -> None:
    with pytest.raises(tk.ValidationError):
        work(office, **wrong)
