"""Put checks in the queue, in the transaction that changed the file, the dictionary or the description.

CKAN tells about a change at different moments: 2.12 after the file was written, 2.11 sometimes before. So a hook only
remembers the dataset, and the look at its files happens right before the commit, in the same transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import event

from ckanext.satudata.bridge import nudge
from ckanext.satudata.qa import content, jobs, rules, tell
from ckanext.satudata.qa import model as tables

log = logging.getLogger(__name__)

WATCHED = "satudata_qa_watched"
ATTEMPTS = 3  # a worker that dies takes its run with it; a file that kills every worker is given up


def watch(package_id: str) -> None:
    """Look at the files of this dataset when the current transaction commits."""
    model.Session().info.setdefault(WATCHED, set()).add(package_id)


def queue_dataset(package_id: str) -> int:
    """Queue a check for every uploaded file that has none for its present content; return how many."""
    resources = model.Session.query(model.Resource).filter_by(package_id=package_id, state="active").all()
    return sum(1 for resource in resources if queue_resource(content.of_model(resource)))


def queue_resource(resource: Mapping[str, Any], *, again: bool = False, urgent: bool = True) -> str | None:
    """Queue a check for the present content of a resource; with ``again`` even if it was judged already.

    ``urgent`` checks, for which a person waits, go before those that follow from a change of rules or lists.

    Returns the id of the new run, or ``None`` when there is nothing to do: a link, an answer that exists, a run that
    already waits. The caller commits.
    """
    found = content.present(resource)
    if found is None:
        return None
    key = rules.current().under(found.facts)
    if not again:
        latest = tables.latest_run(found.resource_id, found.file_key, found.dictionary_hash)
        if latest is not None and latest["rules_key"] == key:
            return None
    run_id = tables.queue_run(found.package_id, found.resource_id, found.file_key, found.dictionary_hash, key)
    if run_id is not None:
        tell.desk(found.package_id)
        nudge.after_commit(jobs.check, run_id, timeout=jobs.timeout(), urgent=urgent)
    return run_id


def tick() -> None:
    """Send lost nudges again, give up on dead workers, look at files nobody asked about. Commits."""
    for run in tables.silent(timedelta(seconds=120)):
        again = run["attempts"] < ATTEMPTS
        values = {"state": "queued", "nudged": None} if again else {"state": "failed", "error": "interrupted"}
        tables.change_run(run["id"], **values)
    for run in tables.forgotten(timedelta(seconds=60)):
        if not nudge.now(jobs.check, run["id"], timeout=jobs.timeout()):
            break
        tables.change_run(run["id"], nudged=tables.now())
    for resource_id in tables.unasked(rules.current().key):
        queue_resource(content.of_model(model.Resource.get(resource_id)), urgent=False)
        model.Session.commit()


def _look(session: Any) -> None:
    watched: set[str] = session.info.get(WATCHED) or set()
    for package_id in sorted(watched):
        session.flush()
        try:
            queue_dataset(package_id)
            tell.desk(package_id)
        except (tk.ObjectNotFound, tk.ValidationError, OSError):
            # The file store cannot be asked. Saving the dataset matters more; the tick looks again.
            log.exception("files of dataset %s were not queued for checking", package_id)


def _forget(session: Any, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(WATCHED, None)


event.listen(model.Session, "before_commit", _look)
event.listen(model.Session, "after_transaction_end", _forget)
