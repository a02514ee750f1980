"""The command ``satudata check``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.command.one_file import Setup, Task
    from ckanext.satudata.core.qa.command.selection import Chosen
    from ckanext.satudata.core.qa.report import Report

CLEAN, FINDINGS, UNREADABLE = 0, 1, 2
_SEVERITIES = ("error", "warning", "question", "info")
_FORMATS = ("text", "json", "junit", "xlsx", "csv", "frictionless")
# Files side by side, unless somebody says how many; a bar is shown for more than one file, or a large one.
_JOBS = 4
_LARGE = 5_000_000

_ONE_OF = Text("“{value}” tidak dikenal. Pilih salah satu: {known}.", "“{value}” is not known. Choose one of {known}.")
_DAY = Text("“{value}” bukan tanggal. Contoh: 2026-03-31.", "“{value}” is no date. An example: 2026-03-31.")
_WRITTEN = Text("Ditulis: {places}", "Written: {places}")
_NO_FILES = Text(
    "Sebutkan file atau folder yang diperiksa. Contoh: satudata check penduduk.xlsx",
    "Name the files or folders to check. An example: satudata check penduduk.xlsx",
)
_CHECKING = Text("Memeriksa", "Checking")


class _OneOf(click.Choice[str]):
    """A choice that is refused in plain words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value not in self.choices:
            self.fail(_both(_ONE_OF, value=value, known=", ".join(self.choices)), param, ctx)
        return value


class _Day(click.ParamType[str]):
    """An ISO date."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self.fail(_both(_DAY, value=value), param, ctx)


def _both(text: Text, **parameters: Any) -> str:
    """Which language is asked for is not known yet when options are read."""
    return f"{text.render('id', **parameters)} / {text.render('en', **parameters)}"


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE|FOLDER…")
@click.option(
    "--dictionary",
    "-d",
    "dictionaries",
    multiple=True,
    metavar="[NAMA=]PATH",
    help="Kamus data (YAML, JSON, CSV) atau Table Schema: untuk semua file, untuk file bernama NAMA (boleh memakai *), "
    "atau folder berisi kamus bernama sama dengan filenya. Boleh berulang.",
)
@click.option(
    "--reference",
    "-r",
    "references",
    multiple=True,
    metavar="[KEY=]PATH",
    help="Daftar referensi: JSON, CSV (code,name[,parent]), folder, wheel, tarball. Boleh berulang.",
)
@click.option("--checklist", help="Nama atau file daftar pemeriksaan (bawaan: umum).")
@click.option("--table", help="Lembar yang diperiksa dengan kamus data (bawaan: yang terbesar).")
@click.option(
    "--format", "-f", "form", type=_OneOf(_FORMATS), default="text", show_default=True, help="Bentuk laporan."
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="File laporan; untuk xlsx dari beberapa file: folder."
)
@click.option(
    "--severity",
    type=_OneOf(_SEVERITIES),
    default="warning",
    show_default=True,
    help="Tingkat paling ringan yang membuat status keluar 1.",
)
@click.option("--deadline", type=click.FloatRange(min=0, min_open=True), metavar="DETIK", help="Batas waktu tiap file.")
@click.option(
    "--jobs", "-j", type=click.IntRange(1, 64), help=f"File yang diperiksa bersamaan (bawaan: paling banyak {_JOBS})."
)
@click.option("--today", type=_Day(), help="Tanggal pemeriksaan (bawaan: hari ini).")
@click.option("--language", "-l", type=_OneOf(("id", "en")), default="id", show_default=True)
def check(
    files: tuple[Path, ...],
    dictionaries: tuple[str, ...],
    references: tuple[str, ...],
    checklist: str | None,
    table: str | None,
    form: str,
    output: Path | None,
    severity: str,
    deadline: float | None,
    jobs: int | None,
    today: str | None,
    language: str,
) -> None:
    """Periksa FILE, dan semua tabel di FOLDER, lalu sebutkan apa yang harus diperbaiki lebih dulu.

    FILE boleh berupa datapackage.json: tiap tabelnya diperiksa dengan Table Schema-nya.

    \b
    Status keluar: 0 bersih (atau hanya pertanyaan dan keterangan),
                   1 ada yang harus diperbaiki atau peringatan (lihat --severity),
                   2 ada file yang tidak dapat dibaca, atau perintahnya keliru.
    """
    from ckanext.satudata.core.cli import cache_folder
    from ckanext.satudata.core.qa.command.one_file import Setup, Task
    from ckanext.satudata.core.qa.command.output import Output

    now = datetime.now(UTC).astimezone()
    setup = Setup(
        tuple(_reference(named) for named in references),
        str(cache_folder()),
        checklist,
        table,
        today or now.date().isoformat(),
    )
    with _in_plain_words(language):
        chosen = _chosen(files, dictionaries, language)
        place = Output(form, output, chosen)
        cells = place.cells()
        tasks = [Task(str(one.path), one.name, _plain(one), kept) for one, kept in zip(chosen, cells, strict=True)]
        try:
            reports = _judged(tasks, setup, jobs, deadline, language)
            _tell(place, reports, cells, language, severity, now.isoformat(timespec="seconds"))
        finally:
            place.close()
    sys.exit(max(status(report, severity) for report in reports))


def status(report: Report, severity: str = "warning") -> int:
    """Exit status for one report: findings count from ``severity`` up."""
    if report.unreadable is not None:
        return UNREADABLE
    heavy = _SEVERITIES[: _SEVERITIES.index(severity) + 1]
    return FINDINGS if any(report.counts[one] for one in heavy) else CLEAN


class _in_plain_words:  # noqa: N801 - read as part of a sentence
    """What was asked for wrongly is told as a sentence in the language of the command."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from ckanext.satudata.core.qa.checklist import ChecklistError
        from ckanext.satudata.core.qa.command.processes import Refused
        from ckanext.satudata.core.qa.command.refusal import Refusal
        from ckanext.satudata.core.qa.dictionary import DictionaryError
        from ckanext.satudata.core.qa.lists import ListError

        if isinstance(error, (Refusal, DictionaryError)):
            raise click.UsageError(error.sentence(self._language)) from error
        if isinstance(error, (ListError, ChecklistError, Refused)):
            raise click.UsageError(str(error)) from error


