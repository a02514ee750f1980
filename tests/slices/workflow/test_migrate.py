"""Running cases move to another version of their procedure when somebody says so, and never by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from click.testing import CliRunner

from ckanext.satudata.cli import satudata
from ckanext.satudata.workflow.procedures import migrate

from .conftest import Office


def _write(rulebook: Path, *changes: tuple[str, str], key: str = "uji") -> None:
    path = rulebook / "workflows" / f"{key}.yaml"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def _migrate(office: Office, **data: Any) -> dict[str, Any]:
    return office.call("admin", "satudata_workflow_migrate", **{"dry_run": False, **data})


FASTER = ("role: walidata, sla: 5 hari_kerja", "role: walidata, sla: 1 hari_kerja")
RENAMED = ("key: periksa", "key: verifikasi")


def test_nothing_moves_by_itself(office: Office, submitted: str, rulebook: Path) -> None:
    before = office.case(submitted)["definition"]["id"]
    _write(rulebook, FASTER)
    assert office.case(submitted)["definition"]["id"] == before
    assert office.case(submitted)["due_days"] == 5


def test_a_dry_run_tells_and_writes_nothing(office: Office, submitted: str, rulebook: Path) -> None:
    _write(rulebook, FASTER)
    before = office.written(submitted)
    answer = office.call("admin", "satudata_workflow_migrate")
    assert (answer["dry_run"], answer["count"], answer["moved"]) == (True, 1, 0)
    (found,) = answer["results"]
    assert (found["id"], found["stage"], found["new_stage"]) == (submitted, "periksa", "periksa")
    assert found["new_due"] < found["due"]
    assert office.written(submitted) == before


def test_cases_move_with_an_entry_in_their_history(office: Office, submitted: str, rulebook: Path) -> None:
    old = office.case(submitted)["definition"]["id"]
    _write(rulebook, FASTER)
    assert _migrate(office)["moved"] == 1
    case = office.case(submitted)
    assert (case["state"], case["stage"], case["round"], case["due_days"]) == ("in_review", "periksa", 1, 1)
    assert case["definition"]["id"] != old
    event = office.call("admin", "satudata_history", id=submitted)[0]
    assert (event["transition"], event["actor"]["name"]) == ("migrate", "admin")
    details = model.Session.execute(
        sa.text("select details from satudata_event where transition = 'migrate'")
    ).scalar_one()
    assert (details["from"], details["to"]) == (old, case["definition"]["id"])
    assert office.decide("walidata", submitted, "pass")["to_state"] == "verified"


def test_who_calls_again_finds_nothing_left_to_do(office: Office, submitted: str, rulebook: Path) -> None:
    _write(rulebook, FASTER)
    assert _migrate(office)["moved"] == 1
    assert _migrate(office)["count"] == 0
    assert office.written(submitted)[4] == 2


def test_a_stage_that_is_no_more_needs_another_name(office: Office, submitted: str, rulebook: Path) -> None:
    """Without one nothing moves, also not the others."""
    other = office.dataset()
    office.decide("operator", other, "submit")
    office.decide("walidata", other, "pass")
    _write(rulebook, RENAMED)
    answer = _migrate(office)
    assert (answer["moved"], answer["refused"]) == (0, 1)
    assert answer["problems"] == [
        "Tahap `periksa` tidak ada lagi. Sebutkan gantinya: `--map periksa=<tahap>`. Yang ada: verifikasi, pembina."
    ]
    assert _migrate(office, map={"periksa": "verifikasi"})["moved"] == 2
    assert office.case(submitted)["stage"] == "verifikasi"


def test_what_was_decided_counts_under_the_new_name(office: Office, rulebook: Path) -> None:
    """Who passed `periksa` may not take the second level after it is called `verifikasi`."""
    office.grant("walidata", "pembina_data")
    dataset = office.dataset()
    office.call("walidata", "satudata_prioritas_set", id=dataset, data_prioritas=True, tahun=2026)
    office.decide("operator", dataset, "submit")
    office.decide("walidata", dataset, "pass")
    _write(rulebook, RENAMED)
    assert _migrate(office, map={"periksa": "verifikasi"})["moved"] == 1
    codes = [found["code"] for found in office.refused("walidata", dataset, "pass")["reasons"]]
    assert codes == ["other_level"]
    assert office.decide("pembina", dataset, "return", note="Kembali.")["to_stage"] == "verifikasi"


def test_a_returned_case_may_lose_its_stage(office: Office, submitted: str, rulebook: Path) -> None:
    """It starts at the first stage anyway."""
    office.decide("walidata", submitted, "return", note="Perbaiki.")
    _write(rulebook, RENAMED)
    assert _migrate(office)["moved"] == 1
    assert office.decide("operator", submitted, "submit")["to_stage"] == "verifikasi"


def test_to_another_workflow_and_back_to_a_version(office: Office, submitted: str) -> None:
    old = office.case(submitted)["definition"]["id"]
    assert _migrate(office, to="perpres", datasets=[submitted])["moved"] == 1
    assert office.case(submitted)["definition"]["key"] == "perpres"
    assert _migrate(office, to=old)["moved"] == 1
    assert office.case(submitted)["definition"]["id"] == old


def test_only_cases_of_that_workflow_and_those_datasets(office: Office, submitted: str, rulebook: Path) -> None:
    _write(rulebook, FASTER)
    assert _migrate(office, workflow="perpres")["count"] == 0
    assert _migrate(office, datasets=["tidak-ada"])["count"] == 0
    assert _migrate(office, datasets=[submitted])["count"] == 1


def test_what_is_decided_for_good_stays_as_it_is(office: Office, submitted: str, rulebook: Path) -> None:
    office.decide("walidata", submitted, "reject", note="Bukan data.")
    _write(rulebook, FASTER)
    assert _migrate(office)["count"] == 0


def test_a_workflow_with_mistakes_takes_nobody_in(office: Office, submitted: str, rulebook: Path) -> None:
    _write(rulebook, ("publish: {by: walidata", "publish: {by: camat"))
    for data in ({}, {"to": "karangan"}, {"to": "uji@000000000000"}, {"map": {"periksa": "hilang"}, "to": "perpres"}):
        with pytest.raises(tk.ValidationError):
            _migrate(office, **data)
    assert office.written(submitted)[4] == 1


def test_only_sysadmins(office: Office) -> None:
    for who in ("walidata", "operator", ""):
        with pytest.raises(tk.NotAuthorized):
            office.call(who, "satudata_workflow_migrate")


def test_an_interrupted_run_is_taken_up_again(
    office: Office, submitted: str, rulebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was moved stays moved, the rest waits."""
    other = office.dataset()
    office.decide("operator", other, "submit")
    _write(rulebook, FASTER)
    write, calls = migrate._written, []

    def interrupted(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return write(*arguments)

    monkeypatch.setattr(migrate, "_written", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _migrate(office)
    monkeypatch.undo()
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(rulebook))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "uji")
    assert sorted(office.written(dataset)[4] for dataset in (submitted, other)) == [1, 2]
    assert _migrate(office)["moved"] == 1


def test_the_command_prints_a_table(office: Office, submitted: str, rulebook: Path) -> None:
    _write(rulebook, RENAMED)
    refused = CliRunner().invoke(satudata, ["workflow", "migrate", "uji", "--dry-run"])
    assert refused.exit_code == 1
    assert "--map periksa=<tahap>" in refused.output
    wrong = CliRunner().invoke(satudata, ["workflow", "migrate", "--map", "periksa"])
    assert wrong.exit_code == 2
    moved = CliRunner().invoke(satudata, ["workflow", "migrate", "uji", "--map", "periksa=verifikasi"])
    assert moved.exit_code == 0, moved.output
    assert "periksa → verifikasi" in moved.output
    assert "1 kasus, 1 dipindah, 0 tidak dapat dipindah" in moved.output
    assert office.case(submitted)["stage"] == "verifikasi"
