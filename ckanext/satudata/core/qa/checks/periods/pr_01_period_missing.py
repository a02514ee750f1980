"""PR-01: the table says which time its figures are about."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import times
from ckanext.satudata.core.qa.findings import Found, NotApplicable, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="PR-01",
    title=Text("Tahun atau periode tertulis di tabel", "The table states its year or period"),
    meaning=Text(
        "Setiap angka berlaku untuk suatu tahun, bulan, atau tanggal. Tulis dalam kolom “tahun” (atau periode), supaya "
        "tabel tahun ini dapat digabung dengan tahun lalu.",
        "Every figure holds for a year, a month or a day. Put it into a column, so that this year's table can be "
        "joined "
        "to last year's.",
    ),
    bad="kecamatan | jumlah (tahun hanya ada di nama file)",
    good="kecamatan | tahun | jumlah",
    principle="standar_data",
    dimension="keterbandingan",
    severity="warning",
    sop=("SD-01", "TW-01", "KK-01"),
    words={
        "": Words(
            Text("Tahun atau periode tidak ada", "No year or period"),
            Text(
                "Tabel ini tidak mempunyai kolom tahun atau periode, dan judulnya tidak menyebutnya{file_id}.",
                "The table has no column of years or periods, and no title states one{file_en}.",
            ),
            Text("Tambahkan kolom “tahun” dan isi di setiap baris.", "Add a column “tahun” and fill it in every row."),
        ),
        "title": Words(
            Text("Periode hanya ada di judul", "The period stands in the title only"),
            Text(
                "Periode hanya ada di judul: “{value}”, tidak di kolom.",
                "The period stands in the title only: “{value}”, in no column.",
            ),
            Text(
                "Tambahkan kolom tahun atau periode dan isi di setiap baris.",
                "Add a column of years or periods and fill it in every row.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    if not shape.figures:
        return no_column("angka", "figures")
    if shape.times or shape.wide_ids or any(times.in_header(there.name) for _, there in shape.figures):
        return []
    if any(times.in_text(level) for there in asked.table.columns for level in (there.name, *there.levels)):
        return []
    for text in (*shape.texts("title"), *shape.texts("note"), asked.table.name):
        said = times.in_text(text)
        if said is not None:
            return [Found(None, (), (), "title", {"value": said}, count=1)]
    return [Found(None, (), (), "", _file(asked), count=1)]


def _file(asked: Asked) -> dict[str, str]:
    """The file's name may tell what the table does not."""
    said = times.in_text(asked.source.name) if asked.source is not None else None
    if said is None:
        return {"file_id": "", "file_en": ""}
    return {"file_id": f"; nama file menyebut {said}", "file_en": f"; the file's name says {said}"}
