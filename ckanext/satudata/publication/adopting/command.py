"""``ckan satudata adopt``: take an existing catalogue in; without ``--apply`` it only shows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication.adopting import reading, taking
from ckanext.satudata.publication.adopting.taking import OUTCOMES, Account

OFFICE, ALL = Text("organisasi", "organization"), Text("semua", "all")
DATASETS, FRESH = Text("dataset", "datasets"), Text("tanpa kasus", "without a case")
LACKING, NO_OFFICE = Text("belum lengkap", "incomplete"), Text("(tanpa organisasi)", "(no organization)")
LEFT = Text("Status dari plugin lain:", "Statuses left by other plugins:")
HELD_BACK = Text(
    "“Ditutup”: dahulu disembunyikan oleh plugin lain tanpa ditutup di CKAN; menjadi konsep yang tertutup.",
    "“Closed”: hidden by another plugin without being closed in CKAN; it becomes a closed draft.",
)
DRY = Text(
    "Belum ada yang diubah. Lakukan dengan: ckan satudata adopt --apply",
    "Nothing was changed. Do it by: ckan satudata adopt --apply",
)
DONE = Text(
    "Selesai. Nomor, nama, dan alamat tetap. Yang publik bertanda “belum diverifikasi”; agar pencarian mengikutinya: "
    "ckan search-index rebuild",
    "Done. Ids, names and addresses stay. What is public is marked “not verified yet”; for the search to follow: "
    "ckan search-index rebuild",
)
LISTS = Text("Daftar kekurangan per OPD: {folder}", "Work lists by office: {folder}")


@click.command(short_help="Take an existing catalogue in.")
@click.option("--apply", is_flag=True, help="Do it; without this, only show what would happen.")
@click.option("--organization", metavar="NAME", help="Only this organization (id or name).")
@click.option(
    "--gaps",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write a work list (CSV) for each organization: what its datasets lack.",
)
def adopt(apply: bool, organization: str | None, folder: Path | None) -> None:
    """Take an existing catalogue in: ids, names and addresses stay, what the public saw stays public.

    Shows what would happen; does it with --apply. May be interrupted and repeated at any time.
    """
    if organization is not None and not reading.offices(organization):
        raise click.ClickException(f"not found: organization {organization}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    spoken = language()
    accounts = list(taking.adopt(organization, apply=apply, folder=folder, language=spoken, told=_progress))
    _table(accounts, spoken)
    _former(accounts, spoken)
    if folder is not None:
        click.echo(LISTS.render(spoken, folder=folder))
    click.echo((DONE if apply else DRY).render(spoken))


def _progress(text: str) -> None:
    click.echo(text, err=True)


def _table(accounts: list[Account], spoken: str) -> None:
    heads = [OFFICE, DATASETS, *OUTCOMES.values(), FRESH, LACKING]
    lines = [[head.render(spoken) for head in heads]]
    lines += [_line(account.office.title or NO_OFFICE.render(spoken), [account]) for account in accounts]
    lines.append(_line(ALL.render(spoken), accounts))
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        cells = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        click.echo("  ".join([line[0].ljust(widths[0]), *cells]))


def _line(title: str, accounts: list[Account]) -> list[str]:
    counts = [sum(account.outcomes[key] for account in accounts) for key in OUTCOMES]
    rest = [sum(account.fresh for account in accounts), sum(account.lacking for account in accounts)]
    return [title, *(str(number) for number in (sum(counts), *counts, *rest))]


def _former(accounts: list[Account], spoken: str) -> None:
    former: Counter[str] = sum((account.left for account in accounts), Counter())
    if former:
        click.echo(LEFT.render(spoken))
        for words, times in sorted(former.items()):
            click.echo(f"  {words}: {times}")
    if any(account.outcomes["held_back"] for account in accounts):
        click.echo(HELD_BACK.render(spoken))
