"""What the page of changes can do: go back to an earlier version."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.publication.copies import pages

satudata_versions = forms.protected(Blueprint("satudata_versions", __name__))
blueprints = [satudata_versions]


@satudata_versions.post("/dataset/<id>/perubahan/pulihkan")
def restore(id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """Open a working copy with the content of an earlier version, and go to it."""
    pages.must_be_there(id)
    try:
        made = tk.get_action("satudata_version_restore")({}, {"id": id, "version": tk.request.form.get("version")})
    except tk.ValidationError as error:
        return pages.page(id, {}, error.error_dict), 400
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("Only the Walidata and the organization that owns this dataset may restore it."))
    told = tk._("The working copy holds version {n} again. The public keeps reading the published version.")
    tk.h.flash_success(told.format(n=made["version"]))
    return tk.redirect_to("satudata.status", id=made["name"])
