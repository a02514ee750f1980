"""This portal harvests a second real CKAN with ckanext-harvest: what comes is reviewed before anybody reads it."""

from __future__ import annotations

import functools
import http.server
import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from dev.kit.paths import ckan_version
from dev.kit.tests import slot
from tests.long import harvester, pressure
from tests.long.harvester import DONE, Harvester
from tests.long.rig import CLOCK, MAIL, PROGRAMS, WEB, WORKER, Rig, until
from tests.long.test_harvested import Served, Story
from tests.slices.publication.copying import COLUMNS, NEW, OLD

SOURCE = "sumber"
ACCOUNT = "orang-pemanen"
TABLES = ("object_error", "object_extra", "object", "gather_error", "log", "job", "source", "alembic_version")


@dataclass
class Website:
    """Where the source's files lie."""

    folder: Path
    address: str

    def gives(self, content: str) -> str:
        (self.folder / "tabel.csv").write_text(content)
        return f"{self.address}/tabel.csv"


@pytest.fixture
def website(tmp_path: Path) -> Iterator[Website]:
    folder = tmp_path / "website"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the standard library
            """The tests' output is for the tests."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Website(folder, f"http://127.0.0.1:{server.server_address[1]}")
    server.shutdown()
    server.server_close()


@pytest.fixture
def rig(clean_portal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:  # noqa: ARG001
    pressure.use_rules(monkeypatch)
    monkeypatch.setenv("PYTHONPATH", str(harvester.beside(ckan_version())))
    plugins = tk.config["ckan.plugins"]
    named = plugins if isinstance(plugins, str) else " ".join(plugins)
    own = {
        "ckan.plugins": f"{named} {harvester.PLUGINS}",
        "ckanext.harvest.user_name": ACCOUNT,
        "ckanext.satudata.arrivals": ACCOUNT,
        "ckanext.satudata.links.allow": "127.0.0.0/8",
    }
    with Rig(tmp_path, settings={**pressure.SETTINGS, **own}) as made:
        _without_harvest()
        made.command("db", "upgrade", "-p", "harvest")
        for name in ("gather", "fetch"):
            ckan = [str(PROGRAMS / "ckan"), f"--config={made.ini}", "harvester", f"{name}-consumer"]
            made.servers[name] = ckan
        yield made
    _without_harvest()


def _without_harvest() -> None:
    """The tests' own database has no tables of ckanext-harvest."""
    model.Session.remove()
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("; ".join(f"drop table if exists harvest_{name} cascade" for name in TABLES)))
        connection.execute(sa.text("drop type if exists log_level"))


@pytest.fixture
def source(rig: Rig) -> Harvester:
    """A CKAN without this extension that has datasets to harvest."""
    found = Harvester(rig, harvester.portal(ckan_version(), f"harvester_{slot()}"))
    found.serve()
    return found


