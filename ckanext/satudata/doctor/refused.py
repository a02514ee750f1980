"""What would have been refused, as the guard counted it: once for each dataset, kind and day."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Text

KINDS = {
    "public": Text("terbit tanpa persetujuan", "published without approval"),
    "change": Text("keterangan yang sudah terbit diubah", "a published description changed"),
    "resource": Text("berkas yang sudah terbit diubah", "a published file changed"),
    "delete": Text("dihapus sesudah terbit", "deleted after publication"),
    "rows": Text("isi tabel diubah langsung", "rows of a table changed directly"),
    "member": Text("kelompok atau pemilik diubah", "groups or owner changed"),
    "package_tag": Text("kata kunci diubah", "tags changed"),
    "package_extra": Text("keterangan tambahan diubah", "further fields changed"),
    "relationship": Text("hubungan antar-dataset diubah", "relationships changed"),
    "share": Text("dibagikan sebelum disetujui", "shared before approval"),
}
COUNTED = """
select o.organization_id, coalesce(nullif(g.title, ''), g.name, '') as organization_title, o.what, o.day,
       count(*) as count, (array_agg(o.dataset_id order by o.dataset_id))[1:50] as ids
  from satudata_observed o left join "group" g on g.id = o.organization_id
 where o.day > current_date - cast(:days as integer)
   and (cast(:organization as text) is null or o.organization_id = :organization)
 group by 1, 2, 3, 4 order by o.day desc, 2, o.what
"""


def rows(organization: str | None, days: int, language: str) -> list[dict[str, Any]]:
    """See :func:`satudata_observed_list`."""
    group = model.Group.get(organization) if organization else None
    if organization and (group is None or not group.is_organization):
        raise tk.ObjectNotFound(tk._("Organization not found"))
    wanted = {"organization": group.id if group else None, "days": days}
    found = model.Session.execute(sa.text(COUNTED), wanted).mappings().all()
    known = _titles({one for row in found for one in row["ids"]}) if group else {}
    return [
        {
            **{key: row[key] for key in ("organization_id", "organization_title", "what", "count")},
            "what_label": label_of(row["what"], language),
            "day": row["day"].isoformat(),
            "datasets": [known[one] for one in row["ids"] if one in known],
        }
        for row in found
    ]


def label_of(what: str, language: str) -> str:
    """What a kind is called; its key, when it has no words."""
    words = KINDS.get(what)
    return words.render(language) if words is not None else what


def _titles(ids: set[str]) -> dict[str, dict[str, str]]:
    table = model.package_table
    query = sa.select(table.c["id"], table.c["name"], table.c["title"]).where(table.c["id"].in_(ids))
    return {
        found: {"id": found, "name": name, "title": title or name}
        for found, name, title in model.Session.execute(query)
    }
