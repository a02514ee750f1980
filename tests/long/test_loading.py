"""ckanext-xloader beside this extension: it writes what it likes into the DataStore, and never into what is public."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from dev.kit import environments
from dev.kit.paths import DEV, ROOT, ckan_version
from dev.kit.steps import lock, run, step
from tests.long import pressure
from tests.long.beside import found_by_python
from tests.long.rig import CLOCK, MAIL, PROGRAMS, WEB, WORKER, Rig, token_of, until
from tests.long.test_harvested import Served, Story, bytes_of
from tests.slices.publication.copying import NEW, OLD

REQUIREMENTS = ROOT / "dev" / "requirements-xloader.txt"


def beside(version: str) -> Path:
    """A folder that brings ckanext-xloader into another environment, by ``PYTHONPATH``; made the first time."""
    home, constraints = DEV / f"xloader-{version}", environments.requirements(version)
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + constraints.read_bytes()).hexdigest()
    marker = home / ".requirements"
    with lock(f"xloader-{version}"):
        if not marker.exists() or marker.read_text() != wanted:
            with step(f"ckanext-xloader for CKAN {version}"):
                pip = [PROGRAMS / "python", "-m", "pip", "--quiet", "install", "--upgrade", "--target", home]
                run([*pip, "--requirement", REQUIREMENTS, "--constraint", constraints])
            found_by_python(home)
            marker.write_text(wanted)
    return home


@pytest.fixture
def rig(clean_portal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:  # noqa: ARG001
    pressure.use_rules(monkeypatch)
    monkeypatch.setenv("PYTHONPATH", str(beside(ckan_version())))
    plugins = tk.config["ckan.plugins"]
    named = plugins if isinstance(plugins, str) else " ".join(plugins)
    site = tk.get_action("get_site_user")({"ignore_auth": True, "defer_commit": True}, {})["name"]
    model.Session.commit()
    token = token_of(site)
    monkeypatch.setitem(tk.config, "ckanext.xloader.api_token", token)
    own = {"ckan.plugins": f"{named} xloader", "ckanext.xloader.api_token": token}
    with Rig(tmp_path, settings={**pressure.SETTINGS, **own}) as made:
        monkeypatch.setitem(tk.config, "ckan.site_url", made.address)
        yield made
    model.Session.remove()


@pytest.fixture
def story(rig: Rig) -> Story:
    served = Served(rig)
    rig.start(MAIL, WEB, WORKER, CLOCK)
    return Story(served)


def _published(story: Story) -> dict[str, Any]:
    """A dataset whose one table is public and in the DataStore."""
    made = story.portal.dataset()
    resource = story.table(made["id"], OLD)
    story.publish(made["id"])
    until(lambda: _rows(story, resource["id"]) == [1474, 686], "the table is loaded")
    story.live = story.portal.show(made["id"])
    return resource


def _rows(story: Story, resource_id: str) -> list[int] | None:
    status, answer = story.portal.call(None, "datastore_search", resource_id=resource_id)
    return [row["Jumlah"] for row in answer["records"]] if status == 200 else None


def _seen(story: Story) -> tuple[Any, ...]:
    """What a visitor reads: metadata, bytes, rows, columns."""
    status, shown = story.portal.call(None, "package_show", id=story.live["id"])
    assert status == 200, shown
    files = shown["resources"]
    tables = [story.portal.call(None, "datastore_search", resource_id=file["id"]) for file in files]
    return shown, [bytes_of(file["url"]) for file in files if file["url_type"] == "upload"], tables


def _job(story: Story, address: str, resource_id: str) -> dict[str, Any]:
    """What xloader queues for its worker when nobody refuses it."""
    about = {"ignore_hash": True, "ckan_url": address, "resource_id": resource_id, "set_url_type": False}
    there = story.portal.call(None, "resource_show", id=resource_id)[1]
    return {
        "api_key": tk.config["ckanext.xloader.api_token"],
        "job_type": "xloader_to_datastore",
        "result_url": f"{address}/api/3/action/xloader_hook",
        "metadata": {**about, "task_created": "2026-01-01 00:00:00", "original_url": there["url"]},
    }


def test_a_submission_of_what_is_public_is_refused_with_a_sentence(story: Story) -> None:
    resource = _published(story)
    status, answer = story.portal.call("sysadmin", "xloader_submit", resource_id=resource["id"], ignore_hash=True)
    assert status == 409
    assert "sudah diperiksa" in str(answer["error"]["dataset"])


def test_the_job_itself_changes_nothing_that_is_public(rig: Rig, story: Story) -> None:
    resource = _published(story)
    before = _seen(story)
    job: Any = "ckanext.xloader.jobs.xloader_data_into_datastore"  # by its name: this process has no xloader
    tk.enqueue_job(job, [_job(story, rig.address, resource["id"])])
    until(lambda: "xloader error" in rig.log(WORKER), "xloader has tried, and failed")
    assert _seen(story) == before


def test_a_draft_that_was_loaded_is_published_with_the_judged_rows(story: Story) -> None:
    made = story.portal.dataset()
    resource = story.table(made["id"], NEW)
    story.portal.call("sysadmin", "xloader_submit", resource_id=resource["id"], ignore_hash=True)
    story.publish(made["id"])
    until(lambda: _rows(story, resource["id"]) == [1500, 700, 12], "the judged table is loaded")
    assert _rows(story, resource["id"]) == [1500, 700, 12]
