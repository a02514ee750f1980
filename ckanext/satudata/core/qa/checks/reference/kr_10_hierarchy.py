"""KR-10: a region lies in the region named beside it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import TableColumn
from ckanext.satudata.core.text import Text


@check(
    id="KR-10",
    title=Text("Kode wilayah berada di bawah induknya", "Region codes lie below their parents"),
    meaning=Text(
        "Kode desa diawali kode kecamatannya, kode kecamatan diawali kode kabupatennya, dan seterusnya, di baris "
        "yang sama.",
        "The code of a village begins with the code of its district, that of a district with its regency's, and "
        "so on, in "
        "the same row.",
    ),
    bad="kode_kecamatan 32.04.05 | kode_desa 32.04.06.2001",
    good="kode_kecamatan 32.04.06 | kode_desa 32.04.06.2001",
    principle="kode_referensi",
    dimension="akurasi",
    severity="error",
    sop=("KR-01", "KR-02"),
    parameters={"foreign_share": 0.5},
    words={
        "": Words(
            Text("Kode wilayah tidak sesuai induknya", "Region codes outside of their parents"),
            Text(
                "{count} baris. Contoh: baris {row}, kode {value} tidak berada di bawah {parent} di kolom "
                "{parent_column}.",
                "{count} rows. Example: row {row}, code {value} does not lie below {parent} of column {parent_column}.",
            ),
            Text("Periksa kedua kode di baris itu.", "Look at both codes of the row."),
        ),
        "system": Words(
            Text("Kode wilayah dan induknya dari daftar yang berbeda", "Codes and parents come from different lists"),
            Text(
                "{count} baris kolom {column} tidak diawali kode di kolom {parent_column}. Contoh: baris {row}, "
                "{value} dan "
                "{parent}. Mungkin satu kolom kode BPS dan satu kode Kemendagri.",
                "{count} rows of {column} do not begin with the code of {parent_column}. Example: row {row}, "
                "{value} and "
                "{parent}. One of them may be a BPS code, the other a Kemendagri code.",
            ),
            Text("Sebutkan daftar kode tiap kolom di kamus data.", "Name the list of each column in the dictionary."),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    codes = asked.dictionary.shape.codes
    by_list: dict[str, list[tuple[float, TableColumn]]] = {}
    for column, there in codes:
        size = asked.table.rows.select(_bare(there).str.len_chars().median()).item()
        if size:
            by_list.setdefault(column.list or "", []).append((float(size), there))
    pairs = [pair for columns in by_list.values() for pair in _pairs(columns)]
    if not pairs:
        return no_column("kode wilayah beserta kode induknya", "region codes with those of their parents")
    found: list[Found | None] = []
    for parent, child in pairs:
        outside = (
            ~cells.is_missing(parent.id)
            & ~cells.is_missing(child.id)
            & (_bare(child).str.len_chars() > _bare(parent).str.len_chars())
            & ~_bare(child).str.starts_with(_bare(parent))
        )
        share = asked.table.rows.select(outside.mean()).item() or 0.0
        variant = "system" if share > asked.parameters["foreign_share"] else ""
        found.append(
            mark(
                asked.table,
                child.id,
                outside,
                note={"parent": cells.plain(parent.id)},
                variant=variant,
                parameters={"parent_column": parent.name},
            )
        )
    return [one for one in found if one is not None]


def _bare(there: TableColumn) -> pl.Expr:
    return cells.plain(there.id).str.replace_all(r"\D", "")


def _pairs(columns: list[tuple[float, TableColumn]]) -> list[tuple[TableColumn, TableColumn]]:
    """Each column with the next finer one."""
    ordered = sorted(columns, key=lambda pair: pair[0])
    return [(one, other) for (size, one), (finer, other) in pairwise(ordered) if size < finer]
