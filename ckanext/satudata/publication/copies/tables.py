"""The tables of a new version in the DataStore: made beside the public ones, renamed in while CKAN commits.

Two databases have no common commit. So the renaming transaction is opened first and kept open: its locks make readers
of these tables wait while CKAN commits, then it is committed at once. What the journal calls ``committed`` and is not
renamed yet (the process died in between) is renamed by whoever looks next; see :mod:`journal`.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import psycopg2
import sqlalchemy as sa
from ckan import model
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.publication import datastore
from ckanext.satudata.publication.copies import points
from ckanext.satudata.publication.copies.model import PLAN_FORMAT, swap

log = logging.getLogger(__name__)

HELD = "satudata_held_swaps"
ORDERED = "satudata_ordered_swaps"
PARKED = "_satudata_old_"  # CKAN 2.12 lists no table that begins so
LOCK_SECONDS = 5

# Views on a table, by the name of the view: what the DataStore calls aliases.
ALIASES = """
select distinct d.refobjid::regclass::text as named, c.relname as alias
  from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class c on c.oid = r.ev_class and c.relkind = 'v'
 where d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass(:table) and d.deptype = 'n'
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the tables of one dataset, by public resource id.

    ``renamed``: public id → name of the table that takes its place; ``dropped``: public ids that have none any more.
    """

    renamed: dict[str, str]
    dropped: tuple[str, ...]

    def is_empty(self) -> bool:
        """No table changes."""
        return not self.renamed and not self.dropped


@dataclass(frozen=True, slots=True)
class Order:
    """A swap whose tables are to be renamed when the transaction commits."""

    swap_id: str
    dataset_id: str
    copy_id: str
    plan: Plan


class TableLostError(RuntimeError):
    """A table that was made for the new version is not there."""


@dataclass(slots=True)
class _Held:
    swap_id: str
    connection: Connection
    transaction: Any


def at_commit(order: Order) -> None:
    """Rename when the present transaction is about to commit; nothing happens when it does not."""
    model.Session().info.setdefault(ORDERED, []).append(order)


def write(order: Order, written: dict[str, Any], state: str) -> None:
    """The row of the journal, in the transaction of the new version."""
    moment = now()
    values: dict[str, Any] = {
        "id": order.swap_id,
        "dataset_id": order.dataset_id,
        "copy_id": order.copy_id,
        "state": state,
    }
    values.update(plan=written, format=PLAN_FORMAT, created=moment, changed=moment)
    model.Session.execute(sa.insert(swap).values(**values))


def _carry_out(session: Any) -> None:
    if session.in_nested_transaction():
        return
    for order in session.info.pop(ORDERED, []):
        written = begin(order.swap_id, order.dataset_id, order.plan)
        points.reached("tables")
        write(order, written, "committed")
        points.reached("journal")


def begin(swap_id: str, dataset_id: str, plan: Plan) -> dict[str, Any]:
    """Rename in a transaction that is kept open until the one of CKAN ends; what the journal has to know.

    Raises ``OperationalError`` when a reader holds a table for longer than ``LOCK_SECONDS``.
    """
    from ckanext.datastore.backend import postgres

    connection = postgres.get_write_engine().connect()
    transaction = connection.begin()
    with ExitStack() as unless_whole:
        unless_whole.callback(connection.close)
        unless_whole.callback(transaction.rollback)
        lock(connection, dataset_id)
        for public in sorted([*plan.renamed, *plan.dropped]):
            datastore.hold(connection, public)
        written = {
            "renamed": [
                {"public": public, "table": table, "oid": oid(connection, table)}
                for public, table in plan.renamed.items()
            ],
            "dropped": list(plan.dropped),
        }
        lost = rename(connection, swap_id, written)
        if lost:
            raise TableLostError(", ".join(lost))
        unless_whole.pop_all()
    model.Session().info.setdefault(HELD, []).append(_Held(swap_id, connection, transaction))
    return written


def lock(connection: Connection, dataset_id: str) -> None:
    """One process at a time renames the tables of a dataset; held until the transaction ends."""
    connection.execute(sa.text(f"set local lock_timeout = '{LOCK_SECONDS}s'"))
    key = {"key": f"satudata-swap:{dataset_id}"}
    connection.execute(sa.text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)


def rename(connection: Connection, swap_id: str, written: dict[str, Any]) -> list[str]:
    """Do what is not done yet; done twice it is done once. Public ids whose new table is nowhere are returned."""
    lost: list[str] = []
    for number, one in enumerate(written["renamed"]):
        public, table, wanted = one["public"], one["table"], one["oid"]
        if oid(connection, public) == wanted:
            continue
        if wanted is None or oid(connection, table) != wanted:
            log.error("the new table of file %s is gone; it is loaded again from the checked cells", public)
            lost.append(public)
            continue
        aliases = _park(connection, public, f"{PARKED}{swap_id[:8]}_{number}")
        connection.execute(sa.text(f"alter table {_quoted(table)} rename to {_quoted(public)}"))
        for alias in aliases:
            connection.execute(sa.text(f"create view {_quoted(alias)} as select * from {_quoted(public)}"))
        _count_follows(connection, table, public)
    for number, public in enumerate(written["dropped"]):
        if oid(connection, public) is not None:
            _park(connection, public, f"{PARKED}{swap_id[:8]}_x{number}")
            _count_follows(connection, None, public)
    return lost


def oid(connection: Connection, table: str) -> int | None:
    """What the database calls the table of this name, now; ``None`` when there is none."""
    query = sa.text("select c.oid::bigint from pg_class c where c.oid = to_regclass(:name)")
    return connection.execute(query, {"name": _quoted(table)}).scalar()


def _park(connection: Connection, table: str, name: str) -> list[str]:
    """Take a table out of the public's way, with its aliases, whose names are returned."""
    if oid(connection, table) is None:
        return []
    aliases = [row.alias for row in connection.execute(sa.text(ALIASES), {"table": _quoted(table)})]
    for alias in aliases:
        connection.execute(sa.text(f"drop view {_quoted(alias)}"))
    connection.execute(sa.text(f"alter table {_quoted(table)} rename to {_quoted(name)}"))
    return aliases


