"""What pages show of a dataset, gathered from actions and the scheming schema and put into words.

Other slices are asked by action name only; what one of them does not answer (it is switched off, the reader may not
know) is simply not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import literal, markdown_extract, render_markdown
from ckan.logic import NotAuthorized, NotFound, ValidationError
from ckan.model.license import LicenseRegister

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.workflow.pages import moments

_ = tk._

# Shown in other places of the page, or of no use to a reader.
ELSEWHERE = frozenset(
    {"title", "name", "notes", "owner_org", "private", "kontak", "walidata", "data_prioritas", "data_prioritas_tahun"}
)

FACTS = (
    ("sds_ukuran", "Measure"),
    ("sds_satuan", "Unit of measure"),
    ("tingkat_penyajian", "Level"),
    ("frekuensi", "Updated"),
)


def answer(action: str, data: dict[str, Any]) -> Any:
    """The answer of a read-only action for the reader, or ``None``."""
    try:
        call = tk.get_action(action)
    except KeyError:
        return None
    try:
        return call({}, data)
    except (NotAuthorized, NotFound, ValidationError):
        return None


def listed(action: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a read-only action that answers with a list, or with ``{"results": [...]}``; empty without answer."""
    found = answer(action, data)
    if isinstance(found, dict):
        found = found.get("results")
    return list(found or [])


def reader() -> dict[str, Any]:
    """See ``sd_me``."""
    grants = answer("satudata_my_grants", {"details": False}) or {}
    notices = answer("satudata_notice_list", {"limit": 1}) or {}
    return {
        "sysadmin": bool(grants.get("sysadmin")),
        "reviewer": bool(grants.get("is_reviewer")),
        "producer": bool(grants.get("is_producer")),
        "waiting": int(grants.get("waiting_for_me") or 0),
        "returned": int(grants.get("returned_to_me") or 0),
        "unread": int(notices.get("unread") or 0),
    }


def may_note(case: Mapping[str, Any], available: Mapping[str, Any]) -> bool:
    """Whether the reader reviews the dataset now: notes are written by whoever may return it, not who hands on."""
    judges = case["state"] == "in_review" and case["stage_kind"] not in ("relay", "report")
    return judges and any(option["transition"] == "return" and option["mine"] for option in available["options"])


# Findings a reviewer reads on the page itself; the rest is in the report.
FINDINGS_SHOWN = 12
SEVERITIES = {"error": ("err", "err", 0), "question": ("ask", "ask", 1), "warning": ("warn", "warn", 2)}


def findings(resource: Mapping[str, Any]) -> dict[str, Any]:
    """See ``sd_findings``."""
    told = answer("satudata_qa_show", {"resource_id": resource["id"], "language": language()}) or {}
    report = told.get("report") or {}
    worth = [one for one in report.get("findings", ()) if one["severity"] in SEVERITIES]
    worth.sort(key=lambda one: SEVERITIES[one["severity"]][2])
    seen: set[str] = set()
    shown: list[dict[str, Any]] = []
    for one in worth[:FINDINGS_SHOWN]:
        icon, look, _rank = SEVERITIES[one["severity"]]
        shown.append({**one, "icon": icon, "look": look, "first_of_check": one["check"] not in seen})
        seen.add(one["check"])
    return {"findings": shown, "more": len(worth) - len(shown)}


# ------------------------------------------------------------------ metadata


def _schema(package_type: str = "dataset") -> dict[str, Any]:
    return tk.h.scheming_get_dataset_schema(package_type) or {"dataset_fields": []}


def _field(name: str) -> dict[str, Any] | None:
    return next((field for field in _schema()["dataset_fields"] if field["field_name"] == name), None)


def _words(text: Any) -> str:
    """A label of the schema: a text, or a text by language."""
    if isinstance(text, dict):
        return str(text.get(language()) or text.get("id") or next(iter(text.values()), ""))
    return _(str(text)) if text else ""


def field_label(name: str) -> str:
    """The label of a field; of a resource field, or the name itself, when the dataset has no such field."""
    resource_fields = _schema().get("resource_fields", [])
    field = _field(name) or next((f for f in resource_fields if f["field_name"] == name), None)
    if field is not None:
        return _words(field.get("label") or name)
    return name.replace("_", " ")


def sections(package: dict[str, Any], *, empty: bool = False) -> list[dict[str, Any]]:
    """``[{"title", "fields": [{"name", "label", "value": text or HTML, "empty": bool}]}]``.

    The sections are those of the form. Fields shown elsewhere are left out; empty ones too, unless ``empty``: then
    those that a submission needs stay, for whoever has to judge what is missing.
    """
    schema = _schema(package.get("type") or "dataset")
    found: dict[str, dict[str, Any]] = {
        str(section["key"]): {"title": _words(section["title"]), "fields": []} for section in schema.get("sections", [])
    }
    for field in schema["dataset_fields"]:
        if field["field_name"] in ELSEWHERE:
            continue
        value = package.get(field["field_name"])
        is_empty = parsed(value) in (None, "", [], {})
        if is_empty and not (empty and _needed(field, package)):
            continue
        key = str(field.get("section") or "")
        found.setdefault(key, {"title": _("Metadata"), "fields": []})["fields"].append(
            {
                "name": field["field_name"],
                "label": _words(field.get("label") or field["field_name"]),
                "value": _display(field, value),
                "empty": is_empty,
            }
        )
    return [section for section in found.values() if section["fields"]]


