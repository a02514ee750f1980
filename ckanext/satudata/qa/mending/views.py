"""The pages of mending: choose and look through, have it done, see what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge.forms import protected
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa.mending.changes import Change, read_changes
from ckanext.satudata.qa import content
from ckanext.satudata.qa.mending import kept, page, plans

PLACE = "/dataset/<id>/resource/<resource_id>/qa"

satudata_mending = protected(Blueprint("satudata_mending", __name__))
blueprints = [satudata_mending]


@satudata_mending.get(f"{PLACE}/perbaiki")
def choose(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """What could be mended; with ``jenis`` every change these kinds make."""
    asked = tk.request.args
    shown = page.offered(page.found(id, resource_id), asked.getlist("jenis"), as_csv=asked.get("csv") == "1")
    return tk.render("satudata/qa/mend.html", shown)


@satudata_mending.post(f"{PLACE}/perbaiki")
def mend(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Have it done."""
    found = page.found(id, resource_id)
    form = tk.request.form
    kinds, as_csv = form.getlist("jenis"), form.get("csv") == "1"
    order = {"resource_id": resource_id, "sha256": form.get("sha256", ""), "kinds": kinds, "as_csv": as_csv}
    try:
        tk.get_action("satudata_qa_mend")({}, order)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    except tk.ValidationError as refused:
        said = [str(text) for text in refused.error_summary.values()]
        return tk.render("satudata/qa/mend.html", page.offered(found, kinds, as_csv=as_csv, errors=said)), 400
    return tk.redirect_to("satudata_mending.done", id=id, resource_id=resource_id)


@satudata_mending.get(f"{PLACE}/perbaiki/perubahan.csv")
def changes(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Every change that the kinds ``jenis`` would make."""
    found = page.found(id, resource_id)
    kinds = [kind for kind in tk.request.args.getlist("jenis") if kind in page.KINDS]
    return _file(found, plans.of(_present(resource_id)).listed(kinds))


@satudata_mending.get(f"{PLACE}/perbaikan")
def done(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """What was done to the present file, or how far a job is."""
    shown = page.found(id, resource_id)
    asked = {"resource_id": resource_id, "language": language()}
    mended = tk.get_action("satudata_qa_mended")({}, {**asked, "limit": page.SHOWN})
    plan = tk.get_action("satudata_qa_mend_plan")({}, asked)
    titles = {name: kind.title.render(language()) for name, kind in page.KINDS.items()}
    return tk.render("satudata/qa/mended.html", {**shown, "mended": mended, "plan": plan, "titles": titles})


@satudata_mending.get(f"{PLACE}/perbaikan.csv")
def done_changes(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Every change that was made."""
    found = page.found(id, resource_id)
    about = kept.of_present(_present(resource_id))
    return _file(found, read_changes(about["changes"]) if about is not None else ())


def _present(resource_id: str) -> dict[str, Any]:
    return content.of_model(model.Resource.get(resource_id))


def _file(found: Mapping[str, Any], changes: Iterable[Change]) -> Response:
    response = Response(page.as_csv(changes, language()), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{page.name_of(found["resource"])}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
