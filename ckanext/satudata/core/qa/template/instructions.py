"""The sheet *Petunjuk* of a template: how to fill it in, what each column means, an example, short lists of codes."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.qa.dictionary import Column
from ckanext.satudata.core.qa.template.choices import Choices
from ckanext.satudata.core.text import Text

DATA_SHEET = "Data"
# Lists up to here are written out among the instructions.
_SHORT_LIST = 60
_SHOWN = 6

_TITLE = Text("Petunjuk pengisian: {name}", "How to fill in: {name}")
_STEPS = (
    Text(
        f"1. Isi lembar “{DATA_SHEET}” mulai baris 2: satu baris untuk satu hal yang dicatat.",
        f"1. Fill in the sheet “{DATA_SHEET}” from row 2 on: one row for each thing that is recorded.",
    ),
    Text(
        "2. Jangan ubah judul kolom di baris 1. Jangan tambahkan judul, baris jumlah, atau sel gabungan.",
        "2. Leave the headers in row 1 as they are. Add no titles, lines of totals or merged cells.",
    ),
    Text(
        "3. Bila muncul panah di tepi sel, pilih dari daftarnya.",
        "3. Where an arrow appears beside a cell, choose from its list.",
    ),
    Text(
        "4. Angka diketik tanpa satuan dan tanpa titik ribuan. Sel yang nilainya tidak ada dibiarkan kosong; "
        "tulis 0 hanya bila memang nol.",
        "4. Type figures without unit and without thousands marks. Leave a cell empty where there is no value; "
        "write 0 only if it is zero.",
    ),
    Text(
        "5. Sel yang berwarna kuning harus diisi.",
        "5. Cells that turn yellow have to be filled in.",
    ),
    Text(
        "6. Simpan sebagai .xlsx, lalu unggah file ini. Jangan menulis data di lembar petunjuk ini.",
        "6. Save as .xlsx and upload this file. Write no data on this sheet of instructions.",
    ),
)
_HEADS = (
    Text("Kolom", "Column"),
    Text("Arti", "Meaning"),
    Text("Isi", "Content"),
    Text("Satuan", "Unit"),
    Text("Wajib diisi", "Required"),
    Text("Aturan", "Rules"),
    Text("Contoh", "Example"),
    Text("Daftar kode dan edisi", "Code list and edition"),
)
_EXAMPLE = Text("Contoh satu baris", "Example of a row")
_YES, _NO = Text("ya", "yes"), Text("tidak", "no")
_KINDS = {
    "text": Text("teks", "text"),
    "integer": Text("bilangan bulat", "whole number"),
    "number": Text("angka, boleh desimal", "number, decimals allowed"),
    "date": Text("tanggal (tahun-bulan-hari)", "date (year-month-day)"),
    "year": Text("tahun, empat angka", "year, four digits"),
    "period": Text("periode, misalnya 2025-Q1 atau Januari 2025", "period, such as 2025-Q1"),
    "boolean": Text("Ya atau Tidak", "Ya or Tidak (yes or no)"),
}
_EXAMPLES = {
    "text": Text("…", "…"),
    "integer": Text("125", "125"),
    "number": Text("63,5", "63.5"),
    "date": Text("2025-01-31", "2025-01-31"),
    "year": Text("2025", "2025"),
    "period": Text("2025-Q1", "2025-Q1"),
}
_LEAST = Text("paling kecil {bound}", "at least {bound}")
_MOST = Text("paling besar {bound}", "at most {bound}")
_PATTERN = Text("berbentuk {pattern}", "of the form {pattern}")
_ONE_OF = Text("salah satu dari: {values}", "one of: {values}")
_UNIQUE = Text("tidak boleh berulang", "never twice")
_KEY = Text("kunci: bersama kolom kunci lain tidak boleh berulang", "key: never twice together with the other keys")
_LEADING = Text("tulis lengkap dengan titik dan nol di depan", "write it with its dots and zeros in front")
_MARKS = Text("tanda untuk nilai yang tidak ada: {marks}", "marks for a missing value: {marks}")
_LIST = Text("{title}, edisi {edition}", "{title}, edition {edition}")
_CODE, _NAME = Text("kode", "code"), Text("nama", "name")
_OFFERED = Text("pilih {what}", "choose the {what}")
_TOO_LONG = Text("{number} kode, terlalu banyak untuk daftar pilihan", "{number} codes, too many for a drop-down list")
_NOT_HERE = Text("daftar “{key}” belum dipasang di sini", "list “{key}” is not installed here")


def instruction_rows(
    name: str, columns: Sequence[Column], offers: Sequence[Choices | None], language: str
) -> list[list[str]]:
    """The rows of the sheet, without its mark; ``offers`` are the choices of each column."""
    rows = [[_TITLE.render(language, name=name)], []]
    rows += [[step.render(language)] for step in _STEPS]
    rows += [[], [head.render(language) for head in _HEADS]]
    rows += [_described(column, offer, language) for column, offer in zip(columns, offers, strict=True)]
    examples = [example(column, offer, language) for column, offer in zip(columns, offers, strict=True)]
    rows += [[], [_EXAMPLE.render(language)], [column.name for column in columns], examples]
    return rows + _short_lists(offers, language)


def prompt(column: Column, offer: Choices | None, language: str) -> str:
    """What a program shows beside a cell of the column while it is typed in."""
    parts = (
        column.label if column.label != column.name else "",
        content(column, offer, language),
        f"{_HEADS[3].render(language)}: {column.unit}" if column.unit else "",
        rules(column, language),
    )
    return ". ".join(part for part in parts if part)


def content(column: Column, offer: Choices | None, language: str) -> str:
    """What is written in a cell: a type, or something from a list."""
    if offer is not None and offer.offered and offer.key:
        return _OFFERED.render(language, what=_CODE if offer.coded else _NAME)
    if column.values:
        return _ONE_OF.render(language, values=", ".join(column.values[:_SHOWN]) + _more(len(column.values)))
    return _KINDS.get(column.type, _KINDS["text"]).render(language)


def rules(column: Column, language: str) -> str:
    """Bounds, form, keys and marks of a column in words."""
    said = [
        (_LEAST.render(language, bound=_figure(column.minimum, language)) if column.minimum is not None else ""),
        (_MOST.render(language, bound=_figure(column.maximum, language)) if column.maximum is not None else ""),
        _PATTERN.render(language, pattern=column.pattern) if column.pattern else "",
        _KEY.render(language) if column.key else (_UNIQUE.render(language) if column.unique else ""),
        _LEADING.render(language) if column.type == "text" and (column.list or "").startswith("wilayah") else "",
        _MARKS.render(language, marks=", ".join(column.missing)) if column.missing else "",
    ]
    return "; ".join(part for part in said if part)


def example(column: Column, offer: Choices | None, language: str) -> str:
    """A value that could stand in the column."""
    if offer is not None and offer.offered:
        return offer.offered[0]
    if column.pattern:
        return "…"
    if column.type in ("integer", "number", "year"):
        return (
            _figure(_within(column), language)
            if column.minimum is not None or column.maximum is not None
            else (_EXAMPLES[column.type].render(language))
        )
    return _EXAMPLES.get(column.type, _EXAMPLES["text"]).render(language)


def _within(column: Column) -> float:
    usual = {"integer": 125.0, "number": 63.5, "year": 2025.0}[column.type]
    least = column.minimum if column.minimum is not None else usual
    most = column.maximum if column.maximum is not None else usual
    return min(max(usual, least), most)


def _described(column: Column, offer: Choices | None, language: str) -> list[str]:
    meaning = ". ".join(part.rstrip(".") for part in (column.label, column.description) if part)
    return [
        column.name,
        meaning,
        content(column, offer, language),
        column.unit,
        (_YES if column.required or column.key else _NO).render(language),
        rules(column, language),
        example(column, offer, language),
        _list_words(column, offer, language),
    ]


def _list_words(column: Column, offer: Choices | None, language: str) -> str:
    if column.list and not column.values and offer is None:
        return _NOT_HERE.render(language, key=column.list)
    if offer is None or not offer.key:
        return ""
    edition = offer.edition or column.edition or ""
    named = _LIST.render(language, title=offer.title, edition=edition) if edition else offer.title
    if offer.too_long:
        return f"{named} ({_TOO_LONG.render(language, number=offer.too_long)})"
    return named


def _short_lists(offers: Sequence[Choices | None], language: str) -> list[list[str]]:
    """The reference lists that are short enough to be read, each once: code and name."""
    shown: dict[tuple[str, str, int], Choices] = {}
    for offer in offers:
        if offer is not None and offer.key and 0 < len(offer.offered) <= _SHORT_LIST:
            shown.setdefault((offer.key, offer.edition, len(offer.offered)), offer)
    rows: list[list[str]] = []
    for offer in shown.values():
        codes, names = (offer.offered, offer.beside) if offer.coded else (offer.beside, offer.offered)
        rows += [[], [offer.title], [_CODE.render(language), _NAME.render(language)]]
        rows += [[code, name] for code, name in zip(codes, names, strict=True)]
    return rows


def _more(count: int) -> str:
    return ", …" if count > _SHOWN else ""


def _figure(bound: float, language: str) -> str:
    text = f"{bound:.15g}"
    return text if language == "en" else text.replace(".", ",")
