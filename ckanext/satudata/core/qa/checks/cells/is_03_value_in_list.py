"""IS-03: a column with a closed list holds only values of that list."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column, no_list
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-03",
    title=Text("Nilai ada di daftarnya", "Values are in their list"),
    meaning=Text(
        "Kolom dengan daftar nilai (misalnya jenis kelamin, satuan) hanya berisi nilai dari daftar itu.",
        "A column with a list of values (sex, unit …) holds nothing but values of that list.",
    ),
    bad="Jenis kelamin: Laki2",
    good="Jenis kelamin: Laki-laki",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="error",
    sop=("KR-01", "QC-03"),
    words={
        "": Words(
            Text("Nilai tidak ada di daftar", "Values not in the list"),
            Text(
                "{count} sel kolom {column} tidak ada di daftar {list}. Contoh: “{value}” di baris {row}.",
                "{count} cells of {column} are not in list {list}. Example: “{value}” in row {row}.",
            ),
            Text("Pakai nilai dari daftar, dengan ejaan yang sama.", "Use a value of the list, spelled the same way."),
        ),
        "spelling": Words(
            Text("Ejaan berbeda dari daftar", "Spelled differently from the list"),
            Text(
                "{count} sel kolom {column} dieja lain dari daftar {list}: “{value}”, di daftar “{proposal}”.",
                "{count} cells of {column} are spelled differently from list {list}: “{value}”, there “{proposal}”.",
            ),
            Text("Tulis “{proposal}”.", "Write “{proposal}”."),
            severity="warning",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    found: list[Found | None] = []
    missing: str | None = None
    looked = False
    for column, there in asked.dictionary.pairs:
        if (column.list or "").startswith("wilayah") or not (column.values or column.list):
            continue
        allowed, title = list(column.values), "kamus data"
        if not allowed:
            known = asked.lists.get(column.list, column.edition)
            if known is None:
                missing = column.list
                continue
            allowed = [text for entry in known for text in (entry.code, entry.name, *entry.aliases)]
            title = known.title
        looked = True
        exact = set(allowed)
        by_fold = {same_name(value): value for value in allowed}
        values = asked.table.rows.select(cells.plain(there.id)).to_series().unique().to_list()
        spelled = {
            value: by_fold[same_name(value)] for value in values if value not in exact and same_name(value) in by_fold
        }
        strange = [value for value in values if value not in exact and value not in spelled]
        near = {
            value: by_fold[close[0]]
            for value in strange[:200]
            if (close := get_close_matches(same_name(value), by_fold, 1, 0.75))
        }
        cell = cells.plain(there.id)
        for variant, wrong, proposals in (("", strange, near), ("spelling", list(spelled), spelled)):
            mask = cell.is_in(pl.Series(wrong, dtype=pl.String).implode()) & ~cells.is_missing(there.id)
            proposal = cell.replace_strict(proposals, default=None, return_dtype=pl.String) if proposals else None
            found.append(
                mark(asked.table, there.id, mask, proposal=proposal, variant=variant, parameters={"list": title})
            )
    if not looked:
        return no_list(missing) if missing else no_column("dengan daftar nilai", "values from a list")
    return [one for one in found if one is not None]
