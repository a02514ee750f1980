"""Small changes of a published dataset that need no review: the contact, the spelling of the description.

Which fields, the operator says (``ckanext.satudata.free_fields``). A description may be mended, not rewritten: what it
says was approved. Every such change is an entry of the history with the words before and after.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import transactions
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.publication import guard, indexing
from ckanext.satudata.publication.copies import finding, opening, telling
from ckanext.satudata.publication.copies import words as copy_words
from ckanext.satudata.publication.subject import DatasetSubject

OPTION = "ckanext.satudata.free_fields"
SPELLING_ONLY = frozenset({"notes", "title"})
# For whom the data are is decided in a review, whatever the operator lists.
NEVER = frozenset({"klasifikasi_akses", "dibagikan_kepada", "dibagikan_kepada_peran"})
ALIKE = 0.9  # share of the characters that stay; less is another sentence

NOT_FREE = reason(
    "minor.not_free",
    Text(
        id="Kolom {kolom} hanya berubah lewat pemeriksaan. Pilih Buat perubahan (API: satudata_copy_create).",
        en="The field {kolom} changes by a review only. Choose Buat perubahan (API: satudata_copy_create).",
    ),
)
NOT_SPELLING = reason(
    "minor.not_spelling",
    Text(
        id="Perubahan ini lebih dari ejaan, jadi perlu diperiksa. Pilih Buat perubahan.",
        en="This change is more than spelling and needs a review. Choose Buat perubahan.",
    ),
)
NOTHING = reason(
    "minor.nothing",
    Text(id="Tidak ada yang berubah.", en="Nothing differs."),
)


def free_fields() -> tuple[str, ...]:
    """Names of the fields that change without a review."""
    configured = tk.config.get(OPTION) or ()
    names = configured.split() if isinstance(configured, str) else configured
    return tuple(name for name in names if name not in NEVER)


def change(context: Any, dataset_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_minor_change`; one transaction with its entry in the history."""
    found = opening.locked(dataset_id)
    before = DatasetSubject().snapshot(dataset_id)["fields"]
    refused = _reasons(found, before, fields)
    if refused:
        raise telling.refusal(*refused)
    changes = [{"field": name, "before": before.get(name), "after": value} for name, value in fields.items()]
    inside: Any = {"ignore_auth": True, "defer_commit": True, "user": context.get("user")}
    inside["satudata_channel"] = context.get("satudata_channel")
    with transactions.whole():
        tk.get_action("satudata_case_noted")(inside, {"id": dataset_id, "what": "minor_change", "changes": changes})
        indexing.remember(dataset_id)
        with guard.passing(dataset_id):
            patching: Any = {"user": context.get("user"), "satudata_not_an_author": True}
            tk.get_action("package_patch")(patching, {"id": dataset_id, **fields})  # commits
    indexing.index_dataset(dataset_id)
    return {"id": dataset_id, "changed": sorted(fields)}


def _reasons(found: guard.Standing, before: dict[str, Any], fields: dict[str, Any]) -> list[Reason]:
    if found.case_state != "published" or not found.guarded:
        return [copy_words.NOT_PUBLISHED]
    there = finding.open_of(found.id)
    if there is not None:  # the next version holds these fields too, and would undo the change
        return [copy_words.published(there.copy_name)]
    free = free_fields()
    refused = [reason(NOT_FREE.code, NOT_FREE.text, field=name, kolom=name) for name in fields if name not in free]
    refused += [
        reason(NOT_SPELLING.code, NOT_SPELLING.text, field=name, kolom=name)
        for name, value in fields.items()
        if name in SPELLING_ONLY and name in free and not _is_spelling(before.get(name), value)
    ]
    if not refused and all(before.get(name) == value for name, value in fields.items()):
        return [NOTHING]
    return refused


def _is_spelling(before: Any, after: Any) -> bool:
    old, new = str(before or ""), str(after or "")
    digits = [[letter for letter in text if letter.isdigit()] for text in (old, new)]
    return digits[0] == digits[1] and SequenceMatcher(None, old, new, autojunk=False).ratio() >= ALIKE
