"""Visitors cannot list the tables of the DataStore."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

LIST = "_table_metadata"


@check(
    title=Text("Daftar tabel", "List of tables"),
    meaning=Text(
        "Daftar semua tabel DataStore, juga milik dataset tertutup, tidak terbaca oleh umum.",
        "The list of all tables of the DataStore, of closed datasets too, is not public.",
    ),
)
def look() -> Iterator[Finding]:
    if not p.plugin_loaded("datastore"):
        return
    visitor: Any = {"user": "", "auth_user_obj": None, "ignore_auth": False}
    try:
        tk.get_action("datastore_search")(visitor, {"resource_id": LIST, "limit": 1})
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return
    yield finding(
        "table_list.public",
        "error",
        what=Text("Daftar tabel DataStore terbaca oleh umum.", "The list of the DataStore's tables is public."),
        why=Text(
            "Ia memuat nomor dan nama tabel dari dataset yang belum disetujui.",
            "It holds ids and names of tables of datasets that are not approved.",
        ),
        remedy=Text(
            "Plugin lain menggantikan datastore_search. Tulis satudata paling depan di ckan.plugins.",
            "Another plugin replaces datastore_search. Write satudata first in ckan.plugins.",
        ),
    )
