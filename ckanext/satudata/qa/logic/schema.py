"""What the actions of `qa` accept."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk

ROWS_AT_MOST = 500
ROW_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


def _validator(name: str) -> Any:
    return tk.get_validator(name)


def _required() -> list[Any]:
    return [_validator("not_empty"), _validator("unicode_safe")]


def _language() -> list[Any]:
    return [_validator("ignore_empty"), _validator("one_of")(["id", "en"])]


def _number(default: int, highest: int | None = None) -> list[Any]:
    def bounded(value: Any) -> Any:
        # what is no number was refused before; CKAN asks the validators behind it all the same
        return min(value, highest) if highest is not None and isinstance(value, int) else value

    return [_validator("default")(default), _validator("natural_number_validator"), bounded]


def _row_numbers(value: Any) -> list[int]:
    """A list of row numbers, or a text such as ``19,20,64-66``."""
    parts = value if isinstance(value, list) else str(value).split(",")
    found: set[int] = set()
    for part in parts:
        matched = ROW_RANGE.fullmatch(str(part).strip())
        if matched is None:
            raise tk.Invalid(tk._("Row numbers look like this: 19,20,64-66."))
        first, last = int(matched[1]), int(matched[2] or matched[1])
        found.update(range(first, min(last, first + ROWS_AT_MOST) + 1))
    return sorted(found)[:ROWS_AT_MOST]


def show() -> dict[str, Any]:
    """Of ``satudata_qa_show``."""
    return {"resource_id": _required(), "language": _language()}


def run() -> dict[str, Any]:
    """Of ``satudata_qa_run``."""
    boolean = [_validator("default")(False), _validator("boolean_validator")]
    return {"resource_id": _required(), "wait": boolean}


def summary() -> dict[str, Any]:
    """Of ``satudata_qa_summary``."""
    return {"id": _required()}


def table() -> dict[str, Any]:
    """Of ``satudata_table_show``."""
    return {
        "resource_id": _required(),
        "offset": _number(0),
        "limit": _number(50, ROWS_AT_MOST),
        "rows": [_validator("ignore_empty"), _row_numbers],
        "margin": _number(0, 20),
        "language": _language(),
    }


def files() -> dict[str, Any]:
    """``satudata_qa_files``."""
    return {"resource_id": _required(), "sha256": [_validator("ignore_empty"), _validator("unicode_safe")]}


def carry() -> dict[str, Any]:
    """``satudata_qa_carry``."""
    return {"resource_id": _required(), "to": _required(), "package_id": _required()}


TEXT_AT_LEAST = 10
TEXT_AT_MOST = 2000


def _said(value: Any) -> str:
    text = str(value).strip()
    if len(text) < TEXT_AT_LEAST:
        raise tk.Invalid(tk._("Say it in at least one short sentence."))
    if len(text) > TEXT_AT_MOST:
        raise tk.Invalid(tk._("At most {length} characters.").format(length=TEXT_AT_MOST))
    return text


def reply() -> dict[str, Any]:
    """Of ``satudata_qa_explain`` and ``satudata_qa_waive``."""
    return {"resource_id": _required(), "finding": _required(), "text": [*_required(), _said]}


def withdraw() -> dict[str, Any]:
    """Of ``satudata_qa_withdraw``."""
    text = [_validator("default")(""), _validator("unicode_safe")]
    return {"resource_id": _required(), "reply": _required(), "text": text}
