"""``ckan satudata deputy …``."""

from __future__ import annotations

from typing import Any

import click

from ckanext.satudata.bridge import calling


@click.group()
def deputy() -> None:
    """Plt and Plh: who stands in for whom."""


@deputy.command("add")
@click.argument("user")
@click.argument("deputy_of", metavar="FOR")
@click.option("--kind", type=click.Choice(["plt", "plh"]), required=True, help="plt: vacant post; plh: holder absent.")
@click.option("--role", help="Only posts of this role. Default: all posts of FOR.")
@click.option("--position")
@click.option("--organization", help="Name or id.")
@click.option("--from", "valid_from", help="First day, e.g. 2026-01-31. Default: now.")
@click.option("--until", "valid_until", required=True, help="Last day, e.g. 2026-12-31.")
@click.option("--letter", required=True, help="Number of the letter of appointment.")
def deputy_add(user: str, deputy_of: str, **options: str | None) -> None:
    """Let USER act in the place of FOR."""
    data = {"user": user, "deputy_of": deputy_of, **calling.given(options)}
    _show(calling.run("satudata_deputy_create", data))


@deputy.command("list")
@click.option("--ended", is_flag=True, help="Also those that ended.")
def deputy_list(**options: Any) -> None:
    """Print the deputies."""
    for given in calling.run("satudata_deputy_list", calling.given(options)):
        _show(given)


@deputy.command("end")
@click.argument("deputy_id", metavar="ID")
def deputy_end(deputy_id: str) -> None:
    """End an appointment now."""
    _show(calling.run("satudata_deputy_end", {"id": deputy_id}))


commands = [deputy]


def _show(given: dict[str, Any]) -> None:
    names = f"{given['user']['name']} for {given['deputy_of']['name']}"
    period = f"{given['first_day']} to {given['last_day']}"
    click.echo(f"{given['id']}  {names}  {period}  {given['letter']}  {given['status']}")
    for post in given["posts"]:
        place = post["organization"]["title"] if post["organization"] else "all organizations"
        click.echo(f"    {post['post']}  {place}")
