"""What another extension kept hidden is not public now."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

# ckanext-datasetapproval, also the fork that came with the national container images, hides these by its own labels
# and leaves them public in CKAN's terms.
HELD_BACK = ("draft", "in_review", "rejected")
STATUS = (
    "(select e.value from package_extra e"
    " where e.package_id = p.id and e.key = 'publishing_status' and e.state = 'active')"
    if hasattr(model, "PackageExtra")
    else "p.extras ->> 'publishing_status'"
)
OPEN = f"""
select p.name from package p
  left join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
 where p.private is not true and p.state = 'active' and coalesce(c.basis, 'adopted') = 'adopted'
   and not exists (select 1 from satudata_publication o where o.dataset_id = p.id)
   and {STATUS} = any(:held_back) order by p.name
"""


@check(
    title=Text("Yang dahulu disembunyikan", "What was hidden before"),
    meaning=Text(
        "Dataset yang ditahan plugin lama (publishing_status) tidak menjadi publik.",
        "Datasets an earlier plugin held back (publishing_status) have not become public.",
    ),
)
def look() -> Iterator[Finding]:
    found = list(model.Session.execute(sa.text(OPEN), {"held_back": list(HELD_BACK)}).scalars())
    if found:
        yield finding(
            "left_hidden.public",
            "error",
            what=Text(
                "{count} dataset dahulu ditahan oleh plugin lain, sekarang publik.",
                "{count} datasets were held back by another plugin, and are public now.",
            ),
            why=Text(
                "Plugin itu menyembunyikannya tanpa menutupnya di CKAN; kini konsep dan yang ditolak terbaca umum.",
                "That plugin hid them without closing them in CKAN; now drafts and rejected ones are read by anybody.",
            ),
            remedy=Text(
                "Perintah ini menutupnya dan menjadikannya konsep. Tanpa --apply ia hanya memperlihatkan.",
                "This command closes them and makes them drafts. Without --apply it only shows.",
            ),
            command="ckan -c ckan.ini satudata adopt --apply",
            items=found,
            count=len(found),
        )
