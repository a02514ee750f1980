"""Who may open which page, and that nothing is decided but by a POST with the form's token."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.slices.pages.conftest import PASSWORD, Story

INSIDE = ["tinjau", "status", "riwayat"]


@pytest.fixture
def submitted(story: Story) -> dict[str, Any]:
    made = story.dataset()
    story.decide("operator", made["id"], "submit")
    return made


def test_a_visitor_is_sent_to_the_login_page_whatever_the_name(story: Story, submitted: dict[str, Any]):
    for path in (f"/dataset/{name}/{page}" for name in (submitted["name"], "tidak-ada") for page in INSIDE):
        answer = story.open(None, path)
        assert answer.status == 302, path
        assert "/user/login" in answer.location


def test_a_hidden_dataset_is_not_found_by_others(story: Story, submitted: dict[str, Any]):
    for path in (f"/dataset/{name}/{page}" for name in (submitted["name"], "tidak-ada") for page in INSIDE):
        assert story.open("stranger", path).status == 404, path


def test_the_inside_of_a_published_dataset_is_not_for_others(story: Story):
    made = story.dataset()
    story.publish(made["id"])
    for page in INSIDE:
        answer = story.open("stranger", f"/dataset/{made['name']}/{page}")
        assert answer.status == 403, page
        assert "Walidata, Staf 1" not in answer.text


def test_a_producer_who_opens_the_review_lands_on_the_status(story: Story, submitted: dict[str, Any]):
    answer = story.open("operator", f"/dataset/{submitted['name']}/tinjau")
    assert (answer.status, answer.location.endswith(f"/dataset/{submitted['name']}/status")) == (302, True)


def test_the_desk_is_for_reviewers(story: Story):
    assert story.open("operator", "/meja-kerja").status == 403
    assert story.open("walidata", "/meja-kerja").status == 200


def test_pages_of_a_person_ask_a_visitor_to_log_in(story: Story):
    for path in ("/meja-kerja", "/pekerjaan-saya", "/notifikasi"):
        answer = story.open(None, path)
        assert answer.status == 302, path
        assert "/user/login" in answer.location


def test_after_logging_in_people_begin_at_their_work(story: Story):
    for who, path in (("walidata", "/meja-kerja"), ("operator", "/pekerjaan-saya"), ("reader", "satudata.test")):
        answer = story.open(who, "/mulai")
        assert answer.status == 302
        assert answer.location.rstrip("/").endswith(path), who


def test_a_link_decides_nothing(story: Story, submitted: dict[str, Any]):
    page = f"/dataset/{submitted['name']}/tinjau"
    seen = story.open("walidata", page)
    query = f"?transition=pass&content_hash={seen.field('content_hash')}"
    assert story.open("walidata", page + query).status == 200
    assert story.act("walidata", "satudata_case_show", id=submitted["id"])["state"] == "in_review"


def test_a_form_of_another_page_decides_nothing(story: Story, submitted: dict[str, Any]):
    """A browser that is logged in sends its cookie along, but a foreign page does not know the form's token."""
    browser = story.client.test_client()
    login = browser.get("/user/login").get_data(as_text=True)
    form = {"login": "orang-walidata", "password": PASSWORD, "_csrf_token": token(login)}
    assert browser.post("/user/login", data=form, follow_redirects=False).status_code == 302
    page = f"/dataset/{submitted['name']}/tinjau"
    body = browser.get(page).get_data(as_text=True)
    decision = {name: hidden(body, name) for name in ("expected", "content_hash")} | {"transition": "pass"}

    assert browser.post(page, data=decision, follow_redirects=False).status_code == 400
    assert story.act("walidata", "satudata_case_show", id=submitted["id"])["state"] == "in_review"

    answer = browser.post(page, data={**decision, "_csrf_token": token(body)}, follow_redirects=False)
    assert answer.status_code == 302
    assert story.act("walidata", "satudata_case_show", id=submitted["id"])["state"] == "verified"


def hidden(body: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', body)
    assert found is not None
    return html.unescape(found.group(1))


def token(body: str) -> str:
    return hidden(body, "_csrf_token")
