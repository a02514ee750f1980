"""What the actions of `workflow` accept."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import at_most, number, required, text, validator

STATE_KEYS = ("state", "stage", "round")


def _expected(value: Any) -> dict[str, Any]:
    """``{"state", "stage", "round"}``, also as JSON text; an empty stage is none."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise tk.Invalid(tk._("Say which state you saw: state, stage and round.")) from error
    if not isinstance(value, dict) or set(value) - set(STATE_KEYS) or "state" not in value or "round" not in value:
        raise tk.Invalid(tk._("Say which state you saw: state, stage and round."))
    try:
        seen_round = int(value["round"])
    except (TypeError, ValueError) as error:
        raise tk.Invalid(tk._("The round is a whole number.")) from error
    return {"state": str(value["state"]), "stage": value.get("stage") or None, "round": seen_round}


def subject() -> dict[str, Any]:
    return {"id": required(), "subject_type": [validator("default")("dataset"), *required()]}


def transition() -> dict[str, Any]:
    return {
        **subject(),
        "transition": required(),
        "expected": [validator("not_empty"), _expected],
        "content_hash": required(),
        "note": text(at_most(10_000)),
        "reason": text(at_most(2_000)),
    }


def queue() -> dict[str, Any]:
    return {
        "tab": text(),
        "organization": [validator("ignore_empty"), validator("group_id_or_name_exists")],
        "q": text(at_most(200)),
        "priority": [validator("ignore_empty"), validator("boolean_validator")],
        "sort": [validator("default")("waiting"), validator("one_of")(["waiting", "due"])],
        "limit": number(20, 1, 100),
        "offset": number(0, 0, 10_000_000),
    }


def my_work() -> dict[str, Any]:
    return {"limit": number(50, 1, 200)}
