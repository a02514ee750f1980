"""IS-03: a column with a closed list holds only values of that list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import Column, same_name
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, mark, no_column, no_list
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import Table
from ckanext.satudata.core.text import Text

_LONG = 2_000


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


@dataclass
class _Allowed:
    """The values of a list."""

    title: str
    values: pl.Series
    near: dict[str, str | None] = field(default_factory=dict[str, "str | None"])  # for the first strange values

    @cached_property
    def exact(self) -> pl.Series:
        return self.values.unique().implode()

    @cached_property
    def by_fold(self) -> pl.DataFrame:
        """``fold``, ``value``: what only differs in case and blanks has one fold; of several values the last counts."""
        return _folded(self.values).unique("fold", keep="last", maintain_order=True)

    @cached_property
    def folds(self) -> dict[str, str]:
        return dict(self.by_fold.rows())


def _folded(values: pl.Series) -> pl.DataFrame:
    return values.to_frame("value").select(
        fold=pl.col("value").str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase(), value="value"
    )


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
    return _Allowed(title, pl.Series(values, dtype=pl.String))


def _nearest(value: str, allowed: _Allowed) -> str | None:
    """The value of the list that was probably meant; long lists (villages) are too alike, and take too long."""
    if allowed.values.len() > _LONG:
        return None
    close = get_close_matches(same_name(value), allowed.folds, 1, 0.75)
    return allowed.folds[close[0]] if close else None


def _strange(table: Table, column: str, allowed: _Allowed) -> list[Found | None]:
    cell = table.rows.select(cells.trimmed(table, column)).to_series()
    outside = ~cell.is_in(allowed.exact)
    if not outside.any():
        return []
    outside = outside & ~cells.missing(table, column)
    values = cell.filter(outside).unique(maintain_order=True)
    same = _folded(values).join(allowed.by_fold, on="fold", suffix="_listed")
    spelled = dict(same.select("value", "value_listed").rows())
    # Proposals are shown for a sample only, and a sample begins with the first values.
    for value in values.filter(~values.is_in(list(spelled))).head(SAMPLES):
        if len(allowed.near) < SAMPLES:
            allowed.near.setdefault(value, _nearest(value, allowed))
    near = {value: proposal for value, proposal in allowed.near.items() if proposal is not None}
    other = cell.is_in(list(spelled)) if spelled else outside & False
    found: list[Found | None] = []
    for variant, wrong, proposals in (("", outside & ~other, near), ("spelling", outside & other, spelled)):
        proposal = (
            cells.plain(column).replace_strict(proposals, default=None, return_dtype=pl.String) if proposals else None
        )
        found.append(mark(table, column, wrong, proposal=proposal, variant=variant, parameters={"list": allowed.title}))
    return found
