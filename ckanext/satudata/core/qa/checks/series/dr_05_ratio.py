"""DR-05: figures that go together elsewhere go together in every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text

_MOST_COLUMNS = 12


@check(
    id="DR-05",
    title=Text("Perbandingan antarkolom wajar", "Figures keep their proportion"),
    meaning=Text(
        "Bila dua angka hampir selalu sebanding (misalnya orang dan keluarga), baris yang jauh dari perbandingan itu "
        "biasanya salah ketik atau kehilangan satu angka.",
        "Where two figures nearly always keep a proportion (persons and families, for instance), a row far from it is "
        "usually a slip or has lost a digit.",
    ),
    bad="27605 orang | 839 keluarga (33 orang per keluarga; biasanya 3)",
    good="27605 orang | 8390 keluarga",
    principle="standar_data",
    dimension="akurasi",
    severity="question",
    sop=("QE-03",),
    parameters={"least_rows": 10, "tight": 0.12, "far": 8.0, "least_factor": 3.0},
    words={
        "": Words(
            Text("Perbandingan dua kolom tidak wajar", "Two figures out of proportion"),
            Text(
                "{count} baris. Contoh: baris {row}, {column} {value} dan {other} {other_value}: perbandingannya "
                "{ratio}, "
                "di baris lain sekitar {usual}.",
                "{count} rows. Example: row {row}, {column} {value} and {other} {other_value}: {ratio} to one, "
                "elsewhere "
                "about {usual}.",
            ),
            Text(
                "Periksa kedua angka di baris itu; mungkin satu angka hilang.",
                "Look at both figures of the row; a digit may be missing.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    figures = [there for _, there in shape.figures if there.id not in shape.wide_ids][:_MOST_COLUMNS]
    if len(figures) < 2 or asked.table.height < asked.parameters["least_rows"]:
        return no_column("angka yang dapat dibandingkan (dua atau lebih)", "figures to compare (two or more)")
    told: set[tuple[str, int]] = set()
    found: list[Found] = []
    for one, other in combinations(figures, 2):
        for finding in _pair(asked, one, other):
            rows = {(str(finding.column), sample.row) for sample in finding.samples}
            if not rows <= told:
                told |= rows
                found.append(finding)
    return found


def _pair(asked: Asked, one: TableColumn, other: TableColumn) -> Iterator[Found]:
    numbers = asked.dictionary.shape.numbers
    frame = (
        asked.table.rows.select(ROW, first=cells.plain(one.id), second=cells.plain(other.id))
        .with_columns(a=numbers(one), b=numbers(other))
        .filter(pl.col("a") > 0, pl.col("b") > 0)
        .with_columns(ratio=(pl.col("a") / pl.col("b")).log10(), la=pl.col("a").log10(), lb=pl.col("b").log10())
    )
    if frame.height < asked.parameters["least_rows"]:
        return
    frame = frame.with_columns(off=(pl.col("ratio") - pl.col("ratio").median()).abs())
    noise, middle = frame.select(1.4826 * pl.col("off").median(), pl.col("ratio").median()).row(0)
    if noise > asked.parameters["tight"]:
        return
    least = pl.lit(asked.parameters["least_factor"]).log10()
    hit = frame.filter(pl.col("off") > pl.max_horizontal(pl.lit(asked.parameters["far"] * noise), least))
    if hit.is_empty() or hit.height > max(2, 0.02 * frame.height):
        return
    # The one that is far from the rest of its own column is the one to look at.
    strange = hit.with_columns(
        first_is=(pl.col("la") - frame["la"].median()).abs() >= (pl.col("lb") - frame["lb"].median()).abs()
    )
    for first_is, there, beside in ((True, one, other), (False, other, one)):
        rows = strange.filter(pl.col("first_is") == first_is)
        if rows.is_empty():
            continue
        sign = 1 if first_is else -1
        samples = tuple(
            Sample(
                row[ROW],
                there.name,
                row["first"] if first_is else row["second"],
                None,
                {
                    "other_value": row["second"] if first_is else row["first"],
                    "ratio": f"{10 ** (sign * row['ratio']):.3g}",
                    "usual": f"{10 ** (sign * middle):.3g}",
                },
            )
            for row in rows.head(SAMPLES).rows(named=True)
        )
        yield Found(there.name, rows[ROW], samples, "", {"other": beside.name})
