"""``ckan satudata …``: the commands of all slices in one group."""

from __future__ import annotations

import time

import click

from ckanext.satudata.bridge import contributions, slices


@click.group(short_help="Satu Data Indonesia: workflow, checks, reference lists.")
def satudata() -> None:
    """Satu Data Indonesia."""


@satudata.command()
@click.option("--every", type=click.IntRange(min=1), metavar="SECONDS", help="Go on for ever, with this pause.")
def tick(every: int | None) -> None:
    """Do the periodic work (outbox, checks, reconcile) once; call it every minute, or keep it running by --every."""
    from ckanext.satudata.bridge import clock

    status = clock.tick(contributions.ticks())
    while every is not None:
        time.sleep(every)
        clock.tick(contributions.ticks())
    raise SystemExit(status)


def _add_commands_of_slices() -> None:
    from ckanext.satudata.plugin import SLICES

    for command in slices.collected(SLICES, "cli", "commands"):
        satudata.add_command(command)


_add_commands_of_slices()
