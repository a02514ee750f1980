"""``ckan satudata office …``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ckanext.satudata.bridge import calling

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
LETTER = click.option("--letter", help="Number of the letter that orders it.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Only say what would happen.")


@click.group()
def office() -> None:
    """Somebody leaves, an organization is renamed, merged or split."""


@office.command("leave")
@click.argument("user")
@click.option("--organization", help="Only what belongs to this organization: a transfer.")
@LETTER
@DRY_RUN
def office_leave(user: str, **options: Any) -> None:
    """End the roles and memberships of USER, free what they hold, list what they began."""
    told = calling.run("satudata_office_leave", {"user": user, **calling.given(options)})
    for grant in told["grants"]:
        place = grant["organization"]["title"] if grant["organization"] else "all organizations"
        click.echo(f"ends    {grant['user']['name']}  {grant['post']}  {place}")
    for place in told["memberships"]:
        click.echo(f"leaves  {place['organization']['title']}  ({place['capacity']})")
    for one in told["claims"]:
        click.echo(f"frees   {one['title']}  {one['state']}  {one['id']}")
    for one in told["begun"]:
        click.echo(f"began   {one['title']}  {one['state']}  {one['id']}")
    _said(dry_run=options["dry_run"])


@office.command("rename")
@click.argument("organization")
@click.option("--name", help="The name in its address.")
@click.option("--title", help="What people read.")
@LETTER
@DRY_RUN
def office_rename(organization: str, **options: Any) -> None:
    """Give ORGANIZATION another name or title."""
    told = calling.run("satudata_office_rename", {"id": organization, **calling.given(options)})
    for key in ("name", "title"):
        mark = "  " if told["before"][key] == told["after"][key] else "->"
        click.echo(f"{key}: {told['before'][key]} {mark} {told['after'][key]}")
    if told["indexed"]:
        click.echo(f"{told['indexed']} datasets indexed again")
    _said(dry_run=options["dry_run"])


@office.command("merge")
@click.argument("organizations", metavar="FROM… INTO", nargs=-1, required=True)
@LETTER
@DRY_RUN
def office_merge(organizations: tuple[str, ...], **options: Any) -> None:
    """Make the organizations FROM part of INTO. Start it again if it was stopped."""
    if len(organizations) < 2:
        raise click.UsageError("name at least one organization, and the one it becomes part of")
    data = {"from": list(organizations[:-1]), "into": organizations[-1], **calling.given(options)}
    _moves(calling.run("satudata_office_merge", data), dry_run=options["dry_run"])


@office.command("split")
@click.argument("source", metavar="FROM")
@click.argument("into")
@click.option(
    "--datasets", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Ids or names, a line each."
)
@click.option("--match", help="Words of the title, or a pattern with *.")
@LETTER
@DRY_RUN
def office_split(source: str, into: str, datasets: Path | None, match: str | None, **options: Any) -> None:
    """Give datasets of FROM to INTO. Start it again if it was stopped."""
    if (datasets is None) == (match is None):
        raise click.UsageError("give either --datasets or --match")
    data: dict[str, Any] = {"from": source, "into": into, **calling.given(options)}
    if match is not None:
        data["match"] = match
    if datasets is not None:
        lines = [line.strip() for line in datasets.read_text("utf-8-sig").splitlines()]
        data["datasets"] = [line for line in lines if line and not line.startswith("#")]
    _moves(calling.run("satudata_office_split", data), dry_run=options["dry_run"])


@office.command("list")
def office_list() -> None:
    """Print what became of offices."""
    for change in calling.run("satudata_office_change_list", {}):
        places = " -> ".join(place["title"] for place in (change["from"], change["into"]) if place)
        person = change["user"]["name"] if change["user"] else ""
        click.echo("  ".join(part for part in (change["at"], change["kind"], person, places, change["letter"]) if part))


commands = [office]


def _moves(told: dict[str, Any], *, dry_run: bool) -> None:
    for warning in told["warnings"]:
        click.echo(f"note: {warning}")
    for move in told["moves"]:
        click.echo(f"{move['from']['title']} -> {move['into']['title']}")
        for one in move["datasets"]:
            place = one["stage_label"] or one["state_label"] or one["state"] or ""
            click.echo(f"  dataset  {one['title']}  {place}  {one['name']}")
        for grant in move["grants"]:
            click.echo(f"  role     {grant['user']['name']}  {grant['post']}")
        for place in move["members"]:
            click.echo(f"  member   {place['user']['name']}  ({place['capacity']})")
        for below in move["below"]:
            click.echo(f"  below    {below['title']}")
        for one in move.get("failed", []):
            click.echo(f"  not moved: {one['title']}: {one['why']}", err=True)
    if not told["moves"]:
        click.echo("nothing is left to do")
    if any(move.get("failed") for move in told["moves"]):
        raise click.ClickException("some datasets were busy; start the command again")
    _said(dry_run=dry_run)


def _said(*, dry_run: bool) -> None:
    click.echo("nothing was changed (dry run)" if dry_run else "done")
