"""What a dataset shows of its way through the workflow: read-only, the same for every reader, never stored with it.

Notes, names and roles of persons are not among it: the dict of a public dataset is cached in the index and harvested.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk

from ckanext.satudata.publication import asking, guard

DATASET_KEYS = (
    "status_verifikasi",
    "tahap",
    "tanggal_verifikasi",
    "tanggal_rilis",
    "tanggal_pemutakhiran",
    "skor_kualitas",
    "data_prioritas",
    "data_prioritas_tahun",
    "sitasi",
    "versi",
    "catatan_perubahan",
)
RESOURCE_KEYS = ("csv_url",)
INDEXED = ("status_verifikasi", "tahap", "skor_kualitas", "data_prioritas")

VERIFIED = "terverifikasi"
NOT_VERIFIED = "belum_diverifikasi"


def show(dataset: dict[str, Any]) -> None:
    """Add the projection to a dataset dict, in place; exempt types are left alone.

    ``status_verifikasi``: ``terverifikasi``, ``belum_diverifikasi`` (adopted with the portal) or, while hidden, the
    state; ``tahap``: key of the stage while in review; dates are ISO days in the portal's zone; ``skor_kualitas``:
    0–100 or ``None``; ``versi``: number of the public version, ``catatan_perubahan``: what changed with it; resources
    with a checked table get ``csv_url``.
    """
    if (dataset.get("type") or "dataset") in guard.exempt_types():
        return
    facts = asking.dataset(dataset["id"]) or asking.UNKNOWN
    dataset.update(_values(dataset, facts))
    tables = set(facts.get("tables") or ()) if facts["approved"] else set()
    for resource in dataset.get("resources") or []:
        resource.pop("csv_url", None)
        if resource["id"] in tables:
            resource["csv_url"] = table_url(dataset, resource["id"])


def index(document: dict[str, Any]) -> None:
    """Add what can be filtered by to an index document, in place."""
    values: dict[str, Any] = {"id": document["id"], "type": document.get("type")}
    show(values)
    for key in INDEXED:
        value = values.get(key)
        if value is not None:
            document[key] = str(value).lower() if isinstance(value, bool) else str(value)


def strip(dataset: dict[str, Any]) -> None:
    """Take the projection out of what somebody wants to save (a shown dict comes back, or a forged value)."""
    for key in DATASET_KEYS:
        dataset.pop(key, None)
    extras = dataset.get("extras")
    if isinstance(extras, list):
        dataset["extras"] = [
            extra for extra in extras if not (isinstance(extra, dict) and extra.get("key") in DATASET_KEYS)
        ]
    resources = dataset.get("resources")
    for resource in resources if isinstance(resources, list) else []:
        if isinstance(resource, dict):
            for key in RESOURCE_KEYS:
                resource.pop(key, None)


def table_url(dataset: dict[str, Any], resource_id: str) -> str:
    """The address of the checked table of a resource as CSV."""
    return tk.url_for(
        "satudata_publication.table", id=dataset["id"], resource_id=resource_id, qualified=True, locale="default"
    )


def _values(dataset: dict[str, Any], facts: Any) -> dict[str, Any]:
    approved, adopted = facts["approved"], facts["basis"] == "adopted"
    status = (NOT_VERIFIED if adopted else VERIFIED) if approved else facts["case_state"]
    released = _day(facts.get("first_published")) or (_text_day(dataset.get("metadata_created")) if approved else None)
    values = {
        "status_verifikasi": status,
        "tahap": None if approved else facts.get("stage"),
        "tanggal_verifikasi": _day(facts.get("published")) if approved and not adopted else None,
        "tanggal_rilis": released if approved else None,
        "tanggal_pemutakhiran": _text_day(dataset.get("metadata_modified")),
        "skor_kualitas": facts.get("score") if approved and not adopted else None,
        "data_prioritas": facts["data_prioritas"],
        "data_prioritas_tahun": facts.get("tahun"),
        "versi": facts.get("number") if approved else None,
        "catatan_perubahan": facts.get("note") if approved else None,
    }
    if dataset.get("name"):
        values["sitasi"] = _citation(dataset, (released or values["tanggal_pemutakhiran"] or "")[:4])
    return values


def _citation(dataset: dict[str, Any], year: str) -> str:
    organization = dataset.get("organization") or {}
    author = organization.get("title") or organization.get("name") or ""
    # CKAN answers here for every type, also for one that has no pages of its own
    address = tk.url_for("dataset.read", id=dataset["name"], qualified=True, locale="default")
    dated = f"{author} ({year})" if year else author
    parts = [dated, dataset.get("title") or dataset["name"], str(tk.config.get("ckan.site_title") or ""), address]
    return ". ".join(part for part in parts if part)


def _day(moment: str | None) -> str | None:
    return datetime.fromisoformat(moment).astimezone(_zone()).date().isoformat() if moment is not None else None


def _text_day(value: Any) -> str | None:
    """The day of one of CKAN's own moments (UTC without a zone)."""
    try:
        return _day(f"{value}+00:00") if value else None
    except ValueError:
        return None


def _zone() -> ZoneInfo:
    return ZoneInfo(str(tk.config.get("ckanext.satudata.timezone") or "Asia/Jakarta"))
