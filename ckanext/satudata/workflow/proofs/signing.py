"""Electronic signatures on files of decisions, by whatever signers the portal's extensions bring (`ISatudata`)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import contributions
from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.interfaces import Signed, Signer, SigningError, SignRequest
from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.model import EvidenceRow
from ckanext.satudata.workflow.proofs import evidence, evidence_work, vault
from ckanext.satudata.workflow.records import events
from ckanext.satudata.workflow.standing import status
from ckanext.satudata.workflow.standing.cases import Loaded

log = logging.getLogger(__name__)

NO_SIGNER = Text("Portal ini tidak mengenal penanda tangan “{name}”.", "This portal knows no signer “{name}”.")
SIGNER_GONE = Text(
    "Tanda tangan tidak dapat diperiksa: “{name}” tidak lagi terpasang.",
    "The signature cannot be verified: “{name}” is no longer installed.",
)
FILE_GONE = Text("Berkas tidak ditemukan di penyimpanan.", "The file is not in the store.")


def offered() -> list[dict[str, str]]:
    """The signers of this portal, by key and label."""
    spoken = language()
    return [{"key": key, "label": one.label.render(spoken)} for key, one in contributions.signers().items()]


def sign(data: dict[str, Any], user_id: str, channel: str, *, commit: bool) -> EvidenceRow:
    """Let a signer sign one's own file that no decision has taken along; the row of what it made.

    The signer may ask a service far away, so nothing is locked meanwhile; the file is looked at again afterwards.
    """
    signer = _signer(data["signer"])
    loaded = status.load(data)
    acting.refuse(acting.why_not(loaded, user_id))
    row = evidence_work.own_pending(loaded, user_id, data["evidence_id"])
    signed = _ask(signer, loaded, row, user_id, data.get("secret") or "")
    with acting.held(data, commit=commit) as fresh:
        again = evidence_work.own_pending(fresh, user_id, row.id)
        made = evidence_work.add_signed(fresh, user_id, again, signed.content, signed.ending, detached=signed.detached)
        told = {
            "evidence": again.id if signed.detached else made.id,
            "signature": made.id if signed.detached else None,
            "replaces": None if signed.detached else again.id,
            "sha256": again.sha256,
            "signer": data["signer"],
            "label": signer.label.to_dict(),
            "certificate": dict(signed.certificate),
        }
        events.record(fresh.row, evidence.SIGNED, user_id, channel, told)
        return made


def verify(loaded: Loaded, row: EvidenceRow) -> list[dict[str, Any]]:
    """See :func:`satudata_evidence_verify`."""
    spoken = language()
    found = evidence.signatures(loaded.row.id).get(row.id, [])
    people = status.names({told["by"] for told in found})
    return [{**_judged(row, told, spoken), "by": people.get(told["by"]), "at": told["at"]} for told in found]


def _judged(row: EvidenceRow, told: dict[str, Any], spoken: str) -> dict[str, Any]:
    signer = contributions.signers().get(told["signer"])
    answer: dict[str, Any] = {"signer": told["signer"], "label": told["label"].get(spoken), "valid": None}
    if signer is None:
        return {**answer, "words": SIGNER_GONE.render(spoken, name=told["signer"]), "certificate": told["certificate"]}
    path, beside = vault.path_of(row.sha256), _beside(told)
    if not path.is_file() or (beside is not None and not beside.is_file()):
        return {**answer, "valid": False, "words": FILE_GONE.render(spoken), "certificate": told["certificate"]}
    verdict = signer.verify(path, beside.read_bytes() if beside is not None else None)
    return {
        **answer,
        "valid": verdict.valid,
        "words": verdict.words.render(spoken),
        "certificate": dict(verdict.certificate),
    }


def _beside(told: dict[str, Any]) -> Path | None:
    """Where a detached signature lies."""
    row = model.Session.get(EvidenceRow, told["signature"]) if told.get("signature") else None
    return vault.path_of(row.sha256) if row is not None else None


def _signer(name: str) -> Signer:
    found = contributions.signers().get(name)
    if found is None:
        raise tk.ValidationError({"signer": [NO_SIGNER.render(language(), name=name)]})
    return found


def _ask(signer: Signer, loaded: Loaded, row: EvidenceRow, user_id: str, secret: str) -> Signed:
    user = model.User.get(user_id)
    request = SignRequest(
        evidence_id=row.id,
        kind=row.kind,
        name=row.name,
        sha256=row.sha256,
        subject_title=loaded.view.title,
        user_id=user_id,
        user_name=user.display_name if user is not None else "",
        user_email=(user.email or "") if user is not None else "",
        at=iso(row.created) or "",
        secret=secret,
    )
    try:
        return signer.sign(vault.path_of(row.sha256), request)
    except SigningError as error:
        log.info("signing %s refused: %s", row.id, error.words.en)
        raise tk.ValidationError({"signer": [error.words.render(language())]}) from error
