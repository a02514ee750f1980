"""One dataset: look at it and decide (review, sign-off), or see where it is (status)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow.deciding import posting, sent
from ckanext.satudata.workflow.pages import bar, figures, presentation
from ckanext.satudata.workflow.remarks import threads
from ckanext.satudata.workflow.standing import holding
from ckanext.satudata.workflow.standing import status as standing
from ckanext.satudata.workflow.views import case_of_insider, satudata
from ckanext.satudata.workflow.views.desk import last_list

ROWS_SHOWN = 10
MOST_ROWS = 500


@satudata.route("/dataset/<id>/tinjau", methods=["GET", "POST"])
def review(id: str) -> ResponseReturnValue:  # noqa: A002
    """Look at one dataset and decide; whoever is to sign sees what they put their name to."""
    case = case_of_insider(id)
    me = tk.h.sd_me()
    if not (me["reviewer"] or me["sysadmin"]):
        return tk.redirect_to("satudata.status", id=id)
    return _page(case, id, "review")


@satudata.route("/dataset/<id>/status", methods=["GET", "POST"])
def status(id: str) -> ResponseReturnValue:  # noqa: A002
    """Where the dataset is, whose turn it is, and the producer's next step."""
    return _page(case_of_insider(id), id, "status")


def _page(case: dict[str, Any], reference: str, page: str) -> ResponseReturnValue:
    if tk.request.method != "POST":
        return _show(case, reference, page, sent.Sent(), {})
    typed = sent.read(tk.request.form, tk.request.files)
    try:
        done = posting.carry_out(case, typed, signing=page == "review" and _signs(case))
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403)
    if done.message:
        tk.h.flash_success(done.message)
    if done.transition is not None:
        return tk.redirect_to(_after(done.transition, reference, page))
    if not done.errors and not typed.holds_words:
        return tk.redirect_to(_back(reference, page, done.anchor))
    now = tk.get_action("satudata_case_show")({}, {"id": case["subject_id"]})
    status_code = 409 if "conflict" in done.errors else 400 if done.errors else 200
    return _show(now, reference, page, typed, done.errors), status_code


def _back(reference: str, page: str, anchor: str) -> str:
    """The same page at the same place, with the same part of the table open."""
    asked = {"baris": tk.request.args["baris"]} if tk.request.args.get("baris") else {}
    url = tk.h.url_for(f"satudata.{page}", id=reference, **asked)
    return f"{url}#{anchor}" if anchor else url


def _after(done: dict[str, Any], reference: str, page: str) -> str:
    if done["transition"] == "publish":
        return tk.h.url_for("dataset.read", id=reference)
    if not done["case"]["inside"]:  # whose right to read ended with the stage
        return last_list()
    if done["to_state"] == "draft":
        return tk.h.url_for("satudata.status", id=reference)
    # Who passed may often publish at once: stay, the next step is on the page.
    if page == "review" and done["to_state"] != "verified":
        return last_list()
    return tk.h.url_for(f"satudata.{page}", id=reference)


def _signs(case: dict[str, Any]) -> bool:
    """Whether the page is that of a sign-off: the stage asks for a name under the data, and it is the reader's turn."""
    return case["state"] == "in_review" and case.get("stage_kind") == "sign_off" and bool(case["mine"])


def _show(case: dict[str, Any], reference: str, page: str, typed: sent.Sent, errors: dict[str, Any]) -> str:
    subject = {"id": case["subject_id"]}
    package = tk.get_action("package_show")({}, subject)
    available = tk.get_action("satudata_available")({}, subject)
    events = presentation.listed("satudata_history", subject)
    evidence = presentation.listed("satudata_evidence_list", subject)
    notes = threads.view(package)
    hold = holding.view(standing.load({"subject_type": "dataset", **subject}), tk.current_user.id)
    notes.update(typed=typed.notes, errors=errors.get("notes", {}))
    shown = {
        "case": case,
        "available": available,
        "events": events,
        "evidence": evidence,
        "notes": notes,
        "bar": bar.of(case, available, notes, events, evidence, hold),
        "qa": presentation.answer("satudata_qa_summary", subject),
        "pkg_dict": package,
        "refused": posting.shown_again(typed, errors, events),
        "reference": reference,
    }
    if page == "status":
        return tk.render("satudata/workflow/status.html", {**shown, **_of_status(case)})
    if _signs(case):
        shown["figures"] = figures.of_dataset(package)
        return tk.render("satudata/workflow/sign_off.html", shown)
    shown["changes"] = tk.get_action("satudata_changes")({}, subject)
    shown["metadata"] = presentation.for_review(package, shown["changes"], notes)
    shown["may_note"] = presentation.may_note(case, available)
    shown["row_limit"] = _rows_asked()
    return tk.render("satudata/workflow/review.html", shown)


def _of_status(case: dict[str, Any]) -> dict[str, Any]:
    subject = {"id": case["subject_id"]}
    return {
        "chart": presentation.answer("satudata_workflow_show", subject),
        "receipts": presentation.listed("satudata_receipt_list", subject),
    }


def _rows_asked() -> int:
    asked = tk.request.args.get("baris", "")
    return min(max(int(asked), ROWS_SHOWN), MOST_ROWS) if asked.isdecimal() and len(asked) < 6 else ROWS_SHOWN
