"""Adding files to the decision one is about to take, signing them, listing them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import iso, new_id, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.core.workflow.definition import EvidenceRule
from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.model import EvidenceRow
from ckanext.satudata.workflow.proofs import evidence, harmless, vault
from ckanext.satudata.workflow.proofs.evidence import SIGNATURE
from ckanext.satudata.workflow.standing import status
from ckanext.satudata.workflow.standing.cases import Loaded

TYPES_OPTION = "ckanext.satudata.evidence_types"
SIZE_OPTION = "ckanext.satudata.evidence_max_size"
DEFAULT_TYPES = "pdf jpg jpeg png docx xlsx odt"
MEGABYTE = 1 << 20
PENDING_AT_MOST = 20

# A file nobody asked for, but which belongs to the decision.
OTHER = "lainnya"
OTHER_LABEL = Text("Lampiran lain", "Other attachment")
SIGNATURE_LABEL = Text("Tanda tangan elektronik", "Electronic signature")

NO_FILE = Text("Pilih berkas yang dilampirkan.", "Choose the file to attach.")
TOO_LARGE = Text(
    "Berkas ini lebih besar dari {limit} MB. Kecilkan, misalnya dengan memindai pada resolusi lebih rendah.",
    "This file is larger than {limit} MB. Make it smaller, for example by scanning at a lower resolution.",
)
TOO_MANY = Text("Paling banyak {count} berkas untuk satu keputusan.", "At most {count} files for one decision.")
UNKNOWN_KIND = Text(
    "Langkah ini tidak meminta berkas “{kind}”. Pakai: {kinds}.",
    "This step asks for no file “{kind}”. Use: {kinds}.",
)
USED = Text(
    "Berkas ini sudah menjadi bagian dari sebuah keputusan, jadi tetap disimpan.",
    "This file is part of a decision already, so it is kept.",
)


def create(loaded: Loaded, user_id: str, kind: str, upload: Any) -> EvidenceRow:
    """Keep a file for the decision to come. The caller commits."""
    acting.refuse(acting.why_not(loaded, user_id))
    known = wanted(loaded)
    if kind not in known:
        raise _wrong("kind", UNKNOWN_KIND, kind=kind, kinds=", ".join(known))
    if len(evidence.pending(loaded.row.id, user_id)) >= PENDING_AT_MOST:
        raise _wrong("upload", TOO_MANY, count=PENDING_AT_MOST)
    stream, name = getattr(upload, "stream", upload), str(getattr(upload, "filename", "") or "")
    if not name or not hasattr(stream, "read"):
        raise _wrong("upload", NO_FILE)
    return _add(loaded, user_id, kind, harmless.clean_name(name), _taken(stream, harmless.ending_of(name)))


def wanted(loaded: Loaded) -> dict[str, Text]:
    """The kinds of files the steps out of the present state may bring, with their labels."""
    stage = loaded.definition.stage(loaded.row.stage) if loaded.row.state == "in_review" else None
    steps = acting.STEPS.get(loaded.row.state, ())
    rules = [rule for step in steps for rule in loaded.definition.evidence_for(step, stage)]
    return {**{rule.kind: rule.label for rule in rules}, OTHER: OTHER_LABEL}


def delete(loaded: Loaded, user_id: str, evidence_id: str) -> None:
    """Take back a file that no decision has taken along; its signature goes with it. The caller commits."""
    row = own_pending(loaded, user_id, evidence_id)
    signed = evidence.signatures(loaded.row.id).get(row.id, [])
    ids = {row.id, *(told["signature"] for told in signed if told.get("signature"))}
    for one in evidence.pending(loaded.row.id, user_id):
        if one.id in ids:
            one.removed = now()
    model.Session.flush()


def own_pending(loaded: Loaded, user_id: str, evidence_id: str) -> EvidenceRow:
    """One's own file that no decision has taken along yet."""
    row = visible_one(loaded, user_id, evidence_id)
    if row.event_id is not None:
        acting.refuse([reason("evidence_used", USED)])
    if row.uploaded_by != user_id:  # a sysadmin sees it, but it is not theirs
        raise tk.ObjectNotFound(f"evidence {evidence_id}")
    return row


def visible(loaded: Loaded, user_id: str) -> list[EvidenceRow]:
    """What an insider may see: files of decisions, and the own ones that wait."""
    if not loaded.stored:
        return []
    query = (
        sa.select(EvidenceRow)
        .where(EvidenceRow.case_id == loaded.row.id, EvidenceRow.removed.is_(None))
        .where(sa.or_(EvidenceRow.event_id.isnot(None), EvidenceRow.uploaded_by == user_id))
        .order_by(EvidenceRow.created, EvidenceRow.id)
    )
    return list(model.Session.execute(query).scalars())


