"""IS-01: required cells are filled."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-01",
    title=Text("Isian wajib terisi", "Required cells are filled"),
    meaning=Text(
        "Kolom yang di kamus data bertanda wajib terisi di setiap baris. Tanda “-” dan “n/a” dihitung kosong.",
        "A column the data dictionary calls required has a value in every row. “-” and “n/a” count as empty.",
    ),
    bad="32.04.05 | Cileunyi | (kosong)",
    good="32.04.05 | Cileunyi | 995",
    principle="standar_data",
    dimension="akurasi",
    severity="error",
    sop=("QC-03", "AK-01"),
    from_dictionary=True,
    reads="parts",
    words={
        "": Words(
            Text("Isian wajib masih kosong", "Required cells are empty"),
            Text(
                "{count} sel kolom {column} kosong, padahal wajib diisi.",
                "{count} cells of {column} are empty but required.",
            ),
            Text(
                "Isi selnya. Bila nilainya memang tidak ada, ubah kolom ini menjadi tidak wajib di kamus data.",
                "Fill them. If there is no value, make the column optional in the data dictionary.",
            ),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    required = [there for column, there in asked.dictionary.pairs if column.required or column.key]
    if not required:
        return NotApplicable(
            Text("Kamus data tidak menandai kolom wajib.", "The data dictionary marks no column as required."), None
        )
    found = [mark(asked.table, there.id, cells.missing(asked.table, there.id)) for there in required]
    return [one for one in found if one is not None]
