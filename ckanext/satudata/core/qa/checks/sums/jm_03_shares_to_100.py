"""JM-03: shares of a whole add to 100."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text


@check(
    id="JM-03",
    title=Text("Persentase berjumlah 100", "Shares add to 100"),
    meaning=Text(
        "Bagian-bagian dari satu keseluruhan (misalnya menurut pendidikan) berjumlah 100 persen; pembulatan "
        "boleh sedikit "
        "meleset.",
        "The parts of one whole (by education, for instance) add to 100 per cent, rounding aside.",
    ),
    bad="2013: 37,99 / 37,99 / 37,99 / 37,99 / 37,99 (jumlah 189,95)",
    good="2012: 9,85 / 17,75 / 19,86 / 37,99 / 14,46 (jumlah 99,91)",
    principle="standar_data",
    dimension="akurasi",
    severity="warning",
    sop=("QE-02",),
    parameters={"rounding": 0.5, "slight": 2.0, "least_groups": 3, "least_share": 0.55},
    words={
        "": Words(
            Text("Persentase tidak berjumlah 100", "Shares do not add to 100"),
            Text(
                "{groups} kelompok kolom {column} tidak berjumlah 100. Contoh: {group} (mulai baris {row}) "
                "berjumlah {sum}.",
                "{groups} groups of {column} do not add to 100. Example: {group} (from row {row}) adds to {sum}.",
            ),
            Text("Periksa nilai di kelompok itu.", "Look at the values of that group."),
        ),
        "slight": Words(
            Text("Persentase hampir 100", "Shares nearly add to 100"),
            Text(
                "{groups} kelompok kolom {column} berjumlah sedikit lain dari 100. Contoh: {group} (mulai baris {row}) "
                "berjumlah {sum}.",
                "{groups} groups of {column} add to a little more or less than 100. Example: {group} (from row "
                "{row}) adds "
                "to {sum}.",
            ),
            Text(
                "Bila karena pembulatan, jelaskan; bila tidak, perbaiki nilainya.",
                "If that is rounding, say so; if not, correct the values.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    found: list[Found] = []
    looked = False
    for _, there in shape.figures:
        if there.id in shape.wide_ids:
            continue
        for kind in shape.classes:
            groups = _groups(asked, there, kind)
            if groups is not None:
                looked = True
                found += _found(asked, there.name, groups)
                break
    across = _across(asked)
    if across is not None:
        looked = True
        found += _found(asked, None, across)
    return found if looked else no_column("persentase yang berjumlah 100", "shares that add to 100")


def _groups(asked: Asked, there: TableColumn, kind: TableColumn) -> pl.DataFrame | None:
    """The rows with the sum of their group (all rows alike but in ``kind``); ``None`` where the groups are no "
    "shares."""
    shape = asked.dictionary.shape
    others = [
        *shape.times,
        *(column for _, column in shape.codes),
        *(column for _, column in shape.places),
        *(column for column in (*shape.classes, *shape.units) if column.id != kind.id),
    ]
    if not others:
        return None
    group = pl.concat_str([cells.plain(column.id) for column in others], separator=" · ")
    frame = (
        asked.table.rows.select(ROW, group=group, text=pl.col(there.id))
        .with_columns(value=shape.numbers(there), column=pl.lit(there.name))
        .filter(pl.col("value").is_not_null())
        .with_columns(sum=pl.col("value").sum().over("group"), parts=pl.len().over("group"))
    )
    return frame if _are_shares(asked, frame.unique("group"), frame.select(pl.col("value").min()).item()) else None


def _across(asked: Asked) -> pl.DataFrame | None:
    """The same for shares in neighbouring columns; a row is a group."""
    shape = asked.dictionary.shape
    parts = [there for _, there in shape.figures if there.id not in shape.wide_ids]
    if len(parts) < 3:
        return None
    texts = [there for column, there in asked.dictionary.pairs if column.type == "text"][:2] or [asked.table.columns[0]]
    group = pl.concat_str([cells.plain(there.id) for there in texts], separator=" · ")
    columns = {f"v{number}": shape.numbers(there) for number, there in enumerate(parts)}
    frame = (
        asked.table.rows.select(ROW, group=group, text=pl.lit(""), column=pl.lit(""))
        .hstack(pl.DataFrame(columns))
        .with_columns(sum=pl.sum_horizontal(*columns, ignore_nulls=False), parts=pl.lit(len(parts)))
        .filter(pl.col("sum").is_not_null())
    )
    least = frame.select(pl.min_horizontal(*[pl.col(name).min() for name in columns])).item()
    return frame if _are_shares(asked, frame, least) else None


def _are_shares(asked: Asked, groups: pl.DataFrame, least: float | None) -> bool:
    """Whether most groups of several parts add to 100: then they are shares, whatever the header says."""
    if least is None or least < 0 or groups.height < asked.parameters["least_groups"]:
        return False
    right = groups.filter((pl.col("sum") - 100).abs() <= asked.parameters["rounding"], pl.col("parts") > 1).height
    return right >= asked.parameters["least_share"] * groups.height


def _found(asked: Asked, column: str | None, frame: pl.DataFrame) -> Iterable[Found]:
    off = (pl.col("sum") - 100).abs()
    slight, rounding = asked.parameters["slight"], asked.parameters["rounding"]
    for variant, mask in (("", off > slight), ("slight", (off > rounding) & (off <= slight))):
        hit = frame.filter(mask)
        if hit.is_empty():
            continue
        first = hit.unique("group", keep="first", maintain_order=True)
        samples = tuple(
            Sample(row[ROW], row["column"], row["text"], None, {"group": row["group"], "sum": f"{row['sum']:.6g}"})
            for row in first.head(SAMPLES).rows(named=True)
        )
        yield Found(column, hit[ROW], samples, variant, {"groups": first.height})
