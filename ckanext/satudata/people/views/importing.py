"""Give roles from a table: look at every row first, then all or nothing."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.people import importing
from ckanext.satudata.people.views import entered, satudata_people


@satudata_people.route("/petugas/impor", methods=["GET", "POST"], endpoint="import")
def import_() -> ResponseReturnValue:
    """Choose or paste a table; see what it would do; do it."""
    entered()
    if tk.request.method != "POST":
        return _page({})
    try:
        text = _text()
        told = tk.get_action("satudata_grant_import")({}, {"text": text, "dry_run": True})
        if "terapkan" in tk.request.form and not told["wrong"]:
            done = tk.get_action("satudata_grant_import")({}, {"text": text})
            sentence = tk.ungettext("{n} role was given.", "{n} roles were given.", done["new"])
            tk.h.flash_success(sentence.format(n=done["new"]))
            return tk.redirect_to("satudata_people.index")
    except tk.ValidationError as refusal:
        return _page(refusal.error_dict, text=tk.request.form.get("text", "")), 400
    return _page({}, text=text, told=told)


def _text() -> str:
    """The table as text: it is carried to the second step in the form, nothing is kept meanwhile."""
    upload = tk.request.files.get("upload")
    if upload is not None and upload.filename:
        return importing.decoded(upload.read(importing.MOST_BYTES + 1))
    return tk.request.form.get("text", "")


def _page(errors: dict[str, Any], *, text: str = "", told: dict[str, Any] | None = None) -> str:
    sentences = [str(sentence) for key, found in errors.items() if key != "rows" for sentence in found]
    data = {"errors": sentences, "text": text, "told": told, "columns": importing.COLUMNS}
    return tk.render("satudata/people/import.html", data)
