"""State and visibility agree, both ways: public means approved, approved means public."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import access
from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

CLASS = access.extra(access.FIELD)
OPEN = f"""
select p.name from package p
  left join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
  left join satudata_enforcement e on e.organization_id = p.owner_org
 where p.private is not true and p.state <> 'deleted'
   and (not coalesce(c.approved, false) or {CLASS} = '{access.CLOSED}')
   and coalesce(e.mode, 'enforce') = 'enforce'
   and not exists (select 1 from satudata_exempt_type t where t.type = coalesce(p.type, 'dataset'))
 order by p.name
"""
HIDDEN = f"""
select p.name from package p
  join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id and c.approved
 where (p.private or p.state <> 'active') and p.state <> 'deleted' and {CLASS} is distinct from '{access.CLOSED}'
   and not exists (select 1 from satudata_exempt_type t where t.type = coalesce(p.type, 'dataset'))
 order by p.name
"""


@check(
    title=Text("Status dan keterbukaan", "State and visibility"),
    meaning=Text(
        "Yang publik sudah disetujui, dan yang disetujui memang publik.",
        "What is public was approved, and what was approved is public.",
    ),
)
def look() -> Iterator[Finding]:
    opened = list(model.Session.execute(sa.text(OPEN)).scalars())
    if opened:
        yield finding(
            "drift.public_unapproved",
            "error",
            what=Text("{count} dataset publik tanpa persetujuan.", "{count} datasets are public without approval."),
            why=Text(
                "Data yang belum diperiksa terbaca oleh umum.", "Data that nobody has checked is read by the public."
            ),
            remedy=Text(
                "Jam portal menutupnya dalam satu menit; bila tidak, jalankan perintah ini. Cari siapa pembukanya.",
                "The clock closes it within a minute; if not, run this command. Find out who opened it.",
            ),
            command="ckan -c ckan.ini satudata tick",
            items=opened,
            count=len(opened),
        )
    hidden = list(model.Session.execute(sa.text(HIDDEN)).scalars())
    if hidden:
        yield finding(
            "drift.approved_hidden",
            "warning",
            what=Text(
                "{count} dataset sudah disetujui, tetapi tidak terbaca.", "{count} datasets are approved, but hidden."
            ),
            why=Text(
                "Umum tidak dapat membaca data yang sudah terbit; tautan ke sana menjadi mati.",
                "The public cannot read data that is published; links to it are dead.",
            ),
            remedy=Text(
                "Cari tahu siapa menutupnya (SQL, cadangan lama, plugin lain), lalu terbitkan lagi lewat alurnya.",
                "Find out who closed it (SQL, an old backup, another plugin), then publish it again by its workflow.",
            ),
            items=hidden,
            count=len(hidden),
        )
