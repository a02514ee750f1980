"""The chained history: is it still what was written?

Every event has a link (`satudata_chain`); a link's hash covers the hash before it, its number and the whole event. The
database forges the link at the commit (migration 0006). Verifying reads everything again and needs nothing of what
the database itself believes: the text of an event is written out here a second time, and hashed in Python.

A head (number and hash of the last link), kept outside of the portal, also shows that nothing was cut off at the end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Text

FORMAT = 1
SHOWN = 100  # problems told one by one

# The same columns in the same order as `satudata_event_text` of migration 0006.
EVENT_TEXT = """
jsonb_build_array(
  1, e.id, e.seq, e.case_id, e.subject_type, e.subject_id, e.transition, e.from_state, e.to_state, e.from_stage,
  e.to_stage, e.round, e.actor_id, e.actor_role, e.actor_position, e.override, e.channel, e.note, e.reason,
  e.definition_id, e.content_hash, e.snapshot, e.format, (extract(epoch from e.created) * 1000000)::bigint,
  e.reason_code, e.happened, e.letter, e.deputy_of, e.deputy_kind, e.automatic,
  (extract(epoch from e.due) * 1000000)::bigint, (extract(epoch from e.since) * 1000000)::bigint,
  e.idempotency_key, e.request_hash, e.details
)::text
"""
LINKS = f"""
select c.number, c.event_id, c.previous, c.hash, e.case_id, e.seq,
       case when e.id is not null then {EVENT_TEXT} end as content
  from satudata_chain c left join satudata_event e on e.id = c.event_id
 order by c.number
"""
UNCHAINED = """
select e.id from satudata_event e
 where not exists (select 1 from satudata_chain c where c.event_id = e.id) order by e.seq
"""
# The state of a case is that of its last step; an adopted dataset was public before there was a history.
STATES = """
select c.subject_id, c.state, coalesce(c.stage, '') as stage, last.to_state, coalesce(last.to_stage, '') as to_stage
  from satudata_case c
  left join lateral (select to_state, to_stage from satudata_event e where e.case_id = c.id order by seq desc limit 1)
    as last on true
 where case when last.to_state is null then c.state <> 'draft' and c.basis <> 'adopted'
            else c.state <> last.to_state
              or (c.state = 'in_review' and coalesce(c.stage, '') <> coalesce(last.to_stage, ''))
       end
 order by c.subject_id
"""

WORDS = {
    "edited": Text(
        "Mata rantai {number}: kejadian {event} diubah sesudah dicatat.",
        "Link {number}: event {event} was changed after it was written.",
    ),
    "missing": Text("Mata rantai {number}: kejadian {event} dihapus.", "Link {number}: event {event} was deleted."),
    "gap": Text(
        "Mata rantai {number} seharusnya nomor {expected}: ada yang dihapus di antaranya.",
        "Link {number} should be number {expected}: something in between was removed.",
    ),
    "broken": Text(
        "Mata rantai {number} tidak menyambung ke yang sebelumnya: urutan diubah.",
        "Link {number} does not continue the one before it: the order was changed.",
    ),
    "reordered": Text(
        "Mata rantai {number}: kejadian {event} berada di depan kejadian yang lebih dulu.",
        "Link {number}: event {event} stands in front of an earlier one.",
    ),
    "unchained": Text("Kejadian {event} ditulis tanpa mata rantai.", "Event {event} was written without a link."),
    "state": Text(
        "Dataset {subject}: keadaannya {state}, menurut riwayat {expected}.",
        "Dataset {subject}: its state is {state}, by its history it is {expected}.",
    ),
    "cut": Text(
        "Rantai berakhir di nomor {number}, padahal pernah sampai {expected}: ujungnya dipotong.",
        "The chain ends at number {number} but was as long as {expected}: its end was cut off.",
    ),
    "other_head": Text(
        "Mata rantai {number} bukan yang pernah diekspor: rantai ditulis ulang.",
        "Link {number} is not the one that was exported: the chain was written anew.",
    ),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at a moment; 64 hexadecimal digits of hash."""

    number: int
    hash: str

    def to_dict(self) -> dict[str, Any]:
        """As it is exported."""
        return {"format": FORMAT, "number": self.number, "hash": self.hash, "at": datetime.now(UTC).isoformat()}


@dataclass(slots=True)
class Verified:
    """What was found: number of links read, all problems counted, the first hundred in words."""

    links: int = 0
    head: Head | None = None
    count: int = 0
    problems: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def add(self, code: str, **parameters: Any) -> None:
        """Count a problem and keep it while there are few."""
        self.count += 1
        if len(self.problems) < SHOWN:
            self.problems.append((code, parameters))

    def sentences(self, language: str) -> list[str]:
        """The problems in words."""
        return [WORDS[code].render(language, **parameters) for code, parameters in self.problems]


def head() -> Head | None:
    """The last link; ``None`` while nothing was decided."""
    found = model.Session.execute(
        sa.text("select number, hash from satudata_chain order by number desc limit 1")
    ).first()
    return Head(int(found[0]), str(found[1])) if found is not None else None


def head_from(document: Any) -> Head:
    """A head as :meth:`Head.to_dict` gave it; ``ValueError`` for anything else."""
    if isinstance(document, dict) and document.get("format") == FORMAT:
        number, digest = document.get("number"), document.get("hash")
        if isinstance(number, int) and number > 0 and isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest):
            return Head(number, digest)
    raise ValueError("not an exported head: format, number and hash are expected")


def verify(known: Head | None = None) -> Verified:
    """Read the whole chain again, in one snapshot of the database; with ``known`` also look for a cut end."""
    answer = Verified()
    last_of_case: dict[str, int] = {}
    before, expected = "", 1
    for link in _links():
        answer.links += 1
        _check_link(answer, link, before, expected)
        if link.content is not None:
            if link.seq < last_of_case.get(link.case_id, 0):
                answer.add("reordered", number=link.number, event=link.event_id)
            last_of_case[link.case_id] = link.seq
        if known is not None and link.number == known.number and link.hash != known.hash:
            answer.add("other_head", number=link.number)
        before, expected = link.hash, link.number + 1
        answer.head = Head(int(link.number), str(link.hash))
    reached = answer.head.number if answer.head is not None else 0
    if known is not None and reached < known.number:
        answer.add("cut", number=reached, expected=known.number)
    for event_id in model.Session.execute(sa.text(UNCHAINED)).scalars():
        answer.add("unchained", event=event_id)
    for row in model.Session.execute(sa.text(STATES)):
        answer.add("state", subject=row.subject_id, state=_place(row.state, row.stage), expected=_expected(row))
    return answer


def _links() -> Iterator[Any]:
    """All links with their events, a window at a time: the whole history need not fit into memory."""
    yield from model.Session.execute(sa.text(LINKS), execution_options={"stream_results": True, "yield_per": 2000})


def _check_link(answer: Verified, link: Any, before: str, expected: int) -> None:
    if link.number != expected:
        answer.add("gap", number=link.number, expected=expected)
    elif link.previous != before:
        answer.add("broken", number=link.number)
    if link.content is None:
        answer.add("missing", number=link.number, event=link.event_id)
    elif _hash(link.previous, link.number, link.content) != link.hash:
        answer.add("edited", number=link.number, event=link.event_id)


def _hash(previous: str, number: int, content: str) -> str:
    return hashlib.sha256(f"{previous}|{number}|{content}".encode()).hexdigest()


def _place(state: str, stage: str) -> str:
    return f"{state}/{stage}" if state == "in_review" and stage else state


def _expected(row: Any) -> str:
    return _place(row.to_state, row.to_stage) if row.to_state is not None else "draft"
