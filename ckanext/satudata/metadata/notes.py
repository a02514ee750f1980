"""What the reviewers ask for, at the field or column it is about, with a box to explain instead of mending.

The notes are the workflow's; asked by action name, so a portal without it simply has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic import NotAuthorized, NotFound, ValidationError
from flask import g

EXPLANATION = "penjelasan:"
UNSETTLED = ["open", "explained", "not_mended"]


def of_dataset(dataset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The unsettled notes that have come to the reader, with ``url`` (where it is mended), in the order of writing.

    Asked once for each request.
    """
    if not dataset.get("id"):
        return []
    known: dict[str, list[dict[str, Any]]] = g.setdefault("satudata_open_notes", {})
    if dataset["id"] not in known:
        known[dataset["id"]] = [{**note, "url": _url(dataset, note)} for note in _asked(str(dataset["id"]))]
    return known[dataset["id"]]


def _asked(dataset_id: str) -> list[dict[str, Any]]:
    try:
        found = tk.get_action("satudata_note_list")({}, {"id": dataset_id, "state": UNSETTLED})
    except (KeyError, NotAuthorized, NotFound, ValidationError):
        return []
    # A reviewer's own notes of this round are no matter of the form: only what somebody may answer here is.
    return [note for note in found if note["can"]["explain"]]


def _url(dataset: Mapping[str, Any], note: Mapping[str, Any]) -> str:
    name, resource_id = dataset.get("name") or dataset["id"], note.get("resource_id")
    if note["target_type"] == "column":
        page = tk.url_for("satudata_dictionary.edit", id=name, resource_id=resource_id)
        return f"{page}#note-{note['id']}"
    if note["target_type"] == "field" and not resource_id:
        return str(tk.h.satudata_field_url(dataset, note["target"]))
    if note["target_type"] == "check" and resource_id:
        return f"{tk.url_for('dataset_resource.read', id=name, resource_id=resource_id)}/qa"
    if resource_id:
        return tk.url_for("satudata_files.edit_file", id=name, resource_id=resource_id)
    return tk.url_for("satudata.status", id=name)


def at_fields(
    fields: Iterable[dict[str, Any]], notes: Iterable[Mapping[str, Any]], resource_id: str | None = None
) -> list[dict[str, Any]]:
    """The fields with ``_notes``: those that stand at each of them."""
    by_field: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        if note["target_type"] == "field" and (note.get("resource_id") or None) == resource_id:
            by_field.setdefault(str(note["target"]), []).append(note)
    return [{**field, "_notes": by_field.get(field["field_name"], [])} for field in fields]


def at_file(notes: Iterable[Mapping[str, Any]], resource_id: str) -> list[Mapping[str, Any]]:
    """Notes on a file as a whole and on what its check found."""
    return [note for note in notes if note.get("resource_id") == resource_id and note["target_type"] != "column"]


def at_columns(notes: Iterable[Mapping[str, Any]], resource_id: str) -> dict[str, list[Mapping[str, Any]]]:
    """Notes on the columns of a file, by name of the column."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        if note["target_type"] == "column" and note.get("resource_id") == resource_id:
            found.setdefault(str(note["target"]), []).append(note)
    return found


def save(dataset: Mapping[str, Any], sent: Mapping[str, str]) -> list[str]:
    """Store the explanations that were typed or changed; the sentences of those that were refused.

    What was refused is shown again with the page: ``typed`` of its note.
    """
    refused: list[str] = []
    for note in of_dataset(dataset):
        text = sent.get(f"{EXPLANATION}{note['id']}")
        if text is None or _plain(text) == _plain(note["explanation"] or ""):
            continue
        note["typed"] = text.strip()
        asked = {"id": dataset["id"], "note_id": note["id"], "text": text.strip()}
        try:
            tk.get_action("satudata_note_explain")({}, asked)
        except ValidationError as error:
            refused += [f"{note['label']}: {text}" for text in _words(error.error_dict)]
        except (NotAuthorized, NotFound):
            refused.append(f"{note['label']}: " + tk._("This note is settled; nothing more needs to be explained."))
    if not refused:
        g.pop("satudata_open_notes", None)
    return refused


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _words(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    if isinstance(said, Mapping):
        return [str(said["text"])] if "text" in said else [text for part in said.values() for text in _words(part)]
    return [text for part in said for text in _words(part)]
