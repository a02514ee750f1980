"""The procedures of the portal; public, because everybody may know how data are checked."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow.views import satudata


@satudata.get("/alur-kerja")
def procedures() -> ResponseReturnValue:
    """The procedures datasets can follow; the only one is shown at once."""
    found = tk.get_action("satudata_workflow_list")({}, {})
    if len(found) == 1:
        return _page(found[0]["key"])
    return tk.render("satudata/workflow/procedures.html", {"procedures": found})


@satudata.get("/alur-kerja/<key>")
def procedure(key: str) -> ResponseReturnValue:
    """One procedure as a picture and in words."""
    return _page(key)


def _page(key: str) -> ResponseReturnValue:
    try:
        found = tk.get_action("satudata_workflow_show")({}, {"key": key})
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404)
    return tk.render("satudata/workflow/procedure.html", {"procedure": found})
