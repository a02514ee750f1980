"""BT-03: the columns of the file are those of the data dictionary."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ckanext.satudata.core.qa.dictionary import position_name, same_name
from ckanext.satudata.core.qa.findings import NO_DICTIONARY, Found, NotApplicable
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="BT-03",
    title=Text("Kolom sesuai kamus data", "Columns are those of the data dictionary"),
    meaning=Text(
        "Setiap kolom di file dijelaskan di kamus data, dan setiap kolom kamus data ada di file.",
        "The data dictionary describes every column of the file, and the file has every column of the dictionary.",
    ),
    bad="Kamus data: “Jumlah”; judul di file: “Jml”",
    good="Kamus data dan file sama-sama memakai “Jumlah”",
    principle="metadata",
    dimension="keterbandingan",
    severity="warning",
    sop=("MD-03", "IN-02"),
    reads="shape",
    words={
        "undeclared": Words(
            Text("Kolom belum dijelaskan", "Column not described"),
            Text("Kolom “{column}” tidak ada di kamus data.", "Column “{column}” is not in the data dictionary."),
            Text(
                "Jelaskan kolom itu di kamus data, atau hapus dari file.",
                "Describe it in the dictionary, or remove it.",
            ),
        ),
        "missing": Words(
            Text("Kolom tidak ada di file", "Column missing from the file"),
            Text(
                "Kamus data menyebut kolom “{column}”, tetapi file tidak mempunyainya{near_id}.",
                "The data dictionary has column “{column}”, the file has not{near_en}.",
            ),
            Text(
                "Samakan judul kolom di file dengan kamus data, atau perbaiki kamus data.",
                "Make the header the same as in the dictionary, or correct the dictionary.",
            ),
            severity="error",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    if not asked.dictionary.given:
        return NO_DICTIONARY
    found: list[Found] = []
    free = {same_name(column.name): column.name for column in asked.dictionary.undeclared if column.name}
    for column in asked.dictionary.missing:
        near = get_close_matches(same_name(column.name), free, 1, 0.5)
        words = {"near_id": "", "near_en": ""}
        if near:
            words = {
                "near_id": f". Yang mirip: “{free[near[0]]}”",
                "near_en": f". Something like it: “{free[near[0]]}”",
            }
        found.append(Found(column.name, (), (), "missing", words, count=1))
    header = (asked.table.header_rows[1],) if asked.table.header_rows is not None else ()
    found += [Found(position_name(column), header, (), "undeclared", count=1) for column in asked.dictionary.undeclared]
    return found
