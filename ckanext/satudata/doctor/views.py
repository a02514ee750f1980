"""Pages below ``/ckan-admin/satudata``: how well the portal is, and what would have been refused."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.bridge.language import language
from ckanext.satudata.doctor import refused

satudata_admin = forms.protected(Blueprint("satudata_admin", __name__, url_prefix="/ckan-admin/satudata"))
blueprints = [satudata_admin]

DAYS = (30, 90, 366)
MODES = ("observe", "enforce")


@satudata_admin.get("/")
def index() -> ResponseReturnValue:
    """Every organization: observed or enforced, and what would have been refused. Sysadmins and the walidata."""
    organizations = _asked("satudata_enforcement_list", {})
    for one in organizations:
        one["kinds"] = sorted(
            ((refused.label_of(what, language()), times) for what, times in one["observed"].items()),
            key=lambda kind: -kind[1],
        )
    return tk.render(
        "satudata/doctor/enforcement.html", {"organizations": organizations, "may_examine": _may_examine()}
    )


@satudata_admin.get("/pemeriksaan")
def examination() -> ResponseReturnValue:
    """The findings that need no other machine. Sysadmins."""
    answer = _asked("satudata_doctor", {"outside": False})
    return tk.render("satudata/doctor/examination.html", {"answer": answer})


@satudata_admin.get("/organisasi/<organization>")
def organization(organization: str) -> ResponseReturnValue:
    """What would have been refused in one organization, by day and kind, with the datasets."""
    days = tk.request.args.get("hari", 90, type=int)
    found = _asked("satudata_observed_list", {"organization": organization, "days": days})
    data = {**found, "office": _office(organization), "choices": DAYS, "may_examine": _may_examine()}
    return tk.render("satudata/doctor/observed.html", data)


@satudata_admin.get("/organisasi/<organization>/mode/<mode>")
def ask(organization: str, mode: str) -> ResponseReturnValue:
    """Say what switching means, before it is done."""
    if mode not in MODES:
        return tk.abort(404)
    office = _office(organization)
    return tk.render("satudata/doctor/switch.html", {"office": office, "mode": mode, "may_examine": _may_examine()})


@satudata_admin.post("/organisasi/<organization>/mode/<mode>")
def switch(organization: str, mode: str) -> ResponseReturnValue:
    """Switch an organization between observe and enforce."""
    if mode not in MODES:
        return tk.abort(404)
    done = _asked("satudata_enforcement_set", {"id": organization, "mode": mode})
    title = _office(organization)["title"]
    if mode == "observe":
        tk.h.flash_success(tk._("{office} is observed from now on: nothing is refused.").format(office=title))
    elif done["adopted"]:
        message = tk._("{office}: the rules are enforced. {n} public datasets stay public as they are.")
        tk.h.flash_success(message.format(office=title, n=done["adopted"]))
    else:
        tk.h.flash_success(tk._("{office}: the rules are enforced from now on.").format(office=title))
    return tk.redirect_to("satudata_admin.index")


def _office(reference: str) -> dict[str, Any]:
    for one in _asked("satudata_enforcement_list", {}):
        if reference in (one["organization_id"], one["name"]):
            return one
    return tk.abort(404, tk._("Organization not found"))


def _asked(action: str, data: dict[str, Any]) -> Any:
    """The answer of an action; a visitor is sent to the login, somebody without the right gets 403."""
    if not tk.current_user.is_authenticated:
        from werkzeug.exceptions import HTTPException

        if tk.request.method == "POST":
            tk.abort(403)
        came_from = tk.request.full_path.rstrip("?")
        raise HTTPException(response=tk.redirect_to("user.login", came_from=came_from))
    try:
        return tk.get_action(action)({"user": tk.current_user.name}, data)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error.message or ""))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Organization not found"))


def _may_examine() -> bool:
    return bool(getattr(tk.current_user, "sysadmin", False))
