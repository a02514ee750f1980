"""Propose a data dictionary from the file: types, region codes, year, key, each with its reason."""

from __future__ import annotations

import re
from dataclasses import replace

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import Column, Proposal, position_name, same_name
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.lists import REGIONS, REGIONS_BPS, Lists
from ckanext.satudata.core.qa.table.model import Table, TableColumn
from ckanext.satudata.core.qa.table.units import unit_behind
from ckanext.satudata.core.text import Text

# This share of the filled cells has to fit before a type is proposed; the rest is what the check will show.
_MOST = 0.9
_DISTINCT = 400  # distinct values looked at for reference lists
_SAMPLE = 20_000  # rows looked at for types, spread over the whole table
_YEAR_NAME = re.compile(r"\b(?:tahun|thn|th|year)\b")
_CODE_NAME = re.compile(r"(?:^|[_ ])(?:kode|kd|code|nik|nip|npwp|kk|npsn|no[_ ]?telp|telepon|hp)(?:[_ .]|$)")
_REGION_NAME = re.compile(
    r"(?:kode|kd|code)[_ ]?(?:wilayah|prov|provinsi|kab|kabupaten|kabkota|kabupaten[_ /]?kota|kota|kec|kecamatan"
    r"|desa|kel|kelurahan)"
    r"|bps_kode_|kemendagri_kode_"
)
_RUNNING_NAME = re.compile(r"(?:id|no|no\.|nomor|nomer|urut|no[_ ]urut|nomor[_ ]urut)")
_REGION_CODE = r"^\d{2}(?:\.?\s?\d{2}(?:\.?\s?\d{2}(?:\.?\s?\d{4})?)?)?$"


def propose(table: Table, lists: Lists | None = None) -> list[Proposal]:
    """One proposal for each column, in the table's order."""
    lists = lists or Lists()
    proposals = [_column(table, column, lists) for column in table.columns]
    keys = _key(table, proposals)
    return [
        replace(
            proposal,
            column=replace(proposal.column, key=True, required=True),
            why=Text(
                proposal.why.id + " Bersama kolom kunci lain menamai tiap baris.",
                proposal.why.en + " Together with the other key columns it names each row.",
            ),
        )
        if there.id in keys
        else proposal
        for proposal, there in zip(proposals, table.columns, strict=True)
    ]


def running_number(table: Table, column: TableColumn) -> bool:
    """Whether the column only counts the rows: 1, 2, 3 … under ``No`` or ``id``."""
    if table.running is not None:
        return column.id in table.running
    if not _RUNNING_NAME.fullmatch(same_name(column.name)):
        return False
    number = table.rows[column.id].str.strip_chars().cast(pl.Int64, strict=False)
    return number.null_count() == 0 and number.n_unique() == number.len()


