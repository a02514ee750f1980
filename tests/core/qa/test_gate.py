"""A checklist says what each step asks; mistakes in it are named."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.gate import Gate
from ckanext.satudata.core.qa.replies import OPEN, Answered
from ckanext.satudata.core.qa.report import Finding

ERROR = Finding("IS-02", "error", "", "jumlah", 1, ((3, 3),))
QUESTION = Finding("DR-04", "question", "", "jumlah", 1, ((3, 3),))
EXPLAINED = Answered(("a",), explained=True)
WAIVED = Answered(("a",), waived=True)


def gate(**data: Any) -> Gate:
    return checklist.from_dict("uji", data).gate


def test_at_submission_an_error_is_mended_or_explained() -> None:
    usual = gate()
    assert usual.stands(ERROR, OPEN, "submit")
    assert not usual.stands(ERROR, EXPLAINED, "submit")
    assert not usual.stands(ERROR, WAIVED, "submit")


def test_at_publication_an_explanation_is_not_enough() -> None:
    usual = gate()
    assert usual.stands(ERROR, EXPLAINED, "publish")
    assert not usual.stands(ERROR, WAIVED, "publish")


def test_questions_stand_in_no_way_unless_the_checklist_says_so() -> None:
    assert not gate().stands(QUESTION, OPEN, "submit")
    asked = gate(gerbang={"submit": {"question": "jelaskan"}})
    assert asked.stands(QUESTION, OPEN, "submit")
    assert not asked.stands(QUESTION, EXPLAINED, "submit")


def test_a_check_may_be_named() -> None:
    one = gate(gerbang={"submit": {"error": "lihat", "IS-02": "perbaiki"}})
    assert one.stands(ERROR, EXPLAINED, "submit")


def test_a_stage_comes_before_its_step() -> None:
    staged = gate(gerbang={"periksa": {"error": "lihat"}, "pass": {"error": "perbaiki"}})
    assert not staged.stands(ERROR, OPEN, "pass", "periksa")
    assert staged.stands(ERROR, OPEN, "pass", "sahkan")


def test_a_step_nobody_names_asks_what_the_others_do() -> None:
    assert gate(gerbang={"lain": {"error": "perbaiki"}}).stands(ERROR, OPEN, "publish")
    assert not gate(gerbang={"submit": {"error": "perbaiki"}}).stands(ERROR, OPEN, "publish")


def test_some_findings_are_only_mended() -> None:
    strict = gate(kesampingkan={"tidak": ["IS-02"]})
    assert strict.stands(ERROR, EXPLAINED, "submit")
    assert strict.stands(ERROR, WAIVED, "publish")


def test_a_position_may_be_named_with_its_role() -> None:
    some = gate(kesampingkan={"oleh": ["walidata/kasi", "pembina_data"]})
    assert some.may_waive("walidata", "kasi")
    assert some.may_waive("pembina_data", "staf")
    assert not some.may_waive("walidata", "staf")
    assert not some.may_waive("walidata", None)


def test_identity_numbers_are_never_set_aside() -> None:
    assert "DP-01" in checklist.load("umum").gate.never


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"gerbang": {"submit": {"eror": "jelaskan"}}}, "eror"),
        ({"gerbang": {"submit": {"error": "abaikan"}}}, "abaikan"),
        ({"gerbang": {"submit": "error"}}, "submit"),
        ({"gerbang": ["submit"]}, "gerbang"),
        ({"kesampingkan": {"siapa": ["walidata"]}}, "kesampingkan"),
        ({"kesampingkan": {"oleh": "walidata"}}, "oleh"),
        ({"kesampingkan": {"tidak": ["XX-99"]}}, "XX-99"),
        ({"bobot": {"tingkat": {"error": -1}}}, "error"),
        ({"bobot": {"prinsip": {"data": 1}}}, "data"),
        ({"bobot": {"tingkat": {"error": True}}}, "True"),
        ({"bobot": {"berat": {}}}, "bobot"),
    ],
)
def test_mistakes_are_named(data: dict[str, Any], says: str) -> None:
    with pytest.raises(checklist.ChecklistError, match=says):
        checklist.from_dict("uji", data)


def test_what_a_step_asks_is_no_part_of_the_rule_version() -> None:
    plain = checklist.from_dict("uji", {"pemeriksaan": ["IS-02"]})
    other = checklist.from_dict("uji", {"pemeriksaan": ["IS-02"], "gerbang": {"submit": {"error": "lihat"}}})
    heavier = checklist.from_dict("uji", {"pemeriksaan": ["IS-02"], "bobot": {"tingkat": {"error": 30}}})
    assert plain.rule_version == other.rule_version != heavier.rule_version
