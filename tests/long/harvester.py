"""A second real CKAN, without this extension, that harvests a portal with ckanext-harvest's CKAN harvester.

It has an environment, a database, an index and a configuration file of its own, a web server and the two processes
that an operator of ckanext-harvest runs: those that gather and fetch. A harvest is started as there, by the API.
"""

from __future__ import annotations

import hashlib
import json
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.kit import environments, portals
from dev.kit.paths import DEV, ROOT
from dev.kit.servers import postgresql_programs, test_servers
from dev.kit.steps import lock, run, step
from tests.long.beside import found_by_python
from tests.long.rig import Rig, free_port, until

REQUIREMENTS = ROOT / "dev" / "requirements-harvester.txt"
PLUGINS = "harvest ckan_harvester"
WEB, GATHER, FETCH = "harvester", "harvester-gather", "harvester-fetch"
SOURCE = "satu-data"
DONE = """
select count(*) from harvest_job j where id = '{}' and gather_finished is not null and not exists
 (select 1 from harvest_object o where o.harvest_job_id = j.id and o.state not in ('COMPLETE', 'ERROR'))
"""
USER = "pemanen"


def environment(version: str) -> Path:
    """The folder of its Python environment; made the first time."""
    home = DEV / f"harvester-{version}"
    constraints = environments.requirements(version)
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + constraints.read_bytes()).hexdigest()
    marker = home / ".requirements"
    with lock(f"harvester-{version}"):
        if not marker.exists() or marker.read_text() != wanted:
            with step(f"Python environment of a harvesting CKAN {version} (some minutes the first time)"):
                run([sys.executable, "-m", "venv", "--clear", home])
                install = [home / "bin" / "python", "-m", "pip", "--quiet", "install"]
                run([*install, "--requirement", REQUIREMENTS, "--constraint", constraints])
            marker.write_text(wanted)
    return home


def beside(version: str) -> Path:
    """A folder that brings ckanext-harvest into another environment of the same CKAN, by ``PYTHONPATH``."""
    there = next((environment(version) / "lib").glob("python3*/site-packages"))
    home = DEV / f"harvesting-{version}"
    (home / "ckanext").mkdir(parents=True, exist_ok=True)
    for found in (there / "ckanext" / "harvest", there / "ckantoolkit", *there.glob("ckanext_harvest-*.dist-info")):
        link = home / found.relative_to(there)
        if not link.is_symlink():
            link.symlink_to(found)
    return found_by_python(home)


class PlainPortal(portals.Portal):
    """The databases and the configuration file of a CKAN in that environment."""

    @property
    def programs(self) -> Path:
        """Where its ``ckan`` is."""
        return environment(self.version) / "bin"

    def ckan(self, *arguments: str, stdin: str | None = None) -> str:
        """Run its ``ckan``."""
        return run([self.programs / "ckan", f"--config={self.ini}", *arguments], cwd=self.folder, stdin=stdin)

    def migrate(self) -> None:
        """The tables of CKAN and of ckanext-harvest."""
        self.ckan("db", "upgrade")


def portal(version: str, name: str) -> PlainPortal:
    """Its empty databases and its empty index."""
    servers = test_servers()
    servers.start()
    of_slot = portals.slot(servers, version, name)
    made = PlainPortal(servers, version, of_slot.name, of_slot.redis, of_slot.folder, of_slot.base_ini)
    environment(version)
    with step(f"a harvesting CKAN {made.name}"):
        made.drop()
    return made


