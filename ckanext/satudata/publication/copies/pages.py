"""The page on which a working copy is opened and given up; where addresses of a closed copy lead."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms, roles
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.copies.model import KINDS

satudata_copies = forms.protected(Blueprint("satudata_copies", __name__))
ID_LENGTH = 36
# Where somebody who follows an old link to a copy wants to be now.
LEADS_TO = {
    "dataset.read": "dataset.read",
    "satudata.status": "satudata.status",
    "satudata.review": "satudata.status",
    "satudata.history": "satudata.history",
}


@satudata_copies.get("/dataset/<id>/perubahan")
def change(id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """What is open, or the form that opens a copy."""
    return _page(id, {}, {})


@satudata_copies.post("/dataset/<id>/perubahan")
def begin(id: str) -> ResponseReturnValue:  # noqa: A002
    """Open a copy and go to its form."""
    _may_change(id)
    typed = {"kind": tk.request.form.get("kind") or KINDS[0], "note": tk.request.form.get("note", "")}
    try:
        made = tk.get_action("satudata_copy_create")({}, {"id": id, **typed})
    except tk.ValidationError as error:
        return _page(id, typed, error.error_dict), 400
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    tk.h.flash_success(tk._("The working copy is open. The public keeps reading the published version."))
    return tk.redirect_to("dataset.edit", id=made["name"])


@satudata_copies.post("/dataset/<id>/perubahan/catatan")
def tell(id: str) -> ResponseReturnValue:  # noqa: A002
    """Change the note for the public."""
    _may_change(id)
    typed = {"kind": tk.request.form.get("kind") or KINDS[0], "note": tk.request.form.get("note", "")}
    try:
        done = tk.get_action("satudata_copy_update")({}, {"id": id, **typed})
    except tk.ValidationError as error:
        return _page(id, typed, error.error_dict), 400
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    tk.h.flash_success(tk._("Saved."))
    return tk.redirect_to("satudata.status", id=done["name"])


@satudata_copies.post("/dataset/<id>/perubahan/buang")
def discard(id: str) -> ResponseReturnValue:  # noqa: A002
    """Give a copy up."""
    _may_change(id)
    try:
        done = tk.get_action("satudata_copy_discard")({}, {"id": id, "note": tk.request.form.get("note", "")})
    except tk.ValidationError as error:
        return _page(id, {}, error.error_dict), 400
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    tk.h.flash_success(tk._("The change was discarded. The published version stays as it is."))
    return tk.redirect_to("satudata.status", id=done["dataset_id"])


@satudata_copies.before_app_request
def lead_on() -> ResponseReturnValue | None:
    """A link to a copy that became the public version, or was given up, leads its readers to the dataset."""
    wanted = LEADS_TO.get(tk.request.endpoint or "")
    reference = str((tk.request.view_args or {}).get("id", ""))
    if wanted is None or not (reference.startswith(finding.PREFIX) or len(reference) == ID_LENGTH):
        return None
    found = finding.by_reference(reference)
    if found is None or found.state == finding.OPEN or not tk.current_user.is_authenticated:
        return None
    live = guard.standing(found.dataset_id)
    if live is None or not roles.is_inside(tk.current_user.id, live.owner_org):
        return None
    return tk.redirect_to(wanted, id=live.name)


def _may_change(reference: str) -> None:
    if not tk.current_user.is_authenticated:
        tk.abort(403)
    if guard.standing(reference) is None:
        tk.abort(404, tk._("Dataset not found"))


def _page(reference: str, typed: dict[str, Any], errors: dict[str, Any]) -> Any:
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
    try:
        dataset = tk.get_action("package_show")({}, {"id": reference})
        found = tk.get_action("satudata_copy_show")({}, {"id": dataset["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))
    lines = [one["text"] if isinstance(one, dict) else str(one) for told in errors.values() for one in told]
    shown = {"pkg_dict": dataset, "copy": found, "typed": typed, "lines": lines, "kinds": KINDS}
    return tk.render("satudata/publication/copy.html", shown)
