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
    hit = table.rows.filter(mask.fill_null(False))
    if hit.is_empty():
        return None
    name = column_name(table, column)
    sample = hit if hit.height <= SAMPLES else hit.unique(column, keep="first", maintain_order=True).head(SAMPLES)
    notes = dict(note or {})
    shown = sample.select(
        pl.col(ROW),
        pl.col(column).alias("value"),
        (proposal if proposal is not None else pl.lit(None, dtype=pl.String)).alias("proposal"),
        *[expression.alias(f"note_{key}") for key, expression in notes.items()],
    )
    samples = tuple(
        Sample(
            row[ROW],
            name,
            row["value"],
            row["proposal"],
            {key: row[f"note_{key}"] for key in notes},
        )
        for row in shown.rows(named=True)
    )
    return Found(name, hit[ROW], samples, variant, parameters or {}, severity)


def column_name(table: Table, column: str) -> str:
    """What people call a column: its header, or ``kolom 6`` where it has none."""
    found = next(item for item in table.columns if item.id == column)
    return found.name or f"kolom {found.position}"


def ranges(rows: pl.Series | tuple[int, ...]) -> tuple[list[tuple[int, int]], bool]:
    """Sorted physical rows as ranges, and whether all fitted below :data:`RANGES`."""
    series = rows if isinstance(rows, pl.Series) else pl.Series(ROW, list(rows), dtype=pl.Int64)
    if series.is_empty():
        return [], True
    frame = pl.DataFrame({"row": series.unique().sort()}).with_columns(
        run=(pl.col("row") - pl.int_range(pl.len(), dtype=pl.Int64))
    )
    runs = frame.group_by("run", maintain_order=True).agg(first=pl.col("row").min(), last=pl.col("row").max())
    found = [(int(first), int(last)) for first, last in runs.select("first", "last").head(RANGES).rows()]
    return found, runs.height <= RANGES
