"""Pages of withdrawals: the tombstone at every old address, the public list, the form by which something is taken away.

The tombstone costs nothing where nothing is withdrawn: it is looked for only when CKAN has already answered that the
reader may not read, or that there is nothing.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, get_flashed_messages, make_response
from flask.typing import ResponseReturnValue

from ckanext.satudata.publication.withdrawals import form, listing, tombstones
from ckanext.satudata.publication.withdrawals.tombstones import Tombstone

withdrawals = Blueprint("satudata_withdrawals", __name__)
blueprints = [withdrawals]

PAGE = 50
# First parts of the addresses below which datasets and what belongs to them are found.
PLACES = frozenset({"dataset", "datastore", "datatables"})


@withdrawals.after_app_request
def gone(response: Response) -> Response:
    """HTTP 410 with date, reason and whom to ask, instead of "not found", where something was withdrawn."""
    if response.status_code not in (403, 404) or not tk.request.view_args:
        return response
    if tk.request.path.strip("/").partition("/")[0] not in PLACES:
        return response
    found = _at(tk.request.view_args)
    return _page(found) if found is not None else response


@withdrawals.route("/penarikan")
def index() -> ResponseReturnValue:
    """Everything that was withdrawn and is not public again, the newest first."""
    number = tk.request.args.get("halaman", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    found = listing.listed(None, PAGE, (page - 1) * PAGE, newest_first=True)
    last = max(1, -(-found["count"] // PAGE))
    shown = {"found": found, "page": page, "last": last, "whom": tombstones.whom_to_ask()}
    return tk.render("satudata/publication/withdrawn_list.html", shown)


@withdrawals.route("/dataset/<id>/tarik", methods=["GET", "POST"])
def take_away(id: str) -> ResponseReturnValue:  # noqa: A002 - as in CKAN's own routes
    """Withdraw a published dataset, or take down the dataset, one of its files or an earlier version."""
    return form.answer(id)


def _at(arguments: dict[str, Any]) -> Tombstone | None:
    """The tombstone of what the address names: the file first, then the dataset."""
    for value in (arguments.get("resource_id"), *arguments.values()):
        found = tombstones.of_resource(value) if value is not None else None
        if found is not None:
            return found
    for value in arguments.values():
        found = tombstones.of_dataset(value)
        if found is not None:
            return found
    return None


def _page(found: Tombstone) -> Response:
    # CKAN's own page, which is not sent, has used up the style sheets of this request, and said why in a message
    g.pop("_webassets", None)
    get_flashed_messages()
    shown = {"gone": found, "whom": tombstones.whom_to_ask()}
    response = make_response(tk.render("satudata/publication/withdrawn.html", shown), 410)
    # not to be kept: the dataset may come back
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
