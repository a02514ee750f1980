"""JM-04: per cents lie between 0 and 100."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, units
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

# Growth, gross rates and achievements pass 100 (or fall below 0) honestly.
_MAY_PASS = re.compile(
    r"(?i)tumbuh|laju|naik|turun|ubah|inflasi|deflasi|kasar|apk|capai|realisasi|kinerja|deviasi|selisih|rasio|yoy|mtm|qtq"
    r"|serapan|terhadap|densitas|surplus|defisit|margin|beban|ketergantungan|bor"
)


@check(
    id="JM-04",
    title=Text("Persentase antara 0 dan 100", "Per cents lie between 0 and 100"),
    meaning=Text(
        "Bagian dari keseluruhan tidak mungkin di bawah 0 atau di atas 100 persen. Pertumbuhan, angka "
        "partisipasi kasar "
        "dan capaian target tidak diperiksa.",
        "A part of a whole is never below 0 or above 100 per cent. Growth, gross enrolment and achievement of "
        "targets are "
        "not looked at.",
    ),
    bad="persentase penduduk miskin: 1123",
    good="persentase penduduk miskin: 11,23",
    principle="standar_data",
    dimension="akurasi",
    severity="warning",
    sop=("QE-02",),
    words={
        "": Words(
            Text("Persentase di luar 0–100", "Per cents outside of 0–100"),
            Text(
                "{count} sel kolom {column} di luar 0–100 persen. Contoh: {value} di baris {row}.",
                "{count} cells of {column} lie outside of 0–100 per cent. Example: {value} in row {row}.",
            ),
            Text(
                "Periksa koma desimalnya. Bila nilainya memang boleh melewati 100, jelaskan di kamus data.",
                "Look at the decimal mark. If the value may pass 100, say so in the data dictionary.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    known = units.known_units(asked.lists)
    percent = next((entry.name for entry in known.named("persen")), "Persen")
    in_rows = _percent_rows(asked, percent)
    told = " ".join((*shape.texts("title"), asked.about.title))
    found: list[Found | None] = []
    looked = False
    for column, there in shape.figures:
        name = " ".join((*there.levels, there.name, column.label, column.description))
        if _MAY_PASS.search(name) or (there.id in shape.wide_ids and _MAY_PASS.search(told)):
            continue
        stated = column.unit or units.in_header(there.name, known) or ""
        entry = units.unit(stated, known) if stated else None
        if not (entry is not None and entry.name == percent) and in_rows is None:
            continue
        looked = True
        value = shape.numbers(there)
        outside = (value < 0) | (value > 100)
        if not (entry is not None and entry.name == percent) and in_rows is not None:
            outside = outside & in_rows
        found.append(mark(asked.table, there.id, outside))
    return [one for one in found if one is not None] if looked else no_column("persentase", "per cents")


def _percent_rows(asked: Asked, percent: str) -> pl.Series | None:
    """The rows whose column of units says per cent and whose texts speak of no growth; ``None`` without any."""
    shape = asked.dictionary.shape
    known = units.known_units(asked.lists)
    if not shape.units:
        return None
    cell = asked.table.rows[shape.units[0].id].str.strip_chars()
    said = [text for text in cell.unique().to_list() if (unit := units.unit(text, known)) and unit.name == percent]
    if not said:
        return None
    rows = cell.is_in(said)
    for there in shape.classes:
        rows = rows & ~asked.table.rows.select(cells.plain(there.id).str.contains(_MAY_PASS.pattern)).to_series()
    return rows
