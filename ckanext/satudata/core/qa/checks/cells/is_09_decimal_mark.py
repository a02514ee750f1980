"""IS-09: one decimal mark in a column; which one, is a fact."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-09",
    title=Text("Satu tanda desimal", "One decimal mark"),
    meaning=Text(
        "Desimal ditulis dengan koma saja atau titik saja di satu kolom. Koma yang konsisten dibaca benar.",
        "A column writes decimals with commas or with points, not with both. Consistent commas are read correctly.",
    ),
    bad="63,44 dan 64.26 dalam satu kolom",
    good="63,44 dan 64,26",
    principle="interoperabilitas",
    dimension="akurasi",
    severity="error",
    sop=("QC-03",),
    words={
        "mixed": Words(
            Text("Koma dan titik desimal bercampur", "Decimal commas and points are mixed"),
            Text(
                "Kolom {column} memakai koma dan titik sebagai tanda desimal. {count} sel memakai "
                "yang lebih jarang, misalnya {value} di baris {row}.",
                "Column {column} uses commas and points for decimals. {count} cells use the rarer "
                "one, such as {value} in row {row}.",
            ),
            Text("Pakai satu tanda desimal saja: {proposal}.", "Use one mark: {proposal}."),
        ),
        "comma": Words(
            Text("Desimal ditulis dengan koma", "Decimals are written with a comma"),
            Text(
                "{count} sel kolom {column} memakai koma desimal, misalnya {value}. Sistem "
                "membacanya sebagai {proposal}.",
                "{count} cells of {column} use a decimal comma, such as {value}. They were read as {proposal}.",
            ),
            Text("Tidak perlu diubah.", "No need to change it."),
            severity="info",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    figures = asked.dictionary.of_type("integer", "number")
    if not figures:
        return no_column("angka", "figures")
    found: list[Found | None] = []
    for _, there in figures:
        how = asked.dictionary.notation(there)
        cell = cells.plain(there.id)
        commas, points = cell.str.contains(r"^[+-]?\d+,\d+$"), cell.str.contains(r"^[+-]?\d+\.\d+$")
        if how.comma == "decimal" and how.dot == "decimal":
            rarer = commas if asked.table.rows.select(commas.sum() <= points.sum()).item() else points
            swapped = cell.str.replace(",", "\0").str.replace(".", ",", literal=True).str.replace("\0", ".")
            found.append(mark(asked.table, there.id, rarer, proposal=swapped, variant="mixed"))
        elif how.comma == "decimal":
            found.append(mark(asked.table, there.id, commas, proposal=cell.str.replace(",", "."), variant="comma"))
    return [one for one in found if one is not None]
