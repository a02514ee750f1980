"""The page of notices and its settings, as their reader opens them."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import columns
from ckanext.satudata.notices import writing
from tests.slices.pages.conftest import Story, story  # noqa: F401

PAGE, SETTINGS = "/notifikasi", "/notifikasi/pengaturan"


def fill(count: int, who: str = "orang-operator") -> None:
    """Notices, the newest with the highest number; nothing else."""
    model.Session.execute(sa.text("truncate satudata_notice, satudata_outbox"))
    user = model.User.get(who)
    assert user is not None
    for number in range(count):
        writing.write([writing.Message(user.id, "message", "/pekerjaan-saya", {"text": f"Kabar {number:03}"})])
        at = columns.now().replace(year=2026, month=1, day=1, hour=1, minute=number % 60, second=number // 60)
        model.Session.execute(
            sa.text("update satudata_notice set created = :at where parameters->>'text' = :text"),
            {"at": at, "text": f"Kabar {number:03}"},
        )
    model.Session.commit()


def shown(story: Story, path: str = PAGE) -> list[str]:  # noqa: F811
    return re.findall(r"Kabar \d+(?=</a>)", story.open("operator", path).body)


def test_pages_of_notices(story: Story) -> None:  # noqa: F811
    """25 on a page, the newest first, and the way to the others."""
    fill(30)
    first, second = shown(story), shown(story, PAGE + "?page=2")
    assert (len(first), len(second)) == (25, 5)
    assert sorted({*first, *second}) == [f"Kabar {number:03}" for number in range(30)]
    page = story.open("operator", PAGE)
    assert "1 sampai 25 dari 30 notifikasi" in page.text
    assert "Lebih lama" in page.text
    assert "Lebih baru" not in page.text
    assert "Lebih baru" in story.open("operator", PAGE + "?page=2").text
    assert story.open("operator", PAGE + "?page=9").status == 302
    assert story.open("operator", PAGE + "?page=x").status == 400


def test_only_the_unread_ones(story: Story) -> None:  # noqa: F811
    fill(3)
    notices = story.act("operator", "satudata_notice_list")["results"]
    story.act("operator", "satudata_notice_read", id=notices[0]["id"])
    assert len(shown(story)) == 3
    assert len(shown(story, PAGE + "?lihat=belum")) == 2
    answer = story.send("operator", PAGE + "?lihat=belum&page=1", id=notices[1]["id"])
    assert answer.status == 302
    assert "lihat=belum" in answer.location
    assert len(shown(story, PAGE + "?lihat=belum")) == 1
    story.send("operator", PAGE)
    assert "Tidak ada yang belum dibaca." in story.open("operator", PAGE + "?lihat=belum").text
    assert len(shown(story)) == 3


def test_nothing_yet(story: Story) -> None:  # noqa: F811
    fill(0)
    text = story.open("operator", PAGE).text
    assert "Belum ada notifikasi." in text
    assert "Belum dibaca" not in text


def test_settings_are_kept(story: Story) -> None:  # noqa: F811
    page = story.open("operator", SETTINGS)
    assert page.status == 200
    assert re.search(r'value="each" checked', page.body)
    assert story.send("operator", SETTINGS, mail="weekly", language="en").status == 302
    assert story.act("operator", "satudata_notice_preferences_show") == {"mail": "weekly", "language": "en"}
    page = story.open("operator", SETTINGS)
    assert re.search(r'value="weekly" checked', page.body)
    assert re.search(r'value="en" checked', page.body)


def test_a_forged_choice_is_refused_at_its_place(story: Story) -> None:  # noqa: F811
    page = story.send("operator", SETTINGS, mail="sejam")
    assert page.status == 422
    assert 'role="alert"' in page.body
    assert story.act("operator", "satudata_notice_preferences_show")["mail"] == "each"


@pytest.mark.parametrize("path", [PAGE, SETTINGS])
def test_a_visitor_is_sent_to_the_login_page_and_back(story: Story, path: str) -> None:  # noqa: F811
    answer = story.open(None, path)
    assert answer.status == 302
    assert "/user/login" in answer.location
    assert story.send(None, path, mail="none").status == 403


def test_a_person_without_address_is_told_why_no_mail_comes(story: Story) -> None:  # noqa: F811
    model.Session.execute(sa.text("update \"user\" set email = null where name = 'orang-operator'"))
    model.Session.commit()
    assert "Akun Anda belum punya alamat email" in story.open("operator", SETTINGS).text


@pytest.mark.parametrize("path", [PAGE, SETTINGS])
def test_the_pages_in_english(story: Story, path: str) -> None:  # noqa: F811
    fill(1)
    page = story.open("operator", path, "en")
    assert page.status == 200
    assert not re.search(r"Atur email|Semua|Simpan pilihan", page.text)
    assert re.search(r"Choose your mails", page.text)
    if path == PAGE:
        assert 'href="/en/pekerjaan-saya"' in page.body
