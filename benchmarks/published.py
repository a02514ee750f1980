"""One dataset that went all the way to the public, with a checked table, beside those made by SQL."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.uploader import get_resource_uploader
from werkzeug.datastructures import FileStorage

from benchmarks.catalogue import COMPLETE
from dev.kit.site import Site

NAME = "jumlah-rumah-menurut-desa"
FILE = "rumah.csv"
ROWS = 1_000
TABLE = "desa,tahun,jumlah\n" + "".join(f"Desa {n:04},2025,{n % 97 + 1}\n" for n in range(ROWS))
DICTIONARY = [
    {"kolom": "desa", "label": "Desa", "tipe": "text", "wajib": True, "kunci": True, "definisi": "Nama desa."},
    {"kolom": "tahun", "label": "Tahun", "tipe": "year", "wajib": True, "kunci": True, "definisi": "Tahun pendataan."},
    {"kolom": "jumlah", "label": "Jumlah", "tipe": "integer", "satuan": "Unit", "definisi": "Banyaknya rumah."},
]
SEVERAL = "select name from package where not private and state = 'active' and name <> :name order by name limit 40"


def places(site: Site) -> dict[str, Any]:
    """Where it is, and the names of other published datasets; the portal has to be up."""
    if model.Package.get(NAME) is None:
        _publish()
    dataset = _loaded(site)
    names = list(model.Session.execute(sa.text(SEVERAL), {"name": NAME}).scalars())
    return {"dataset": dataset["id"], "resource": dataset["resources"][0]["id"], "file": FILE, "names": names}


def file_of(resource_id: str) -> Path:
    """Where its bytes lie."""
    resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    return Path(get_resource_uploader(resource).get_path(resource_id))


def _publish() -> None:
    told = {"name": NAME, "title": "Jumlah Rumah Menurut Desa Tahun 2025", "owner_org": "opd-0000"}
    dataset = _as("operator", "package_create", **{**COMPLETE, **told})["id"]
    file = FileStorage(io.BytesIO(TABLE.encode()), FILE, content_type="text/csv")
    more = {"name": "Rumah", "format": "CSV", "kamus_data": DICTIONARY}
    resource = _as("operator", "resource_create", package_id=dataset, upload=file, **more)["id"]
    admin = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    _as(admin, "satudata_qa_run", resource_id=resource, wait=True)
    for who, transition in (("operator", "submit"), ("reviewer", "pass"), ("reviewer", "publish")):
        case = _as(who, "satudata_case_show", id=dataset)
        seen = {"expected": case["expected"], "content_hash": case["content_hash"]}
        _as(who, "satudata_transition", id=dataset, transition=transition, **seen)


def _loaded(site: Site) -> dict[str, Any]:
    """The dataset, as soon as the worker has loaded its rows."""
    deadline = time.monotonic() + 60
    while True:
        model.Session.remove()
        dataset = tk.get_action("package_show")({"ignore_auth": True}, {"id": NAME})
        if dataset["resources"][0].get("datastore_active"):
            return dataset
        if time.monotonic() > deadline:
            raise RuntimeError(f"The rows of {NAME} are not loaded. {site.end_of_log('worker')}")
        time.sleep(0.5)


def _as(who: str, action: str, **data: Any) -> Any:
    return tk.get_action(action)({"user": who, "ignore_auth": False}, data)
