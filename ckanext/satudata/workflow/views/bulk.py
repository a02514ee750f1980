"""One step for several datasets: which ones are listed first, then each is decided on its own, with what was seen."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow.pages import presentation
from ckanext.satudata.workflow.views import logged_in, satudata
from ckanext.satudata.workflow.views.desk import back, sentences

MOST = 100
OF_REVIEWERS = ("pass", "publish")


@satudata.route("/meja-kerja/sekaligus", methods=["GET", "POST"])
def bulk() -> ResponseReturnValue:
    """Approve or publish what was ticked on the desk."""
    return _together("satudata.desk", OF_REVIEWERS)


@satudata.route("/pekerjaan-saya/sekaligus", methods=["GET", "POST"])
def bulk_submit() -> ResponseReturnValue:
    """Submit the drafts that were ticked."""
    return _together("satudata.my_work", ("submit",))


def _together(home: str, steps: tuple[str, ...]) -> ResponseReturnValue:
    logged_in()
    asked = tk.request.values
    step = asked.get("langkah") or steps[0]
    if step not in steps:
        return tk.abort(400, tk._("This step is not taken for several datasets at once."))
    page = {"step": step, "home": home, "back": back(asked.get("kembali"), home), "here": tk.request.path}
    if tk.request.method == "POST":
        return _done(page, step)
    chosen = list(dict.fromkeys(asked.getlist("kasus")))[:MOST]
    rows = [row for one in chosen if (row := _row(one, step)) is not None]
    told = {"rows": [row for row in rows if row["open"]], "closed": [row for row in rows if not row["open"]]}
    return tk.render("satudata/workflow/bulk.html", {**page, **told, "result": None})


def _row(reference: str, step: str) -> dict[str, Any] | None:
    """A dataset as it is now, and whether the step is open; ``None`` for one the reader may not see."""
    case = presentation.answer("satudata_case_show", {"id": reference})
    available = presentation.answer("satudata_available", {"id": reference}) if case and case["inside"] else None
    if case is None or available is None:
        return None
    option = next((one for one in available["options"] if one["transition"] == step), None)
    wanted = option is not None and option["open"] and not option["override"]
    reasons = list(option["reasons"]) if option is not None else []
    qa = presentation.answer("satudata_qa_summary", {"id": case["subject_id"]})
    if wanted and step in OF_REVIEWERS and not _green(qa):
        wanted = False
        done = qa is not None and qa["state"] == "done"
        found = tk._("The checks found something: look at this one by itself.")
        reasons.append({"text": found if done else tk._("The checks are not finished: look at this one by itself.")})
    seen = {"id": case["subject_id"], "expected": available["expected"], "content_hash": available["content_hash"]}
    return {
        "case": case,
        "qa": qa,
        "open": wanted,
        "label": option["label"] if option is not None else "",
        "target": option["target_label"] if option is not None else "",
        "reasons": [str(reason["text"]) for reason in reasons] or [tk._("This step is not open now.")],
        "seen": json.dumps(seen, sort_keys=True),
    }


def _green(qa: dict[str, Any] | None) -> bool:
    return bool(qa) and qa["state"] == "done" and not (qa["errors"] or qa["warnings"] or qa["questions"])


def _done(page: dict[str, Any], step: str) -> ResponseReturnValue:
    form = tk.request.form
    items: list[dict[str, Any]] = []
    for text in form.getlist("dilihat")[:MOST]:
        try:
            items.append(json.loads(text))
        except ValueError:
            return tk.abort(400)
    if not items:
        tk.h.flash_error(tk._("Nothing was ticked."))
        return tk.redirect_to(page["back"])
    try:
        result = tk.get_action("satudata_transition_bulk")(
            {}, {"transition": step, "items": json.dumps(items), "note": form.get("note", "")}
        )
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as refused:
        return tk.abort(400, " ".join(sentences(refused.error_dict)))
    for one in result["results"]:
        one["why"] = sentences(one["errors"]) if one["errors"] else []
    return tk.render("satudata/workflow/bulk.html", {**page, "rows": [], "closed": [], "result": result})
