"""IS-08: one thing has one spelling within its column."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-08",
    title=Text("Satu nama, satu ejaan", "One name, one spelling"),
    meaning=Text(
        "Nama yang sama ditulis sama di seluruh kolom; beda huruf besar atau spasi membuat mesin "
        "menganggapnya dua hal.",
        "The same name is written the same in the whole column; case and blanks make two things of one.",
    ),
    bad="SolokanJeruk, Solokanjeruk",
    good="Solokanjeruk, Solokanjeruk",
    principle="standar_data",
    dimension="keterbandingan",
    severity="warning",
    sop=("QC-03", "KR-02"),
    parameters={"most_values": 50_000},
    words={
        "": Words(
            Text("Nama yang sama dieja dua cara", "One name in two spellings"),
            Text(
                "{count} sel kolom {column} dieja lain dari yang terbanyak. Contoh: “{value}” di "
                "baris {row}, biasanya “{proposal}”.",
                "{count} cells of {column} differ from the usual spelling. Example: “{value}” in row "
                "{row}, usually “{proposal}”.",
            ),
            Text("Pakai satu ejaan: “{proposal}”.", "Use one spelling: “{proposal}”."),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    texts = [there for column, there in asked.dictionary.pairs if column.type == "text" and not column.list]
    if not texts:
        return no_column("teks", "text")
    found: list[Found | None] = []
    for there in texts:
        cell = cells.plain(there.id).str.replace_all(r"\s+", " ")
        spelled = (
            asked.table.rows.select(value=cell)
            .group_by("value", maintain_order=True)
            .len("times")
            .filter(pl.col("value").str.contains(r"\p{L}"))
        )
        # Free text is not a name: its values hardly repeat.
        if (
            spelled.is_empty()
            or spelled.height > asked.parameters["most_values"]
            or spelled.height > 0.9 * asked.table.height + 3
        ):
            continue
        # The usual spelling wins; between equals the one that is not run together or shouted, then the last one seen.
        same = spelled.with_columns(
            key=pl.col("value").str.to_lowercase().str.replace_all(r"[^\p{L}\d]", ""),
            camel=pl.col("value").str.contains(r"\p{Ll}\p{Lu}"),
        ).filter(pl.len().over("key") > 1, pl.col("key").str.len_chars() > 2)
        if same.is_empty():
            continue
        usual = same.sort("camel", pl.col("times"), descending=[False, True], maintain_order=True).group_by(
            "key", maintain_order=True
        ).agg(usual=pl.col("value").first())  # fmt: skip
        wrong = same.join(usual, on="key").filter(pl.col("value") != pl.col("usual"))
        proposals = dict(wrong.select("value", "usual").rows())
        mask = cell.is_in(pl.Series(list(proposals), dtype=pl.String).implode())
        proposal = cell.replace_strict(proposals, default=None, return_dtype=pl.String)
        found.append(mark(asked.table, there.id, mask, proposal=proposal))
    return [one for one in found if one is not None]
