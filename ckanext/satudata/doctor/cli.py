"""``ckan satudata doctor``."""

from __future__ import annotations

import json
from typing import Any

import click

from ckanext.satudata.bridge import calling
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text

MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("i", "blue")}
WELL = Text("Portal sehat: {count} pemeriksaan, tidak ada temuan.", "The portal is well: {count} checks, no finding.")
SUM = Text("{count} pemeriksaan, {found} temuan.", "{count} checks, {found} findings.")
WHY, REMEDY = Text("sebab", "why"), Text("perbaikan", "remedy")
MORE = Text("… dan {count} lagi", "… and {count} more")


@click.command(short_help="Examine the portal.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option("--only", multiple=True, metavar="ID", help="Only this check (may be repeated); --list names them.")
@click.option("--list", "list_them", is_flag=True, help="Name the checks and end.")
def doctor(as_json: bool, only: tuple[str, ...], list_them: bool) -> None:
    """Examine the portal: versions, settings, secrets, storage, guard, index, worker, clock, mail.

    Exit status: 0 nothing to mend, 1 warnings, 2 errors.
    """
    if list_them:
        _list()
        return
    answer = calling.run("satudata_doctor", {"only": list(only)})
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for one in answer["findings"]:
            _tell(one)
        summary = SUM if answer["findings"] else WELL
        counts = {"count": len(answer["checked"]), "found": len(answer["findings"])}
        click.echo(summary.render(language(), **counts))
    raise SystemExit(answer["status"])


def _list() -> None:
    from ckanext.satudata.doctor.registry import checks

    for one in checks().values():
        click.echo(f"{one.id:18} {one.meaning.render(language())}")


def _tell(one: dict[str, Any]) -> None:
    mark, colour = MARKS[one["severity"]]
    click.secho(f"{mark} {one['what']}", fg=colour, nl=False)
    click.echo(f"  [{one['id']}]")
    click.echo(f"    {WHY.render(language())}: {one['why']}")
    click.echo(f"    {REMEDY.render(language())}: {one['remedy']}")
    if one["command"]:
        click.echo(f"    $ {one['command']}")
    for item in one["items"]:
        click.echo(f"      - {item}")
    if one["count"] > len(one["items"]):
        click.echo(f"      {MORE.render(language(), count=one['count'] - len(one['items']))}")


commands = [doctor]
