"""A table as series: one value for each place or class and each period, with the periods in rows or in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ckanext.satudata.core.qa import cells, times
from ckanext.satudata.core.qa.findings import Found, NotApplicable, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.dictionary import Bound

# Beyond this many values the series are not looked at (a frame of them takes about 60 bytes each).
MOST_VALUES = 20_000_000
# A key that names a period twice more often than this is no key.
_LEAST_DISTINCT = 0.98

NO_SERIES = NotApplicable(
    Text(
        "Tabel ini tidak memuat deret waktu (nilai per wilayah atau klasifikasi dan per periode).",
        "This table holds no series (one value for each region or class and each period).",
    )
)


@dataclass(frozen=True)
class Panel:
    """The values of one figure. ``frame``: ``row``, ``column`` (header), ``key``, ``label`` (of the key, for people),
    ``k`` (its number), ``period`` (sortable), ``t`` (its number from 0), ``value`` (float, never null), ``text`` (the
    cell); sorted by key and period. ``column`` is the figure's header, ``None`` where the periods are columns.
    """

    name: str
    column: str | None
    there: TableColumn | None
    frame: pl.DataFrame
    periods: tuple[str, ...]
    # The rows of the table, with a value or not: ``row``, ``key``, ``label``, ``period``.
    all_keys: pl.DataFrame

    @cached_property
    def all_periods(self) -> list[str]:
        return self.all_keys["period"].unique().sort().to_list()

    @cached_property
    def matrix(self) -> pl.DataFrame:
        """A row for each key (``k``), a column for each period (``0``, ``1``, … as in ``t``); null where there "
        "is no value."""
        names = [str(number) for number in range(len(self.periods))]
        wide = self.frame.pivot(on="t", index="k", values="value")
        return wide.select("k", *[name for name in names if name in wide.columns])

    def at(self, numbers: list[int]) -> pl.DataFrame:
        """The values of these periods."""
        return self.frame.filter(pl.col("t").is_in(numbers))

    def found(
        self, hit: pl.DataFrame, variant: str = "", parameters: Mapping[str, Any] | None = None, **notes: str
    ) -> Found:
        """The values of ``hit`` (of :attr:`frame`, maybe with columns added) as a finding about this figure."""
        about = {"figure": self.name, **(parameters or {})}
        rows = hit["row"].unique().sort()
        return Found(self.column, rows, self.samples(hit, **notes), variant, about, count=hit.height)

    def samples(self, hit: pl.DataFrame, **notes: str) -> tuple[Sample, ...]:
        """The first rows of ``hit`` (of :attr:`frame`, maybe with columns added) as samples; ``notes``: name of the
        note → column of ``hit``. A column ``proposal`` is proposed.
        """
        return tuple(
            Sample(
                row["row"],
                row["column"],
                row["text"],
                row.get("proposal"),
                {"label": row["label"], "period": row["period"], **{key: row[of] for key, of in notes.items()}},
            )
            for row in hit.head(20).rows(named=True)
        )


def panels(bound: Bound) -> list[Panel]:
    """All series of the table; none where it has no periods, too many values, or keys that name nothing."""
    shape = bound.shape
    if bound.table.height * max(1, len(shape.figures)) > MOST_VALUES:
        return []
    found = [panel for rest in shape.wide if (panel := _wide(bound, rest)) is not None]
    if shape.times:
        found += _long(bound)
    return found


def _text_keys(bound: Bound) -> list[TableColumn]:
    """The columns that say what a row is about, time aside: the declared key, else places, codes and classes."""
    shape = bound.shape
    apart = {there.id for there in (*shape.times, *shape.units)} | shape.wide_ids
    keys = [there for column, there in bound.pairs if column.key and there.id not in apart]
    if keys:
        return keys
    named = [there for _, there in shape.codes] + [there for _, there in shape.places]
    known = {there.id for there in named}
    return [*named, *(there for there in shape.classes if there.id not in known | apart)]


def _labels(bound: Bound, keys: list[TableColumn]) -> pl.Expr:
    shown = [bound.name_column(there) or there for there in keys]
    return _joined(shown)


