"""Run by CKAN *without* this extension: fill a portal as its people would have, and say what the public saw.

``python plain_portal.py <ini> fill`` makes the datasets; both ways print the catalogue as a visitor reads it, as JSON.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

PUBLIC, PRIVATE, DRAFTS, TABLES, HIDDEN = 220, 60, 20, 12, 10
CSV = b"kecamatan,jumlah\nSukamaju,12\nCianjur,7\n"
RECORDS = [{"kecamatan": "Sukamaju", "jumlah": 12}, {"kecamatan": "Cianjur", "jumlah": 7}]


def fill() -> None:
    """Three offices, several hundred datasets: public, private, half-way drafts, files, tables, a former workflow."""
    user = factories.User(name="operator-lama")
    member = [{"name": user["name"], "capacity": "editor"}]
    offices = [factories.Organization(name=f"dinas-{letter}", users=member)["id"] for letter in "abc"]
    for number in range(PUBLIC + PRIVATE + DRAFTS):
        given: dict[str, Any] = {
            "name": f"data-lama-{number:04}",
            "title": f"Data Lama {number}",
            "notes": "Dibuat sebelum ada plugin.",
            "owner_org": offices[number % 3],
            "private": PUBLIC <= number < PUBLIC + PRIVATE,
            "state": "draft" if number >= PUBLIC + PRIVATE else "active",
            "tags": [{"name": "lama"}],
        }
        if number < HIDDEN:
            given["extras"] = [{"key": "publishing_status", "value": "in_review"}]
        made = _action("package_create", user["name"], **given)
        if number % 5 == 0:
            upload = FileStorage(io.BytesIO(CSV), "tabel.csv", content_type="text/csv")
            file = _action("resource_create", user["name"], package_id=made["id"], name="Tabel", upload=upload)
            if number % 25 == 0 and number // 25 < TABLES:
                _action("datastore_create", user["name"], resource_id=file["id"], records=RECORDS, force=True)


def seen() -> dict[str, Any]:
    """Every public dataset by name: its id, address and files; and the rows a visitor reads."""
    found: dict[str, Any] = {}
    for name in tk.get_action("package_list")({"user": "", "ignore_auth": False}, {}):
        dataset = tk.get_action("package_show")({"user": "", "ignore_auth": False}, {"id": name})
        files = [[one["id"], one["url"], _rows(one["id"])] for one in dataset["resources"]]
        found[name] = [dataset["id"], dataset["title"], dataset["metadata_modified"], files]
    return found


def _rows(resource_id: str) -> Any:
    try:
        visitor: Any = {"user": "", "ignore_auth": False}
        return tk.get_action("datastore_search")(visitor, {"resource_id": resource_id})["records"]
    except tk.ObjectNotFound:
        return None


def _action(action: str, user: str, /, **data: Any) -> Any:
    return tk.get_action(action)({"user": user, "ignore_auth": True}, data)


if __name__ == "__main__":
    application: Any = make_app(load_config(sys.argv[1]))
    with application._wsgi_app.test_request_context():
        if sys.argv[2:] == ["fill"]:
            fill()
        print(json.dumps(seen(), default=str))