@pytest.fixture
def story(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setitem(tk.config, "ckan.site_url", rig.address)
    served = Served(rig)
    served.person("pemanen")
    served.join("pemanen", served.dinkes, "editor")
    rig.start(MAIL, WEB, WORKER, CLOCK, "gather", "fetch")
    return Story(served)


@dataclass
class Harvest:
    """A harvest of this portal, as its operator starts and closes one."""

    story: Story
    source_id: str

    def run(self) -> tuple[dict[str, int], list[str]]:
        """What came of it: how many were added, updated …; the errors of datasets."""
        job = str(self._done("harvest_job_create", source_id=self.source_id, run=True)["id"])
        until(lambda: self._is_done(job), "all is gathered and fetched")
        self._done("harvest_jobs_run")
        shown = self._done("harvest_job_show", id=job)
        report = self._done("harvest_job_report", id=job)
        assert shown["status"] == "Finished", shown
        assert not report["gather_errors"], report
        told = [str(error) for one in report["object_errors"].values() for error in one["errors"]]
        return shown["stats"], told

    def _is_done(self, job: str) -> bool:
        with model.ensure_engine().connect() as connection:
            return connection.execute(sa.text(DONE.format(job))).scalar() == 1

    def _done(self, action: str, **data: Any) -> Any:
        status, answer = self.story.portal.call("sysadmin", action, **data)
        assert status == 200, (action, answer)
        return answer


def told(story: Story, dataset_id: str) -> tuple[Any, ...]:
    """What a visitor reads of a dataset."""
    status, shown = story.portal.call(None, "package_show", id=dataset_id)
    assert status == 200, shown
    rows = [story.portal.call(None, "datastore_search", resource_id=one["id"])[1] for one in shown["resources"]]
    tables = [[row["Jumlah"] for row in found.get("records", ())] for found in rows]  # 404 until it is loaded
    return shown["title"], [(one["id"], one["name"], one["url"]) for one in shown["resources"]], tables


def held(story: Story, dataset_id: str) -> dict[str, Any]:
    """The dataset when its files are fetched."""

    def files() -> list[dict[str, Any]]:
        return story.portal.show(dataset_id)["resources"]

    until(lambda: all(one["url_type"] == "upload" for one in files()), "the files are fetched")
    return story.portal.show(dataset_id)


def content(story: Story, dataset_id: str) -> str:
    """The first file of a dataset, as its editor downloads it."""
    [resource] = story.portal.show(dataset_id)["resources"]
    token = story.portal.tokens["editor"]
    with urllib.request.urlopen(urllib.request.Request(resource["url"], headers={"Authorization": token})) as answer:
        return answer.read().decode()


def copy_of(story: Story, dataset_id: str) -> dict[str, Any] | None:
    return story.portal.call("sysadmin", "satudata_copy_show", id=dataset_id)[1]["open"]


def test_what_is_harvested_is_reviewed_before_it_is_read(source: Harvester, story: Story, website: Website) -> None:
    portal = story.portal
    file = {"name": "Tabel", "format": "CSV", "url": website.gives(OLD), "last_modified": "2026-01-01T00:00:00"}
    there = source.call(
        "package_create", name="rumah", title="Rumah satu", notes="Catatan.", owner_org="pusat", resources=[file],
        tags=[{"name": "rumah"}], extras=[{"key": "wilayah", "value": "Kota"}],
    )  # fmt: skip
    values = {"name": SOURCE, "title": "Sumber", "url": source.address, "source_type": "ckan", "frequency": "MANUAL"}
    status, made = portal.call("sysadmin", "harvest_source_create", **values, owner_org=portal.dinkes["id"])
    assert status == 200, made
    harvest = Harvest(story, made["id"])

    # a new one is a draft
    stats, errors = harvest.run()
    assert (stats["added"], errors) == (1, [])
    assert portal.call(None, "package_show", id=there["id"])[0] == 403
    assert "rumah" not in portal.call(None, "package_list")[1]
    case = portal.call("editor", "satudata_case_show", id=there["id"])[1]
    assert case["state"] == "draft"
    draft = held(story, there["id"])
    assert (draft["private"], draft["owner_org"]) == (True, portal.dinkes["id"])

    # people add what the source does not know, and publish it
    [resource] = draft["resources"]
    given = {"id": resource["id"], "kamus_data": json.dumps(COLUMNS)}
    assert portal.call("editor", "resource_patch", **given)[0] == 200
    story.check(resource["id"])
    story.publish(there["id"])
    until(lambda: told(story, there["id"])[2] == [[1474, 686]], "the table is loaded")
    first = told(story, there["id"])

    # nothing new at the source: no copy
    harvest.run()
    assert copy_of(story, there["id"]) is None

    # a change at the source, and newer bytes at the same address
    website.gives(NEW)
    changed = {**there["resources"][0], "last_modified": "2036-01-01T00:00:00"}
    source.call("package_patch", id=there["id"], title="Rumah dua", resources=[changed])
    stats, errors = harvest.run()
    assert (stats["updated"], errors) == (1, [])
    assert told(story, there["id"]) == first
    found = copy_of(story, there["id"])
    assert found is not None
    until(lambda: content(story, found["id"]) == NEW, "the newer file is fetched")
    copy = held(story, found["id"])
    assert (copy["title"], copy["extras"]) == ("Rumah dua", there["extras"])
    assert copy["resources"][0]["kamus_data"] == portal.show(there["id"])["resources"][0]["kamus_data"]

    # it is in review: the next change is told as an error of the harvest
    story.check(copy["resources"][0]["id"])
    story.review(copy["id"])
    source.call("package_patch", id=there["id"], title="Rumah tiga")
    stats, errors = harvest.run()
    assert (stats["updated"], stats["errored"]) == (0, 1)
    assert copy["name"] in errors[0]
    assert told(story, there["id"]) == first

    # approved, it is what everybody reads; the next change is the next copy
    story.done("reviewer", copy["id"], "publish")
    second = told(story, there["id"])
    assert (second[0], second[2]) == ("Rumah dua", [[1500, 700, 12]])
    assert second[1][0][0] == first[1][0][0]
    source.call("package_patch", id=there["id"], title="Rumah empat")
    harvest.run()
    assert told(story, there["id"]) == second
    again = copy_of(story, there["id"])
    assert again is not None
    assert portal.show(again["id"])["title"] == "Rumah empat"

    # an operator who clears the source takes nothing from the public
    status, errors = portal.call("sysadmin", "harvest_source_clear", id=made["id"])
    assert (status, "Tidak ada yang diubah" in str(errors)) == (409, True), errors
    assert told(story, there["id"]) == second
    assert portal.call(None, "package_search", fq=f"id:{there['id']}")[1]["count"] == 1
