"""Sets of datasets that are checked together: the list, one set with its offices, and the forms to change it."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow.views import logged_in, satudata
from ckanext.satudata.workflow.views.desk import sentences

PAGE = 20


@satudata.route("/kumpulan", methods=["GET", "POST"])
def batches() -> ResponseReturnValue:
    """The sets a reviewer may see; a POST makes a new one."""
    logged_in()
    refused: dict[str, Any] = {}
    if tk.request.method == "POST":
        form = tk.request.form
        asked = {"title": form.get("title", ""), "datasets": _names(form.get("datasets", ""))}
        made = _try("satudata_batch_create", asked, refused)
        if made is not None:
            tk.h.flash_success(tk._("The set was made."))
            return tk.redirect_to("satudata.batch", id=made["id"])
    args = tk.request.args
    page = max(1, tk.h.get_page_number(args))
    asked = {"limit": PAGE, "offset": (page - 1) * PAGE, **({"q": args["q"]} if args.get("q") else {})}
    try:
        found = tk.get_action("satudata_batch_list")({}, asked)
    except tk.NotAuthorized:
        return tk.abort(403)
    told = {"found": found, "page": page, "q": args.get("q", ""), "refused": refused, "typed": tk.request.form}
    return tk.render("satudata/workflow/batches.html", {**told, "batch": None}), 400 if refused else 200


@satudata.route("/kumpulan/<id>", methods=["GET", "POST"])
def batch(id: str) -> ResponseReturnValue:  # noqa: A002
    """One set: how far each office is; a POST changes or closes it."""
    logged_in()
    refused: dict[str, Any] = {}
    if tk.request.method == "POST":
        form = tk.request.form
        if form.get("tutup"):
            done = _try("satudata_batch_close", {"id": id}, refused)
        elif form.get("keluarkan"):
            done = _try("satudata_batch_change", {"id": id, "remove": [form["keluarkan"]]}, refused)
        else:
            asked = {"id": id, "title": form.get("title", ""), "add": _names(form.get("datasets", ""))}
            done = _try("satudata_batch_change", asked, refused)
        if done is not None:
            tk.h.flash_success(tk._("The set was closed.") if form.get("tutup") else tk._("The set was changed."))
            return tk.redirect_to("satudata.batch", id=id)
    try:
        found = tk.get_action("satudata_batch_show")({}, {"id": id})
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403)
    told = {"batch": found, "refused": refused, "typed": tk.request.form}
    return tk.render("satudata/workflow/batches.html", told), 400 if refused else 200


def _try(action: str, data: dict[str, Any], refused: dict[str, Any]) -> Any:
    """The answer of an action; ``None``, and the sentences by field in ``refused``, when it refuses."""
    try:
        return tk.get_action(action)({}, data)
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as error:
        refused.update({key: sentences(value) for key, value in error.error_dict.items()})
        return None


def _names(text: str) -> list[str]:
    """Datasets as people hand them in: names, ids or addresses of pages, one in each line."""
    found = (re.sub(r"[?#].*$", "", word).rstrip("/").rpartition("/")[2] for word in re.split(r"[\s,;]+", text))
    return [name for name in dict.fromkeys(found) if name]
