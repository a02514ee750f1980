"""Plt and Plh: list, appoint, end."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.people import reach
from ckanext.satudata.people.views import entered, givable, offices, person, satudata_people, spoken, tabs

FIELDS = ("kind", "role", "organization", "valid_from", "valid_until", "letter")


@satudata_people.get("/petugas/plt")
def deputies() -> ResponseReturnValue:
    """Who stands in for whom."""
    entered()
    everything = tk.request.args.get("semua") == "1"
    found = tk.get_action("satudata_deputy_list")({}, {"ended": everything})
    counts = tk.get_action("satudata_grant_search")({}, {"limit": 1})["counts"]
    data = {"found": found, "everything": everything, "tabs": tabs(counts, "deputies", {})}
    return tk.render("satudata/people/deputies.html", data)


@satudata_people.route("/petugas/plt/tambah", methods=["GET", "POST"])
def appoint() -> ResponseReturnValue:
    """Appoint a deputy."""
    mine = entered()
    form = tk.request.form
    values = {key: form.get(key, "").strip() for key in ("user", "deputy_of", *FIELDS)}
    if tk.request.method != "POST":
        return _form(mine, {**values, "deputy_of": tk.request.args.get("menggantikan", "")})
    people: dict[str, str] = {}
    problems: dict[str, dict[str, Any]] = {"errors": {}, "choices": {}}
    for field in ("user", "deputy_of"):
        people[field], unclear = person(field, form)
        for kind, found in unclear.items():
            problems[kind].update(found)
    if problems["errors"]:
        return _form(mine, values, **problems), 400
    try:
        made = tk.get_action("satudata_deputy_create")({}, {**values, **people})
    except tk.ValidationError as refusal:
        return _form(mine, values, errors=refusal.error_dict), 400
    except tk.NotAuthorized as refusal:
        return _form(mine, values, errors={"deputy_of": [refusal.message or tk._("You may not give this role.")]}), 403
    posts = ", ".join(post["post"] for post in made["posts"])
    day = tk.h.sd_long_date(made["last_day"])
    sentence = tk._("{name} was appointed as {post} until {day}.")
    tk.h.flash_success(sentence.format(name=made["user"]["display_name"], post=posts, day=day))
    return tk.redirect_to("satudata_people.deputies")


@satudata_people.route("/petugas/plt/<id>/akhiri", methods=["GET", "POST"])
def dismiss(id: str) -> ResponseReturnValue:  # noqa: A002
    """Ask once more, then end an appointment."""
    entered()
    found = tk.get_action("satudata_deputy_list")({}, {"ended": True})
    deputy = next((one for one in found if id in (one["id"], *(post["id"] for post in one["posts"]))), None)
    if deputy is None:
        return tk.abort(404)
    if tk.request.method != "POST":
        return tk.render("satudata/people/dismiss.html", {"deputy": deputy})
    try:
        tk.get_action("satudata_deputy_end")({}, {"id": id})
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as refusal:
        tk.h.flash_error(spoken(refusal))
        return tk.redirect_to("satudata_people.deputies")
    tk.h.flash_success(tk._("The appointment of {name} has ended.").format(name=deputy["user"]["display_name"]))
    return tk.redirect_to("satudata_people.deputies")


def _form(mine: reach.Reach, values: dict[str, Any], *, errors: Any = None, choices: Any = None) -> str:
    return tk.render(
        "satudata/people/appoint.html",
        {
            "values": values,
            "errors": errors or {},
            "choices": choices or {},
            "roles": givable(mine),
            "office_options": [(one["id"], one["title"]) for one in offices(mine)],
        },
    )
