"""The processes that make a portal: web server, job worker, clock, and a mail peer that keeps what it gets."""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from dev.kit import environments, groups
from dev.kit.paths import ROOT, write_whole
from dev.kit.portals import Portal
from dev.kit.servers import free_port, port_is_free
from dev.kit.steps import StepError, step

GROUP = "portal"
# (name, variable that sets it for the demo, first port tried)
PORTS = (("web", "SATUDATA_PORT", 5000), ("smtp", "SATUDATA_SMTP_PORT", 8025))


@dataclass
class Site:
    """A portal that answers on a loopback port; ``home`` holds its logs and its mail.

    ``settings``: options of its own, beside those every portal gets; ``only``: of its processes these alone.
    """

    portal: Portal
    home: Path
    tick_seconds: int = 10
    settings: dict[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()

    @property
    def mail(self) -> Path:
        """The maildir with every mail the portal sent."""
        return self.home / "mail"

    @property
    def ports(self) -> dict[str, int]:
        """Ports by name, as settled at the last start."""
        file = self.home / "ports.json"
        return json.loads(file.read_text()) if file.exists() else {}

    @property
    def address(self) -> str:
        """Where the portal answers."""
        return f"http://127.0.0.1:{self.ports['web']}"

    def running(self) -> bool:
        """Whether the processes are kept up."""
        return groups.pid(self.home, GROUP) is not None

    def configure(self, *, from_environment: bool) -> None:
        """Settle the ports (free ones, those of last time if possible) and write the configuration file."""
        self.home.mkdir(parents=True, exist_ok=True)
        if not self.running():
            ports = self.ports
            for name, variable, first in PORTS:
                ports[name] = _settled(ports, name, variable if from_environment else "", first)
            write_whole(self.home / "ports.json", json.dumps(ports))
        self.portal.write_ini(
            {
                "ckan.site_url": self.address,
                "smtp.server": f"127.0.0.1:{self.ports['smtp']}",
                "smtp.mail_from": "portal@satudata.example",
                **self.settings,
            }
        )

    def start(self) -> None:
        """Start what does not run; return when the portal answers."""
        if not self.running():
            self._build_assets()
            groups.start(self.home, GROUP, self._processes())
        with step(f"the portal answers on {self.address}"):
            self._wait()

    def _build_assets(self) -> None:
        """Pack style sheets and scripts now rather than while the first visitor waits."""
        digest = hashlib.sha256(environments.requirements(self.portal.version).read_bytes())
        for file in sorted((ROOT / "ckanext" / "satudata" / "assets").iterdir()):
            digest.update(file.read_bytes())
        marker = self.home / "assets"
        if not marker.exists() or marker.read_text() != digest.hexdigest():
            with step("style sheets and scripts"):
                self.portal.ckan("asset", "build")
                self.portal.ckan("translation", "js")
            marker.write_text(digest.hexdigest())

    def stop(self) -> bool:
        """Stop the processes; say whether they ran."""
        return groups.stop(self.home, GROUP)

    def _processes(self) -> list[groups.Process]:
        programs = environments.venv(self.portal.version) / "bin"
        ckan = [str(programs / "ckan"), f"--config={self.portal.ini}"]
        commands = {
            "smtp": [
                *(str(programs / "python"), "-m", "aiosmtpd", "--nosetuid"),
                *("--listen", f"127.0.0.1:{self.ports['smtp']}"),
                *("--class", "aiosmtpd.handlers.Mailbox", str(self.mail)),
            ],
            "web": [
                *(str(programs / "gunicorn"), "--chdir", str(ROOT / "dev" / "inside")),
                *("--bind", f"127.0.0.1:{self.ports['web']}", "--timeout", "120", "--no-control-socket"),
                *("--access-logfile", "-"),
                *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
                "wsgi:application",
            ],
            "worker": [*ckan, "jobs", "worker"],
            "clock": [*ckan, "satudata", "tick", "--every", str(self.tick_seconds)],
        }
        environment = self.portal.environment()
        chosen = self.only or tuple(commands)
        return [groups.Process(name, commands[name], env=environment) for name in chosen]

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/api/3/action/status_show", timeout=30).close()
            except OSError as error:
                if time.monotonic() > deadline:
                    raise StepError(f"The portal does not answer ({error}). {self.end_of_log('web')}") from error
                time.sleep(0.3)
            else:
                return

    def end_of_log(self, name: str) -> str:
        """The last lines one process wrote."""
        log = self.home / "logs" / f"{name}.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join([f"The end of {log}:", *lines[-20:]])


def _settled(ports: dict[str, int], name: str, variable: str, first: int) -> int:
    wanted = os.environ.get(variable) if variable else None
    if wanted:
        if not port_is_free(int(wanted)):
            raise StepError(f"{variable}={wanted}: this port is taken. Choose another one.")
        return int(wanted)
    if name in ports and port_is_free(ports[name]):
        return ports[name]
    return free_port(first, set(ports.values()))
