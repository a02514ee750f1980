"""What templates ask: dates and numbers in words, who the reader is, what a state looks like.

Every name starts with ``sd_``, because CKAN has one room for the helpers of all extensions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge.language import language
from ckanext.satudata.workflow.deciding.sent import Target
from ckanext.satudata.workflow.pages import moments, presentation, tables
from ckanext.satudata.workflow.procedures import selection
from ckanext.satudata.workflow.remarks import threads

# Icon and colour of each state; the word comes from the workflow. Colour never says more than the word.
STATES: dict[str, tuple[str, str]] = {
    "draft": ("pencil", ""),
    "in_review": ("search", "go"),
    "revision": ("return", "warn"),
    "verified": ("checkc", "ok"),
    "published": ("globe", ""),
    "rejected": ("xc", "err"),
    "archived": ("archive", ""),
}

NOBODY: dict[str, Any] = {
    "sysadmin": False,
    "reviewer": False,
    "producer": False,
    "waiting": 0,
    "returned": 0,
    "unread": 0,
}


def sd_short_date(value: Any) -> str:
    """ "Jum 16 Okt", with the year when it is not this one."""
    return moments.short_date(value)


def sd_long_date(value: Any) -> str:
    """ "16 Oktober 2026"."""
    return moments.long_date(value)


def sd_clock(value: Any) -> str:
    """ "10.42 WIB"."""
    return moments.clock(value)


def sd_today() -> dict[str, str]:
    """The date and the time now, in words."""
    now = datetime.now(UTC)
    return {"date": moments.weekday_date(now), "clock": moments.clock(now)}


def sd_number(value: Any) -> str:
    """16.009 in Indonesian, 16,009 in English."""
    return moments.number(value)


def sd_size(octets: Any) -> str:
    """The size of a file: "3 kB"."""
    return moments.size(octets)


def sd_language() -> str:
    """``id`` or ``en``."""
    return language()


def sd_state(state: str | None) -> dict[str, str]:
    """``{"icon", "kind"}`` of a state; ``kind`` is the ending of a ``sd-chip--`` class or empty."""
    icon, kind = STATES.get(state or "", ("ring", ""))
    return {"icon": icon, "kind": kind}


def sd_answer(action: str, **data: Any) -> Any:
    """The answer of a read-only action for the reader of this page, or ``None`` when it may not or cannot be given."""
    return presentation.answer(action, data)


def sd_me() -> dict[str, Any]:
    """Who reads this page: ``{"sysadmin", "reviewer", "producer": bool, "waiting", "returned", "unread": int}``.

    Asked once for each request.
    """
    if not tk.current_user.is_authenticated:
        return NOBODY
    known = getattr(tk.g, "satudata_me", None)
    if known is None:
        known = tk.g.satudata_me = presentation.reader()
    return known


def sd_has_groups() -> bool:
    """Whether the portal uses CKAN's groups at all; without any, the menu does not name them."""
    groups = model.Session.query(model.Group.id).filter_by(is_organization=False, state="active")
    return groups.limit(1).first() is not None


def sd_sections(package: dict[str, Any], *, empty: bool = False) -> list[dict[str, Any]]:
    """The metadata of a dataset for reading, section by section; see :func:`presentation.sections`."""
    return presentation.sections(package, empty=empty)


def sd_field_label(name: str) -> str:
    """The label of a metadata field in the reader's language."""
    return presentation.field_label(name)


def sd_field_text(name: str, value: Any) -> str:
    """A stored value of a metadata field in words, on one line."""
    return presentation.field_text(name, value)


def sd_facts(package: dict[str, Any]) -> list[dict[str, str]]:
    """The five facts under the title: measure, unit, area, time, update; those that are filled."""
    return presentation.facts(package)


def sd_contact(package: dict[str, Any]) -> dict[str, str]:
    """The office to ask: ``{"name", "email", "phone"}``, each may be empty."""
    return presentation.contact(package)


def sd_dictionary(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """The data dictionary of a file as rows, whatever form it is stored in."""
    return tables.dictionary(resource)


def sd_table(resource: dict[str, Any], limit: int = 5, offset: int = 0, q: str = "") -> dict[str, Any] | None:
    """A window of a file's table, or ``None`` when there is nothing to show to this reader.

    ``{"columns": [{"name", "label", "number": bool, "unit"}], "rows": [{"number": row of the file or ``None``,
    "cells": [{"text", "severity": of the finding at this cell or ``None``}]}], "total": int}``
    """
    return tables.table(resource, limit=limit, offset=offset, q=q)


def sd_column_words(column: dict[str, Any]) -> str:
    """Type, unit, list and duties of a column of the data dictionary in one line."""
    return tables.column_words(column)


def sd_mend_url(package: dict[str, Any], reason: dict[str, Any]) -> str:
    """Where a reason is mended: the field in the form, the report of the file, or the files of the dataset."""
    return presentation.mend_url(package, reason)


def sd_verification(package: dict[str, Any]) -> dict[str, Any]:
    """The public mark: ``{"verified": bool, "adopted": bool, "date", "score"}``."""
    return presentation.verification(package)


def sd_front() -> dict[str, Any]:
    """The numbers and the latest datasets of the front page, as an anonymous visitor sees them."""
    return presentation.front()


def sd_error_words(code: Any, content: Any = "") -> dict[str, str]:
    """``{"title", "text"}`` for an error page."""
    return presentation.error_words(code, content)


def sd_target(kind: str, name: str, resource_id: str, label: str) -> dict[str, str]:
    """A place notes stand at: ``{"key", "anchor", "label"}``; ``kind``: field, column, check, resource, dataset."""
    target = Target(kind, resource_id or "", name or "")
    return {"key": target.key, "anchor": threads.anchor(target), "label": label}


def sd_has_notes(notes: dict[str, Any], kind: str, resource_id: str) -> bool:
    """Whether an unsettled, an unsent or a refused note stands at something of this kind in a file."""
    start = Target(kind, resource_id, "").key
    stand = [note["key"] for note in notes["all"] if note["unsettled"] or note["state"] == "pending"]
    return any(key.startswith(start) for key in [*stand, *notes["typed"], *notes["errors"]])


def sd_findings(resource: dict[str, Any]) -> dict[str, Any]:
    """The findings of a file that a reviewer has to know, the heaviest first: ``{"findings", "more": int}``.

    Each has besides what ``satudata_qa_show`` tells: ``icon``, ``look`` (ending of a class), ``first_of_check`` (a note
    stands at a check, not at each of its findings).
    """
    return presentation.findings(resource)


def sd_asks_for(fact: str) -> bool:
    """Whether the rules that choose a workflow look at this fact of a dataset."""
    return selection.asks_for(fact)
