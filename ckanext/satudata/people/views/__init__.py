"""The pages of people, one module for each group; all of them are endpoints of the one blueprint.

For sysadmins, and for admins of organizations within their own. This module holds what the pages share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms, organizations, roles
from ckanext.satudata.people import finding, reach, vocabulary

# The rooms (grants.py, deputies.py …) add their routes while they are imported; only this module offers the blueprint.
satudata_people = forms.protected(Blueprint("satudata_people", __name__))
blueprints = [satudata_people]


class _Redirect(Exception):  # noqa: N818
    """Leave the view for another address."""


@satudata_people.errorhandler(_Redirect)
def _redirect(error: _Redirect) -> ResponseReturnValue:
    return tk.redirect_to(str(error))


def entered() -> reach.Reach:
    """What the reader may see and change; a visitor is sent to the login, somebody else gets 403."""
    if not tk.current_user.is_authenticated:
        raise _Redirect(tk.h.url_for("user.login", came_from=tk.request.full_path.rstrip("?")))
    mine = reach.of(roles.user_id_of(tk.current_user.name))
    if not mine.anything:
        tk.abort(403)
    return mine


def offices(mine: reach.Reach) -> list[dict[str, str]]:
    """``{"id", "title"}`` of the organizations the reader may choose, by title."""
    table = model.group_table
    wanted = table.c["is_organization"].is_(True)
    query = sa.select(table.c["id"]).where(wanted, table.c["state"] == "active")
    if not mine.everything:
        query = query.where(table.c["id"].in_(sorted(mine.organizations)))
    titles = organizations.titles(set(model.Session.execute(query).scalars()))
    return [{"id": key, "title": title} for key, title in sorted(titles.items(), key=lambda one: one[1].lower())]


def givable(mine: reach.Reach) -> dict[str, str]:
    """Roles the reader may give, in words by key."""
    known = vocabulary.givable()
    return known if mine.everything else {key: label for key, label in known.items() if key in mine.roles}


def person(field: str, form: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The user name that ``field`` of a form means, and the error and the choices when it is not clear.

    ``{"errors": {field: [sentence]}, "choices": {field: [{"name", "display_name"}]}}``
    """
    text = form.get(f"{field}_choice") or form.get(field, "")
    if not text.strip():
        return "", {"errors": {field: [tk._("Write a user name, an e-mail address or a full name.")]}}
    found = finding.exactly(text)
    if len(found) == 1:
        return found[0].name, {}
    choices = [finding.words(one) for one in found or finding.like(text)]
    if choices:
        return "", {"errors": {field: [tk._("Choose who is meant.")]}, "choices": {field: choices}}
    return "", {"errors": {field: [tk._("There is no account of this name or e-mail address.")]}}


def spoken(refusal: tk.ValidationError) -> str:
    """Every sentence of a refusal."""
    errors: dict[str, Any] = refusal.error_dict
    return " ".join(str(sentence) for found in errors.values() for sentence in found)


def asked(names: Mapping[str, str]) -> dict[str, str]:
    """What the address of the page asks for, by the action's own names."""
    return {key: value for key, name in names.items() if (value := tk.request.args.get(name, "").strip())}


def tabs(counts: Mapping[str, int], here: str, kept: Mapping[str, str]) -> list[dict[str, Any]]:
    """The tabs of the list: roles that hold, will hold, have ended; deputies; what became of offices."""
    words = {"active": tk._("In force"), "upcoming": tk._("Still to begin"), "ended": tk._("Ended")}
    found = [
        {
            "label": words[status],
            "count": counts.get(status),
            "url": tk.h.url_for("satudata_people.index", status=status if status != "active" else None, **kept),
            "here": here == status,
        }
        for status in words
    ]
    found.append(
        {"label": tk._("Plt and Plh"), "count": None, "url": tk.h.url_for("satudata_people.deputies")}
        | {"here": here == "deputies"}
    )
    if roles.is_sysadmin(roles.user_id_of(tk.current_user.name)):
        found.append(
            {"label": tk._("Changes of offices"), "count": None, "url": tk.h.url_for("satudata_people.changes")}
            | {"here": here == "changes"}
        )
    return found