def _reference(named: str) -> tuple[str, str]:
    key, _sign, path = named.rpartition("=")
    return key, path


def _plain(chosen: Chosen) -> tuple[dict[str, Any], ...] | None:
    return tuple(column.to_dict() for column in chosen.columns) if chosen.columns is not None else None


def _chosen(files: Sequence[Path], dictionaries: Sequence[str], language: str) -> list[Chosen]:
    from ckanext.satudata.core.qa.command.refusal import Refusal
    from ckanext.satudata.core.qa.command.selection import select, skipped_words

    if not files:
        raise Refusal(_NO_FILES)
    selection = select(files)
    for line in skipped_words(selection.skipped, language):
        click.echo(line, err=True)
    if not selection.files:
        raise Refusal(_NO_FILES)
    if not dictionaries:
        return selection.files
    from ckanext.satudata.core.qa.command.dictionaries import with_dictionaries

    return with_dictionaries(selection.files, dictionaries)


def _judged(
    tasks: Sequence[Task], setup: Setup, jobs: int | None, deadline: float | None, language: str
) -> list[Report]:
    """One file needs no other process, unless it has a deadline."""
    from ckanext.satudata.core.qa.command.one_file import Judge, size_of

    judge = Judge(setup)
    sizes = [size_of(Path(task.path)) or 1 for task in tasks]
    with _Bar(sizes, language) as told:
        if deadline is None and (len(tasks) == 1 or jobs == 1):
            return [
                judge.report(task, lambda done, of, number=number: told(number, done / max(of, 1)))
                for number, task in enumerate(tasks)
            ]
        from ckanext.satudata.core.qa.command.processes import judge_all

        many = min(jobs or min(_JOBS, os.cpu_count() or 1), len(tasks))
        return judge_all(tasks, setup, many, deadline, told)


class _Bar:
    """One bar for all files, on a terminal only; it measures bytes."""

    def __init__(self, sizes: Sequence[int], language: str) -> None:
        self._sizes = sizes
        self._done = [0.0] * len(sizes)
        self._bar: Any = None
        if sys.stderr.isatty() and (len(sizes) > 1 or sum(sizes) > _LARGE):
            self._bar = click.progressbar(length=sum(sizes), label=_CHECKING.render(language), file=sys.stderr)

    def __enter__(self) -> Callable[[int, float], None]:
        if self._bar is not None:
            self._bar.__enter__()
        return self._told

    def _told(self, number: int, fraction: float) -> None:
        if self._bar is None or fraction <= self._done[number]:
            return
        self._bar.update(int(self._sizes[number] * fraction) - int(self._sizes[number] * self._done[number]))
        self._done[number] = fraction

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(*error)


def _tell(
    place: Any, reports: Sequence[Report], cells: Sequence[str | None], language: str, severity: str, now: str
) -> None:
    from ckanext.satudata.core.qa.command.output import CANNOT_WRITE, document
    from ckanext.satudata.core.qa.command.refusal import Refusal

    try:
        if place.form == "xlsx":
            written = place.workbooks(reports, cells, language, now)
            click.echo(_WRITTEN.render(language, places=", ".join(map(str, written))), err=True)
            return
        if place.form == "text":
            text = _text(reports, language)
        else:
            text = document(place.form, reports, language, severity, now)
        if place.target is None:
            click.echo(text, nl=False, color=False if os.environ.get("NO_COLOR") else None)
            return
        place.write(click.unstyle(text))
        click.echo(_WRITTEN.render(language, places=place.target), err=True)
    except OSError as error:
        path = error.filename or place.target
        raise Refusal(CANNOT_WRITE, path=path, why=error.strerror or type(error).__name__) from error


def _text(reports: Sequence[Report], language: str) -> str:
    from ckanext.satudata.core.qa.command.terminal import report_lines, together

    lines = [line for report in reports for line in report_lines(report, language)]
    return "\n".join([*lines, *together(reports, language)]) + "\n"
