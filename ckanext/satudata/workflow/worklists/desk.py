"""The reviewer's desk: tabs with their numbers, filters, and twenty rows in order, also of a hundred thousand cases.

Numbers come from the sums of :mod:`tally`; rows from an index for each step, in the order of that index. Only the
filters nobody counts ahead (words, checks, priority, batch) look at the cases themselves, and count up to a limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import roles, terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.worklists import rows, turns
from ckanext.satudata.workflow.worklists.question import Question, both, either, one_of
from ckanext.satudata.workflow.worklists.turns import Left, Place, Turns

NAMES = {
    "mine": Text("Giliran saya", "My turn"),
    "verified": Text("Siap terbit", "Ready to publish"),
    "revision": Text("Di Produsen Data, diperbaiki", "With the producer, being mended"),
    "all": Text("Semua", "All"),
}
ANYBODY, NOBODY, ME = "anybody", "nobody", "me"
CAP = 1_000  # more rows of a search are not counted
APART = 12  # offices of one reviewer that are looked up one by one
ORDERS = {"due": "due, since, id", "waiting": "since, id"}


@dataclass(frozen=True)
class Wanted:
    """What was asked for.

    ``holders``: who may hold it (``""`` nobody, ``None`` whoever); ``held``: somebody must. ``more``: conditions that
    only cases know, each with its value. ``without``: cases that are left out.
    """

    places: tuple[Place, ...]
    holders: tuple[str, ...] | None = None
    held: bool = False
    late: bool = False
    more: tuple[tuple[str, Any], ...] = ()
    without: tuple[Left, ...] = ()

    def summed(self, ask: Question) -> str:
        """The condition as far as the sums know it."""
        return both(
            either(*(place.condition(ask) for place in self.places)),
            "" if self.holders is None else one_of("holder_id", self.holders, ask),
            "holder_id <> ''" if self.held else "",
        )

    def on_cases(self, ask: Question) -> str:
        """The whole condition, on cases."""
        return both(
            "present",
            self.summed(ask),
            f"due < {ask.value(now())}" if self.late else "",
            f"id <> all({ask.value([one.id for one in self.without])})" if self.without else "",
            *(text.format(ask.value(value)) for text, value in self.more),
        )

    def left(self) -> list[Left]:
        """Those of ``without`` that the sums still hold."""
        return [
            one
            for one in self.without
            if any(place.holds(one.definition, one.step, one.office) for place in self.places)
            and (self.holders is None or one.holder in self.holders)
            and (not self.held or one.holder)
        ]


def queue(user_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """See :func:`satudata_queue`."""
    mine = turns.of(user_id)
    tab = data.get("tab") or ("mine" if mine.roles else "all")
    places = _places(tab, mine)
    base = Wanted(places, mine.free if tab == "mine" else None, without=mine.left if tab == "mine" else ())
    wanted = _wanted(base, mine, data)
    sums = _sums(base, wanted, mine)
    found = _found(wanted) if wanted.more else []
    count, late, today = _numbers(found) if wanted.more else sums.numbers(late=wanted.late)
    few = wanted.more and count <= CAP
    page = _first(found, data) if few else _page(wanted, data) if count > data["offset"] or wanted.more else []
    return {
        "count": min(count, CAP) if wanted.more else count,
        "count_is_exact": not wanted.more or count <= CAP,
        "late": late,
        "due_today": today,
        "tab": tab,
        "tabs": _tabs(mine),
        "organizations": sums.organizations,
        "roles": _roles(mine),
        "limit": data["limit"],
        "offset": data["offset"],
        "results": rows.items(page, user_id, mine={case.id for case in page if mine.is_mine(case)}),
    }


def count_mine(user_id: str) -> int:
    """How many cases wait for this user."""
    return turns.of(user_id).count()


# ------------------------------------------------------------------- what is asked


def _places(tab: str, mine: Turns) -> tuple[Place, ...]:
    if tab == "mine":
        return mine.mine
    kind, _, key = tab.partition(":")
    if tab not in NAMES and not (kind == "stage" and key):
        raise tk.ValidationError({"tab": [tk._("There is no such tab.")]})
    found: list[Place] = []
    for place in mine.seen:
        shown = frozenset(one for one in place.definitions if _shown(mine, one, place.step))
        if shown and (tab == "all" or _tab_of(place.step) == tab):
            found.append(replace(place, definitions=shown, every=place.every and shown == place.definitions))
    return tuple(found)


def _shown(mine: Turns, definition_id: str, step: str) -> bool:
    """What is approved and never published waits for nobody."""
    return not step.startswith("verified:") or mine.procedures[definition_id].publishes


def _tab_of(step: str) -> str:
    state, _, stage = step.partition(":")
    return f"stage:{stage}" if state == "in_review" else state


def _wanted(base: Wanted, mine: Turns, data: dict[str, Any]) -> Wanted:
    places = base.places
    if data.get("organization"):
        group = model.Group.get(data["organization"])
        places = tuple(found for place in places if (found := _at(place, group.id if group is not None else "")))
    if data.get("role"):
        places = tuple(found for place in places if (found := _of_role(place, data["role"], mine)))
    holders, held = _holders(data.get("assignee") or "", mine)
    if base.holders is not None:
        holders = base.holders if holders is None else tuple(one for one in holders if one in base.holders)
    return replace(
        base, places=places, holders=holders, held=held, late=bool(data.get("late")), more=tuple(_more(data))
    )


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
    every = place.every and versions == place.definitions
    return replace(place, definitions=versions, every=every) if versions else None


def _holders(assignee: str, mine: Turns) -> tuple[tuple[str, ...] | None, bool]:
    if assignee in ("", ANYBODY):
        return None, assignee == ANYBODY
    if assignee == NOBODY:
        return ("", *sorted(mine.absent)), False
    if assignee == ME:
        return (mine.user_id,), False
    return (roles.user_id_of(assignee) or assignee,), False


def words(text: str) -> list[tuple[str, Any]]:
    """Conditions on cases: their title has words that begin like these, all of them."""
    found = re.findall(r"[^\W_]+", text.lower())
    if not found:
        return [("{} = ''", text.strip())] if text.strip() else []
    # The whole word beside its beginning: only of whole words the planner knows how many titles have them.
    asked = " & ".join(f"({word} | {word}:*)" for word in found)
    return [("words @@ to_tsquery('simple', {})", asked)]


def _more(data: dict[str, Any]) -> list[tuple[str, Any]]:
    found = words(data.get("q") or "")
    if data.get("qa"):
        found.append(
            ("(qa_result = {} or qa_result is null)" if data["qa"] == "none" else "qa_result = {}", data["qa"])
        )
    if data.get("priority"):
        found.append(("facts ->> {} = 'true'", rows.PRIORITY))
    if data.get("batch"):
        found.append(("batch_id = {}", data["batch"]))
    return found


# -------------------------------------------------------------------- numbers


@dataclass(frozen=True)
class Sums:
    """Of the tab: its organizations. Of what is wanted: how many, how many late, how many due today."""

    organizations: list[dict[str, Any]]
    wanted: int
    overdue: int
    today: int

    def numbers(self, *, late: bool) -> tuple[int, int, int]:
        """Count, late, due today."""
        return (self.overdue, self.overdue, 0) if late else (self.wanted, self.overdue, self.today)


def _sums(base: Wanted, wanted: Wanted, mine: Turns) -> Sums:
    """One question for all of it. What became late since the clock last looked is little, and is counted here."""
    ask = Question()
    moment = now()
    asked, at = wanted.summed(ask), ask.value(moment)
    soon = "0 as late, 0 as today"
    if not wanted.more:
        soon = (
            f"count(*) filter (where due < {at}) as late, count(*) filter (where due >= {at}) as today"
            f" from satudata_case where not overdue and due <= {ask.value(_end_of_today(moment))} and due is not null"
            f" and {replace(wanted, late=False).on_cases(ask)}"
        )
    scope = "true" if mine.scope is None else f"organization_id = any({ask.value(sorted(mine.scope))})"
    found = ask.rows(
        f"with sums as (select organization_id, sum(n) filter (where {base.summed(ask)}) as shown,"
        f" sum(n) filter (where {asked}) as wanted, sum(n) filter (where {asked} and overdue) as overdue"
        f" from satudata_desk_count where {scope} group by 1),"
        f" soon as (select {soon})"
        " select s.organization_id, coalesce(nullif(g.title, ''), g.name), coalesce(shown, 0)::bigint,"
        " coalesce(wanted, 0)::bigint, coalesce(overdue, 0)::bigint, soon.late, soon.today"
        ' from sums s cross join soon left join "group" g on g.id = s.organization_id'
    )
    left = wanted.left()
    without = [one.office for one in base.left()]
    offices = [(row[0], row[1] or "", row[2] - without.count(row[0])) for row in found]
    return Sums(
        organizations=[
            {"id": office, "title": title, "count": count}
            for office, title, count in sorted(offices, key=lambda one: one[1].casefold())
            if office and count > 0
        ],
        wanted=sum(row[3] for row in found) - len(left),
        overdue=sum(row[4] for row in found) - sum(one.overdue for one in left) + (found[0][5] if found else 0),
        today=found[0][6] if found else 0,
    )


def _found(wanted: Wanted) -> list[Any]:
    """``(id, due, since)`` of what a search finds, in no order, one more than are counted at most."""
    ask = Question()
    return ask.rows(f"select id, due, since from satudata_case where {wanted.on_cases(ask)} limit {CAP + 1}")


def _numbers(found: list[Any]) -> tuple[int, int, int]:
    """Count, late, due today."""
    moment = now()
    end = _end_of_today(moment)
    dues = [due for _, due, _ in found if due is not None]
    return len(found), sum(due < moment for due in dues), sum(moment <= due <= end for due in dues)


def _end_of_today(moment: datetime) -> datetime:
    days = terms.calendar()
    return days.end_of_day(days.local_date(moment))


# ----------------------------------------------------------------------- rows


def _page(wanted: Wanted, data: dict[str, Any]) -> list[rows.Listed]:
    """The rows from ``offset`` on: from each place as many as could be needed, then the first of all of them."""
    ask = Question()
    order, needed = ORDERS[data["sort"]], ask.value(data["offset"] + data["limit"])
    parts = [
        f"(select id, due, since from satudata_case where {replace(wanted, places=(part,)).on_cases(ask)}"
        f" order by {order} limit {needed})"
        for place in wanted.places
        for part in _apart(place)
    ]
    if not parts:
        return []
    chosen = f"select id from ({' union all '.join(parts)}) found order by {order}"
    return rows.listed(ask, f"{chosen} limit {ask.value(data['limit'])} offset {ask.value(data['offset'])}", order)


def _first(found: list[Any], data: dict[str, Any]) -> list[rows.Listed]:
    """The same of the few that a search has found."""
    by_due = data["sort"] == "due"

    def place(row: Any) -> tuple[Any, ...]:
        case_id, due, since = row
        return (due is None, due or since, since, case_id) if by_due else (since, case_id)

    begin = data["offset"]
    chosen = [row[0] for row in sorted(found, key=place)[begin : begin + data["limit"]]]
    if not chosen:
        return []
    ask = Question()
    return rows.listed(ask, f"select unnest(cast({ask.value(chosen)} as text[])) as id", ORDERS[data["sort"]])


def _apart(place: Place) -> list[Place]:
    """One place for each office, as long as there are few: each has its rows in order in an index."""
    if place.offices is None or len(place.offices) > APART:
        return [place]
    return [replace(place, offices=frozenset({office})) for office in sorted(place.offices)]


# ----------------------------------------------------------------- tabs, filters


def _tabs(mine: Turns) -> list[dict[str, Any]]:
    spoken, usual = language(), [stage for stage in definitions.current().stages if not stage.relay]
    labels = {f"stage:{stage.key}": stage.label for stage in usual}
    my_tabs = {"mine", *(_tab_of(place.step) for place in mine.mine)}
    my_tabs |= {f"stage:{stage.key}" for stage in usual if stage.role in mine.roles}
    counts: dict[str, int] = {"mine": mine.count()}
    for one in mine.standing:
        if not (_shown(mine, one.definition, one.step) and mine.sees(one)):
            continue
        tab = _tab_of(one.step)
        counts[tab] = counts.get(tab, 0) + one.cases
        counts["all"] = counts.get("all", 0) + one.cases
        if tab not in labels and tab not in NAMES:
            key = tab.partition(":")[2]
            stage = mine.procedures[one.definition].stage(key)
            labels[tab] = stage.label if stage is not None else Text(key, key)
    return [
        {
            "key": key,
            "label": (labels.get(key) or NAMES[key]).render(spoken),
            "count": counts.get(key, 0),
            "mine": key in my_tabs,
        }
        for key in ("mine", *labels, "verified", "revision", "all")
    ]


def _roles(mine: Turns) -> list[dict[str, str]]:
    """The roles whose turn it can be, for the filter."""
    spoken = language()
    labels: dict[str, str] = {}
    for step, versions in mine.steps().items():
        state, _, stage = step.partition(":")
        for definition in (mine.procedures[one] for one in versions):
            for holder in engine.waiting_roles(definition, state, stage):
                labels.setdefault(holder.role, definition.role_label(holder.role).render(spoken))
    return [{"key": key, "label": label} for key, label in sorted(labels.items(), key=lambda pair: pair[1].casefold())]
