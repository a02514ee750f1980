"""Pages of the workflow, one module for each group; all of them are endpoints of the one blueprint ``satudata``.

A page asks actions and shows what they answer. What writes does so only on a POST that carries the form's token, the
state and the content its sender saw. This module holds what the pages share: the blueprint and who may enter.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.workflow.deciding import asked
from ckanext.satudata.workflow.pages import presentation

# The rooms (desk.py, review.py …) add their routes while they are imported; only this module offers the blueprint.
satudata = forms.protected(Blueprint("satudata", __name__))
blueprints = [satudata]


def logged_in() -> None:
    """Send a visitor to the login page and back; a link in a mail must work for who is not logged in yet."""
    if not tk.current_user.is_authenticated:
        raise _Redirect(tk.h.url_for("user.login", came_from=tk.request.full_path.rstrip("?")))


class _Redirect(Exception):  # noqa: N818
    """Leave the view for another address."""


@satudata.errorhandler(_Redirect)
def _redirect(error: _Redirect) -> ResponseReturnValue:
    return tk.redirect_to(str(error))


def _leave_if_decided() -> None:
    """A double click on the decision that ended the right to read: it was taken, the desk says what is next."""
    pressed = tk.request.form.get("kunci") if tk.request.method == "POST" else None
    if asked.just_decided(tk.current_user.id, pressed):
        raise _Redirect(tk.h.url_for("satudata.desk"))


def case_of_insider(reference: str) -> dict[str, Any]:
    """The case, for members, reviewers and sysadmins. 404 for who may not read the dataset, 403 for other readers."""
    logged_in()
    try:
        case = tk.get_action("satudata_case_show")({}, {"id": reference})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        _leave_if_decided()
        return tk.abort(404)
    if not case["inside"]:
        _leave_if_decided()
        tk.abort(403)
    if tk.h.sd_me()["unread"]:  # whoever looks at the dataset has got the news about it
        presentation.answer("satudata_notice_read", {"subject_id": case["subject_id"]})
    return case
