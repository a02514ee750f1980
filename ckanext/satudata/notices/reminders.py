"""Who is reminded of a deadline, and when. Each is told once, also when two clocks run at the same time.

Reminders go out on working days, from seven in the morning of the portal's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.notices import booking, writing
from ckanext.satudata.notices.writing import Message

BEFORE_OPTION = "ckanext.satudata.reminders"
LATE_OPTION = "ckanext.satudata.late_every"
STEP_OPTION = "ckanext.satudata.escalation_days"
MORNING = time(7)
LEVELS = 6  # the longest ladder of positions
PAGE = 5_000  # cases looked at and told in one transaction
SWEEP = "sweep"  # the row that remembers when they were looked at last
# Who gets more than this many of one kind at once gets one notice that counts them.
FEW = 3
MANY = {
    "due_soon": "many_due",
    "due_today": "many_due",
    "late": "many_late",
    "escalated": "many_escalated",
    "work_due_soon": "many_work_due",
    "work_due_today": "many_work_due",
    "repair_due": "many_work_due",
    "collect_due": "many_work_due",
    "work_late": "many_work_late",
    "work_escalated": "many_work_escalated",
}
DESK, WORK = "/meja-kerja", "/pekerjaan-saya"


@dataclass(frozen=True)
class Rules:
    """``before``: working days before the due date, 0 for the day itself; ``late_every`` and ``step``: working days
    between two reminders of what is late, and between two steps up."""

    before: tuple[int, ...] = (1, 0)
    late_every: int = 3
    step: int = 1


@dataclass(frozen=True)
class Reminder:
    """A reminder that is due now. ``mark`` tells it from others of the same deadline; ``level`` counts steps up."""

    key: str
    mark: str
    level: int = 0


def rules() -> Rules:
    """What the portal is configured to."""
    value = tk.config.get(BEFORE_OPTION)
    words = value.split() if isinstance(value, str) else [str(word) for word in value or ()]
    before = tuple(sorted({int(word) for word in words if word.isdigit()}))
    return Rules(before, _positive(LATE_OPTION, 3), _positive(STEP_OPTION, 1))


def remind() -> int:
    """Write every reminder that is due and was not written yet; how many. Commits.

    Each morning all cases are looked at; during the day only those whose term ends in between.
    """
    at = now()
    calendar, wanted = terms.calendar(), rules()
    if not open_at(at, calendar):
        return 0
    last = booking.last_sweep(SWEEP)
    today = last is not None and last <= at and calendar.local_date(last) == calendar.local_date(at)
    before = at if today else calendar.due(at, max(wanted.before, default=0))
    told = 0
    for items in _pages(before, last if today else None):
        found = {_key(item, one): (item, one) for item in items for one in due_now(item, at, calendar, wanted)}
        fresh = [found[key] for key in booking.book(found)]
        people = _concerned({item["subject_id"]: item["subject_type"] for item, _ in fresh})
        told += writing.write(_messages(fresh, people), gather=MANY, few=FEW)
        model.Session.commit()
    booking.note_sweep(SWEEP, at)
    return told


def _pages(before: datetime, after: datetime | None) -> Iterator[list[dict[str, Any]]]:
    bounds: dict[str, Any] = {"after": after.isoformat()} if after is not None else {"steps": True}
    while items := _call("satudata_due_list", before=before.isoformat(), limit=PAGE, **bounds):
        yield items
        if len(items) < PAGE:
            return
        bounds.update(after=items[-1]["due"], after_id=items[-1]["case_id"])


def open_at(moment: datetime, calendar: Calendar) -> bool:
    """Whether people are reminded now: on a working day, from the morning on."""
    local = moment.astimezone(ZoneInfo(calendar.timezone))
    return calendar.is_working_day(local.date()) and local.time() >= MORNING


def due_now(item: dict[str, Any], moment: datetime, calendar: Calendar, wanted: Rules) -> Iterator[Reminder]:
    """The reminders of one case that are due at ``moment``; of repeated ones the present only: a clock that stood still
    does not make up for it."""
    due = datetime.fromisoformat(item["due"])
    for step in item["steps"]:
        if datetime.fromisoformat(step["at"]) < moment <= due:
            yield Reminder(f"{step['kind']}_due", step["kind"])
    work = "work_" if item["with_producer"] else ""
    if moment <= due:
        arrived = calendar.local_date(datetime.fromisoformat(item["since"]))
        if arrived != calendar.local_date(moment):  # who has just got it knows
            yield from _before(due, moment, calendar, wanted, work)
    else:
        yield from _late(due, moment, calendar, wanted, work)


def _before(due: datetime, moment: datetime, calendar: Calendar, wanted: Rules, work: str) -> Iterator[Reminder]:
    if calendar.local_date(due) == calendar.local_date(moment):
        if 0 in wanted.before:
            yield Reminder(f"{work}due_today", "before-0")
        return
    left = max(1, calendar.days_left(due, moment))  # a term may end on a day off
    reached = [days for days in wanted.before if days >= left]
    if reached:
        yield Reminder(f"{work}due_soon", f"before-{reached[0]}")


def _late(due: datetime, moment: datetime, calendar: Calendar, wanted: Rules, work: str) -> Iterator[Reminder]:
    days = calendar.working_days_between(calendar.local_date(due), calendar.local_date(moment))
    over = max(0, days - 1)  # full working days since the first one on which it was late
    yield Reminder(f"{work}late", f"late-{over // wanted.late_every}")
    for level in range(1, min(LEVELS, over // wanted.step) + 1):
        yield Reminder(f"{work}escalated", f"up-{level}", level)


def _key(item: dict[str, Any], one: Reminder) -> booking.Key:
    place = f"{item['state']}:{item['stage'] or ''}:{item['round']}"
    return item["case_id"], f"{one.mark}:{place}", datetime.fromisoformat(item["due"])


def _concerned(subjects: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The cases with their people, by id of the case."""
    found: dict[str, dict[str, Any]] = {}
    for subject_type in sorted(set(subjects.values())):
        ids = [subject for subject, kind in subjects.items() if kind == subject_type]
        for case in _call("satudata_concerned_list", ids=ids, subject_type=subject_type):
            found[case["case_id"]] = case
    return found


