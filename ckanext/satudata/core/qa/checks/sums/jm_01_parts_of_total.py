"""JM-01: a column of totals equals the sum of its parts: male + female, the quarters, the kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.shape import Shape
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text

_TOTAL = re.compile(r"\b(?:total|jumlah|jml|keseluruhan|seluruhnya|l p|lk pr)\b")
_MALE = re.compile(r"\b(?:laki laki|laki|lelaki|pria|lk|l)\b")
_FEMALE = re.compile(r"\b(?:perempuan|wanita|pr|p)\b")
_PARTS_AT_MOST = 40


@check(
    id="JM-01",
    title=Text("Jumlah sama dengan penjumlahan bagiannya", "Totals equal the sum of their parts"),
    meaning=Text(
        "Kolom jumlah (misalnya laki-laki + perempuan) sama dengan penjumlahan kolom bagiannya di setiap baris.",
        "A column of totals (male + female, for instance) equals the sum of its parts in every row.",
    ),
    bad="laki-laki 1200 | perempuan 1300 | jumlah 2400",
    good="laki-laki 1200 | perempuan 1300 | jumlah 2500",
    principle="standar_data",
    dimension="akurasi",
    severity="warning",
    sop=("QE-02",),
    parameters={"least_rows": 4, "least_share": 0.6, "tolerance": 0.011},
    words={
        "": Words(
            Text("Jumlah tidak sama dengan bagiannya", "Totals differ from the sum of their parts"),
            Text(
                "{count} baris kolom {column} tidak sama dengan {parts}. Contoh: baris {row}, tertulis {value}, hasil "
                "penjumlahan {sum}.",
                "{count} rows of {column} differ from {parts}. Example: row {row} says {value}, the sum is {sum}.",
            ),
            Text(
                "Periksa bagian dan jumlah di baris itu; salah satunya keliru.",
                "Look at parts and total of the row; one of them is wrong.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    held: dict[str, _Sum] = {}
    for total, parts in _candidates([there for _, there in shape.figures]):
        one = _Sum(shape, total, parts)
        if total.id not in held and one.holds(asked.parameters):
            held[total.id] = one
    if not held:
        return no_column("jumlah beserta bagiannya", "totals with their parts")
    return [found for one in held.values() if (found := _found(asked, one)) is not None]


@dataclass(frozen=True)
class _Sum:
    """Columns that are perhaps the parts of another."""

    shape: Shape
    total: TableColumn
    parts: tuple[TableColumn, ...]

    def compared(self, tolerance: float) -> pl.DataFrame:
        """Rows in which total and all parts are figures: ``total``, ``sum``, ``wrong``; null ``wrong`` elsewhere."""
        columns = {f"p{number}": self.shape.numbers(part) for number, part in enumerate(self.parts)}
        summed = pl.sum_horizontal(*columns, ignore_nulls=False)
        return pl.DataFrame({**columns, "total": self.shape.numbers(self.total)}).select(
            "total", sum=summed, wrong=(summed - pl.col("total")).abs() > tolerance * len(self.parts)
        )

    def holds(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the columns add up in most rows, zeros aside: only then are they total and parts."""
        looked = self.compared(parameters["tolerance"]).filter(pl.col("wrong").is_not_null(), pl.col("total") != 0)
        right = looked.height - int(looked["wrong"].sum())
        return looked.height >= parameters["least_rows"] and right >= parameters["least_share"] * looked.height


def _found(asked: Asked, one: _Sum) -> Found | None:
    hit = (
        asked.table.rows.select(ROW, text=pl.col(one.total.id))
        .hstack(one.compared(asked.parameters["tolerance"]))
        .filter(pl.col("wrong"))
    )
    if hit.is_empty():
        return None
    samples = tuple(
        Sample(row, one.total.name, text, None, {"sum": f"{summed:.10g}"})
        for row, text, summed in hit.select(ROW, "text", "sum").head(SAMPLES).rows()
    )
    parts = " + ".join(part.name for part in one.parts[:6]) + (" + …" if len(one.parts) > 6 else "")
    return Found(one.total.name, hit[ROW], samples, "", {"parts": parts})


def _candidates(figures: list[TableColumn]) -> Iterable[tuple[TableColumn, tuple[TableColumn, ...]]]:
    """What may be a total with its parts, the likeliest first; the figures decide."""
    yield from _sexes(figures)
    for index, total in enumerate(figures):
        if not _TOTAL.search(_words(total)):
            continue
        left = index
        while left > 0 and index - left < _PARTS_AT_MOST and not _plainly_total(figures[left - 1]):
            left -= 1
        # The parts may be all of the neighbours or only the nearest of them.
        before, after = figures[left:index], figures[index + 1 : index + 1 + _PARTS_AT_MOST]
        for size in (_PARTS_AT_MOST, 2, 3, 4):
            for parts in (before[-size:], after[:size]):
                if len(parts) >= 2:
                    yield total, tuple(parts)


def _sexes(figures: list[TableColumn]) -> Iterable[tuple[TableColumn, tuple[TableColumn, ...]]]:
    males = {_rest(_MALE, there): there for there in figures if _MALE.search(_words(there)) and not _both(there)}
    females = {_rest(_FEMALE, there): there for there in figures if _FEMALE.search(_words(there)) and not _both(there)}
    for rest in males.keys() & females.keys():
        for there in figures:
            named = {rest, _without_total(rest)} & {_words(there), _without_total(_words(there))}
            if there.id not in (males[rest].id, females[rest].id) and (named or _both(there)):
                yield there, (males[rest], females[rest])


def _both(there: TableColumn) -> bool:
    return bool(_MALE.search(_words(there)) and _FEMALE.search(_words(there)))


def _plainly_total(there: TableColumn) -> bool:
    """``Jumlah``, ``Total L+P``: nothing is left but the word."""
    return not _without_total(_words(there)) or _both(there)


def _without_total(words: str) -> str:
    return " ".join(_TOTAL.sub(" ", words).split())


def _rest(pattern: re.Pattern[str], there: TableColumn) -> str:
    return " ".join(pattern.sub(" ", _words(there)).split())


def _words(there: TableColumn) -> str:
    return " ".join(re.sub(r"[^a-z0-9%]+", " ", same_name(there.name)).split())
