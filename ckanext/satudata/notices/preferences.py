"""How a person wants to be told. Notices in the portal always; mails at once, gathered, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Language
from ckanext.satudata.notices.model import PreferenceRow

MAILS = ("each", "daily", "weekly", "none")
LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class Preference:
    """``mail``: ``each``, ``daily``, ``weekly`` or ``none``; ``language``: of mails, ``None`` for the portal's own."""

    mail: str = "each"
    language: str | None = None


def of(user_ids: Iterable[str]) -> dict[str, Preference]:
    """The wishes of these people, the usual ones for who has said nothing."""
    wanted = set(user_ids)
    known = dict.fromkeys(wanted, Preference())
    if wanted:
        query = sa.select(PreferenceRow).where(PreferenceRow.user_id.in_(wanted))
        found = model.Session.execute(query).scalars()
        known.update({row.user_id: Preference(row.mail, row.language) for row in found})
    return known


def mail_language(user_id: str) -> Language:
    """The language of somebody's mails: the one they chose, else the portal's."""
    chosen = of([user_id])[user_id].language or str(tk.config.get("ckan.locale_default") or "id")
    return "en" if chosen.startswith("en") else "id"


def show(user_id: str) -> dict[str, Any]:
    """See :func:`satudata_notice_preferences_show`."""
    wish = of([user_id])[user_id]
    return {"mail": wish.mail, "language": wish.language}


def update(user_id: str, data: dict[str, Any]) -> None:
    """Keep what is given, leave the rest. The caller commits.

    Who chooses a digest begins afresh: what was told before is not told again.
    """
    moment = now()
    given = {name: data[name] or None for name in ("mail", "language") if name in data}
    values = {**given, "changed": moment}
    if "mail" in given and given["mail"] != of([user_id])[user_id].mail:
        values["last_digest"] = moment
    statement = insert(PreferenceRow.__table__).values(user_id=user_id, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
    model.Session.expire_all()
