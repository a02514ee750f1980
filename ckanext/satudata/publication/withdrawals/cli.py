"""``ckan satudata files …``."""

from __future__ import annotations

import click
from ckan import model

from ckanext.satudata.publication.withdrawals import sweeping

KINDS = {"blob": "file", "csv": "table as CSV", "table": "table of the DataStore"}


@click.group(short_help="Stored files and tables that nothing needs.")
def files() -> None:
    """Stored files and tables that nothing needs."""


@files.command("gc")
@click.option("--days", type=click.IntRange(min=0), default=30, show_default=True, help="Leave alone what is younger.")
@click.option("--apply", is_flag=True, help="Remove it. Without this option it is only shown.")
def files_gc(days: int, apply: bool) -> None:
    """Find what nothing needs any more, and remove it with --apply.

    Needed is what a resource shows, what an approved version holds, and every upload of a dataset that is being
    reviewed. What is younger than an hour is left alone in any case. What was removed is kept in the table
    satudata_removal. Exit status 1: something could not be removed, it was needed again by then.
    """
    found = sweeping.find(days)
    model.Session.rollback()
    for one in found:
        click.echo(f"{KINDS[one.kind]:22} {one.key}  {one.size:>12} bytes  {one.days:>5} days")
    size = sum(one.size for one in found)
    if not apply:
        click.echo(f"{len(found)} would be removed, {size} bytes. Remove them with --apply.")
        return
    removed = sweeping.remove(found)
    click.echo(f"{len(removed)} removed, {sum(one.size for one in removed)} bytes.")
    raise SystemExit(0 if len(removed) == len(found) else 1)


commands = [files]
