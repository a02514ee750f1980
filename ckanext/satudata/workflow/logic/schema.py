"""What the actions of `workflow` accept."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

STATE_KEYS = ("state", "stage", "round")


def _text(*more: Any) -> list[Any]:
    return [tk.get_validator("ignore_missing"), tk.get_validator("unicode_safe"), _stripped, *more]


def _required() -> list[Any]:
    return [tk.get_validator("not_empty"), tk.get_validator("unicode_safe"), _stripped]


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _at_most(length: int) -> Any:
    def check(value: Any) -> Any:
        if isinstance(value, str) and len(value) > length:
            raise tk.Invalid(tk._("At most {length} characters.").format(length=length))
        return value

    return check


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


def _between(low: int, high: int) -> Any:
    def check(value: Any) -> int:
        return max(low, min(high, value))

    return check


def _number(default: int, low: int, high: int) -> list[Any]:
    return [tk.get_validator("default")(default), tk.get_validator("int_validator"), _between(low, high)]


def subject() -> dict[str, Any]:
    return {"id": _required(), "subject_type": [tk.get_validator("default")("dataset"), *_required()]}


def transition() -> dict[str, Any]:
    return {
        **subject(),
        "transition": _required(),
        "expected": [tk.get_validator("not_empty"), _expected],
        "content_hash": _required(),
        "note": _text(_at_most(10_000)),
        "reason": _text(_at_most(2_000)),
    }


def queue() -> dict[str, Any]:
    return {
        "tab": [tk.get_validator("default")("mine"), tk.get_validator("unicode_safe")],
        "organization": [tk.get_validator("ignore_empty"), tk.get_validator("group_id_or_name_exists")],
        "q": _text(_at_most(200)),
        "priority": [tk.get_validator("ignore_empty"), tk.get_validator("boolean_validator")],
        "sort": [tk.get_validator("default")("waiting"), tk.get_validator("one_of")(["waiting", "due"])],
        "limit": _number(20, 1, 100),
        "offset": _number(0, 0, 10_000_000),
    }


def my_work() -> dict[str, Any]:
    return {"limit": _number(50, 1, 200)}


def grant_create() -> dict[str, Any]:
    return {
        "user": [*_required(), tk.get_validator("user_id_or_name_exists")],
        "role": _required(),
        "position": _text(),
        "organization": [tk.get_validator("ignore_empty"), tk.get_validator("group_id_or_name_exists")],
        "valid_from": _text(),
        "valid_until": _text(),
        "letter": _text(_at_most(200)),
    }


def grant_list() -> dict[str, Any]:
    return {
        "user": [tk.get_validator("ignore_empty"), tk.get_validator("user_id_or_name_exists")],
        "role": _text(),
        "organization": [tk.get_validator("ignore_empty"), tk.get_validator("group_id_or_name_exists")],
        "ended": [tk.get_validator("default")(False), tk.get_validator("boolean_validator")],
    }


def grant_end() -> dict[str, Any]:
    return {"id": _required()}
