"""PR-02: dates and periods are written one way, exist, and have four digits for the year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, Sample, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text

_MONTH = "(?:" + "|".join(sorted(cells.MONTHS, key=len, reverse=True)) + ")"
# Form → what the whole cell looks like, in lower letters. The first that fits counts.
_FORMS = {
    "iso": r"^\d{4}-\d{1,2}-\d{1,2}(?:[ t].*)?$",
    "slash": r"^\d{1,2}/\d{1,2}/\d{4}$",
    "dash": r"^\d{1,2}-\d{1,2}-\d{4}$",
    "dot": r"^\d{1,2}\.\d{1,2}\.\d{4}$",
    "words": rf"^\d{{1,2}}[ \-]{_MONTH}[ \-]\d{{4}}$",
    "short": rf"^\d{{1,2}}[/.\- ](?:\d{{1,2}}|{_MONTH})[/.\- ]\d{{2}}$|^['’]\d\d$",
    "month_year": rf"^{_MONTH}[ \-]\d{{4}}$|^\d{{4}}-(?:0[1-9]|1[0-2])$|^(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])$",
    "year": r"^(?:19|20)\d\d$",
    "month_word": rf"^{_MONTH}$",
    "roman": r"^(?:(?:tw|triwulan|semester) ?)?(?:i{1,3}|iv)$",
    "small": r"^(?:(?:tw|triwulan|semester|q) ?)?\d$|^(?:0[1-9]|1[0-2])$",
}
_NAMES = {
    "iso": ("2023-03-31", "2023-03-31"),
    "slash": ("31/03/2023", "31/03/2023"),
    "dash": ("31-03-2023", "31-03-2023"),
    "dot": ("31.03.2023", "31.03.2023"),
    "words": ("31 Maret 2023", "31 Maret 2023"),
    "short": ("tahun dua angka", "two-digit years"),
    "month_year": ("bulan dan tahun", "month and year"),
    "year": ("tahun saja", "year alone"),
    "month_word": ("nama bulan", "names of months"),
    "roman": ("angka Romawi", "Roman numerals"),
    "small": ("angka", "figures"),
}
_AMERICAN = r"^(?:0?[1-9]|1[0-2])[/\-.](?:1[3-9]|2\d|3[01])[/\-.]\d{4}$"
_DAYS = ("iso", "slash", "dash", "dot", "words", "short")


@check(
    id="PR-02",
    title=Text("Tanggal dan periode ditulis dengan satu cara", "Dates and periods are written one way"),
    meaning=Text(
        "Dalam satu kolom semua tanggal ditulis sama, benar-benar ada di kalender, dan tahunnya empat angka. "
        "Yang paling "
        "aman: 2023-03-31.",
        "In one column all dates are written alike, are on the calendar, and have years of four digits. Safest is "
        "2023-03-31.",
    ),
    bad="31/03/2023, 2023-04-01, 5 Mei 23, 31/02/2023",
    good="2023-03-31, 2023-04-01, 2023-05-05",
    principle="standar_data",
    dimension="keterbandingan",
    severity="warning",
    sop=("QC-03",),
    parameters={"least_share": 0.6},
    words={
        "mixed": Words(
            Text("Tanggal atau periode ditulis dengan beberapa cara", "Dates or periods written in several ways"),
            Text(
                "Kolom {column} memakai beberapa cara: {forms_id}. Contoh yang lain dari kebanyakan: {value} di "
                "baris {row}.",
                "Column {column} uses several ways: {forms_en}. Example of the rarer ones: {value} in row {row}.",
            ),
            Text("Pakai satu cara di semua baris.", "Use one way in every row."),
        ),
        "impossible": Words(
            Text("Tanggal yang tidak ada di kalender", "Dates that are on no calendar"),
            Text(
                "{count} sel kolom {column} berisi tanggal yang tidak ada, misalnya {value} di baris {row}.",
                "{count} cells of {column} hold dates that do not exist, such as {value} in row {row}.",
            ),
            Text("Periksa hari dan bulannya.", "Look at day and month."),
            severity="error",
        ),
        "american": Words(
            Text("Urutan hari dan bulan tidak jelas", "Day and month may be exchanged"),
            Text(
                "Kolom {column} memuat tanggal dengan bulan di depan ({value} di baris {row}) di antara tanggal "
                "lain. Yang "
                "mana hari, yang mana bulan?",
                "Column {column} has dates with the month in front ({value} in row {row}) among others. Which is "
                "the day, "
                "which the month?",
            ),
            Text("Tulis semua tanggal seperti 2023-03-31.", "Write all dates like 2023-03-31."),
        ),
        "two_digits": Words(
            Text("Tahun dua angka", "Years of two digits"),
            Text(
                "{count} sel kolom {column} memakai tahun dua angka, misalnya {value} di baris {row}.",
                "{count} cells of {column} have years of two digits, such as {value} in row {row}.",
            ),
            Text("Tulis tahun dengan empat angka.", "Write years with four digits."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    columns = asked.dictionary.shape.times
    if not columns:
        return no_column("tanggal atau periode", "dates or periods")
    return [found for there in columns for found in _column(asked, there)]


def _column(asked: Asked, there: TableColumn) -> Iterator[Found]:
    column = there.id
    years = cells.easy(asked.table, column, "year")
    if years is not None and years.all():
        return  # nothing but 2019, 2020 …
    # Dates repeat: each distinct cell is looked at once.
    cell = cells.plain(column).str.to_lowercase()
    forms = {**_FORMS, "short": _FORMS["short"] + (r"|^\d\d$" if _is_year(there) else "")}
    day = pl.any_horizontal([cell.str.contains(_FORMS[name]) for name in _DAYS if name != "short"])
    american = cell.str.contains(_AMERICAN)
    distinct = (
        asked.table.rows.select(column)
        .unique(maintain_order=True)
        .filter(~cells.is_missing(column))
        .with_columns(
            form=pl.coalesce([pl.when(cell.str.contains(one)).then(pl.lit(name)) for name, one in forms.items()]),
            two_digits=cell.str.contains(forms["short"]),
            american=american,
            impossible=day & cells.canonical(column, "date").is_null() & ~american,
        )
    )
    rows = asked.table.rows.select(ROW, column)
    kept = rows.join(distinct.select(column, "form"), on=column, maintain_order="left")
    known = kept.filter(pl.col("form").is_not_null()).select(ROW, "form", value=cells.plain(column))
    if kept.is_empty() or known.height < asked.parameters["least_share"] * kept.height:
        return
    mixed = _mixed(there, known)
    if mixed is not None:
        yield mixed
    for variant in ("two_digits", "american", "impossible"):
        found = mark(
            asked.table, column, pl.col(column).is_in(distinct.filter(variant)[column].implode()), variant=variant
        )
        if found is not None:
            yield found


def _mixed(there: TableColumn, known: pl.DataFrame) -> Found | None:
    """The rows written otherwise than most."""
    counted = known.group_by("form", maintain_order=True).agg(
        times=pl.len(), row=pl.col(ROW).first(), value=pl.col("value").first()
    ).sort("times", descending=True, maintain_order=True)  # fmt: skip
    forms: list[dict[str, object]] = counted.rows(named=True)
    # Two digits for the year are told on their own; 1 and 01 are figures both.
    if sum(form["form"] != "short" for form in forms) < 2:
        return None
    rare = known.filter(pl.col("form") != str(forms[0]["form"]))
    samples = tuple(Sample(int(str(form["row"])), there.name, str(form["value"])) for form in forms[1:])
    words = {
        "forms_id": ", ".join(f"{form['times']} seperti {_NAMES[str(form['form'])][0]}" for form in forms),
        "forms_en": ", ".join(f"{form['times']} like {_NAMES[str(form['form'])][1]}" for form in forms),
    }
    return Found(there.name, rare[ROW], samples, "mixed", words)


def _is_year(there: TableColumn) -> bool:
    """Whether ``21`` in this column is a year and no month."""
    return bool({"tahun", "thn", "th", "year"} & set(there.name.lower().replace("_", " ").split()))
