"""What was decided (history, register), how long it took, and what the public mark means."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, stream_with_context
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import roles, spreadsheets
from ckanext.satudata.core.workflow.states import RULES
from ckanext.satudata.workflow.records import register, times
from ckanext.satudata.workflow.views import case_of_insider, logged_in, satudata

PAGE = 50
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
# What a register of decisions is filtered by; claims and the like are found by "all".
STEPS = tuple(RULES)


@satudata.get("/dataset/<id>/riwayat")
def history(id: str) -> ResponseReturnValue:  # noqa: A002
    """Who decided what, when, and why; for members and reviewers."""
    case = case_of_insider(id)
    events = tk.get_action("satudata_history")({}, {"id": case["subject_id"]})
    form = tk.request.args.get("format")
    if form in FORMATS:
        return _file(_history_rows(events, form), form, f"riwayat-{case['subject_id'][:8]}")
    package = tk.get_action("package_show")({}, {"id": case["subject_id"]})
    return tk.render("satudata/workflow/history.html", {"case": case, "events": events, "pkg_dict": package})


@satudata.get("/verifikasi")
def verification() -> ResponseReturnValue:
    """What the mark "Terverifikasi Walidata" means; public."""
    return tk.render("satudata/workflow/verification.html", {})


@satudata.get("/riwayat")
def register_page() -> ResponseReturnValue:
    """The register of all decisions its reader may see; as a page, CSV or JSON."""
    asked = _asked("since", "until", "organization", "transition", "q")
    logged_in()
    user_id = roles.required_user_id(tk.current_user.name)
    page = max(1, tk.h.get_page_number(tk.request.args))
    found: dict[str, Any] = {"count": 0, "results": [], "limit": PAGE, "offset": 0}
    errors: dict[str, Any] = {}
    try:
        found = tk.get_action("satudata_register")({}, {**asked, "limit": PAGE, "offset": PAGE * (page - 1)})
        form = tk.request.args.get("format")
        if form in FORMATS:
            chosen = register.asked(asked, user_id)
            return _file(stream_with_context(register.export(chosen, form)), form, "register")
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as refusal:
        errors = refusal.error_dict
    steps = [(name, RULES[name].done) for name in STEPS]
    organizations = _organizations(user_id)
    extra = {"asked": asked, "errors": errors, "page": page, "steps": steps, "organizations": organizations}
    return tk.render("satudata/workflow/register.html", {"register": found, **extra})


@satudata.get("/waktu-layanan")
def times_page() -> ResponseReturnValue:
    """How long each step really took beside what the SOP allows; as a page or CSV."""
    asked = _asked("since", "until", "organization", "by", "workflow")
    logged_in()
    user_id = roles.required_user_id(tk.current_user.name)
    found: dict[str, Any] = {"by": "stage", "rows": [], "workflows": []}
    errors: dict[str, Any] = {}
    try:
        found = tk.get_action("satudata_times")({}, asked)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError as refusal:
        errors = refusal.error_dict
    if tk.request.args.get("format") == "csv" and not errors:
        return _file(_times_rows(found["rows"]), "csv", "waktu-layanan")
    extra = {"asked": asked, "errors": errors, "groupings": times.BY, "organizations": _organizations(user_id)}
    return tk.render("satudata/workflow/times.html", {"times": found, **extra})


def _asked(*names: str) -> dict[str, str]:
    """What stands in the address, without the fields left empty."""
    given = {name: tk.request.args.get(name, "").strip() for name in names}
    return {name: value for name, value in given.items() if value}


def _organizations(user_id: str) -> list[dict[str, Any]]:
    """The organizations a reader may choose from."""
    allowed = register.readable(user_id)
    listed = tk.get_action("organization_list")({}, {"all_fields": True, "limit": 1000, "sort": "title asc"})
    return [one for one in listed if allowed is None or one["id"] in allowed]


def _file(pieces: Any, form: str, name: str) -> Response:
    response = Response(pieces, content_type=FORMATS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _history_rows(events: list[dict[str, Any]], form: str) -> str:
    if form == "json":
        return json.dumps(events, ensure_ascii=False, indent=1)
    columns = {
        **{"waktu": "at", "tanggal_kejadian": "happened", "langkah": "label", "dari": "from_state_label"},
        **{"dari_tahap": "from_stage_label", "ke": "to_state_label", "ke_tahap": "to_stage_label", "putaran": "round"},
        **{"peran": "title", "atas_nama": "deputy_of", "alasan": "reason_label", "catatan": "note"},
        **{"nomor_surat": "letter", "tenggat": "due", "terlambat": "late", "cara": "channel"},
    }
    rows = [{**event, "late": "ya" if event["late"] else ""} for event in reversed(events)]
    lines = [
        [*(row[key] for key in columns.values()), row["actor"]["display_name"] or row["actor"]["id"]] for row in rows
    ]
    return _csv([*columns, "petugas"], lines)


def _times_rows(rows: list[dict[str, Any]]) -> str:
    columns = {
        **{"alur_kerja": "workflow", "langkah": "step_label", "kelompok": "group_label", "mutu_baku": "term"},
        **{"jumlah": "count", "berbatas_waktu": "with_due", "tepat_waktu": "on_time", "satuan": "unit"},
        **{"median": "median", "persentil_90": "ninth_decile", "terlama": "longest"},
    }
    return _csv(list(columns), [[row[key] for key in columns.values()] for row in rows])


def _csv(header: list[str], lines: list[list[Any]]) -> str:
    return spreadsheets.table(header, lines)
