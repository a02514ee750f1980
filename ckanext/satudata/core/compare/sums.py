"""Figures of two versions of a column: totals, totals by period, codes that came and went, a changed scale."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ckanext.satudata.core.qa.lazy import pl

# Digits an exact sum may have in all.
DIGITS = 38
# A scale is told when it explains this share of at least so many changed cells.
MOST, FEWEST = 0.9, 10
LOOKED_AT = 100_000
LONG = 18  # digits and sign of a number that fits into 64 bits whatever it is


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a column before and after as plain decimal texts, exact; ``None`` when it is beyond 38 digits.

    ``filled``: cells with a number.
    """

    column: str
    before: str | None
    after: str | None
    difference: str | None
    filled_before: int
    filled_after: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "filled_before": self.filled_before,
            "filled_after": self.filled_after,
        }


@dataclass(frozen=True, slots=True)
class Period:
    """The sum of a column in one period; ``None`` where the version has no row of it."""

    column: str
    period: str
    before: str | None
    after: str | None
    difference: str | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "period": self.period,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
        }


@dataclass(frozen=True, slots=True)
class Codes:
    """Values of a coded column that came or went; the counts are exact, the lists hold the first ones."""

    column: str
    added_count: int
    removed_count: int
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "added_count": self.added_count,
            "removed_count": self.removed_count,
            "added": list(self.added),
            "removed": list(self.removed),
        }


@dataclass(frozen=True, slots=True)
class Scale:
    """The changed numbers of a column are ``factor`` times the old ones: ``cells`` of ``of`` changed cells."""

    column: str
    factor: float
    cells: int
    of: int

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column, "factor": self.factor, "cells": self.cells, "of": self.of}


def plain_numbers(cells: pl.Series) -> pl.Series:
    """Numbers in one spelling: no zeros before or behind, no ``-0``, no ``+``; anything else stays."""
    behind = cells.str.contains(".", literal=True) & (cells.str.ends_with("0") | cells.str.ends_with("."))
    if behind.any():
        where = behind.arg_true()
        cells = cells.scatter(where, cells.gather(where).str.strip_chars_end("0").str.strip_suffix("."))
    sign = cells.str.starts_with("+") | cells.str.starts_with("-0")
    before = cells.str.starts_with("0") & (cells.str.len_bytes() > 1) & ~cells.str.starts_with("0.")
    if (sign | before).any():
        where = (sign | before).arg_true()
        cells = cells.scatter(where, cells.gather(where).map_elements(plain_number, return_dtype=pl.String))
    return cells


_FORM = re.compile(r"^([+-]?)(\d+)(?:\.(\d+))?$", re.ASCII)


def plain_number(text: str) -> str:
    """As :func:`plain_numbers`, for one text."""
    found = _FORM.match(text)
    if found is None:
        return text
    sign, whole, part = found.group(1), found.group(2).lstrip("0") or "0", (found.group(3) or "").rstrip("0")
    plain = f"{whole}.{part}" if part else whole
    return f"-{plain}" if sign == "-" and plain != "0" else plain


def totals(name: str, before: pl.Series, after: pl.Series) -> list[Total]:
    """The total of a column in both versions."""
    exact = _exact(before, after)
    filled = [int((series != "").sum()) for series in (before, after)]
    if exact is None:
        return [Total(name, None, None, None, *filled)]
    was, is_now = (_sum(series) for series in exact)
    return [Total(name, _text(was), _text(is_now), _text(is_now - was), *filled)]


def _sum(series: pl.Series) -> Decimal:
    # whole numbers come as int, decimals as Decimal
    return Decimal(series.sum() or 0)  # pyright: ignore[reportArgumentType]


def periods(name: str, before: pl.DataFrame, after: pl.DataFrame) -> list[Period]:
    """The totals by period (``p``) of the values ``v``, in the order of the periods."""
    exact = _exact(before["v"], after["v"])
    if exact is None:
        return []
    summed = [
        frame.with_columns(v=series.fill_null(0)).group_by("p").agg(pl.col("v").sum())
        for frame, series in zip((before, after), exact, strict=True)
    ]
    was, is_now = (dict(frame.iter_rows()) for frame in summed)
    return [_period(name, one, was.get(one), is_now.get(one)) for one in sorted({*was, *is_now}) if one]


def _period(name: str, period: str, was: Decimal | int | None, is_now: Decimal | int | None) -> Period:
    difference = is_now - was if was is not None and is_now is not None else None
    return Period(name, period, _text(was), _text(is_now), _text(difference))


def _exact(*columns: pl.Series) -> list[pl.Series] | None:
    """The columns as whole numbers or decimals of one scale, empty cells null; ``None`` when a digit could be lost."""
    scale = max(_behind_point(cells) for cells in columns)
    longest = max(int(cells.str.len_bytes().max() or 0) for cells in columns)  # pyright: ignore[reportArgumentType]
    if longest + scale + len(str(max(cells.len() for cells in columns))) > DIGITS:
        return None
    # Whole numbers are much quicker to read, and 128 bits hold any sum of those of 18 digits.
    small = scale == 0 and longest <= LONG
    kind = pl.Int64 if small else pl.Decimal(DIGITS, scale)
    exact = [cells.replace("", None) if not small else cells for cells in columns]
    read = [cells.cast(kind, strict=False) for cells in exact]
    if any(int((was != "").sum()) != is_now.count() for was, is_now in zip(columns, read, strict=True)):
        return None
    return [cells.cast(pl.Int128) for cells in read] if small else read


def _behind_point(cells: pl.Series) -> int:
    """The most digits behind a point."""
    pointed = cells.filter(cells.str.contains(".", literal=True))
    behind = pointed.str.len_bytes().cast(pl.Int64) - pointed.str.find(".", literal=True).cast(pl.Int64) - 1
    return int(behind.max() or 0)  # pyright: ignore[reportArgumentType]


def _text(value: Decimal | int | None) -> str | None:
    return plain_number(format(Decimal(value), "f")) if value is not None else None


def codes(name: str, before: pl.Series, after: pl.Series, most: int) -> list[Codes]:
    """Which values came and which went; nothing when they are the same."""
    was, is_now = (series.filter(series != "").unique() for series in (before, after))
    come, gone = _not_in(is_now, was), _not_in(was, is_now)
    if come.is_empty() and gone.is_empty():
        return []
    return [Codes(name, come.len(), gone.len(), tuple(come.head(most)), tuple(gone.head(most)))]


def _not_in(values: pl.Series, others: pl.Series) -> pl.Series:
    found = values.to_frame("v").join(others.to_frame("v"), on="v", how="anti")
    return found["v"].sort()


def scales(name: str, changed: pl.DataFrame) -> list[Scale]:
    """Whether the changed cells (``was``, ``now``) were all multiplied by one number, as when a unit changes."""
    numbers = changed.select(pl.col("was", "now").cast(pl.Float64, strict=False))
    ratio = numbers.filter((pl.col("was") != 0) & (pl.col("now") != 0)).select(
        (pl.col("now") / pl.col("was")).round_sig_figs(6)
    )
    if changed.height < FEWEST or ratio.is_empty():
        return []
    [(factor, cells)] = Counter(ratio.to_series().drop_nulls().to_list()).most_common(1) or [(1.0, 0)]
    looked = numbers.height
    return [Scale(name, factor, cells, looked)] if factor != 1 and cells >= MOST * looked else []
