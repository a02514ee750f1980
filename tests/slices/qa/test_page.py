"""The page of the report: one sentence on top, the way on, nothing for people outside."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from tests.slices.qa.conftest import BAD, GOOD, PASSWORD, Office, check_all, runs


def test_the_page_opens_with_the_verdict(office: Office) -> None:
    page = office.page("editor", *office.judged(BAD)).body
    assert "Belum bisa diajukan" in page
    assert page.count("sd-verdict__t") == 1


def test_a_clean_table_leads_on_to_submitting(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    page = office.page("editor", dataset_id, resource_id).body
    assert "Lanjut ke pengajuan" in page
    assert "/status" in page


def test_a_faulty_table_leads_to_another_upload(office: Office) -> None:
    page = office.page("editor", *office.judged(BAD)).body
    assert "Unggah file yang sudah diperbaiki" in page


def test_faulty_cells_are_marked_with_a_word(office: Office) -> None:
    page = office.page("editor", *office.judged(BAD)).body
    assert "sd-cell--err" in page
    assert '<span class="visually-hidden">Harus diperbaiki: </span><b>banyak</b>' in page


def test_while_it_waits_the_page_needs_no_javascript(office: Office) -> None:
    made = office.dataset(GOOD)
    page = office.page("editor", made["id"], made["resources"][0]["id"]).body
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "sd-wait" in page


def test_the_progress_says_when_it_is_over(office: Office) -> None:
    made = office.dataset(GOOD)
    place = made["id"], made["resources"][0]["id"]
    assert office.page("editor", *place, "/kemajuan").headers["X-Satudata-State"] == "queued"
    check_all()
    assert office.page("editor", *place, "/kemajuan").headers["X-Satudata-State"] == "done"


def test_an_unreadable_file_says_what_to_do(office: Office) -> None:
    page = office.page("editor", *office.judged("<html><body>Masuk</body></html>", "laporan.csv")).body
    assert "ternyata halaman web" in page
    assert "Unggah file lain" in page


def test_a_link_says_that_it_is_not_checked(office: Office) -> None:
    made = office.dataset(None)
    link = office.call("editor", "resource_create", package_id=made["id"], url="https://example.org/tabel.csv")
    assert "tautan luar" in office.page("editor", made["id"], link["id"]).body.lower()


@pytest.mark.parametrize("who", ["editor", "member", "reviewer", "sysadmin"])
def test_people_inside_read_the_report(office: Office, who: str) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    if who == "reviewer":
        office.hand_in(dataset_id)
    assert office.page(who, dataset_id, resource_id).status_code == 200


@pytest.mark.parametrize("ending", ["", "/kemajuan", "/laporan.json", "/temuan.csv"])
@pytest.mark.parametrize("who", ["stranger", None])
def test_a_hidden_dataset_is_not_there_for_others(office: Office, who: str | None, ending: str) -> None:
    answer = office.page(who, *office.judged(BAD), ending, follow_redirects=False)
    assert answer.status_code == 404
    assert "banyak" not in answer.body


def test_an_unknown_resource_is_not_there(office: Office) -> None:
    dataset_id, _resource_id = office.judged(GOOD)
    assert office.page("editor", dataset_id, "no-such-file").status_code == 404


@pytest.mark.thorough
def test_a_resource_of_another_dataset_is_not_there(office: Office) -> None:
    dataset_id, _resource_id = office.judged(GOOD)
    _other, resource_id = office.judged(GOOD)
    assert office.page("editor", dataset_id, resource_id).status_code == 404


def test_the_button_asks_for_another_check(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    assert _press(office, "editor", dataset_id, resource_id).status_code == 302
    assert [run["state"] for run in runs(resource_id)] == ["done", "queued"]


def test_a_forged_press_is_refused(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    url = f"/dataset/{dataset_id}/resource/{resource_id}/qa"
    browser = office.client.test_client()
    form = {"login": "orang-editor", "password": PASSWORD}
    form |= _token(browser.get("/user/login").get_data(as_text=True))
    assert browser.post("/user/login", data=form, follow_redirects=False).status_code == 302
    assert browser.get(url).status_code == 200
    assert browser.post(url, data={}, follow_redirects=False).status_code == 400
    assert [run["state"] for run in runs(resource_id)] == ["done"]


def test_a_mere_member_has_no_button(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    assert "Periksa ulang" not in office.page("member", dataset_id, resource_id).body


def test_a_mere_member_may_not_ask(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    with pytest.raises(tk.NotAuthorized):
        office.call("member", "satudata_qa_run", resource_id=resource_id)


def test_cells_are_shown_never_run(office: Office) -> None:
    evil = "kecamatan,tahun,jumlah\n<script>alert(1)</script>,2024,<b>x</b>\n"
    page = office.page("editor", *office.judged(evil)).body
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page.replace("<b>&lt;b&gt;x&lt;/b&gt;</b>", "")


@pytest.mark.thorough
def test_folded_rows_can_be_opened(office: Office) -> None:
    rows = "".join(f"Kecamatan {n},2024,{4000 + n * n}\n" for n in range(1, 41))
    long = f"kecamatan,tahun,jumlah\n{rows}Cibiru,2024,dua\n"
    place = office.judged(long)
    folded = office.page("editor", *place).body
    assert "Buka baris 2–41" in folded
    assert "4049<" not in folded
    assert "4049<" in office.page("editor", *place, "?buka=2-41").body


@pytest.mark.parametrize("asked", ["?buka=x", "?buka=9-2", "?buka=1-99999999999", "?buka=" + "1-200&buka=" * 30])
def test_nonsense_in_the_address_is_ignored(office: Office, asked: str) -> None:
    assert office.page("editor", *office.judged(GOOD), asked).status_code == 200


def _press(office: Office, who: str, dataset_id: str, resource_id: str) -> Any:
    """Press the page's own button, with the token of its form."""
    page = office.page(who, dataset_id, resource_id).body
    url = f"/dataset/{dataset_id}/resource/{resource_id}/qa"
    headers = {"Authorization": office.tokens[who]}
    return office.client.post(url, headers=headers, data=_token(page), follow_redirects=False)


def _token(page: str) -> dict[str, str]:
    found = re.search(r'<input[^>]*name="([^"]*csrf[^"]*)"[^>]*value="([^"]+)"', page)
    assert found is not None
    return {found[1]: found[2]}
