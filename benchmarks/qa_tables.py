"""Tables with known faults, for the speed of checking and for the plain engine of the tests; made from a seed.

Ten columns like those of an Indonesian regency's table; places are invented. The faults are such that Table Schema
and the cell grammar of this project call them by the same name: words among figures, impossible dates, values outside
lists and bounds, codes of another form, missing values, rows and keys that stand twice.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

COLUMNS = (
    *("kode_provinsi", "nama_provinsi", "kode_kabupaten", "nama_kabupaten", "kode_desa", "tahun", "jumlah"),
    *("satuan", "persentase", "tanggal"),
)
KEY = ("kode_desa", "tahun", "satuan")
UNITS = (
    *("ORANG", "KELUARGA", "UNIT", "HEKTAR", "TON", "KILOGRAM", "EKOR", "RUPIAH", "PERSEN", "METER", "LITER", "BUAH"),
)
VILLAGES = 83_000
LIST = "desa_contoh"
# What both engines take for "no value".
MISSING = ("", "-", "n/a")
DICTIONARY: list[dict[str, Any]] = [
    {"kolom": "kode_provinsi", "wajib": True, "pola": "[0-9]{2}"},
    {"kolom": "nama_provinsi", "wajib": True},
    {"kolom": "kode_kabupaten", "wajib": True, "pola": r"[0-9]{2}\.[0-9]{2}"},
    {"kolom": "nama_kabupaten", "wajib": True},
    {"kolom": "kode_desa", "wajib": True, "kunci": True, "daftar": LIST},
    {"kolom": "tahun", "tipe": "integer", "wajib": True, "kunci": True, "minimal": 2000, "maksimal": 2024},
    {"kolom": "jumlah", "tipe": "integer", "wajib": True, "minimal": 0, "maksimal": 1_000_000_000},
    {"kolom": "satuan", "wajib": True, "kunci": True, "nilai": list(UNITS)},
    {"kolom": "persentase", "tipe": "number", "wajib": True, "minimal": 0, "maksimal": 100},
    {"kolom": "tanggal", "tipe": "date", "wajib": True},
]
_FAULTS = (*("unknown", "integer", "number", "date", "missing", "percent", "year", "unit", "form", "row", "key"),)


def rows(count: int, share: float, seed: int = 7) -> Iterator[list[str]]:
    """``count`` rows of which the part ``share`` (0 to 1) has a fault, the first fiftieth none."""
    dice = random.Random(seed)
    villages = codes()
    clean: list[list[str]] = []
    for number in range(count):
        row = _row(villages[number % VILLAGES], number, dice)
        if number > count // 50 and clean and dice.random() < share:
            yield _spoiled(row, clean, number, dice)
            continue
        # Rows that may be copied later on; a copy of a row is told of the copy.
        if len(clean) < 5_000 or number % 50 == 0:
            clean.append(row)
        yield row


def codes() -> list[str]:
    """The codes of all villages, in the order of the table."""
    return [f"{11 + n % 80}.{n // 80 % 40 + 1:02}.{n // 3200 + 1:02}.{2001 + n:06}" for n in range(VILLAGES)]


def _row(code: str, number: int, dice: random.Random) -> list[str]:
    year = 2000 + number // VILLAGES % 25
    day = dice.randrange(336)
    return [
        code[:2],
        f"PROVINSI {code[:2]}",
        code[:5],
        f"KABUPATEN CONTOH {code[3:5]}",
        code,
        str(year),
        str(dice.randrange(50_000)),
        UNITS[number // (VILLAGES * 25) % len(UNITS)],
        f"{dice.random() * 100:.2f}",
        f"{year}-{day // 28 + 1:02}-{day % 28 + 1:02}",
    ]


def _spoiled(row: list[str], clean: list[list[str]], number: int, dice: random.Random) -> list[str]:
    fault = dice.choice(_FAULTS)
    place = {name: index for index, name in enumerate(COLUMNS)}
    if fault == "row":
        return list(dice.choice(clean))
    if fault == "key":
        other = list(dice.choice(clean))
        other[place["jumlah"]] = str(60_000 + number)
        return other
    column, values = {
        "unknown": ("kode_desa", (f"{row[4][:9]}x{number:06}",)),
        "integer": ("jumlah", ("seribu", "12x", "tiga puluh", "1 2")),
        "number": ("persentase", ("dua", "12%", "tidak ada", "1.2.3")),
        "date": ("tanggal", ("2021-02-30", "2021-13-01", "Desember 2021", "kemarin")),
        "missing": (dice.choice(("jumlah", "persentase", "tanggal", "nama_kabupaten")), MISSING),
        "percent": ("persentase", ("100.01", "-0.5", "4567")),
        "year": ("tahun", ("1899", "2109")),
        "unit": ("satuan", ("orang", "ORNG", "JIWA")),
        "form": ("kode_kabupaten", (row[2].replace(".", ""), row[2] + ".")),
    }[fault]
    row[place[column]] = dice.choice(values)
    return row


def write(path: Path, count: int, share: float, *, quoted: bool = False, seed: int = 7) -> None:
    """Write the table as CSV; ``quoted``: every cell in quotes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, share, seed))


def write_workbook(path: Path, count: int, share: float, *, seed: int = 7) -> None:
    """Write the table as XLSX; figures are numbers, everything else is text."""
    openpyxl: Any = import_module("openpyxl")  # in the benchmark's own environment only
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append(list(COLUMNS))
    for row in rows(count, share, seed):
        cells = zip(COLUMNS, row, strict=True)
        sheet.append([int(cell) if name in ("tahun", "jumlah") and cell.isdigit() else cell for name, cell in cells])
    book.save(path)


def write_companions(folder: Path) -> None:
    """Write what the engines need besides: ``kamus.json`` and ``desa.json``; ``schema.json`` and ``desa.csv``."""
    (folder / "kamus.json").write_text(json.dumps(DICTIONARY), "utf-8")
    known = codes()
    entries = [[code, f"Desa {number}", None] for number, code in enumerate(known)]
    listed = {"key": LIST, "title": "Desa contoh", "edition": "", "entries": entries}
    (folder / "desa.json").write_text(json.dumps(listed), "utf-8")
    (folder / "desa.csv").write_text("code\n" + "\n".join(known) + "\n", "utf-8")
    (folder / "schema.json").write_text(json.dumps(table_schema()), "utf-8")


def table_schema() -> dict[str, Any]:
    """The same dictionary as Table Schema."""
    return {
        "fields": [_field(column) for column in DICTIONARY],
        "missingValues": list(MISSING),
        "primaryKey": list(KEY),
        "foreignKeys": [{"fields": ["kode_desa"], "reference": {"resource": "desa", "fields": ["code"]}}],
    }


def _field(column: dict[str, Any]) -> dict[str, Any]:
    named = {"wajib": "required", "minimal": "minimum", "maksimal": "maximum", "pola": "pattern", "nilai": "enum"}
    constraints = {named[key]: value for key, value in column.items() if key in named}
    return {"name": column["kolom"], "type": column.get("tipe", "string"), "constraints": constraints}
