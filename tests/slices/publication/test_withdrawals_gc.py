"""``ckan satudata files gc`` removes what nothing needs, exactly that, and writes down what it removed."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from click.testing import CliRunner
from werkzeug.datastructures import FileStorage

from ckanext.satudata.publication import datastore, files
from ckanext.satudata.publication.uploader import blob_of
from ckanext.satudata.publication.withdrawals import cli, sweeping

from .conftest import Portal
from .test_withdrawals import storage, with_table

__all__ = ["storage"]

OLD = time.time() - 40 * 86_400


def aged(path: Path, moment: float = OLD) -> Path:
    os.utime(path, (moment, moment))
    return path


def stored(blob_id: str, words: str = "x") -> Path:
    path = files.stored_path(blob_id)
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words)
    return aged(path)


def age_everything(storage: Path) -> None:
    for path in storage.rglob("*"):
        if path.is_file():
            aged(path)


def found(days: int = 30) -> set[str]:
    keys = {one.key for one in sweeping.find(days)}
    model.Session.rollback()
    return keys


def gc(*options: str) -> Any:
    done = CliRunner().invoke(cli.files, ["gc", *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


def test_what_the_portal_needs_is_never_found(portal: Portal, storage: Path) -> None:
    """A published table and its CSV, a draft, one in review with an earlier round, evidence, an upload of before."""
    with_table(portal, second=True)
    portal.dataset()
    reviewed = portal.dataset()
    again = reviewed["resources"][0]["id"]
    first = blob_of(again)
    file = FileStorage(io.BytesIO(b"Kecamatan,Jumlah\nSukamaju,2\n"), "baru.csv", content_type="text/csv")
    assert portal.call("editor", "resource_patch", id=again, upload=file)[0] == 200
    assert blob_of(again) != first
    portal.set_state(reviewed["id"], "in_review")
    before = portal.dataset()
    evidence = storage / "satudata" / "evidence" / "ab" / "abcdef"
    evidence.parent.mkdir(parents=True)
    evidence.write_text("surat")
    resource_id = before["resources"][0]["id"]
    for table in ("satudata_blob", "satudata_blob_version"):
        left = blob_of(resource_id)
        model.Session.execute(sa.text(f"delete from {table} where resource_id = :id"), {"id": resource_id})
        path = files.stored_path(left)
        assert path is not None
        path.unlink(missing_ok=True)
    model.Session.commit()
    plain = stored(resource_id, "dari sebelum plugin")
    age_everything(storage)
    assert found() == set()
    assert (storage / "resources" / first[:3] / first[3:6] / first[6:]).exists(), "the rounds are compared"
    assert plain.exists()
    assert "0 would be removed" in gc().output


def test_what_nothing_needs_is_shown_first_and_then_removed_and_logged(portal: Portal, storage: Path) -> None:
    draft = portal.dataset()
    resource_id = draft["resources"][0]["id"]
    earlier = blob_of(resource_id)
    model.Session.execute(
        sa.text("update satudata_blob set blob_id = :new where resource_id = :id"),
        {"new": (new := str(uuid4())), "id": resource_id},
    )
    model.Session.commit()
    kept, orphan = stored(new), stored(str(uuid4()), "yatim")
    csv = storage / "satudata" / "tables" / f"{uuid4()}.csv"
    csv.parent.mkdir(parents=True, exist_ok=True)
    csv.write_text("a\n1\n")
    age_everything(storage)
    gone = {earlier, "".join(orphan.parts[-3:]), csv.name}
    assert found() == gone
    shown = gc()
    assert shown.exit_code == 0
    assert "3 would be removed" in shown.output
    assert all(key in shown.output for key in gone)
    assert orphan.exists()
    assert csv.exists()
    done = gc("--apply")
    assert done.exit_code == 0, done.output
    assert "3 removed" in done.output
    assert (orphan.exists(), csv.exists(), kept.exists()) == (False, False, True)
    log = model.Session.execute(sa.text("select key, why, size from satudata_removal where removed is not null")).all()
    assert {key for key, _, _ in log} == gone
    assert {why for _, why, _ in log} == {"gc"}
    assert sum(size for _, _, size in log) > 0
    assert not model.Session.execute(
        sa.text("select 1 from satudata_blob_version where blob_id = :id"), {"id": earlier}
    ).first()
    assert found() == set()


def test_files_of_a_purged_dataset_go_those_of_a_deleted_one_stay(portal: Portal, storage: Path) -> None:
    deleted, purged = portal.dataset(), portal.dataset()
    keys = [blob_of(one["resources"][0]["id"]) for one in (deleted, purged)]
    assert portal.call("editor", "package_delete", id=deleted["id"])[0] == 200
    assert portal.call("sysadmin", "dataset_purge", id=purged["id"])[0] == 200
    age_everything(storage)
    assert found() == {keys[1]}


def test_young_files_and_uploads_under_way_are_left_alone(portal: Portal, storage: Path) -> None:
    young = stored(str(uuid4()))
    aged(young, time.time() - 600)
    assert found(0) == set(), "its transaction may not be committed yet"
    aged(young, time.time() - 2 * 3_600)
    assert found(0) == {"".join(young.parts[-3:])}
    assert found(1) == set()
    assert portal
    assert storage.is_dir()


def test_what_is_pointed_at_meanwhile_stays(portal: Portal, storage: Path) -> None:
    """Found by the dry run, then an earlier version is restored: the pointer counts, not the list."""
    draft = portal.dataset()
    orphan = stored(str(uuid4()))
    key = "".join(orphan.parts[-3:])
    listed = [one for one in sweeping.find(30) if one.key == key]
    assert len(listed) == 1
    model.Session.rollback()
    model.Session.execute(
        sa.text("update satudata_blob set blob_id = :new where resource_id = :id"),
        {"new": key, "id": draft["resources"][0]["id"]},
    )
    model.Session.commit()
    assert sweeping.remove(listed) == []
    assert orphan.exists()
    assert storage.is_dir()


def test_an_approved_version_keeps_its_files(portal: Portal, storage: Path) -> None:
    draft = portal.dataset()
    orphan = stored(str(uuid4()))
    key = "".join(orphan.parts[-3:])
    model.Session.execute(
        sa.text(
            "insert into satudata_version (dataset_id, number, content_hash, blobs, kind) values (:id, 1, 'x',"
            " jsonb_build_object('r', cast(:blob as text)), 'awal')"
        ),
        {"id": draft["id"], "blob": key},
    )
    model.Session.commit()
    assert found() == set()
    assert storage.is_dir()


def test_strange_files_are_nobodys_business_here(portal: Portal, storage: Path) -> None:
    for name in ("resources/abc/def/catatan.txt", "resources/README", "storage/uploads/group/logo.png"):
        path = storage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        aged(path)
    link = storage / "resources" / "abc" / "def" / str(uuid4())[6:]
    link.symlink_to(storage / "resources" / "README")
    assert found() == set()
    assert portal


def test_an_orphaned_table_of_ours_goes_and_others_stay(portal: Portal, storage: Path, tmp_path: Path) -> None:
    from ckanext.datastore.backend.postgres import get_write_engine

    dataset = with_table(portal)
    source = tmp_path / "rows.csv"
    source.write_text("a\n1\n")
    columns = [{"id": "a", "kolom": "a", "type": "text"}]
    orphan = str(uuid4())
    datastore.load(orphan, columns, source)
    foreign = str(uuid4())
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f'create table "{foreign}" (a text)'))
    age_everything(storage)
    assert found() == {orphan}
    assert gc("--apply").exit_code == 0
    with get_write_engine().connect() as connection:
        there = {
            name: connection.execute(sa.text("select to_regclass(:name)"), {"name": f'"{name}"'}).scalar() is not None
            for name in (orphan, foreign, dataset["resources"][0]["id"])
        }
    assert there == {orphan: False, foreign: True, dataset["resources"][0]["id"]: True}


@pytest.mark.parametrize("key", ["../../../etc/passwd", "", ".", "a/../.."])
def test_no_key_leads_out_of_its_folder(storage: Path, key: str) -> None:
    from ckanext.satudata.publication.withdrawals import removals

    assert storage.is_dir()
    for kind in (removals.CSV, removals.JUDGED):
        assert removals.place(kind, key) is None
