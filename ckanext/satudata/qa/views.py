"""The pages of `qa`: the report of one file, its progress, its downloads."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import readable
from ckanext.satudata.bridge.forms import protected
from ckanext.satudata.bridge.language import language
from ckanext.satudata.qa import download, page, reply_page

PLACE = "/dataset/<id>/resource/<resource_id>/qa"

satudata_qa = protected(Blueprint("satudata_qa", __name__))


def _found(id: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:  # noqa: A002
    """Dataset, resource and the answer of ``satudata_qa_show``; 404 for what the reader may not know of."""
    dataset, resource = readable.dataset_with_file(id, resource_id)
    try:
        answer = tk.get_action("satudata_qa_show")({}, {"resource_id": resource_id, "language": language()})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Only members of the organization and reviewers may read this report."))
    return dataset, resource, answer


@satudata_qa.get(PLACE)
def report(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """The report, or why there is none yet."""
    dataset, resource, answer = _found(id, resource_id)
    shown = page.shown(dataset, resource, answer, tk.request.args.getlist("buka"))
    return tk.render(f"satudata/qa/{page.template(answer)}.html", shown)


@satudata_qa.post(PLACE)
def run(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Check once more."""
    _found(id, resource_id)
    try:
        tk.get_action("satudata_qa_run")({}, {"resource_id": resource_id})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only editors of the organization and reviewers may ask for a check."))
    except tk.ValidationError as refused:
        tk.h.flash_error(" ".join(str(text) for text in refused.error_summary.values()))
    return tk.redirect_to("satudata_qa.report", id=id, resource_id=resource_id)


@satudata_qa.post(f"{PLACE}/jawaban")
def answer(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Explain a finding, set it aside, or take that back; what is refused is shown at the finding, with its text."""
    dataset, resource, told = _found(id, resource_id)
    action, said = reply_page.sent(tk.request.form)
    try:
        tk.get_action(action)({}, {**said, "resource_id": resource_id})
    except tk.NotAuthorized as refused:
        return tk.abort(403, refused.message or tk._("You may not answer this finding."))
    except tk.ValidationError as refused:
        typed = {**said, "do": tk.request.form["do"], "error": reply_page.error_of(refused)}
        return tk.render(f"satudata/qa/{page.template(told)}.html", page.shown(dataset, resource, told, [], typed))
    return tk.redirect_to("satudata_qa.report", id=dataset["name"], resource_id=resource_id)


@satudata_qa.get(f"{PLACE}/kemajuan")
def progress(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """The waiting box alone; the header ``X-Satudata-State`` says where the check stands."""
    dataset, resource, answer = _found(id, resource_id)
    body = tk.render("satudata/qa/waiting_box.html", page.shown(dataset, resource, answer, []))
    response = Response(body, mimetype="text/html")
    response.headers["X-Satudata-State"] = answer["state"]
    response.headers["Cache-Control"] = "no-store"
    return response


@satudata_qa.get(f"{PLACE}/laporan.xlsx")
def as_workbook(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """The table with its wrong cells coloured and explained."""
    return _taken_along(id, resource_id, "xlsx")


@satudata_qa.get(f"{PLACE}/temuan.csv")
def as_csv(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """The findings as a table, for a spreadsheet."""
    return _taken_along(id, resource_id, "csv")


@satudata_qa.get(f"{PLACE}/laporan.json")
def as_json(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """The report as JSON, for programs; the format is described in the documentation."""
    return _taken_along(id, resource_id, "json")


@satudata_qa.get(f"{PLACE}/laporan.frictionless.json")
def as_frictionless(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """The report in the form of frictionless."""
    return _taken_along(id, resource_id, "frictionless")


def _taken_along(id: str, resource_id: str, form: str) -> Response:  # noqa: A002
    _dataset, resource, _answer = _found(id, resource_id)
    made = download.of_report(resource, form, language())
    if made is None:
        return tk.abort(404, tk._("There is no report yet."))
    response = Response(made.body, content_type=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


blueprints = [satudata_qa]
