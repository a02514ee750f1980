"""The background job: mend one large file. It ends with a new upload, or with the sentences why not."""

from __future__ import annotations

import json
import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.qa import content, process
from ckanext.satudata.qa.mending import kept, making, plans

log = logging.getLogger(__name__)


def timeout() -> int:
    """Seconds a job may take in all."""
    return process.seconds() + 4 * process.GRACE


def mend(resource_id: str, user: str, sha256: str, accepted: str) -> None:
    """Carry out an order (``accepted``: JSON ``{"kinds", "as_csv"}``) in the name of ``user``, if it still waits."""
    order = kept.order(resource_id)
    if order.get("state") != "waiting" or order.get("sha256") != sha256:
        return
    said: list[str] = []
    try:
        resource = model.Resource.get(resource_id)
        if resource is not None and resource.state == "active":
            wanted = json.loads(accepted)
            kinds = making.Accepted(tuple(wanted["kinds"]), bool(wanted["as_csv"]))
            context: Any = {"user": user, "auth_user_obj": model.User.get(user)}
            making.make(context, plans.of(content.of_model(resource)), kinds)
    except tk.ValidationError as refused:
        said = [str(sentence) for sentence in refused.error_summary.values()]
    except tk.NotAuthorized as refused:
        said = [str(refused)]
    except (OSError, RuntimeError, AssertionError):
        log.exception("the file of resource %s was not mended", resource_id)
        said = [tk._("The file was not mended because of a fault in the system. Try again.")]
    if said:
        model.Session.rollback()
        kept.write_order(resource_id, {**order, "state": "failed", "why": said})
    else:
        kept.end_order(resource_id)
