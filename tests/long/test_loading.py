"""ckanext-xloader beside this extension: it writes what it likes into the DataStore, and never into what is public."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from dev.kit import environments
from dev.kit.paths import DEV, ckan_version
from dev.kit.steps import lock, run, step
from tests.long import pressure
from tests.long.rig import CLOCK, MAIL, PROGRAMS, WEB, WORKER, Rig, token_of, until
from tests.long.test_harvested import Served, Story, bytes_of
from tests.slices.publication.copying import NEW, OLD

XLOADER = "ckanext-xloader==2.2.0"
ENDED = ("complete", "error")


def beside(version: str) -> Path:
    """A folder that brings ckanext-xloader into another environment, by ``PYTHONPATH``; made the first time."""
    home, constraints = DEV / f"xloader-{version}", environments.requirements(version)
    wanted = hashlib.sha256(XLOADER.encode() + constraints.read_bytes()).hexdigest()
    marker = home / ".requirements"
    with lock(f"xloader-{version}"):
        if not marker.exists() or marker.read_text() != wanted:
            with step(f"ckanext-xloader for CKAN {version}"):
                pip = [PROGRAMS / "python", "-m", "pip", "--quiet", "install", "--upgrade", "--target", home]
                run([*pip, XLOADER, "--constraint", constraints])
            # a namespace of several folders, which Python learns of from files in its own folder only
            added = f"import ckanext\nckanext.__path__.append({str(home / 'ckanext')!r})\n"
            (home / "sitecustomize.py").write_text(added)
            marker.write_text(wanted)
    return home


@pytest.fixture
def story(clean_portal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:  # noqa: ARG001
    pressure.use_rules(monkeypatch)
    monkeypatch.setenv("PYTHONPATH", str(beside(ckan_version())))
    plugins = tk.config["ckan.plugins"]
    named = plugins if isinstance(plugins, str) else " ".join(plugins)
    site = tk.get_action("get_site_user")({"ignore_auth": True, "defer_commit": True}, {})["name"]
    model.Session.commit()
    own = {"ckan.plugins": f"{named} xloader", "ckanext.xloader.api_token": token_of(site)}
    with Rig(tmp_path, settings={**pressure.SETTINGS, **own}) as rig:
        monkeypatch.setitem(tk.config, "ckan.site_url", rig.address)
        served = Served(rig)
        rig.start(MAIL, WEB, WORKER, CLOCK)
        yield Story(served)
    model.Session.remove()


def _published(story: Story) -> dict[str, Any]:
    """A dataset whose one table is public and in the DataStore."""
    made = story.portal.dataset()
    story.table(made["id"], OLD)
    story.publish(made["id"])
    [resource] = story.portal.show(made["id"])["resources"]
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
    [file] = shown["resources"]
    table = story.portal.call(None, "datastore_search", resource_id=file["id"])
    return shown, bytes_of(file["url"]), table


def _tried(resource_id: str, times: int) -> bool:
    """Whether xloader has ended so many loadings of a file."""
    query = "select count(*) from task_status where entity_id = :id and task_type = 'xloader' and state = any(:ended)"
    with model.ensure_engine().connect() as connection:
        found = connection.execute(sa.text(query), {"id": resource_id, "ended": list(ENDED)}).scalar() or 0
    return found >= times


def test_what_is_public_is_not_loaded_again(story: Story) -> None:
    resource = _published(story)
    before = _seen(story)
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("delete from task_status"))
    status, answer = story.portal.call("sysadmin", "xloader_submit", resource_id=resource["id"], ignore_hash=True)
    if status == 200 and answer:
        until(lambda: _tried(resource["id"], 1), "xloader has tried")
    assert _seen(story) == before
    story.portal.rig.command("xloader", "submit", "--yes", story.live["name"])
    story.portal.rig.command("satudata", "tick")
    assert _seen(story) == before


def test_a_draft_that_was_loaded_is_published_with_the_judged_rows(story: Story) -> None:
    made = story.portal.dataset()
    resource = story.table(made["id"], NEW)
    story.portal.call("sysadmin", "xloader_submit", resource_id=resource["id"], ignore_hash=True)
    story.publish(made["id"])
    until(lambda: _rows(story, resource["id"]) == [1500, 700, 12], "the judged table is loaded")
    assert _rows(story, resource["id"]) == [1500, 700, 12]
