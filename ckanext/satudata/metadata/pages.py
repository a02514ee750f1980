"""What the pages of the form show and read: fields of a section, proposals, what was typed, what was wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import MultiDict

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.metadata.completeness import Completeness, Problem
from ckanext.satudata.metadata import form, office

FILES = "tabel"
# A list arrives as ticked boxes, and for words with a box of lines.
SEVERAL = ("satudata_words", "satudata_organizations", "satudata_roles")


def sections(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pages of the form in their order, as the schema names them."""
    return list(schema["sections"])


def shown_fields(schema: Mapping[str, Any], section: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields asked on a page: those whose conditions hold, or hang on a question of this page not answered yet."""
    here = [
        field
        for field in schema["dataset_fields"]
        if field.get("section") == section and field.get("form_snippet", "") is not None
    ]
    names = {field["field_name"] for field in here}
    return [dict(field) for field in here if _is_asked(field, names, values)]


def _is_asked(field: Mapping[str, Any], here: set[str], values: Mapping[str, Any]) -> bool:
    conditions = field.get("applies_when") or {}
    return all(
        _flat(values.get(other)) in [_flat(one) for one in allowed] or (other in here and not values.get(other))
        for other, allowed in conditions.items()
    )


def newly_asked(
    fields: list[dict[str, Any]], schema: Mapping[str, Any], section: str, dataset: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Empty fields that appear on a page because of what was just answered; ``fields`` were there before."""
    before = {field["field_name"] for field in fields}
    return [
        field
        for field in shown_fields(schema, section, dataset)
        if field["field_name"] not in before and not dataset.get(field["field_name"])
    ]


def grouped(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbours with one note why they are asked: ``[{"note": text or "", "fields": […]}]``."""
    groups: list[dict[str, Any]] = []
    for field in fields:
        note = tk.h.scheming_language_text(field.get("applies_note")) if field.get("applies_note") else ""
        if groups and groups[-1]["note"] == note:
            groups[-1]["fields"].append(field)
        else:
            groups.append({"note": note, "fields": [field]})
    return groups


def _flat(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def typed(fields: list[dict[str, Any]], sent: MultiDict[str, str]) -> dict[str, Any]:
    """What was sent for these fields; a field that was not sent is left out, so that nothing is emptied by chance."""
    found: dict[str, Any] = {}
    for field in fields:
        name = field["field_name"]
        if field.get("repeating_subfields"):
            if any(key.startswith(f"{name}-") for key in sent):
                found[name] = _rows(field, sent)
        elif name in sent:
            values = sent.getlist(name)
            found[name] = "\n".join(values) if field.get("preset") in SEVERAL else values[-1]
    return found


def _rows(field: Mapping[str, Any], sent: MultiDict[str, str]) -> list[dict[str, str]]:
    name = re.escape(field["field_name"])
    numbers = {int(match.group(1)) for key in sent if (match := re.fullmatch(rf"{name}-(\d{{1,3}})-\w+", key))}
    parts = [part["field_name"] for part in field["repeating_subfields"]]
    rows = [
        {part: sent.get(f"{field['field_name']}-{number}-{part}", "") for part in parts} for number in sorted(numbers)
    ]
    return [row for row in rows if any(value.strip() for value in row.values())]


def proposals(fields: list[dict[str, Any]], dataset: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """``{field: {"value", "text", "why"}}`` for empty fields that can be guessed; nothing is filled in unasked."""
    owner = office.organization(dataset.get("owner_org"))
    extras = office.extras_of(owner) if owner is not None else {}
    found: dict[str, dict[str, Any]] = {}
    for field in fields:
        name, raw = field["field_name"], field.get("proposal")
        if dataset.get(name):
            continue
        if raw:
            label = tk.h.satudata_list_label(field["list"], raw["value"])
            found[name] = {"value": raw["value"], "text": label, "why": tk.h.scheming_language_text(raw["why"])}
        elif name == "produsen_data" and owner is not None:
            title = office.title_of(owner)
            found[name] = {"value": title, "text": title, "why": tk._("the name of the organization")}
        elif name == "kontak" and owner is not None and extras.get("surel"):
            row = {"unit": office.title_of(owner), "surel": extras["surel"], "telepon": extras.get("telepon", "")}
            text = ", ".join(value for value in row.values() if value)
            found[name] = {"value": [row], "text": text, "why": tk._("from the data of the organization")}
    return found


def dressed(
    fields: list[dict[str, Any]], dataset: Mapping[str, Any], state: Completeness | None
) -> list[dict[str, Any]]:
    """The fields with what their templates show beside them: ``_proposal`` and ``_remarks``."""
    offers = proposals(fields, dataset) if dataset.get("id") else {}
    remarks = _remarks(state)
    return [
        {**field, "_proposal": offers.get(field["field_name"]), "_remarks": remarks.get(field["field_name"], [])}
        for field in fields
    ]


def _remarks(state: Completeness | None) -> dict[str, list[str]]:
    """What would be refused at submission although the field is filled; that it is empty, everybody sees."""
    found: dict[str, list[str]] = {}
    problems: tuple[Problem, ...] = (*state.problems, *state.hints) if state is not None else ()
    for problem in problems:
        if problem.reason.code != "missing":
            found.setdefault(problem.field.name, []).append(problem.reason.render(language()))
    return found


def steps(
    schema: Mapping[str, Any], dataset: Mapping[str, Any], state: Completeness | None, here: str
) -> list[dict[str, Any]]:
    """The sections beside the form: ``[{"key", "title", "url" or None, "here", "done", "filled", "required"}]``."""
    counts = {section.key: section for section in state.sections} if state is not None else {}
    found: list[dict[str, Any]] = []
    for section in sections(schema):
        count = counts.get(section["key"])
        filled, required = (count.filled, count.required) if count is not None else (0, 0)
        found.append(
            {
                "key": section["key"],
                "title": tk.h.scheming_language_text(section["title"]),
                "url": form.page_of(dataset, section["key"]) if dataset.get("id") else None,
                "here": section["key"] == here,
                "done": filled == required,
                "filled": filled,
                "required": required,
            }
        )
    return found


def error_lines(error_dict: Mapping[str, Any], fields: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What was refused, for the top of the page: ``[{"text", "anchor": "#field-x" or "", "label"}]``."""
    known = {field["field_name"]: field for field in fields}
    lines: list[dict[str, str]] = []
    for name, said in error_dict.items():
        field = known.get(name)
        label = tk.h.scheming_language_text(field["label"]) if field is not None else ""
        anchor = f"#field-{name}" if field is not None else ""
        lines += [{"text": text, "anchor": anchor, "label": label} for text in flat_words(said)]
    return lines


def flat_words(said: Any) -> list[str]:
    """All sentences in the errors of a field, however deep they lie."""
    if isinstance(said, str):
        return [said]
    if isinstance(said, Mapping):
        return [text for part in said.values() for text in flat_words(part)]
    if isinstance(said, list | tuple):
        return [text for part in said for text in flat_words(part)]
    return []
