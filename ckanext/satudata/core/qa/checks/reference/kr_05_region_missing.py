"""KR-05: the table says which region its figures are about."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, no_column
from ckanext.satudata.core.qa.places import Places, places
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

# What stands in the name of a column about places that are no administrative regions.
_MOST_VALUES = 600


@check(
    id="KR-05",
    title=Text("Wilayah tertulis di tabel", "The table states its region"),
    meaning=Text(
        "Setiap angka berlaku untuk suatu wilayah. Tulis kode dan nama wilayahnya dalam kolom, juga bila tabel hanya "
        "tentang satu kabupaten, supaya dapat digabung dengan tabel daerah lain.",
        "Every figure holds for a region. Put its code and name into columns, even if the table is about one regency "
        "only, so that it can be joined to tables of other regions.",
    ),
    bad="tahun | jenis_pendidikan | persentase (wilayah hanya ada di nama file)",
    good="kode_provinsi | nama_provinsi | tahun | jenis_pendidikan | persentase",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="question",
    sop=("KR-03", "KK-02"),
    words={
        "": Words(
            Text("Wilayah tidak disebut di tabel", "The table names no region"),
            Text(
                "Tabel ini tidak mempunyai kolom wilayah, dan judulnya tidak menyebut wilayah.",
                "The table has no column of regions, and no title names one.",
            ),
            Text(
                "Tambahkan kolom kode dan nama wilayah, atau isi cakupan wilayah di metadata.",
                "Add columns with code and name of the region, or state the area covered in the metadata.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    if not shape.figures:
        return no_column("angka", "figures")
    if shape.places or shape.codes or asked.about.region:
        return []
    known = places(asked.lists)
    titles = [*shape.texts("title"), *shape.texts("note"), asked.table.name, asked.about.title]
    titles += [name for there in asked.table.columns for name in (there.name, *there.levels)]
    if any(_names_region(text, known) for text in titles) or (known is not None and _by_values(asked, known)):
        return []
    return [Found(None, (), (), "", count=1)]


def _names_region(text: str, known: Places | None) -> bool:
    """Whether a title names a region: ``di Kota X``, or a name of the list."""
    words = f" {text.lower().replace('_', ' ')} "
    if any(
        f" {kind} " in words for kind in ("kabupaten", "kab.", "kota", "provinsi", "kecamatan", "indonesia", "desa")
    ):
        return True
    return known is not None and any(f" {entry.name.lower()} " in words for entry in known.of_level(1))


def _by_values(asked: Asked, known: Places) -> bool:
    """Whether some column holds names of regions under another header."""
    for column, there in asked.dictionary.pairs:
        if column.type != "text":
            continue
        values = asked.table.rows.select(cells.plain(there.id)).to_series().unique()
        if values.len() <= _MOST_VALUES and known.level(values.to_list())[1] >= 0.6:
            return True
    return False
