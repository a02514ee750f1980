"""DP-04: counts so small that a neighbour knows who is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_SENSITIVE = re.compile(
    r"(?i)\bhiv|aids|\bims\b|\btb(?:c)?\b|tuberkulosis|kusta|odgj|gangguan jiwa|disabilitas|penyandang|difabel"
    r"|kekerasan|korban|narkoba|napza|pecandu|bunuh diri|pelecehan|perkosaan|hamil|kehamilan|aborsi|keguguran|cerai"
    r"|anak berhadapan|terlantar|gelandangan|pengemis|tuna susila|waria|penghayat|penderita|kematian ibu"
    r"|kematian bayi|stunting|gizi buruk|terpidana|narapidana|tersangka"
)


@check(
    id="DP-04",
    title=Text("Angka kecil tidak menunjuk orang", "Small counts do not point at a person"),
    meaning=Text(
        "Satu sampai empat penderita suatu penyakit di satu desa dapat dikenali tetangganya. Untuk hal yang "
        "peka, angka "
        "sekecil itu biasanya digabung atau ditulis “< 5”.",
        "Neighbours know who the one to four patients of a village are. In sensitive matters counts that small "
        "are usually "
        "joined or written “< 5”.",
    ),
    bad="desa | kasus HIV: 1",
    good="kecamatan | kasus HIV: 12",
    principle="interoperabilitas",
    dimension="aksesibilitas",
    severity="question",
    sop=("AX-01",),
    parameters={"below": 5},
    words={
        "": Words(
            Text("Angka sangat kecil untuk hal yang peka", "Very small counts in a sensitive matter"),
            Text(
                "{count} sel kolom {column} bernilai 1 sampai {most}, misalnya baris {row}. Orangnya mungkin "
                "dapat dikenali.",
                "{count} cells of {column} are between 1 and {most}, such as row {row}. The persons may be recognised.",
            ),
            Text(
                "Gabungkan wilayah atau kelompok, atau tulis “< 5”; bila aman, jelaskan.",
                "Join regions or groups, or write “< 5”; if it is safe, say why.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    titles = " ".join((*shape.texts("title"), asked.about.title, asked.table.name))
    counts = [
        there
        for column, there in shape.figures
        if column.type == "integer"
        and _SENSITIVE.search(" ".join((titles, *there.levels, there.name, column.label)).replace("_", " "))
    ]
    # Regencies are too large for anybody to be recognised.
    fine = any(level >= 3 for level, _ in shape.places) or bool(shape.codes and not shape.places)
    if not counts or not fine:
        return no_column(
            "jumlah orang untuk hal yang peka di tingkat kecamatan atau desa", "sensitive counts by village"
        )
    below = asked.parameters["below"]
    found: list[Found | None] = []
    for there in counts:
        value = shape.numbers(there)
        found.append(mark(asked.table, there.id, (value > 0) & (value < below), parameters={"most": below - 1}))
    return [one for one in found if one is not None]
