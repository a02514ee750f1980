"""Files of decisions are signed by what a region brings, and a forged one is found."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import ClassVar

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan.plugins import core as plugins_of_ckan

from ckanext.satudata.core.text import Text
from ckanext.satudata.interfaces import ISatudata, Signed, Signer, SigningError, SignRequest, Verified
from ckanext.satudata.workflow.proofs import vault

from .conftest import Office
from .levels import PDF, add, at_kabid, listed, refused, under


@pytest.fixture
def levels(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Office:
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    return under(office, monkeypatch, "bertingkat")


class ExampleSigner(Signer):
    """Signs with a key only this test knows (HMAC-SHA256): an example of the hook, not a signature before a court."""

    label = Text("Tanda tangan contoh", "Example signature")
    KEY: ClassVar[bytes] = b"only for tests"

    def sign(self, evidence_path: Path, request: SignRequest) -> Signed:
        if request.secret != "frasa-sandi":
            raise SigningError(Text("Frasa sandi salah.", "Wrong passphrase."))
        told = {"subject": request.user_name, "serial": "01", "sha256": request.sha256}
        return Signed(self._mac(evidence_path), "sig", detached=True, certificate=told)

    def verify(self, evidence_path: Path, signature: bytes | None) -> Verified:
        valid = signature is not None and hmac.compare_digest(self._mac(evidence_path), signature)
        return Verified(valid, Text("Sah.", "Valid.") if valid else Text("Tidak sah.", "Not valid."))

    def _mac(self, path: Path) -> bytes:
        return hmac.new(self.KEY, path.read_bytes(), "sha256").digest()


class StampSigner(ExampleSigner):
    """Signs inside the file: puts a line at its end."""

    label = Text("Cap contoh", "Example stamp")

    def sign(self, evidence_path: Path, request: SignRequest) -> Signed:
        content = evidence_path.read_bytes() + b"% signed\n%%EOF\n"
        return Signed(content, "pdf", detached=False, certificate={"subject": request.user_name})

    def verify(self, evidence_path: Path, signature: bytes | None) -> Verified:
        valid = signature is None and b"% signed" in evidence_path.read_bytes()
        return Verified(valid, Text("Sah.", "Valid."))


class Signing(p.SingletonPlugin):
    """A region's own extension that brings signers."""

    p.implements(ISatudata, inherit=True)

    def satudata_signers(self) -> dict[str, Signer]:
        return {"contoh": ExampleSigner(), "cap": StampSigner()}


@pytest.fixture
def signing(levels: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    # As `load` does, but for an extension without an entry point.
    monkeypatch.setitem(plugins_of_ckan._PLUGINS_SERVICE, "penanda_contoh", Signing(name="penanda_contoh"))
    return levels


@pytest.mark.thorough
def test_a_portal_without_signers_offers_none(levels: Office) -> None:
    assert levels.call("kabid", "satudata_signer_list") == []
    dataset = at_kabid(levels)
    surat = add(levels, "kabid", dataset)
    ask = {"id": dataset, "evidence_id": surat["id"], "signer": "contoh"}
    assert "signer" in refused(levels, "kabid", "satudata_evidence_sign", **ask)


def test_a_detached_signature_goes_with_its_document(signing: Office) -> None:
    dataset = at_kabid(signing)
    surat = add(signing, "kabid", dataset)
    ask = {"id": dataset, "evidence_id": surat["id"], "signer": "contoh"}
    assert refused(signing, "kabid", "satudata_evidence_sign", **ask, secret="salah") == {
        "signer": ["Frasa sandi salah."]
    }
    made = signing.call("kabid", "satudata_evidence_sign", **ask, secret="frasa-sandi")
    assert (made["kind"], made["name"]) == ("tanda_tangan", "surat.pdf.sig")
    signing.decide("kabid", dataset, "pass", evidence=[surat["id"]])
    kept = listed(signing, "operator", dataset)
    assert {one["kind"] for one in kept} == {"surat_validasi", "tanda_tangan"}
    assert all(not one["pending"] for one in kept)
    document = next(one for one in kept if one["kind"] == "surat_validasi")
    assert document["signatures"][0]["certificate"]["subject"] == "Kabid"
    told = json.dumps(signing.call("admin", "satudata_history", id=dataset))
    assert "frasa-sandi" not in told


def test_a_signature_is_verified_and_a_forged_file_found(signing: Office) -> None:
    dataset = at_kabid(signing)
    surat = add(signing, "kabid", dataset)
    signing.call(
        "kabid", "satudata_evidence_sign", id=dataset, evidence_id=surat["id"], signer="contoh", secret="frasa-sandi"
    )
    verify = {"id": dataset, "evidence_id": surat["id"]}
    assert [one["valid"] for one in signing.call("kabid", "satudata_evidence_verify", **verify)] == [True]
    path = vault.path_of(surat["sha256"])
    path.write_bytes(PDF.replace(b"1 0", b"2 0"))
    assert [one["valid"] for one in signing.call("kabid", "satudata_evidence_verify", **verify)] == [False]
    path.unlink()
    assert [one["valid"] for one in signing.call("kabid", "satudata_evidence_verify", **verify)] == [False]


@pytest.mark.thorough
def test_a_file_signed_inside_takes_the_place_of_the_first(signing: Office) -> None:
    dataset = at_kabid(signing)
    surat = add(signing, "kabid", dataset)
    made = signing.call("kabid", "satudata_evidence_sign", id=dataset, evidence_id=surat["id"], signer="cap")
    assert [one["id"] for one in listed(signing, "kabid", dataset)] == [made["id"]]
    assert (made["kind"], made["name"], len(made["signatures"])) == ("surat_validasi", "surat-ttd.pdf", 1)
    again = signing.call("kabid", "satudata_evidence_sign", id=dataset, evidence_id=made["id"], signer="cap")
    assert len(again["signatures"]) == 2
    found = signing.call("kabid", "satudata_evidence_verify", id=dataset, evidence_id=again["id"])
    assert [one["valid"] for one in found] == [True, True]
    signing.decide("kabid", dataset, "pass", evidence=[again["id"]])


@pytest.mark.thorough
def test_taking_a_document_back_takes_its_signature(signing: Office) -> None:
    dataset = at_kabid(signing)
    surat = add(signing, "kabid", dataset)
    signing.call(
        "kabid", "satudata_evidence_sign", id=dataset, evidence_id=surat["id"], signer="contoh", secret="frasa-sandi"
    )
    signing.call("kabid", "satudata_evidence_delete", id=dataset, evidence_id=surat["id"])
    assert listed(signing, "kabid", dataset) == []
