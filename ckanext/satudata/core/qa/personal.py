"""Personal data in tables: how it is recognised, and how it is hidden wherever a report would show it.

A NIK has sixteen digits: province, regency and district (six), day of birth (plus 40 for women), month and year (six),
a number (four). A KK number has the same form with the day of its issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.findings import column_name
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.model import TableColumn

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.dictionary import Bound
    from ckanext.satudata.core.qa.report import Finding

# Provinces, past and present; then any regency and district; day 1–31 or 41–71, month, year; never number 0000.
_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])"
_BORN = r"(?:0[1-9]|[1256]\d|[37][01]|4[1-9])(?:0[1-9]|1[0-2])\d\d"
NIK = rf"{_PROVINCE}\d{{4}}{_BORN}(?:000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{{3}})"
# Sixteen digits that a spreadsheet took for a number.
DAMAGED = r"(?i)^\d[.,]\d+E\+?1[4-6]$"
INSIDE = rf"(?:^|\D){NIK}(?:\D|$)"
EMAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
# Mobile numbers only: an office has a landline.
PHONE = r"(?:\+?62|0)[\s.\-]?8\d(?:[\s.\-]?\d){6,10}"
# Addresses of offices are public.
OFFICE_MAIL = (
    r"(?i)@[a-z0-9.\-]*(?:go|desa|mil)\.id$|^(?:info|admin|dinas|kantor|humas|ppid|sekretariat|cs|kontak)[^@]*@"
)

_NAMES = {
    "nik": r"\b(?:nik|no ktp|nomor ktp|ktp|no identitas|nomor identitas|nomor induk kependudukan)\b",
    "kk": r"\b(?:no kk|nomor kk|nokk|kk|no kartu keluarga|nomor kartu keluarga)\b",
    "phone": r"\b(?:hp|no hp|telp|telepon|telpon|wa|whatsapp|handphone|ponsel|kontak|no kontak|seluler)\b",
    "account": r"\b(?:no rek|norek|no rekening|nomor rekening|rekening|rekening bank)\b",
    "person": r"\bnama (?:lengkap|penerima|kepala "
    "keluarga|kk|ibu|bapak|ayah|anak|siswa|peserta|pasien|pemilik|penduduk|warga"
    r"|korban|pemohon|wajib pajak|balita|lansia|istri|suami|orang tua|wali|individu|guru|mahasiswa|penyandang)\b",
    "birth": r"\b(?:tanggal lahir|tgl lahir|ttl|tempat tanggal lahir|lahir)\b",
    "address": r"\b(?:alamat|alamat rumah|tempat tinggal)\b",
}
_COUNTS = re.compile(r"\b(?:jumlah|jml|banyak|persen|persentase|rata|total|rasio)\b")
_PERSON = re.compile(r"nama(?: orang)?")
# Kinds that identify a person by themselves.
NUMBERS = ("nik", "kk")


def found_in(bound: Bound) -> dict[str, str]:
    """The kind of personal data in each column, by the column's id: ``nik``, ``kk``, ``phone``, ``email``, ``account``,
    ``person`` (a name), ``birth``, ``address``, ``inside`` (numbers within a text).
    """
    kinds: dict[str, str] = {}
    for there in bound.table.columns:
        if there.id in bound.shape.wide_ids:
            continue
        kind = _kind(bound.table.rows[there.id].unique().str.strip_chars(), there)
        if kind is not None:
            kinds[there.id] = kind
    if any(kind in ("nik", "kk", "phone", "birth", "account") for kind in kinds.values()):
        for there in bound.table.columns:
            if there.id not in kinds and _PERSON.fullmatch(_words(there.name)):
                kinds[there.id] = "person"
    # An address alone may be that of a school or a market.
    if not {"nik", "kk", "person", "birth", "account"} & set(kinds.values()):
        return {column: kind for column, kind in kinds.items() if kind != "address"}
    return kinds


def _kind(cell: pl.Series, there: TableColumn) -> str | None:
    words = _words(there.name)
    said = next((kind for kind, pattern in _NAMES.items() if re.search(pattern, words)), None)
    if _COUNTS.search(words) or cell.len() == 0:
        return None
    if said in ("birth", "address", "person"):
        return said if bool(cell.str.contains(r"\p{L}{2}|\d{2}").any()) else None
    if said in NUMBERS and bool(cell.str.contains(DAMAGED).any()):
        return said
    longest = cell.str.len_chars().max()
    if not isinstance(longest, int) or longest < 8:
        return None
    bare = cell.str.replace_all(r"[\s.'’`\-]", "")
    if longest >= 16:
        sixteen = bare.filter(bare.str.contains(r"^\d{16}$"))
        valid = sixteen.str.contains(f"^{NIK}$").mean()
        if sixteen.len() and (said in NUMBERS or (isinstance(valid, float) and valid >= 0.5)):
            return said if said in NUMBERS else "nik"
        if bool(cell.str.contains(INSIDE).any()):
            return "inside"
    if said == "account" and bool(bare.str.contains(r"^\d{8,16}$").any()):
        return "account"
    if bool(cell.str.contains(EMAIL).any()):
        return "email"
    digits = bare.str.contains(r"^(?:\+?62|0)8\d{7,11}$")
    return "phone" if bool(digits.any()) and (said == "phone" or 2 * int(digits.sum()) > digits.len()) else None


def _words(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", same_name(name)).split())


def masked(text: str) -> str:
    """What a report may show: the first letter of each word, the first four digits of a long number.

    ``Budi Santoso`` → ``B*** S******``, ``3299990101900001`` → ``3299************``, ``1990-01-02`` → ``****-**-**``.
    """

    def digits(found: re.Match[str]) -> str:
        kept = 4 if len(found[0]) >= 10 else 0
        return found[0][:kept] + "*" * (len(found[0]) - kept)

    # What is hidden already stays as it is: a finding may pass here twice.
    hidden = re.sub(r"\d+(?![\d*])", digits, text)
    return re.sub(r"[^\W\d_]{2,}", lambda found: found[0][0] + "*" * (len(found[0]) - 1), hidden)


_LOOSE = re.compile(rf"\d{{16}}|{EMAIL}|{PHONE}")


def mask_numbers(text: str) -> str:
    """The text with identity numbers, mobile numbers and mail addresses hidden, and nothing else."""
    return _LOOSE.sub(lambda found: masked(found[0]), text)


def hidden_columns(bounds: Mapping[str, Bound]) -> dict[str, set[str]]:
    """The names of the columns that hold personal data, for each table that holds any (numbers within texts too)."""
    return {
        name: {column_name(bound.table, column) for column, kind in bound.shape.personal.items() if kind != "inside"}
        for name, bound in bounds.items()
        if bound.shape.personal
    }


def covered(bound: Bound) -> pl.DataFrame:
    """The rows of a table with personal data hidden in their cells."""
    return bound.table.rows.with_columns(
        pl.col(column).map_elements(mask_numbers if kind == "inside" else masked, return_dtype=pl.String)
        for column, kind in bound.shape.personal.items()
    )


def concealed(findings: Iterable[Finding], columns: Mapping[str, set[str]]) -> list[Finding]:
    """The findings with the cells of these columns (by table) hidden in samples, proposals, notes and parameters; in
    the other columns of these tables numbers of persons are.
    """
    return [
        _concealed(finding, columns[finding.table]) if finding.table in columns else finding for finding in findings
    ]


def _concealed(finding: Finding, columns: set[str]) -> Finding:
    samples = tuple(_sample(sample, columns, finding) for sample in finding.samples)
    parameters = {
        key: mask_numbers(value) if isinstance(value, str) else value for key, value in finding.parameters.items()
    }
    return replace(finding, samples=samples, parameters=parameters)


def _sample(sample: dict[str, Any], columns: set[str], finding: Finding) -> dict[str, Any]:
    # A finding about several columns names them all, or none.
    named = str(sample["column"])
    hide = named in columns or finding.column in columns or bool(columns & set(named.split(", ")))
    cover = masked if hide or (not named and columns) else mask_numbers
    return {
        **sample,
        "value": cover(str(sample["value"])),
        "proposal": cover(str(sample["proposal"])) if sample["proposal"] else sample["proposal"],
        "note": {key: cover(value) if isinstance(value, str) else value for key, value in sample["note"].items()},
    }
