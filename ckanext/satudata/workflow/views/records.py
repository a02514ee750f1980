"""What was decided (history), and what the public mark means."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow.views import case_of_insider, satudata


@satudata.get("/dataset/<id>/riwayat")
def history(id: str) -> ResponseReturnValue:  # noqa: A002
    """Who decided what, when, and why; for members and reviewers."""
    case = case_of_insider(id)
    events = tk.get_action("satudata_history")({}, {"id": case["subject_id"]})
    package = tk.get_action("package_show")({}, {"id": case["subject_id"]})
    return tk.render("satudata/workflow/history.html", {"case": case, "events": events, "pkg_dict": package})


@satudata.get("/verifikasi")
def verification() -> ResponseReturnValue:
    """What the mark "Terverifikasi Walidata" means; public."""
    return tk.render("satudata/workflow/verification.html", {})