def for_review(
    package: dict[str, Any], changes: Mapping[str, Any] | None, notes: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Every field a reviewer judges, ``{"shown", "folded"}``: sections as :func:`sections` gives them.

    From the second round on, what neither changed nor carries a note is folded. A field that changed has ``change``:
    ``{"before", "after"}`` in words.
    """
    changed = {one["field"]: one for one in (changes or {}).get("fields", ())}
    again = bool(changes and changes.get("previous_round"))
    title = {"name": "title", "label": field_label("title"), "value": package.get("title"), "empty": False}
    said = package.get("notes")
    about = {
        "name": "notes",
        "label": field_label("notes"),
        "value": render_markdown(str(said or "")),
        "empty": not said,
    }
    office = contact(package)
    reach = ", ".join(part for part in (office["name"], office["email"], office["phone"]) if part)
    whom = {"name": "kontak", "label": field_label("kontak"), "value": reach, "empty": not reach}
    every = [
        {"title": "", "fields": [title, about]},
        *sections(package, empty=True),
        {"title": _("Contact"), "fields": [whom]},
    ]
    for section in every:
        for field in section["fields"]:
            one = changed.get(field["name"])
            if one is not None:
                words = {key: field_text(field["name"], one[key]) or _("(empty)") for key in ("before", "after")}
                field["change"] = words
    return {
        "shown": _part(every, lambda field: not again or _is_worth(field, notes)),
        "folded": _part(every, lambda field: again and not _is_worth(field, notes)),
    }


def _is_worth(field: Mapping[str, Any], notes: Mapping[str, Any]) -> bool:
    key = f"field::{field['name']}"
    stands = any(note["unsettled"] or note["state"] == "pending" for note in notes["at"].get(key, ()))
    return "change" in field or stands or key in notes["typed"] or key in notes["errors"]


def _part(found: list[dict[str, Any]], wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    parts = [{**section, "fields": [one for one in section["fields"] if wanted(one)]} for section in found]
    return [section for section in parts if section["fields"]]


def _needed(field: dict[str, Any], package: dict[str, Any]) -> bool:
    conditions = field.get("applies_when") or {}
    return bool(field.get("required_at_submit")) and all(
        str(package.get(name) or "") in [str(value) for value in values] for name, values in conditions.items()
    )


def field_text(name: str, value: Any) -> str:
    """A stored value in words, on one line."""
    field = _field(name) or {}
    return _text(field, value)


def _display(field: dict[str, Any], value: Any) -> Any:
    if field.get("display_snippet") == "markdown.html" or field.get("form_snippet") == "markdown.html":
        return render_markdown(str(value or ""))
    return _text(field, value)


def _text(field: dict[str, Any], value: Any) -> str:
    value = parsed(value)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.get("field_name") == "license_id":
        return licence(str(value))["title"]
    if isinstance(value, dict):
        return _subfields(field, value)
    if field.get("preset") == "satudata_region_codes":
        regions = tk.h.satudata_region_names([str(code) for code in (value if isinstance(value, list) else [value])])
        return ", ".join(
            f"{region['name']} ({region['code']})" if region["name"] else region["code"] for region in regions
        )
    if isinstance(value, list):
        separator = "; " if any(isinstance(item, dict) for item in value) else ", "
        return separator.join(_text(field, item) for item in value)
    if field.get("display_snippet") == "select.html":  # free words that a list only proposes are shown as written
        choices = tk.h.scheming_field_choices(field) or []
        return str(tk.h.scheming_choices_label(choices, value))
    if field.get("display_snippet") == "date.html":
        return moments.long_date(value) or str(value)
    return str(value)


def _subfields(field: dict[str, Any], values: dict[str, Any]) -> str:
    known = {sub["field_name"]: sub for sub in field.get("repeating_subfields") or []}
    if set(values) <= {"mulai", "selesai"}:
        return "–".join(dict.fromkeys(_year_or_date(values[name]) for name in ("mulai", "selesai") if values.get(name)))
    texts = [
        _text(known.get(name, {}), values[name])
        for name in [*known, *(k for k in values if k not in known)]
        if name in values
    ]
    return ", ".join(text for text in texts if text)


def facts(package: dict[str, Any]) -> list[dict[str, str]]:
    """See ``sd_facts``."""
    labels = {
        "Measure": _("Measure"),
        "Unit of measure": _("Unit of measure"),
        "Level": _("Level"),
        "Updated": _("Updated"),
    }
    rows = [{"label": labels[label], "value": field_text(name, package.get(name))} for name, label in FACTS]
    rows.insert(3, {"label": _("Period"), "value": _period(package)})
    return [row for row in rows if row["value"]]


def _period(package: dict[str, Any]) -> str:
    return field_text("cakupan_waktu", package.get("cakupan_waktu"))


def _year_or_date(value: Any) -> str:
    text = str(value)
    if len(text) < 10:  # a year, month or quarter, as it was written
        return text
    # A span from January to December is told in years, as people say it.
    if text[5:10] in ("01-01", "12-31"):
        return text[:4]
    return moments.long_date(text) or text


def contact(package: dict[str, Any]) -> dict[str, str]:
    """See ``sd_contact``."""
    office = parsed(package.get("kontak"))
    if isinstance(office, list):
        office = office[0] if office else None
    if not isinstance(office, dict):
        return {
            "name": str(package.get("maintainer") or package.get("author") or ""),
            "email": str(package.get("maintainer_email") or package.get("author_email") or ""),
            "phone": "",
        }

    def first(*names: str) -> str:
        return next((str(office[name]) for name in names if office.get(name)), "")

    return {
        "name": first("unit", "nama", "name", "kantor"),
        "email": first("email", "surel"),
        "phone": first("telepon", "phone", "telp"),
    }


def licence(licence_id: str | None) -> dict[str, str]:
    """``{"title", "url"}`` of a licence id; the id itself when the portal does not know it."""
    known = LicenseRegister().get(licence_id) if licence_id else None
    if known is None:
        return {"title": licence_id or "", "url": ""}
    return {"title": str(known.title), "url": str(known.url or "")}


def verification(package: dict[str, Any]) -> dict[str, Any]:
    """See ``sd_verification``; from the read-only projection of ``publication``."""
    status = package.get("status_verifikasi") or ""
    return {
        "verified": status == "terverifikasi",
        "adopted": status == "belum_diverifikasi",
        "date": package.get("tanggal_verifikasi"),
        "score": package.get("skor_kualitas"),
    }


def mend_url(package: dict[str, Any], reason: dict[str, Any]) -> str:
    """See ``sd_mend_url``; empty when there is no place to go to."""
    name = package.get("name") or package["id"]
    if reason.get("resource_id"):
        file_url = tk.h.url_for("dataset_resource.read", id=name, resource_id=reason["resource_id"])
        return f"{file_url}/qa" if not reason.get("field") else f"{file_url}/kamus"
    if reason.get("field"):
        return str(tk.h.satudata_field_url(package, reason["field"]))
    return ""


# ------------------------------------------------------- front page, errors


def front() -> dict[str, Any]:
    """``{"datasets": int, "organizations": int, "latest": [package]}`` of what everybody may see."""
    visitor: Any = {"user": "", "auth_user_obj": None}
    asked = {"rows": 5, "sort": "metadata_modified desc", "facet.field": ["organization"], "facet.limit": 500}
    found = tk.get_action("package_search")(visitor, asked)
    organizations = found.get("search_facets", {}).get("organization", {}).get("items", [])
    return {
        "datasets": found["count"],
        "organizations": len(organizations),
        "latest": found["results"],
        "by_organization": sorted(organizations, key=lambda item: (-item["count"], item["display_name"]))[:8],
    }


def error_words(code: Any, content: Any = "") -> dict[str, str]:
    """See ``sd_error_words``. Messages of the framework itself are replaced; ours are shown as they are."""
    number = code[0] if isinstance(code, list) else code
    if number == 400 and "CSRF" in str(content):
        return {
            "title": _("This form was open for too long"),
            "text": _("Nothing was saved. Go back, reload the page and send it again."),
        }
    titles = {
        400: (_("This request cannot be read"), _("Go back and try again.")),
        401: (_("Please log in"), _("This page is for people with an account here.")),
        403: (
            _("This page is not for your account"),
            _("Your account has no right to open it. If you need it for your work, ask the Walidata."),
        ),
        404: (_("There is nothing here"), _("The address is wrong, the page was removed, or it is not public (yet).")),
        409: (_("Somebody was faster"), _("Nothing was saved. Look at the present state and decide again.")),
        413: (_("The file is too large"), _("Nothing was saved. Upload a smaller file, or split it by year.")),
        429: (_("Too many requests"), _("Wait a minute and try again.")),
    }
    broken = (
        _("Something went wrong here"),
        _("It is not your fault, and what you saved before is safe. Try again; if it stays, tell the Walidata."),
    )
    title, text = titles.get(number, broken if not isinstance(number, int) or number >= 500 else titles[400])
    return {"title": title, "text": text}


def excerpt(text: str | None, length: int = 180) -> Any:
    """The beginning of a markdown text without its marks."""
    return literal(markdown_extract(text or "", extract_length=length))
