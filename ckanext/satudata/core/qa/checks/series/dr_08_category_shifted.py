"""DR-08: values stand beside their own class in every period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.panel import Panel
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text

_MOST_CLASSES = 30


@check(
    id="DR-08",
    title=Text("Nilai berada di kategori yang benar", "Values stand beside their own class"),
    meaning=Text(
        "Bila kategori diurutkan lain dari nilainya, nilai golongan A berpindah ke golongan AB, sedangkan jumlah "
        "seluruhnya tetap. Tampak sebagai lonjakan ke arah berlawanan di satu periode.",
        "Where classes were sorted apart from their values, those of group A move to group AB while the total "
        "stays. It "
        "shows as jumps in opposite directions in one period.",
    ),
    bad="2022: A 25, B 28, AB 7, O 40; 2023: A 7, B 25, AB 28, O 40",
    good="2022: A 25, B 28, AB 7, O 40; 2023: A 25, B 28, AB 7, O 40",
    principle="standar_data",
    dimension="akurasi",
    severity="question",
    sop=("QE-03",),
    parameters={"jump": 1.8, "near": 0.15},
    words={
        "": Words(
            Text("Kategori tampaknya tertukar", "Classes seem to be exchanged"),
            Text(
                "Di periode {period} nilai kategori {moved} tampaknya tertukar: jumlahnya tetap, tetapi nilainya cocok "
                "dengan kategori lain di periode {before}.",
                "In {period} the values of {moved} seem exchanged: their total stays, but they fit other classes of "
                "{before}.",
            ),
            Text("Cocokkan kategori dan nilainya dengan sumber data.", "Compare classes and values with the source."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    classes = asked.dictionary.shape.classes
    panels = [panel for panel in asked.dictionary.panels if panel.column is not None]
    if not panels or not classes:
        return no_column("kategori dan periode", "classes and periods")
    return [found for panel in panels for kind in classes for found in _panel(asked, panel, kind)]


def _panel(asked: Asked, panel: Panel, kind: TableColumn) -> Iterator[Found]:
    names = asked.table.rows.select(pl.col(ROW).alias("row"), kind=cells.plain(kind.id))
    frame = panel.frame.join(names, on="row", maintain_order="left")
    sums = (
        frame.group_by("kind", "t").agg(pl.col("value").sum()).pivot(on="t", index="kind", values="value").sort("kind")
    )
    if not 2 < sums.height <= _MOST_CLASSES:
        return
    kinds: list[str] = sums["kind"].to_list()
    for number in range(1, len(panel.periods)):
        if not {str(number), str(number - 1)} <= set(sums.columns):
            continue
        before, now = sums[str(number - 1)].to_list(), sums[str(number)].to_list()
        moved = _moved(asked, before, now)
        # One period later everything is back: then that one only shows the way back.
        if moved and not (number > 1 and _moved(asked, sums[str(number - 2)].to_list(), before)):
            chosen = [kinds[index] for index in moved]
            words = {"period": panel.periods[number], "before": panel.periods[number - 1], "moved": ", ".join(chosen)}
            hit = frame.filter(pl.col("t") == number, pl.col("kind").is_in(chosen))
            yield panel.found(hit, "", words)


def _moved(asked: Asked, before: list[float | None], now: list[float | None]) -> list[int]:
    """The classes whose values changed places: each jumped, and each new value is the old one of another class."""
    jump, near = asked.parameters["jump"], asked.parameters["near"]
    pairs = [(index, old, new) for index, (old, new) in enumerate(zip(before, now, strict=True)) if old and new]
    # Two that jumped are the sign; those that moved with them may have jumped less.
    jumped = [(index, old, new) for index, old, new in pairs if max(old, new) > (1 + 2 * near) * min(old, new)]
    far = [pair for pair in jumped if max(pair[1:]) > jump * min(pair[1:])]
    if len(pairs) < len(before) or len(far) < 2 or sum(new for _, _, new in pairs) <= 0:
        return []
    total = sum(new for _, _, new in pairs) / sum(old for _, old, _ in pairs)
    ups = {new > old for _, old, new in jumped}
    if abs(total - 1) > near or len(ups) < 2:
        return []
    olds, news = sorted(old for _, old, _ in jumped), sorted(new for _, _, new in jumped)
    same = all(abs(new / (old * total) - 1) <= near for old, new in zip(olds, news, strict=True))
    # Values that are alike anyway prove nothing.
    apart = all(abs(one - other) > near * max(one, other) for one, other in combinations(olds, 2))
    return [index for index, _, _ in jumped] if same and apart else []
