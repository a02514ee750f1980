"""``ckan satudata …``: the commands of all slices in one group."""

from __future__ import annotations

import click

from ckanext.satudata.bridge import contributions, slices


@click.group(short_help="Satu Data Indonesia: workflow, checks, reference lists.")
def satudata() -> None:
    """Satu Data Indonesia."""


@satudata.command()
def tick() -> None:
    """Do the periodic work once (outbox, checks, reconcile); call it every minute."""
    from ckanext.satudata.bridge import clock

    raise SystemExit(clock.tick(contributions.ticks()))


def _add_commands_of_slices() -> None:
    from ckanext.satudata.plugin import SLICES

    for command in slices.collected(SLICES, "cli", "commands"):
        satudata.add_command(command)


_add_commands_of_slices()
