"""The way to the bytes themselves: CKAN's download asks only whether the dataset may be read."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, make_response

from ckanext.satudata.bridge import roles
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.access import reading, telling

files = Blueprint("satudata_access", __name__)
blueprints = [files]

# CKAN's own download of every dataset type, and the checked table as CSV.
DOWNLOADS = ("resource.download", "satudata_publication.table")


@files.before_app_request
def refuse_limited_files() -> Any:
    """403 with a sentence for whom the files are, to readers of the description who are not among them."""
    if not (tk.request.endpoint or "").endswith(DOWNLOADS):
        return None
    shared = reading.of_resource((tk.request.view_args or {}).get("resource_id"))
    if shared is None or not shared.limited:
        return None
    g.satudata_limited_file = True
    user = tk.current_user.name
    user_id = roles.user_id_of(user)
    if reading.may_read_files(user_id, shared) or not guard.may_read({"user": user}, shared.dataset_id):
        return None  # CKAN says the rest: not even the class of a hidden dataset is told here
    shown = {"dataset_id": shared.dataset_id, "message": telling.refusal(user_id, shared)}
    return make_response(tk.render("satudata/publication/limited.html", shown), 403)


@files.after_app_request
def keep_nowhere(response: Response) -> Response:
    """What only some may read is not kept by a cache on the way."""
    if g.get("satudata_limited_file"):
        response.headers["Cache-Control"] = "private, no-store"
    return response
