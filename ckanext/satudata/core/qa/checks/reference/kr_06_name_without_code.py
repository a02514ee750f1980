"""KR-06: region names stand beside their codes."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.places import Places, level_of, places
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text


@check(
    id="KR-06",
    title=Text("Nama wilayah disertai kodenya", "Region names stand beside their codes"),
    meaning=Text(
        "Nama wilayah ditulis orang dengan banyak cara, dan 26 nama dipakai oleh kabupaten dan kota sekaligus. Kodenya "
        "selalu sama, karena itu tabel wilayah memerlukan kolom kode.",
        "People write names of regions in many ways, and 26 names belong to a regency and a city at once. The code is "
        "always the same; a table of regions needs a column of codes.",
    ),
    bad="Wilayah | 2015 | 2016",
    good="kode_provinsi | nama_provinsi | 2015 | 2016",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="warning",
    sop=("KR-01", "KR-03", "IN-04"),
    words={
        "": Words(
            Text("Nama wilayah tanpa kode", "Region names without codes"),
            Text(
                "Kolom {column} memuat {count} nama wilayah, tetapi tabel ini tidak mempunyai kolom "
                "kodenya{example_id}.",
                "Column {column} holds {count} names of regions, but the table has no column with their "
                "codes{example_en}.",
            ),
            Text(
                "Tambahkan kolom kode wilayah di sebelah kiri {column}.",
                "Add a column of region codes left of {column}.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    if not shape.places or not shape.figures:
        return no_column("nama wilayah beserta angkanya", "names of regions with figures")
    if shape.codes or any(_holds_codes(asked, there) for there in asked.table.columns):
        return []
    there = shape.places[-1][1]
    names = asked.table.rows.filter(~cells.is_missing(there.id)).select(ROW, name=cells.plain(there.id)).unique(
        "name", keep="first", maintain_order=True
    )  # fmt: skip
    if names.is_empty():
        return []
    samples = _samples(names, there, places(asked.lists))
    example = next((one for one in samples if one.proposal), None)
    words = {"example_id": "", "example_en": ""}
    if example is not None:
        words = {
            "example_id": f"; misalnya {example.value} berkode {example.proposal}",
            "example_en": f"; {example.value}, for instance, has code {example.proposal}",
        }
    return [Found(there.name, (), samples, "", words, count=names.height)]


def _holds_codes(asked: Asked, there: TableColumn) -> bool:
    """Dotted codes under any header, or bare digits under one that speaks of codes."""
    codes = asked.table.rows.filter(~cells.is_missing(there.id)).select(cells.plain(there.id)).to_series().head(1000)
    if codes.is_empty():
        return False
    # Two dots at least: 12.55 may be a figure.
    if codes.str.contains(r"^\d{2}(?:\.\s?\d{2}){2}(?:\.\s?\d{4})?$").mean() == 1.0:
        return True
    name = there.name.lower()
    said = ("kode" in name or name.startswith("kd")) and not any(word in name for word in ("pos", "barang", "rekening"))
    return said and bool(codes.str.contains(r"^\d[\d. ]*$").any())


def _samples(names: pl.DataFrame, there: TableColumn, known: Places | None) -> tuple[Sample, ...]:
    rows: list[tuple[int, str]] = names.rows()
    written = [name for _, name in rows]
    level, share = known.level(written) if known is not None else (0, 0.0)
    if known is None or share < 0.5:
        return tuple(Sample(row, there.name, name) for row, name in rows[:20])
    parent = known.common_parent(written, level) if level > 1 else None
    samples: list[Sample] = []
    for row, name in rows[:20]:
        found = [entry for entry in known.named(name, level) if parent is None or entry.parent == parent]
        code = found[0].code if len(found) == 1 and level_of(found[0].code) == level else None
        samples.append(Sample(row, there.name, name, code))
    return tuple(samples)
