"""The demo as data: ``data/catalogue.yaml`` and the tables beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
MAIL = "tanjungselaras.example"
INVENTED = "Data contoh: seluruh angka rekaan."
DISTRICTS = [f"65.01.{number:02d}" for number in range(1, 11)]


@dataclass(frozen=True)
class Step:
    """One decision: who does what, for which reason, with which note, and with notes at single fields."""

    account: str
    transition: str
    note: str | None = None
    reason: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict[str, str])


@cache
def catalogue() -> Mapping[str, Any]:
    """The whole catalogue, read once."""
    return yaml.safe_load((DATA / "catalogue.yaml").read_text("utf-8"))


def steps(dataset: Mapping[str, Any]) -> list[Step]:
    """The decisions that bring a dataset to its state, in order."""
    return [_step(step) for step in dataset.get("steps", [])]


def _step(step: str | Mapping[str, Any]) -> Step:
    more: Mapping[str, Any] = {} if isinstance(step, str) else step
    account, transition = (step if isinstance(step, str) else step["step"]).split()
    return Step(account, transition, more.get("note"), more.get("reason"), more.get("notes", {}))


def operator(dataset: Mapping[str, Any]) -> str:
    """The account that fills in a dataset: the operator of its organization."""
    return f"operator_{dataset['organization']}"


def organization_of(dataset: Mapping[str, Any]) -> Mapping[str, Any]:
    """The organization of a dataset, as the catalogue has it."""
    return next(item for item in catalogue()["organizations"] if item["name"] == dataset["organization"])


def fields(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a dataset holds. A dataset without definition is a draft that is not filled in yet."""
    organization = organization_of(dataset)
    filled = {
        "name": dataset["name"],
        "title": dataset["title"],
        "owner_org": dataset["organization"],
        "notes": f"{dataset['notes']} {INVENTED}",
        "produsen_data": f"{organization['unit']}, {organization['title']}",
        "jenis_data": "statistik",
        "bidang_urusan": dataset.get("urusan"),
        "kategori": dataset.get("kategori"),
        "indikator_atau_variabel": dataset.get("jenis", "variabel"),
        "sds_konsep": dataset.get("konsep"),
        "sds_definisi": dataset.get("definisi"),
        "sds_klasifikasi_penyajian": dataset.get("penyajian", ["Kecamatan", "Tahun"]),
        "sds_ukuran": dataset.get("ukuran", "jumlah"),
        "sds_satuan": dataset.get("satuan"),
        "metode_pengumpulan": "kompilasi_administrasi",
        "kode_wilayah": DISTRICTS,
        "tingkat_penyajian": dataset.get("tingkat", "kecamatan"),
        "cakupan_waktu": _years(dataset),
        "periode_data": dataset.get("periode", "tahun"),
        "frekuensi": dataset.get("frekuensi", "tahunan"),
        "jadwal_rilis": str(dataset["jadwal_rilis"]) if "jadwal_rilis" in dataset else None,
        "klasifikasi_akses": "terbuka",
        "license_id": "cc-by",
        "kontak": [{"unit": organization["unit"], "surel": f"data.{organization['name']}@{MAIL}"}],
    }
    return {name: value for name, value in filled.items() if value is not None}


def resource(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """The file or link of a dataset without its bytes; ``None`` for a draft that has none."""
    if "link" in dataset:
        return {"name": dataset["title"], "url": dataset["link"], "format": "CSV"}
    if "file" not in dataset:
        return None
    found: dict[str, Any] = {"name": dataset["title"], "format": dataset["file"].rsplit(".", 1)[-1].upper()}
    dictionary = [_column(column) for column in dataset.get("kamus", [])]
    return {**found, "kamus_data": dictionary} if dictionary else found


def _column(column: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(column, str):
        return {"kolom": column, **catalogue()["columns"][column]}
    return dict(column)


def _years(dataset: Mapping[str, Any]) -> list[dict[str, str]] | None:
    years = dataset.get("tahun")
    return [{"mulai": str(years[0]), "selesai": str(years[1])}] if years else None
