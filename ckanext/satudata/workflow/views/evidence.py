"""The one route by which files of decisions leave the store."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, send_file
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow.proofs import vault
from ckanext.satudata.workflow.views import case_of_insider, satudata


@satudata.get("/dataset/<id>/bukti/<evidence_id>")
def evidence(id: str, evidence_id: str) -> ResponseReturnValue:  # noqa: A002
    """Download a file of a decision: members of the organization, reviewers, sysadmins. Never shown in the page."""
    case = case_of_insider(id)
    found: list[dict[str, Any]] = tk.get_action("satudata_evidence_list")({}, {"id": case["subject_id"]})
    row = next((one for one in found if one["id"] == evidence_id), None)
    path = vault.path_of(row["sha256"]) if row is not None else None
    if row is None or path is None or not path.is_file():
        return tk.abort(404, tk._("This file is not there."))
    response: Response = send_file(path, row["mimetype"], as_attachment=True, download_name=row["name"], etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
