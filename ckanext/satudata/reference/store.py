"""Write an edition of a list, and read what is there."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import uuid4

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.core.reference.codelist import CodeList, Entry, code_list
from ckanext.satudata.core.reference.importer import BPS, KEMENDAGRI, REGION_LEVELS, Reading
from ckanext.satudata.reference.model import edition_table, entry_table, list_table

Outcome = Literal["created", "replaced", "unchanged"]

TITLES = {
    KEMENDAGRI: ("Kode wilayah Kemendagri", "Kemendagri region codes"),
    BPS: ("Kode wilayah kerja statistik BPS", "BPS region codes"),
}
_COLUMNS = ("edition_id", "code", "name", "parent", "valid_from", "valid_until", "aliases")


def save(reading: Reading, *, valid_from: date | None, title: tuple[str, str] | None = None) -> Outcome:
    """Store an edition; the caller commits.

    The same content again changes nothing; other content under the same name of the edition replaces it. The edition
    with the latest ``valid_from`` is the one in use (one without a date only until there is one with a date).
    """
    model.Session.execute(_lock(), {"key": reading.list_key})
    content_hash = _content_hash(reading.entries)
    there = model.Session.execute(
        sa.select(edition_table).where(
            edition_table.c.list_key == reading.list_key, edition_table.c.edition == reading.edition
        )
    ).first()
    _name_list(reading.list_key, title)
    if there is not None and there.content_hash == content_hash and valid_from in (None, there.valid_from):
        return "unchanged"
    edition_id = there.id if there is not None else str(uuid4())
    model.Session.execute(sa.delete(entry_table).where(entry_table.c.edition_id == edition_id))
    model.Session.execute(sa.delete(edition_table).where(edition_table.c.id == edition_id))
    values = {
        "id": edition_id,
        "list_key": reading.list_key,
        "edition": reading.edition,
        "valid_from": valid_from if valid_from is not None or there is None else there.valid_from,
        "source": reading.origin.attribution(),
        "content_hash": content_hash,
        "counts": dict(reading.counts),
        "is_current": False,
        "imported": datetime.now(UTC),
    }
    model.Session.execute(sa.insert(edition_table).values(**values))
    _copy(edition_id, reading.entries)
    _choose_current(reading.list_key)
    return "created" if there is None else "replaced"


def editions(list_key: str | None = None) -> Sequence[Any]:
    """Rows of ``satudata_reference_edition``, the one in use first."""
    query = sa.select(edition_table).order_by(
        edition_table.c.list_key, edition_table.c.is_current.desc(), edition_table.c.valid_from.desc().nullslast()
    )
    if list_key is not None:
        query = query.where(edition_table.c.list_key == list_key)
    return model.Session.execute(query).all()


def edition(list_key: str, name: str | None = None) -> Any | None:
    """One edition of a list by its name, or the one in use."""
    chosen = edition_table.c.edition == name if name else edition_table.c.is_current
    return model.Session.execute(sa.select(edition_table).where(edition_table.c.list_key == list_key, chosen)).first()


def counts(row: Any) -> dict[str, int]:
    """How many codes an edition has by level, the highest level first (JSONB keeps no order)."""
    return {level: row.counts[level] for level in (*REGION_LEVELS, "kode") if level in row.counts}


def titles() -> dict[str, tuple[str, str]]:
    """Titles of the imported lists by key."""
    return {row.key: (row.title, row.title_en) for row in model.Session.execute(sa.select(list_table))}


def load(row: Any) -> CodeList:
    """All codes of an edition (a row of :func:`editions`)."""
    title, title_en = titles().get(row.list_key, (row.list_key, row.list_key))
    entries = model.Session.execute(
        sa.select(entry_table).where(entry_table.c.edition_id == row.id).order_by(entry_table.c.code)
    )
    return code_list(
        row.list_key,
        title,
        row.edition,
        (
            Entry(
                entry.code,
                entry.name,
                entry.parent,
                entry.valid_from,
                entry.valid_until,
                tuple(filter(None, entry.aliases.split("|"))),
            )
            for entry in entries
        ),
        source=row.source,
        title_en=title_en,
    )


def named(edition_id: str, codes: Iterable[str]) -> dict[str, str]:
    """Names of some codes of an edition."""
    query = sa.select(entry_table.c.code, entry_table.c.name).where(
        entry_table.c.edition_id == edition_id, entry_table.c.code.in_(list(codes))
    )
    return {row.code: row.name for row in model.Session.execute(query)}


def found(edition_id: str, text: str, parent: str | None, limit: int, offset: int) -> tuple[int, Sequence[Any]]:
    """Entries whose name holds ``text`` or whose code begins with it, and how many there are."""
    conditions = [entry_table.c.edition_id == edition_id]
    if text:
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        conditions.append(sa.or_(entry_table.c.name.ilike(f"%{escaped}%"), entry_table.c.code.like(f"{escaped}%")))
    if parent is not None:
        conditions.append(entry_table.c.parent == parent if parent else entry_table.c.parent.is_(None))
    total = model.Session.execute(sa.select(sa.func.count()).select_from(entry_table).where(*conditions)).scalar()
    query = (
        sa.select(entry_table)
        .where(*conditions)
        # A province before its regencies, so that the first page of a search shows the larger places.
        .order_by(sa.func.length(entry_table.c.code), entry_table.c.code)
        .limit(limit)
        .offset(offset)
    )
    return int(total or 0), model.Session.execute(query).all()


def _lock() -> Any:
    # Two imports of one list at once would fight for the mark "in use".
    return sa.text("select pg_advisory_xact_lock(hashtext('satudata_reference:' || :key))")


def _name_list(list_key: str, title: tuple[str, str] | None) -> None:
    words = title or TITLES.get(list_key) or (list_key, list_key)
    values = {"key": list_key, "title": words[0], "title_en": words[1]}
    statement = insert(list_table).values(**values)
    if title is not None:
        statement = statement.on_conflict_do_update(index_elements=["key"], set_=values)
    else:
        statement = statement.on_conflict_do_nothing()
    model.Session.execute(statement)


def _choose_current(list_key: str) -> None:
    rows = model.Session.execute(sa.select(edition_table).where(edition_table.c.list_key == list_key)).all()
    current = max(rows, key=lambda row: (row.valid_from or date.min, row.imported))
    table = edition_table
    model.Session.execute(sa.update(table).where(table.c.list_key == list_key).values(is_current=False))
    model.Session.execute(sa.update(table).where(table.c.id == current.id).values(is_current=True))


def _copy(edition_id: str, entries: Iterable[Entry]) -> None:
    # COPY: 90,000 rows in about a second, where INSERTs would take half a minute.
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for entry in entries:
        writer.writerow([edition_id, *_cells(entry)])
    buffer.seek(0)
    cursor = model.Session.connection().connection.cursor()
    columns = ", ".join(_COLUMNS)
    cursor.copy_expert(
        f"copy satudata_reference_entry ({columns}) from stdin with (format csv, null '', force_not_null (aliases))",
        buffer,
    )


def _cells(entry: Entry) -> list[str]:
    return [
        entry.code,
        entry.name,
        entry.parent or "",
        entry.valid_from.isoformat() if entry.valid_from else "",
        entry.valid_until.isoformat() if entry.valid_until else "",
        "|".join(entry.aliases),
    ]


def _content_hash(entries: Iterable[Entry]) -> str:
    digest = hashlib.sha256()
    for entry in entries:
        digest.update("\x1f".join(_cells(entry)).encode() + b"\x1e")
    return digest.hexdigest()
