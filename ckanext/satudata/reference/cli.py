"""``ckan satudata reference …``: load reference lists and see which are there."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import click
from ckan import model

from ckanext.satudata.core.reference.archive import UnreadableSourceError
from ckanext.satudata.core.reference.importer import KEMENDAGRI, Reading, read_list
from ckanext.satudata.reference import files, store


@click.group(short_help="Reference lists: region codes and others.")
def reference() -> None:
    """Reference lists."""


@reference.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--list", "list_key", default=KEMENDAGRI, show_default=True, help="Key of the list.")
@click.option("--edition", required=True, help='The decree, such as "Kepmendagri 300.2.2-2430/2025".')
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="First day on which the edition holds.")
@click.option("--title", help="What people call the list (for lists of your own).")
@click.option("--dry-run", is_flag=True, help="Read and judge, store nothing.")
def import_list(
    path: Path, list_key: str, edition: str, valid_from: datetime | None, title: str | None, dry_run: bool
) -> None:
    """Load a list from PATH: a CSV file, a folder, a Python wheel, a zip or an npm tarball.

    The same list again changes nothing. Codes of another form, orphans and one code with two names are refused.
    """
    started = time.monotonic()
    try:
        reading = read_list(path, list_key, edition)
    except UnreadableSourceError as error:
        raise click.ClickException(str(error)) from error
    _tell(reading)
    if reading.errors:
        raise click.ClickException("nothing was stored; mend the list first")
    if dry_run:
        click.echo("Dry run: nothing was stored.")
        return
    day = valid_from.date() if valid_from is not None else None
    outcome = store.save(reading, valid_from=day, title=(title, title) if title else None)
    model.repo.commit()
    files.list_file(list_key)
    seconds = time.monotonic() - started
    click.echo(f"{list_key}, {edition}: {outcome} ({len(reading.entries)} codes, {seconds:.1f} s)")


def _tell(reading: Reading) -> None:
    for level, number in reading.counts.items():
        click.echo(f"  {level:<16} {number:>7}")
    for name in reading.left_out:
        click.echo(f"  left out: {name}")
    for line in reading.warnings:
        click.secho(f"  warning: {line}", fg="yellow")
    for line in reading.errors:
        click.secho(f"  error: {line}", fg="red")
    click.echo(f"  Source: {reading.origin.attribution()}")


@reference.command("list")
def list_lists() -> None:
    """Show the imported lists and their editions; the one in use is marked with an asterisk."""
    rows = store.editions()
    if not rows:
        click.echo("No list has been imported yet.")
    for row in rows:
        mark = "*" if row.is_current else " "
        since = row.valid_from.isoformat() if row.valid_from else "-"
        counts = ", ".join(f"{number} {level}" for level, number in store.counts(row).items())
        click.echo(f"{mark} {row.list_key}  {row.edition}  since {since}  {counts}  [{row.source}]")


commands = [reference]
