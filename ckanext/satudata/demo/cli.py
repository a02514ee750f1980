"""``ckan satudata demo``: an invented regency to look at and to try things on."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import click

from ckanext.satudata.demo import accounts as accounts_of_demo
from ckanext.satudata.demo import load as loader
from ckanext.satudata.demo.catalogue import catalogue


@click.group()
def demo() -> None:
    """An invented regency with accounts, tables and decisions."""


@demo.command()
@click.option("--beside-others", is_flag=True, help="Also on a portal that holds other organizations.")
@click.option("--only", multiple=True, metavar="NAME", help="Load this dataset only; may be given several times.")
@click.option("--no-accounts", is_flag=True, help="Do not print the accounts; `demo accounts` does.")
@click.option("--quiet", is_flag=True, help="Say only what went wrong.")
def load(beside_others: bool, only: tuple[str, ...], no_accounts: bool, quiet: bool) -> None:
    """Load the demo; safe to repeat."""
    try:
        loader.load((lambda _line: None) if quiet else click.echo, beside_others=beside_others, only=only)
    except loader.Refused as refused:
        raise click.ClickException(str(refused)) from refused
    except tk.ValidationError as problem:
        raise click.ClickException(json.dumps(problem.error_dict, ensure_ascii=False, default=str)) from problem
    if not quiet:
        click.echo(f"\n{catalogue()['portal']['notice']}\n")
        if not no_accounts:
            _print()


@demo.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def accounts(form: str) -> None:
    """Print the accounts of the demo with their passwords."""
    if form == "json":
        click.echo(json.dumps(accounts_of_demo.accounts(), ensure_ascii=False, indent=2))
    else:
        _print()


def _print() -> None:
    rows = accounts_of_demo.accounts()
    wide = max(len(row["name"]) for row in rows)
    far = max(len(row["password"]) for row in rows)
    for row in rows:
        click.echo(f"  {row['name']:<{wide}}  {row['password']:<{far}}  {row['title']}: {row['does']}")


commands = [demo]
