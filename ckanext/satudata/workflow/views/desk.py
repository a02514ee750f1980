"""Where the day begins: the desk of a reviewer, a producer's own work, and taking or leaving a case from a list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from flask import session
from flask.typing import ResponseReturnValue

from ckanext.satudata.workflow.pages import presentation
from ckanext.satudata.workflow.views import logged_in, satudata

PAGE = 20
LAST_LIST = "satudata_desk"
SHORT = 5  # rows of each list of a producer's work, until "show all"

# Name in the address → name for the action.
FILTERS = {
    "q": "q",
    "opd": "organization",
    "peran": "role",
    "qa": "qa",
    "petugas": "assignee",
    "kumpulan": "batch",
}
SWITCHES = {"prioritas": "priority", "terlambat": "late"}
LISTS = {
    "dikembalikan": "returned",
    "draf": "drafts",
    "menunggu": "waiting",
    "terbit": "published",
    "ditolak": "rejected",
}


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
    """The queue of a reviewer; what was asked for stays in the address."""
    logged_in()
    args = tk.request.args
    page = max(1, tk.h.get_page_number(args))
    asked: dict[str, Any] = {"tab": args.get("tahap"), "limit": PAGE, "offset": (page - 1) * PAGE}
    asked.update({name: args[key] for key, name in FILTERS.items() if args.get(key)})
    asked.update({name: True for key, name in SWITCHES.items() if args.get(key)})
    if args.get("urut") == "tunggu":
        asked["sort"] = "waiting"
    try:
        queue = tk.get_action("satudata_queue")({}, asked)
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ValidationError:
        return tk.redirect_to("satudata.desk")
    shown = _of_desk(queue)
    remember(shown["here"])
    return tk.render("satudata/workflow/desk.html", {"queue": queue, "page": page, "asked": asked, **shown})


def remember(address: str) -> None:
    """Whoever decides on one case comes back to the list as they had it, filters and page included."""
    if session.get(LAST_LIST) != address:
        session[LAST_LIST] = address


def last_list() -> str:
    """The desk as its reader saw it last in this browser."""
    return back(session.get(LAST_LIST), "satudata.desk")


def _of_desk(queue: dict[str, Any]) -> dict[str, Any]:
    """What the template would otherwise ask for row by row."""
    base = str(tk.h.url_for("satudata.desk"))
    kept = {key: tk.request.args[key] for key in (*FILTERS, *SWITCHES, "tahap", "urut") if tk.request.args.get(key)}

    def link(**changes: Any) -> str:
        wanted = {**kept, **changes}
        found = urlencode({key: value for key, value in wanted.items() if value not in (None, "")})
        return f"{base}?{found}" if found else base

    def tab(key: str) -> str:
        return f"{base}?{urlencode({'tahap': key})}"

    bulk: dict[str, str] = {}
    for row in queue["results"]:
        if row["bulk"]:
            bulk.setdefault(row["bulk"]["transition"], row["bulk"]["label"])
    return {
        "link": link,
        "tab_link": tab,
        "filtered": [key for key in kept if key not in ("tahap", "urut")],
        "review_url": str(tk.h.url_for("satudata.review", id="ID")),
        "here": link(page=tk.request.args.get("page")),
        "bulk": bulk,
        "groups": _groups(queue) if not tk.request.args.get("urut") else {},
        "batches": _batches(queue),
        "vacancies": _vacancies(),
    }


def _batches(queue: dict[str, Any]) -> list[dict[str, Any]]:
    """The open sets, for the filter; not asked where no row has one."""
    if not tk.request.args.get("kumpulan") and not any(row["batch"] for row in queue["results"]):
        return []
    found = presentation.answer("satudata_batch_list", {"closed": False, "limit": 200})
    return found["results"] if found else []


def _vacancies() -> list[dict[str, Any]]:
    """Posts nobody holds, one line for each: ``{"post", "stage_label", "vacant", "offices": [titles]}``."""
    found: dict[Any, dict[str, Any]] = {}
    for one in presentation.answer("satudata_vacancy_list", {}) or []:
        if not one["stage_label"]:
            continue
        key = (one["post"], one["stage_label"], one["vacant"])
        line = found.setdefault(key, {**dict(zip(("post", "stage_label", "vacant"), key, strict=True)), "offices": []})
        if one["organization"]:
            line["offices"].append(one["organization"]["title"])
    return list(found.values())


def _groups(queue: dict[str, Any]) -> dict[str, str]:
    """The heading over the first row of each group: ``{dataset id: group}``."""
    found: dict[str, str] = {}
    before = None
    for row in queue["results"]:
        if row["group"] != before:
            found[row["id"]] = before = row["group"]
    return found


@satudata.post("/meja-kerja/ambil")
def claim() -> ResponseReturnValue:
    """Take a case, or leave one that one holds; back to the list as it was."""
    logged_in()
    form = tk.request.form
    action, dataset = (
        ("satudata_release", form["lepas"]) if form.get("lepas") else ("satudata_claim", form.get("ambil"))
    )
    try:
        tk.get_action(action)({}, {"id": dataset})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(403)
    except tk.ValidationError as refused:
        tk.h.flash_error(" ".join(sentences(refused.error_dict)))
    else:
        words = tk._("You hold this dataset now.") if action == "satudata_claim" else tk._("It is free again.")
        tk.h.flash_success(words)
    return tk.redirect_to(back(form.get("kembali"), "satudata.desk"))


@satudata.get("/pekerjaan-saya")
def my_work() -> ResponseReturnValue:
    """What came back, what waits, drafts and published datasets of a producer; with ``daftar`` one list in pages."""
    logged_in()
    args = tk.request.args
    chosen = LISTS.get(args.get("daftar", ""))
    page = max(1, tk.h.get_page_number(args))
    asked: dict[str, Any] = {"limit": PAGE if chosen else SHORT, "offset": (page - 1) * PAGE if chosen else 0}
    asked.update({name: args[key] for key, name in (("q", "q"), ("opd", "organization")) if args.get(key)})
    if chosen:
        asked["list"] = chosen
    try:
        work = tk.get_action("satudata_my_work")({}, asked)
    except tk.ValidationError:
        return tk.redirect_to("satudata.my_work")
    return tk.render("satudata/workflow/my_work.html", {"work": work, "chosen": chosen, "page": page, **_of_work(work)})


def _of_work(work: dict[str, Any]) -> dict[str, Any]:
    """What a producer wants to know of the rows shown: what is asked for, what is missing, what is out of date."""
    first = work["returned"][0] if work["returned"] else None
    notes = presentation.answer("satudata_note_list", {"id": first["id"]}) if first and first["open_notes"] else None
    missing = {row["id"]: presentation.answer("satudata_metadata_check", {"id": row["id"]}) for row in work["drafts"]}
    overdue = presentation.answer("satudata_overdue_list", {"limit": SHORT}) or {"count": 0, "results": []}
    args = tk.request.args
    base = str(tk.h.url_for("satudata.my_work"))
    kept = {key: args[key] for key in ("q", "opd", "daftar") if args.get(key)}

    def link(**changes: Any) -> str:
        found = urlencode({key: value for key, value in {**kept, **changes}.items() if value not in (None, "")})
        return f"{base}?{found}" if found else base

    return {
        "notes": [note for note in notes or [] if note["state"] in ("open", "explained", "not_mended")],
        "missing": missing,
        "overdue": overdue if work["organizations"] else {"count": 0, "results": []},
        "link": link,
        "lists": {name: key for key, name in LISTS.items()},
        "here": link(page=args.get("page")),
        "args": args,
    }


def back(path: str | None, endpoint: str) -> str:
    """A path of this portal to go back to; anything else leads to ``endpoint``."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path:
        return path
    return str(tk.h.url_for(endpoint))


def sentences(errors: Any) -> list[str]:
    """Everything a refusal says, as sentences."""
    if isinstance(errors, str):
        return [errors]
    if isinstance(errors, dict):
        if "text" in errors:
            return [str(errors["text"])]
        return [text for key, value in errors.items() if key not in ("now", "__type") for text in sentences(value)]
    return [text for value in errors or [] for text in sentences(value)]
