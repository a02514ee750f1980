"""The notices of a person: what happened to datasets they work on, and how they want to be told."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms

satudata_notices = forms.protected(Blueprint("satudata_notices", __name__))
blueprints = [satudata_notices]

PAGE = 25


@satudata_notices.get("/notifikasi")
def index() -> ResponseReturnValue:
    """The newest notices, unread ones marked; ``lihat=belum`` shows only those."""
    if not tk.current_user.is_authenticated:
        return _login()
    unread_only = tk.request.args.get("lihat") == "belum"
    number = max(1, tk.h.get_page_number(tk.request.args))
    asked = {"limit": PAGE, "offset": (number - 1) * PAGE, "unread_only": unread_only}
    notices = tk.get_action("satudata_notice_list")({}, asked)
    if not notices["results"] and number > 1:  # the last ones of the last page were read
        return tk.redirect_to("satudata_notices.index", **_kept())
    everything = notices["count"] if not unread_only else _all()
    shown = {"notices": notices, "page": number, "unread_only": unread_only, "all": everything}
    return tk.render("satudata/notices/index.html", shown)


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
    return tk.redirect_to("satudata_notices.index", **_kept(page=True))


@satudata_notices.get("/notifikasi/pengaturan")
def settings() -> ResponseReturnValue:
    """Which mails somebody wants, and in which language."""
    if not tk.current_user.is_authenticated:
        return _login()
    wishes = tk.get_action("satudata_notice_preferences_show")({}, {})
    return _settings(wishes)


@satudata_notices.post("/notifikasi/pengaturan")
def keep_settings() -> ResponseReturnValue:
    """Keep the choice."""
    if not tk.current_user.is_authenticated:
        return tk.abort(403)
    given = {name: tk.request.form[name] for name in ("mail", "language") if name in tk.request.form}
    try:
        tk.get_action("satudata_notice_preferences_update")({}, dict(given))
    except tk.ValidationError as error:
        return make_response(_settings(given, error.error_dict), 422)
    tk.h.flash_success(tk._("Your choice is kept."))
    return tk.redirect_to("satudata_notices.settings")


def _settings(wishes: dict[str, Any], errors: dict[str, Any] | None = None) -> ResponseReturnValue:
    mail_off = not tk.config.get("smtp.mail_from")
    shown = {"wishes": wishes, "errors": errors or {}, "email": tk.current_user.email, "mail_off": mail_off}
    return tk.render("satudata/notices/settings.html", shown)


def _login() -> ResponseReturnValue:
    """To the login page and back: a link in a mail must work for who is not logged in yet."""
    return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))


def _all() -> int:
    return int(tk.get_action("satudata_notice_list")({}, {"limit": 1})["count"])


def _kept(*, page: bool = False) -> dict[str, str]:
    """Filter and page of the list, for the way back to it."""
    names = ("lihat", "page") if page else ("lihat",)
    return {name: tk.request.args[name] for name in names if name in tk.request.args}
