"""Where a linked file stands: not asked for, on its way, fetched, or not to be had, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication.links import asking, settings, words
from ckanext.satudata.publication.links.model import link

FILE = "file"
NONE = "none"
Words = tuple[Text, Text]


def resource_of(resource_id: str) -> dict[str, Any]:
    """The row of an active file or link; ``ObjectNotFound`` otherwise."""
    table = model.resource_table
    query = sa.select(table).where(table.c["id"] == resource_id, table.c["state"] == "active")
    row = model.Session.execute(query).mappings().first()
    if row is None:
        raise tk.ObjectNotFound(tk._("Resource not found"))
    return {**row, "extras": {**(row["extras"] or {})}}


def of_dataset(dataset_id: str, language: str) -> list[dict[str, Any]]:
    """See :func:`satudata_link_list`."""
    resources = asking.resources_of(dataset_id)
    query = sa.select(link).where(link.c.resource_id.in_([one["id"] for one in resources]))
    known = {row.resource_id: row for row in model.Session.execute(query)}
    earlier = asking.earlier_links(dataset_id)
    linked = [one for one in resources if asking.is_link(one)]
    return [_dict(one, known.get(one["id"]), language, stays=one["id"] in earlier) for one in linked]


def of_row(resource: Mapping[str, Any], known: Any, language: str) -> dict[str, Any]:
    """See :func:`satudata_link_show`."""
    return _dict(resource, known, language, stays=resource["id"] in asking.earlier_links(resource["package_id"]))


def _dict(resource: Mapping[str, Any], known: Any, language: str, *, stays: bool) -> dict[str, Any]:
    state = _state(resource, known)
    code = known.code if state == "failed" and known is not None else None
    said = words.finding(code, known.detail) if code is not None and known is not None else None
    marked = bool(resource["extras"].get(asking.MARK))
    may_stay = settings.may_stay() and code is not None
    why = _why(state, said, is_kept=stays or (may_stay and marked))
    is_link = asking.is_link(resource)
    return {
        "resource_id": resource["id"],
        "package_id": resource["package_id"],
        "name": str(resource["name"] or resource["url"] or ""),
        "state": state,
        "url": resource["url"] if is_link else resource["extras"].get(asking.ORIGIN),
        "finding": _finding(code, said, language),
        "finished": iso(known.finished) if known is not None and state in ("fetched", "failed") else None,
        "may_stay": may_stay and is_link,
        "unguaranteed": marked and is_link,
        "passes": why is None,
        "why": {"id": why[0].id + " " + why[1].id, "en": why[0].en + " " + why[1].en} if why is not None else None,
        "watch": _watch(known, language) if is_link else None,
    }


def _state(resource: Mapping[str, Any], known: Any) -> str:
    if not asking.is_link(resource):
        return "fetched" if resource["extras"].get(asking.ORIGIN) and not _is_open(known) else _open(known) or FILE
    if known is None or known.url != resource["url"]:
        return NONE
    return NONE if known.state == "failed" and known.code is None else known.state


def _is_open(known: Any) -> bool:
    return known is not None and known.state in asking.OPEN


def _open(known: Any) -> str | None:
    return known.state if _is_open(known) else None


def _why(state: str, said: Words | None, *, is_kept: bool) -> Words | None:
    """Why it does not pass a submission: what is so, what to do."""
    if is_kept or state in ("fetched", FILE):
        return None
    if said is None:
        return (words.NOT_ASKED, words.ASK) if state == NONE else (words.WAITING, words.WAIT)
    problem, mend = said
    if settings.may_stay():
        return problem, Text(f"{mend.id} {words.MAY_STAY.id}", f"{mend.en} {words.MAY_STAY.en}")
    return problem, mend


def _finding(code: str | None, said: Words | None, language: str) -> dict[str, str] | None:
    if code is None or said is None:
        return None
    return {"code": code, "problem": said[0].render(language), "mend": said[1].render(language)}


def _watch(known: Any, language: str) -> dict[str, Any] | None:
    if known is None or known.look_state is None:
        return None
    why = words.finding(known.look_code, None)[0].render(language) if known.look_state == "dead" else None
    return {"state": known.look_state, "since": iso(known.look_since), "why": why}
