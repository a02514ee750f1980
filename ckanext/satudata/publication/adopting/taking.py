"""Decide for each dataset what becomes of it, and do it in batches; what was done once is not done again."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.core.text import Text
from ckanext.satudata.publication import indexing
from ckanext.satudata.publication.adopting import gaps, reading
from ckanext.satudata.publication.adopting.reading import Office, Row

log = logging.getLogger(__name__)

# What becomes of a dataset, in the order of the columns of the table.
OUTCOMES = {
    "public": Text("tetap publik", "stays public"),
    "hidden": Text("tetap tertutup", "stays closed"),
    "held_back": Text("ditutup", "closed"),
    "decided": Text("sudah lewat alur", "went through the workflow"),
    "observed": Text("publik, diamati", "public, observed"),
}

# A row that was changed meanwhile is left alone: its next look is the next run.
CLOSE = """
update package set private = true, metadata_modified = now() at time zone 'UTC'
 where id = any(:ids) and private is not true and state = 'active' returning id
"""
DRAFT = """
update satudata_case
   set state = 'draft', stage = null, approved = false, basis = 'workflow', due = null, since = now()
 where subject_type = 'dataset' and subject_id = any(:ids) and basis = 'adopted'
"""
CASES = """
insert into satudata_case (subject_type, subject_id, state, approved, basis, organization_id, title, since)
select 'dataset', p.id, case when open then 'published' else 'draft' end, open,
       case when open then 'adopted' else 'workflow' end, nullif(p.owner_org, ''), coalesce(p.title, ''),
       coalesce(p.metadata_modified at time zone 'UTC', now())
  from package p cross join lateral (select p.private is not true and p.state = 'active' as open) as visibility
 where p.id = any(:ids)
on conflict (subject_type, subject_id) do nothing
"""
REMEMBER = """
insert into satudata_reindex (dataset_id, since) select unnest(cast(:ids as text[])), now()
on conflict (dataset_id) do update set since = excluded.since
"""
FORGET = "delete from satudata_reindex where dataset_id = :id"


@dataclass(slots=True)
class Account:
    """What became of the datasets of one office; ``fresh``: those that had no case; ``left``: former statuses."""

    office: Office
    outcomes: Counter[str] = field(default_factory=Counter[str])
    left: Counter[str] = field(default_factory=Counter[str])
    fresh: int = 0
    gaps: int = 0
    lacking: int = 0

    @property
    def datasets(self) -> int:
        return sum(self.outcomes.values())


def outcome(row: Row) -> str:
    """What becomes of a dataset: a key of :data:`OUTCOMES`."""
    adopted = row.case_state is None or row.basis == "adopted"
    if row.public and adopted and not row.published_here and any(one.held_back for one in row.left):
        return "held_back"
    if row.public and adopted:
        return "public"
    if row.public and row.case_state in ("draft", "revision"):
        return "observed"
    return "hidden" if row.case_state in (None, "draft") else "decided"


def adopt(
    only: str | None, *, apply: bool, folder: Path | None, language: str, told: Callable[[str], None]
) -> Iterator[Account]:
    """Go through the offices; without ``apply`` nothing is written. Each batch is a transaction of its own.

    ``folder``: where the work lists go, one for each office. ``told`` hears of every batch.
    """
    for office in reading.offices(only):
        account = Account(office)
        listing = gaps.WorkList(folder, office, language) if folder is not None else None
        with listing or nullcontext():
            for rows in reading.batches(office):
                _count(account, rows, language, listing)
                if apply:
                    _take(rows)
                model.Session.rollback()
                told(f"{office.title or '-'}: {account.datasets}")
        if account.datasets:
            yield account


def _count(account: Account, rows: Iterable[Row], language: str, listing: gaps.WorkList | None) -> None:
    for row in rows:
        becomes = outcome(row)
        account.outcomes[becomes] += 1
        account.fresh += row.case_state is None
        account.left.update(one.render(language) for one in row.left)
        if becomes == "decided":
            continue  # its own review says what it lacks
        found = list(gaps.of_row(row, language))
        account.gaps += len(found)
        account.lacking += bool(found)
        if listing is not None:
            listing.add(row, found, public=becomes in ("public", "observed"))


def _take(rows: Iterable[Row]) -> None:
    """Write what is to be written for a batch, commit, and let the index follow."""
    fresh = [row.id for row in rows if row.case_state is None]
    closing = [row.id for row in rows if outcome(row) == "held_back"]
    if fresh:
        model.Session.execute(sa.text(CASES), {"ids": fresh})
    closed = _close(closing) if closing else []
    model.Session.commit()
    for dataset_id in closed:
        log.info("dataset %s was held back by another extension; it is closed", dataset_id)
        indexing.replace_entry(dataset_id)
        model.Session.execute(sa.text(FORGET), {"id": dataset_id})
        model.Session.commit()


def _close(ids: list[str]) -> list[str]:
    """Make private what was only hidden; what dies before its index has followed is found by the tick."""
    model.Session.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    closed = list(model.Session.execute(sa.text(CLOSE), {"ids": ids}).scalars())
    model.Session.execute(sa.text("select set_config('satudata.pass', '', true)"))
    model.Session.execute(sa.text(DRAFT), {"ids": closed})
    model.Session.execute(sa.text(REMEMBER), {"ids": closed})
    return closed
