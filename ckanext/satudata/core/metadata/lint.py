"""Rules for words: what makes a title, a definition or a concept useless, said so that it can be mended.

After the rules of the *Standar Data Statistik* (Perpres 39/2019 Pasal 4; naming rules of BPS for concepts).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ckanext.satudata.core.reference.codelist import plain_name
from ckanext.satudata.core.text import Reason, Text, reason

LEAST_DEFINITION = 20
LEAST_NOTES = 30
LEAST_TITLE = 8

TITLE_SHORT = Text(
    id="Judul “{value}” terlalu pendek untuk dicari orang. Sebut apa yang dihitung dan rinciannya, misalnya "
    "“Jumlah Puskesmas Menurut Kecamatan”.",
    en="The title “{value}” is too short to be found. Say what is counted and how it is broken down, such as "
    "“Number of Health Centres by District”.",
)
DEFINITION_SHORT = Text(
    id="Definisi baru {length} huruf. Tulis satu kalimat penuh: apa yang dihitung dan apa yang tidak.",
    en="The definition has only {length} characters. Write a full sentence: what is counted and what is not.",
)
DEFINITION_IS_TITLE = Text(
    id="Definisi hanya mengulang judul. Jelaskan apa yang dihitung dan apa yang tidak.",
    en="The definition only repeats the title. Explain what is counted and what is not.",
)
NOTES_SHORT = Text(
    id="Deskripsi baru {length} huruf. Jelaskan isi tabel dan arti kolomnya dengan beberapa kalimat.",
    en="The description has only {length} characters. Explain the table and its columns in a few sentences.",
)
NOTES_IS_TITLE = Text(
    id="Deskripsi hanya mengulang judul. Jelaskan isi tabel dan arti kolomnya.",
    en="The description only repeats the title. Explain the table and its columns.",
)
CONCEPT_MEASURE = Text(
    id="Konsep “{value}” diawali ukuran “{word}”. Tulis gagasannya saja, misalnya “Penduduk”, bukan “Jumlah Penduduk”.",
    en="The concept “{value}” begins with the measure “{word}”. Name the idea only: “Penduduk”, not “Jumlah Penduduk”.",
)
CONCEPT_STOP = Text(
    id="Konsep ditulis tanpa titik di akhir.",
    en="A concept has no full stop at its end.",
)
CONCEPT_YEAR = Text(
    id="Konsep “{value}” menyebut tahun. Tahun ada di Cakupan waktu.",
    en="The concept “{value}” names a year. Years belong to the time covered.",
)

_MEASURES = ("jumlah", "persentase", "rata rata", "rasio", "indeks", "angka", "laju", "proporsi", "banyaknya", "total")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")

Values = Mapping[str, str]


def title(values: Values) -> list[Reason]:
    """A title of at least eight characters with a letter in it."""
    value = values.get("title", "").strip()
    if len(value) < LEAST_TITLE or not re.search(r"[a-zA-Z]{3}", value):
        return [reason("title_short", TITLE_SHORT, value=value)]
    return []


def notes(values: Values) -> list[Reason]:
    """A description of at least thirty characters that says more than the title."""
    value = values.get("notes", "").strip()
    if plain_name(value) == plain_name(values.get("title", "")):
        return [reason("notes_is_title", NOTES_IS_TITLE)]
    if len(value) < LEAST_NOTES:
        return [reason("notes_short", NOTES_SHORT, length=len(value))]
    return []


def definition(values: Values) -> list[Reason]:
    """A definition of at least twenty characters that says more than the title."""
    value = values.get("sds_definisi", "").strip()
    if plain_name(value) == plain_name(values.get("title", "")):
        return [reason("definition_is_title", DEFINITION_IS_TITLE)]
    if len(value) < LEAST_DEFINITION:
        return [reason("definition_short", DEFINITION_SHORT, length=len(value))]
    return []


def concept(values: Values) -> list[Reason]:
    """A concept that is an idea: no measure in front, no year, no full stop."""
    value = values.get("sds_konsep", "").strip()
    plain = plain_name(value)
    found: list[Reason] = []
    for measure in _MEASURES:
        if plain.startswith(measure + " "):
            found.append(reason("concept_measure", CONCEPT_MEASURE, value=value, word=measure.replace(" ", "-")))
    if value.endswith("."):
        found.append(reason("concept_stop", CONCEPT_STOP))
    if _YEAR.search(value):
        found.append(reason("concept_year", CONCEPT_YEAR, value=value))
    return found


# `lint: <name>` of a field in the schema.
RULES: Mapping[str, Callable[[Values], list[Reason]]] = {
    "title": title,
    "notes": notes,
    "definition": definition,
    "concept": concept,
}
