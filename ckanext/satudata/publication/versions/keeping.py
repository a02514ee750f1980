"""How long the content of earlier versions is kept: the newest so many, and those that are younger than so many days.

What is let go keeps its row, so that the list of changes stays whole; snapshot and bytes go. A file that another
version, a resource or a running review needs stays. What is removed is logged (``satudata_removal``, why: retention).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

from ckanext.satudata.bridge import access, transactions
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.publication.copies.model import version
from ckanext.satudata.publication.model import blob, blob_version
from ckanext.satudata.publication.withdrawals import removals, sweeping

log = logging.getLogger(__name__)

KEEP, DAYS = "ckanext.satudata.versions.keep", "ckanext.satudata.versions.keep_days"
RETENTION = "retention"
BATCH = 1_000
DUE = """
select dataset_id, number from (
  select dataset_id, number, published, snapshot is not null as held,
         row_number() over (partition by dataset_id order by number desc) as place
    from satudata_version) v
 where held and place > :keep and (published is null or published < :before) limit :most
"""


def let_go() -> int:
    """Tick: once a day, let old versions go; how many. ``keep`` 0 keeps them all."""
    today = now().date().isoformat()
    redis: Any = connect_to_redis()
    key = f"satudata:{config['ckan.site_id']}:versions-kept"
    try:
        if redis.get(key) == today.encode():
            return 0
    except (RedisError, OSError):
        log.warning("versions: Redis does not answer; they are looked through all the same")
    done = apply()
    if done < BATCH:  # else the next minute goes on
        try:
            redis.set(key, today)
        except (RedisError, OSError):
            log.warning("versions: Redis does not answer, so they are looked through again in a minute")
    return done


def apply() -> int:
    """Let every version go whose time is over, at most ``BATCH``; how many. Each is a transaction of its own."""
    keep, days = int(tk.config[KEEP]), int(tk.config[DAYS])
    if keep < 1:
        return 0
    asked = {"keep": keep, "before": now() - timedelta(days=days), "most": BATCH}
    due = model.Session.execute(sa.text(DUE), asked).all()
    model.Session.rollback()
    return sum(_gone(row.dataset_id, row.number) for row in due)


def _gone(dataset_id: str, number: int) -> bool:
    """Forget the content of a version while nobody can point at its bytes; what only it held is erased after that."""
    here = (version.c.dataset_id == dataset_id, version.c.number == number)
    with transactions.whole():
        row = model.Session.execute(sa.select(version).where(*here).with_for_update()).mappings().first()
        if row is None or row["snapshot"] is None:
            return False
        for table in ("satudata_blob", "satudata_blob_version"):
            model.Session.execute(sa.text(f"lock table {table} in share row exclusive mode"))
        values: dict[str, Any] = {"snapshot": None, "blobs": {}}
        if row["snapshot"]["fields"].get(access.FIELD) == access.CLOSED:
            values["note"] = None  # nobody will know any more that it was told insiders only
        model.Session.execute(sa.update(version).where(*here).values(**values))
        held = sorted(set(row["blobs"].values()))
        unneeded = [one for one in held if one not in sweeping.needed_blobs(held)]
        for table in (blob, blob_version):
            model.Session.execute(sa.delete(table).where(table.c.blob_id.in_(unneeded)))
        removals.ask(removals.BLOB, unneeded, RETENTION, dataset_id)
    if unneeded:
        removals.carry_out(dataset_id)
    log.info("the content of version %s of dataset %s is no longer kept", number, dataset_id)
    return True
