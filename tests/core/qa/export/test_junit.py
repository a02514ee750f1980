"""JUnit, read by a reader of JUnit."""

from __future__ import annotations

import junitparser
import pytest

from ckanext.satudata.core.qa.export.junit import junit
from tests.core.qa.export.judging import EVIL, FAULTY, PERSONS, judged


def suites(content: str, threshold: str = "warning") -> junitparser.JUnitXml:
    text = junit([judged(content).report], threshold=threshold)
    read = junitparser.JUnitXml.fromstring(text.encode())
    assert isinstance(read, junitparser.JUnitXml)
    return read


def failed(read: junitparser.JUnitXml) -> set[str]:
    return {
        case.name.split()[0]
        for suite in read
        for case in suite
        if any(isinstance(result, junitparser.Failure) for result in case.result)
    }


def test_a_check_with_findings_fails() -> None:
    read = suites(FAULTY)
    assert {"IS-04", "KR-02", "DU-01"} <= failed(read)
    assert (read.failures, read.errors) == (len(failed(read)), 0)
    assert read.tests == sum(len(list(suite)) for suite in read)


def test_the_failure_says_where_and_how() -> None:
    text = next(
        str(result.text)
        for suite in suites(FAULTY)
        for case in suite
        if case.name.startswith("IS-04")
        for result in case.result
    )
    assert "baris 2" in text
    assert "'1.474' → 1474" in text


@pytest.mark.parametrize(("threshold", "fails"), [("question", True), ("warning", True), ("error", False)])
def test_the_threshold_decides(threshold: str, fails: bool) -> None:
    read = suites("kecamatan,tahun,jumlah\nSukamaju ,2024,5\nCibiru,2024,6\n", threshold)
    assert ("IS-05" in failed(read)) is fails


def test_a_check_without_its_source_is_skipped() -> None:
    read = suites(FAULTY)
    skipped = [case for suite in read for case in suite if case.is_skipped]
    assert skipped
    assert read.skipped == len(skipped)
    assert all(case.result[0].message for case in skipped)


def test_an_unreadable_file_is_an_error() -> None:
    assert suites("%PDF-1.4").errors == 1


@pytest.mark.parametrize("content", [EVIL, PERSONS])
def test_whatever_stands_in_cells_it_can_be_read(content: str) -> None:
    assert suites(content).tests


def test_nobody_is_recognised() -> None:
    text = junit([judged(PERSONS).report])
    assert "3299************" in text
    assert not any(secret in text for secret in ("3299990101900001", "Budi Santoso", "Lestari"))
