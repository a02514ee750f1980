"""The cell grammar: what counts as an integer, a number, a date … in a table written by people, as column expressions.

A cell is text. :func:`canonical` gives its plain form (``1.234,5`` → ``1234.5``, ``12 Maret 2023`` →
``2023-03-12``) or null when it does not fit. How a number is written is decided for the whole column
(:func:`notation`), because ``1.234`` alone may be one thousand or one and a bit; what the column does not decide is
reported, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.model import Table

TYPES = ("text", "integer", "number", "date", "year", "period", "boolean")
# How people write "there is no value". The empty cell is one of them.
MISSING = (
    "",
    "-",
    "--",
    "---",
    "–",
    "—",
    "n/a",
    "na",
    "n.a",
    "n.a.",
    "#n/a",
    "nan",
    "null",
    "none",
    "...",
    "…",
    "..",
    ".",
)

MONTHS = {
    "januari": "01", "jan": "01", "january": "01",
    "februari": "02", "pebruari": "02", "feb": "02", "peb": "02", "february": "02",
    "maret": "03", "mar": "03", "march": "03",
    "april": "04", "apr": "04",
    "mei": "05", "may": "05",
    "juni": "06", "jun": "06", "june": "06",
    "juli": "07", "jul": "07", "july": "07",
    "agustus": "08", "agu": "08", "agt": "08", "ags": "08", "agst": "08", "aug": "08", "august": "08",
    "september": "09", "sep": "09", "sept": "09",
    "oktober": "10", "okt": "10", "oct": "10", "october": "10",
    "november": "11", "nopember": "11", "nov": "11", "nop": "11",
    "desember": "12", "des": "12", "dec": "12", "december": "12",
}  # fmt: skip
TRUE = ("ya", "y", "true", "benar", "ada", "1", "iya", "yes")
FALSE = ("tidak", "t", "false", "salah", "tidak ada", "0", "n", "no")

_AMBIGUOUS_DOT = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"
_AMBIGUOUS_COMMA = r"^[+-]?[1-9][0-9]{0,2},[0-9]{3}$"
_POINT = r"^[+-]?[0-9]+\.[0-9]+$"
_COMMA = r"^[+-]?[0-9]+,[0-9]+$"
_GROUPS_DOT = r"^[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:\.[0-9]{3})+,[0-9]+)$"
_GROUPS_COMMA = r"^[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}|(?:,[0-9]{3})+\.[0-9]+)$"
_MARKED = r"[0-9][.,][0-9]"
_WHOLE = r"^[+-]?[0-9]+$"
# A whole number that may have lost zeros behind its thousands dot: 1.49 for 1.490.
_SHORT_DOT = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{1,2}$"

_YEAR = r"^((?:19|20)[0-9][0-9])(?:\.0+)?$"
_PERIOD = (
    r"(?i)^(?:(?:19|20)[0-9][0-9](?:[-/ ]?(?:0[1-9]|1[0-2])"
    r"|[-/ ]?(?:q|tw|triwulan|kuartal|semester|smt|s)[-/ ]?(?:[1-4]|i{1,3}|iv))?"
    r"|(?:triwulan|tw|q|kuartal|semester|smt)[-/ ]?(?:[1-4]|i{1,3}|iv)(?:[-/ ]+(?:tahun )?(?:19|20)[0-9][0-9])?"
    r"|(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")[-/ ]+(?:19|20)[0-9][0-9])$"
)
_ISO = r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?$"
_DAY_FIRST = r"^([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})$"
_WORDS = r"^([0-9]{1,2})[ \-]([a-z]+)[ \-]([0-9]{4})$"


def plain(column: str | pl.Expr) -> pl.Expr:
    """The cell without blanks around it (also without no-break spaces)."""
    return (pl.col(column) if isinstance(column, str) else column).str.strip_chars()


def is_missing(column: str | pl.Expr) -> pl.Expr:
    """Whether the cell is empty or one of the marks for "no value"."""
    return plain(column).str.to_lowercase().is_in(_marks())


@cache
def _marks() -> pl.Expr:
    return pl.lit(pl.Series(MISSING).implode())


def is_empty(column: str | pl.Expr) -> pl.Expr:
    """Whether nothing is written in the cell."""
    return plain(column) == ""


@dataclass(frozen=True, slots=True)
class Notation:
    """How the numbers of one column are written.

    ``dot``: ``decimal``, ``thousands`` (well formed: 1.234.567, or 1.234 beside 63,5), ``mixed`` (1.474 beside 686:
    dots that can only group thousands), ``ambiguous`` (nothing but 1.234), or empty when there is none. ``comma``:
    the same.
    """

    dot: str = ""
    comma: str = ""


def notation(frame: pl.DataFrame, column: str) -> Notation:
    """Decide the notation of ``column`` from all its cells."""
    return decided(mark_counts(frame[column], some=False))


def mark_counts(cells: pl.Series, *, some: bool = True) -> Counter[str]:
    """How many of ``cells`` are written in which way: what :func:`decided` decides from. Counts of parts add up;
    ``some=False``: these are all cells there are."""
    cell = cells.str.strip_chars()
    marked = cell.filter(cell.str.contains(_MARKED))
    if marked.is_empty() and not some:
        return Counter()
    whole = cell.filter(cell.str.contains(_WHOLE))
    n = Counter(whole=whole.len(), small_whole=int((whole.str.strip_chars("+-").str.len_chars() <= 3).sum()))
    if marked.is_empty():
        return n
    # Patterns are tried on distinct values only, each with the number of its cells.
    distinct = marked.alias("cell").value_counts()
    value, times = pl.col("cell"), pl.col("count")
    zero = r"^[+-]?0[.,][0-9]+$"
    patterns = {
        "marked": _MARKED,
        "point": _POINT,
        "comma": _COMMA,
        "ambiguous_dot": _AMBIGUOUS_DOT,
        "ambiguous_comma": _AMBIGUOUS_COMMA,
        "groups_dot": _GROUPS_DOT,
        "groups_comma": _GROUPS_COMMA,
        "short_dot": _SHORT_DOT,
        "short_comma": _SHORT_DOT.replace(r"\.", ","),
        "zero_dot": zero.replace("[.,]", r"\."),
        "zero_comma": zero.replace("[.,]", ","),
    }
    counted = distinct.select(
        times.filter(value.str.contains(pattern)).sum().alias(name) for name, pattern in patterns.items()
    ).row(0, named=True)
    return n + Counter({name: int(number or 0) for name, number in counted.items()})


def decided(n: Counter[str]) -> Notation:
    """The notation of a column whose cells were counted by :func:`mark_counts`."""
    if not n["marked"]:
        return Notation()
    dot = _role(n, "dot", n["point"], n["comma"] - n["ambiguous_comma"])
    comma = _role(n, "comma", n["comma"], n["point"] - n["ambiguous_dot"])
    return Notation(dot, comma)


def firm(n: Counter[str]) -> bool:
    """Whether cells in the usual form cannot change what was decided: no marks at all, or a point that is surely a
    decimal point."""
    if not speaks(n):
        return True
    odd_ways = n["comma"] + n["groups_dot"] + n["groups_comma"]
    return not odd_ways and (n["zero_dot"] > 0 or n["point"] > n["ambiguous_dot"] + n["short_dot"])


def speaks(n: Counter[str]) -> bool:
    """Whether there is a cell by which a notation is decided."""
    return any(n[way] for way in ("point", "comma", "groups_dot", "groups_comma"))


def _role(n: Counter[str], mark: str, fractions: int, other_decimals: int) -> str:
    groups, ambiguous = n[f"groups_{mark}"], n[f"ambiguous_{mark}"]
    short, zero = n[f"short_{mark}"], n[f"zero_{mark}"]
    if groups:
        return "thousands" if not (fractions - ambiguous) else "mixed"
    if not fractions:
        return ""
    if fractions == ambiguous and other_decimals > 0:
        return "thousands"
    # Real decimals of three digits are almost never whole (one in a thousand) and seldom end in zero. Where a good
    # part of the column is whole and small while nearly all fractions have exactly three digits, the mark groups
    # thousands.
    looks_grouped = (
        fractions == ambiguous + short
        and ambiguous >= 0.6 * fractions
        and zero == 0
        and n["whole"] >= 0.1 * (fractions + n["whole"])
        and n["small_whole"] >= 0.9 * n["whole"]
        and ambiguous >= 2
    )
    if looks_grouped:
        return "mixed"
    return "ambiguous" if fractions == ambiguous else "decimal"


def _number(column: str, how: Notation) -> pl.Expr:
    """Plain number text, or null. Groups are only accepted where they are well formed."""
    cell = plain(column)
    none = pl.lit(None, dtype=pl.String)
    text = pl.when(cell.str.contains(_WHOLE)).then(cell)
    if how.dot in ("thousands", "mixed"):
        grouped = r"^[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?$"
        text = text.when(cell.str.contains(grouped)).then(
            cell.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        )
    if how.comma in ("thousands", "mixed"):
        grouped = r"^[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?$"
        text = text.when(cell.str.contains(grouped)).then(cell.str.replace_all(",", "", literal=True))
    if how.dot in ("decimal", ""):
        text = text.when(cell.str.contains(_POINT)).then(cell)
    if how.comma in ("decimal", ""):
        text = text.when(cell.str.contains(_COMMA)).then(cell.str.replace(",", ".", literal=True))
    return text.otherwise(none).str.strip_prefix("+")


def _date(column: str) -> pl.Expr:
    cell = plain(column).str.to_lowercase()
    iso, day_first, words = (cell.str.extract_groups(pattern) for pattern in (_ISO, _DAY_FIRST, _WORDS))
    month = words.struct.field("2").replace_strict(MONTHS, default=None, return_dtype=pl.String)
    joined = pl.coalesce(
        pl.concat_str(*(iso.struct.field(part) for part in "123"), separator="-"),
        pl.concat_str(*(day_first.struct.field(part) for part in "321"), separator="-"),
        pl.concat_str(words.struct.field("3"), month, words.struct.field("1"), separator="-"),
    )
    date = joined.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(date.dt.year().is_between(1000, 2999)).then(date.dt.strftime("%Y-%m-%d"))


def canonical(column: str, kind: str, how: Notation | None = None) -> pl.Expr:
    """The plain form of each cell of ``column`` as a value of type ``kind``; null where it does not fit or is missing.

    ``integer`` takes whole floats (``2014.0``) too; that they are written so is another check's matter.
    """
    cell = plain(column)
    if kind == "integer":
        number = _number(column, how or Notation()).str.replace(r"\.0+$", "")
        expression = pl.when(number.str.contains(r"^-?[0-9]{1,18}$")).then(number)
    elif kind == "number":
        expression = _number(column, how or Notation())
    elif kind == "year":
        expression = cell.str.extract(_YEAR)
    elif kind == "date":
        expression = _date(column)
    elif kind == "period":
        expression = pl.when(cell.str.contains(_PERIOD)).then(cell.str.replace(r"\.0+$", ""))
    elif kind == "boolean":
        lower = cell.str.to_lowercase()
        yes, no = lower.is_in(pl.Series(TRUE).implode()), lower.is_in(pl.Series(FALSE).implode())
        expression = pl.when(yes).then(pl.lit("true")).when(no).then(pl.lit("false"))
    else:
        expression = cell
    return pl.when(~is_missing(column)).then(expression)


def values(frame: pl.DataFrame, column: str, kind: str, how: Notation | None = None) -> pl.Series:
    """:func:`canonical` for every row of ``frame``: the usual form at once, all others once for each distinct value."""
    cell = frame[column].str.strip_chars()
    easy = _easy(cell, kind, how)
    rest = cell.filter(easy.is_null()).unique()
    if rest.is_empty():
        return easy
    hard = rest.to_frame(column).select(pl.col(column), answer=canonical(column, kind, how)).drop_nulls()
    if hard.is_empty():
        return easy
    answers = cell.replace_strict(hard[column], hard["answer"], default=None, return_dtype=pl.String)
    return easy.zip_with(easy.is_not_null(), answers)


_EASY = {
    "integer": r"^-?[0-9]{1,18}$",
    "number": r"^-?[0-9]+(?:\.[0-9]+)?$",
    "year": r"^(?:19|20)[0-9][0-9]$",
    "date": r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])$",
}


def _easy_pattern(kind: str, how: Notation | None) -> str | None:
    if kind == "number" and how is not None and how.dot not in ("decimal", ""):
        return _EASY["integer"]
    return _EASY.get(kind)


def _easy(cell: pl.Series, kind: str, how: Notation | None) -> pl.Series:
    """Cells that are their own plain form beyond doubt; null for the others."""
    pattern = _easy_pattern(kind, how)
    if pattern is None:
        return pl.Series(cell.name, [None], dtype=pl.String).new_from_index(0, cell.len())
    return cell.set(~cell.str.contains(pattern), None)


def trimmed(table: Table, column: str) -> pl.Expr:
    """:func:`plain`, for nothing where the table is known to be tidy."""
    return pl.col(column) if table.tidy else plain(column)


def missing(table: Table, column: str) -> pl.Series:
    """:func:`is_missing` of every row, worked out once for each table."""
    key = ("missing", column)
    if key not in table.memo:
        table.memo[key] = _missing(table, column)
    return table.memo[key]


# The longest mark for "no value" (``#n/a``, ``–``), in bytes.
_LONGEST = max(len(mark.encode()) for mark in MISSING)


def _missing(table: Table, column: str) -> pl.Series:
    if not table.tidy:
        return table.rows.select(is_missing(column)).to_series()
    cell = table.rows[column]
    # No mark begins with a digit, or is longer than a few bytes.
    doubtful = (cell.str.len_bytes() <= _LONGEST) & ((cell < "0") | (cell >= ":"))
    marks = cell.filter(doubtful).unique() if doubtful.any() else cell.clear()
    marks = marks.filter(marks.str.to_lowercase().is_in(list(MISSING)))
    return cell.is_in(marks.to_list()) if marks.len() else doubtful & False


def fits(table: Table, column: str, kind: str, how: Notation | None = None) -> pl.Series:
    """Whether :func:`canonical` has an answer, for every row; worked out once for each table."""
    key = ("fits", column, kind, *((how.dot, how.comma) if how is not None else ()))
    if key not in table.memo:
        table.memo[key] = _fits(table, column, kind, how)
    return table.memo[key]


def _fits(table: Table, column: str, kind: str, how: Notation | None) -> pl.Series:
    cell = table.rows.select(trimmed(table, column)).to_series()
    surely = easy(table, column, kind, how)
    if surely is not None and surely.all():
        return surely
    rest = (cell if surely is None else cell.filter(~surely)).unique().to_frame(column)
    fitting = rest.filter(canonical(column, kind, how).is_not_null())[column]
    fit = cell.is_in(fitting.implode())
    return fit if surely is None else surely | fit


def easy(table: Table, column: str, kind: str, how: Notation | None = None) -> pl.Series | None:
    """The cells that fit beyond doubt, for every row; ``None`` for types without such a form. Worked out once."""
    pattern = _easy_pattern(kind, how)
    if pattern is None:
        return None
    key = ("easy", column, kind if kind == "year" else pattern)
    if key not in table.memo:
        cell = table.rows.select(trimmed(table, column)).to_series()
        table.memo[key] = _easy_cells(cell, kind, pattern)
    return table.memo[key]


def _easy_cells(cell: pl.Series, kind: str, pattern: str) -> pl.Series:
    # Whole numbers are read as such, which is faster than a pattern.
    if pattern == _EASY["integer"]:
        return cell.cast(pl.Int64, strict=False).is_between(-(10**18) + 1, 10**18 - 1).fill_null(False)
    if kind == "year":
        return cell.cast(pl.Int32, strict=False).is_between(1900, 2099).fill_null(False) & (cell.str.len_bytes() == 4)
    return cell.str.contains(pattern)


def amounts(table: Table, column: str, kind: str, how: Notation | None = None) -> pl.Series:
    """The cells as numbers (64-bit float); null where they are none of type ``kind`` or missing."""
    cell = table.rows.select(trimmed(table, column)).to_series()
    fit = fits(table, column, kind, how)
    surely = easy(table, column, kind, how)
    if surely is None or (fit & ~surely).any():
        return values(table.rows, column, kind, how).cast(pl.Float64, strict=False)
    number = cell.cast(pl.Float64, strict=False)
    return (
        number if fit.all() else number.zip_with(fit, pl.Series([None], dtype=pl.Float64).new_from_index(0, cell.len()))
    )


def row_hashes(table: Table, columns: Sequence[str]) -> pl.Series:
    """A 64-bit hash of the (trimmed) cells of ``columns`` for every row; equal rows have equal ones."""
    first, *others = [trimmed(table, column).hash(seed) for seed, column in enumerate(columns)]
    for other in others:
        first = first ^ other
    return table.rows.select(first.alias("hash")).to_series()
