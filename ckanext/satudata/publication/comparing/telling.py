"""The answer of ``satudata_compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.compare.columns import columns
from ckanext.satudata.core.compare.fields import fields
from ckanext.satudata.core.compare.resources import resources
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication.comparing import judged, process
from ckanext.satudata.publication.comparing.sides import Sides

MESSAGES = {
    "same": Text("Tabel ini tidak berubah.", "This table did not change."),
    "added": Text("File ini baru, belum ada di versi terbit.", "This file is new; the published version has none."),
    "removed": Text("File ini tidak ada lagi di salinan kerja.", "The working copy no longer has this file."),
    "not_judged": Text(
        "Isi tabel belum bisa dibandingkan: salah satu file belum selesai dicek, atau bukan tabel.",
        "The rows cannot be compared yet: one of the files is not checked yet, or is no table.",
    ),
    "earlier": Text(
        "Isi tabel versi itu tidak disimpan lagi; yang dibandingkan hanya isian dan kamus datanya.",
        "The rows of that version are no longer kept; only fields and data dictionary are compared.",
    ),
    "failed": Text(
        "Tabel ini terlalu besar untuk dibandingkan di halaman. Unduh kedua file untuk membandingkannya.",
        "This table is too large to be compared here. Download both files to compare them.",
    ),
}


def answer(found: Sides, asked: Mapping[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_compare`."""
    page = {"kind": asked.get("kind"), "offset": asked["offset"], "limit": asked["limit"]}
    table = None
    if asked.get("resource_id"):
        table, diffs = of_table(found, asked["resource_id"], [page])
        table = {**table, "diff": diffs[0] if diffs else None}
    return {**overview(found), "table": table}


def overview(found: Sides) -> dict[str, Any]:
    """Everything but the rows of tables."""
    old, new = found.old.get("fields", {}), found.new.get("fields", {})
    return {
        "dataset_id": found.dataset_id,
        "copy_id": found.copy_id,
        "against": found.against,
        "before": {"version": found.number, "published": iso(found.published)},
        "after": {"version": found.newer, "opened": iso(found.opened)},
        "fields_count": len({*old, *new} - {"name"}),
        "fields": [change.to_dict() for change in fields(old, new, without=("name",) if found.copy_id else ())],
        "tags": _names(found, "tags"),
        "groups": _names(found, "groups"),
        "resources": resources(_files(found.old), _files(found.new), found.pairs).to_dict(),
    }


def of_table(
    found: Sides, resource_id: str, pages: Sequence[process.Page]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The table of one file: what is told of it, and one diff for each page (none where there is nothing to compare).

    ``ValidationError`` (``resource_id``) for a file that neither version has.
    """
    was, is_now = _both(found, resource_id)
    if was is None and is_now is None:
        raise tk.ValidationError({"resource_id": [tk._("Neither version has this file.")]})
    state = "added" if was is None else "removed"
    diffs: list[dict[str, Any]] = []
    if was is not None and is_now is not None:
        state, diffs = _compared(found, was, is_now, pages)
    shown = is_now or was or {}
    message = MESSAGES[state].render(language()) if state in MESSAGES else None
    told = {
        "resource_id": is_now["id"] if is_now else None,
        "before_id": was["id"] if was else None,
        "name": str(shown.get("name") or shown.get("url") or shown["id"]),
        "state": state,
        "message": message,
    }
    return told, diffs


def _compared(
    found: Sides, was: Mapping[str, Any], is_now: Mapping[str, Any], pages: Sequence[process.Page]
) -> tuple[str, list[dict[str, Any]]]:
    diff = columns(judged.dictionary(was), judged.dictionary(is_now))
    if was.get("sha256") and was.get("sha256") == is_now.get("sha256") and diff.is_empty:
        return "same", []
    before, after = judged.table(was), judged.table(is_now)
    if not before or not after:
        return "earlier" if after and isinstance(found.against, int) else "not_judged", []
    measure = str(found.new.get("fields", {}).get("sds_ukuran") or "")
    try:
        return "compared", process.compared(judged.order(was, is_now, (before, after), diff, measure), pages)
    except process.Failed:
        return "failed", []


def _both(found: Sides, resource_id: str) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """A file in the old and in the new version, by its id in either."""
    old, new = ({str(one["id"]): one for one in _files(side)} for side in (found.old, found.new))
    back = {public: mine for mine, public in found.pairs.items()}
    mine = resource_id if resource_id in new else back.get(resource_id, resource_id)
    return old.get(found.pairs.get(mine, mine)), new.get(mine)


def _files(side: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(side.get("resources") or ())


def _names(found: Sides, what: str) -> dict[str, list[str]]:
    before, after = set(found.old.get(what) or ()), set(found.new.get(what) or ())
    return {"added": sorted(after - before), "removed": sorted(before - after)}