@dataclass
class Harvester:
    """The second CKAN, kept up by the rig of the first one."""

    rig: Rig
    portal: PlainPortal
    token: str = ""

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.rig.ports[WEB]}"

    def start(self) -> None:
        """Make it, start it, and tell it where to harvest."""
        self.serve()
        self.rig.start(GATHER, FETCH)
        source = {"name": SOURCE, "title": "Satu Data", "url": self.rig.address, "source_type": "ckan"}
        self.call("harvest_source_create", **source, owner_org="pusat", frequency="MANUAL")

    def serve(self) -> None:
        """Make it, and start its web server."""
        self.rig.ports[WEB] = free_port()
        own = {"ckan.site_url": self.address, "ckan.plugins": PLUGINS, "testing": "false"}
        self.portal.write_ini({**own, "ckan.locale_default": "en"})
        self.portal.create()
        self.portal.ckan("sysadmin", "add", USER, f"email={USER}@contoh.go.id", "password=harvest-12345", stdin="y\n")
        self.token = self.portal.ckan("user", "token", "add", USER, "uji", "-q").split()[-1]
        self.rig.servers.update(self._commands())
        self.rig.start(WEB)
        until(lambda: self.call("status_show")["extensions"], "the second CKAN answers")
        self.call("organization_create", name="pusat", title="Pusat")

    def _commands(self) -> dict[str, list[str]]:
        env = ["env", f"CKAN_INI={self.portal.ini}"]
        gunicorn = [str(self.portal.programs / "gunicorn"), "--chdir", str(ROOT / "dev" / "inside")]
        listen = ["--bind", f"127.0.0.1:{self.rig.ports[WEB]}", "--timeout", "120", "--no-control-socket"]
        ckan = [str(self.portal.programs / "ckan"), f"--config={self.portal.ini}", "harvester"]
        return {
            WEB: [*env, *gunicorn, *listen, "--worker-class", "gthread", "--threads", "2", "wsgi:application"],
            GATHER: [*env, *ckan, "gather-consumer"],
            FETCH: [*env, *ckan, "fetch-consumer"],
        }

    def call(self, action: str, **data: Any) -> Any:
        """An action as its sysadmin; refused is a failed test."""
        headers = {"Content-Type": "application/json", "Authorization": self.token}
        request = urllib.request.Request(f"{self.address}/api/3/action/{action}", json.dumps(data).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as refused:
            raise AssertionError((action, refused.code, refused.read(2000))) from refused

    # Harvesting

    def begin(self) -> str:
        """Put a harvest on the queue; its id."""
        source = self.call("harvest_source_show", id=SOURCE)["id"]
        return str(self.call("harvest_job_create", source_id=source, run=True)["id"])

    def finish(self, job: str) -> dict[str, int]:
        """Wait for the end of a harvest, which must have had no error; how many were added, updated …"""
        # Not by asking ``harvest_jobs_run`` again and again: it puts what is being fetched on the queue once more.
        sql = self.portal.servers.sql
        until(lambda: sql(DONE.format(job), self.portal.name) == "1", "all is gathered and fetched")
        self.call("harvest_jobs_run")  # what the operator's cron does: it closes what is done
        shown = self.call("harvest_job_show", id=job)
        report = self.call("harvest_job_report", id=job)
        assert shown["status"] == "Finished", shown
        assert not report["gather_errors"], report
        assert not report["object_errors"], report
        return shown["stats"]

    def harvest(self) -> dict[str, int]:
        """A whole harvest."""
        return self.finish(self.begin())

    def clear_journal(self) -> None:
        """Remove what ckanext-harvest keeps of each harvest; its command takes the id only, whatever its help says."""
        self.portal.ckan("harvester", "source", "clear-history", self.call("harvest_source_show", id=SOURCE)["id"])

    # What it holds

    def datasets(self) -> dict[str, dict[str, Any]]:
        """Every dataset it has and did not delete, by id, private ones and drafts too."""
        found = self.call("package_search", rows=1000, include_private=True, include_drafts=True)["results"]
        return {one["id"]: one for one in found if one["type"] == "dataset"}

    def words(self) -> str:
        """Everything in its database, its journals too."""
        state = self.portal.servers.state
        dump = [postgresql_programs() / "pg_dump", "--host=127.0.0.1", f"--port={state['postgresql']}"]
        role = ["--username=postgres", "--data-only", self.portal.name]
        return run([*dump, *role], env={"PGPASSWORD": state["password"]})
