"""Which procedure a dataset follows is decided by rules: the first that matches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from click.testing import CliRunner

from ckanext.satudata.cli import satudata

from .conftest import Office


def _rules(rulebook: Path, *rules: str) -> None:
    lines = "\n".join(f"  - {rule}" for rule in rules)
    (rulebook / "selection.yaml").write_text(f"format: 1\nrules:\n{lines}\n", "utf-8")


def _key(office: Office, dataset: str) -> str | None:
    return office.case(dataset)["definition"]["key"]


def _only_submit(office: Office, who: str, dataset: str) -> dict[str, Any]:
    (option,) = office.call(who, "satudata_available", id=dataset)["options"]
    return option


def test_without_a_rule_the_option_decides(office: Office) -> None:
    assert _key(office, office.dataset()) == "uji"


def test_the_first_rule_that_matches_decides(office: Office, rulebook: Path) -> None:
    _rules(
        rulebook,
        "{organization: disdik, workflow: lengkap}",
        "{organization: [disdik, dinkes], workflow: sendiri}",
    )
    assert _key(office, office.dataset()) == "sendiri"
    assert _key(office, office.dataset("operator_lain", "disdik")) == "lengkap"


def test_a_rule_can_ask_for_the_tree(office: Office, rulebook: Path) -> None:
    """The dinas and the offices below it, at any depth; not the others."""
    upt = factories.Organization(name="upt", users=[{"name": "operator", "capacity": "editor"}])
    klinik = factories.Organization(name="klinik", users=[{"name": "operator", "capacity": "editor"}])
    for child, parent in ((upt["id"], office.dinkes["id"]), (klinik["id"], upt["id"])):
        below = model.Group.get(child)
        model.Session.add(model.Member(group=below, table_id=parent, table_name="group", capacity="parent"))
    model.Session.commit()
    _rules(rulebook, "{tree: dinkes, workflow: lengkap}")
    for place in ("dinkes", "upt", "klinik"):
        assert _key(office, office.dataset("operator", place)) == "lengkap", place
    assert _key(office, office.dataset("operator_lain", "disdik")) == "uji"


def test_a_rule_can_ask_for_facts(office: Office, rulebook: Path) -> None:
    """Data Prioritas, jenis_data, and the purpose the producer chose."""
    _rules(
        rulebook,
        "{when: {fact: tujuan, is: verifikasi}, workflow: sendiri}",
        "{when: {all: [data_prioritas, {fact: jenis_data, is: statistik}]}, workflow: lengkap}",
    )
    plain = office.dataset(jenis_data="statistik")
    assert _key(office, plain) == "uji"
    office.call("walidata", "satudata_prioritas_set", id=plain, data_prioritas=True, tahun=2026)
    assert _key(office, plain) == "lengkap"
    office.call("operator", "package_patch", id=plain, tujuan_pengajuan="verifikasi")
    assert _key(office, plain) == "sendiri"


def test_lists_know_the_procedure_of_a_draft_without_asking_each_dataset(office: Office, rulebook: Path) -> None:
    """By the facts the row keeps, also those only the rules ask for."""
    from ckanext.satudata.workflow.procedures import definitions
    from ckanext.satudata.workflow.standing import cases

    _rules(rulebook, "{when: {fact: metode_pengumpulan, is: survei}, workflow: sendiri}")
    dataset = office.dataset(metode_pengumpulan="survei")
    row = cases.find("dataset", dataset)
    assert row is not None
    assert row.facts["metode_pengumpulan"] == "survei"
    assert definitions.of_case(row).key == "sendiri"


def test_what_only_wants_to_be_verified_is_never_published(office: Office, rulebook: Path) -> None:
    """Way Kanan d: ends verified."""
    _rules(rulebook, "{when: {fact: tujuan, is: verifikasi}, workflow: sendiri}")
    dataset = office.dataset(tujuan_pengajuan="verifikasi")
    office.decide("operator", dataset, "submit")
    assert office.decide("walidata", dataset, "pass")["to_state"] == "verified"
    case = office.case(dataset)
    assert (case["turn"], case["publishes"]) == (None, False)
    assert "publish" not in [
        one["transition"] for one in office.call("admin", "satudata_available", id=dataset)["options"]
    ]
    assert "reasons" in office.refused("admin", dataset, "publish", reason="Tetap saja.")


def test_without_a_procedure_nothing_is_submitted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by a sysadmin; the reason says what the administrator has to do."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "")
    dataset = office.dataset()
    for who in ("operator", "admin"):
        option = _only_submit(office, who, dataset)
        assert (option["open"], [found["code"] for found in option["reasons"]]) == (False, ["no_workflow"])
        errors = office.refused(who, dataset, "submit", reason="Harus.")
        assert "ckan satudata workflow check" in errors["reasons"][0]["text"]
    case = office.case(dataset)
    assert (case["definition"]["key"], case["no_workflow"]["code"]) == (None, "no_workflow")


def test_a_rule_can_forbid(office: Office, rulebook: Path) -> None:
    _rules(rulebook, "{type: dataset, workflow: null}")
    assert "reasons" in office.refused("operator", office.dataset(), "submit")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("hilang", None, "workflow_missing"),
        ("rusak", "format: 1\nkey: rusak\n", "workflow_broken"),
    ],
)
def test_a_workflow_that_is_missing_or_wrong_stops_no_page(
    office: Office, rulebook: Path, name: str, text: str | None, code: str
) -> None:
    if text is not None:
        (rulebook / "workflows" / f"{name}.yaml").write_text(text, "utf-8")
    _rules(rulebook, f"{{organization: dinkes, workflow: {name}}}")
    dataset = office.dataset()
    assert [found["code"] for found in _only_submit(office, "operator", dataset)["reasons"]] == [code]
    assert office.call("operator", "satudata_my_work")["counts"]["drafts"] == 1
    assert [role["key"] for role in office.call("operator", "satudata_workflow_roles")["roles"]]


def test_wrong_rules_stop_submissions_and_no_page(office: Office, rulebook: Path) -> None:
    (rulebook / "selection.yaml").write_text("format: 1\nrules: [{tipe: x}]\n", "utf-8")
    dataset = office.dataset()
    assert [found["code"] for found in _only_submit(office, "operator", dataset)["reasons"]] == ["workflow_broken"]


def test_a_running_case_keeps_its_procedure_when_the_rules_change(
    office: Office, submitted: str, rulebook: Path
) -> None:
    _rules(rulebook, "{workflow: sendiri}")
    assert _key(office, submitted) == "uji"
    assert _key(office, office.dataset()) == "sendiri"


def test_an_edited_file_counts_at_once(office: Office, rulebook: Path) -> None:
    path = rulebook / "workflows" / "uji.yaml"
    dataset = office.dataset()
    path.write_text(path.read_text("utf-8").replace("{id: Uji, en: Test}", "{id: Uji baru, en: New}"), "utf-8")
    assert office.case(dataset)["definition"]["title"] == "Uji baru"


def test_a_workflow_can_extend_another_and_is_kept_whole(office: Office, rulebook: Path) -> None:
    """What a running case keeps does not change with the one it extends."""
    (rulebook / "workflows" / "anak.yaml").write_text(
        "format: 1\nkey: anak\nextends: uji\ntitle: {id: Anak, en: Child}\n"
        "stages:\n  - {key: periksa, sla: 1 hari_kerja}\n",
        "utf-8",
    )
    _rules(rulebook, "{workflow: anak}")
    dataset = office.dataset()
    office.decide("operator", dataset, "submit")
    assert office.case(dataset)["due_days"] == 1
    source = model.Session.execute(sa.text("select source from satudata_definition")).scalar_one()
    assert "extends" not in source
    assert "pembina_data" in source


def _check() -> tuple[int, str]:
    done = CliRunner().invoke(satudata, ["workflow", "check"])
    return done.exit_code, done.output


def test_the_check_finds_nothing_in_what_is_in_order(office: Office, rulebook: Path) -> None:  # noqa: ARG001
    _rules(rulebook, "{organization: dinkes, workflow: lengkap}")
    status, output = _check()
    assert status == 0, output
    assert "workflows/lengkap.yaml: tidak ada kesalahan" in output
    assert "tanpa aturan yang cocok: uji" in output


def test_the_check_tells_every_mistake(office: Office, rulebook: Path) -> None:  # noqa: ARG001
    """An unknown fact in a rule, a workflow nobody has, a gate nobody contributes."""
    path = rulebook / "workflows" / "uji.yaml"
    path.write_text(
        path.read_text("utf-8").replace("submit: {by: produsen_data}", "submit: {by: produsen_data, gates: [xx]}")
    )
    _rules(rulebook, "{when: cuaca, workflow: lengkap}", "{organization: disdik, workflow: hilang}")
    status, output = _check()
    assert status == 1
    for sentence in ("Fakta `cuaca` tidak dikenal", "`workflows/hilang.yaml`", "xx"):
        assert sentence in output, output
