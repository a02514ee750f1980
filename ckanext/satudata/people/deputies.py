"""Deputies: Plt while a post is vacant, Plh while its holder is absent (UU 30/2014, Pasal 14 ayat 2).

A deputy holds grants like those of the person replaced, which name that person: decisions count as those of the post,
and the history shows who took them. One appointment is one letter for one period; it may stand for several posts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.columns import iso, new_id, now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.people import days, grants, listing, telling, vocabulary
from ckanext.satudata.people.model import GrantRow
from ckanext.satudata.people.reach import Reach

NOT_ABSENT = Text(
    "Plh mewakili orang yang berhalangan sementara, padahal {name} tidak memegang jabatan ini sepanjang masa itu. "
    "Untuk jabatan yang kosong pilih Plt.",
    "A Plh stands in for somebody who is absent, but {name} does not hold this post for the whole period. For a vacant "
    "post choose Plt.",
)
NOT_VACANT = Text(
    "Plt hanya untuk jabatan yang kosong, padahal {name} masih memegangnya. Akhiri dahulu peran itu, atau pilih Plh "
    "bila orangnya hanya berhalangan sementara.",
    "A Plt is for a vacant post, but {name} still holds it. End that role first, or choose Plh if the person is only "
    "absent.",
)
LEAVING = timedelta(days=31)  # the posts of somebody who leaves end on the same day, or nearly

Post = tuple[str, str | None, str | None]  # role, position, organization


def create(data: dict[str, Any], giver_id: str | None) -> list[GrantRow]:
    """The grants of a new deputy, not committed; ``ValidationError`` when it makes no sense."""
    user_id = grants.active_user(data["user"])
    principal_id = _principal(data["deputy_of"])
    if user_id == principal_id:
        raise tk.ValidationError({"user": [tk._("Nobody is their own deputy.")]})
    start = days.moment("valid_from", data.get("valid_from"), last=False) or now()
    end = days.moment("valid_until", data["valid_until"], last=True)
    grants.check_period(start, end)
    if end is not None and end <= now():
        raise tk.ValidationError({"valid_until": [tk._("This day is over.")]})
    for person in sorted((user_id, principal_id)):
        grants.hold(person)
    held = _posts(principal_id, data, start, end)
    _check_free(principal_id, held, start, end)
    posts = [post for post in held if not _has(user_id, post, start, end)]
    if not posts:
        raise tk.ValidationError({"user": [tk._("This person holds this post already.")]})
    created = now()
    made = [
        grants.add(
            GrantRow(
                id=new_id(),
                user_id=user_id,
                role=role,
                position=position,
                organization_id=organization_id,
                valid_from=start,
                valid_until=end,
                letter=data["letter"],
                created=created,
                created_by=giver_id,
                deputy_of=principal_id,
                deputy_kind=data["kind"],
            )
        )
        for role, position, organization_id in posts
    ]
    telling.about("deputy_given", made)
    return made


def posts_of(data: dict[str, Any]) -> list[Post]:
    """The posts an appointment would be for, as far as they can be told; for the question who may appoint."""
    principal = model.User.get(data["deputy_of"])
    start = days.moment("valid_from", data.get("valid_from"), last=False) or now()
    end = days.moment("valid_until", data.get("valid_until"), last=True)
    return _posts(principal.id, data, start, end) if principal is not None else []


def end(deputy_id: str, ender_id: str | None) -> list[GrantRow]:
    """End an appointment now, all its posts; not committed."""
    found = appointment(deputy_id)
    running = [grant for grant in found if grant.ended is None]
    if not running:
        raise tk.ValidationError({"id": [tk._("This appointment has ended already.")]})
    grants.finish(running, ender_id)
    return found


def appointment(deputy_id: str) -> list[GrantRow]:
    """All grants of the appointment that one of its grants belongs to; ``ObjectNotFound``."""
    one = model.Session.get(GrantRow, deputy_id)
    if one is None or one.deputy_kind is None:
        raise tk.ObjectNotFound(f"deputy {deputy_id}")
    query = sa.select(GrantRow).where(
        GrantRow.user_id == one.user_id,
        GrantRow.deputy_of == one.deputy_of,
        GrantRow.deputy_kind == one.deputy_kind,
        GrantRow.created == one.created,
    )
    return list(model.Session.execute(query.order_by(GrantRow.id)).scalars())


def find(data: dict[str, Any], reach: Reach) -> list[dict[str, Any]]:
    """Appointments, newest first; see :func:`satudata_deputy_list`."""
    query = sa.select(GrantRow).where(GrantRow.deputy_kind.isnot(None))
    for field, column in (("user", GrantRow.user_id), ("deputy_of", GrantRow.deputy_of)):
        if data.get(field):
            user = model.User.get(data[field])
            query = query.where(column == (user.id if user is not None else ""))
    if not reach.everything:
        query = query.where(GrantRow.organization_id.in_(sorted(reach.organizations)))
    query = query.order_by(GrantRow.created.desc(), GrantRow.user_id, GrantRow.id)
    together: dict[tuple[Any, ...], list[GrantRow]] = {}
    for grant in model.Session.execute(query).scalars():
        key = (grant.created, grant.user_id, grant.deputy_of, grant.deputy_kind)
        together.setdefault(key, []).append(grant)
    found = [dictize(rows) for rows in together.values()]
    return found if data.get("ended") else [one for one in found if one["status"] != "ended"]


def dictize(rows: Sequence[GrantRow]) -> dict[str, Any]:
    """See :func:`satudata_deputy_create`."""
    words = listing.dictized(rows)
    statuses = {word["status"] for word in words}
    status = next(status for status in listing.STATUSES if status in statuses)
    first = rows[0]
    return {
        "id": first.id,
        "user": words[0]["user"],
        "deputy_of": words[0]["deputy_of"],
        "kind": first.deputy_kind,
        "kind_label": roles.DEPUTIES[str(first.deputy_kind)],
        "posts": [
            {key: word[key] for key in ("id", "role", "position", "post", "organization", "status")} for word in words
        ],
        "valid_from": iso(first.valid_from),
        "valid_until": iso(first.valid_until),
        "first_day": days.first_day(first.valid_from),
        "last_day": days.last_day(first.valid_until),
        "letter": first.letter,
        "status": status,
        "active": status == "active",
        "created": iso(first.created),
        "ended": next((word["ended"] for word in words if status == "ended" and word["ended"]), None),
    }


def _principal(reference: str) -> str:
    """Whoever is replaced; the account of somebody who left is closed by then."""
    user = model.User.get(reference)
    if user is None:
        raise tk.ValidationError({"deputy_of": [tk._("There is no account of this name or e-mail address.")]})
    return user.id


def _posts(principal_id: str, data: dict[str, Any], start: datetime, end: datetime | None) -> list[Post]:
    """What is taken over: all posts of the person replaced, or those that were named."""
    own = _own(principal_id)
    wanted = [grant for grant in own if _is_asked_for(grant, data)]
    kind = data.get("kind")
    if not wanted:
        raise tk.ValidationError({"deputy_of": [_why_none(principal_id, own, data)]})
    name = listing.users({principal_id})[principal_id]["display_name"]
    suitable = _held(wanted, start, end) if kind == "plh" else _vacant(wanted, start)
    if not suitable:
        raise tk.ValidationError(
            {"kind": [(NOT_ABSENT if kind == "plh" else NOT_VACANT).render(language(), name=name)]}
        )
    if kind == "plt" and not data.get("role") and not data.get("position"):
        suitable = _latest(suitable)
    return list(dict.fromkeys(_post(grant) for grant in suitable))


def _held(wanted: list[GrantRow], start: datetime, end: datetime | None) -> list[GrantRow]:
    return [grant for grant in wanted if _covers(grant, start, end)]


def _vacant(wanted: list[GrantRow], start: datetime) -> list[GrantRow]:
    still = {_post(grant) for grant in wanted if grant.ended is None and _open_at(grant, start)}
    return [grant for grant in wanted if _post(grant) not in still]


def _latest(vacant: list[GrantRow]) -> list[GrantRow]:
    """The posts the person held until last, not those of years ago."""
    over = {grant.id: min(end for end in (grant.ended, grant.valid_until) if end is not None) for grant in vacant}
    last = max(over.values())
    return [grant for grant in vacant if over[grant.id] >= last - LEAVING]


def _own(principal_id: str) -> list[GrantRow]:
    """Every post the person holds or held in their own right, the latest first."""
    query = sa.select(GrantRow).where(GrantRow.user_id == principal_id, GrantRow.deputy_kind.is_(None))
    return list(model.Session.execute(query.order_by(GrantRow.valid_from.desc(), GrantRow.id)).scalars())


def _is_asked_for(grant: GrantRow, data: dict[str, Any]) -> bool:
    if data.get("role") and grant.role != data["role"]:
        return False
    if data.get("position") and grant.position != data["position"]:
        return False
    organization = grants.organization(data.get("organization"))
    return organization is None or grant.organization_id == organization


def _why_none(principal_id: str, own: list[GrantRow], data: dict[str, Any]) -> str:
    name = listing.users({principal_id})[principal_id]["display_name"]
    if own:
        return tk._("{name} never held this post.").format(name=name)
    acting = sa.select(GrantRow.id).where(GrantRow.user_id == principal_id, GrantRow.deputy_kind.isnot(None))
    if model.Session.execute(acting.limit(1)).first() is not None:
        return tk._("{name} is a deputy too. Name the person whose post it is.").format(name=name)
    if data.get("role"):
        vocabulary.check(data["role"], data.get("position"))
    return tk._("{name} holds no post.").format(name=name)


def _covers(grant: GrantRow, start: datetime, end: datetime | None) -> bool:
    """Whether a grant holds for the whole period."""
    if grant.ended is not None or grant.valid_from > start:
        return False
    return grant.valid_until is None or (end is not None and grant.valid_until >= end)


def _open_at(grant: GrantRow, moment: datetime) -> bool:
    return grant.valid_until is None or grant.valid_until > moment


def _post(grant: GrantRow) -> Post:
    return (grant.role, grant.position, grant.organization_id)


def _check_free(principal_id: str, posts: list[Post], start: datetime, end: datetime | None) -> None:
    """One post has one deputy at a time."""
    query = sa.select(GrantRow).where(
        GrantRow.deputy_kind.isnot(None),
        GrantRow.deputy_of == principal_id,
        grants.overlap(start, end),
    )
    for grant in model.Session.execute(query).scalars():
        if _post(grant) in posts:
            raise tk.ValidationError({"valid_from": [_taken(grant)]})


def _taken(grant: GrantRow) -> str:
    words = listing.dictize(grant)
    sentence = tk._("In this period {name} is already {post} (until {day}).")
    return sentence.format(name=words["user"]["display_name"], post=words["post"], day=words["last_day"])


def _has(user_id: str, post: Post, start: datetime, end: datetime | None) -> bool:
    """Whether the person holds the very post themselves during the whole period."""
    return any(_post(grant) == post and _covers(grant, start, end) for grant in _own(user_id))
