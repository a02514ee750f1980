"""What the actions of `workflow` accept."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import at_most, number, required, text, validator

STATE_KEYS = ("state", "stage", "round")
# States in which it is somebody's turn.
RUNNING = ("draft", "in_review", "revision", "verified")


def expected(value: Any) -> dict[str, Any]:
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


def queue() -> dict[str, Any]:
    optional = validator("ignore_empty")
    return {
        "tab": text(),
        "organization": [optional, validator("group_id_or_name_exists")],
        "role": text(),
        "q": text(at_most(200)),
        "qa": [optional, validator("one_of")(["passed", "warnings", "errors", "none"])],
        "priority": [optional, validator("boolean_validator")],
        "late": [optional, validator("boolean_validator")],
        "assignee": text(),
        "batch": text(),
        "sort": [validator("default")("due"), validator("one_of")(["due", "waiting"])],
        "limit": number(20, 1, 100),
        "offset": number(0, 0, 1_000_000),
    }


def case_qa() -> dict[str, Any]:
    return {"id": required()}


def my_grants() -> dict[str, Any]:
    return {"details": [validator("default")(True), validator("boolean_validator")]}


def my_work() -> dict[str, Any]:
    optional = validator("ignore_empty")
    return {
        "list": [optional, validator("one_of")(["returned", "drafts", "waiting", "published", "rejected"])],
        "organization": [optional, validator("group_id_or_name_exists")],
        "q": text(at_most(200)),
        "limit": number(50, 1, 200),
        "offset": number(0, 0, 1_000_000),
    }


def workflow_show() -> dict[str, Any]:
    return {"key": text(at_most(100)), "id": text()}


def register() -> dict[str, Any]:
    return {**_period(), "transition": text(), "q": text(at_most(200)), "limit": number(50, 1, 1000), **_offset()}


def times() -> dict[str, Any]:
    by = [validator("default")("stage"), validator("one_of")(["stage", "organization", "month"])]
    return {**_period(), "by": by, "workflow": text()}


def _period() -> dict[str, Any]:
    organization = [validator("ignore_empty"), validator("group_id_or_name_exists")]
    return {"since": text(), "until": text(), "organization": organization}


def _offset() -> dict[str, Any]:
    return {"offset": number(0, 0, 10_000_000)}


def due_list() -> dict[str, Any]:
    return {
        "before": [validator("not_empty"), _moment],
        "after": [validator("ignore_empty"), _moment],
        "after_id": [validator("default")(""), validator("unicode_safe")],
        "steps": [validator("default")(False), validator("boolean_validator")],
        "states": [_default(RUNNING), validator("list_of_strings")],
        "limit": number(5_000, 1, 20_000),
    }


def concerned_list() -> dict[str, Any]:
    return {
        "ids": [validator("not_empty"), validator("list_of_strings"), _few(20_000)],
        "subject_type": [validator("default")("dataset"), *required()],
        "state": [validator("ignore_empty"), validator("one_of")(list(RUNNING))],
        "stage": [validator("ignore_empty"), validator("unicode_safe")],
    }


def _moment(value: Any) -> datetime:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise tk.Invalid(tk._("Write the moment as 2026-01-31T10:30:00+07:00.")) from error
    if found.tzinfo is None:
        raise tk.Invalid(tk._("Write the moment as 2026-01-31T10:30:00+07:00."))
    return found


def _default(values: tuple[str, ...]) -> Any:
    return validator("default")(list(values))


def _few(count: int) -> Any:
    def check(value: list[str]) -> list[str]:
        if len(value) > count:
            raise tk.Invalid(tk._("At most {count} at once.").format(count=count))
        return value

    return check
