"""KR-01: every region code is in the list of regions."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column, no_list
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.reference.codelist import CodeList
from ckanext.satudata.core.text import Text


@check(
    id="KR-01",
    title=Text("Kode wilayah dikenal", "Region codes are known"),
    meaning=Text(
        "Setiap kode wilayah ada di daftar kode yang dinyatakan di kamus data (Kepmendagri atau BPS, dengan edisinya).",
        "Every region code is in the list the data dictionary names (Kemendagri or BPS, with its edition).",
    ),
    bad="32.04.99 (tidak ada), 32.1 (nol di belakang hilang)",
    good="32.04.05, 32.10",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="error",
    sop=("KR-01",),
    parameters={"foreign_share": 0.7},
    words={
        "": Words(
            Text("Kode wilayah tidak dikenal", "Unknown region codes"),
            Text(
                "{count} sel kolom {column} berisi kode yang tidak ada di {list}. Contoh: {value} di baris {row}.",
                "{count} cells of {column} hold codes that are not in {list}. Example: {value} in row {row}.",
            ),
            Text(
                "Cocokkan dengan daftar kode wilayah; perhatikan angka nol di belakang.",
                "Compare with the list; mind zeros.",
            ),
        ),
        "foreign": Words(
            Text("Kode wilayah dari daftar lain", "Region codes of another list"),
            Text(
                "{count} sel kolom {column} tidak ada di {list}. Tampaknya kode ini dari daftar atau "
                "edisi lain (misalnya BPS).",
                "{count} cells of {column} are not in {list}. They seem to come from another list or edition (BPS?).",
            ),
            Text(
                "Pilih daftar dan edisi yang benar untuk kolom ini di kamus data.",
                "Name the right list in the dictionary.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    coded = asked.dictionary.coded("wilayah")
    if not coded:
        return no_column("kode wilayah", "region codes")
    found: list[Found | None] = []
    missing: str | None = None
    for column, there in coded:
        known = asked.lists.get(column.list, column.edition) or asked.lists.get(column.list)
        if known is None:
            missing = missing or column.list
            continue
        cell = cells.plain(there.id)
        codes = (
            asked.table.rows.filter(~cells.is_missing(there.id))
            .select(cell)
            .to_series()
            .unique(maintain_order=True)
            .to_list()
        )
        unknown = [code for code in codes if known.find(code) is None]
        proposals = {code: better for code in unknown if (better := _lost_zero(known, code)) is not None}
        mask = cell.is_in(pl.Series(unknown, dtype=pl.String).implode()) & ~cells.is_missing(there.id)
        proposal = cell.replace_strict(proposals, default=None, return_dtype=pl.String) if proposals else None
        foreign = len(unknown) > asked.parameters["foreign_share"] * len(codes) and not proposals and len(codes) > 3
        variant = "foreign" if foreign else ""
        found.append(
            mark(asked.table, there.id, mask, proposal=proposal, variant=variant, parameters={"list": _title(known)})
        )
    if missing is not None and not any(found):
        return no_list(missing)
    return [one for one in found if one is not None]


def _title(known: CodeList) -> str:
    return f"{known.title} {known.edition}".strip()


def _lost_zero(known: CodeList, code: str) -> str | None:
    """``32.1`` was ``32.10`` before a spreadsheet took it for a number."""
    entry = known.find(code + "0") if "." in code else None
    return entry.code if entry is not None else None
