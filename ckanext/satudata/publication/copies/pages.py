"""The page of changes: the list for everybody; for insiders also where a working copy is opened and given up."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms, reviewing
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.copies.model import KINDS
from ckanext.satudata.publication.copies.periods import PERIOD

satudata_copies = forms.protected(Blueprint("satudata_copies", __name__))
ID_LENGTH = 36
ENTRIES = 50  # of the list on one page
# Where somebody who follows an old link to a copy wants to be now.
LEADS_TO = {
    "dataset.read": "dataset.read",
    "satudata.status": "satudata.status",
    "satudata.review": "satudata.status",
    "satudata.history": "satudata.history",
}


@satudata_copies.get("/dataset/<id>/perubahan")
def change(id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """What changed so far; for insiders what is open, or the form that opens a copy."""
    return page(id, {"kind": tk.request.args.get("jenis")}, {})


@satudata_copies.post("/dataset/<id>/perubahan")
def begin(id: str) -> ResponseReturnValue:  # noqa: A002
    """Open a copy and go to its form."""
    must_be_there(id)
    typed = {"kind": tk.request.form.get("kind") or KINDS[0], "note": tk.request.form.get("note", "")}
    try:
        made = tk.get_action("satudata_copy_create")({}, {"id": id, **typed})
    except tk.ValidationError as error:
        return page(id, typed, error.error_dict), 400
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    tk.h.flash_success(tk._("The working copy is open. The public keeps reading the published version."))
    return tk.redirect_to("satudata_files.new_file" if made["kind"] == PERIOD else "dataset.edit", id=made["name"])


@satudata_copies.post("/dataset/<id>/perubahan/catatan")
def tell(id: str) -> ResponseReturnValue:  # noqa: A002
    """Change the note for the public."""
    must_be_there(id)
    typed = {"kind": tk.request.form.get("kind") or KINDS[0], "note": tk.request.form.get("note", "")}
    try:
        done = tk.get_action("satudata_copy_update")({}, {"id": id, **typed})
    except tk.ValidationError as error:
        return page(id, typed, error.error_dict), 400
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    tk.h.flash_success(tk._("Saved."))
    return tk.redirect_to("satudata.status", id=done["name"])


@satudata_copies.post("/dataset/<id>/perubahan/buang")
def discard(id: str) -> ResponseReturnValue:  # noqa: A002
    """Give a copy up."""
    must_be_there(id)
    try:
        done = tk.get_action("satudata_copy_discard")({}, {"id": id, "note": tk.request.form.get("note", "")})
    except tk.ValidationError as error:
        return page(id, {}, error.error_dict), 400
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    tk.h.flash_success(tk._("The change was discarded. The published version stays as it is."))
    return tk.redirect_to("satudata.status", id=done["dataset_id"])


@satudata_copies.before_app_request
def lead_on() -> ResponseReturnValue | None:
    """A link to a copy that became the public version, or was given up, leads its readers to the dataset."""
    wanted = LEADS_TO.get(tk.request.endpoint or "")
    reference = str((tk.request.view_args or {}).get("id", ""))
    if (
        wanted is None
        or not tk.current_user.is_authenticated
        or not (reference.startswith(finding.PREFIX) or len(reference) == ID_LENGTH)
    ):
        return None
    found = finding.by_reference(reference)
    if found is None or found.state == finding.OPEN:
        return None
    live = guard.standing(found.dataset_id)
    if live is None or not reviewing.is_inside(tk.current_user.id, live.id, live.owner_org):
        return None
    return tk.redirect_to(wanted, id=live.name)


def must_be_there(reference: str) -> None:
    """403 for a visitor, 404 for what is not there; the action says who else may not."""
    if not tk.current_user.is_authenticated:
        tk.abort(403)
    if guard.standing(reference) is None:
        tk.abort(404, tk._("Dataset not found"))


def page(reference: str, typed: dict[str, Any], errors: dict[str, Any]) -> Any:
    """The page with what was typed and what was refused; 404 for who may not read the dataset."""
    try:
        dataset = tk.get_action("package_show")({}, {"id": reference})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        if reference.startswith(finding.PREFIX) and not tk.current_user.is_authenticated:  # a link from a mail
            return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
        return tk.abort(404, tk._("Dataset not found"))
    copy = _copy_of(dataset["id"])
    asked = tk.request.args.get("halaman", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1
    wanted = {"id": copy["dataset_id"] if copy else dataset["id"], "limit": ENTRIES, "offset": (number - 1) * ENTRIES}
    told = tk.get_action("satudata_change_list")({}, wanted)
    lines = [one["text"] if isinstance(one, dict) else str(one) for said in errors.values() for one in said]
    shown = {"pkg_dict": dataset, "copy": copy, "typed": typed, "lines": lines, "kinds": KINDS, "told": told}
    shown |= {"page": number, "last": max(1, -(-told["count"] // ENTRIES))}
    return tk.render("satudata/publication/copy.html" if copy else "satudata/publication/changes.html", shown)


def _copy_of(dataset_id: str) -> dict[str, Any] | None:
    """What insiders are told of working copies; ``None`` for everybody else."""
    try:
        return tk.get_action("satudata_copy_show")({}, {"id": dataset_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
