"""The SQL search of the DataStore is switched off."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check


@check(
    title=Text("Pencarian SQL", "SQL search"),
    meaning=Text(
        "datastore_search_sql mati: pengunjung tidak dapat mengirim SQL sendiri.",
        "datastore_search_sql is off: visitors cannot send SQL of their own.",
    ),
)
def look() -> Iterator[Finding]:
    if tk.config.get("ckan.datastore.sqlsearch.enabled"):
        yield finding(
            "sql_search.enabled",
            "warning",
            what=Text("datastore_search_sql menyala.", "datastore_search_sql is switched on."),
            why=Text(
                "CKAN sendiri tidak menjamin bahwa pencarian ini tertutup bagi tabel yang belum disetujui.",
                "CKAN itself does not promise that this search keeps away from tables that are not approved.",
            ),
            remedy=Text(
                "Matikan, kecuali ada pemakai yang sungguh memerlukannya. datastore_search tetap ada.",
                "Switch it off unless somebody really needs it. datastore_search stays.",
            ),
            command="ckan config-tool ckan.ini ckan.datastore.sqlsearch.enabled=false",
        )
