"""The reviewer's desk: tabs with their numbers, filters, and twenty rows in order, also of a hundred thousand cases.

Numbers come from the sums of :mod:`tally`; rows from an index for each step, in the order of that index. Only the
filters nobody counts ahead (words, checks, priority, batch) look at the cases themselves, and count up to a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY

from ckanext.satudata.bridge import organizations, roles, terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.workflow import definitions, rows, turns
from ckanext.satudata.workflow.model import CaseRow
from ckanext.satudata.workflow.tally import OF_CASES, OF_TALLY, OVERDUE, TALLY, WORDS, Columns, number
from ckanext.satudata.workflow.turns import Place, Turns, any_of, within

WORDS_OF = {
    "mine": Text("Giliran saya", "My turn"),
    "verified": Text("Siap terbit", "Ready to publish"),
    "revision": Text("Di Produsen Data, diperbaiki", "With the producer, being mended"),
    "all": Text("Semua", "All"),
}
ANYBODY, NOBODY, ME = "anybody", "nobody", "me"
CAP = 10_000  # more rows of a search are not counted
APART = 12  # offices of one reviewer that are looked up one by one


@dataclass(frozen=True)
class Wanted:
    """What was asked for: the places, and conditions on top of them. ``holder`` works on both kinds of columns."""

    places: tuple[Place, ...]
    holder: tuple[str, ...] | None
    held: bool
    late: bool
    more: tuple[Any, ...]
    without: tuple[turns.Left, ...]

    def condition(self, columns: Columns) -> Any:
        """For the sums or for the cases, without what only the cases know."""
        parts = [any_of(self.places, columns)]
        if self.holder is not None:
            parts.append(columns.holder.in_(self.holder))
        if self.held:
            parts.append(columns.holder != "")
        return sa.and_(*parts)

    def on_cases(self, place: Place | None = None) -> Any:
        """All conditions on cases; with ``place`` at that place only."""
        base = replace(self, places=(place,)) if place is not None else self
        parts = [CaseRow.present.is_(True), base.condition(OF_CASES), *self.more]
        if self.late:
            parts.append(CaseRow.due < now())
        if self.without:
            ids = sa.cast([one.id for one in self.without], ARRAY(sa.Text))
            parts.append(CaseRow.id != sa.all_(ids))
        return sa.and_(*parts)

    def left(self) -> list[turns.Left]:
        """Those of ``without`` that the sums still hold."""
        return [
            one
            for one in self.without
            if any(place.holds(one.definition, one.step, one.office) for place in self.places)
            and (self.holder is None or (one.holder or "") in self.holder)
            and (not self.held or one.holder)
        ]


def queue(user_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_queue`."""
    mine = turns.of(user_id)
    tab = data.get("tab") or ("mine" if roles.roles_of(user_id) else "all")
    places = _places(tab, mine)
    wanted = _wanted(tab, places, mine, data)
    sums = _sums(mine, wanted, places if tab != "mine" else mine.mine)
    count, late, today, exact = _looked_at(wanted) if wanted.more else _summed(wanted, sums)
    page = _page(wanted, data) if count else []
    is_mine = {row.id for row in page if mine.is_mine(row)}
    return {
        "count": count,
        "count_is_exact": exact,
        "late": late,
        "due_today": today,
        "tab": tab,
        "tabs": _tabs(mine, sums),
        "organizations": _organizations(sums),
        "roles": _roles(mine),
        "limit": data["limit"],
        "offset": data["offset"],
        "results": rows.items(page, user_id, mine=is_mine),
    }


def count_mine(user_id: str) -> int:
    """How many cases wait for this user."""
    return turns.of(user_id).count()


# ------------------------------------------------------------------- what is asked


def _places(tab: str, mine: Turns) -> tuple[Place, ...]:
    if tab == "mine":
        return mine.mine
    kind, _, key = tab.partition(":")
    if tab not in WORDS_OF and not (kind == "stage" and key):
        raise tk.ValidationError({"tab": [tk._("There is no such tab.")]})
    found: dict[str, set[str]] = {}
    for definition_id, step in mine.standing:
        if _shown(mine, definition_id, step) and (tab == "all" or _tab_of(step) == tab):
            found.setdefault(step, set()).add(definition_id)
    return tuple(
        Place(step, frozenset(versions), mine.scope, every=versions == {key for key, at in mine.standing if at == step})
        for step, versions in found.items()
    )


def _shown(mine: Turns, definition_id: str, step: str) -> bool:
    """What is approved and never published waits for nobody."""
    return not step.startswith("verified:") or mine.procedures[definition_id].publishes


