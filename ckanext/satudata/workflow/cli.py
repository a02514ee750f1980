"""``ckan satudata grant …`` and ``ckan satudata workflow …``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click

from ckanext.satudata.bridge import contributions
from ckanext.satudata.core.workflow import lint, loader


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
    given = _call("satudata_grant_create", {"user": user, "role": role, **_set(options)})
    click.echo(_line(given))


@grant.command("list")
@click.option("--user")
@click.option("--role")
@click.option("--organization")
@click.option("--ended", is_flag=True, help="Also those that ended.")
def grant_list(**options: Any) -> None:
    """Print the grants."""
    for given in _call("satudata_grant_list", _set(options)):
        click.echo(_line(given))


@grant.command("end")
@click.argument("grant_id")
def grant_end(grant_id: str) -> None:
    """End a grant now."""
    click.echo(_line(_call("satudata_grant_end", {"id": grant_id})))


@click.group()
def workflow() -> None:
    """Where datasets stand, and the procedure they follow."""


@workflow.command("show")
@click.argument("dataset")
def workflow_show(dataset: str) -> None:
    """Print where DATASET (id or name) stands, whose turn it is, and what happened."""
    case = _call("satudata_case_show", {"id": dataset})
    turn = f", {case['turn']['label']}" if case["turn"] else ""
    due = f", due {case['due']}" if case["due"] else ""
    stage = f" ({case['stage_label']})" if case["stage_label"] else ""
    click.echo(f"{case['title']}: {case['state']}{stage}, round {case['round']}{turn}{due}")
    for event in reversed(_call("satudata_history", {"id": dataset})):
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


commands = [grant, workflow]


def _set(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value}


def _call(action: str, data: dict[str, Any]) -> Any:
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    try:
        return tk.get_action(action)({"user": site_user, "ignore_auth": True}, data)
    except tk.ValidationError as error:
        errors: dict[str, Any] = error.error_dict
        sentences = [f"{field}: {' '.join(map(str, found))}" for field, found in errors.items()]
        raise click.ClickException("\n".join(sentences)) from error
    except tk.ObjectNotFound as error:
        raise click.ClickException(f"not found: {error}") from error


def _line(given: dict[str, Any]) -> str:
    organization = given["organization"]["title"] if given["organization"] else "all organizations"
    position = f"/{given['position']}" if given["position"] else ""
    until = f" until {given['valid_until']}" if given["valid_until"] else ""
    ended = " (ended)" if given["ended"] else ""
    return f"{given['id']}  {given['user']['name']}  {given['role']}{position}  {organization}{until}{ended}"