def _column(table: Table, there: TableColumn, lists: Lists) -> Proposal:
    name = position_name(there)
    column = Column(name=name, label=_label(name))
    rows = table.rows.select(there.id).gather_every(max(1, table.height // _SAMPLE))
    kept = rows.filter(~cells.is_missing(there.id))
    if kept.is_empty():
        return Proposal(column, Text("Kolom ini belum berisi.", "The column holds nothing yet."))
    return _region(kept, there, column, lists) or _with_unit(_typed(kept, there, column), there)


def _with_unit(proposal: Proposal, there: TableColumn) -> Proposal:
    """A measure has the unit that a line of units or the header's brackets give it."""
    if proposal.column.type not in ("integer", "number"):
        return proposal
    unit = there.unit or unit_behind(there.name)
    if not unit:
        return proposal
    why = Text(
        f"{proposal.why.id} Satuannya tertulis di file: {unit}.", f"{proposal.why.en} The file gives its unit: {unit}."
    )
    return Proposal(replace(proposal.column, unit=unit), why)


def _label(name: str) -> str:
    words = name.replace("_", " ").split()
    return " ".join(words)[:1].upper() + " ".join(words)[1:]


def _region(kept: pl.DataFrame, there: TableColumn, column: Column, lists: Lists) -> Proposal | None:
    name = same_name(there.name)
    by_name = _REGION_NAME.search(name) is not None or (_CODE_NAME.search(name) is not None and "kec" in name)
    codes = kept[there.id].str.strip_chars().unique(maintain_order=True)
    # A dotted code cannot be anything else; bare digits need the header to say so.
    shaped = codes.str.contains(_REGION_CODE).mean()
    # Two dots at least: 12.55 under another header is a number.
    dotted = codes.str.contains(r"^\d{2}\.\s?\d{2}\.\s?\d{2}").mean()
    bps = "bps" in name or (by_name and bool((codes.str.len_chars() == 7).mean() == 1.0))
    if bps and by_name:
        return Proposal(
            replace(column, list=REGIONS_BPS),
            Text(
                "Nama kolom atau bentuk kodenya menunjuk kode wilayah BPS.", "Header or form point to BPS region codes."
            ),
        )
    if not isinstance(shaped, float) or shaped < 0.6 or not (by_name or (isinstance(dotted, float) and dotted > 0.6)):
        return None
    known = lists.get(REGIONS)
    if known is None:
        return Proposal(
            replace(column, list=REGIONS),
            Text("Bentuknya seperti kode wilayah Kemendagri.", "It looks like Kemendagri region codes."),
        )
    sample = codes.head(_DISTINCT).to_list()
    hits = sum(1 for code in sample if known.find(code) is not None)
    if hits < 0.5 * len(sample):
        return None
    return Proposal(
        replace(column, list=REGIONS, edition=known.edition or None),
        Text(
            f"{hits} dari {len(sample)} kode ada di daftar wilayah Kemendagri.",
            f"{hits} of {len(sample)} codes are in the list of Kemendagri regions.",
        ),
    )


def _typed(kept: pl.DataFrame, there: TableColumn, column: Column) -> Proposal:
    name = same_name(there.name).replace("_", " ")
    how = cells.notation(kept, there.id)
    share = _shares(kept, there.id, how)
    total = kept.height

    def because(kind: str) -> Text:
        count = round(share[kind] * total)
        return Text(
            f"{count} dari {total} sel berbentuk {_NAMES[kind]}.", f"{count} of {total} cells are of this type."
        )

    if _CODE_NAME.search(same_name(there.name)) or (share["zeros"] > 0.05 and share["integer"] >= _MOST):
        return Proposal(
            column,
            Text(
                "Kode disimpan sebagai teks supaya angka nol di depan tidak hilang.",
                "Codes are text: zeros in front count.",
            ),
        )
    if share["year"] >= _MOST and (_YEAR_NAME.search(name) or (share["year"] == 1.0 and _few(kept, there))):
        return Proposal(replace(column, type="year"), because("year"))
    if how.dot in ("mixed",) or how.comma in ("mixed",):
        return Proposal(
            replace(column, type="integer"),
            Text(
                "Angka bulat; titik atau koma di dalamnya tampaknya pemisah ribuan.",
                "Whole numbers; the marks in them seem to group thousands.",
            ),
        )
    for kind in ("integer", "number", "date"):
        if share[kind] >= _MOST:
            return Proposal(replace(column, type=kind), because(kind))
    if share["period"] >= _MOST:
        return Proposal(replace(column, type="period"), because("period"))
    if share["words"] >= _MOST:
        return Proposal(
            replace(column, type="boolean"), Text("Isinya ya dan tidak saja.", "It holds nothing but yes and no.")
        )
    return Proposal(column, Text("Isinya teks.", "It holds text."))


def _shares(kept: pl.DataFrame, column: str, how: cells.Notation) -> dict[str, float]:
    """Which share of the cells fits each type. Dates and words are costly to try: only where it may come to them."""
    cell = cells.plain(column)
    tried = kept.select(
        year=cells.canonical(column, "year").is_not_null().mean(),
        integer=cells.canonical(column, "integer", how).is_not_null().mean(),
        number=cells.canonical(column, "number", how).is_not_null().mean(),
        zeros=cell.str.contains(r"^0\d").mean(),
        words=cell.str.to_lowercase().is_in(pl.Series(["ya", "tidak", "true", "false"]).implode()).mean(),
        digits=cell.str.contains(r"\d").mean(),
        period=cells.canonical(column, "period").is_not_null().mean(),
    ).row(0, named=True)
    share: dict[str, float] = {kind: float(value or 0) for kind, value in tried.items()}
    if share["digits"] >= _MOST > max(share["integer"], share["number"]):
        dates = kept.select(cells.canonical(column, "date").is_not_null().mean()).item()
        share["date"] = float(dates or 0)
    return {"date": 0.0, **share}


def _few(kept: pl.DataFrame, there: TableColumn) -> bool:
    """Years repeat; figures between 1900 and 2099 that are all different are rather figures."""
    return kept[there.id].n_unique() <= max(3, kept.height // 2)


_NAMES = {"year": "tahun", "integer": "bilangan bulat", "number": "bilangan", "date": "tanggal", "period": "periode"}


def _key(table: Table, proposals: list[Proposal]) -> set[str]:
    """The columns that name a row: region, time, then classes, as few as needed; none if nothing names nearly every
    row.
    """
    if table.height < 3:
        return set()
    pairs = [
        (proposal.column, there)
        for proposal, there in zip(proposals, table.columns, strict=True)
        if not running_number(table, there)
    ]
    regions = [there.id for column, there in pairs if column.list in (REGIONS, REGIONS_BPS)]
    names = [there.id for column, there in pairs if column.type == "text" and _is_region_name(there.name)]
    times = [there.id for column, there in pairs if column.type in ("year", "period")]
    classes = [
        there.id
        for column, there in pairs
        if column.type in ("text", "boolean")
        and there.id not in (*regions, *names)
        and column.list is None
        and _distinct(table, [there.id]) <= 0.8  # free text names nothing
    ]
    if not (regions or names or times):
        return set()
    chosen: list[str] = [*(_finest(table, regions or names)), *times]
    best = _distinct(table, chosen)
    for candidate in classes:
        if best >= 1.0:
            break
        wider = _distinct(table, [*chosen, candidate])
        if wider > best + 0.05:
            chosen, best = [*chosen, candidate], wider
    return set(chosen) if best >= 0.95 else set()


def _is_region_name(name: str) -> bool:
    return re.search(r"wilayah|provinsi|kabupaten|kecamatan|kelurahan|desa|kab/?kota", same_name(name)) is not None


def _finest(table: Table, columns: list[str]) -> list[str]:
    """Of several region columns the one with most different values is the level of the table."""
    if not columns:
        return []
    return [max(columns, key=lambda column: table.rows[column].n_unique())]


def _distinct(table: Table, columns: list[str]) -> float:
    if not columns:
        return 0.0
    return table.rows.select(pl.struct(columns).n_unique()).item() / table.height
