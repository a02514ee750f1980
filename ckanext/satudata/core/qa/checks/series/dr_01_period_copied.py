"""DR-01: no period repeats the values of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.panel import NO_SERIES, Panel
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

# Beyond this many periods each is compared with the twelve before it only.
_ALL_PAIRS = 40
_NEAR = 12


@check(
    id="DR-01",
    title=Text("Tidak ada periode yang menyalin periode lain", "No period repeats another"),
    meaning=Text(
        "Bila hampir semua nilai suatu tahun sama persis dengan tahun lain, biasanya tahun lama disalin karena "
        "data baru "
        "belum ada. Jumlah gedung dan upah minimum dapat sama dengan jujur; karena itu ini pertanyaan.",
        "Where nearly all values of a year equal those of another, the old year was usually copied because there "
        "were no "
        "new figures. Counts of buildings and minimum wages repeat honestly; hence a question.",
    ),
    bad="2018: 1204, 987, 3310 … 2021: 1204, 987, 3310 …",
    good="2018: 1204, 987, 3310 … 2021: 1250, 1011, 3296 …",
    principle="standar_data",
    dimension="akurasi",
    severity="question",
    sop=("QE-03", "KK-01"),
    parameters={"whole": 0.95, "part": 0.5, "least": 8},
    words={
        "": Words(
            Text("Satu periode sama dengan periode lain", "One period equals another"),
            Text(
                "{figure}: {same} dari {of} nilai periode {copy} sama persis dengan periode {original}.",
                "{figure}: {same} of {of} values of {copy} equal those of {original}.",
            ),
            Text(
                "Pastikan nilai {copy} benar-benar data {copy}. Bila memang sama, jelaskan.",
                "Make sure that the values of {copy} are those of {copy}. If they are the same, say so.",
            ),
        ),
        "part": Words(
            Text("Sebagian periode sama dengan periode lain", "Part of a period equals another"),
            Text(
                "{figure}: {same} dari {of} nilai periode {copy} sama persis dengan periode {original}, termasuk "
                "nilai-nilai besar.",
                "{figure}: {same} of {of} values of {copy} equal those of {original}, large ones among them.",
            ),
            Text(
                "Pastikan nilai yang sama memang tidak berubah; bila ya, jelaskan.",
                "Make sure that the equal values did not change; if so, say so.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    panels = asked.dictionary.panels
    if not panels:
        return NO_SERIES
    return [found for panel in panels for found in _panel(panel, asked)]


def _panel(panel: Panel, asked: Asked) -> Iterator[Found]:
    least, whole, part = (asked.parameters[name] for name in ("least", "whole", "part"))
    pairs = _alike(panel, least, min(whole, part))
    if not pairs:
        return
    counted = panel.matrix.select(
        [expression for one, other in pairs for expression in _counts(str(one), str(other))]
    ).row(0, named=True)  # fmt: skip
    told: set[int] = set()
    for one, other in pairs:
        of, same, telling, distinct, large = (int(counted[f"{name}_{one}_{other}"] or 0) for name in _NAMES)
        if other in told or of < least or telling < least or distinct < max(4, 0.3 * same):
            continue
        if same >= whole * of:
            variant = ""
        elif same >= part * of and large >= max(10, part * of):
            variant = "part"
        else:
            continue
        told.add(other)
        words = {"same": same, "of": of, "copy": panel.periods[other], "original": panel.periods[one]}
        before = panel.at([one]).select("k", pl.col("value").alias("before"))
        hit = panel.at([other]).join(before, on="k", maintain_order="left").filter(pl.col("value") == pl.col("before"))
        yield panel.found(hit, variant, words)


def _alike(panel: Panel, least: int, share: float) -> list[tuple[int, int]]:
    """The pairs of periods that have enough values in common to be looked at closely: mostly none."""
    pairs = list(_pairs(len(panel.periods)))
    equal = [pl.col(str(one)) == pl.col(str(other)) for one, other in pairs]
    counts = panel.matrix.select(
        [same.sum().alias(f"same_{number}") for number, same in enumerate(equal)]
        + [same.count().alias(f"of_{number}") for number, same in enumerate(equal)]
    ).row(0)
    told = zip(pairs, counts[: len(pairs)], counts[len(pairs) :], strict=True)
    return [pair for pair, same, of in told if same >= max(least, share * of)]


_NAMES = ("of", "same", "telling", "distinct", "large")


def _pairs(periods: int) -> Iterator[tuple[int, int]]:
    for other in range(1, periods):
        for one in range(0 if periods <= _ALL_PAIRS else max(0, other - _NEAR), other):
            yield one, other


def _counts(one: str, other: str) -> list[pl.Expr]:
    """How many places have both values, how many are the same, and how many of those tell something: 0 and 3 repeat by
    chance, 63.44 and 1204 do not.
    """
    first, second = pl.col(one), pl.col(other)
    same = first == second
    telling = same & ((second.abs() >= 10) | (second != second.round(0)))
    large = same & (second.abs() >= 100)
    return [
        (first.is_not_null() & second.is_not_null()).sum().alias(f"of_{one}_{other}"),
        same.sum().alias(f"same_{one}_{other}"),
        telling.sum().alias(f"telling_{one}_{other}"),
        second.filter(same).n_unique().alias(f"distinct_{one}_{other}"),
        large.sum().alias(f"large_{one}_{other}"),
    ]
