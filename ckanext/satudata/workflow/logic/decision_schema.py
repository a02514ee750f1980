"""What the actions that decide accept."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import at_most, number, required, stripped, text, validator
from ckanext.satudata.workflow.deciding import asked
from ckanext.satudata.workflow.logic import schema

LARGEST_BULK = 100


def transition() -> dict[str, Any]:
    return {
        **schema.subject(),
        "transition": required(),
        "expected": [validator("not_empty"), schema.expected],
        "content_hash": required(),
        "note": text(at_most(10_000)),
        "reason": text(at_most(2_000)),
        "reason_code": text(at_most(100)),
        "notes": [validator("ignore_missing"), _ids],
        "evidence": [validator("ignore_missing"), _ids],
        "form": [validator("ignore_missing"), _answers],
        "happened": [validator("ignore_empty"), _day],
        "letter": text(at_most(200)),
        "at": [validator("ignore_empty"), _moment],
        "idempotency_key": text(at_most(200)),
    }


def transition_bulk() -> dict[str, Any]:
    return {
        "transition": required(),
        "items": [validator("not_empty"), _items],
        "note": text(at_most(10_000)),
        "reason_code": text(at_most(100)),
        "subject_type": [validator("default")("dataset"), *required()],
    }


def override_edit() -> dict[str, Any]:
    return {**schema.subject(), "reason": [validator("not_empty"), stripped, validator("not_empty"), at_most(2_000)]}


def migrate() -> dict[str, Any]:
    return {
        "workflow": text(),
        "to": text(),
        "map": [validator("ignore_missing"), _names],
        "datasets": [validator("ignore_missing"), _ids],
        "dry_run": [validator("default")(True), validator("boolean_validator")],
    }


def overdue() -> dict[str, Any]:
    organization = [validator("ignore_empty"), validator("group_id_or_name_exists")]
    return {"organization": organization, "limit": number(50, 1, 1000), "offset": number(0, 0, 10_000_000)}


def _items(value: Any) -> list[dict[str, Any]]:
    """``[{"id", "expected", "content_hash"}]``, also as JSON text; each is judged when its turn comes."""
    found = _json(value)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found) or not found:
        raise tk.Invalid(tk._("Give a list of items, each with id, expected and content_hash."))
    if len(found) > LARGEST_BULK:
        raise tk.Invalid(tk._("At most {number} items at once.").format(number=LARGEST_BULK))
    return found


def _ids(value: Any) -> list[str]:
    """A list of ids, also as JSON text or with commas."""
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    found = _json(value)
    if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
        raise tk.Invalid(tk._("Give a list of ids."))
    return found


def _answers(value: Any) -> dict[str, Any]:
    """``{question: answer}``, also as JSON text."""
    found = _mapping(value)
    if any(isinstance(answer, dict | list) or len(str(answer)) > 10_000 for answer in found.values()):
        raise tk.Invalid(tk._("Each answer is a short text, a number, yes or no."))
    return found


def _mapping(value: Any) -> dict[str, Any]:
    found = _json(value)
    if not isinstance(found, dict):
        raise tk.Invalid(tk._("Give names with their values."))
    return found


def _names(value: Any) -> dict[str, str]:
    """``{old stage: new stage}``."""
    found = _mapping(value)
    if not all(isinstance(name, str) for name in found.values()):
        raise tk.Invalid(tk._("Give names with their values."))
    return found


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise tk.Invalid(tk._("This is no JSON.")) from error


def _day(value: Any) -> Any:
    try:
        return asked.day_of(str(value))
    except ValueError as error:
        raise tk.Invalid(tk._("Write the date as 2026-01-31.")) from error


def _moment(value: Any) -> Any:
    try:
        return asked.moment_of(str(value))
    except ValueError as error:
        raise tk.Invalid(tk._("Write date and time as 2026-01-31 09:00.")) from error
