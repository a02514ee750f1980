"""Fetch the file of a link and make it the file of the resource, exactly as if somebody had uploaded it.

Fetched twice it is fetched once: a second job finds nothing that waits, and bytes that are there already are not
written again. A worker that dies leaves ``fetching`` behind, and the clock asks again.
"""

from __future__ import annotations

import logging
import tempfile
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge import nudge
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.publication import files, guard
from ckanext.satudata.publication.links import asking, fetching, jobs, settings
from ckanext.satudata.publication.links.fetching import Fetched, NotFetchedError
from ckanext.satudata.publication.links.model import link

log = logging.getLogger(__name__)

ATTEMPTS = 3
AT_ONCE = 20  # so many nudges each minute
LOST_NUDGE = timedelta(minutes=10)
NOT_AN_AUTHOR = "satudata_not_an_author"


def fetch(resource_id: str) -> None:
    """Fetch, save, write down what came of it. Commits."""
    asked = _claimed(resource_id)
    if asked is None:
        return
    code: str | None = "lost"
    detail: dict[str, Any] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="satudata-link-") as folder:
            got = fetching.fetch(asked.url, Path(folder), settings.limits(), agent=settings.agent())
            assert got is not None  # nothing was known before
            _keep(asked, got)
        code = None
    except NotFetchedError as error:
        code, detail = error.code, error.detail
    except (OSError, RuntimeError, tk.ObjectNotFound):
        log.exception("the file of link %s was not fetched", resource_id)
    finally:
        # also when the job's own time ran out, which arrives here as an exception from anywhere
        if code is not None:
            model.Session.rollback()
            _finish(asked, state="failed", code=code, detail=detail)
            model.Session.commit()


def _claimed(resource_id: str) -> Any:
    """The row that is this job's now; ``None`` when nothing waits. Commits."""
    statement = (
        sa.update(link)
        .where(link.c.resource_id == resource_id, link.c.state == "waiting")
        .values(state="fetching", started=now(), attempts=link.c.attempts + 1)
        .returning(link)
    )
    row = model.Session.execute(statement).first()
    model.Session.commit()
    return row


def _finish(asked: Any, **values: Any) -> bool:
    """Write how it ended; ``False`` when somebody asked for something else meanwhile. The caller commits."""
    mine = (link.c.resource_id == asked.resource_id, link.c.started == asked.started, link.c.state == "fetching")
    done = model.Session.execute(sa.update(link).where(*mine).values(finished=now(), **values))
    return bool(done.rowcount)  # pyright: ignore[reportAttributeAccessIssue]


def _keep(asked: Any, got: Fetched) -> None:
    """Save what was fetched, unless the dataset or the link changed meanwhile."""
    model.Session.rollback()
    # whoever writes both a dataset and what belongs to it locks the dataset first
    model.Session.execute(sa.text("select 1 from package where id = :id for update"), {"id": asked.dataset_id})
    standing = guard.standing_of_resource(asked.resource_id)
    resource = model.Session.get(model.Resource, asked.resource_id)
    if standing is None or resource is None or (standing.enforced and standing.frozen):
        raise NotFetchedError("lost")
    if resource.state != "active" or _place(resource) != asked.url:
        raise NotFetchedError("lost")  # somebody uploaded a file, or wrote another address
    if not _finish(asked, state="fetched", code=None, detail=None, sha256=got.sha256):
        model.Session.rollback()
        return
    there = files.facts_of(asked.resource_id) if resource.url_type == "upload" else None
    if there is not None and there.sha256 == got.sha256:
        model.Session.commit()
        return
    _save(asked, got, str(resource.format or ""))


def _place(resource: model.Resource) -> str | None:
    """Where the file lies, or was fetched from; ``None`` for one that somebody uploaded."""
    return (resource.extras or {}).get(asking.ORIGIN) if resource.url_type else resource.url


def _save(asked: Any, got: Fetched, known_format: str) -> None:
    ending = PurePath(got.name).suffix.lstrip(".").upper()[:20]
    values: dict[str, Any] = {
        "id": asked.resource_id,
        "url": got.name,
        "url_type": "upload",
        "format": ending or known_format,
        asking.ORIGIN: asked.url,
        asking.MARK: "",
    }
    with got.path.open("rb") as stream:
        values["upload"] = FileStorage(stream, got.name)
        try:
            tk.get_action("resource_patch")(_context(asked.asked_by), values)
        except tk.ValidationError as error:
            why = " ".join(str(sentence) for sentence in error.error_summary.values())
            raise NotFetchedError("not_saved", why=why) from error


def _context(user_id: str | None) -> Any:
    """In the name of whoever asked; nobody becomes an author by what the portal does by itself."""
    user = model.User.get(user_id) if user_id else None
    if user is not None and user.state == model.State.ACTIVE:
        return {"user": user.name, "ignore_auth": True}
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {"user": site, "ignore_auth": True, NOT_AN_AUTHOR: True}


def tick() -> None:
    """Ask again for what a dead worker left, send what was never sent or got lost. Commits."""
    silent = (link.c.state == "fetching", link.c.started < now() - timedelta(seconds=2 * jobs.timeout()))
    again = {"state": "waiting", "nudged": None}
    model.Session.execute(sa.update(link).where(*silent, link.c.attempts < ATTEMPTS).values(**again))
    given_up = {"state": "failed", "code": "lost", "finished": now()}
    model.Session.execute(sa.update(link).where(*silent).values(**given_up))
    model.Session.commit()
    unsent = sa.or_(link.c.nudged.is_(None), link.c.nudged < now() - LOST_NUDGE)
    query = sa.select(link.c.resource_id).where(link.c.state == "waiting", unsent)
    ordered = query.order_by(link.c.nudged.asc().nulls_first(), link.c.asked).limit(AT_ONCE)
    for resource_id in model.Session.execute(ordered).scalars().all():
        if not nudge.now(jobs.fetch, resource_id, timeout=jobs.timeout()):
            break
        model.Session.execute(sa.update(link).where(link.c.resource_id == resource_id).values(nudged=now()))
    model.Session.commit()