def _key(bound: Bound, keys: list[TableColumn]) -> pl.Expr:
    """The values that name a series; codes are the same with and without dots and blanks."""
    codes = {there.id for _, there in bound.shape.codes}
    plain = [
        cells.plain(there.id).str.replace_all(r"[. ]", "")
        if there.id in codes
        else cells.plain(there.id).str.to_lowercase()
        for there in keys
    ]
    return pl.concat_str(plain, separator=" · ") if plain else pl.lit("")


def _joined(columns: Iterable[TableColumn]) -> pl.Expr:
    plain = [cells.plain(there.id) for there in columns]
    return pl.concat_str(plain, separator=" · ") if plain else pl.lit("")


def _wide(bound: Bound, rest: str) -> Panel | None:
    wide = bound.shape.wide[rest]
    group = [(there, period) for there, period in wide if bound.shape.numbers(there).drop_nulls().len()]
    if len(group) < 2 or len({period for _, period in group}) < len(group):
        return None
    keys = _text_keys(bound) or [
        there for column, there in bound.pairs if column.type == "text" and there.id not in bound.shape.wide_ids
    ]
    base = bound.table.rows.select(pl.col(ROW).alias("row"), key=_key(bound, keys), label=_labels(bound, keys))
    if base["key"].n_unique() < _LEAST_DISTINCT * base.height:
        return None
    parts = [
        base.with_columns(
            column=pl.lit(there.name),
            period=pl.lit(period),
            value=bound.shape.numbers(there),
            text=bound.table.rows[there.id],
        )
        for there, period in group
    ]
    return _panel(rest or "nilai", None, None, pl.concat(parts))


def _long(bound: Bound) -> list[Panel]:
    shape = bound.shape
    keys = _text_keys(bound)
    base = bound.table.rows.select(
        pl.col(ROW).alias("row"), key=_key(bound, keys), label=_labels(bound, keys)
    ).with_columns(period=_period(bound, shape.times))
    named = base.filter(pl.col("period").is_not_null())
    if named.is_empty() or named.select(pl.struct("key", "period").n_unique()).item() < _LEAST_DISTINCT * named.height:
        return []
    found: list[Panel] = []
    for _, there in shape.figures:
        if there.id in shape.wide_ids:
            continue
        frame = base.with_columns(
            column=pl.lit(there.name), value=shape.numbers(there), text=bound.table.rows[there.id]
        ).filter(pl.col("period").is_not_null())
        panel = _panel(there.name, there.name, there, frame)
        if panel is not None:
            found.append(panel)
    return found


def _period(bound: Bound, columns: tuple[TableColumn, ...]) -> pl.Series:
    """The period of each row in one sortable text: year first, then the parts of the year."""
    rows = bound.table.rows
    ordered = sorted(columns, key=lambda there: not _has_year(rows[there.id]))
    parts: list[pl.Series] = []
    for there in ordered[:2]:
        plain = rows[there.id].str.strip_chars()
        known = {text: times.sortable(text) for text in plain.unique().to_list()}
        parts.append(plain.replace_strict(known, default=None, return_dtype=pl.String))
    if not parts:
        return pl.Series([None] * rows.height, dtype=pl.String)
    frame = pl.DataFrame({f"p{number}": part for number, part in enumerate(parts)})
    if len(parts) == 1 or _days(parts[0]):
        return frame["p0"].alias("period")
    return frame.select(
        period=pl.when(pl.col("p1").str.contains(r"^\d{4}"))
        .then("p0")
        .otherwise(pl.concat_str("p0", "p1", separator="-"))
    )["period"]


def _has_year(cell: pl.Series) -> bool:
    return bool(cell.str.contains(r"(?:19|20)\d\d").any())


def _days(part: pl.Series) -> bool:
    """Whether the first column already holds whole dates."""
    return bool((part.str.len_chars() == 10).any())


def _panel(name: str, column: str | None, there: TableColumn | None, frame: pl.DataFrame) -> Panel | None:
    kept = frame.filter(pl.col("value").is_not_null()).unique(["key", "period"], keep="first", maintain_order=True)
    if kept["period"].n_unique() < 2:
        return None
    ranked = kept.with_columns(t=pl.col("period").rank("dense").cast(pl.Int32) - 1).sort("key", "t")
    ranked = ranked.with_columns(k=pl.col("key").rle_id())
    periods = tuple(ranked["period"].unique().sort().to_list())
    return Panel(name, column, there, ranked, periods, frame.select("row", "key", "label", "period"))
