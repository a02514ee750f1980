"""The notices of a person: what happened to datasets they work on."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms

satudata_notices = forms.protected(Blueprint("satudata_notices", __name__))
blueprints = [satudata_notices]

PAGE = 50


@satudata_notices.get("/notifikasi")
def index() -> ResponseReturnValue:
    """The newest notices, unread ones marked."""
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("satudata_notices.index"))
    notices = tk.get_action("satudata_notice_list")({}, {"limit": PAGE})
    return tk.render("satudata/workflow/notices.html", {"notices": notices})


@satudata_notices.post("/notifikasi")
def read() -> ResponseReturnValue:
    """Mark one notice, or all, as read."""
    if not tk.current_user.is_authenticated:
        return tk.abort(403)
    notice_id = tk.request.form.get("id")
    try:
        tk.get_action("satudata_notice_read")({}, {"id": notice_id} if notice_id else {"all": True})
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404)
    return tk.redirect_to("satudata_notices.index")
