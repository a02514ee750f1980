"""DR-02: no period is ten, a hundred or a thousand times its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.panel import NO_SERIES, Panel
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_POWERS = (1, 2, 3, 6)


@check(
    id="DR-02",
    title=Text("Semua periode memakai besaran yang sama", "All periods have the same scale"),
    meaning=Text(
        "Bila semua nilai satu tahun sepersepuluh atau seribu kali tahun di sekitarnya, satuannya berubah (orang "
        "menjadi "
        "ribu orang) atau koma bergeser.",
        "Where all values of a year are a tenth or a thousand times those around it, the unit changed (persons to "
        "thousands) or a mark moved.",
    ),
    bad="2014: 5203 | 2015: 521 | 2016: 5240",
    good="2014: 5203 | 2015: 5210 | 2016: 5240",
    principle="standar_data",
    dimension="keterbandingan",
    severity="warning",
    sop=("QE-03", "KK-01"),
    parameters={"least": 5, "share": 0.8},
    words={
        "": Words(
            Text("Satu periode berbeda besaran", "One period has another scale"),
            Text(
                "{figure}: nilai periode {period} sekitar {factor_id} nilai periode sebelum dan sesudahnya, di "
                "{same} dari "
                "{of} baris.",
                "{figure}: the values of {period} are about {factor_en} those before and after, in {same} of "
                "{of} rows.",
            ),
            Text("Periksa satuan dan koma di periode {period}.", "Look at unit and decimal mark of {period}."),
        ),
        "shift": Words(
            Text("Besaran berubah sejak satu periode", "The scale changes from one period on"),
            Text(
                "{figure}: mulai periode {period} nilainya sekitar {factor_id} periode sebelumnya, di {same} dari {of} "
                "baris.",
                "{figure}: from {period} on the values are about {factor_en} those before, in {same} of {of} rows.",
            ),
            Text(
                "Bila satuannya berubah, samakan satuan semua periode; bila tidak, jelaskan.",
                "If the unit changed, bring all periods to one unit; if not, say why.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    panels = asked.dictionary.panels
    if not panels:
        return NO_SERIES
    return [found for panel in panels for found in _panel(panel, asked)]


def _panel(panel: Panel, asked: Asked) -> Iterator[Found]:
    last = len(panel.periods) - 1
    powers = {pair: _power(panel, pair, asked) for number in range(last) for pair in ((number, number + 1),)}
    for number in range(1, last + 1):
        before = powers[number - 1, number]
        if before is None:
            continue
        after = powers.get((number, number + 1))
        power, same, of = before
        words = {"period": panel.periods[number], "same": same, "of": of, **_factor(power)}
        if after is not None and after[0] == -power:
            yield panel.found(panel.at([number]), "", words)
        elif number > 1 and (earlier := powers.get((number - 2, number - 1))) is not None and earlier[0] == -power:
            continue  # this is only the way back
        else:
            yield panel.found(panel.at([number]), "shift", words)


def _power(panel: Panel, pair: tuple[int, int], asked: Asked) -> tuple[int, int, int] | None:
    """The power of ten between two periods that most places share: ``(power, places that share it, places)``."""
    one, other = (str(number) for number in pair)
    ratio = panel.matrix.filter(pl.col(one) > 0, pl.col(other) > 0).select((pl.col(other) / pl.col(one)).log10())
    ratios = ratios if (ratios := ratio.to_series()).len() >= asked.parameters["least"] else None
    if ratios is None:
        return None
    middle = ratios.median()
    assert isinstance(middle, float)
    power = round(middle)
    if abs(power) not in _POWERS or abs(middle - power) > 0.15:
        return None
    same = int(((ratios - power).abs() < 0.3).sum())
    return (power, same, ratios.len()) if same >= asked.parameters["share"] * ratios.len() else None


def _factor(power: int) -> dict[str, str]:
    number = 10 ** abs(power)
    if power > 0:
        return {"factor_id": f"{number:,} kali".replace(",", "."), "factor_en": f"{number:,} times"}
    return {"factor_id": f"1/{number:,}".replace(",", ".") + " dari", "factor_en": f"1/{number:,} of"}