def _tab_of(step: str) -> str:
    state, _, stage = step.partition(":")
    return f"stage:{stage}" if state == "in_review" else state


def _wanted(tab: str, places: tuple[Place, ...], mine: Turns, data: dict[str, Any]) -> Wanted:
    if data.get("organization"):
        group = model.Group.get(data["organization"])
        places = tuple(found for place in places if (found := _at(place, group.id if group is not None else "")))
    if data.get("role"):
        places = tuple(found for place in places if (found := _of_role(place, data["role"], mine)))
    holder, held = _holder(data.get("assignee") or "", mine)
    if tab == "mine":
        free = ("", mine.user_id, *sorted(mine.absent))
        holder = free if holder is None else tuple(one for one in holder if one in free)
    without = mine.left if tab == "mine" else ()
    return Wanted(places, holder, held, bool(data.get("late")), tuple(_more(data)), without)


def _at(place: Place, office: str) -> Place | None:
    if place.offices is not None and office not in place.offices:
        return None
    return replace(place, offices=frozenset({office}))


def _of_role(place: Place, role: str, mine: Turns) -> Place | None:
    state, _, stage = place.step.partition(":")
    versions = frozenset(
        one
        for one in place.definitions
        if any(holder.role == role for holder in engine.waiting_roles(mine.procedures[one], state, stage))
    )
    return (
        replace(place, definitions=versions, every=place.every and versions == place.definitions) if versions else None
    )


def _holder(assignee: str, mine: Turns) -> tuple[tuple[str, ...] | None, bool]:
    """Who may hold it (``None``: whoever), and whether somebody must."""
    if not assignee:
        return None, False
    if assignee == ANYBODY:
        return None, True
    if assignee == NOBODY:
        return ("", *sorted(mine.absent)), False
    if assignee == ME:
        return (mine.user_id,), False
    return (roles.user_id_of(assignee) or assignee,), False


def words(text: str) -> list[Any]:
    """Conditions on cases: their title has words that begin like these, all of them."""
    found = re.findall(r"[^\W_]+", text.lower())
    if not found:
        return [sa.false()] if text.strip() else []
    return [WORDS.op("@@")(sa.func.to_tsquery("simple", " & ".join(f"{word}:*" for word in found)))]


def _more(data: dict[str, Any]) -> Iterable[Any]:
    yield from words(data.get("q") or "")
    if data.get("qa"):
        unchecked = CaseRow.qa_result.is_(None) if data["qa"] == "none" else sa.false()
        yield sa.or_(CaseRow.qa_result == data["qa"], unchecked)
    if data.get("priority"):
        yield CaseRow.facts[rows.PRIORITY].astext == "true"
    if data.get("batch"):
        yield CaseRow.batch_id == data["batch"]


# -------------------------------------------------------------------- numbers


@dataclass(frozen=True)
class Sums:
    """By organization: cases that are my turn, cases of the tab, cases wanted, and how many of these are overdue."""

    mine: int
    offices: dict[str, int]
    wanted: int
    overdue: int


def _sums(mine: Turns, wanted: Wanted, places: Sequence[Place]) -> Sums:
    my_turn = sa.and_(any_of(mine.mine, OF_TALLY), mine.free(OF_TALLY))
    in_tab = my_turn if places is mine.mine else any_of(places, OF_TALLY)
    asked = wanted.condition(OF_TALLY)
    query = (
        sa.select(
            TALLY.c.organization_id, number(my_turn), number(in_tab), number(asked), number(asked, TALLY.c.overdue)
        )
        .where(within(mine.scope, OF_TALLY))
        .group_by(TALLY.c.organization_id)
    )
    found = [tuple(row) for row in model.Session.execute(query)]
    offices = {str(row[0]): int(row[2]) for row in found if row[2]}
    left = wanted.left()
    if places is mine.mine:
        for one in mine.left:
            offices[one.office or ""] = offices.get(one.office or "", 0) - 1
    return Sums(
        mine=sum(int(row[1]) for row in found) - len(mine.left),
        offices={office: count for office, count in offices.items() if count},
        wanted=sum(int(row[3]) for row in found) - len(left),
        overdue=sum(int(row[4]) for row in found) - sum(one.overdue for one in left),
    )


def _summed(wanted: Wanted, sums: Sums) -> tuple[int, int, int, bool]:
    """Count, late and due today. What became late since the clock last looked is counted here, and is little."""
    moment = now()
    soon = (CaseRow.due <= _end_of_today(moment), CaseRow.due.isnot(None), sa.not_(OVERDUE))
    query = sa.select(
        sa.func.count().filter(CaseRow.due < moment), sa.func.count().filter(CaseRow.due >= moment)
    ).where(replace(wanted, late=False).on_cases(), *soon)
    passed, today = model.Session.execute(query).one()
    late = sums.overdue + passed
    return (late, late, 0, True) if wanted.late else (sums.wanted, late, today, True)


