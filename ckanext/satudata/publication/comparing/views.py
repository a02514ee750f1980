"""The page ``/dataset/<id>/bandingkan``: what a working copy changes."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.publication import guard
from ckanext.satudata.publication.comparing import page, sides

compare = Blueprint("satudata_compare", __name__)
blueprints = [compare]


@compare.get("/dataset/<id>/bandingkan")
def show(id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """For members, reviewers and sysadmins; 404 for who may not read the dataset, 403 for its other readers."""
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
    context: Any = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    try:
        tk.check_access("satudata_compare", context, {"id": id})
        found = sides.find(context, id, _number("lawan") or sides.PUBLIC, _number("versi"))
        shown = page.shown(found, tk.request.args)
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403 if guard.may_read({"user": tk.current_user.name}, id) else 404)
    except tk.ValidationError as refused:
        return tk.abort(404, " ".join(str(text) for text in refused.error_summary.values()))
    subject = found.copy_id or found.dataset_id
    return tk.render("satudata/publication/compare.html", {**shown, "reference": id, "subject": subject})


def _number(name: str) -> int | None:
    asked = tk.request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else None
