"""The portal of a benchmark: its own database, index and web server, made at the first run and kept."""

from __future__ import annotations

import importlib.metadata
import os
import platform

from dev.kit import portals
from dev.kit.paths import ckan_version
from dev.kit.servers import benchmark_servers
from dev.kit.site import Site
from dev.kit.steps import step


def portal(name: str, *, fresh: bool) -> Site:
    """The portal of this name, not started; ``fresh``: without what was in it."""
    servers = benchmark_servers()
    servers.start()
    slot = portals.slot(servers, ckan_version(), name)
    site = Site(slot, slot.folder, tick_seconds=60)
    site.stop()
    if fresh and slot.exists():
        slot.drop()
    site.configure(from_environment=False)
    slot.create()
    return site


def load(site: Site) -> None:
    """CKAN in this process too: to fill, and to time single actions."""
    os.environ.update(site.portal.environment())
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    make_app(load_config(str(site.portal.ini)))


def filled(site: Site, datasets: int, *, waiting: bool = False) -> dict[str, str]:
    """Load CKAN, fill the portal where it is empty, and return new tokens of its people; ``waiting``: every case is on
    the desk."""
    load(site)
    from benchmarks import catalogue

    shares = catalogue.ALL_WAITING if waiting else catalogue.USUAL
    if not catalogue.is_filled(datasets):
        with step(f"{datasets} datasets"):
            catalogue.fill(datasets, shares)
    if not catalogue.is_indexed(datasets):
        with step("search index"):
            catalogue.index(datasets, shares)
    site.portal.ckan("satudata", "tick")
    return catalogue.tokens()


def versions(site: Site) -> str:
    """What is measured, in one line."""
    known = [f"{name} {importlib.metadata.version(name)}" for name in ("ckan", "sqlalchemy")]
    database = f"PostgreSQL {site.portal.servers.sql('show server_version')}"
    return ", ".join([*known, f"python {platform.python_version()}", database, f"{os.cpu_count()} processors"])
