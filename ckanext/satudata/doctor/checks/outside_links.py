"""Links to other websites that are published still lead to what was approved; fetching files is not stuck."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

WATCHED = """
select p.name || ': ' || l.url from satudata_link l
  join resource r on r.id = l.resource_id and r.state = 'active'
  join package p on p.id = r.package_id and p.state = 'active'
 where l.look_next is not null and l.look_state = :state order by 1
"""
STUCK = """
select l.url from satudata_link l
 where l.state in ('waiting', 'fetching') and l.asked < now() - interval '1 hour' order by l.asked
"""


@check(
    title=Text("Tautan luar", "Outside links"),
    meaning=Text(
        "Tautan luar yang terbit masih hidup dan isinya tetap; file di situs lain diambil tanpa tersendat.",
        "Published outside links still work and are unchanged; files on other websites are fetched without delay.",
    ),
)
def look() -> Iterator[Finding]:
    dead = list(model.Session.execute(sa.text(WATCHED), {"state": "dead"}).scalars())
    if dead:
        yield finding(
            "outside_links.dead",
            "warning",
            what=Text("{count} tautan luar yang terbit mati.", "{count} published outside links are dead."),
            why=Text("Pembaca dataset itu tidak mendapat datanya.", "Readers of these datasets do not get the data."),
            remedy=Text(
                "Produsen sudah diberi tahu. Buka perubahan datasetnya, lalu perbaiki tautannya atau unggah filenya.",
                "The producers were told. Open a change of the dataset, mend the link or upload the file.",
            ),
            items=dead,
            count=len(dead),
        )
    changed = list(model.Session.execute(sa.text(WATCHED), {"state": "changed"}).scalars())
    if changed:
        yield finding(
            "outside_links.changed",
            "info",
            what=Text("{count} tautan luar berubah isinya.", "What {count} outside links lead to has changed."),
            why=Text(
                "Yang dibaca publik di sana bukan lagi yang diperiksa.",
                "What the public reads there is no longer what was looked at.",
            ),
            remedy=Text(
                "Periksa apakah keterangan datasetnya masih benar; bila perlu buka perubahan.",
                "See whether the description of the dataset still holds; open a change if it does not.",
            ),
            items=changed,
            count=len(changed),
        )
    stuck = list(model.Session.execute(sa.text(STUCK)).scalars())
    if stuck:
        yield finding(
            "outside_links.stuck",
            "warning",
            what=Text(
                "{count} file di situs lain menunggu diambil lebih dari satu jam.",
                "{count} files on other websites have waited for more than an hour to be fetched.",
            ),
            why=Text("Produsennya tidak dapat mengajukan datasetnya.", "Their producers cannot submit the datasets."),
            remedy=Text("Periksa pekerja latar dan jam portal.", "Look at the worker and the clock of the portal."),
            items=stuck,
            count=len(stuck),
        )
