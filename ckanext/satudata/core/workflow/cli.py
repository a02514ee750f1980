"""``satudata workflow …``: judge and draw a procedure on a laptop, with no CKAN and no server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.workflow.definition import Definition
    from ckanext.satudata.core.workflow.problem import Problem

CLEAN, MISTAKES, UNREADABLE = 0, 1, 2

SOUND = Text("tidak ada kesalahan ({stages} tahap)", "no mistakes ({stages} stages)")
COUNT = Text("{count} kesalahan", "{count} mistakes")
CANNOT_READ = Text("tidak dapat dibaca: {why}", "cannot be read: {why}")
NO_STAGE = Text(
    "Tidak ada tahap atau keadaan `{here}`. Yang ada: {known}.",
    "There is no stage or state `{here}`. There are: {known}.",
)
STATES = ("draft", "revision", "verified", "published")


@click.group()
def workflow() -> None:
    """Alur kerja: periksa dan gambar definisi. Check and draw a procedure."""


@workflow.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--language", "-l", type=click.Choice(["id", "en"]), default="id", show_default=True)
def lint(files: tuple[Path, ...], language: str) -> None:
    """Periksa definisi di FILE; setiap kesalahan dengan baris dan cara memperbaikinya.

    Definisi yang diperluas (`extends`) dicari di folder FILE, lalu di antara definisi bawaan.

    \b
    Status keluar: 0 tidak ada kesalahan,
                   1 ada kesalahan,
                   2 ada berkas yang tidak dapat dibaca.
    """
    sys.exit(max(_judged(path, language) for path in files))


@workflow.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--format", "form", type=click.Choice(["mermaid", "svg"]), default="svg", show_default=True)
@click.option("--here", help="Tandai tahap atau keadaan ini sebagai posisi sekarang.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Berkas hasil; bawaan: layar.")
@click.option("--language", "-l", type=click.Choice(["id", "en"]), default="id", show_default=True)
def chart(file: Path, form: str, here: str | None, output: Path | None, language: str) -> None:
    """Gambar definisi di FILE sebagai SVG atau Mermaid."""
    from ckanext.satudata.core.workflow import chart as drawing

    definition = _loaded(file, language)
    if isinstance(definition, int):
        sys.exit(definition)
    known = [stage.key for stage in definition.stages] + list(STATES)
    if here is not None and here not in known:
        raise click.UsageError(NO_STAGE.render(language, here=here, known=", ".join(known)))
    draw = drawing.svg if form == "svg" else drawing.mermaid
    picture = draw(definition, here, language)
    if output is None:
        click.echo(picture, nl=False)
        return
    try:
        output.write_text(picture, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error


def _judged(path: Path, language: str) -> int:
    from ckanext.satudata.core.workflow.lint import lint as find

    definition = _loaded(path, language)
    if isinstance(definition, int):
        return definition
    problems = find(definition)
    if problems:
        _tell(path, problems, language)
        return MISTAKES
    sound = SOUND.render(language, stages=len(definition.stages))
    click.echo(f"{click.style('✓', fg='green')} {path}: {sound}")
    return CLEAN


def _loaded(path: Path, language: str) -> Definition | int:
    """The definition, or the exit status after its mistakes were told."""
    from ckanext.satudata.core.workflow import loader

    try:
        return loader.load_file(path)
    except loader.DefinitionError as error:
        _tell(path, error.problems, language)
        return MISTAKES
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        click.echo(f"{click.style('✗', fg='red')} {path}: {CANNOT_READ.render(language, why=why)}", err=True)
        return UNREADABLE


def _tell(path: Path, problems: tuple[Problem, ...] | list[Problem], language: str) -> None:
    click.echo(f"{click.style('✗', fg='red')} {path}: {COUNT.render(language, count=len(problems))}", err=True)
    for problem in problems:
        click.echo(f"  {problem.render(language)}", err=True)
