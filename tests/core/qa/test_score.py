"""The score is worked out as the documentation says, and every lost point belongs to a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ckanext.satudata.core.qa import score
from ckanext.satudata.core.qa.checklist import from_dict
from ckanext.satudata.core.qa.judging import weighed
from ckanext.satudata.core.qa.registry import DIMENSIONS, PRINCIPLES
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.core.qa.score import Weights, account
from ckanext.satudata.core.text import Text

HEIGHTS = {"": 100}


def finding(check: str, severity: str, rows: int = 0, column: str = "a") -> Finding:
    return Finding(check, severity, "", column, rows or 1, ((1, rows),) if rows else ())


def test_a_finding_costs_its_severity_by_the_share_of_rows() -> None:
    (all_rows, half, one) = (weighed([finding("IS-02", "error", rows)], HEIGHTS)[0].points for rows in (100, 50, 1))
    assert (all_rows, half, one) == (25.0, 17.5, 10.15)


def test_a_finding_about_the_table_costs_the_whole_weight() -> None:
    assert weighed([finding("SU-01", "warning")], HEIGHTS)[0].points == 8.0


def test_a_check_takes_points_once_for_its_heaviest_finding() -> None:
    found = weighed([finding("IS-02", "error", 1), finding("IS-02", "error", 100, "b")], HEIGHTS)
    assert [(one.column, one.points) for one in found] == [("b", 25.0), ("a", 0.0)]


def test_remarks_and_crashes_cost_nothing() -> None:
    crash = replace(finding("IS-02", "info"), variant="crash")
    assert [one.points for one in weighed([crash, finding("BT-06", "info")], HEIGHTS)] == [0.0, 0.0]


def test_weights_of_principle_and_dimension_multiply() -> None:
    data = {"tingkat": {"error": 10}, "prinsip": {"standar_data": 0.5}, "dimensi": {"akurasi": 2}}
    assert Weights.from_dict(data).points("error", 1, "standar_data", "akurasi") == 10.0
    assert Weights.from_dict(data).points("error", 1, "metadata", "relevansi") == 10.0
    assert Weights.from_dict(data).points("warning", 0, "standar_data", "akurasi") == 3.2


def test_every_lost_point_belongs_to_a_principle_a_dimension_and_a_finding() -> None:
    rows = {("IS-02", "error"): 40, ("KR-01", "error"): 3, ("SU-01", "warning"): 0, ("DR-04", "question"): 7}
    found = weighed([finding(check, severity, many) for (check, severity), many in rows.items()], HEIGHTS)
    told = account(found)
    assert told.lost == round(sum(one.points for one in found), 2)
    assert told.score == score.score(found) == round(100 - told.lost, 1)
    for parts, names in ((told.principles, PRINCIPLES), (told.dimensions, DIMENSIONS)):
        assert [part.key for part in parts] == list(names)
        assert round(sum(part.lost for part in parts), 2) == told.lost
        assert sorted(number for part in parts for number in part.findings) == [1, 2, 3, 4]


def test_a_score_is_not_below_zero() -> None:
    many = [finding(check, "error", 100) for check in ("IS-01", "IS-02", "IS-03", "IS-04", "KR-01")]
    told = account(weighed(many, HEIGHTS))
    assert (told.score, told.lost) == (0.0, 125.0)


def test_a_checklist_carries_its_weights() -> None:
    rules = from_dict("uji", {"pemeriksaan": ["IS-02"], "bobot": {"dimensi": {"akurasi": 0}}})
    assert weighed([finding("IS-02", "error", 100)], HEIGHTS, rules.weights)[0].points == 0.0


@pytest.mark.parametrize("labels", [score.PRINCIPLE_LABELS, score.DIMENSION_LABELS])
def test_principles_and_dimensions_have_words(labels: Mapping[str, Text]) -> None:
    names = PRINCIPLES if labels is score.PRINCIPLE_LABELS else DIMENSIONS
    assert list(labels) == list(names)
