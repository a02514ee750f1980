"""From YAML to a definition: every key means what the guide says, and one definition can stand on another."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import loader
from ckanext.satudata.core.workflow.conditions import holds
from ckanext.satudata.core.workflow.definition import (
    Choice,
    Definition,
    EvidenceRule,
    Holder,
    Producer,
    Question,
    ReturnTo,
    Sla,
)

WHOLE = """
format: 1
key: lengkap
title: {id: Lengkap, en: Whole}
basis: SOP 1/2026
purpose: publication
reasons: free
roles:
  produsen_data: {id: OPD, en: Office}
  walidata: {id: Walidata, en: Walidata}
positions:
  kasi: {id: Subkoordinator, en: Sub-coordinator}
  camat: {id: Camat, en: Head of district}
producer: {collect: frekuensi, first: 3 hari_kerja, repair: 1 bulan, resubmit: 2 jam_kerja}
forms:
  qa:
    title: {id: Mutu, en: Quality}
    questions:
      - {key: lengkap, label: {id: Lengkap, en: Complete}, stop: no}
      - key: mutu
        label: {id: Mutu, en: Quality}
        kind: choice
        choices: [{value: yes, label: {id: Baik, en: Good}}, {value: 2, label: {id: Kurang, en: Poor}}]
        required: false
        stop: 2
stages:
  - key: periksa
    label: {id: Periksa, en: Check}
    kind: qa
    role: walidata
    position: [staf, kasi]
    scope: tree
    when: {fact: jenis_data, in: [statistik]}
    sla: {value: 3, unit: bulan, basis: batch}
    return_to: via:walidata/staf
    resubmit_to: here
    form: qa
    notes: false
    batch: per_campaign
    start_when: all_submitted
    evidence:
      - {kind: laporan, label: {id: Laporan, en: Report}, on: any, required: false}
    receipt: true
    optional: true
    auto_pass_after: 3 hari_kerja
    separation: false
    escalate_to: [kepala]
transitions:
  submit:
    by: [produsen_data, walidata/kasi]
    gates: has_resource
    evidence: [{kind: surat, label: {id: Surat, en: Letter}}]
  withdraw: {by: produsen_data}
  reopen: {by: walidata, position: [kasi, kabid]}
  publish: {by: walidata, scope: tree, sla: 1 minggu}
