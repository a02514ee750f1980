"""A working copy of kind ``periode`` adds files of a new period; everything else stays as it is published.

It is looked at twice: when something is saved, so that nobody works in vain, and when it is submitted, whatever way the
change took.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.copies import finding, telling
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.subject import DatasetSubject

PERIOD = "periode"
# What is told of the time goes on with the series.
FOLLOWS = frozenset({"cakupan_waktu"})
BY_ITSELF = frozenset({"id", "views", "tautan_asal", "tautan_luar"})
NAMED = ("periode", "status_angka")  # what every new file says of itself

ONLY_A_FILE = reason(
    "periode.only_a_file",
    Text(
        id="Salinan ini hanya menambah file periode baru; yang lain tetap seperti yang terbit. Yang berubah: {apa}. "
        "Kembalikan, atau ganti jenisnya menjadi Perubahan pada halaman Buat perubahan.",
        en="This copy only adds the file of a new period; everything else stays as published. What differs: {apa}. "
        "Put it back, or make it a change of another kind on the page Make a change.",
    ),
)
NO_FILE = reason(
    "periode.no_file",
    Text(
        id="Belum ada file periode baru. Unggah dahulu, atau buang salinan ini.",
        en="There is no file of a new period yet. Upload it, or discard this copy.",
    ),
)
SAYS_NOT = {
    "periode": Text(
        id="Isi periode file {nama}, misalnya 2026 atau 2026-Q2.",
        en="Say which period the file {nama} is for, such as 2026 or 2026-Q2.",
    ),
    "status_angka": Text(
        id="Pilih status angka file {nama}: sementara atau tetap.",
        en="Say whether the figures of the file {nama} are provisional or final.",
    ),
}
FILE = Text("file {nama}", "the file {nama}")
TAGS, GROUPS, ORDER = Text("tag", "tags"), Text("kelompok", "groups"), Text("urutan file", "the order of the files")


def added(found: Copy, snapshot: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of a copy's snapshot that the published version does not have."""
    there = finding.pairs(found.copy_id)
    return [one for one in snapshot["resources"] if one["id"] not in there]


def refuse_beyond(dataset_id: str) -> None:
    """After a write to a dataset, in its transaction: of a period's copy, everything but new files is undone."""
    found = finding.open_copy(dataset_id)
    why = beyond(found) if found is not None and found.kind == PERIOD else None
    if why is None:
        return
    while model.Session().in_nested_transaction():
        model.Session.rollback()
    model.Session.rollback()
    raise guard.refusal(why)


def refuse_earlier(context: Any, standing: guard.Standing | None, resource_id: Any) -> None:
    """A file of before is not taken out, nor are its views changed.

    Asked before CKAN's action: it would turn the refusal of :func:`refuse_beyond` into an error page.
    """
    found = finding.open_copy(standing.id) if standing is not None else None
    if standing is None or found is None or found.kind != PERIOD or resource_id not in finding.pairs(found.copy_id):
        return
    tk.check_access("package_update", guard.without_transaction(context), {"id": standing.id})
    name = next(_name(one) for one in DatasetSubject().snapshot(standing.id)["resources"] if one["id"] == resource_id)
    told = FILE.render(language(), nama=name)
    raise guard.refusal(reason(ONLY_A_FILE.code, ONLY_A_FILE.text, apa=told))


def refuse_incomplete(found: Copy) -> None:
    """A period's copy is submitted with its file, and with what the file says of itself."""
    if found.kind != PERIOD:
        return
    why = beyond(found)
    if why is not None:
        raise telling.refusal(why)
    new = added(found, DatasetSubject().snapshot(found.copy_id))
    missing = [
        reason(f"periode.{name}", SAYS_NOT[name], field=name, resource_id=str(one["id"]), nama=_name(one))
        for one in new
        for name in NAMED
        if not one.get(name)
    ]
    if missing or not new:
        raise telling.refusal(*(missing or [NO_FILE]))


def beyond(found: Copy) -> Reason | None:
    """Why this is more than a new period; ``None`` when it is none."""
    subject = DatasetSubject()
    differs = list(_differences(found, subject.snapshot(found.dataset_id), subject.snapshot(found.copy_id)))
    if not differs:
        return None
    told = ", ".join(differs)
    return reason(ONLY_A_FILE.code, ONLY_A_FILE.text, apa=told)


def _differences(found: Copy, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    spoken = language()
    for name in sorted({*old["fields"], *new["fields"]} - FOLLOWS):
        if old["fields"].get(name) != new["fields"].get(name):
            yield str(tk.h.sd_field_label(name))
    if old["tags"] != new["tags"]:
        yield TAGS.render(spoken)
    if old["groups"] != new["groups"]:
        yield GROUPS.render(spoken)
    there = finding.pairs(found.copy_id)
    kept = {there[one["id"]]: one for one in new["resources"] if one["id"] in there}
    for one in old["resources"]:
        if _said(one) != _said(kept.get(one["id"], {})):
            yield FILE.render(spoken, nama=_name(one))
    if list(kept) != [one["id"] for one in old["resources"] if one["id"] in kept]:
        yield ORDER.render(spoken)


def _said(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What people said of a file: CKAN adds views by itself, and the program notes where a link was fetched from."""
    return {key: value for key, value in resource.items() if key not in BY_ITSELF}


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource.get("name") or resource.get("url") or resource["id"])
