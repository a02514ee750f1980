"""An existing catalogue is taken in: what the public saw stays public, what was hidden in another way stays hidden."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from click.testing import CliRunner

from ckanext.satudata.publication import indexing
from ckanext.satudata.publication.adopting import reading, taking
from ckanext.satudata.publication.adopting.command import adopt
from ckanext.satudata.publication.adopting.left import Left

from .conftest import Portal

CASES = "select subject_id, state, approved, basis from satudata_case where subject_type = 'dataset'"


def _sql(statement: str, **values: Any) -> list[Any]:
    model.Session.remove()
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("select set_config('satudata.pass', '*', true)"))
        result = connection.execute(sa.text(statement), values)
        return list(result) if result.returns_rows else []


def _old(portal: Portal, *, public: bool, **left: str) -> str:
    """The id of a dataset as the migration finds it in a portal that had another approval extension."""
    made = portal.dataset()
    _sql("update package set private = :private where id = :id", id=made["id"], private=not public)
    for key, value in left.items():
        _leave(made["id"], key, value)
    portal.set_state(made["id"], "published" if public else "draft", basis="adopted" if public else "workflow")
    return made["id"]


def _leave(dataset_id: str, key: str, value: str) -> None:
    if hasattr(model, "PackageExtra"):
        _sql(
            "insert into package_extra (id, package_id, key, value, state)"
            " values (md5(random()::text), :id, :key, :value, 'active')",
            id=dataset_id,
            key=key,
            value=value,
        )
    else:
        extra = json.dumps({key: value})
        _sql(
            "update package set extras = coalesce(extras, '{}') || cast(:extra as jsonb) where id = :id",
            id=dataset_id,
            extra=extra,
        )


def _run(*arguments: str) -> Any:
    done = CliRunner().invoke(adopt, list(arguments), catch_exceptions=False)
    model.Session.remove()
    return done


def _cases() -> dict[str, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in _sql(CASES)}


def _fingerprint() -> list[Any]:
    tables = ("package", "resource", "satudata_case", "satudata_enforcement", "satudata_reindex")
    return [_sql(f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t") for table in tables]


@pytest.mark.parametrize("status", ["draft", "in_review", "rejected"])
def test_what_another_extension_held_back_is_closed(portal: Portal, status: str) -> None:
    held = _old(portal, public=True, publishing_status=status)
    assert portal.call(None, "package_show", id=held)[0] == 200  # without that extension it is open
    name = portal.row(held)["name"]
    assert _run("--apply").exit_code == 0
    assert portal.call(None, "package_show", id=held)[0] == 403
    assert not portal.is_public(held)
    search.commit()
    assert portal.call(None, "package_search", q=f"name:{name}")[1]["count"] == 0
    assert _cases()[held] == ("draft", False, "workflow")
    assert portal.row(held)["name"] == name
    assert _sql("select 1 from satudata_reindex") == []


@pytest.mark.parametrize(
    "left",
    [
        {},
        {"publishing_status": "approved"},
        {"approval_state": "pending"},
        {"workflow_status": "archived"},
        {"publishing_status": "entah"},
    ],
)
def test_what_the_public_saw_stays_public(portal: Portal, left: dict[str, str]) -> None:
    seen = _old(portal, public=True, **left)
    before = portal.row(seen)
    assert _run("--apply").exit_code == 0
    assert portal.is_public(seen)
    assert portal.row(seen) == before
    assert portal.show(seen)["status_verifikasi"] == "belum_diverifikasi"


@pytest.mark.parametrize("left", [{}, {"approval_state": "approved"}, {"workflow_status": "published"}])
def test_adopting_opens_nothing(portal: Portal, left: dict[str, str]) -> None:
    hidden = _old(portal, public=False, **left)
    assert _run("--apply").exit_code == 0
    assert not portal.is_public(hidden)
    assert _cases()[hidden] == ("draft", False, "workflow")


def test_without_apply_nothing_is_written(portal: Portal) -> None:
    _old(portal, public=True, publishing_status="in_review")
    _old(portal, public=True)
    before = _fingerprint()
    done = _run()
    assert done.exit_code == 0
    assert "--apply" in done.output
    assert _fingerprint() == before


def test_the_table_says_what_would_happen(portal: Portal) -> None:
    _old(portal, public=True, publishing_status="in_review")
    for _ in range(2):
        _old(portal, public=True, workflow_status="published")
    _old(portal, public=False)
    lines = _run().output.splitlines()
    row = next(line for line in lines if line.startswith("Dinas Kesehatan") and ":" not in line)
    assert row.split()[2:] == ["4", "2", "1", "1", "0", "0", "0", "4"]
    assert "  publishing_status: in_review (menunggu persetujuan): 1" in lines
    assert "  workflow_status: published (terbit): 2" in lines


def test_it_can_be_repeated(portal: Portal) -> None:
    _old(portal, public=True, publishing_status="in_review")
    _old(portal, public=True)
    _run("--apply")
    before = _fingerprint()
    _run("--apply")
    assert _fingerprint() == before


def test_it_can_be_interrupted(portal: Portal, monkeypatch: Any) -> None:
    held = [_old(portal, public=True, publishing_status="in_review") for _ in range(3)]
    monkeypatch.setattr(reading, "BATCH", 1)
    monkeypatch.setattr(reading.batches, "__defaults__", (1,))
    take, calls = taking._take, []

    def dies(rows: Any) -> None:
        calls.append(rows)
        if len(calls) == 2:
            raise KeyboardInterrupt
        take(rows)

    monkeypatch.setattr(taking, "_take", dies)
    with pytest.raises(KeyboardInterrupt):
        list(taking.adopt(None, apply=True, folder=None, language="id", told=lambda _text: None))
    model.Session.remove()
    assert sorted(portal.is_public(one) for one in held) == [False, True, True]
    monkeypatch.setattr(taking, "_take", take)
    _run("--apply")
    assert not any(portal.is_public(one) for one in held)


def test_what_dies_before_the_index_is_left_to_the_tick(portal: Portal, monkeypatch: Any) -> None:
    held = _old(portal, public=True, publishing_status="in_review")

    def dies(_dataset_id: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(indexing, "replace_entry", dies)
    with pytest.raises(KeyboardInterrupt):
        list(taking.adopt(None, apply=True, folder=None, language="id", told=lambda _text: None))
    model.Session.remove()
    assert portal.row(held)["private"] is True
    assert _sql("select dataset_id from satudata_reindex") == [(held,)]


def test_what_our_workflow_published_is_never_closed(portal: Portal) -> None:
    """The old field may still stand in it, and an edit in an observed organization makes it unverified again."""
    ours = _old(portal, public=True, publishing_status="in_review")
    _sql(
        "insert into satudata_publication (dataset_id, first_published, published) values (:id, now(), now())", id=ours
    )
    assert _run("--apply").exit_code == 0
    assert portal.is_public(ours)


def test_what_came_past_the_plugin_gets_a_case(portal: Portal) -> None:
    public, hidden = _old(portal, public=True), _old(portal, public=False)
    _sql("delete from satudata_author")
    _sql("delete from satudata_case")
    assert _run("--apply").exit_code == 0
    assert _cases() == {public: ("published", True, "adopted"), hidden: ("draft", False, "workflow")}


def test_only_one_organization(portal: Portal) -> None:
    held = _old(portal, public=True, publishing_status="in_review")
    done = _run("--apply", "--organization", "dinas-pendidikan")
    assert done.exit_code == 0
    assert portal.is_public(held)
    assert _run("--organization", "tidak-ada").exit_code == 1
    _run("--apply", "--organization", "dinas-kesehatan")
    assert not portal.is_public(held)


def test_the_gaps_are_a_work_list_of_the_office(portal: Portal, tmp_path: Path) -> None:
    seen = _old(portal, public=True, approval_state="pending")
    _sql("update package set title = '=HYPERLINK(1)' where id = :id", id=seen)
    done = _run("--gaps", str(tmp_path / "daftar"))
    assert done.exit_code == 0
    assert [file.name for file in (tmp_path / "daftar").iterdir()] == ["dinas-kesehatan.csv"]
    text = (tmp_path / "daftar" / "dinas-kesehatan.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert {row["judul"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["status_lama"] for row in rows} == {"approval_state: pending (menunggu persetujuan)"}
    assert {row["keadaan"] for row in rows} == {"publik, belum diverifikasi"}
    assert "Bidang urusan belum diisi." in {row["kekurangan"] for row in rows}
    assert any(row["kekurangan"].startswith("Kamus data") for row in rows)
    assert rows[0]["alamat"].endswith(f"/dataset/{portal.row(seen)['name']}")


def test_the_gaps_are_those_a_submission_would_be_refused_for(portal: Portal) -> None:
    made = portal.dataset()
    status, asked = portal.call("sysadmin", "satudata_metadata_check", id=made["id"])
    assert status == 200
    office = next(one for one in reading.offices("dinas-kesehatan"))
    (row,) = next(iter(reading.batches(office)))
    from ckanext.satudata.publication.adopting import gaps

    listed = [gap.text for gap in gaps.of_row(row, "id")]
    assert listed[: len(asked["problems"])] == [problem["text"] for problem in asked["problems"]]
    assert len(asked["problems"]) > 3


def test_a_value_nobody_knows_is_told_as_it_is() -> None:
    assert Left("approval_state", "entah").render("id") == "approval_state: entah"
    assert not Left("approval_state", "rejected").held_back
