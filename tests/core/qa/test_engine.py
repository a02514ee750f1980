"""The engine: one report whatever a check does; order, counts, score, words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.checklist import Checklist, ChecklistError, Item
from ckanext.satudata.core.qa.dictionary import DictionaryError, from_dicts
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.findings import ranges
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.propose import propose
from ckanext.satudata.core.qa.registry import CheckError, check, checks
from ckanext.satudata.core.qa.report import FORMAT, Finding, FormatError, Report, row_ranges, sentences, verdict
from ckanext.satudata.core.qa.table import Unreadable, read

from .regions import regions
from .xlsx import sheet_xml, write_xlsx

RUTILAHU = (
    "No;Kode Wilayah;Wilayah;Tahun;Jumlah RTLH \n"
    "1;32.04.16;Arjasari;2021;1.474\n2;32.04.32;Baleendah;2021;686\n3;32.04.13;Banjaran;2021;1.49\n"
    "4;32. 04. 05;Arjasari;2022;642\n5;32.04.32;Baleendah;2022;371\n6;32.04.13;Banjaran;2022;1.128\n"
)


def report_of(tmp_path: Path, content: str, rules: Checklist | None = None) -> Report:
    path = tmp_path / "tabel.csv"
    path.write_text(content, "utf-8")
    return judge(read(path), None, Lists([regions()]), rules or checklist.load())


def test_errors_come_first_and_carry_the_points(tmp_path: Path) -> None:
    report = report_of(tmp_path, RUTILAHU)
    severities = [finding.severity for finding in report.findings]
    assert severities == sorted(severities, key=["error", "warning", "question", "info"].index)
    assert {finding.check for finding in report.of("error")} == {"IS-04", "KR-02", "KR-04"}
    assert report.score == pytest.approx(100 - sum(finding.points for finding in report.findings), abs=0.05)
    assert report.rows_hit == 4
    assert report.blocked


def test_a_check_costs_its_heaviest_finding_once(tmp_path: Path) -> None:
    report = report_of(tmp_path, "a,b,c\n" + "1.0,2.0,3.0\n" * 1)
    costs = [finding.points for finding in report.findings if finding.check == "IS-07"]
    assert len(costs) == 3
    assert sum(1 for cost in costs if cost) == 1


def test_a_clean_table_scores_a_hundred(tmp_path: Path) -> None:
    report = report_of(tmp_path, "kode_kecamatan,tahun,jumlah_kasus\n32.04.05,2021,5\n32.04.16,2021,7\n")
    assert (report.score, report.findings, report.blocked) == (100.0, (), False)
    assert verdict(report) == "Bisa diajukan. Tidak ada yang perlu diperbaiki."


def test_a_crashing_check_is_a_finding_about_itself(tmp_path: Path) -> None:
    def crash(_asked: object) -> NoReturn:
        raise ZeroDivisionError("rahasia")

    broken = replace(checks()["IS-05"], run=crash)
    rules = Checklist("uji", (Item(broken, None, {}), Item(checks()["IS-04"], None, {})))
    report = report_of(tmp_path, RUTILAHU, rules)
    crashed = [finding for finding in report.findings if finding.variant == "crash"]
    assert [finding.check for finding in crashed] == ["IS-05"]
    assert crashed[0].severity == "info"
    assert "rahasia" in crashed[0].parameters["trace"]
    assert "rahasia" not in sentences(crashed[0]).problem
    assert any(finding.check == "IS-04" for finding in report.findings)


def test_report_survives_json(tmp_path: Path) -> None:
    report = report_of(tmp_path, RUTILAHU)
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert again.to_dict() == report.to_dict()
    assert again.first_things() == report.first_things()
    with pytest.raises(FormatError):
        Report.from_dict({**report.to_dict(), "format": FORMAT + 1})


def test_the_dictionary_belongs_to_the_judged_sheet(tmp_path: Path) -> None:
    sheets = {"A": sheet_xml([["x", "y"], [1, 2]]), "B": sheet_xml([["p", "q"], [1, 2], [3, 4]])}
    source = read(write_xlsx(tmp_path / "t.xlsx", sheets))
    columns = from_dicts([{"kolom": "x", "tipe": "integer"}, {"kolom": "y", "tipe": "integer"}])
    report = judge(source, columns, Lists(), checklist.load(), table="A")
    assert [(table["name"], table["judged"]) for table in report.tables] == [("A", True), ("B", False)]
    assert not [finding for finding in report.findings if finding.check == "BT-03"]
    with pytest.raises(Unreadable) as refused:
        judge(source, columns, Lists(), checklist.load(), table="C")
    assert refused.value.code == "no_table"


def test_rows_are_complete_ranges_up_to_a_bound() -> None:
    assert ranges((5, 3, 4, 9)) == ([(3, 5), (9, 9)], True)
    found, complete = ranges(tuple(range(0, 4000, 2)))
    assert (len(found), complete) == (1000, False)


def test_ranges_in_words() -> None:
    assert row_ranges(((64, 66), (68, 68))) == "64–66, 68"
    assert row_ranges(tuple((n, n) for n in range(0, 20, 2)), "en", 2) == "0, 2 and 8 more"


def test_unknown_check_of_an_old_report_is_still_shown() -> None:
    finding = Finding("XX-99", "error", "", "a", 1, ((2, 2),))
    assert sentences(finding).title == "XX-99"


class TestChecklist:
    def test_every_check_by_default(self) -> None:
        assert [item.check.id for item in checklist.load().items] == list(checks())

    def test_weight_and_parameters_change_the_rule_version(self) -> None:
        plain = checklist.from_dict("a", {"pemeriksaan": ["KR-01"]})
        heavier = checklist.from_dict("a", {"pemeriksaan": ["KR-01"], "atur": {"KR-01": {"tingkat": "warning"}}})
        tuned = checklist.from_dict(
            "a", {"pemeriksaan": ["KR-01"], "atur": {"KR-01": {"parameter": {"foreign_share": 0.5}}}}
        )
        assert len({plain.rule_version, heavier.rule_version, tuned.rule_version}) == 3

    def test_a_region_lowers_a_weight(self, tmp_path: Path) -> None:
        rules = checklist.from_dict("a", {"pemeriksaan": ["KR-04"], "atur": {"KR-04": {"tingkat": "warning"}}})
        assert [finding.severity for finding in report_of(tmp_path, RUTILAHU, rules).findings] == ["warning"]

    @pytest.mark.parametrize(
        "data",
        [
            {"pemeriksaan": ["XX-01"]},
            {"kecuali": ["XX-01"]},
            {"atur": {"KR-01": {"tingkat": "berat"}}},
            {"atur": {"KR-01": {"parameter": {"salah": 1}}}},
            {"periksa": "semua"},
        ],
    )
    def test_mistakes_are_named(self, data: dict[str, object]) -> None:
        with pytest.raises(ChecklistError):
            checklist.from_dict("uji", data)

    def test_a_region_folder_comes_first(self, tmp_path: Path) -> None:
        folder = tmp_path / "checklists"
        folder.mkdir()
        (folder / "umum.yaml").write_text("pemeriksaan: [IS-05]\n")
        assert [item.check.id for item in checklist.load("umum", [tmp_path]).items] == ["IS-05"]
        with pytest.raises(ChecklistError):
            checklist.load("tidak-ada", [tmp_path])


class TestRegistry:
    def test_a_file_is_named_after_its_id(self) -> None:
        known = checks()["IS-05"]
        for own, module in ((True, "x.is_05_other"), (False, "x.kr_99_wrong_name")):

            def run(_asked: object) -> list[object]:
                return []

            run.__module__ = module
            declare = check(
                id="IS-05" if own else "IS-77",
                title=known.title,
                meaning=known.meaning,
                bad="",
                good="",
                principle=known.principle,
                dimension=known.dimension,
                severity="error",
                words=known.words,
            )
            with pytest.raises(CheckError):
                declare(run)  # type: ignore[arg-type]


class TestDictionary:
    def test_round_trip(self) -> None:
        row = {
            "kolom": "Jumlah",
            "label": "Jumlah rumah",
            "tipe": "integer",
            "satuan": "Unit",
            "daftar": None,
            "edisi": None,
        }
        row |= {"wajib": True, "kunci": False, "definisi": "…", "nilai": ["1", "2"]}
        assert from_dicts([row])[0].to_dict() == row

    @pytest.mark.parametrize(
        "rows", [[{"label": "x"}], [{"kolom": "a{b}", "tipe": "{angka"}], [{"kolom": "a"}, {"kolom": " A "}]]
    )
    def test_mistakes_are_sentences(self, rows: list[dict[str, str]]) -> None:
        with pytest.raises(DictionaryError) as refused:
            from_dicts(rows)
        assert "Kamus data" in refused.value.text.id

    def test_proposal_says_why(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text(RUTILAHU)
        proposals = {item.column.name: item for item in propose(read(path).tables[0], Lists([regions()]))}
        assert proposals["Kode Wilayah"].column.list == "wilayah_kemendagri"
        assert (proposals["Tahun"].column.type, proposals["Jumlah RTLH"].column.type) == ("year", "integer")
        assert [item.column.name for item in proposals.values() if item.column.key] == ["Kode Wilayah", "Tahun"]
        assert "4 dari 4" in proposals["Kode Wilayah"].why.id

    def test_codes_keep_their_zeros(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("npsn,jumlah\n0012,3\n0013,4\n")
        assert propose(read(path).tables[0])[0].column.type == "text"
