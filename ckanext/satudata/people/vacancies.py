"""Posts nobody holds, though cases need them: told before anything gets stuck.

A row of ``satudata_vacancy`` is a post that is vacant now, or will be within a week because the last one who holds it
ends; ``since`` is the moment from which nobody can act. It goes when somebody can again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import organizations, roles
from ckanext.satudata.bridge.columns import iso, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.people import telling, vocabulary
from ckanext.satudata.people.model import vacancy
from ckanext.satudata.people.reach import Reach

log = logging.getLogger(__name__)

AHEAD = timedelta(days=7)
WALIDATA = "walidata"
PAGE = "/petugas"
NAMED = 3  # organizations a notice names before it counts the rest


@dataclass(frozen=True)
class Vacancy:
    """A post nobody can act in from ``since`` on. ``positions`` empty: any; ``organization_id`` empty: all."""

    role: str
    positions: tuple[str, ...]
    organization_id: str
    stage: str
    label: str
    waiting: int
    since: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.role, ",".join(self.positions), self.organization_id)


def watch() -> int:
    """Tick: find vacancies, tell new ones once, forget those that are filled; how many there are. Commits."""
    with roles.remembering():
        found = {one.key: one for one in vacant()}
    known = {(row.role, row.position, row.organization_id): row for row in model.Session.execute(sa.select(vacancy))}
    for key in known.keys() - found.keys():
        model.Session.execute(sa.delete(vacancy).where(*_is(key)))
    untold: list[Vacancy] = []
    for key, one in found.items():
        row = known.get(key)
        begun = row.since if row is not None and row.since <= now() and one.since <= now() else one.since
        _write(one, begun)
        # told as soon as it is seen, and once more when what was announced has come
        if row is None or row.told is None or (row.told < begun <= now()):
            untold.append(one)
    _tell(untold)
    model.Session.commit()
    return len(found)


def listed(reach: Reach, organizations_covered: frozenset[str] | None) -> list[dict[str, Any]]:
    """What the tick has found, for somebody who sees everything or these organizations only; in words."""
    query = sa.select(vacancy).order_by(vacancy.c.since, vacancy.c.role, vacancy.c.organization_id)
    rows = [
        row
        for row in model.Session.execute(query)
        if reach.everything
        or organizations_covered is None
        or row.organization_id in organizations_covered
        or reach.sees(row.organization_id or None)
    ]
    titles = organizations.titles({row.organization_id for row in rows if row.organization_id})
    moment = now()
    return [
        {
            "role": row.role,
            "positions": [position for position in row.position.split(",") if position],
            "post": _post(row.role, tuple(filter(None, row.position.split(",")))),
            "organization": {"id": row.organization_id, "title": titles.get(row.organization_id, "")}
            if row.organization_id
            else None,
            "stage_label": (row.stage or "").partition("|")[0 if language() == "id" else 2],
            "since": iso(row.since),
            "vacant": row.since <= moment,
            "producer": row.role == roles.PRODUCER,
        }
        for row in rows
    ]


def vacant() -> list[Vacancy]:
    """Every post that cases need and nobody holds now, or nobody will hold in a week."""
    needed = tk.get_action("satudata_staffing_list")({"ignore_auth": True}, {})
    moment = now()
    held = {moment: roles.grants_at(moment), moment + AHEAD: roles.grants_at(moment + AHEAD)}
    found: dict[tuple[str, str, str], Vacancy] = {}
    for post in needed:
        when = next((at for at, grants in held.items() if not _staffed(post, grants)), None)
        if when is None:
            continue
        since = moment if when == moment else _last_end(post, held[moment])
        one = _vacancy(post, since)
        earlier = found.get(one.key)
        if earlier is None or since < earlier.since:
            found[one.key] = one
    return list(found.values())


def _staffed(post: dict[str, Any], grants: Sequence[roles.Grant]) -> bool:
    return any(
        roles.among(
            grants,
            holder["role"],
            (holder["position"],) if holder["position"] else (),
            post["scope"],
            post["organization_id"],
        )
        for holder in post["holders"]
    )


def _vacancy(post: dict[str, Any], since: datetime) -> Vacancy:
    role = post["holders"][0]["role"]
    positions = tuple(one["position"] for one in post["holders"] if one["role"] == role and one["position"])
    place = "" if post["scope"] == "all" else post["organization_id"] or ""
    label = f"{post['label']['id']}|{post['label']['en']}"
    return Vacancy(role, positions, place, post["stage"], label, post["waiting"], since)


def _last_end(post: dict[str, Any], grants: Sequence[roles.Grant]) -> datetime:
    """The moment at which the last of those who hold the post now ends."""
    ids = [grant.id for grant in grants if _staffed(post, [grant])]
    query = sa.select(sa.func.max(roles.GRANT.c.valid_until)).where(roles.GRANT.c.id.in_(ids))
    return model.Session.execute(query).scalar() or now() + AHEAD


def _write(one: Vacancy, since: datetime) -> None:
    values = {"stage": one.label, "since": since}
    statement = insert(vacancy).values(
        role=one.role, position=",".join(one.positions), organization_id=one.organization_id, **values
    )
    index = ["role", "position", "organization_id"]
    model.Session.execute(statement.on_conflict_do_update(index_elements=index, set_=values))


def _tell(untold: Iterable[Vacancy]) -> None:
    """One notice for a post, whatever the number of organizations that lack it; sysadmins hear of all."""
    together: dict[tuple[str, tuple[str, ...], bool], list[Vacancy]] = {}
    for one in untold:
        together.setdefault((one.role, one.positions, one.since <= now()), []).append(one)
    for (role, positions, already), found in together.items():
        for people, places in _audiences(found):
            parameters = {
                "post": _post(role, positions),
                "organization": _places(places),
                "until": None if already else iso(min(one.since for one in places)),
            }
            telling.tell(people, "vacancy" if already else "vacancy_soon", parameters, PAGE)
        for one in found:
            model.Session.execute(sa.update(vacancy).where(*_is(one.key)).values(told=now()))


def _audiences(found: Sequence[Vacancy]) -> list[tuple[frozenset[str], list[Vacancy]]]:
    """Who is told of which: sysadmins and walidatas of all of everything, a walidata of one office of that one."""
    query = sa.select(model.User.id).where(model.User.sysadmin.is_(True), model.User.state == "active")
    everything = {*model.Session.execute(query).scalars()}
    holders = [grant for grant in roles.grants_at(now()) if grant.role == WALIDATA]
    near: dict[str | None, set[str]] = {}
    everything |= {grant.user_id for grant in holders if grant.organization_id is None}
    audiences: dict[frozenset[str], list[Vacancy]] = {frozenset(everything): list(found)}
    for grant in holders:
        near.setdefault(grant.organization_id, set()).add(grant.user_id)
    for one in found:
        people = frozenset(near.get(one.organization_id, set()) - everything)
        if people:
            audiences.setdefault(people, []).append(one)
    return [(people, places) for people, places in audiences.items() if people]


def _places(found: Sequence[Vacancy]) -> dict[str, str]:
    ids = [one.organization_id for one in found]
    if "" in ids:
        return {"id": "seluruh portal", "en": "the whole portal"}
    titles = organizations.titles(set(ids))
    names = sorted(titles.get(one, one) for one in ids)
    rest = len(names) - NAMED
    listing = ", ".join(names[:NAMED])
    if rest <= 0:
        return {"id": listing, "en": listing}
    return {"id": f"{listing} dan {rest} organisasi lain", "en": f"{listing} and {rest} other organizations"}


def _post(role: str, positions: Sequence[str]) -> str:
    """A post in words; of several positions any is enough."""
    label = vocabulary.labels("roles").get(role, role)
    words = vocabulary.labels("positions")
    listing = " / ".join(words.get(position, position) for position in positions)
    return f"{label} ({listing})" if listing else label


def _is(key: tuple[str, str, str]) -> tuple[Any, ...]:
    role, position, organization_id = key
    return (
        vacancy.c.role == role,
        vacancy.c.position == position,
        vacancy.c.organization_id == organization_id,
    )
