"""What a check finds: rows, a sample of cells, and the parameters of its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.model import ROW, Table
from ckanext.satudata.core.text import Text

Severity = Literal["error", "warning", "question", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "question", "info")
# A report holds this many cells of a finding, and this many ranges of rows; counts are always complete.
SAMPLES = 20
RANGES = 1_000


@dataclass(frozen=True, slots=True)
class Sample:
    """One cell: physical row, column name, what stands there, what is proposed instead, parameters of a note."""

    row: int
    column: str
    value: str
    proposal: str | None = None
    note: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value[:300],
            "proposal": self.proposal,
            "note": dict(self.note),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as a check reports it. ``rows`` are the physical rows, complete; ``severity`` only to differ from
    the rule.
    """

    column: str | None = None
    rows: pl.Series | tuple[int, ...] = ()
    samples: tuple[Sample, ...] = ()
    variant: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    severity: Severity | None = None
    count: int | None = None
    # Beyond SAMPLES cells the sample shows every value once.
    each_value: bool = False
    # ``_row``, ``column`` (its id), ``before``, ``after`` of every cell with a proposal, where the table asks for it.
    proposals: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The check had nothing to look at; ``missing`` names the source that is not there (a list's key,
    ``dictionary``).
    """

    reason: Text
    missing: str | None = None


NO_DICTIONARY = NotApplicable(
    Text("Kamus data belum diisi.", "There is no data dictionary yet."),
    "dictionary",
)


def no_list(key: str) -> NotApplicable:
    """The reference list a check needs is not installed."""
    return NotApplicable(
        Text(
            f"Daftar referensi “{key}” belum dipasang di portal ini.", f"Reference list “{key}” is not installed here."
        ),
        key,
    )


def no_column(indonesian: str, english: str) -> NotApplicable:
    """The table has no column of the kind the check is about: ``kode wilayah`` / ``region codes``."""
    words = Text(f"Tabel ini tidak mempunyai kolom {indonesian}.", f"This table has no column of {english}.")
    return NotApplicable(words)


def mark(
    table: Table,
    column: str,
    mask: pl.Expr | pl.Series,
    *,
    proposal: pl.Expr | None = None,
    note: Mapping[str, pl.Expr] | None = None,
    variant: str = "",
    severity: Severity | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Found | None:
    """The cells of ``column`` (its id) for which ``mask`` holds, as a finding; ``None`` if there are none.

    ``proposal`` and ``note`` are expressions over the table's frame, worked out for the sample only.
    """
    marked = mask if isinstance(mask, pl.Series) else table.rows.select(ROW, mask=mask.fill_null(False))["mask"]
    if not marked.any():
        return None
    name = column_name(table, column)
    rows = table.rows[ROW].filter(marked)
    notes = dict(note or {})
    shown = {"proposal": proposal, **{f"note_{key}": expression for key, expression in notes.items()}}
    wanted = {ROW, column, *(root for one in shown.values() if one is not None for root in one.meta.root_names())}
    sample = (table.rows.select(*wanted) if wanted <= set(table.rows.columns) else table.rows).filter(marked)
    if rows.len() > SAMPLES:
        sample = sample.unique(column, keep="first", maintain_order=True).head(SAMPLES)
    none = pl.lit(None, dtype=pl.String)
    listed = sample.select(
        pl.col(ROW),
        pl.col(column).alias("value"),
        *[(none if expression is None else expression).alias(key) for key, expression in shown.items()],
    )
    samples = tuple(
        Sample(row[ROW], name, row["value"], row["proposal"], {key: row[f"note_{key}"] for key in notes})
        for row in listed.rows(named=True)
    )
    return Found(
        name, rows, samples, variant, parameters or {}, severity,
        each_value=True, proposals=_proposals(table, column, marked, proposal),
    )  # fmt: skip


def _proposals(table: Table, column: str, marked: pl.Series, proposal: pl.Expr | None) -> pl.DataFrame | None:
    if proposal is None or not table.every_proposal:
        return None
    return table.rows.filter(marked).select(
        ROW, column=pl.lit(column), before=pl.col(column), after=proposal.cast(pl.String)
    )


def column_name(table: Table, column: str) -> str:
    """What people call a column: its header, or ``kolom 6`` where it has none."""
    found = next(item for item in table.columns if item.id == column)
    return found.name or f"kolom {found.position}"


def ranges(rows: pl.Series | tuple[int, ...], bound: int = RANGES) -> tuple[list[tuple[int, int]], bool]:
    """Sorted physical rows as ranges, and whether all fitted below ``bound``."""
    series = rows if isinstance(rows, pl.Series) else pl.Series(ROW, list(rows), dtype=pl.Int64)
    if series.is_empty():
        return [], True
    if not series.is_sorted():
        series = series.sort()
    step = series - series.shift(1)
    begins = (step != 1) & (step != 0)
    begins = begins.fill_null(True)
    firsts = series.filter(begins)
    # A range ends where the next one begins, or with the last row.
    lasts = series.filter(begins.shift(-1, fill_value=True))
    found = zip(firsts.head(bound).to_list(), lasts.head(bound).to_list(), strict=True)
    return [(int(first), int(last)) for first, last in found], firsts.len() <= bound