def visible_one(loaded: Loaded, user_id: str, evidence_id: str) -> EvidenceRow:
    """As :func:`visible`, one of them; ``ObjectNotFound`` for any other."""
    row = next((one for one in visible(loaded, user_id) if one.id == evidence_id), None)
    if row is None:
        raise tk.ObjectNotFound(f"evidence {evidence_id}")
    return row


def dictized(loaded: Loaded, user_id: str, rows: list[EvidenceRow]) -> list[dict[str, Any]]:
    """Files as :func:`satudata_evidence_list` answers them."""
    spoken = language()
    signed = evidence.signatures(loaded.row.id) if rows else {}
    signers = {told["by"] for found in signed.values() for told in found}
    people = status.names({row.uploaded_by for row in rows} | signers)
    labels = _labels(loaded)
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "label": labels.get(row.kind, _worded(row.kind)).render(spoken),
            "name": row.name,
            "size": row.size,
            "mimetype": row.mimetype,
            "sha256": row.sha256,
            "at": iso(row.created),
            "by": people.get(row.uploaded_by),
            "mine": row.uploaded_by == user_id,
            "pending": row.event_id is None,
            "event_id": row.event_id,
            "url": tk.h.url_for("satudata.evidence", id=loaded.row.subject_id, evidence_id=row.id),
            "signatures": [{**told, "by": people.get(told["by"])} for told in signed.get(row.id, [])],
        }
        for row in rows
    ]


def add_signed(
    loaded: Loaded, user_id: str, of: EvidenceRow, content: bytes, ending: str, *, detached: bool
) -> EvidenceRow:
    """Keep what a signer made of a file: a signature beside it, or the signed file in its place. The caller commits."""
    passing = _written(content)
    stem = of.name.rpartition(".")[0] or of.name
    name = harmless.clean_name(f"{of.name}.{ending}" if detached else f"{stem}-ttd.{ending}")
    made = _add(loaded, user_id, SIGNATURE if detached else of.kind, name, passing)
    if not detached:
        of.removed = now()
        model.Session.flush()
    return made


def _taken(stream: Any, ending: str) -> Path:
    """The received bytes, judged; ``ValidationError`` (``upload``) when they are not taken."""
    allowed = _allowed()
    if ending not in allowed:
        raise _wrong("upload", harmless.WRONG_TYPE, ending=ending or "?", allowed=", ".join(allowed))
    limit = int(tk.config.get(SIZE_OPTION) or 20)
    try:
        passing = vault.received(stream, limit * MEGABYTE)
    except vault.TooLargeError as error:
        raise _wrong("upload", TOO_LARGE, limit=limit) from error
    fault = harmless.wrong_with(passing, ending)
    if fault is not None:
        passing.unlink()
        raise _wrong("upload", fault, ending=ending.upper())
    return passing


def _written(content: bytes) -> Path:
    return vault.received(io.BytesIO(content), max(len(content), 1))


def _add(loaded: Loaded, user_id: str, kind: str, name: str, passing: Path) -> EvidenceRow:
    kept = vault.keep(passing)
    row = EvidenceRow(
        id=new_id(),
        case_id=loaded.row.id,
        kind=kind,
        name=name,
        mimetype=harmless.TYPES.get(harmless.ending_of(name), "application/octet-stream"),
        size=kept.size,
        sha256=kept.sha256,
        uploaded_by=user_id,
        created=now(),
    )
    model.Session.add(row)
    model.Session.flush()
    return row


def _allowed() -> list[str]:
    value = tk.config.get(TYPES_OPTION) or DEFAULT_TYPES
    named = value.split() if isinstance(value, str) else list(value)
    return [ending for ending in named if ending in harmless.TYPES]


def _labels(loaded: Loaded) -> dict[str, Text]:
    """The labels of all kinds this procedure knows."""
    rules: list[EvidenceRule] = [rule for stage in loaded.definition.stages for rule in stage.evidence]
    rules += [rule for step in loaded.definition.transitions.values() for rule in step.evidence]
    return {OTHER: OTHER_LABEL, SIGNATURE: SIGNATURE_LABEL, **{rule.kind: rule.label for rule in rules}}


def _worded(kind: str) -> Text:
    words = kind.replace("_", " ").capitalize()
    return Text(words, words)


def _wrong(key: str, sentence: Text, **parameters: Any) -> tk.ValidationError:
    return tk.ValidationError({key: [sentence.render(language(), **parameters)]})
