"""One dataset: look at it and decide (review), or see where it is (status)."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow import presentation
from ckanext.satudata.workflow.views import case_of_insider, satudata


@satudata.route("/dataset/<id>/tinjau", methods=["GET", "POST"])
def review(id: str) -> ResponseReturnValue:  # noqa: A002
    """Look at one dataset and decide."""
    case = case_of_insider(id)
    me = tk.h.sd_me()
    if not (me["reviewer"] or me["sysadmin"]):
        return tk.redirect_to("satudata.status", id=id)
    if tk.request.method == "POST":
        return _decide(case, id, _show_review)
    return _show_review(case, id, {})


@satudata.route("/dataset/<id>/status", methods=["GET", "POST"])
def status(id: str) -> ResponseReturnValue:  # noqa: A002
    """Where the dataset is, whose turn it is, and the producer's next step."""
    case = case_of_insider(id)
    if tk.request.method == "POST":
        return _decide(case, id, _show_status)
    return _show_status(case, id, {})


def _decide(case: dict[str, Any], reference: str, show: Any) -> ResponseReturnValue:
    """Take one decision; what was refused is shown on the same page, with the note as it was typed."""
    form = tk.request.form
    asked = {
        "id": case["subject_id"],
        "transition": form.get("transition", ""),
        "expected": _seen(form.get("expected", "")),
        "content_hash": form.get("content_hash", ""),
        "note": form.get("note", ""),
        "reason": form.get("reason", ""),
    }
    try:
        done = tk.get_action("satudata_transition")({}, asked)
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as refusal:
        refused = {
            "errors": refusal.error_dict,
            "transition": asked["transition"],
            "note": asked["note"],
            "reason": asked["reason"],
        }
        now = tk.get_action("satudata_case_show")({}, {"id": case["subject_id"]})
        return show(now, reference, refused), 409 if "conflict" in refusal.error_dict else 400
    tk.h.flash_success(done["message"])
    return tk.redirect_to(_after(done, reference, show is _show_review))


def _after(done: dict[str, Any], reference: str, from_review: bool) -> str:
    if done["transition"] == "publish":
        return tk.h.url_for("dataset.read", id=reference)
    # Who passed may often publish at once: stay, the next step is on the page.
    if from_review and done["to_state"] != "verified":
        return tk.h.url_for("satudata.desk")
    return tk.h.url_for("satudata.review" if from_review else "satudata.status", id=reference)


def _seen(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _show_review(case: dict[str, Any], reference: str, refused: dict[str, Any]) -> str:
    subject = {"id": case["subject_id"]}
    package = tk.get_action("package_show")({}, subject)
    return tk.render(
        "satudata/workflow/review.html",
        {
            "case": case,
            "available": tk.get_action("satudata_available")({}, subject),
            "changes": tk.get_action("satudata_changes")({}, subject),
            "events": tk.get_action("satudata_history")({}, subject),
            "qa": presentation.answer("satudata_qa_summary", subject),
            "pkg_dict": package,
            "refused": refused,
            "reference": reference,
        },
    )


def _show_status(case: dict[str, Any], reference: str, refused: dict[str, Any]) -> str:
    subject = {"id": case["subject_id"]}
    return tk.render(
        "satudata/workflow/status.html",
        {
            "case": case,
            "available": tk.get_action("satudata_available")({}, subject),
            "events": tk.get_action("satudata_history")({}, subject),
            "qa": presentation.answer("satudata_qa_summary", subject),
            "pkg_dict": tk.get_action("package_show")({}, subject),
            "refused": refused,
            "reference": reference,
        },
    )
