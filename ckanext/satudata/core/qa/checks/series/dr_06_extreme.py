"""DR-06: the largest values are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text


@check(
    id="DR-06",
    title=Text("Nilai terbesar diperiksa", "The largest values are looked at"),
    meaning=Text(
        "Nilai yang jauh di atas hampir semua nilai lain (di atas kuartil ketiga ditambah tiga kali jarak "
        "antarkuartil), "
        "padahal wilayah itu di tahun lain dan di kolom lain bukan yang terbesar, ditanyakan.",
        "A value far above nearly all others (above the third quartile plus three times the distance of the "
        "quartiles), of a "
        "place that is not the largest in other years and other columns, is asked about.",
    ),
    bad="28, 43, 75, 28, 29 (kabupaten lain paling banyak 40)",
    good="28, 43, 35, 28, 29",
    principle="standar_data",
    dimension="akurasi",
    severity="question",
    sop=("QE-03",),
    parameters={"least_rows": 20, "far": 3.0, "again": 1.5, "most_share": 0.02},
    words={
        "": Words(
            Text("Nilai jauh di atas yang lain", "Values far above the others"),
            Text(
                "{count} nilai kolom {column} jauh di atas yang lain. Contoh: {value} di baris {row}; tiga "
                "perempat nilai "
                "paling besar {usual}.",
                "{count} values of {column} are far above the others. Example: {value} in row {row}; three "
                "quarters of the "
                "values are at most {usual}.",
            ),
            Text("Pastikan nilainya benar; bila ya, jelaskan sebabnya.", "Make sure they are right; if so, say why."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    figures = [there for _, there in shape.figures if there.id not in shape.wide_ids]
    # Values of several measures in one column have no common size.
    if asked.table.height < asked.parameters["least_rows"] or not figures or shape.classes or _several_units(asked):
        return no_column("angka satu ukuran dengan cukup banyak baris", "figures of one measure with enough rows")
    return [found for there in figures for found in _column(asked, there, figures)]


def _several_units(asked: Asked) -> bool:
    return any(asked.table.rows[there.id].n_unique() > 1 for there in asked.dictionary.shape.units)


def _column(asked: Asked, there: TableColumn, figures: list[TableColumn]) -> Iterator[Found]:
    numbers = asked.dictionary.shape.numbers
    value = numbers(there)
    low, high = value.quantile(0.25), value.quantile(0.75)
    if low is None or high is None or high <= low or (value < 0).any():
        return
    fence = high + asked.parameters["far"] * (high - low)
    frame = asked.table.rows.select(ROW, text=cells.plain(there.id), key=_place(asked)).with_columns(
        value=value, **{f"o{number}": numbers(one) for number, one in enumerate(figures) if one.id != there.id}
    )  # fmt: skip
    others = [name for name in frame.columns if name.startswith("o")]
    hit = frame.filter(pl.col("value") > fence)
    if hit.is_empty():
        return
    # A place that is large anyway explains its large values.
    largest = frame.group_by("key").agg(again=pl.col("value").sort(descending=True).slice(1, 1).first(), times=pl.len())
    hit = hit.join(largest, on="key", maintain_order="left").filter(
        (pl.col("times") == 1) | (pl.col("value") > asked.parameters["again"] * pl.col("again"))
    )
    for name in others:
        hit = hit.filter((pl.col(name) < frame[name].quantile(0.95)).fill_null(value=True))
    if 0 < hit.height <= max(3, asked.parameters["most_share"] * frame.height):
        samples = tuple(
            Sample(row, there.name, text)
            for row, text in hit.sort("value", descending=True).select(ROW, "text").head(SAMPLES).rows()
        )
        yield Found(there.name, hit[ROW].sort(), samples, "", {"usual": f"{high:.10g}"})


def _place(asked: Asked) -> pl.Expr:
    """What a row is about, time aside; the row itself where nothing tells."""
    shape = asked.dictionary.shape
    columns = [*(there for _, there in shape.codes), *(there for _, there in shape.places)]
    if not columns or not shape.times:
        return pl.col(ROW).cast(pl.String)
    return pl.concat_str([cells.plain(there.id) for there in columns], separator=" · ")
