"""Where the day begins: the desk of a reviewer, a producer's own work."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow import presentation
from ckanext.satudata.workflow.views import logged_in, satudata

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
    logged_in()
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
    logged_in()
    work = tk.get_action("satudata_my_work")({}, {})
    return tk.render("satudata/workflow/my_work.html", {"work": work})
