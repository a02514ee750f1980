"""What everybody sees of a dataset, and what nobody outside may see."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from tests.slices.pages.conftest import TITLE, Page, Story

NOTE = "Satuan belum tepat kenari7f3a9."

OPENED: dict[str, Page] = {}


@pytest.fixture
def published(story: Story) -> dict[str, Any]:
    made = story.dataset()
    story.decide("operator", made["id"], "submit")
    story.decide("walidata", made["id"], "return", NOTE)
    story.publish(made["id"])
    return made


@pytest.fixture
def pages(request: pytest.FixtureRequest) -> dict[str, Page]:
    """The pages of a published dataset beside a hidden one, opened once for all tests of this file."""
    if not OPENED:
        made = request.getfixturevalue("published")
        story: Story = request.getfixturevalue("story")
        hidden = story.act("operator", "package_create", title="Rahasia kenari7f3a9", owner_org=story.dinkes["id"])
        place = f"/dataset/{made['name']}"
        OPENED["visitor"] = story.open(None, place)
        OPENED["file"] = story.open(None, f"{place}/resource/{made['resources'][0]['id']}")
        OPENED["list"] = story.open(None, "/dataset/")
        OPENED["front"] = story.open(None, "/")
        OPENED["organization"] = story.open(None, "/organization/dinkes")
        OPENED["hidden"] = story.open(None, f"/dataset/{hidden['name']}")
        OPENED["explanation"] = story.open(None, "/verifikasi")
        OPENED["member"] = story.open("operator", place)
        OPENED["history"] = story.open("operator", f"{place}/riwayat")
        OPENED["front of a member"] = story.open("operator", "/")
    return OPENED


def test_the_mark_opens_its_explanation(pages: dict[str, Page]):
    page = pages["visitor"]
    assert page.status == 200
    assert "Terverifikasi Walidata" in page.text
    assert re.search(r"nilai mutu \d{2} dari 100", page.text)
    assert '<details class="sd-verified">' in page.body
    assert "Yang memeriksa bukan yang mengisi." in page.text
    assert pages["explanation"].status == 200


def test_metadata_table_and_contact_are_readable(pages: dict[str, Page]):
    metadata = ["Standar Data", "Fasilitas Kesehatan", "1.02 Kesehatan", "2023–2024", "Tahunan", "Creative Commons"]
    for words in [*metadata, "Seksi Data", "Cara mengutip", "Kamus data", "Arjasari"]:
        assert words in pages["visitor"].text, words


@pytest.mark.parametrize("page", ["visitor", "file", "list", "front", "organization", "hidden"])
def test_no_name_no_note_and_no_draft_reaches_a_visitor(pages: dict[str, Page], page: str):
    for secret in ("kenari7f3a9", "Walidata, Staf 1", "Operator Dinkes", "orang-operator", "orang-walidata"):
        assert secret not in pages[page].body.replace("/dataset/rahasia-kenari7f3a9", "")


def test_the_page_of_a_file_shows_its_rows_and_columns(pages: dict[str, Page]):
    assert pages["file"].status == 200
    assert "Arjasari" in pages["file"].text
    assert "Bilangan bulat, satuan Unit" in pages["file"].text


def test_members_see_where_it_stands_and_its_history(pages: dict[str, Page]):
    assert "Dapat dibaca publik." in pages["member"].text
    assert NOTE in pages["history"].text
    assert "Walidata, Staf 1" in pages["history"].text


def test_a_draft_is_not_found_by_a_visitor(pages: dict[str, Page]):
    assert pages["hidden"].status == 404
    assert "Tidak ada apa-apa di sini" in pages["hidden"].text


@pytest.mark.parametrize("page", ["front", "front of a member"])
def test_the_front_page_counts_what_is_public(pages: dict[str, Page], page: str):
    assert "1 dataset dari 1 organisasi" in pages[page].text
    assert TITLE in pages[page].text
    assert "kenari7f3a9" not in pages[page].text


def test_an_adopted_dataset_is_marked_as_not_verified(story: Story, published: dict[str, Any]):
    model.Session.execute(
        sa.text("update satudata_case set basis = 'adopted' where subject_id = :id"), {"id": published["id"]}
    )
    model.Session.commit()
    text = story.open(None, f"/dataset/{published['name']}").text
    assert "Belum diverifikasi" in text
    assert "Terverifikasi Walidata 2" not in text
