"""``ckan satudata workflow …``."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.satudata.bridge import calling, contributions
from ckanext.satudata.core.workflow import lint, loader


@click.group()
def workflow() -> None:
    """Where datasets stand, and the procedure they follow."""


@workflow.command("show")
@click.argument("dataset")
def workflow_show(dataset: str) -> None:
    """Print where DATASET (id or name) stands, whose turn it is, and what happened."""
    case = calling.run("satudata_case_show", {"id": dataset})
    turn = f", {case['turn']['label']}" if case["turn"] else ""
    due = f", due {case['due']}" if case["due"] else ""
    stage = f" ({case['stage_label']})" if case["stage_label"] else ""
    click.echo(f"{case['title']}: {case['state']}{stage}, round {case['round']}{turn}{due}")
    for event in reversed(calling.run("satudata_history", {"id": dataset})):
        role = f" {event['role']}" if event["role"] else ""
        note = f": {event['note']}" if event["note"] else ""
        override = " (override)" if event["override"] else ""
        click.echo(f"  {event['at']}  {event['transition']}  {event['actor']['name']}{role}{override}{note}")


@workflow.command("lint")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def workflow_lint(file: Path) -> None:
    """Check a workflow FILE; every mistake with its line. Exit status 1 when there is one."""
    try:
        definition = loader.load(file.read_text("utf-8"))
    except loader.DefinitionError as error:
        problems = list(error.problems)
    else:
        problems = lint.lint(definition, gates=set(contributions.gates()))
    for problem in problems:
        click.echo(f"{file}: {problem.render()}", err=True)
    if problems:
        raise SystemExit(1)
    click.echo(f"{file}: tidak ada kesalahan")


commands = [workflow]
