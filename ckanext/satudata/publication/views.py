"""The checked table of a published file, as CSV; the pages of working copies."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, send_file

from ckanext.satudata.publication import guard, rows
from ckanext.satudata.publication.copies.pages import satudata_copies

publication = Blueprint("satudata_publication", __name__)
blueprints = [publication, satudata_copies]


@publication.route("/dataset/<id>/resource/<resource_id>/tabel.csv")
def table(id: str, resource_id: str) -> Any:  # noqa: A002 - as in CKAN's own routes
    """``text/csv``, UTF-8; 404 for everything that is not published, as if it were not there."""
    found = guard.standing_of_resource(resource_id)
    if found is None or id not in (found.id, found.name) or not found.approved:
        tk.abort(404, tk._("Resource not found"))
    try:
        resource = tk.get_action("resource_show")({}, {"id": resource_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Resource not found"))
    path = rows.table_file(resource_id)
    if path is None:
        tk.abort(404, tk._("Resource not found"))
    stem = str(resource.get("name") or found.name).rsplit(".", 1)[0]
    return send_file(path, mimetype="text/csv", as_attachment=True, download_name=f"{stem}.csv", max_age=0)
