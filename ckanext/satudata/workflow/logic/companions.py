"""What the actions around a decision accept: notes, evidence, receipts, batches, claims."""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import at_most, number, stripped, text, validator
from ckanext.satudata.workflow.logic.schema import subject
from ckanext.satudata.workflow.remarks.note_work import VERDICTS
from ckanext.satudata.workflow.remarks.targets import TYPES

NOTE_TARGETS = list(TYPES)
MANY = 1_000


def listed(value: Any) -> list[str]:
    """Words: a list, the same as JSON text, or separated by commas or blanks."""
    if isinstance(value, str):
        try:
            found = json.loads(value) if value.lstrip().startswith("[") else re.split(r"[\s,]+", value.strip())
        except ValueError as error:
            raise tk.Invalid(tk._("This is no list.")) from error
    else:
        found = value
    if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
        raise tk.Invalid(tk._("This is no list."))
    if len(found) > MANY:
        raise tk.Invalid(tk._("At most {count} at once.").format(count=MANY))
    return list(dict.fromkeys(one.strip() for one in found if one.strip()))


def yes_or_no(value: Any) -> bool | None:
    """A choice of a filter; empty is no choice."""
    if value is None or value == "":
        return None
    try:
        return tk.asbool(value)
    except ValueError as error:
        raise tk.Invalid(tk._("This is neither yes nor no.")) from error


def filled() -> list[Any]:
    """Something besides blanks."""
    return [stripped, validator("not_empty"), validator("unicode_safe")]


def note_create() -> dict[str, Any]:
    return {
        **subject(),
        "target_type": [validator("default")("dataset"), validator("one_of")(NOTE_TARGETS)],
        "target": text(at_most(200)),
        "resource_id": text(),
        "text": [*filled(), at_most(5_000)],
    }


def note() -> dict[str, Any]:
    return {**subject(), "note_id": filled()}


def note_update() -> dict[str, Any]:
    return {**note(), "text": [*filled(), at_most(5_000)]}


def note_explain() -> dict[str, Any]:
    return {**note(), "text": [validator("default")(""), validator("unicode_safe"), stripped, at_most(5_000)]}


def note_judge() -> dict[str, Any]:
    return {**note(), "verdict": [*filled(), validator("one_of")(list(VERDICTS))]}


def note_list() -> dict[str, Any]:
    return {
        **subject(),
        "round": [validator("ignore_empty"), validator("natural_number_validator")],
        "state": [validator("ignore_empty"), listed],
        "target_type": [validator("ignore_empty"), validator("one_of")(NOTE_TARGETS)],
        "target": text(),
        "resource_id": text(),
    }


def evidence_create() -> dict[str, Any]:
    return {**subject(), "kind": [*filled(), at_most(100)], "upload": [validator("not_missing")]}


def evidence() -> dict[str, Any]:
    return {**subject(), "evidence_id": filled()}


def evidence_sign() -> dict[str, Any]:
    return {**evidence(), "signer": filled(), "secret": text(at_most(1_000))}


def event() -> dict[str, Any]:
    return {"event_id": filled()}


def assign() -> dict[str, Any]:
    return {**subject(), "user": filled(), "note": text(at_most(2_000))}


def release() -> dict[str, Any]:
    return {**subject(), "note": text(at_most(2_000))}


def claims_free() -> dict[str, Any]:
    return {"user": filled()}


def batch_create() -> dict[str, Any]:
    return {"title": [*filled(), at_most(200)], "datasets": [validator("ignore_empty"), listed]}


def batch_change() -> dict[str, Any]:
    return {
        **batch(),
        "title": text(at_most(200)),
        "add": [validator("ignore_empty"), listed],
        "remove": [validator("ignore_empty"), listed],
    }


def batch() -> dict[str, Any]:
    return {"id": filled()}


def batch_list() -> dict[str, Any]:
    return {
        "closed": [validator("ignore_missing"), yes_or_no],
        "q": text(at_most(200)),
        "limit": number(50, 1, 200),
        "offset": number(0, 0, 10_000_000),
    }
