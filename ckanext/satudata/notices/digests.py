"""The digest: once a day or once a week what waits for a person, counted, with links; nothing when nothing waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import nudge, terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.calendar import Calendar
from ckanext.satudata.core.text import Text
from ckanext.satudata.notices import delivery, preferences, writing
from ckanext.satudata.notices.model import NoticeRow, PreferenceRow
from ckanext.satudata.notices.reminders import DESK, MORNING, WORK

INBOX = "/notifikasi"
WEEK = 5  # working days
REVIEW = Text("{count} dataset menunggu Anda di meja kerja", "{count} datasets wait for you at the review desk")
RETURNED = Text("{count} dataset perlu Anda perbaiki", "{count} datasets need work from you")
DRAFTS = Text("{count} draf harus diajukan minggu ini", "{count} drafts have to be submitted this week")
NEWS = Text("{count} notifikasi baru", "{count} new notices")


@dataclass(frozen=True)
class Part:
    """One line of the digest."""

    words: Text
    page: str
    count: int
    late: int = 0
    today: int = 0


def send() -> int:
    """Write the digests that are due; how many. Commits after each."""
    at = now()
    written = 0
    for mail, slot in slots(at, terms.calendar()).items():
        for user_id in _waiting(mail, slot):
            written += _send(user_id, slot, at)
    return written


def slots(moment: datetime, calendar: Calendar) -> dict[str, datetime]:
    """When the present digests became due: the daily one on each working day, the weekly one on the week's first, at
    seven of the portal's zone. One that is not due yet today is missing."""
    today = calendar.local_date(moment)
    week = [today - timedelta(days=today.weekday()) + timedelta(days=number) for number in range(7)]
    first = next((day for day in week if calendar.is_working_day(day)), None)
    found = {"daily": today if calendar.is_working_day(today) else None, "weekly": first}
    return {mail: _morning(day, calendar) for mail, day in found.items() if day and _morning(day, calendar) <= moment}


def _morning(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, MORNING, ZoneInfo(calendar.timezone))


def _waiting(mail: str, slot: datetime) -> list[str]:
    query = sa.select(PreferenceRow.user_id).where(PreferenceRow.mail == mail, _before(slot))
    return list(model.Session.execute(query.order_by(PreferenceRow.user_id)).scalars())


def _before(slot: datetime) -> Any:
    return sa.or_(PreferenceRow.last_digest.is_(None), PreferenceRow.last_digest < slot)


def _send(user_id: str, slot: datetime, moment: datetime) -> bool:
    """Book the digest and put it into the outbox in one transaction: of two clocks one finds it booked."""
    since = model.Session.execute(
        sa.select(PreferenceRow.last_digest).where(PreferenceRow.user_id == user_id)
    ).scalar_one_or_none()
    booked = model.Session.execute(
        sa.update(PreferenceRow.__table__)
        .where(PreferenceRow.user_id == user_id, _before(slot))
        .values(last_digest=moment)
        .returning(PreferenceRow.user_id)
    ).first()
    user = model.User.get(user_id)
    parts = list(_parts(user, since)) if booked and user is not None and user.is_active else []
    if parts and user is not None and user.email:
        _post(user_id, parts)
        nudge.after_commit(delivery.deliver)
    model.Session.commit()
    return bool(parts)


def _post(user_id: str, parts: list[Part]) -> None:
    language = preferences.mail_language(user_id)
    lines = [
        {
            "text": part.words.render(language, count=part.count),
            "url": delivery.address(part.page),
            "late": part.late,
            "today": part.today,
        }
        for part in parts
    ]
    work = [part for part in parts if part.page != INBOX]
    total, late = sum(part.count for part in work), sum(part.late for part in work)
    writing.post(user_id, "digest", INBOX, {"parts": lines, "total": total, "late": late or None})


def _parts(user: model.User, since: datetime | None) -> Iterator[Part]:
    """What waits for a person, as their own pages count it."""
    yield from (part for part in (*_desk(user), *_work(user), _news(user, since)) if part.count)


def _desk(user: model.User) -> Iterator[Part]:
    try:
        queue = tk.get_action("satudata_queue")({"user": user.name}, {"tab": "mine", "limit": 1})
    except tk.NotAuthorized:  # no reviewer
        return
    yield Part(REVIEW, DESK, queue["count"], queue["late"], queue["due_today"])


def _work(user: model.User) -> Iterator[Part]:
    mine = tk.get_action("satudata_my_work")({"user": user.name}, {"limit": 200})
    returned = [item["due_days"] for item in mine["returned"]]
    drafts = [item["due_days"] for item in mine["drafts"] if item["due_days"] is not None and item["due_days"] <= WEEK]
    yield Part(RETURNED, WORK, mine["counts"]["returned"], *_pressing(returned))
    yield Part(DRAFTS, WORK, len(drafts), *_pressing(drafts))


def _pressing(days: list[int | None]) -> tuple[int, int]:
    """How many are late, and how many are due today."""
    return sum(left is not None and left < 0 for left in days), sum(left == 0 for left in days)


def _news(user: model.User, since: datetime | None) -> Part:
    query = (
        sa.select(sa.func.count()).select_from(NoticeRow).where(NoticeRow.user_id == user.id, NoticeRow.read.is_(None))
    )
    if since is not None:
        query = query.where(NoticeRow.created > since)
    return Part(NEWS, INBOX, int(model.Session.execute(query).scalar_one()))