def _count_follows(connection: Connection, table: str | None, public: str) -> None:
    # CKAN 2.12 remembers how many rows a table has, under its name.
    if connection.execute(sa.text("select to_regclass('_table_stats')")).scalar() is None:
        return
    connection.execute(sa.text("delete from _table_stats where resource_id = :id"), {"id": public})
    if table is not None:
        values = {"id": public, "table": table}
        connection.execute(sa.text("update _table_stats set resource_id = :id where resource_id = :table"), values)


def drop_parked() -> None:
    """Drop the tables of earlier versions; each in a transaction of its own, a reader is not waited for long."""
    from ckanext.datastore.backend import postgres

    engine = postgres.get_write_engine()
    with engine.connect() as connection:
        query = sa.text("select tablename from pg_tables where schemaname = 'public' and tablename like :name")
        found = list(connection.execute(query, {"name": PARKED.replace("_", r"\_") + "%"}).scalars())
    for table in found:
        try:
            with engine.begin() as connection:
                connection.execute(sa.text(f"set local lock_timeout = '{LOCK_SECONDS}s'"))
                connection.execute(sa.text(f"drop table if exists {_quoted(table)} cascade"))
        except SQLAlchemyError as error:
            log.warning("table %s is in use and is dropped later: %s", table, error)


def state_of(swap_id: str) -> str | None:
    """What the journal says, as everybody else sees it."""
    with model.ensure_engine().connect() as connection:
        return connection.execute(sa.select(swap.c.state).where(swap.c.id == swap_id)).scalar()


def mark_done(swap_id: str) -> None:
    """The tables follow the metadata. In a transaction of its own."""
    with model.ensure_engine().begin() as connection:
        values = {"state": "done", "changed": sa.func.now()}
        connection.execute(sa.update(swap).where(swap.c.id == swap_id, swap.c.state == "committed").values(**values))


def _quoted(name: str) -> str:
    from ckanext.datastore.backend import postgres

    return postgres.identifier(name)


def _follow(session: Any, transaction: Any) -> None:
    """CKAN's transaction has ended: end those of the DataStore in the same way. The journal knows how it ended."""
    if transaction.parent is not None:
        return
    session.info.pop(ORDERED, None)
    for held in session.info.pop(HELD, []):
        try:
            if state_of(held.swap_id) is None:
                held.transaction.rollback()
                continue
            points.reached("committed")
            held.transaction.commit()
            points.reached("rows")
            mark_done(held.swap_id)
            points.reached("done")
        except (SQLAlchemyError, psycopg2.Error):
            log.exception("the tables of swap %s are left to the next look at the journal", held.swap_id)
        finally:
            held.connection.close()


event.listen(model.Session, "before_commit", _carry_out)
event.listen(model.Session, "after_transaction_end", _follow)
