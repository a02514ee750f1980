"""A second real CKAN harvests the portal all along and never holds a version that was not public."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from werkzeug.datastructures import FileStorage

from dev.kit.paths import ROOT, ckan_version
from dev.kit.tests import slot
from tests.long import harvester, pressure
from tests.long.harvester import Harvester
from tests.long.rig import EVERYTHING, Answer, Rig, until
from tests.slices.publication.conftest import Portal
from tests.slices.publication.copying import NEW, OLD, Changing

EXAMPLE = ROOT / "examples" / "apply_withdrawals.py"
FIRST, SECOND, OTHER, SECRET = "kenari-satu", "kenari-dua", "kenari-lain", "kenari-tutup"


class Served(Portal):
    """The people of the tests before a portal that answers over HTTP."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        super().__init__(None)  # type: ignore[arg-type]  # nothing here asks the application in this process

    def call(self, who: str | None, action: str, **data: Any) -> tuple[int, Any]:
        token = self.tokens[who] if who else ""
        file = data.get("upload")
        if isinstance(file, FileStorage):
            rest = {key: str(value) for key, value in data.items() if key != "upload"}
            answer: Answer = self.rig.upload(token, action, rest, file.filename or "", file.read())
        else:
            answer = self.rig.call(token, action, data)
        return answer.status, answer.result if answer.status == 200 else answer.body


class Story(Changing):
    """What is changed and decided, each check made by the portal's own worker."""

    def check(self, resource_id: str) -> None:
        dataset = self.portal.call("sysadmin", "resource_show", id=resource_id)[1]["package_id"]
        until(lambda: self._checked(dataset), "the file is checked")

    def _checked(self, dataset_id: str) -> bool:
        return self.portal.call("sysadmin", "satudata_qa_summary", id=dataset_id)[1]["state"] == "done"


