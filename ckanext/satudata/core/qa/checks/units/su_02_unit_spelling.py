"""SU-02: units are written as the list of units has them."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, units
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.reference.codelist import CodeList
from ckanext.satudata.core.text import Text


@check(
    id="SU-02",
    title=Text("Satuan ditulis seperti di daftar satuan", "Units are written as in the list of units"),
    meaning=Text(
        "Satu satuan ditulis dengan satu cara. “%”, “persen” dan “Persentase” adalah satuan yang sama.",
        "One unit is written one way. “%”, “persen” and “Persentase” are the same unit.",
    ),
    bad="%, persen, presentase",
    good="Persen",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="warning",
    sop=("SD-02", "SD-03"),
    words={
        "varies": Words(
            Text("Satu satuan ditulis beberapa cara", "One unit written in several ways"),
            Text(
                "{count} sel kolom {column} menulis “{value}”; sel lain menulis “{usual}” untuk satuan yang sama.",
                "{count} cells of {column} have “{value}” where others have “{usual}” for the same unit.",
            ),
            Text("Tulis “{proposal}” di semua baris.", "Write “{proposal}” in every row."),
        ),
        "unknown": Words(
            Text("Satuan tidak ada di daftar", "Unit not in the list"),
            Text(
                "{count} sel kolom {column} menulis satuan “{value}”, yang tidak ada di daftar satuan.",
                "{count} cells of {column} have the unit “{value}”, which is not in the list of units.",
            ),
            Text(
                "Pilih satuan dari daftar{near_id}, atau minta walidata menambahkannya.",
                "Choose a unit of the list{near_en}, or ask the walidata to add it.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    columns = asked.dictionary.shape.units
    if not columns:
        return no_column("satuan", "units")
    known = units.known_units(asked.lists)
    found: list[Found | None] = []
    for there in columns:
        cell = cells.plain(there.id)
        counted = (
            asked.table.rows.filter(~cells.is_missing(there.id))
            .group_by(cell.alias("value"), maintain_order=True)
            .len("times")
            .sort("times", descending=True, maintain_order=True)
        )
        usual, proposals, unknown = _sorted_out(counted["value"].to_list(), known)
        if proposals:
            others = {value: usual[value] for value in proposals}
            found.append(
                mark(
                    asked.table,
                    there.id,
                    cell.is_in(pl.Series(list(proposals), dtype=pl.String).implode()),
                    proposal=cell.replace_strict(proposals, default=None, return_dtype=pl.String),
                    note={"usual": cell.replace_strict(others, default=None, return_dtype=pl.String)},
                    variant="varies",
                )
            )
        for value in unknown[:20]:
            near = known.near(value, limit=1)
            near_words = f" (misalnya {near[0].name})" if near else ""
            near_english = f" (such as {near[0].name})" if near else ""
            found.append(
                mark(
                    asked.table,
                    there.id,
                    cell == value,
                    proposal=pl.lit(near[0].name if near else None, dtype=pl.String),
                    variant="unknown",
                    parameters={"near_id": near_words, "near_en": near_english},
                )
            )
    return [one for one in found if one is not None]


def _sorted_out(values: list[str], known: CodeList) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """For values by frequency: the usual spelling of each, what to write instead, and what no list has.

    Case alone makes no other spelling here: that is IS-08's matter.
    """
    first: dict[str, str] = {}
    usual: dict[str, str] = {}
    proposals: dict[str, str] = {}
    unknown: list[str] = []
    for value in values:
        entry = units.unit(value, known)
        if entry is None:
            unknown.append(value)
            continue
        there = first.setdefault(entry.code, value)
        if there.casefold() != value.casefold():
            usual[value], proposals[value] = there, there
    return usual, proposals, unknown
