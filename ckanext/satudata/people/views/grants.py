"""Who holds which role: list, give, end, give back, export."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from ckanext.satudata.people import exporting, finding, listing, vocabulary
from ckanext.satudata.people.model import GrantRow
from ckanext.satudata.people.reach import Reach
from ckanext.satudata.people.views import asked, entered, givable, offices, person, satudata_people, spoken, tabs

PAGE = 25
FILTERS = {"q": "q", "role": "peran", "organization": "opd", "status": "status"}
FIELDS = ("role", "position", "organization", "valid_from", "valid_until", "letter")


@satudata_people.get("/petugas")
def index() -> ResponseReturnValue:
    """The roles of everybody, or of the reader's own organizations."""
    mine = entered()
    filters = asked(FILTERS)
    page = max(1, tk.h.get_page_number(tk.request.args))
    try:
        found = tk.get_action("satudata_grant_search")({}, {**filters, "limit": PAGE, "offset": (page - 1) * PAGE})
    except tk.ValidationError:
        return tk.redirect_to("satudata_people.index")
    kept = {name: filters[key] for key, name in FILTERS.items() if key in filters}
    ended = tk.request.args.get("berakhir", "")
    return tk.render(
        "satudata/people/index.html",
        {
            "found": found,
            "filters": filters,
            "kept": kept,
            "page": page,
            "tabs": tabs(found["counts"], found["status"], {key: kept[key] for key in kept if key != "status"}),
            "offices": offices(mine),
            "roles": vocabulary.givable(),
            "vacancies": tk.get_action("satudata_vacancy_list")({}, {}),
            "just_ended": _seen(mine, ended) if ended else None,
            "endable": {row["id"] for row in found["results"] if _may_end(mine, row)},
        },
    )


@satudata_people.route("/petugas/tambah", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Give a role to somebody."""
    mine = entered()
    if tk.request.method != "POST":
        args = tk.request.args
        values = {
            "role": args.get("peran", ""),
            "position": args.get("jabatan", ""),
            "organization": args.get("opd", ""),
        }
        return _form(mine, {**values, "user": args.get("pengguna", "")})
    form = tk.request.form
    values = {key: form.get(key, "").strip() for key in ("user", *FIELDS)}
    name, unclear = person("user", form)
    if unclear:
        return _form(mine, values, **unclear), 400
    try:
        made = tk.get_action("satudata_grant_create")({}, {**values, "user": name})
    except tk.ValidationError as refusal:
        return _form(mine, values, errors=refusal.error_dict), 400
    except tk.NotAuthorized as refusal:
        return _form(mine, values, errors={"role": [refusal.message or tk._("You may not give this role.")]}), 403
    sentence = tk._("{name} is {post} now.") if made["active"] else tk._("{name} will be {post} from {day} on.")
    day = tk.h.sd_long_date(made["first_day"])
    tk.h.flash_success(sentence.format(name=made["user"]["display_name"], post=made["post"], day=day))
    return tk.redirect_to("satudata_people.index", status=None if made["active"] else made["status"])


@satudata_people.route("/petugas/<id>/akhiri", methods=["GET", "POST"])
def end(id: str) -> ResponseReturnValue:  # noqa: A002
    """Ask once more, then end a role."""
    mine = entered()
    grant = _seen(mine, id)
    if grant is None:
        return tk.abort(404)
    if not _may_end(mine, grant):
        return tk.abort(403)
    if tk.request.method != "POST":
        return tk.render("satudata/people/end.html", {"grant": grant})
    try:
        tk.get_action("satudata_grant_end")({}, {"id": id})
    except tk.ValidationError as refusal:
        tk.h.flash_error(spoken(refusal))
        return tk.redirect_to("satudata_people.index")
    return tk.redirect_to("satudata_people.index", berakhir=id)


@satudata_people.post("/petugas/<id>/kembalikan")
def restore(id: str) -> ResponseReturnValue:  # noqa: A002
    """Give back what was ended by mistake."""
    entered()
    try:
        given = tk.get_action("satudata_grant_restore")({}, {"id": id})
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as refusal:
        tk.h.flash_error(spoken(refusal))
        return tk.redirect_to("satudata_people.index")
    sentence = tk._("{name} is {post} again.")
    tk.h.flash_success(sentence.format(name=given["user"]["display_name"], post=given["post"]))
    return tk.redirect_to("satudata_people.index")


@satudata_people.get("/petugas/ekspor.csv")
def export() -> ResponseReturnValue:
    """The list as it is filtered, all pages, as CSV."""
    mine = entered()
    filters = asked(FILTERS)
    rows: list[dict[str, Any]] = []
    while True:
        try:
            found = tk.get_action("satudata_grant_search")({}, {**filters, "limit": 200, "offset": len(rows)})
        except tk.ValidationError:
            return tk.abort(404)
        rows += found["results"]
        if not found["results"] or len(rows) >= found["count"]:
            break
    table = model.group_table
    names = sa.select(table.c["id"], table.c["name"]).where(table.c["id"].in_([one["id"] for one in offices(mine)]))
    text = exporting.table(rows, {row.id: row.name for row in model.Session.execute(names)})
    headers = {"Content-Disposition": 'attachment; filename="petugas.csv"', "Cache-Control": "no-store"}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


@satudata_people.get("/petugas/cari")
def people() -> ResponseReturnValue:
    """Accounts whose names hold the words of ``q``, for the list that helps while typing."""
    entered()
    text = tk.request.args.get("q", "")
    return jsonify([finding.words(one) for one in finding.like(text)] if len(text.strip()) > 1 else [])


def _form(mine: Reach, values: dict[str, Any], *, errors: Any = None, choices: Any = None) -> str:
    return tk.render(
        "satudata/people/add.html",
        {
            "values": values,
            "errors": errors or {},
            "choices": choices or {},
            "roles": givable(mine),
            "positions": vocabulary.labels("positions"),
            "office_options": [(one["id"], one["title"]) for one in offices(mine)],
            "everything": mine.everything,
        },
    )


def _seen(mine: Reach, grant_id: str) -> dict[str, Any] | None:
    """A grant the reader may see."""
    grant = model.Session.get(GrantRow, grant_id)
    return listing.dictize(grant) if grant is not None and mine.sees(grant.organization_id) else None


def _may_end(mine: Reach, grant: dict[str, Any]) -> bool:
    organization = grant["organization"]["id"] if grant["organization"] else None
    return grant["status"] != "ended" and mine.refusal(grant["role"], organization, None) is None
