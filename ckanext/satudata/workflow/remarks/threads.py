"""Notes as pages show them: what stands at which place, what is new, what is still to be settled."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.workflow.deciding.sent import Target
from ckanext.satudata.workflow.pages.presentation import listed

UNSETTLED = ("open", "explained", "not_mended")


def view(package: Mapping[str, Any]) -> dict[str, Any]:
    """All notes of a dataset that its reader may see.

    ``{"all", "pending": mine and not sent, "earlier": sent, the unsettled first, "unsettled": the part that is to be
    settled, "at": {target: notes}, "typed": {}, "errors": {}}``. To each note are added ``anchor`` (place of its
    target on a page), ``id_anchor`` (its own place), ``key``, ``unsettled`` and ``mend_url``.
    """
    found = [_dressed(note, package) for note in listed("satudata_note_list", {"id": package["id"]})]
    sent = [note for note in found if note["state"] not in ("pending", "removed")]
    earlier = [note for note in sent if note["unsettled"]] + [note for note in sent if not note["unsettled"]]
    at: dict[str, list[dict[str, Any]]] = {}
    for note in found:
        at.setdefault(note["key"], []).append(note)
    return {
        "all": found,
        "pending": [note for note in found if note["state"] == "pending"],
        "earlier": earlier,
        "unsettled": [note for note in earlier if note["unsettled"]],
        "at": at,
        "typed": {},
        "errors": {},
    }


def _dressed(note: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    target = Target(note["target_type"], note.get("resource_id") or "", note.get("target") or "")
    return {
        **note,
        "key": target.key,
        "anchor": anchor(target),
        "id_anchor": f"catatan-{note['id']}",
        "unsettled": note["state"] in UNSETTLED,
        "mend_url": mend_url(package, target),
    }


def anchor(target: Target) -> str:
    """The id of a target's place on the review page: readable for a field, short and safe for the rest."""
    if target.kind == "field" and target.name.replace("_", "").isalnum():
        return f"isian-{target.name}"
    return f"{target.kind}-{sha256(target.key.encode()).hexdigest()[:10]}"


def mend_url(package: Mapping[str, Any], target: Target) -> str:
    """Where the producer mends what a note stands at."""
    name = package.get("name") or package["id"]
    if target.kind == "field":
        return str(tk.h.satudata_field_url(package, target.name))
    if target.kind == "column":
        page = tk.h.url_for("satudata_dictionary.edit", id=name, resource_id=target.resource_id)
        return f"{page}#{anchor(target)}"
    if target.kind == "check" and target.resource_id:
        return str(tk.h.url_for("satudata_qa.report", id=name, resource_id=target.resource_id))
    if target.kind == "resource" and target.resource_id:
        return str(tk.h.url_for("satudata_files.edit_file", id=name, resource_id=target.resource_id))
    return ""
