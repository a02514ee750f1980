"""Lists that are imported: stored by edition, looked up, given to the checks as files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.satudata.core.reference.importer import KEMENDAGRI, read_list
from ckanext.satudata.reference import store

OLD = "code,name\n91,Papua\n91.01,Kabupaten Merauke\n32,Jawa Barat\n32.04,Kabupaten Bandung\n"
NEW = (
    "code,name,aliases\n93,Papua Selatan,\n93.01,Kabupaten Merauke,Merauke|Kab. Merauke\n"
    "32,Jawa Barat,\n32.04,Kabupaten Bandung,\n"
)

pytestmark = pytest.mark.usefixtures("clean_portal")


def save(folder: Path, text: str, edition: str, since: date | None = None) -> str:
    path = folder / "wilayah.csv"
    path.write_text(text, encoding="utf-8")
    outcome = store.save(read_list(path, KEMENDAGRI, edition), valid_from=since)
    model.repo.commit()
    return outcome


@pytest.fixture
def two_editions(clean_portal, tmp_path):  # noqa: ARG001
    save(tmp_path, NEW, "2430/2025", date(2025, 6, 23))
    save(tmp_path, OLD, "72/2019", date(2019, 10, 8))


@pytest.mark.usefixtures("two_editions")
def test_the_edition_with_the_latest_first_day_is_in_use():
    editions = next(one for one in call_action("satudata_reference_list") if one["key"] == KEMENDAGRI)["editions"]
    assert [(one["edition"], one["current"]) for one in editions] == [("2430/2025", True), ("72/2019", False)]
    assert editions[0]["counts"]["provinsi"] == 2


@pytest.mark.usefixtures("two_editions")
def test_codes_are_named_by_the_edition_that_is_meant():
    ask = {"list": KEMENDAGRI, "codes": ["91.01", "93.01", "32.04"]}
    assert call_action("satudata_reference_lookup", **ask)["names"] == {
        "93.01": "Kabupaten Merauke",
        "32.04": "Kabupaten Bandung",
    }
    assert "91.01" in call_action("satudata_reference_lookup", **ask, edition="72/2019")["names"]


@pytest.mark.usefixtures("two_editions")
@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"q": "bandung"}, ["32.04"]),
        ({"q": "32"}, ["32", "32.04"]),
        ({"q": "%"}, []),
        ({"q": "a_a"}, []),
        ({"parent": "93"}, ["93.01"]),
        ({"parent": ""}, ["32", "93"]),
        ({"limit": 1, "offset": 1}, ["93"]),
    ],
)
def test_a_list_is_searched_and_paged(asked, codes):
    found = call_action("satudata_reference_show", list=KEMENDAGRI, **asked)
    assert [entry["code"] for entry in found["entries"]] == codes


def test_shipped_lists_answer_the_same_questions():
    found = call_action("satudata_reference_show", list="satuan", q="hektare")
    assert "hektare" in [entry["code"] for entry in found["entries"]]
    assert found["count"] == len(found["entries"])
    assert call_action("satudata_reference_lookup", list="frekuensi", codes=["tahunan", "x"])["names"] == {
        "tahunan": "Tahunan"
    }


@pytest.mark.parametrize("asked", [{"list": "tidak_ada"}, {"list": "satuan", "edition": "1900"}])
def test_an_unknown_list_or_edition_is_not_found(asked):
    with pytest.raises(tk.ObjectNotFound):
        call_action("satudata_reference_show", **asked)


@pytest.mark.parametrize("asked", [{}, {"list": "satuan", "limit": "banyak"}, {"list": "satuan", "offset": -1}])
def test_a_question_that_makes_no_sense_is_refused(asked):
    with pytest.raises(tk.ValidationError):
        call_action("satudata_reference_show", **asked)


def test_the_same_list_again_changes_nothing_and_another_replaces_it(tmp_path):
    assert save(tmp_path, OLD, "72/2019") == "created"
    assert save(tmp_path, OLD, "72/2019") == "unchanged"
    assert save(tmp_path, OLD.replace("Merauke", "Merauke Raya"), "72/2019") == "replaced"
    rows = model.Session.execute(sa.text("select count(*) from satudata_reference_entry")).scalar()
    assert rows == 4
    assert len(store.editions(KEMENDAGRI)) == 1


@pytest.mark.usefixtures("two_editions")
def test_the_checks_get_each_list_as_a_file_that_never_changes(tmp_path):
    before = call_action("satudata_reference_files")
    content = json.loads(Path(before[KEMENDAGRI]).read_text(encoding="utf-8"))
    assert (content["key"], content["edition"]) == (KEMENDAGRI, "2430/2025")
    assert ["32.04", "Kabupaten Bandung", "32"] in content["entries"]
    assert ["93.01", "Kabupaten Merauke", "93", ["Merauke", "Kab. Merauke"]] in content["entries"]
    assert "satuan" in before
    save(tmp_path, NEW.replace("Papua Selatan", "Papua Selatan Baru"), "2430/2025", date(2025, 6, 23))
    after = call_action("satudata_reference_files")
    assert after[KEMENDAGRI] != before[KEMENDAGRI]
    assert json.loads(Path(before[KEMENDAGRI]).read_text(encoding="utf-8")) == content
    assert after["satuan"] == before["satuan"]


def test_paths_of_the_server_are_not_told_to_users():
    user = factories.User()
    with pytest.raises(tk.NotAuthorized):
        call_action("satudata_reference_files", {"user": user["name"], "ignore_auth": False})


def test_visitors_may_read_lists():
    assert call_action("satudata_reference_list", {"user": "", "ignore_auth": False})


def command(*words: str):
    from ckanext.satudata.cli import satudata

    return CliRunner().invoke(satudata, ["reference", *words], catch_exceptions=False)


def test_the_command_loads_a_list_and_shows_it(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(OLD, encoding="utf-8")
    dry = command("import", str(path), "--edition", "72/2019", "--dry-run")
    assert "Dry run: nothing was stored" in dry.output
    assert store.editions() == []
    done = command("import", str(path), "--edition", "72/2019", "--valid-from", "2019-10-08")
    assert done.exit_code == 0, done.output
    assert "created (4 codes" in done.output
    assert "Source: w.csv" in done.output
    assert "* wilayah_kemendagri  72/2019  since 2019-10-08" in command("list").output


def test_the_command_stores_nothing_of_a_broken_list(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("code,name\n32.04,Bandung\n", encoding="utf-8")
    broken = command("import", str(path), "--edition", "1")
    assert broken.exit_code == 1
    assert "whose parent is not in the list" in broken.output
    assert store.editions() == []