"""


def test_every_attribute_is_read() -> None:
    definition = loader.load(WHOLE)
    stage = definition.stages[0]
    assert (definition.basis, definition.purpose, definition.reasons_free) == ("SOP 1/2026", "publication", True)
    assert definition.producer == Producer(
        Sla(1, "frekuensi"), Sla(3, "hari_kerja"), Sla(1, "bulan"), Sla(2, "jam_kerja")
    )
    assert (stage.kind, stage.positions, stage.scope) == ("qa", ("staf", "kasi"), "tree")
    assert stage.sla == Sla(3, "bulan", "batch")
    assert stage.return_to == ReturnTo("via", "walidata", "staf")
    assert (stage.resubmit_to, stage.form, stage.notes) == ("here", "qa", False)
    assert (stage.batch, stage.start_when) == ("per_campaign", "all_submitted")
    assert stage.evidence == (EvidenceRule("laporan", Text("Laporan", "Report"), "any", False),)
    assert (stage.receipt, stage.optional, stage.separation) == (True, True, False)
    assert (stage.auto_pass_after, stage.escalate_to) == (Sla(3, "hari_kerja"), ("kepala",))


def test_yes_no_on_and_numbers_are_words_where_words_are_meant() -> None:
    """YAML takes ``on``, ``yes`` and ``no`` for truth."""
    lengkap, mutu = loader.load(WHOLE).forms["qa"].questions
    assert lengkap == Question("lengkap", Text("Lengkap", "Complete"), stop="no")
    assert mutu.choices == (Choice("yes", Text("Baik", "Good")), Choice("2", Text("Kurang", "Poor")))
    assert (mutu.required, mutu.stop) == (False, "2")


def test_who_may_take_a_step() -> None:
    transitions = loader.load(WHOLE).transitions
    assert transitions["submit"].who() == (Holder("produsen_data"), Holder("walidata", "kasi"))
    assert transitions["submit"].by == ("produsen_data", "walidata")
    assert transitions["submit"].gates == ("has_resource",)
    assert transitions["submit"].evidence == (EvidenceRule("surat", Text("Surat", "Letter"), "any", True),)
    assert transitions["reopen"].who() == (Holder("walidata", "kasi"), Holder("walidata", "kabid"))
    assert transitions["reopen"].positions == ("kasi", "kabid")
    assert transitions["submit"].admits("walidata", "kasi")
    assert not transitions["submit"].admits("walidata", "kabid")
    assert transitions["submit"].admits("produsen_data", None)


def test_words_of_the_region() -> None:
    definition = loader.load(WHOLE)
    assert definition.position_label("kasi").id == "Subkoordinator"
    assert definition.position_label("kabid").id == "Kepala Bidang"
    assert definition.holder_label(Holder("walidata", "camat")) == Text(
        "Walidata (Camat)", "Walidata (Head of district)"
    )
    assert definition.role_label("tim_teknis").id == "tim_teknis"


@pytest.mark.parametrize(
    ("role", "position", "everywhere", "tree", "expected"),
    [
        ("walidata", "staf", False, False, {("in_review", "periksa")}),
        ("walidata", "staf", False, True, {("in_review", "periksa"), ("verified", None)}),
        (
            "walidata",
            "kasi",
            True,
            False,
            {("in_review", "periksa"), *((state, None) for state in ("draft", "revision"))},
        ),
        ("produsen_data", None, False, False, {("draft", None), ("revision", None)}),
        ("produsen_data", None, False, True, set()),
        ("pembina_data", None, True, False, set()),
    ],
)
def test_steps_for_a_grant(
    role: str, position: str | None, everywhere: bool, tree: bool, expected: set[tuple[str, str | None]]
) -> None:
    definition = loader.load(WHOLE)
    found = definition.steps_for(role, position, everywhere, tree)
    publishes = {("verified", None)} if role == "walidata" else set()
    assert found == expected | publishes


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ("staf", ("kasi", "kabid", "kepala")),
        ("[staf, kasi]", ("kabid", "kepala")),
        ("[kabid, sekretaris]", ("kepala",)),
        ("kepala", ()),
        ("petugas", ("opd", "utama")),
        ("[]", ("kasi", "kabid", "kepala")),
    ],
)
def test_who_is_told_when_a_stage_is_late(positions: str, expected: tuple[str, ...]) -> None:
    source = WHOLE.replace("position: [staf, kasi]", f"position: {positions}").replace("escalate_to: [kepala]", "")
    definition = loader.load(source)
    assert definition.escalation(definition.stages[0]) == expected


@pytest.mark.parametrize(("written", "expected"), [("yes", True), ("no", False), ("true", True), ("False", False)])
def test_yes_and_no_are_truth_where_truth_is_meant(written: str, expected: bool) -> None:
    source = WHOLE.replace("receipt: true", f"receipt: {written}").replace("in: [statistik]", f"in: [{written}]")
    stage = loader.load(source).stages[0]
    assert stage.receipt is expected
    assert holds(stage.when, {"jenis_data": expected})


def test_yes_no_and_on_are_words_in_labels() -> None:
    assert loader.load(WHOLE.replace("en: Check", "en: On")).stages[0].label.en == "On"


# one definition on another

CHILD = """
format: 1
key: anak
extends: lengkap
title: {id: Anak, en: Child}
"""


def _child(more: str = "", **others: str) -> Definition:
    shelf = {"lengkap": WHOLE, **others}
    return loader.load(CHILD + more, shelf.__getitem__)


def test_a_child_has_everything_of_its_parent_but_its_name() -> None:
    child, parent = _child(), loader.load(WHOLE)
    assert (child.key, child.title.id, child.extends) == ("anak", "Anak", "lengkap")
    assert (child.stages, child.transitions, child.forms) == (parent.stages, parent.transitions, parent.forms)
    assert (child.roles, child.positions, child.producer) == (parent.roles, parent.positions, parent.producer)


def test_a_child_changes_one_attribute_of_a_stage() -> None:
    child = _child("stages: [{key: periksa, sla: 2 hari, form: null, position: kabid}]")
    stage = child.stages[0]
    assert (stage.sla, stage.form, stage.positions) == (Sla(2, "hari"), None, ("kabid",))
    assert stage.return_to == ReturnTo("via", "walidata", "staf")


@pytest.mark.parametrize(
    ("place", "expected"),
    [("", ["periksa", "baru"]), ("after: periksa,", ["periksa", "baru"]), ("before: periksa,", ["baru", "periksa"])],
)
def test_a_child_adds_a_stage_where_it_wants(place: str, expected: list[str]) -> None:
    child = _child(f"stages: [{{key: baru, {place} label: {{id: B, en: N}}, role: walidata}}]")
    assert [stage.key for stage in child.stages] == expected


def test_a_child_moves_a_stage() -> None:
    more = "stages: [{key: baru, label: {id: B, en: N}, role: walidata}, {key: periksa, after: baru}]"
    assert [stage.key for stage in _child(more).stages] == ["baru", "periksa"]


def test_a_child_changes_one_part_of_a_transition_and_one_term() -> None:
    child = _child("transitions: {submit: {gates: [qa_passed]}}\nproducer: {first: 9 hari, repair: null}")
    submit = child.transitions["submit"]
    assert submit.gates == ("qa_passed",)
    assert submit.by == ("produsen_data", "walidata")
    assert child.producer == Producer(Sla(1, "frekuensi"), Sla(9, "hari"), None, Sla(2, "jam_kerja"))


def test_a_child_removes_what_it_does_not_want() -> None:
    child = _child("remove: {stages: [periksa], transitions: reopen, forms: [qa], positions: [camat]}")
    assert child.stages == ()
    assert "reopen" not in child.transitions
    assert child.forms == {}
    assert set(child.positions) == {"kasi"}


def test_a_grandchild_stands_on_both() -> None:
    between = CHILD + "stages: [{key: periksa, sla: 2 hari}]"
    source = "format: 1\nkey: cucu\nextends: anak\ntitle: {id: C, en: G}\nstages: [{key: periksa, receipt: false}]"
    stage = loader.load(source, {"lengkap": WHOLE, "anak": between}.__getitem__).stages[0]
    assert (stage.sla, stage.receipt, stage.form) == (Sla(2, "hari"), False, "qa")


def test_a_mistake_in_the_parent_names_the_parent() -> None:
    broken = WHOLE.replace("scope: tree\n    when", "scope: kota\n    when")
    line = broken.splitlines().index("    scope: kota") + 1
    with pytest.raises(loader.DefinitionError) as told:
        _child(lengkap=broken)
    assert [(problem.origin, problem.line) for problem in told.value.problems] == [("lengkap", line)]
    assert told.value.problems[0].render("id").startswith(f"lengkap, baris {line}: stages[0].scope: ")


def test_a_flattened_definition_is_the_same_without_its_parent() -> None:
    source = CHILD + "remove: {transitions: [reopen]}\nstages: [{key: periksa, sla: 2 hari}]"
    flat = loader.flatten(source, {"lengkap": WHOLE}.__getitem__)
    again, first = loader.load(flat), loader.load(source, {"lengkap": WHOLE}.__getitem__)
    assert again.extends is None
    assert (again.stages, again.transitions, again.forms) == (first.stages, first.transitions, first.forms)
    assert (again.key, again.title, again.reasons_free) == (first.key, first.title, first.reasons_free)


def test_what_extends_nothing_is_kept_as_it_is_written() -> None:
    assert loader.flatten(WHOLE) == WHOLE


def test_a_file_finds_its_parent_beside_it_before_ours(tmp_path: Path) -> None:
    child = tmp_path / "kota.yaml"
    child.write_text("format: 1\nkey: kota\nextends: perpres\n", "utf-8")
    assert loader.load_file(child).title.id == "Perpres 39/2019"
    (tmp_path / "perpres.yaml").write_text(WHOLE, "utf-8")
    assert loader.load_file(child).title.id == "Lengkap"


# files that mean harm, or are none


@pytest.mark.parametrize(
    "source",
    [
        "a: &a [*a]",
        "\n".join(
            ["x0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
            + [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 9)]
        ),
        "[" * 5000,
        "!!python/object/apply:os.system [echo]",
        "key: !!timestamp besok",
        "format: 1\n--- \nformat: 1",
        "\x00",
        "",
        "? [a, b]\n: c",
    ],
    ids=["itself", "laughs", "deep", "python", "no moment", "two documents", "nul", "empty", "no name"],
)
def test_what_is_no_definition_is_refused_with_words(source: str) -> None:
    with pytest.raises(loader.DefinitionError) as told:
        loader.load(source)
    assert all(problem.render("id") and problem.line >= 1 for problem in told.value.problems)
