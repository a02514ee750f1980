"""The decision bar: the answers of several actions, sorted the way a person reads them.

Steps that lead on stand first, those that send back second; what a button needs (files, reason, note, moment) stands
above it. Templates only print what is found here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from secrets import token_urlsafe
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.workflow.pages import moments

# Where an administrator may open a dataset for editing all the same.
FROZEN = ("in_review", "verified")
# Steps that judge somebody's work and may have been taken on paper first.
DECISIONS = ("pass", "return", "reject", "publish")
# Steps with a page of their own: what is published is not taken away by a button beside others.
ELSEWHERE = ("unpublish", "takedown")
ICONS = {"sign_off": "sign"}


def of(
    case: Mapping[str, Any],
    available: Mapping[str, Any],
    notes: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
    files: Sequence[Mapping[str, Any]],
    holding: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything ``macros/decide.html`` reads.

    ``available``, ``events`` and ``files`` are the answers of ``satudata_available``, ``satudata_history`` and
    ``satudata_evidence_list``; ``notes`` and ``holding`` are the views made by :mod:`threads` and :mod:`holding`.
    """
    options = [_dressed(option, case) for option in available["options"] if option["transition"] not in ELSEWHERE]
    mine = [option for option in options if option["mine"] and not option["override"]]
    free = [option for option in mine if option["open"]]
    forward = [one for one in mine if one["kind"] == "forward" and one["transition"] != "schedule"]
    back = [one for one in mine if one["kind"] != "forward" and (one["open"] or one["transition"] != "unschedule")]
    overrides = [] if free else [one for one in options if one["override"]]
    return {
        "any": bool(mine),
        "open": bool(free),
        "expected": available["expected"],
        "content_hash": available["content_hash"],
        "last_event": events[0]["id"] if events else "",
        "key": token_urlsafe(16),
        "forward": _each_file_once(forward),
        "back": _each_file_once(back),
        "schedule": next((one for one in mine if one["transition"] == "schedule"), None),
        "overrides": overrides,
        "unfreeze": bool(tk.h.sd_me()["sysadmin"]) and case["state"] in FROZEN,
        "main": _main(free, notes, relay=case["stage_kind"] == "relay"),
        "wants_note": any(one["needs_note"] for one in free),
        "reason_codes": _codes(free),
        "override_codes": _codes(overrides),
        "form": next((one["form"] for one in mine if one["form"] and one["open"]), None),
        "files": _by_kind(files),
        "paper": any(one["transition"] in DECISIONS for one in free),
        "today": terms.calendar().local_date(now()).isoformat(),
        "zone": terms.zone_name(moments.moment(now()) or now()),
        "accept": ",".join(ENDINGS),
        "deputy": available["deputy_for"],
        "holding": holding,
        "pending": notes["pending"],
        "carried": notes["unsettled"] if any(one["transition"] in ("return", "reject") for one in free) else [],
    }


# What the file dialog offers first; what is taken is said by the action.
ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".odt")


def _dressed(option: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    """An option with every key the templates ask for."""
    needs = option["needs"]
    return {
        **option,
        "icon": ICONS.get(str(case.get("stage_kind"))) if option["transition"] == "pass" else None,
        "reason_codes": needs["reason_codes"] if needs["reason_code"] else [],
        "evidence": needs["evidence"],
        "form": needs["form"],
    }


def _codes(options: Iterable[Mapping[str, Any]]) -> list[Any]:
    return next((one["reason_codes"] for one in options if one["reason_codes"]), [])


def _main(free: Sequence[Mapping[str, Any]], notes: Mapping[str, Any], *, relay: bool) -> str:
    """The one filled button: what most people need now. With unsent notes, and in a relay, that is to return."""
    order = [one["transition"] for one in free]
    sending = [name for name in order if name == "return"] if notes["pending"] or relay else []
    leading = [one["transition"] for one in free if one["kind"] == "forward" and one["transition"] != "schedule"]
    noted = [one["transition"] for one in free if one["needs_note"]]
    return next(iter([*sending, *leading, *noted, *order]), "")


def _each_file_once(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same document may go with several steps; it is asked for once, above the first of them."""
    asked: set[str] = set()
    for option in options:
        option["evidence"] = [one for one in option["evidence"] if one["kind"] not in asked]
        asked.update(one["kind"] for one in option["evidence"])
    return options


def _by_kind(files: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """My files that no decision has used yet."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for file in files:
        if file.get("pending") and file.get("mine"):
            found.setdefault(str(file["kind"]), []).append(file)
    return found
