"""The page ``/dataset/<id>/bandingkan``: what a working copy or a version changes; its rows also as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_name
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.satudata.publication import guard
from ckanext.satudata.publication.comparing import download, page, sides
from ckanext.satudata.publication.comparing.sides import Sides

compare = Blueprint("satudata_compare", __name__)
blueprints = [compare]


@compare.get("/dataset/<id>/bandingkan")
def show(id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """For members, reviewers and sysadmins; 404 for who may not read the dataset, 403 for its other readers."""
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
    found, shown = _asked(id, lambda sides_of: page.shown(sides_of, tk.request.args))
    subject = found.copy_id or found.dataset_id
    return tk.render("satudata/publication/compare.html", {**shown, "reference": id, "subject": subject})


@compare.get("/dataset/<id>/bandingkan/isi.csv")
def rows(id: str) -> ResponseReturnValue:  # noqa: A002
    """The rows of one file (``berkas``) that differ, for a spreadsheet; for the same readers."""
    if not tk.current_user.is_authenticated:
        return tk.abort(403)
    _found, table = _asked(id, lambda sides_of: download.table(sides_of, tk.request.args.get("berkas", "")))
    if table is None:
        return tk.abort(404, tk._("There are no rows to compare."))
    response = Response(table, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="perbandingan-{munge_name(id)[:60]}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(id: str, answer: Callable[[Sides], Any]) -> tuple[Sides, Any]:  # noqa: A002
    """The versions the address names and what is told of them; 404 and 403 as the page says."""
    context: Any = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    try:
        tk.check_access("satudata_compare", context, {"id": id})
        found = sides.find(context, id, _number("lawan") or sides.PUBLIC, _number("versi"))
        return found, answer(found)
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403 if guard.may_read({"user": tk.current_user.name}, id) else 404)
    except tk.ValidationError as refused:
        return tk.abort(404, " ".join(str(text) for text in refused.error_summary.values()))


def _number(name: str) -> int | None:
    asked = tk.request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else None
