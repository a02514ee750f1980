"""A table judged part by part gets the report of the table judged at once."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.checklist import Checklist
from ckanext.satudata.core.qa.dictionary import Bound, from_dicts
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.findings import NotApplicable
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.registry import Asked, checks
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.streaming import Pass
from ckanext.satudata.core.qa.table import Limits, Source, Unreadable, read
from ckanext.satudata.core.qa.table.model import Extent
from ckanext.satudata.core.qa.table.stream import Walk
from ckanext.satudata.core.qa.table.textfile import open_text
from tests.daily import cases

from .regions import regions
from .test_cases import CASES, check_of

STREAMED = [item.id for item in checks().values() if item.reads != "whole"]


def opened(path: Path, limits: Limits | None = None) -> Source:
    stream = open_text(path, limits or Limits())
    return Source(path, path.name, path.stat().st_size, "", "csv", stream.facts, (), stream)


def in_parts(path: Path, columns: list[Any] | None, lists: Lists, rules: Checklist, size: int) -> dict[str, Any]:
    given = tuple(columns) if columns is not None else None
    run = Pass.over(opened(path), given, lists, rules, None, None, 1000, size)
    return {
        "findings": [finding.to_dict() for finding in run.judged.findings],
        "passed": run.judged.passed,
        "not_applicable": run.judged.not_applicable,
        "hit": run.judged.rows_hit,
        "table": run.table.to_dict(True),
    }


def at_once(path: Path, columns: list[Any] | None, lists: Lists, rules: Checklist) -> Report:
    return judge(read(path), columns, lists, rules)


def assert_same(
    path: Path, dictionary: list[dict[str, Any]] | None, rules: Checklist, size: int, *, list_of: bool = False
) -> None:
    columns = from_dicts(dictionary) if dictionary is not None else None
    whole = at_once(path, columns, Lists([regions()] if list_of else []), rules)
    parts = in_parts(path, columns, Lists([regions()] if list_of else []), rules, size)
    unweighed = [replace(finding, points=0.0, cells=()).to_dict() for finding in whole.findings]
    assert sorted(map(str, parts["findings"])) == sorted(map(str, unweighed))
    assert (parts["passed"], parts["not_applicable"]) == (list(whole.passed), list(whole.not_applicable))
    assert parts["hit"] == whole.rows_hit
    assert parts["table"] == whole.tables[0]


SHOWN = [
    (path, case) for path, case in CASES if check_of(path) in STREAMED and "sheets" not in case and "dictionary" in case
]


@pytest.mark.parametrize("size", cases(24, thorough=[60]))
@pytest.mark.parametrize(("path", "case"), SHOWN, ids=[f"{check_of(path)}: {case['name']}" for path, case in SHOWN])
def test_every_case_in_parts_of_a_few_lines(path: Path, case: dict[str, Any], size: int, tmp_path: Path) -> None:
    # A table of fewer rows than could be a tail is one part: rows that say nothing new make it long enough.
    table = tmp_path / "tabel.csv"
    content = case["bytes"] if "bytes" in case else case["table"].encode()
    table.write_bytes(content)
    rules = checklist.from_dict("uji", {"pemeriksaan": [check_of(path)]})
    assert_same(table, case["dictionary"], rules, size, list_of=bool(case.get("regions")))


DICTIONARY: list[dict[str, Any]] = [
    {"kolom": "no", "tipe": "integer"},
    {"kolom": "kode", "pola": r"[A-Z]\d\d", "kunci": True},
    {"kolom": "tahun", "tipe": "year", "kunci": True, "minimal": 2000, "maksimal": 2024},
    {"kolom": "jumlah", "tipe": "integer", "wajib": True, "minimal": 0},
    {"kolom": "persen", "tipe": "number", "maksimal": 100},
    {"kolom": "satuan", "nilai": ["Unit", "Orang"]},
    {"kolom": "tanggal", "tipe": "date"},
]


def table_of(seed: int, rows: int) -> bytes:
    """A table with faults of all kinds, more or fewer of them, some only far down."""
    dice = random.Random(seed)
    rate = dice.choice([0, 0.02, 0.3])
    late = dice.choice([0, 0, rows // 2])
    delimiter = dice.choice([",", ";"])
    lines = ["no,kode,tahun,jumlah,persen,satuan,tanggal,".replace(",", delimiter)]

    def cell(usual: str, odd: list[str], number: int) -> str:
        return dice.choice(odd) if number >= late and dice.random() < rate else usual

    for number in range(rows):
        cells = [
            cell(str(number + 1), ["7", "x", ""], number) if seed % 3 == 0 else str(number + 1),
            cell(f"{dice.choice('ABCD')}{dice.randrange(100):02}", ["a12", "B1", "", "-", "C100"], number),
            cell(str(dice.randrange(2000, 2025)), ["1999", "23", "2021.0", "n/a", ""], number),
            cell(str(dice.randrange(3000)), ["-4", "1.234", "12 unit", "1.5", "", "n/a", " 7 ", "0012"], number),
            cell(f"{dice.uniform(1, 99):.{1 + seed % 3}f}", ["45,6", "101", "1.234,5", "12%", "0.5", ""], number),
            cell("Unit", ["unit", "Orang ", "Kg", "", "-"], number),
            cell("2021-03-04", ["31/02/2021", "3 Mei 2021", "2021-02-30", "x", "\u00a02021-01-01"], number),
            cell("", ["catatan"], number) if seed % 4 == 0 else "",
        ]
        cells = [f'"{one}"' if delimiter in one or dice.random() < 0.02 else one for one in cells]
        line = delimiter.join(cells)
        if number >= late and dice.random() < rate / 3:
            line = dice.choice([line + delimiter + "9", "", delimiter * 7, 'q"r', line.rsplit(delimiter, 2)[0]])
        lines.append(line)
        if number >= late and dice.random() < rate / 5:
            lines.append(lines[dice.randrange(1, len(lines))])
    if seed % 5 == 0:
        lines += [delimiter.join(["", "JUMLAH", "", "9", "9", "", "", ""]), "", "Sumber: Dinas"]
    return ("\n".join(lines) + "\n").encode()


# One of each size of parts, delimiter and rate of faults; with a tail and without.
RANDOM = (0, 1, 2, 7, 8, 15, 35)


@pytest.mark.parametrize("seed", cases(*RANDOM, thorough=sorted({*range(60)} - {*RANDOM})))
def test_random_tables_in_parts_of_any_size(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_bytes(table_of(seed, 60 + 37 * (seed % 7)))
    rules = checklist.from_dict("uji", {"pemeriksaan": STREAMED})
    assert_same(path, DICTIONARY, rules, (300, 900, 2500, 1 << 20)[seed % 4])


def test_a_way_of_writing_numbers_that_shows_late_counts_for_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    lines = [f"{number % 900 + 1}" for number in range(200)] + ["1.474", "2.128", "1.49"] * 20
    path.write_text("jumlah,x\n" + "".join(f"{line},a\n" for line in lines))
    rules = checklist.from_dict("uji", {"pemeriksaan": ["IS-02", "IS-04"]})
    dictionary = [{"kolom": "jumlah", "tipe": "integer"}, {"kolom": "x"}]
    assert_same(path, dictionary, rules, 200)
    assert at_once(path, from_dicts(dictionary), Lists(), rules).findings[0].variant == "mixed"


def test_rows_of_many_repeats_are_read_again_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.satudata.core.qa import repeated

    monkeypatch.setattr(repeated, "PICKED", 30)
    monkeypatch.setattr(repeated, "_SLICED", 10)
    path = tmp_path / "tabel.csv"
    path.write_text(
        "kode,nilai\n" + "".join(f'"K{number % 70}","{number % 3}\n{number % 140}"\n' for number in range(300))
    )
    rules = checklist.from_dict("uji", {"pemeriksaan": ["DU-01", "DU-02"]})
    assert_same(path, [{"kolom": "kode", "kunci": True}, {"kolom": "nilai"}], rules, 500)


def test_beyond_the_limit_only_what_needs_few_bytes_a_row_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("kecamatan,jumlah\n" + "".join(f"K{number},{number}\n" for number in range(300)) + "K1,1\n")
    rules = checklist.load()
    report = judge(opened(path, Limits(whole_bytes=100)), None, Lists(), rules)
    refused = {entry["check"] for entry in report.not_applicable if entry["missing"] == "whole_table"}
    assert refused == {
        item.check.id for item in rules.items if item.check.reads == "whole" and item.check.scope != "file"
    }
    assert [finding.check for finding in report.findings if finding.check == "DU-01"] == ["DU-01"]
    reasons = {entry["reason"]["id"] for entry in report.not_applicable if entry["missing"] == "whole_table"}
    assert len(reasons) == 1
    assert "batas" in reasons.pop()
    assert report.file["sha256"] == ""


def test_within_the_limit_everything_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("kecamatan,jumlah\nA,1\nB,2\n")
    report = judge(opened(path), None, Lists(), checklist.load())
    assert not [entry for entry in report.not_applicable if entry["missing"] == "whole_table"]
    assert report.rows == 2


def test_a_large_file_is_only_opened_and_its_hash_told_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("kode,jumlah\n" + "12345678,987654321\n" * 500_000)
    source = read(path, hold=False)
    assert (source.tables, source.sha256) == ((), "")
    report = judge(source, None, Lists(), checklist.load("dasar"))
    assert report.file["sha256"] == read(path).sha256
    assert (report.rows, report.tables[0]["last_row"]) == (500_000, 500_001)
    assert [(found.check, found.count) for found in report.of("error")] == [("DU-01", 499_999)]


def test_a_large_file_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("kode,jumlah\n" + "\n" * 300)
    with pytest.raises(Unreadable) as refused:
        Pass.over(opened(path), None, Lists(), checklist.load("dasar"), None, None, 1000, 100)
    assert refused.value.code == "no_rows"


def test_what_is_said_to_be_tidy_has_no_blank_at_its_ends(tmp_path: Path) -> None:
    import polars as pl

    seen = set[bool]()
    for seed in range(12):
        path = tmp_path / "tabel.csv"
        path.write_bytes(table_of(seed, 80))
        for part in Walk(open_text(path, Limits()), size=400).parts():
            seen.add(part.table.tidy)
            blanks = part.table.rows.select((pl.col(pl.String) != pl.col(pl.String).str.strip_chars()).any()).row(0)
            assert not (part.table.tidy and any(blanks)), part.table.rows
    assert seen == {True, False}


class Untouchable:
    """Rows that nobody may look at."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"somebody asked the rows for {name}")


def test_checks_of_the_shape_look_at_no_row(tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("JUDUL,,\na,,b\n1,2,3\n4,5,6\n")
    rows: Any = Untouchable()
    table = replace(read(path).tables[0], rows=rows, extent=Extent(2, 3, 4))
    bound = Bound(table, tuple(from_dicts([{"kolom": "a"}, {"kolom": "c"}])), given=True)
    shape = [item for item in checks().values() if item.reads == "shape"]
    answers = {item.id: item.run(Asked(table, bound, Lists(), item.parameters)) for item in shape}
    found = {check for check, answer in answers.items() if not isinstance(answer, NotApplicable) and list(answer)}
    assert found == {"BT-02", "BT-03", "BT-05"}
