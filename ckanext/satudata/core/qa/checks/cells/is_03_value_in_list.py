"""IS-03: a column with a closed list holds only values of that list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import Column, same_name
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, mark, no_column, no_list
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import Table
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
    reads="parts",
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
        allowed = _allowed(asked, column)
        if allowed is None:
            missing = column.list
            continue
        looked = True
        found += _strange(asked.table, there.id, allowed)
    if not looked:
        return no_list(missing) if missing else no_column("dengan daftar nilai", "values from a list")
    return [one for one in found if one is not None]


@dataclass(frozen=True)
class _Allowed:
    """The values of a list: as they are, and by their folded form."""

    title: str
    exact: pl.Series
    by_fold: dict[str, str]


def _allowed(asked: Asked, column: Column) -> _Allowed | None:
    if column.name not in asked.memory:
        asked.memory[column.name] = _listed(asked, column)
    return asked.memory[column.name]


def _listed(asked: Asked, column: Column) -> _Allowed | None:
    values, title = list(column.values), "kamus data"
    if not values:
        known = asked.lists.get(column.list, column.edition)
        if known is None:
            return None
        values = [text for entry in known for text in (entry.code, entry.name, *entry.aliases)]
        title = known.title
    return _Allowed(
        title, pl.Series(values, dtype=pl.String).unique().implode(), {same_name(one): one for one in values}
    )


def _strange(table: Table, column: str, allowed: _Allowed) -> list[Found | None]:
    cell = table.rows.select(cells.trimmed(table, column)).to_series()
    outside = ~cell.is_in(allowed.exact)
    if not outside.any():
        return []
    outside = outside & ~cells.missing(table, column)
    values = cell.filter(outside).unique(maintain_order=True).to_list()
    spelled = {value: allowed.by_fold[same_name(value)] for value in values if same_name(value) in allowed.by_fold}
    # Proposals are shown for a sample only, and a sample begins with the first values.
    strange = [value for value in values if value not in spelled][:SAMPLES]
    near = {
        value: allowed.by_fold[close[0]]
        for value in strange
        if (close := get_close_matches(same_name(value), allowed.by_fold, 1, 0.75))
    }
    other = cell.is_in(list(spelled)) if spelled else outside & False
    found: list[Found | None] = []
    for variant, wrong, proposals in (("", outside & ~other, near), ("spelling", outside & other, spelled)):
        proposal = (
            cells.plain(column).replace_strict(proposals, default=None, return_dtype=pl.String) if proposals else None
        )
        found.append(mark(table, column, wrong, proposal=proposal, variant=variant, parameters={"list": allowed.title}))
    return found
