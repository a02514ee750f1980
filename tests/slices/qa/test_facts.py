"""What the description says is told to the checks; when it says something else, the file is checked again."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.qa import model as tables
from tests.daily import cases
from tests.slices.qa.conftest import BAD, GOOD, Office, check_all, runs


def findings(office: Office, resource_id: str) -> dict[str, dict[str, Any]]:
    return {one["check"]: one for one in office.show(resource_id)["report"]["findings"]}


@pytest.mark.parametrize(
    ("field", "value"),
    cases(
        ("sds_satuan", "Orang"),
        thorough=[
            ("title", "Jumlah Puskesmas Pembantu"),
            ("kode_wilayah", ["32.04"]),
            ("cakupan_waktu", [{"mulai": "2019", "selesai": "2024"}]),
        ],
    ),
)
def test_another_fact_of_the_description_asks_again(office: Office, field: str, value: Any) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    office.call("editor", "package_patch", id=dataset_id, **{field: value})
    assert [run["state"] for run in runs(resource_id)] == ["done", "queued"]


def test_a_report_beside_another_description_is_outdated(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    office.call("editor", "package_patch", id=dataset_id, sds_satuan="Orang")
    tables.model.Session.execute(tables.run_table.delete().where(tables.run_table.c.state == "queued"))
    tables.model.Session.commit()
    assert office.show(resource_id)["outdated"] is True


def test_a_description_that_is_as_it_was_is_judged_as_it_was(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    office.call("editor", "package_patch", id=dataset_id, sds_satuan="Orang")
    office.call("editor", "package_patch", id=dataset_id, sds_satuan="")
    check_all()
    answer = office.show(resource_id)
    assert (answer["state"], answer["outdated"]) == ("done", False)


def test_the_period_covered_is_told(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    assert "PR-04" not in findings(office, resource_id)
    ranges = [{"mulai": "2010", "selesai": "2012"}, {"mulai": "2015", "selesai": "2016"}]
    office.call("editor", "package_patch", id=dataset_id, cakupan_waktu=ranges)
    check_all()
    assert "2010–2016" in findings(office, resource_id)["PR-04"]["problem"]


def test_the_unit_is_told(office: Office) -> None:
    dataset_id, resource_id = office.judged("kecamatan,tahun,jumlah_hektare\nA,2023,1\nB,2023,2\n", kamus_data=[])
    assert "SU-03" not in findings(office, resource_id)
    office.call("editor", "package_patch", id=dataset_id, sds_satuan="Orang")
    check_all()
    assert "Orang" in findings(office, resource_id)["SU-03"]["problem"]


def test_the_day_is_told(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD.replace("2024", "2098"))
    assert findings(office, resource_id)["PR-03"]["rows"] == [[2, 4]]


def test_the_header_of_the_file_before_is_told(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    assert "KD-01" not in findings(office, resource_id)
    office.replace(resource_id, GOOD.replace("jumlah", "banyaknya"))
    check_all()
    assert "KD-01" in findings(office, resource_id)


def test_the_file_before_is_the_one_that_was_replaced(office: Office) -> None:
    """Also when the present file is checked once more."""
    _dataset_id, resource_id = office.judged(GOOD)
    office.replace(resource_id, GOOD.replace("jumlah", "banyaknya"))
    for _time in range(2):
        check_all()
        found = office.show(resource_id)["report"]["findings"]
        assert {one["column"] for one in found if one["check"] == "KD-01"} == {"jumlah", "banyaknya"}
        office.call("editor", "satudata_qa_run", resource_id=resource_id)


def test_the_same_bytes_of_other_datasets_have_reports_of_their_own(office: Office) -> None:
    dataset_id, first = office.judged(BAD)
    office.call("editor", "package_patch", id=dataset_id, cakupan_waktu=[{"mulai": "2010", "selesai": "2012"}])
    _other, second = office.judged(BAD)
    check_all()
    assert ("PR-04" in findings(office, first), "PR-04" in findings(office, second)) == (True, False)


def test_the_rows_of_a_file_are_there_while_another_description_is_checked(office: Office) -> None:
    dataset_id, resource_id = office.judged(GOOD)
    office.call("editor", "package_patch", id=dataset_id, title="Jumlah Puskesmas Pembantu")
    assert office.show(resource_id)["state"] == "queued"
    assert office.call("sysadmin", "satudata_qa_files", resource_id=resource_id)["count"] == 3
