"""The page of one linked file: where it lies, whether it was fetched, what to do when it was not."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import readable
from ckanext.satudata.bridge.forms import protected
from ckanext.satudata.bridge.language import language
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.links import asking, settings

PLACE = "/dataset/<id>/resource/<resource_id>/tautan"
# The words satudata-qa.js knows for work that goes on.
PROGRESS = {"waiting": "queued", "fetching": "running"}
ACTS = {
    "fetch": ("satudata_link_fetch", {}),
    "keep": ("satudata_link_keep", {"keep": True}),
    "drop": ("satudata_link_keep", {"keep": False}),
}

satudata_links = protected(Blueprint("satudata_links", __name__))
blueprints = [satudata_links]


@satudata_links.get(PLACE)
def page(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """Where the file stands; for who may change it also what can be done."""
    return tk.render("satudata/publication/link.html", _shown(id, resource_id))


@satudata_links.post(PLACE)
def act(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Fetch it (again), let it stay a link, or take that back."""
    _shown(id, resource_id)
    name, more = ACTS.get(tk.request.form.get("act", ""), ACTS["fetch"])
    try:
        tk.get_action(name)({}, {"resource_id": resource_id, **more})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    except tk.ValidationError as refused:
        tk.h.flash_error(" ".join(str(text) for text in refused.error_summary.values()))
    return tk.redirect_to("satudata_links.page", id=id, resource_id=resource_id)


@satudata_links.get(f"{PLACE}/kemajuan")
def progress(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """The waiting box alone; the header ``X-Satudata-State`` says where it stands."""
    shown = _shown(id, resource_id)
    response = Response(tk.render("satudata/publication/link_waiting.html", shown), mimetype="text/html")
    response.headers["X-Satudata-State"] = PROGRESS.get(shown["link"]["state"], shown["link"]["state"])
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(id: str, resource_id: str) -> dict[str, Any]:  # noqa: A002
    """What the templates read; 404 for what the reader may not know of, and for a file that never was a link."""
    dataset, resource = readable.dataset_with_file(id, resource_id)
    try:
        found = tk.get_action("satudata_link_show")({}, {"resource_id": resource_id, "language": language()})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Only members of the organization and reviewers may read this report."))
    if not found["url"]:
        return tk.abort(404)
    standing = guard.standing(dataset["id"])
    is_open = standing is not None and not standing.frozen
    return {
        "pkg_dict": dataset,
        "resource": resource,
        "link": found,
        "waits": found["state"] in asking.OPEN,
        "may_edit": is_open and tk.h.check_access("package_update", {"id": dataset["id"]}),
        "allowed": settings.may_stay(),
    }
