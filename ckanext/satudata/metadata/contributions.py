"""What `metadata` contributes: the gates of a submission and facts of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.qa import given
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.interfaces import Fact, Gate, SubjectView
from ckanext.satudata.metadata import form

NO_FILE = Text(
    id="Belum ada tabel data. Unggah sedikitnya satu file.",
    en="There is no data table yet. Upload at least one file.",
)

LINK = Text(
    id="“{name}” hanya tautan ke situs lain: isinya tidak bisa diperiksa dan bisa berubah sesudah disetujui. {why}",
    en="“{name}” is only a link to another site: it cannot be checked, and may change after approval. {why}",
)
UPLOAD = Text(id="Unggah filenya.", en="Upload the file.")
NO_DICTIONARY = Text(
    id="Kamus data “{name}” belum disimpan. Usulannya sudah ada: baca, perbaiki bila perlu, lalu simpan.",
    en="The data dictionary of “{name}” is not saved yet. A proposal is there: read it, mend it, then save it.",
)

# What conditions of a workflow definition may ask, besides the facts of the subject itself.
FACTS = ("bidang_urusan", "kategori", "metode_pengumpulan", "frekuensi")


def gates() -> dict[str, Gate]:
    """Gates a definition may name."""
    return {
        "metadata_complete": _metadata_complete,
        "has_resource": _has_resource,
        "dictionary_saved": _dictionary_saved,
    }


def facts() -> dict[str, Fact]:
    """Facts by name; the value is the code in the dataset, or ``None``."""
    return {name: _fact(name) for name in FACTS}


def _fact(name: str) -> Fact:
    return lambda subject: _dataset(subject).get(name) if subject.subject_type == "dataset" else None


def _metadata_complete(transition: str, subject: SubjectView) -> Sequence[Reason]:  # noqa: ARG001
    if subject.subject_type != "dataset":
        return []
    state = form.completeness_of(_dataset(subject))
    return [problem.reason for problem in state.problems] if state is not None else []


def _has_resource(transition: str, subject: SubjectView) -> Sequence[Reason]:  # noqa: ARG001
    if subject.subject_type != "dataset":
        return []
    resources = _dataset(subject).get("resources", [])
    if not resources:
        return [reason("no_file", NO_FILE, field="resources")]
    linked = [resource for resource in resources if resource.get("url_type") != "upload"]
    known = _links(subject) if linked else {}
    return [
        reason("link", LINK, resource_id=resource["id"], name=_name(resource), why=why)
        for resource in linked
        if (why := _why_linked(known.get(resource["id"]))) is not None
    ]


def _links(subject: SubjectView) -> dict[str, dict[str, Any]]:
    found = tk.get_action("satudata_link_list")({"ignore_auth": True}, {"id": subject.subject_id})
    return {one["resource_id"]: one for one in found}


def _why_linked(known: dict[str, Any] | None) -> Text | None:
    """Why the file behind a link is not here, and what to do; ``None`` when the link may stay one."""
    if known is None:
        return UPLOAD
    return None if known["passes"] else Text(**known["why"])


def _dictionary_saved(transition: str, subject: SubjectView) -> Sequence[Reason]:  # noqa: ARG001
    """A table is judged and published by its dictionary; a guess of the machine is no basis for either."""
    if subject.subject_type != "dataset":
        return []
    return [
        reason(
            "no_dictionary",
            NO_DICTIONARY,
            field="kamus_data",
            resource_id=resource["id"],
            name=_name(resource),
        )
        for resource in _dataset(subject).get("resources", [])
        if resource.get("url_type") == "upload" and not given.dictionary_given(resource).columns
    ]


def _name(resource: dict[str, Any]) -> str:
    return str(resource.get("name") or resource.get("url") or "")


def _dataset(subject: SubjectView) -> dict[str, Any]:
    """The dataset as its form knows it. Three gates ask for it one after another: for the same content once."""
    return _shown(subject.subject_id, subject.content_hash, tuple(sorted(map(str, subject.facts.items()))))


@lru_cache(maxsize=32)
def _shown(dataset_id: str, _content: str, _facts: tuple[str, ...]) -> dict[str, Any]:
    return tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": dataset_id})