def _messages(fresh: Iterable[tuple[dict[str, Any], Reminder]], people: dict[str, dict[str, Any]]) -> Iterator[Message]:
    told: set[tuple[str, str]] = set()
    for item, one in fresh:
        case = people.get(item["case_id"])
        if case is None:
            continue
        for user_id in _recipients(case, one):
            if (user_id, item["case_id"]) not in told:  # one notice about one dataset at a time
                told.add((user_id, item["case_id"]))
                yield _message(user_id, case, one)


def _recipients(case: dict[str, Any], one: Reminder) -> list[str]:
    """Before the due date who has taken it, else everybody whose turn it is; then all of them, the holder first."""
    if one.level:
        steps = case["escalation"]
        return steps[one.level - 1]["people"] if one.level <= len(steps) else []
    if case["with_producer"]:
        return case["producers"]
    holder = [case["holder_id"]] if case["holder_id"] else []
    if one.mark.startswith("before") and holder:
        return holder
    return list(dict.fromkeys([*holder, *case["responsible"]]))


def _message(user_id: str, case: dict[str, Any], one: Reminder) -> Message:
    parameters = {"title": case["title"], "organization": case["organization_title"], "due": case["due"]}
    if case["stage_label"] is not None:
        parameters["stage"] = case["stage_label"]
    mine = case["with_producer"] and not one.level
    return Message(
        user_id,
        one.key,
        f"/{case['subject_type']}/{case['subject_id']}/{'status' if case['with_producer'] else 'tinjau'}",
        parameters,
        subject_type=case["subject_type"],
        subject_id=case["subject_id"],
        mail_title=case["public"],
        many_link=WORK if mine else DESK,
    )


def _call(action: str, **data: Any) -> Any:
    return tk.get_action(action)({"ignore_auth": True}, data)


def _positive(option: str, default: int) -> int:
    value = tk.config.get(option)
    return max(1, int(value)) if value not in (None, "") else default
