"""``ckan satudata triggers …``, ``enforcement …``, ``uninstall``."""

from __future__ import annotations

import click
from ckan import model

from ckanext.satudata.publication import enforcement as modes
from ckanext.satudata.publication import files
from ckanext.satudata.publication import triggers as guards
from ckanext.satudata.publication.adopting.command import adopt


@click.group(short_help="Row triggers of the write guard.")
def triggers() -> None:
    """Row triggers of the write guard."""


@triggers.command("install")
def triggers_install() -> None:
    """Create or replace the triggers (after an upgrade of CKAN's database)."""
    with model.ensure_engine().begin() as connection:
        guards.install(connection)
        click.echo("guarded: " + ", ".join(guards.installed(connection)))


@triggers.command("remove")
def triggers_remove() -> None:
    """Drop the triggers, for an upgrade of CKAN's database; what is private stays private."""
    with model.ensure_engine().begin() as connection:
        guards.remove(connection)
    click.echo("The row triggers are removed. Install them again with: ckan satudata triggers install")


@triggers.command("status")
def triggers_status() -> None:
    """Say which tables are guarded; exit status 1 when none is."""
    with model.ensure_engine().connect() as connection:
        found = guards.installed(connection)
    click.echo("guarded: " + (", ".join(found) or "no table"))
    raise SystemExit(0 if found else 1)


@click.group(short_help="Observe or enforce, per organization.")
def enforcement() -> None:
    """Observe or enforce, per organization."""


@enforcement.command("list")
def enforcement_list() -> None:
    """Show the mode of every organization and what would have been refused."""
    for row in modes.overview():
        counts = ", ".join(f"{what} {times}" for what, times in sorted(row["observed"].items()))
        click.echo(f"{row['mode']:8} {row['name']}" + (f" ({counts})" if counts else ""))


@enforcement.command("set")
@click.argument("organization")
@click.argument("mode", type=click.Choice(["observe", "enforce"]))
def enforcement_set(organization: str, mode: str) -> None:
    """Switch an organization; what is public by then stays public."""
    done = modes.switch({}, organization, mode)
    click.echo(f"{organization}: {mode}" + (f", {done['adopted']} public datasets adopted" if done["adopted"] else ""))


@click.command()
@click.confirmation_option(prompt="Remove the write guard, so that the plugin can be switched off?")
def uninstall() -> None:
    """Prepare the portal for life without this plugin: no triggers, files where CKAN looks for them.

    Unapproved datasets stay private. Our tables stay; `ckan db downgrade -p satudata` drops them.
    """
    moved = files.put_back()
    with model.ensure_engine().begin() as connection:
        guards.remove(connection)
    click.echo(f"{moved} files put back where CKAN looks for them; the row triggers are removed.")


commands = [triggers, enforcement, adopt, uninstall]
