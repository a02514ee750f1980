"""The guides' page about accuracy, in both languages, from what was counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ckanext.satudata.core.qa.registry import checks
from tests.core.qa.corpus.accuracy import Accuracy, Share, judged_tables
from tests.core.qa.corpus.truth import kinds

DOCS = Path(__file__).resolve().parents[4] / "docs"
PAGES: Mapping[str, Path] = {"id": DOCS / "id" / "ketepatan.md", "en": DOCS / "en" / "accuracy.md"}
COMMAND = "./dev/run python -m tests.core.qa.corpus"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "title": "Ketepatan pemeriksaan",
        "made": "Halaman ini dibuat oleh `{command}`; jangan diubah dengan tangan.",
        "intro": (
            "Seberapa banyak kesalahan yang ditemukan mesin, dan seberapa sering temuannya benar? Ini diukur dengan "
            "{tables} tabel kecil yang dibuat dengan tangan menurut gaya tabel yang dikirim OPD; {clean} di antaranya "
            "tidak mengandung kesalahan. Kode wilayahnya kode resmi, semua angka dan nama lain karangan. Letaknya di "
            "`tests/core/qa/corpus/tables`, masing-masing dengan catatan kebenarannya: apa yang salah, di kolom dan "
            "baris mana, dan apa yang hanya tampak salah."
        ),
        "sum": (
            "Dari {defects} kesalahan ditemukan {found} ({recall}). Dari {alarms} temuan {right} benar ({precision}); "
            "{fair} lagi adalah pertanyaan yang wajar tentang hal yang memang tampak janggal."
        ),
        "how": (
            "Sebuah kesalahan dihitung ditemukan bila temuan yang menjawabnya menyebut semua barisnya. Sebuah temuan "
            "dihitung benar bila semua baris yang disebutnya memang salah menurut catatan; selain itu ia alarm palsu. "
            "Jenis kesalahan yang belum diperiksa dihitung terlewat."
        ),
        "checks": "Menurut pemeriksaan",
        "checks_head": "| Pemeriksaan | Benar | Alarm palsu | Ketepatan |",
        "kinds": "Menurut jenis kesalahan",
        "kinds_head": "| Jenis kesalahan | Ada | Ditemukan | Bagian | Dijawab oleh |",
        "none": "belum diperiksa",
        "untried": "Belum ada contohnya di tabel-tabel itu: {checks}.",
    },
    "en": {
        "title": "Accuracy of the checks",
        "made": "This page is made by `{command}`; do not edit it by hand.",
        "intro": (
            "How many mistakes does the machine find, and how often is what it says right? Measured with {tables} "
            "small tables made by hand in the style of what offices send; {clean} of them hold no mistake. Region "
            "codes are the official ones, all figures and other names are invented. They lie in "
            "`tests/core/qa/corpus/tables`, each with the truth about it: what is wrong, in which column and rows, "
            "and what only looks wrong."
        ),
        "sum": (
            "Of {defects} mistakes {found} are found ({recall}). Of {alarms} findings {right} are right ({precision}); "
            "{fair} more are fair questions about what does look odd."
        ),
        "how": (
            "A mistake counts as found when the findings that answer it name all of its rows. A finding counts as "
            "right when all rows it names are wrong by the truth; otherwise it is a false alarm. Kinds that no check "
            "looks for yet count as missed."
        ),
        "checks": "By check",
        "checks_head": "| Check | Right | False alarms | Precision |",
        "kinds": "By kind of mistake",
        "kinds_head": "| Kind of mistake | There are | Found | Share | Answered by |",
        "none": "not checked yet",
        "untried": "No example of these in the tables yet: {checks}.",
    },
}


def page(counted: Accuracy, language: str) -> str:
    """The whole page as Markdown."""
    return "\n".join([*_top(counted, language), *_by_check(counted, language), *_by_kind(counted, language)]) + "\n"


def _top(counted: Accuracy, language: str) -> Iterator[str]:
    words = _WORDS[language]
    tables = judged_tables()
    found, right = counted.all_found, counted.all_right
    yield f"# {words['title']}\n"
    yield f"*{words['made'].format(command=COMMAND)}*\n"
    clean = sum(1 for table in tables if not table.truth.defects)
    yield words["intro"].format(tables=len(tables), clean=clean) + "\n"
    figures = {
        "defects": found.whole,
        "found": found.part,
        "recall": _percent(found, language),
        "alarms": right.whole,
        "right": right.part,
        "precision": _percent(right, language),
        "fair": sum(counted.fair.values()),
    }
    yield words["sum"].format(**figures) + "\n"
    yield words["how"] + "\n"


def _by_check(counted: Accuracy, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"## {words['checks']}\n"
    yield words["checks_head"]
    yield "|---|---:|---:|---:|"
    untried: list[str] = []
    for check in checks().values():
        share = counted.precision(check.id)
        if share.whole == 0:
            untried.append(check.id)
            continue
        title = check.title.render(language)
        yield f"| {check.id} {title} | {share.part} | {share.whole - share.part} | {_percent(share, language)} |"
    if untried:
        yield "\n" + words["untried"].format(checks=", ".join(untried))
    yield ""


def _by_kind(counted: Accuracy, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"## {words['kinds']}\n"
    yield words["kinds_head"]
    yield "|---|---:|---:|---:|---|"
    for kind in kinds().values():
        share = counted.found.get(kind.id, Share())
        if share.whole:
            known = [answer for answer in kind.answers if answer.partition("/")[0] in checks()]
            by = ", ".join(dict.fromkeys(answer.partition("/")[0] for answer in known)) or words["none"]
            yield f"| {kind.title[language]} | {share.whole} | {share.part} | {_percent(share, language)} | {by} |"


def _percent(share: Share, language: str) -> str:
    """One decimal, with the comma Indonesian has."""
    text = f"{100 * share.ratio:.1f}"
    return f"{text}%" if language == "en" else f"{text.replace('.', ',')}%"
