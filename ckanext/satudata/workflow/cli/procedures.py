"""``ckan satudata workflow …``."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.satudata.bridge import calling
from ckanext.satudata.core.workflow import loader
from ckanext.satudata.workflow.procedures import definitions, judging, shelf


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
    """Check a workflow FILE with the gates and facts of this portal; every mistake with its line.

    What it extends is looked for beside it, then in the rulebooks. Exit status 1 when there is a mistake.
    """
    shelves = [folder / "workflows" for folder in shelf.folders()]
    try:
        definition = loader.load(file.read_text("utf-8"), loader.shelf(file.parent, *shelves))
    except loader.DefinitionError as error:
        problems = list(error.problems)
    else:
        problems = judging.of_definition(definition)
    for problem in problems:
        click.echo(f"{file}: {problem.render()}", err=True)
    if problems:
        raise SystemExit(1)
    click.echo(f"{file}: tidak ada kesalahan")


@workflow.command("check")
def workflow_check() -> None:
    """Check the rules that choose workflows, and every workflow they can choose. Exit status 1 for a mistake."""
    verdict = calling.run("satudata_workflow_check", {})
    for file in verdict["files"]:
        for problem in file["problems"]:
            click.echo(f"{file['name']}: {problem['text']}", err=True)
        if not file["problems"]:
            click.echo(f"{file['name']}: tidak ada kesalahan")
    other = verdict["otherwise"]
    click.echo(f"tanpa aturan yang cocok: {other or 'tidak ada alur kerja, jadi tidak dapat diajukan'}")
    if verdict["count"]:
        raise SystemExit(1)


@workflow.command("list")
def workflow_list() -> None:
    """The workflows datasets of this portal can follow, and how many cases run by which version."""
    for found in calling.run("satudata_workflow_list", {}):
        click.echo(f"{found['key']}: {found['title']}{' (default)' if found['default'] else ''}")
    for version, state, count in definitions.running():
        click.echo(f"  {version}  {state}  {count}")


@workflow.command("chart")
@click.argument("key")
@click.option("--format", "form", type=click.Choice(["mermaid", "svg"]), default="mermaid", show_default=True)
def workflow_chart(key: str, form: str) -> None:
    """Draw the workflow KEY of this portal."""
    click.echo(calling.run("satudata_workflow_show", {"key": key})[form], nl=False)


@workflow.command("migrate")
@click.argument("key", required=False)
@click.option("--to", default="current", show_default=True, metavar="VERSION", help="current, a key, or key@hash.")
@click.option("--map", "names", multiple=True, metavar="OLD=NEW", help="A stage that is called otherwise now.")
@click.option("--dataset", "datasets", multiple=True, metavar="NAME", help="Only this dataset; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
def workflow_migrate(
    key: str | None, to: str, names: tuple[str, ...], datasets: tuple[str, ...], dry_run: bool
) -> None:
    """Move running cases (of workflow KEY) to another version. Exit status 1 when some have no place in it."""
    asked = {"workflow": key, "to": to, "map": _pairs(names), "datasets": list(datasets)}
    answer = calling.run("satudata_workflow_migrate", {**calling.given(asked), "dry_run": dry_run})
    for found in answer["results"]:
        stage = f"{found['stage'] or '-'} → {found['new_stage'] or '-'}"
        due = f"{_day(found['due'])} → {_day(found['new_due'])}"
        done = "dipindah" if found["moved"] else found["problem"] or ("akan dipindah" if dry_run else "tidak dipindah")
        click.echo(f"{found['title']}  {found['from']} → {found['to']}  {found['state']}  {stage}  {due}  {done}")
    for problem in answer["problems"]:
        click.echo(problem, err=True)
    click.echo(f"{answer['count']} kasus, {answer['moved']} dipindah, {answer['refused']} tidak dapat dipindah")
    if answer["refused"]:
        raise SystemExit(1)


def _pairs(names: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        old, mark, new = name.partition("=")
        if not (old and mark and new):
            raise click.BadParameter("write old=new", param_hint="--map")
        found[old] = new
    return found


def _day(moment: str | None) -> str:
    return moment[:10] if moment else "-"


commands = [workflow]
