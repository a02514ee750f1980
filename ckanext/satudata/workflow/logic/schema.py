"""What the actions of `workflow` accept."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

STATE_KEYS = ("state", "stage", "round")


# Some validators make validators; CKAN types them all alike.
_validator: Any = tk.get_validator


def _text(*more: Any) -> list[Any]:
    return [_validator("ignore_missing"), _validator("unicode_safe"), _stripped, *more]


def _required() -> list[Any]:
    return [_validator("not_empty"), _validator("unicode_safe"), _stripped]


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
    return [_validator("default")(default), _validator("int_validator"), _between(low, high)]


def subject() -> dict[str, Any]:
    return {"id": _required(), "subject_type": [_validator("default")("dataset"), *_required()]}


def transition() -> dict[str, Any]:
    return {
        **subject(),
        "transition": _required(),
        "expected": [_validator("not_empty"), _expected],
        "content_hash": _required(),
        "note": _text(_at_most(10_000)),
        "reason": _text(_at_most(2_000)),
    }


def queue() -> dict[str, Any]:
    return {
        "tab": _text(),
        "organization": [_validator("ignore_empty"), _validator("group_id_or_name_exists")],
        "q": _text(_at_most(200)),
        "priority": [_validator("ignore_empty"), _validator("boolean_validator")],
        "sort": [_validator("default")("waiting"), _validator("one_of")(["waiting", "due"])],
        "limit": _number(20, 1, 100),
        "offset": _number(0, 0, 10_000_000),
    }


def my_work() -> dict[str, Any]:
    return {"limit": _number(50, 1, 200)}


def grant_create() -> dict[str, Any]:
    return {
        "user": [*_required(), _validator("user_id_or_name_exists")],
        "role": _required(),
        "position": _text(),
        "organization": [_validator("ignore_empty"), _validator("group_id_or_name_exists")],
        "valid_from": _text(),
        "valid_until": _text(),
        "letter": _text(_at_most(200)),
    }


def grant_list() -> dict[str, Any]:
    return {
        "user": [_validator("ignore_empty"), _validator("user_id_or_name_exists")],
        "role": _text(),
        "organization": [_validator("ignore_empty"), _validator("group_id_or_name_exists")],
        "ended": [_validator("default")(False), _validator("boolean_validator")],
    }


def grant_end() -> dict[str, Any]:
    return {"id": _required()}
