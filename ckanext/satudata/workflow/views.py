"""Pages of the workflow: the desk, one's own work, review, status, history, what the mark means.

A page asks actions and shows what they answer; the only thing that writes is :func:`_decide`, and only on a POST that
carries the form's token, the state and the content its sender saw.
"""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.workflow import presentation

satudata = forms.protected(Blueprint("satudata", __name__))
blueprints = [satudata]

PAGE = 20


@satudata.get("/mulai")
def start() -> ResponseReturnValue:
    """Where a person begins after logging in: the desk, their own work, or the front page."""
    me = tk.h.sd_me()
    if me["reviewer"] or me["sysadmin"]:
        return tk.redirect_to("satudata.desk")
    if me["producer"]:
        return tk.redirect_to("satudata.my_work")
    return tk.redirect_to("home.index")


@satudata.get("/meja-kerja")
def desk() -> ResponseReturnValue:
    """The queue of a reviewer."""
    _logged_in()
    args = tk.request.args
    page = max(1, tk.h.get_page_number(args))
    asked: dict[str, Any] = {"tab": args.get("tahap") or "mine", "limit": PAGE, "offset": (page - 1) * PAGE}
    asked.update({key: args[name] for key, name in (("q", "q"), ("organization", "opd")) if args.get(name)})
    if args.get("prioritas"):
        asked["priority"] = True
    if args.get("urut") == "due":
        asked["sort"] = "due"
    try:
        queue = tk.get_action("satudata_queue")({}, asked)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError:
        return tk.redirect_to("satudata.desk")
    summaries = {row["id"]: presentation.answer("satudata_qa_summary", {"id": row["id"]}) for row in queue["results"]}
    return tk.render(
        "satudata/workflow/desk.html", {"queue": queue, "qa": summaries, "page": page, "asked": asked, "args": args}
    )


@satudata.get("/pekerjaan-saya")
def my_work() -> ResponseReturnValue:
    """What came back, what waits, drafts and published datasets of a producer."""
    _logged_in()
    work = tk.get_action("satudata_my_work")({}, {})
    return tk.render("satudata/workflow/my_work.html", {"work": work})


@satudata.route("/dataset/<id>/tinjau", methods=["GET", "POST"])
def review(id: str) -> ResponseReturnValue:  # noqa: A002
    """Look at one dataset and decide."""
    case = _case_of_insider(id)
    me = tk.h.sd_me()
    if not (me["reviewer"] or me["sysadmin"]):
        return tk.redirect_to("satudata.status", id=id)
    if tk.request.method == "POST":
        return _decide(case, id, _show_review)
    return _show_review(case, id, {})


@satudata.route("/dataset/<id>/status", methods=["GET", "POST"])
def status(id: str) -> ResponseReturnValue:  # noqa: A002
    """Where the dataset is, whose turn it is, and the producer's next step."""
    case = _case_of_insider(id)
    if tk.request.method == "POST":
        return _decide(case, id, _show_status)
    return _show_status(case, id, {})


@satudata.get("/dataset/<id>/riwayat")
def history(id: str) -> ResponseReturnValue:  # noqa: A002
    """Who decided what, when, and why; for members and reviewers."""
    case = _case_of_insider(id)
    events = tk.get_action("satudata_history")({}, {"id": case["subject_id"]})
    package = tk.get_action("package_show")({}, {"id": case["subject_id"]})
    return tk.render("satudata/workflow/history.html", {"case": case, "events": events, "pkg_dict": package})


@satudata.get("/verifikasi")
def verification() -> ResponseReturnValue:
    """What the mark "Terverifikasi Walidata" means; public."""
    return tk.render("satudata/workflow/verification.html", {})


def _logged_in() -> None:
    """Send a visitor to the login page and back; a link in a mail must work for who is not logged in yet."""
    if not tk.current_user.is_authenticated:
        raise _Redirect(tk.h.url_for("user.login", came_from=tk.request.full_path.rstrip("?")))


class _Redirect(Exception):  # noqa: N818
    """Leave the view for another address."""


@satudata.errorhandler(_Redirect)
def _redirect(error: _Redirect) -> ResponseReturnValue:
    return tk.redirect_to(str(error))


def _case_of_insider(reference: str) -> dict[str, Any]:
    """The case, for members, reviewers and sysadmins. 404 for who may not read the dataset, 403 for other readers."""
    _logged_in()
    try:
        case = tk.get_action("satudata_case_show")({}, {"id": reference})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404)
    if not case["inside"]:
        tk.abort(403)
    if tk.h.sd_me()["unread"]:  # whoever looks at the dataset has got the news about it
        presentation.answer("satudata_notice_read", {"subject_id": case["subject_id"]})
    return case


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
