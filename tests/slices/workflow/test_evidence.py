"""Files of decisions: taken when they are what they say, kept privately, bound to the decision."""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.satudata.workflow.model import EvidenceRow
from ckanext.satudata.workflow.proofs import harmless, vault

from .conftest import Office
from .levels import PDF, add, at_kabid, codes, file, listed, refused, under


@pytest.fixture
def levels(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Office:
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    return under(office, monkeypatch, "bertingkat")


def _archive(*names: str, first: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        if first:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")
SHEET = ("[Content_Types].xml", "xl/workbook.xml")
GOOD: list[tuple[str, bytes]] = [
    ("surat.pdf", PDF),
    ("SURAT.PDF", PDF),
    ("foto.jpg", b"\xff\xd8\xff\xe0" + b"0" * 20),
    ("foto.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20),
    ("surat.docx", _archive(*WORD)),
    ("tabel.xlsx", _archive(*SHEET)),
    ("surat.odt", _archive("content.xml", first=b"application/vnd.oasis.opendocument.text")),
]
BAD: list[tuple[str, str, bytes]] = [
    ("empty", "surat.pdf", b""),
    ("no ending", "surat", PDF),
    ("web page", "halaman.html", b"<html></html>"),
    ("svg", "gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("program", "setup.exe", b"MZ"),
    ("zip is not asked for", "isi.zip", _archive("a.txt")),
    ("web page named pdf", "surat.pdf", b"<html><script>alert(1)</script>"),
    ("pdf cut off", "surat.pdf", b"%PDF-1.4\n1 0 obj"),
    ("web page named png", "foto.png", b"<html>"),
    ("program named jpg", "foto.jpg", b"MZ\x90\x00"),
    ("any archive named docx", "surat.docx", _archive("a.txt")),
    ("sheet named docx", "surat.docx", _archive(*SHEET)),
    ("word with macros", "surat.docx", _archive(*WORD, "word/vbaProject.bin")),
    ("sheet with macros", "tabel.xlsx", _archive(*SHEET, "xl/vbaProject.bin")),
    ("odt with macros", "surat.odt", _archive("content.xml", "Basic/a.xml", first=harmless.TYPES["odt"].encode())),
    ("pdf with a script", "surat.pdf", PDF.replace(b"<<>>", b"<</S /JavaScript>>", 1)),
    ("the scanners' test file", "surat.pdf", PDF + harmless.EICAR),
    ("double ending", "surat.pdf.html", PDF),
]


@pytest.mark.thorough
def test_documents_and_pictures_are_taken(levels: Office) -> None:
    dataset = at_kabid(levels)
    for name, content in GOOD:
        made = add(levels, "kabid", dataset, content=content, name=name)
        assert made["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert vault.path_of(made["sha256"]).read_bytes() == content


@pytest.mark.thorough
def test_nothing_else_is_taken_and_nothing_is_left_behind(levels: Office, tmp_path: Path) -> None:
    dataset = at_kabid(levels)
    for what, name, content in BAD:
        upload = file(content, name)
        errors = refused(levels, "kabid", "satudata_evidence_create", id=dataset, kind="surat_validasi", upload=upload)
        assert list(errors) == ["upload"], what
    assert [path for path in (tmp_path / "satudata").rglob("*") if path.is_file()] == []
    assert listed(levels, "kabid", dataset) == []


def test_what_is_no_file_is_refused(levels: Office) -> None:
    dataset = at_kabid(levels)
    ask = {"id": dataset, "kind": "surat_validasi"}
    assert list(refused(levels, "kabid", "satudata_evidence_create", **ask)) == ["upload"]
    for upload in ("surat.pdf", {"a": 1}, "", 7):
        assert list(refused(levels, "kabid", "satudata_evidence_create", **ask, upload=upload)) == ["upload"], upload


def test_a_large_file_is_refused(levels: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.evidence_max_size", 1)
    dataset = at_kabid(levels)
    upload = file(PDF + b" " * (1 << 20) + b"%%EOF", "surat.pdf")
    errors = refused(levels, "kabid", "satudata_evidence_create", id=dataset, kind="surat_validasi", upload=upload)
    assert "1 MB" in errors["upload"][0]


def test_names_are_cleaned() -> None:
    cases = {
        "../../etc/passwd.pdf": "passwd.pdf",
        "C:\\Users\\a\\surat.PDF": "surat.pdf",
        'a"b<c>\x00\u202efdp.pdf': "a_b_c_fdp.pdf",
        "  Surat   Validasi 2026 .pdf ": "Surat Validasi 2026.pdf",
        "a" * 300 + ".pdf": "a" * 116 + ".pdf",
        ".pdf": "berkas.pdf",
    }
    assert {name: harmless.clean_name(name) for name in cases} == cases


def test_a_step_takes_the_files_it_asks_for(levels: Office) -> None:
    dataset = at_kabid(levels)
    errors = refused(levels, "kabid", "satudata_evidence_create", id=dataset, kind="kuitansi", upload=file())
    assert "surat_validasi" in errors["kind"][0]
    assert add(levels, "kabid", dataset, "lainnya")["label"] == "Lampiran lain"


def test_only_who_may_act_adds_files(levels: Office) -> None:
    dataset = at_kabid(levels)
    for who in ("staf", "operator", "anggota"):
        ask = {"id": dataset, "kind": "surat_validasi", "upload": file()}
        assert codes(refused(levels, who, "satudata_evidence_create", **ask)) != [], who
    with pytest.raises(tk.NotAuthorized):
        add(levels, "tamu", dataset)


def test_without_its_letter_the_decision_is_refused(levels: Office) -> None:
    dataset = at_kabid(levels)
    assert "evidence" in levels.refused("kabid", dataset, "pass")
    surat = add(levels, "kabid", dataset)
    assert surat["pending"] is True
    assert "evidence" in levels.refused("kabid", dataset, "pass", evidence=["tidak-ada"])
    done = levels.decide("kabid", dataset, "pass", evidence=[surat["id"]])
    (kept,) = listed(levels, "operator", dataset)
    assert (kept["event_id"], kept["pending"], kept["label"]) == (done["event_id"], False, "Surat validasi")
    told = levels.call("operator", "satudata_history", id=dataset)[0]["evidence"]
    assert [(one["kind"], one["sha256"]) for one in told] == [("surat_validasi", surat["sha256"])]


def test_a_waiting_file_is_its_uploaders_alone(levels: Office) -> None:
    dataset = at_kabid(levels)
    made = add(levels, "kabid", dataset)
    assert [len(listed(levels, who, dataset)) for who in ("kabid", "staf", "operator", "admin")] == [1, 0, 0, 0]
    for who in ("staf", "operator"):
        with pytest.raises(tk.ObjectNotFound):
            levels.call(who, "satudata_evidence_delete", id=dataset, evidence_id=made["id"])


@pytest.mark.thorough
def test_somebody_elses_file_serves_nobody(levels: Office) -> None:
    levels.grant("kasi", "walidata", position="kabid")
    dataset = at_kabid(levels)
    surat = add(levels, "kabid", dataset)
    assert "evidence" in levels.refused("kasi", dataset, "pass", evidence=[surat["id"]])


def test_a_waiting_file_can_be_taken_back_a_used_one_not(levels: Office) -> None:
    dataset = at_kabid(levels)
    wrong = add(levels, "kabid", dataset)
    levels.call("kabid", "satudata_evidence_delete", id=dataset, evidence_id=wrong["id"])
    assert listed(levels, "kabid", dataset) == []
    surat = add(levels, "kabid", dataset)
    levels.decide("kabid", dataset, "pass")
    used = refused(levels, "kabid", "satudata_evidence_delete", id=dataset, evidence_id=surat["id"])
    assert codes(used) == ["evidence_used"]


@pytest.mark.thorough
def test_files_are_in_no_public_answer(levels: Office) -> None:
    dataset = at_kabid(levels)
    surat = add(levels, "kabid", dataset, name="rahasia.pdf")
    levels.decide("kabid", dataset, "pass")
    levels.decide("walidata", dataset, "publish")
    told = json.dumps(tk.get_action("package_show")({"user": "", "ignore_auth": False}, {"id": dataset}))
    assert "rahasia" not in told
    assert surat["sha256"] not in told
    search = tk.get_action("package_search")({"user": "", "ignore_auth": False}, {"q": "rahasia"})
    assert search["count"] == 0
    with pytest.raises(tk.NotAuthorized):
        listed(levels, "tamu", dataset)


@pytest.mark.thorough
def test_the_download_is_for_insiders_and_never_shown(levels: Office, app: Any) -> None:
    dataset = at_kabid(levels)
    surat = add(levels, "kabid", dataset, name="Surat Validasi.pdf")
    levels.decide("kabid", dataset, "pass")
    address = f"/dataset/{dataset}/bukti/{surat['id']}"
    assert surat["url"] == address
    for who, expected in (("operator", 200), ("anggota", 200), ("staf", 200), ("admin", 200), ("tamu", 404)):
        token = factories.APIToken(user=who)["token"]
        answer = app.get(address, headers={"Authorization": token}, status=expected)
        if expected == 200:
            assert answer.data == PDF
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in answer.headers["Cache-Control"]
    assert app.get(address, follow_redirects=False).status_code == 302
    token = factories.APIToken(user="operator")["token"]
    app.get(f"/dataset/{dataset}/bukti/tidak-ada", headers={"Authorization": token}, status=404)


@pytest.mark.thorough
def test_a_published_datasets_files_stay_inside(levels: Office, app: Any) -> None:
    dataset = at_kabid(levels)
    surat = add(levels, "kabid", dataset)
    levels.decide("kabid", dataset, "pass")
    levels.decide("walidata", dataset, "publish")
    token = factories.APIToken(user="tamu")["token"]
    app.get(f"/dataset/{dataset}/bukti/{surat['id']}", headers={"Authorization": token}, status=403)


@pytest.mark.thorough
def test_a_file_of_another_dataset_is_not_found(levels: Office, app: Any) -> None:
    one, other = at_kabid(levels), at_kabid(levels)
    surat = add(levels, "kabid", one)
    token = factories.APIToken(user="kabid")["token"]
    app.get(f"/dataset/{other}/bukti/{surat['id']}", headers={"Authorization": token}, status=404)
    with pytest.raises(tk.ObjectNotFound):
        levels.call("kabid", "satudata_evidence_delete", id=other, evidence_id=surat["id"])


@pytest.mark.thorough
def test_files_nobody_names_are_swept_away(levels: Office) -> None:
    dataset = at_kabid(levels)
    kept = add(levels, "kabid", dataset)
    gone = add(levels, "kabid", dataset, content=PDF + b"\n%%EOF", name="lain.pdf")
    levels.call("kabid", "satudata_evidence_delete", id=dataset, evidence_id=gone["id"])
    torn = vault.folder() / f"x{vault.PART}"
    torn.write_bytes(b"half")
    assert vault.sweep() == 0  # all of them are too young
    old = time.time() - 2 * vault.GRACE_SECONDS
    for path in vault.folder().rglob("*"):
        os.utime(path, (old, old))
    assert vault.sweep() == 2
    assert vault.path_of(kept["sha256"]).is_file()
    assert not torn.exists()
    assert vault.sweep() == 0


@pytest.mark.thorough
def test_a_sweep_waits_for_nobody_who_writes(levels: Office) -> None:
    dataset = at_kabid(levels)
    add(levels, "kabid", dataset)
    torn = vault.folder() / f"x{vault.PART}"
    torn.write_bytes(b"half")
    with model.ensure_engine().begin() as other:
        other.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(vault.LOCK)))
        assert vault.sweep(at_once=True) == 0
    assert vault.sweep(at_once=True) == 1


@pytest.mark.thorough
def test_an_upload_that_fails_leaves_no_row(levels: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = at_kabid(levels)
    monkeypatch.setattr(model.Session, "commit", _fail)
    with pytest.raises(RuntimeError):
        add(levels, "kabid", dataset)
    monkeypatch.undo()
    assert model.Session.execute(sa.select(sa.func.count()).select_from(EvidenceRow.__table__)).scalar() == 0


def _fail() -> None:
    raise RuntimeError("the disk is full")
