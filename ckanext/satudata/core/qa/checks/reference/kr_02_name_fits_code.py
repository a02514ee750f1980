"""KR-02: the name beside a region code is that region's name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_list
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import Table, TableColumn
from ckanext.satudata.core.reference.codelist import CodeList, Entry, bare_code, name_likeness, plain_name
from ckanext.satudata.core.text import Text

# From this likeness on two names are one name spelled in two ways; what is quite alike differs in blanks only.
_SPELLING = 0.82
_SAME = 0.999
# Provinces whose BPS number is another province's (or nobody's) Kemendagri number.
_BPS_PROVINCES = {
    "91": "papua barat",
    "92": "papua barat daya",
    "94": "papua",
    "95": "papua selatan",
    "96": "papua tengah",
}
_SEPARATOR = "\x1f"


@check(
    id="KR-02",
    title=Text("Nama wilayah cocok dengan kodenya", "Region names fit their codes"),
    meaning=Text(
        "Kode dan nama di satu baris menunjuk wilayah yang sama. Bila banyak yang tidak cocok, "
        "biasanya satu kolom diurutkan "
        "sendiri, atau kodenya kode BPS.",
        "Code and name of a row mean the same region. Where many do not, one column was sorted "
        "apart, or the codes are BPS codes.",
    ),
    bad="32.04.05 | Arjasari (32.04.05 adalah Cileunyi)",
    good="32.04.16 | Arjasari",
    principle="kode_referensi",
    dimension="akurasi",
    severity="error",
    sop=("KR-02",),
    words={
        "": Words(
            Text("Kode wilayah tidak cocok dengan nama", "Region codes do not fit the names"),
            Text(
                "{count} baris. Contoh: baris {row}, kode {value} adalah {actual}, tetapi namanya {name}.",
                "{count} rows. Example: row {row}, code {value} is {actual}, but the name is {name}.",
            ),
            Text(
                "Periksa apakah kolom kode atau nama pernah diurutkan sendiri. Menurut namanya, kodenya {proposal}.",
                "See whether one of the columns was sorted on its own. By its name the code would be {proposal}.",
            ),
        ),
        "spelling": Words(
            Text("Nama wilayah dieja lain dari daftar", "Region names spelled differently from the list"),
            Text(
                "{count} baris menulis “{value}”; di daftar wilayah “{proposal}”.",
                "{count} rows write “{value}”; the list has “{proposal}”.",
            ),
            Text("Tulis “{proposal}”.", "Write “{proposal}”."),
            severity="warning",
        ),
        "system": Words(
            Text("Kode wilayah tampaknya kode BPS", "The region codes seem to be BPS codes"),
            Text(
                "{count} baris tidak cocok bila dibaca sebagai kode Kemendagri. Contoh: baris {row}, "
                "{value} adalah {actual}, "
                "tetapi namanya {name}. Kode BPS memakai angka yang sama untuk wilayah lain.",
                "{count} rows do not fit as Kemendagri codes. Example: row {row}, {value} is "
                "{actual}, but the name is {name}. "
                "BPS uses the same numbers for other regions.",
            ),
            Text(
                "Bila memang kode BPS, nyatakan di kamus data. Bila bukan, perbaiki kodenya.",
                "If they are BPS codes, say so in the data dictionary. If not, correct them.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    found: list[Found] = []
    missing: str | None = None
    looked = False
    for column, code in asked.dictionary.coded("wilayah"):
        name = asked.dictionary.name_column(code)
        if name is None:
            continue
        known = asked.lists.get(column.list, column.edition) or asked.lists.get(column.list)
        if known is None:
            missing = column.list
            continue
        looked = True
        found += _compare(asked.table, code, name, known, declared=asked.dictionary.given)
    if looked:
        return found
    if missing is not None:
        return no_list(missing)
    return NotApplicable(
        Text(
            "Tabel ini tidak mempunyai kolom kode wilayah beserta namanya.",
            "No column of region codes with their names.",
        )
    )


@dataclass
class _Verdicts:
    """Distinct ``code␟name`` pairs that do not fit, with what the list says instead."""

    wrong: dict[str, str | None] = field(default_factory=dict[str, "str | None"])  # pair → code by name
    actual: dict[str, str] = field(default_factory=dict[str, str])
    spelling: dict[str, str] = field(default_factory=dict[str, str])
    pairs: int = 0
    bps: int = 0


def _compare(table: Table, code: TableColumn, name: TableColumn, known: CodeList, declared: bool) -> Iterable[Found]:
    pair = pl.concat_str(cells.plain(code.id), cells.plain(name.id), separator=_SEPARATOR)
    kept = table.rows.filter(~cells.is_missing(code.id), ~cells.is_missing(name.id))
    verdicts = _Verdicts()
    for text in kept.select(pair).to_series().unique(maintain_order=True).to_list():
        _judge(text, known, verdicts)
    if verdicts.wrong:
        notes = {
            "actual": pair.replace_strict(verdicts.actual, default=None, return_dtype=pl.String),
            "name": cells.plain(name.id),
        }
        proposal = pair.replace_strict(verdicts.wrong, default=None, return_dtype=pl.String)
        mask = pair.is_in(pl.Series(list(verdicts.wrong), dtype=pl.String).implode())
        variant = "system" if not declared and _other_system(table, code, verdicts) else ""
        found = mark(table, code.id, mask, proposal=proposal, note=notes, variant=variant)
        if found is not None:
            yield found
    if verdicts.spelling:
        mask = pair.is_in(pl.Series(list(verdicts.spelling), dtype=pl.String).implode())
        proposal = pair.replace_strict(verdicts.spelling, default=None, return_dtype=pl.String)
        found = mark(table, name.id, mask, proposal=proposal, variant="spelling")
        if found is not None:
            yield found


def _judge(text: str, known: CodeList, verdicts: _Verdicts) -> None:
    code, name = text.split(_SEPARATOR, 1)
    entry = known.find(code)
    if entry is None:  # KR-01's matter
        return
    verdicts.pairs += 1
    likeness = name_likeness(plain_name(name), entry)
    kinds_differ = _kinds_differ(name, entry)
    if not kinds_differ and (known.holds(entry, name) or likeness >= _SAME or _shortened(name, entry)):
        return
    others = [other for other in known.named(name, entry.parent) if other.code != entry.code]
    if not kinds_differ and likeness >= _SPELLING and not others:
        verdicts.spelling[text] = _as_written(entry.name, name)
        return
    bare = bare_code(code)
    verdicts.bps += _BPS_PROVINCES.get(bare) == plain_name(name)
    verdicts.wrong[text] = others[0].code if len(others) == 1 else None
    verdicts.actual[text] = entry.name


def _kinds_differ(name: str, entry: Entry) -> bool:
    """``Kota Bandung`` is not ``Kabupaten Bandung``, however alike they are."""
    kinds = [{"kabupaten", "kota"} & set(plain_name(text).split()[:2]) for text in (name, entry.name)]
    return bool(kinds[0] and kinds[1] and kinds[0] != kinds[1])


def _shortened(name: str, entry: Entry) -> bool:
    """``KEP. SERIBU UTR`` for ``Kepulauan Seribu Utara``, ``P. PANGGANG`` for ``Pulau Panggang``: words cut short,
    in order.
    """
    short, full = plain_name(name).split(), plain_name(entry.name).split()
    if len(short) != len(full):
        return False
    return all(
        word and (whole.startswith(word) or _skeleton(word, whole)) for word, whole in zip(short, full, strict=True)
    )


def _skeleton(word: str, whole: str) -> bool:
    """Whether ``word`` is ``whole`` with its vowels left out: ``utr`` for ``utara``."""
    return word == whole[0] + "".join(letter for letter in whole[1:] if letter not in "aiueo")


def _as_written(name: str, like: str) -> str:
    """The list's name in the letters of the file: capitals stay capitals."""
    return name.upper() if like.isupper() else name


def _other_system(table: Table, code: TableColumn, verdicts: _Verdicts) -> bool:
    """Bare digits that name other regions all over the table are BPS codes rather than slips."""
    if table.rows.select(cells.plain(code.id).str.contains(r"\.").any()).item():
        return False
    return verdicts.bps == len(verdicts.wrong) or len(verdicts.wrong) >= max(4, 0.4 * verdicts.pairs)
