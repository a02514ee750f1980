"""Every check does what its cases say; every check is documented and has cases."""

from __future__ import annotations

import string
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.about import About
from ckanext.satudata.core.qa.dictionary import from_dicts
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.registry import Check, checks
from ckanext.satudata.core.qa.report import Finding, Report, sentences
from ckanext.satudata.core.qa.table import read
from ckanext.satudata.core.text import Text

from .regions import regions
from .xlsx import sheet_of, write_xlsx

FOLDER = Path(__file__).parent / "cases"


def check_of(path: Path) -> str:
    group, number = path.stem.split("_")[:2]
    return f"{group.upper()}-{number}"


CASES = [(path, case) for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text("utf-8"))]


def run_case(case: dict[str, Any], check_id: str, folder: Path) -> Report:
    if "sheets" in case:
        sheets = {name: sheet_of(sheet) for name, sheet in case["sheets"].items()}
        path = write_xlsx(folder / "tabel.xlsx", sheets, case.get("hidden_sheets", ()), case.get("styles"))
    elif "file" in case:
        path = FOLDER.parent / "files" / case["file"]
    elif "archive" in case:
        path = folder / "tabel.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in case["archive"].items():
                archive.writestr(name, content)
    else:
        path = folder / "tabel.csv"
        path.write_bytes(case["bytes"] if "bytes" in case else case["table"].encode())
    columns = from_dicts(case["dictionary"]) if "dictionary" in case else None
    lists = Lists([regions()] if case.get("regions") else [])
    if case.get("provinces"):
        lists.add_rulebook(checklist.RULEBOOK)
    rules = checklist.from_dict("uji", {"pemeriksaan": [check_id]})
    return judge(read(path), columns, lists, rules, about=About.from_dict(case.get("about") or {}))


# Of each check the first cases are tried every day.
DAILY = 3


def _daily() -> list[Any]:
    seen = Counter[Path]()
    found: list[Any] = []
    for path, case in CASES:
        seen[path] += 1
        marks = [pytest.mark.thorough] if seen[path] > DAILY else []
        found.append(pytest.param(path, case, id=f"{check_of(path)}: {case['name']}", marks=marks))
    return found


@pytest.mark.parametrize(("path", "case"), _daily())
def test_case(path: Path, case: dict[str, Any], tmp_path: Path) -> None:
    report = run_case(case, check_of(path), tmp_path)
    if "not_applicable" in case:
        assert [entry["missing"] for entry in report.not_applicable] == [case["not_applicable"]], report.findings
        return
    assert not report.not_applicable
    found = sorted(report.findings, key=_order)
    wanted = sorted(case["expect"], key=lambda one: (one.get("variant", ""), one.get("column") or ""))
    assert [(one.variant, one.column) for one in found] == [
        (one.get("variant", ""), one.get("column")) for one in wanted
    ], [one.parameters for one in found]
    for one, expected in zip(found, wanted, strict=True):
        _compare(one, expected)


def _order(finding: Finding) -> tuple[str, str]:
    return finding.variant, finding.column or ""


def _compare(finding: Finding, expected: dict[str, Any]) -> None:
    assert finding.severity == expected["severity"]
    rows = [row for first, last in finding.rows for row in range(first, last + 1)]
    if "rows" in expected:
        assert rows == expected["rows"]
    if "count" in expected:
        assert finding.count == expected["count"]
    if "proposals" in expected:
        assert [sample["proposal"] for sample in finding.samples] == expected["proposals"]
    if "says" in expected:
        assert expected["says"] in sentences(finding, "id").problem
    for language in ("id", "en"):
        said = sentences(finding, language)
        assert "…" not in said.problem or "…" in str(finding.samples), said
        assert "{" not in said.title + said.problem + said.mend


def test_every_check_has_cases_and_every_case_its_check() -> None:
    assert {check_of(path) for path in FOLDER.glob("*.yaml")} == set(checks())


@pytest.mark.parametrize("check", checks().values(), ids=lambda check: check.id)
def test_cases_show_the_fault_and_its_absence(check: Check) -> None:
    mine = [case for path, case in CASES if check_of(path) == check.id]
    assert any(case.get("expect") for case in mine), "no case with a finding"
    assert any(not case.get("expect") for case in mine), "no case without a finding"
    shown = {one.get("variant", "") for case in mine for one in case.get("expect") or []}
    assert set(check.words) <= shown


@pytest.mark.parametrize("check", checks().values(), ids=lambda check: check.id)
def test_a_check_is_documented_for_the_person_who_mends(check: Check) -> None:
    texts = [check.title, check.meaning, *(text for words in check.words.values() for text in _texts(words))]
    for text in texts:
        assert text.id.strip()
        assert text.en.strip()
        assert _fields(text.id) - _fields(text.en) <= {"proposal", "near_id"} | {
            field for field in _fields(text.id) if field.endswith("_id")
        }
    assert check.bad
    assert check.good
    assert check.meaning.id.endswith(".")


def _texts(words: Any) -> list[Text]:
    return [words.title, words.problem, words.mend]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
