"""A working copy against its public version: who may ask, and what is told."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.satudata.publication.comparing import process
from tests.daily import cases

from .comparing import COLUMNS, ROWS, Work, csv, remember, snapshot, work, write_down
from .conftest import CANARY

__all__ = ["work"]


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
    file = FileStorage(io.BytesIO(csv(ROWS[:1]).encode()), "rumah.csv", content_type="text/csv")
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


def test_the_public_version_is_compared_with_an_earlier_one(work: Work) -> None:
    remember(work, 1, title="Rumah reyot")
    answer = work.ask(id=work.dataset_id, against=1, resource_id=work.resource_id)
    assert (answer["copy_id"], answer["against"], answer["before"]["version"]) == (None, 1, 1)
    assert [(change["field"], change["before"]) for change in answer["fields"]] == [("title", "Rumah reyot")]
    assert answer["table"]["state"] == "same"


@pytest.mark.thorough
def test_rows_of_an_earlier_version_that_are_no_longer_kept_are_not_guessed(work: Work) -> None:
    remember(work, 1)
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
    earlier = snapshot(other["id"])
    upload = FileStorage(io.BytesIO(csv(ROWS[1:]).encode()), "rumah.csv", content_type="text/csv")
    assert work.portal.call("editor", "resource_patch", id=file, upload=upload)[0] == 200
    work.judge(file)
    work.portal.set_state(other["id"], "published")
    write_down(other["id"], 1, earlier)
    table = work.ask(id=other["id"], against=1, resource_id=file)["table"]
    assert (table["state"], table["diff"]["removed"], table["diff"]["same"]) == ("compared", 1, 3)


def test_a_version_that_was_taken_down_is_refused(work: Work) -> None:
    remember(work, 1)
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
    if who == "reviewer":  # once it was handed in
        work.portal.set_state(work.copy_id, "in_review")
    assert work.ask(who)["dataset_id"] == work.dataset_id


@pytest.mark.parametrize("who", cases(None, "other", thorough=["stranger"]))
def test_nobody_outside_learns_anything_of_the_copy(work: Work, who: str | None) -> None:
    notes = f"Hasil {CANARY}-salinan"
    assert work.portal.call("editor", "package_patch", id=work.copy_id, notes=notes)[0] == 200
    remember(work, 1)
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
