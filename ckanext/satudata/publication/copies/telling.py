"""A working copy in words, for those who may know of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason
from ckanext.satudata.publication import guard
from ckanext.satudata.publication.copies import finding, words
from ckanext.satudata.publication.copies.finding import Copy


def refusal(*reasons: Reason) -> tk.ValidationError:
    """The error of a refused step: key ``reasons``, each with code and sentence."""
    spoken = language()
    errors: dict[str, Any] = {"reasons": [found.to_dict(spoken) for found in reasons]}
    summary = {"reasons": " ".join(found.render(spoken) for found in reasons)}
    return tk.ValidationError(errors, error_summary=summary)


def is_open(found: Copy) -> Reason:
    """Why no second copy is opened: who has one, and where."""
    return words.is_open(found.copy_name, person(found.opened_by) or "–", _day(found.opened))


def person(user_id: str | None) -> str | None:
    """The display name of a user."""
    user = model.User.get(user_id) if user_id else None
    return str(user.display_name) if user is not None else None


def copy_dict(found: Copy) -> dict[str, Any]:
    """See :func:`satudata_copy_show`."""
    live = model.Package.get(found.dataset_id)
    return {
        "id": found.copy_id,
        "name": found.copy_name,
        "dataset_id": found.dataset_id,
        "dataset_name": live.name if live is not None else None,
        "dataset_title": (live.title or live.name) if live is not None else None,
        "state": found.state,
        "kind": found.kind,
        "note": found.note,
        "opened": iso(found.opened),
        "opened_by": person(found.opened_by),
        "closed": iso(found.closed),
        "closed_by": person(found.closed_by),
        "closed_note": found.closed_note,
    }


def dataset_id(reference: str) -> str:
    """The id of the dataset meant by an id or name; that of a closed copy's dataset; the id itself of an open copy."""
    found = finding.by_reference(reference)
    if found is not None:
        return found.copy_id if found.state == finding.OPEN else found.dataset_id
    standing = guard.standing(reference)
    if standing is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return standing.id


def standing_dict(reference: str) -> dict[str, Any]:
    """See :func:`satudata_copy_show`."""
    meant = dataset_id(reference)
    found = finding.concerned(meant)
    is_copy = finding.by_reference(reference) is not None
    standing = guard.standing(meant)
    why = opening_refused(standing) if standing is not None and not is_copy else words.OF_A_COPY
    return {
        "dataset_id": found.dataset_id if found is not None else meant,
        "is_copy": is_copy,
        "open": copy_dict(found) if found is not None else None,
        "can_open": why is None,
        "why_not": why.render(language()) if why is not None else None,
    }


def opening_refused(found: guard.Standing) -> Reason | None:
    """Why no copy may be opened of this dataset now."""
    if not found.guarded:
        return words.NOT_GUARDED
    if finding.by_reference(found.id) is not None:
        return words.OF_A_COPY
    if found.case_state != "published":
        return words.NOT_PUBLISHED
    there = finding.open_of(found.id)
    return is_open(there) if there is not None else None


def _day(moment: datetime) -> str:
    zone = ZoneInfo(str(tk.config.get("ckanext.satudata.timezone") or "Asia/Jakarta"))
    return moment.astimezone(zone).date().isoformat()
