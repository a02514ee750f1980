"""``ckan satudata grant …``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ckanext.satudata.bridge import calling


@click.group()
def grant() -> None:
    """Roles of users: walidata, pembina_data, …"""


@grant.command("add")
@click.argument("user")
@click.argument("role")
@click.option("--organization", help="Name or id; without it the role holds for all organizations.")
@click.option("--position", help="staf, kasi, kabid, sekretaris or kepala.")
@click.option("--from", "valid_from", help="First day, e.g. 2026-01-31. Default: now.")
@click.option("--until", "valid_until", help="Last day, e.g. 2026-12-31.")
@click.option("--letter", help="Number of the letter of appointment.")
def grant_add(user: str, role: str, **options: str | None) -> None:
    """Give USER the ROLE."""
    given = calling.run("satudata_grant_create", {"user": user, "role": role, **calling.given(options)})
    click.echo(_line(given))


@grant.command("list")
@click.option("--user")
@click.option("--role")
@click.option("--organization")
@click.option("--ended", is_flag=True, help="Also those that ended.")
def grant_list(**options: Any) -> None:
    """Print the grants."""
    for given in calling.run("satudata_grant_list", calling.given(options)):
        click.echo(_line(given))


@grant.command("end")
@click.argument("grant_id")
def grant_end(grant_id: str) -> None:
    """End a grant now."""
    click.echo(_line(calling.run("satudata_grant_end", {"id": grant_id})))


@grant.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
def grant_import(file: Path, dry_run: bool) -> None:
    """Give the roles in FILE (CSV: user, role, position, organization, valid_from, valid_until, letter).

    All rows or none. Exit status 1 when a row is wrong.
    """
    with file.open("rb") as upload:
        answer = calling.run("satudata_grant_import", {"upload": upload, "dry_run": True})
    for row in answer["rows"]:
        why = ": " + " ".join(row["errors"]) if row["errors"] else ""
        place = row["office"] or "all organizations"
        click.echo(f"{row['line']:>5}  {row['status']:5}  {row['user']}  {row['post'] or row['role']}  {place}{why}")
    click.echo(f"{answer['new']} new, {answer['there']} there already, {answer['wrong']} wrong")
    if answer["wrong"]:
        raise click.ClickException("nothing was given")
    if not dry_run:
        with file.open("rb") as upload:
            calling.run("satudata_grant_import", {"upload": upload})
        click.echo("given")


commands = [grant]


def _line(given: dict[str, Any]) -> str:
    organization = given["organization"]["title"] if given["organization"] else "all organizations"
    position = f"/{given['position']}" if given["position"] else ""
    deputy = f"{given['deputy_kind']} of {given['deputy_of']['name']}: " if given["deputy_kind"] else ""
    until = f" until {given['valid_until']}" if given["valid_until"] else ""
    ended = " (ended)" if given["ended"] else ""
    return f"{given['id']}  {given['user']['name']}  {deputy}{given['role']}{position}  {organization}{until}{ended}"
