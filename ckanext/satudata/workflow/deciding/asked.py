"""What somebody asks for with a decision: the data of ``satudata_transition``, and whether it was asked before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Request, Seen
from ckanext.satudata.core.workflow.states import RULES
from ckanext.satudata.workflow.model import CaseRow, EventRow

# What makes two requests with one key the same.
SAME = (
    "transition",
    "expected",
    "content_hash",
    "note",
    "reason",
    "reason_code",
    "notes",
    "evidence",
    "form",
    "happened",
    "letter",
    "at",
)
REPEATED = timedelta(minutes=10)  # whose right to read ended with a decision gets the answer again so long
OTHER_REQUEST = Text(
    "Kunci ini sudah dipakai untuk permintaan lain. Pakai kunci baru untuk keputusan baru.",
    "This key was used for another request. Use a new key for a new decision.",
)
BEFORE_LAST = Text(
    "Tanggal keputusan di atas kertas tidak boleh sebelum langkah terakhir ({last}).",
    "The date of a decision made on paper cannot be before the last step ({last}).",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came. ``clock``: nobody pressed a button; the case is taken as it is now."""

    transition: str
    data: Mapping[str, Any]
    user_id: str
    channel: str
    clock: bool = False

    @property
    def key(self) -> str | None:
        """What makes a repeat recognisable."""
        return self.data.get("idempotency_key") or None

    def ids(self, name: str) -> list[str] | None:
        """Ids of notes or files; ``None``: all that are pending."""
        return self.data.get(name)

    def request(self, row: CaseRow, content_hash: str, evidence: frozenset[str]) -> Request:
        """As the engine wants it."""
        moment = now()
        return Request(
            transition=self.transition,
            seen=self._seen(row, content_hash),
            content_hash=content_hash,
            note=self.data.get("note") or "",
            reason=self.data.get("reason") or "",
            reason_code=self.data.get("reason_code") or "",
            evidence=evidence,
            form=self.data.get("form") or {},
            happened=self.data.get("happened"),
            at=self.data.get("at"),
            now=moment,
            today=terms.calendar().local_date(moment),
        )

    def digest(self, subject_id: str) -> str:
        """A hash of all that was asked, of which dataset."""
        said = {name: self.data.get(name) for name in SAME}
        text = json.dumps({**said, "id": subject_id}, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _seen(self, row: CaseRow, content_hash: str) -> Seen:
        if self.clock:
            return Seen(row.state, row.stage, row.round, content_hash)
        expected = self.data["expected"]
        return Seen(expected["state"], expected["stage"], expected["round"], self.data["content_hash"])


def repeated(asked: Asked) -> EventRow | None:
    """The decision this person took with that key before."""
    if asked.key is None:
        return None
    query = sa.select(EventRow).where(EventRow.actor_id == asked.user_id, EventRow.idempotency_key == asked.key)
    return model.Session.execute(query).scalars().first()


def just_decided(user_id: str, key: str | None) -> bool:
    """Whether this person took a decision with that key a moment ago: a double click, or an answer that was lost."""
    query = sa.select(EventRow.id).where(EventRow.actor_id == user_id, EventRow.idempotency_key == key)
    recent = query.where(EventRow.created > now() - REPEATED)
    return bool(key) and model.Session.execute(recent).first() is not None


def too_early(row: CaseRow, happened: date | None) -> Reason | None:
    """Why a day cannot be that of the next decision: something happened later."""
    if happened is None:
        return None
    query = (
        sa.select(EventRow.happened, EventRow.created)
        .where(EventRow.case_id == row.id, EventRow.transition.in_(tuple(RULES)))
        .order_by(EventRow.seq.desc())
        .limit(1)
    )
    found = model.Session.execute(query).first()
    if found is None:
        return None
    last = found.happened or terms.calendar().local_date(found.created)
    return reason("happened_before_last", BEFORE_LAST, last=last.isoformat()) if happened < last else None


def moment_of(text: str) -> datetime:
    """A moment written as ISO 8601; without a zone it is meant in the portal's. ``ValueError`` when it is none."""
    found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(terms.calendar().timezone))


def day_of(text: str) -> date:
    """A day as 2026-01-31. ``ValueError`` when it is none."""
    return date.fromisoformat(text.strip())
