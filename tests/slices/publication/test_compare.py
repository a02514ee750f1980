"""A working copy against its public version: who may ask, and what is told."""

from __future__ import annotations

import html
import io
import json
import re
import time
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.tests.helpers import call_action
from sqlalchemy.dialects.postgresql import insert
from werkzeug.datastructures import FileStorage

from ckanext.satudata.publication.comparing import process
from tests.slices import remembered
from tests.slices.daily import cases

from .conftest import CANARY, Portal

COLUMNS = [
    {"kolom": "Kecamatan", "label": "Kecamatan", "tipe": "text", "kunci": True, "wajib": True},
    {"kolom": "Tahun", "label": "Tahun", "tipe": "year", "kunci": True, "wajib": True},
    {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit"},
]
ROWS = [("Margahayu", 2022, 17), ("Cimaung", 2022, 438), ("Margahayu", 2023, 20), ("Rancabali", 2023, 86)]


def _csv(rows: list[tuple[str, int, int]]) -> str:
    return "Kecamatan,Tahun,Jumlah\n" + "".join(f"{name},{year},{count}\n" for name, year, count in rows)


class Work:
    """A published dataset with a judged table, and its working copy."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        made = portal.dataset(title="Rumah tidak layak huni", notes="Hasil pendataan desa dan kelurahan.")
        self.dataset_id = made["id"]
        assert portal.call("editor", "resource_delete", id=made["resources"][0]["id"])[0] == 200
        self.resource_id = self.upload(self.dataset_id, ROWS)
        portal.set_state(self.dataset_id, "published")
        status, copy = portal.call("editor", "satudata_copy_create", id=self.dataset_id)
        assert status == 200, copy
        self.copy_id, self.copy_name = copy["id"], copy["name"]

    @property
    def file(self) -> str:
        """The id of the table in the copy."""
        return self.portal.show(self.copy_id)["resources"][0]["id"]

    def upload(self, dataset_id: str, rows: list[tuple[str, int, int]]) -> str:
        made = self.portal.upload(dataset_id, _csv(rows), name="Rumah per kecamatan")
        self.describe(made["id"], COLUMNS)
        return made["id"]

    def describe(self, resource_id: str, columns: list[dict[str, Any]]) -> None:
        status, answer = self.portal.call("editor", "resource_patch", id=resource_id, kamus_data=json.dumps(columns))
        assert status == 200, answer
        self.judge(resource_id)

    def judge(self, resource_id: str) -> None:
        found = call_action("satudata_qa_run", {"user": "orang-sysadmin"}, resource_id=resource_id, wait=True)
        assert found["state"] == "done", found

    def replace(self, rows: list[tuple[str, int, int]]) -> None:
        """Another file in the copy."""
        file = FileStorage(io.BytesIO(_csv(rows).encode()), "rumah.csv", content_type="text/csv")
        status, answer = self.portal.call("editor", "resource_patch", id=self.file, upload=file)
        assert status == 200, answer
        self.judge(self.file)

    def ask(self, who: str | None = "editor", **asked: Any) -> Any:
        status, answer = self.portal.call(who, "satudata_compare", **{"id": self.copy_id, **asked})
        assert status == 200, answer
        return answer

    def refused(self, who: str | None, **asked: Any) -> tuple[int, Any]:
        status, answer = self.portal.call(who, "satudata_compare", **{"id": self.copy_id, **asked})
        assert status != 200, answer
        return status, answer


@pytest.fixture
def work(portal: Portal) -> Work:
    return remembered.begin(Work, portal=portal)


# -- what is told ------------------------------------------------------------------------------------------------------


def test_a_copy_that_nobody_touched_differs_in_nothing(work: Work) -> None:
    answer = work.ask(resource_id=work.file)
    assert (answer["fields"], answer["tags"], answer["groups"]) == ([], *[{"added": [], "removed": []}] * 2)
    assert answer["resources"] == {"added": [], "removed": [], "changed": [], "same": 1, "moved": False}
    assert answer["table"]["state"] == "same"


def test_a_changed_description_is_told_word_by_word(work: Work) -> None:
    notes = "Hasil pendataan desa dan kelurahan, setiap triwulan."
    assert work.portal.call("editor", "package_patch", id=work.copy_id, notes=notes)[0] == 200
    (change,) = work.ask()["fields"]
    assert (change["field"], change["kind"]) == ("notes", "changed")
    assert [run for run in change["runs"] if run["kind"] != "kept"] == [{"kind": "added", "text": ", setiap triwulan"}]


def test_tags_that_came_and_went_are_told(work: Work) -> None:
    tags = [{"name": "perumahan"}]
    assert work.portal.call("editor", "package_patch", id=work.copy_id, tags=tags)[0] == 200
    assert work.ask()["tags"] == {"added": ["perumahan"], "removed": [f"tag-{CANARY}"]}


def test_a_new_file_is_told_row_by_row(work: Work) -> None:
    work.replace([("Margahayu", 2022, 71), *ROWS[1:3], ("Cimaung", 2024, 5)])
    answer = work.ask(resource_id=work.file)
    diff = answer["table"]["diff"]
    assert (answer["table"]["state"], diff["by"], diff["key"]) == ("compared", "key", ["Kecamatan", "Tahun"])
    assert [(row["kind"], row["row"], row["row_before"], row["key"]) for row in diff["rows"]] == [
        ("changed", 2, 2, ["Margahayu", "2022"]),
        ("added", 5, None, ["Cimaung", "2024"]),
        ("removed", None, 5, ["Rancabali", "2023"]),
    ]
    assert diff["rows"][0]["cells"] == [{"column": "Jumlah", "before": "17", "after": "71"}]
    (change,) = answer["resources"]["changed"]
    assert (change["id"], change["before_id"], change["content"]) == (work.file, work.resource_id, True)


def test_totals_are_told_for_the_table_and_by_year(work: Work) -> None:
    work.replace([("Margahayu", 2022, 71), *ROWS[1:], ("Cimaung", 2024, 5)])
    diff = work.ask(resource_id=work.file)["table"]["diff"]
    (total,) = diff["totals"]
    assert (total["column"], total["before"], total["after"], total["difference"]) == ("Jumlah", "561", "620", "59")
    assert [(one["period"], one["before"], one["after"]) for one in diff["periods"]] == [
        ("2022", "455", "509"),
        ("2023", "106", "106"),
        ("2024", None, "5"),
    ]


def test_a_changed_unit_is_told_with_the_file(work: Work) -> None:
    work.describe(work.file, [*COLUMNS[:2], {**COLUMNS[2], "satuan": "Rumah tangga"}])
    (change,) = work.ask()["resources"]["changed"]
    (column,) = change["columns"]["changed"]
    assert (column["column"], [(one["field"], one["before"], one["after"]) for one in column["changes"]]) == (
        "Jumlah",
        [("satuan", "Unit", "Rumah tangga")],
    )


def test_a_file_that_was_added_has_nothing_to_be_compared_with(work: Work) -> None:
    added = work.upload(work.copy_id, ROWS[:2])
    answer = work.ask(resource_id=added)
    assert [one["id"] for one in answer["resources"]["added"]] == [added]
    assert (answer["table"]["state"], answer["table"]["diff"]) == ("added", None)


def test_a_file_that_was_removed_is_told_and_found_by_its_public_id(work: Work) -> None:
    assert work.portal.call("editor", "resource_delete", id=work.file)[0] == 200
    answer = work.ask(resource_id=work.resource_id)
    assert [one["id"] for one in answer["resources"]["removed"]] == [work.resource_id]
    assert (answer["table"]["state"], answer["table"]["before_id"]) == ("removed", work.resource_id)


def test_a_table_that_is_not_checked_yet_is_not_compared(work: Work) -> None:
    file = FileStorage(io.BytesIO(_csv(ROWS[:1]).encode()), "rumah.csv", content_type="text/csv")
    assert work.portal.call("editor", "resource_patch", id=work.file, upload=file)[0] == 200
    assert work.ask(resource_id=work.file)["table"]["state"] == "not_judged"


def test_the_public_dataset_itself_names_its_copy(work: Work) -> None:
    assert work.ask(id=work.dataset_id)["copy_id"] == work.copy_id


def test_a_page_of_the_listing_has_the_rows_asked_for(work: Work) -> None:
    work.replace([*ROWS, *((f"Kecamatan {number:03}", 2024, number) for number in range(1, 31))])
    diff = work.ask(resource_id=work.file, offset=10, limit=3, kind="added")["table"]["diff"]
    assert (diff["listed"], diff["offset"]) == (30, 10)
    assert [row["key"][0] for row in diff["rows"]] == ["Kecamatan 011", "Kecamatan 012", "Kecamatan 013"]


# -- against an earlier version ----------------------------------------------------------------------------------------


def _snapshot(dataset_id: str) -> dict[str, Any]:
    from ckanext.satudata.publication.subject import DatasetSubject

    return DatasetSubject().snapshot(dataset_id)


def _write_down(dataset_id: str, number: int, snapshot: dict[str, Any]) -> None:
    from ckanext.satudata.publication.copies.model import version
    from ckanext.satudata.publication.subject import content_hash

    values = {"content_hash": content_hash(snapshot), "snapshot": snapshot, "blobs": {}, "kind": "awal"}
    statement = insert(version).values(dataset_id=dataset_id, number=number, **values)
    changed = {"content_hash": values["content_hash"], "snapshot": snapshot}
    index = ["dataset_id", "number"]
    model.Session.execute(statement.on_conflict_do_update(index_elements=index, set_=changed))
    model.Session.commit()


def _remember(work: Work, number: int, **changed: Any) -> None:
    """The public version as it is now, written down under a number, with other words."""
    snapshot = _snapshot(work.dataset_id)
    snapshot["fields"].update(changed)
    _write_down(work.dataset_id, number, snapshot)


def test_the_public_version_is_compared_with_an_earlier_one(work: Work) -> None:
    _remember(work, 1, title="Rumah reyot")
    answer = work.ask(id=work.dataset_id, against=1, resource_id=work.resource_id)
    assert (answer["copy_id"], answer["against"], answer["before"]["version"]) == (None, 1, 1)
    assert [(change["field"], change["before"]) for change in answer["fields"]] == [("title", "Rumah reyot")]
    assert answer["table"]["state"] == "same"


@pytest.mark.thorough
def test_rows_of_an_earlier_version_that_are_no_longer_kept_are_not_guessed(work: Work) -> None:
    _remember(work, 1)
    model.Session.execute(
        sa.text(
            "update satudata_version set snapshot = jsonb_set(snapshot, '{resources,0,sha256}', '\"0\"')"
            " where dataset_id = :id"
        ),
        {"id": work.dataset_id},
    )
    model.Session.commit()
    assert work.ask(id=work.dataset_id, against=1, resource_id=work.resource_id)["table"]["state"] == "earlier"


@pytest.mark.thorough
def test_rows_of_an_earlier_version_are_compared_while_its_check_is_kept(work: Work) -> None:
    other = work.portal.dataset()
    file = work.upload(other["id"], ROWS)
    earlier = _snapshot(other["id"])
    upload = FileStorage(io.BytesIO(_csv(ROWS[1:]).encode()), "rumah.csv", content_type="text/csv")
    assert work.portal.call("editor", "resource_patch", id=file, upload=upload)[0] == 200
    work.judge(file)
    work.portal.set_state(other["id"], "published")
    _write_down(other["id"], 1, earlier)
    table = work.ask(id=other["id"], against=1, resource_id=file)["table"]
    assert (table["state"], table["diff"]["removed"], table["diff"]["same"]) == ("compared", 1, 3)


def test_a_version_that_was_taken_down_is_refused(work: Work) -> None:
    _remember(work, 1)
    model.Session.execute(sa.text("update satudata_version set snapshot = null"))
    model.Session.commit()
    assert "against" in work.refused("editor", id=work.dataset_id, against=1)[1]


@pytest.mark.parametrize("against", cases("kemarin", thorough=(7, -1, True, {"a": 1})))
def test_a_version_that_never_was_is_refused(work: Work, against: Any) -> None:
    status, error = work.refused("editor", against=against)
    assert status == 409
    assert error["against"]


# -- who may ask -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", cases("member", "reviewer", thorough=("editor", "admin", "sysadmin")))
def test_members_and_reviewers_may_compare(work: Work, who: str) -> None:
    assert work.ask(who)["dataset_id"] == work.dataset_id


@pytest.mark.parametrize("who", cases(None, "other", thorough=["stranger"]))
def test_nobody_outside_learns_anything_of_the_copy(work: Work, who: str | None) -> None:
    notes = f"Hasil {CANARY}-salinan"
    assert work.portal.call("editor", "package_patch", id=work.copy_id, notes=notes)[0] == 200
    _remember(work, 1)
    for asked in ({}, {"id": work.dataset_id}, {"id": work.dataset_id, "against": 1}, {"resource_id": work.file}):
        status, answer = work.refused(who, **asked)
        assert status == 403
        assert work.copy_name not in str(answer)
        assert f"{CANARY}-salinan" not in str(answer)


def test_without_an_open_copy_there_is_nothing_to_compare(work: Work) -> None:
    assert work.portal.call("editor", "satudata_copy_discard", id=work.copy_id)[0] == 200
    assert "id" in work.refused("editor", id=work.dataset_id)[1]


def test_a_file_that_neither_version_has_is_refused(work: Work) -> None:
    assert "resource_id" in work.refused("editor", resource_id="tidak-ada")[1]


def test_an_unknown_dataset_is_not_found(work: Work) -> None:
    assert work.refused("editor", id="tidak-ada")[0] == 404


# -- the kept answers --------------------------------------------------------------------------------------------------


def _kept() -> list[Any]:
    return list(process._folder().glob("*/*.json"))


@pytest.mark.thorough
def test_the_same_question_is_answered_from_the_kept_answer(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.replace([*ROWS, ("Cimaung", 2024, 5)])
    first = work.ask(resource_id=work.file)
    monkeypatch.setattr(process, "_run", lambda _job: pytest.fail("compared again"))
    assert work.ask(resource_id=work.file) == first


@pytest.mark.thorough
def test_kept_answers_go_after_a_day(work: Work) -> None:
    process.sweep(time.time() + 2 * process.DAY)
    work.replace([*ROWS, ("Cimaung", 2024, 5)])
    work.ask(resource_id=work.file)
    assert _kept()
    assert process.sweep() == 0
    assert process.sweep(time.time() + process.DAY + 60) == 1
    assert not _kept()


@pytest.mark.thorough
def test_kept_answers_go_with_the_tables_they_were_made_of(work: Work) -> None:
    process.sweep(time.time() + 2 * process.DAY)
    work.replace([*ROWS, ("Cimaung", 2024, 5)])
    work.ask(resource_id=work.file)
    files = call_action("satudata_qa_files", {"ignore_auth": True}, resource_id=work.file)
    from pathlib import Path

    Path(files["rows"]).unlink()
    assert process.sweep() == 1
    assert not _kept()


@pytest.mark.thorough
def test_a_comparison_beyond_the_limit_of_memory_is_told_so(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.replace([*ROWS, ("Bojongsoang", 2024, 5)])
    monkeypatch.setitem(config, "ckanext.satudata.qa.memory_mb", "-1000")
    answer = work.ask(resource_id=work.file)["table"]
    assert (answer["state"], answer["diff"]) == ("failed", None)
    assert "terlalu besar" in answer["message"]


# -- the page ----------------------------------------------------------------------------------------------------------


def _page(work: Work, who: str | None, query: str = "", reference: str = "") -> Any:
    return work.portal.get(who, f"/dataset/{reference or work.copy_name}/bandingkan{query}")


def _text(answer: Any) -> str:
    """What a person reads, without marks, scripts and styles."""
    body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_the_page_says_first_what_changes_and_that_nothing_was_lost(work: Work) -> None:
    work.replace([("Margahayu", 2022, 71), *ROWS[1:], ("Cimaung", 2024, 5)])
    answer = _page(work, "reviewer")
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
    text = _text(_page(work, "reviewer"))
    assert "Yang perlu diperiksa lagi" in text
    assert "Jumlah rumah: satuan sebelumnya Unit, sekarang Ribu unit." in text


def test_a_copy_without_changes_says_so(work: Work) -> None:
    assert "Tidak ada yang berbeda." in _text(_page(work, "editor"))


def test_the_page_of_the_public_dataset_shows_its_copy_to_insiders(work: Work) -> None:
    assert _page(work, "editor", reference=work.dataset_id).status_code == 200


def test_the_page_against_an_earlier_version(work: Work) -> None:
    _remember(work, 1, title="Rumah reyot")
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
