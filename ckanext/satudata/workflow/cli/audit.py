"""``ckan satudata audit …``: the history as evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ckanext.satudata.workflow.records import chain, register


@click.group()
def audit() -> None:
    """The history: verify it, export it."""


@audit.command()
@click.option("--head", "known", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An exported head.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def verify(known: Path | None, as_json: bool) -> None:
    """Find any edit, gap or reordering of the history. Exit status 1 when there is one."""
    found = chain.verify(_head_of(known) if known is not None else None)
    if as_json:
        problems = [{"code": code, **parameters} for code, parameters in found.problems]
        end = found.head.to_dict() if found.head is not None else None
        click.echo(json.dumps({"links": found.links, "count": found.count, "problems": problems, "head": end}))
    else:
        for sentence in found.sentences("id"):
            click.echo(sentence, err=True)
        if found.count > len(found.problems):
            click.echo(f"… dan {found.count - len(found.problems)} lagi", err=True)
        click.echo(f"{found.links} kejadian diperiksa, {found.count} masalah")
    raise SystemExit(1 if found.count else 0)


@audit.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; default: print it.")
def head(output: Path | None) -> None:
    """Print number and hash of the last event. Keep it outside of the portal; `verify --head` compares with it."""
    end = chain.head()
    if end is None:
        raise click.ClickException("belum ada kejadian: riwayat masih kosong")
    words = json.dumps(end.to_dict())
    if output is None:
        click.echo(words)
    else:
        output.write_text(words + "\n", "utf-8")


@audit.command()
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option("--since", help="First day, e.g. 2026-01-01.")
@click.option("--until", help="Last day.")
@click.option("--organization", help="Name or id.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; default: print it.")
def export(form: str, output: Path | None, **asked: Any) -> None:
    """Export the register of decisions."""
    chosen = register.asked({name: value for name, value in asked.items() if value})
    pieces = register.export(chosen, form)
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


commands = [audit]


def _head_of(path: Path) -> chain.Head:
    try:
        return chain.head_from(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise click.ClickException(f"{path}: {error}") from error