def bytes_of(url: str) -> str:
    """The hash of what lies at an address."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return hashlib.sha256(answer.read()).hexdigest()


def told(dataset: dict[str, Any]) -> str:
    """What both portals must say of a dataset, word for word."""
    files = [[one[key] for key in ("id", "name", "url", "format")] for one in dataset["resources"]]
    words = {key: dataset[key] for key in ("id", "name", "title", "notes")}
    return json.dumps({**words, "tags": sorted(tag["name"] for tag in dataset["tags"]), "files": files}, sort_keys=True)


@dataclass
class Watch:
    """Remembers every version that was public, and compares with what the second portal holds."""

    rig: Rig
    second: Harvester
    public: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def published(self, dataset_id: str) -> str:
        """Remember what everybody reads now."""
        shown = self.rig.call("", "package_show", {"id": dataset_id}).result
        until(lambda: self._found(dataset_id) == told(shown), "the index follows")
        self.public.setdefault(dataset_id, []).append(told(shown))
        return told(shown)

    def _found(self, dataset_id: str) -> str:
        found = self.rig.call("", "package_search", {"fq": f"id:{dataset_id}"}).result["results"]
        return told(found[0]) if found else ""

    def holds(self, *versions: str, without: tuple[str, ...]) -> None:
        """The second portal has exactly these versions, and none of these words anywhere in its database."""
        held = self.second.datasets()
        assert sorted(told(one) for one in held.values()) == sorted(versions)
        assert all(told(one) in self.public[key] for key, one in held.items())
        words = self.second.words()
        assert [word for word in without if word in words] == []


@pytest.fixture
def rig(clean_portal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:  # noqa: ARG001
    pressure.use_rules(monkeypatch)
    with Rig(tmp_path, settings=pressure.SETTINGS) as made:
        yield made
    model.Session.remove()


@pytest.fixture
def second(rig: Rig) -> Harvester:
    """A CKAN without this extension, which has harvested nothing yet."""
    found = Harvester(rig, harvester.portal(ckan_version(), f"harvester_{slot()}"))
    found.start()
    return found


@pytest.fixture
def story(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setitem(tk.config, "ckan.site_url", rig.address)
    served = Served(rig)
    rig.start(*EVERYTHING)
    return Story(served)


def a_draft(story: Story, word: str) -> dict[str, Any]:
    """A dataset with a table, in whose every word that is harvested ``word`` stands."""
    given = {"title": f"Rumah {word}", "notes": f"Catatan {word}", "tags": [{"name": word}]}
    status, made = story.portal.call(
        "editor", "package_create", name=f"rumah-{word}", owner_org=story.portal.dinkes["id"], **given
    )
    assert status == 200, made
    story.table(made["id"], OLD, name=f"Tabel {word}")
    return made


def a_copy(story: Story, dataset_id: str, word: str) -> dict[str, Any]:
    """A working copy with other words and another file."""
    status, made = story.portal.call("editor", "satudata_copy_create", id=dataset_id)
    assert status == 200, made
    given = {"title": f"Rumah {word}", "notes": f"Catatan {word}", "tags": [{"name": word}]}
    status, changed = story.portal.call("editor", "package_patch", id=made["id"], **given)
    assert status == 200, changed
    story.replace(changed["resources"][0], NEW)
    return story.portal.show(made["id"])


def applied(rig: Rig, second: Harvester, *options: str) -> str:
    """The example of a harvesting portal, as its operator runs it; what it printed."""
    command = [sys.executable, str(EXAMPLE), rig.address, second.address, "--apply", *options]
    env = {**os.environ, "CKAN_TOKEN": second.token}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_harvesting_portal_never_holds_what_was_not_public(rig: Rig, second: Harvester, story: Story) -> None:
    assert second.call("status_show")["extensions"] == harvester.PLUGINS.split()
    watch = Watch(rig, second)

    # one is public, the other a draft
    live, draft = a_draft(story, FIRST), a_draft(story, OTHER)
    story.publish(live["id"])
    first = watch.published(live["id"])
    assert second.harvest()["added"] == 1
    watch.holds(first, without=(SECOND, OTHER))
    [address] = [one["url"] for one in second.datasets()[live["id"]]["resources"]]
    assert bytes_of(address) == hashlib.sha256(OLD.encode()).hexdigest()

    # its next version is made, then in review
    copy = a_copy(story, live["id"], SECOND)
    second.harvest()
    watch.holds(first, without=(SECOND, OTHER, copy["id"], copy["name"]))
    story.review(copy["id"])
    second.harvest()
    watch.holds(first, without=(SECOND, OTHER, copy["id"], copy["name"]))
    assert bytes_of(address) == hashlib.sha256(OLD.encode()).hexdigest()

    # it is approved while a harvest runs
    job = second.begin()
    story.done("reviewer", copy["id"], "publish")
    next_version = watch.published(live["id"])
    second.finish(job)
    [held] = second.datasets().values()
    assert told(held) in (first, next_version)
    second.harvest()
    watch.holds(next_version, without=(OTHER, copy["id"], copy["name"]))
    assert json.loads(next_version)["name"] == json.loads(first)["name"]
    [newer] = [one["url"] for one in second.datasets()[live["id"]]["resources"]]
    assert newer.split("/download/")[0] == address.split("/download/")[0]
    assert {bytes_of(newer), bytes_of(address)} == {hashlib.sha256(NEW.encode()).hexdigest()}

    # the draft is published, with a second file
    extra = story.table(draft["id"], NEW, name="Tabel kedua")
    story.publish(draft["id"])
    other = watch.published(draft["id"])
    second.harvest()
    watch.holds(next_version, other, without=(SECRET,))

    # the first one is withdrawn: a harvester does not delete, the program that reads the list does
    story.done("reviewer", live["id"], "unpublish", reason_code="usang", note="Sudah tidak dipakai.")
    second.harvest()
    watch.holds(next_version, other, without=(SECRET,))
    assert live["id"] in applied(rig, second)
    watch.holds(other, without=(SECRET,))
    second.harvest()
    watch.holds(other, without=(SECRET,))

    # one file of the other one is taken down
    part = {"resource_id": extra["id"], "reason_code": "data_pribadi", "note": SECRET}
    assert story.portal.call("sysadmin", "satudata_takedown_part", id=draft["id"], **part)[0] == 200
    assert extra["id"] in applied(rig, second)
    rest = watch.published(draft["id"])
    watch.holds(rest, without=(SECRET,))
    second.harvest()
    watch.holds(rest, without=(SECRET,))

    # then the whole of it, with a working copy that nobody approved
    a_copy(story, draft["id"], SECRET)
    story.done("reviewer", draft["id"], "takedown", reason_code="data_pribadi", note=SECRET)
    second.harvest()
    watch.holds(rest, without=(SECRET,))
    assert draft["id"] in applied(rig, second, "--purge")
    second.harvest()
    watch.holds(without=(SECRET,))
    # what ckanext-harvest read it keeps in its own journal until its own command clears that
    second.clear_journal()
    watch.holds(without=(SECRET, f"Rumah {OTHER}", f"Catatan {OTHER}", f"Tabel {OTHER}"))
