"""A data dictionary comes in as a file and goes out as one; the template goes out."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms, readable
from ckanext.satudata.metadata import access, dictionary_pages, pages, taken

PLACE = "/dataset/<id>/resource/<resource_id>/kamus"

satudata_dictionary_files = forms.protected(Blueprint("satudata_dictionary_files", __name__))


@satudata_dictionary_files.get(f"{PLACE}/unduh/<form>")
def download(id: str, resource_id: str, form: str) -> ResponseReturnValue:  # noqa: A002
    """The dictionary (or its template) as a file, for whoever may read the file it describes."""
    _dataset, resource = readable.dataset_with_file(id, resource_id)
    if form not in taken.FORMS:
        return tk.abort(404)
    try:
        tk.check_access("satudata_dictionary_show", {}, {"resource_id": resource["id"]})
        body = taken.content(resource, form)
    except tk.NotAuthorized:
        return tk.abort(404)
    except tk.ValidationError as refused:
        return tk.abort(404, " ".join(pages.flat_words(refused.error_dict)))
    response = Response(body, mimetype=taken.KINDS[form.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{taken.name_of(resource, form)}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@satudata_dictionary_files.post(f"{PLACE}/baca")
def bring(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Fill the editor from a file that somebody has; nothing is stored before it is saved there."""
    dataset = access.dataset_to_edit(id)
    resource = access.resource_of(dataset, resource_id)
    sent = {"resource_id": resource["id"], "upload": tk.request.files.get("upload")}
    try:
        columns = tk.get_action("satudata_dictionary_read")({}, sent)["columns"]
    except tk.ValidationError as refused:
        return dictionary_pages.shown(dataset, resource, errors=refused.error_dict)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    return dictionary_pages.shown(dataset, resource, brought=columns)
