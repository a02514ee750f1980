"""Cells, rows and values of workbooks that are what no program would write."""

from __future__ import annotations

from collections.abc import Iterator

from tests.core.qa.hostile.parts import ROWS, row, sheet
from tests.core.qa.hostile.recipe import Hostile
from tests.core.qa.hostile.recipes.sheets import SHEET, book_with

PLACES = ("A0", "1A", "a1", "", "A", "1", "AAAAAAAA1", "XFE2", "A-1", "A4294967296", "$A$2", "A2:B3", "R2C1", "é2")
NUMBERS = ("0", "-1", "abc", "", "1048577", "4294967296", "18446744073709551616", "2.5", "1e6")
INDICES = ("4", "99999999", "-1", "4294967296", "18446744073709551616", "abc", "", "1.5", "NaN")
VALUES = ("NaN", "INF", "-INF", "1e999", "-1e-999", "--", "", "0x10", "1,5", "9" * 5_000, "1.7976931348623157e308")
DAYS = ("-1", "0", "60", "2958466", "99999999999", "-99999999999", "0.9999999999")
KINDS = ("zz 1", "b 2", "b x", "e #ANEH!", "e ", "d kemarin", "str =1+1", "n satu")
STYLES = ("2", "-1", "99999999", "abc", "4294967296")
NAME = '<c r="A4" t="s"><v>2</v></c>'
ONE = '<c r="B4"><v>1</v></c>'


def recipes() -> Iterator[Hostile]:
    for place in PLACES:
        yield _with(f"a cell at “{place}”", f'<c r="{place}"><v>1</v></c>', ONE)
    for number in NUMBERS:
        rows = ROWS + row(number, "<c><v>1</v></c>", "<c><v>2</v></c>")
        yield book_with(f"a row numbered “{number}”", {SHEET: sheet(rows)})
    for index in INDICES:
        yield _with(f"shared string {index or 'nothing'}", f'<c r="A4" t="s"><v>{index}</v></c>', ONE)
    for value in VALUES:
        yield _with(f"a number of {value[:30] or 'nothing'}", NAME, f'<c r="B4"><v>{value}</v></c>')
        yield _with(f"a date of {value[:30] or 'nothing'}", NAME, f'<c r="B4" s="1"><v>{value}</v></c>')
    for day in DAYS:
        yield _with(f"the day {day}", NAME, f'<c r="B4" s="1"><v>{day}</v></c>')
    for told in KINDS:
        kind, _, value = told.partition(" ")
        yield _with(f"a cell of type {kind} with “{value}”", NAME, f'<c r="B4" t="{kind}"><v>{value}</v></c>')
    for style in STYLES:
        yield _with(f"style {style}", NAME, f'<c r="B4" s="{style}"><v>1</v></c>')
    yield from _formulas()
    yield from _texts()
    yield from _rows()


def _with(identity: str, *cells: str) -> Hostile:
    """A good sheet with these cells in one more row."""
    return book_with(identity, {SHEET: sheet(ROWS + row("4", *cells))})


def _formulas() -> Iterator[Hostile]:
    yield _with("a formula without value", NAME, '<c r="B4"><f>WEBSERVICE("<<url>>")</f></c>')
    yield _with("a formula whose value is a formula", '<c r="A4" t="str"><f>1+1</f><v>=cmd|x</v></c>', ONE)
    first, second = '<c r="A4"><f>[1]Data!A1</f><v>1</v></c>', "<c r=\"B4\"><f>'file://<<file>>'#$A.A1</f><v>1</v></c>"
    yield _with("a formula of another file", first, second)
    yield _with("a shared formula without its first", '<c r="A4"><f t="shared" si="99"/><v>1</v></c>', ONE)
    whole = '<c r="A4"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c>'
    yield _with("a formula over the whole sheet", whole, ONE)


def _texts() -> Iterator[Hostile]:
    texts = {
        "a text of 5,000 pieces": "<r><t>a</t></r>" * 5_000,
        "a text of 200,000 letters": "<t>" + "a" * 200_000 + "</t>",
        "escaped control characters": "<t>_x0000__x001B__xFFFF_</t>",
        "50,000 elements deep in a cell": "<r>" * 50_000 + "</r>" * 50_000,
    }
    for name, text in texts.items():
        yield _with(name, f'<c r="A4" t="inlineStr"><is>{text}</is></c>', ONE)


def _rows() -> Iterator[Hostile]:
    backwards = (row(str(n), f'<c r="A{n}"><v>1</v></c>', f'<c r="B{n}"><v>2</v></c>') for n in range(50, 0, -1))
    bodies = {
        "the same cell a thousand times": ROWS + row("4", '<c r="A4"><v>1</v></c>' * 1_000),
        "from the last to the first": "".join(backwards),
        "from right to left": ROWS + row("4", ONE, '<c r="A4"><v>2</v></c>'),
        "without places": ROWS.replace(' r="A2"', "").replace(' r="B2"', ""),
        "nothing": "",
        "only empty ones": "".join(row(str(number)) for number in range(1, 3_000)),
    }
    for name, rows in bodies.items():
        yield book_with(f"rows: {name}", {SHEET: sheet(rows)})
