"""The sheet that says how a workbook of findings is read, and what was left out of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ckanext.satudata.core.qa.export import words
from ckanext.satudata.core.qa.findings import RANGES, SAMPLES
from ckanext.satudata.core.qa.report import Report, number, verdict
from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.export.workbook import Written

# Title, text, severity whose colour the title has.
Line = tuple[str, str, str]

_FILE = Text("File", "File")
_RESULT = Text("Hasil", "Result")
_CHECKED = Text("Diperiksa", "Checked")
_SCORE = Text("Nilai mutu", "Quality score")
_RULES = Text("Aturan", "Rules")
_HASH = Text("Sidik file (SHA-256)", "Fingerprint of the file (SHA-256)")
_COLOURS = {
    "error": Text("Harus diperbaiki sebelum file diajukan.", "Has to be mended before the file is submitted."),
    "warning": Text("Kemungkinan besar salah; periksa dulu.", "Probably wrong; look at it first."),
    "question": Text("Mungkin benar; jelaskan bila memang begitu.", "May be right; explain it if it is."),
    "info": Text("Keterangan saja; tidak diwarnai di tabel.", "A remark only; not coloured in the table."),
}
_TABLE = Text("Lembar “Tabel”", "Sheet “Table”")
_AS_IT_STANDS = Text(
    "Isi setiap sel ditulis seperti di file Anda, sebagai teks. Kolom pertama adalah nomor baris di file Anda. Arahkan "
    "tetikus ke sel berwarna untuk membaca masalahnya dan usulan isinya. Saring menurut warna untuk melihat baris yang "
    "bermasalah saja.",
    "Every cell is written as it stands in your file, as text. The first column is the row number of your file. Point "
    "at a coloured cell to read what is wrong with it and what is proposed. Filter by colour to see faulty rows only.",
)
_MEND = Text("Memperbaiki", "Mending")
_NOT_HERE = Text(
    "Perbaiki di file Anda sendiri, lalu unggah file itu. Jangan unggah laporan ini.",
    "Mend your own file, then upload that. Do not upload this report.",
)
_MASKED = Text("Data pribadi", "Personal data")
_HIDDEN = Text(
    "NIK, nomor telepon, nama orang dan data pribadi lain disamarkan dengan tanda bintang.",
    "Identity numbers, telephone numbers, names of persons and other personal data are hidden by asterisks.",
)
_LEFT_OUT = Text("Yang tidak dimuat", "Left out")
_EXTRACT = Text(
    "Tabel ini besar: {rows} dari {of_rows} baris dimuat, yaitu baris yang ditandai dan baris di sekitarnya.",
    "This is a large table: {rows} of its {of_rows} rows are here, those that are marked and those around them.",
)
_NO_TABLE = Text(
    "Isi tabel tidak dimuat, karena tidak tersimpan bersama laporan ini.",
    "The table itself is not here, because it was not kept with this report.",
)
_COMMENTS = Text(
    "{comments} dari {marked} sel berwarna mempunyai komentar; yang lain hanya diwarnai. Nomor temuannya ada di lembar "
    "“Temuan”.",
    "{comments} of {marked} coloured cells have a comment; the others are only coloured. Their findings are in the "
    "sheet “Findings”.",
)
_RANGES = Text(
    "Temuan nomor {numbers} menyangkut lebih dari {ranges} kelompok baris; hanya yang pertama yang ditandai. Jumlahnya "
    "lengkap.",
    "Findings {numbers} touch more than {ranges} ranges of rows; only the first are marked. Their counts are complete.",
)
_SAMPLES = Text(
    "Usulan isi disertakan untuk paling banyak {samples} sel per temuan.",
    "Proposals are given for at most {samples} cells of a finding.",
)
_OTHERS = Text(
    "Lembar {names} juga diperiksa; temuannya ada di lembar “Temuan”, isinya tidak dimuat.",
    "The sheets {names} were checked, too; their findings are in the sheet “Findings”, their cells are not here.",
)


def explanation(report: Report, written: Written, language: str, checked_at: str | None) -> Iterator[Line]:
    """The lines of the sheet."""
    facts = (
        (_FILE, str(report.file.get("name") or "")),
        (_RESULT, verdict(report, language)),
        (_SCORE, _decimal(report.score, language)),
        (_CHECKED, checked_at or ""),
        (_RULES, f"{report.checklist} {report.rule_version}"),
        (_HASH, str(report.file.get("sha256") or "")),
    )
    yield from ((title.render(language), text, "") for title, text in facts if text)
    yield "", "", ""
    for severity, meaning in _COLOURS.items():
        yield words.SEVERITIES[severity].render(language), meaning.render(language), severity
    yield "", "", ""
    if written.table:
        yield _TABLE.render(language), _AS_IT_STANDS.render(language), ""
    yield _MEND.render(language), _NOT_HERE.render(language), ""
    yield _MASKED.render(language), _HIDDEN.render(language), ""
    for place, text in enumerate(_left_out(report, written, language)):
        yield _LEFT_OUT.render(language) if place == 0 else "", text, ""


def _left_out(report: Report, written: Written, language: str) -> Iterator[str]:
    if not written.table:
        if report.unreadable is None:
            yield _NO_TABLE.render(language)
        return
    if written.rows < written.of_rows:
        rows, of_rows = (number(value, language) for value in (written.rows, written.of_rows))
        yield _EXTRACT.render(language, rows=rows, of_rows=of_rows)
    if written.comments < written.marked:
        comments, marked = (number(value, language) for value in (written.comments, written.marked))
        yield _COMMENTS.render(language, comments=comments, marked=marked)
    cut = [str(place) for place, finding in enumerate(report.findings, 1) if not finding.rows_complete]
    if cut:
        yield _RANGES.render(language, numbers=", ".join(cut), ranges=number(RANGES, language))
    if any(len(finding.samples) >= SAMPLES and finding.samples[0]["proposal"] for finding in report.findings):
        yield _SAMPLES.render(language, samples=SAMPLES)
    others = [str(table["name"]) for table in report.tables if not table["judged"] and table["name"]]
    if others:
        yield _OTHERS.render(language, names=", ".join(f"“{name}”" for name in others[:20]))


def _decimal(value: float | None, language: str) -> str:
    text = "" if value is None else f"{value:.1f}"
    return text if language == "en" else text.replace(".", ",")