def _looked_at(wanted: Wanted) -> tuple[int, int, int, bool]:
    moment = now()
    some = sa.select(CaseRow.due).where(wanted.on_cases()).limit(CAP + 1).subquery()
    query = sa.select(
        sa.func.count(),
        sa.func.count().filter(some.c.due < moment),
        sa.func.count().filter(some.c.due >= moment, some.c.due <= _end_of_today(moment)),
    ).select_from(some)
    count, late, today = model.Session.execute(query).one()
    return min(count, CAP), late, today, count <= CAP


def _end_of_today(moment: datetime) -> datetime:
    days = terms.calendar()
    return days.end_of_day(days.local_date(moment))


# ----------------------------------------------------------------------- rows


def _page(wanted: Wanted, data: dict[str, Any]) -> list[CaseRow]:
    """The rows from ``offset`` on: from each place as many as could be needed, then the first of all of them."""
    columns = (CaseRow.due, CaseRow.since, CaseRow.id) if data["sort"] == "due" else (CaseRow.since, CaseRow.id)
    needed = data["offset"] + data["limit"]
    parts = [
        sa.select(CaseRow.id, CaseRow.due, CaseRow.since)
        .where(wanted.on_cases(part))
        .order_by(*columns)
        .limit(needed)
        .subquery()
        for place in wanted.places
        for part in _apart(place)
    ]
    if not parts:
        return []
    union = sa.union_all(*(sa.select(part.c["id"], part.c["due"], part.c["since"]) for part in parts)).subquery()
    order = [union.c[column.key] for column in columns]
    chosen = sa.select(union.c["id"]).order_by(*order).limit(data["limit"]).offset(data["offset"]).subquery()
    query = sa.select(CaseRow).join(chosen, chosen.c["id"] == CaseRow.id).order_by(*columns)
    return list(model.Session.execute(query).scalars())


def _apart(place: Place) -> list[Place]:
    """One place for each office, as long as there are few: each has its rows in order in an index."""
    if place.offices is None or len(place.offices) > APART:
        return [place]
    return [replace(place, offices=frozenset({office})) for office in sorted(place.offices)]


# ----------------------------------------------------------------- tabs, filters


def _tabs(mine: Turns, sums: Sums) -> list[dict[str, Any]]:
    spoken = language()
    labels = {f"stage:{stage.key}": stage.label for stage in definitions.current().stages if not stage.relay}
    counts: dict[str, int] = {"mine": sums.mine}
    for (definition_id, step), count in mine.standing.items():
        if not _shown(mine, definition_id, step):
            continue
        tab = _tab_of(step)
        counts[tab] = counts.get(tab, 0) + count
        counts["all"] = counts.get("all", 0) + count
        if tab not in labels and tab not in WORDS_OF:
            key = tab.partition(":")[2]
            stage = mine.procedures[definition_id].stage(key)
            labels[tab] = stage.label if stage is not None else Text(key, key)
    my_tabs = {"mine", *(_tab_of(place.step) for place in mine.mine), *_tabs_of_roles(mine)}
    order = ["mine", *labels, "verified", "revision", "all"]
    return [
        {
            "key": key,
            "label": (labels.get(key) or WORDS_OF[key]).render(spoken),
            "count": counts.get(key, 0),
            "mine": key in my_tabs,
        }
        for key in order
    ]


def _tabs_of_roles(mine: Turns) -> set[str]:
    held = {grant.role for grant in roles.roles_of(mine.user_id)}
    return {f"stage:{stage.key}" for stage in definitions.current().stages if stage.role in held}


def _organizations(sums: Sums) -> list[dict[str, Any]]:
    titles = organizations.titles({office for office in sums.offices if office})
    found = [
        {"id": office, "title": titles.get(office, ""), "count": count}
        for office, count in sums.offices.items()
        if office
    ]
    return sorted(found, key=lambda row: str(row["title"]).casefold())


def _roles(mine: Turns) -> list[dict[str, str]]:
    """The roles whose turn it can be, for the filter."""
    spoken = language()
    labels: dict[str, str] = {}
    for definition_id, step in mine.standing:
        state, _, stage = step.partition(":")
        definition = mine.procedures[definition_id]
        for holder in engine.waiting_roles(definition, state, stage):
            labels.setdefault(holder.role, definition.role_label(holder.role).render(spoken))
    return [{"key": key, "label": label} for key, label in sorted(labels.items(), key=lambda pair: pair[1].casefold())]
