"""The portal of the browser tests: made anew for each run, beside the other tests and the demo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from dev.kit import portals
from dev.kit.paths import ROOT
from dev.kit.servers import test_servers
from dev.kit.site import Site
from dev.kit.steps import step

# Offices of the browser tests that follow another region's procedure.
RULEBOOK = ROOT / "tests" / "e2e" / "rulebook"


@contextmanager
def portal(version: str, slot: str) -> Iterator[Site]:
    """A new, empty portal with all its processes; they end with the tests, the logs stay."""
    servers = test_servers()
    servers.start()
    slot_portal = portals.slot(servers, version, f"e2e_{slot}")
    settings = {"ckanext.satudata.rulebook": str(RULEBOOK)}
    site = Site(slot_portal, slot_portal.folder, tick_seconds=2, settings=settings)
    site.stop()
    with step(f"new portal {slot_portal.name}"):
        slot_portal.drop()
        shutil.rmtree(slot_portal.folder, ignore_errors=True)
        site.configure(from_environment=False)
        slot_portal.create()
    try:
        site.start()
        yield site
    finally:
        site.stop()


def environment(site: Site) -> dict[str, str]:
    """What the tests need to know."""
    return {
        "CKAN_INI": str(site.portal.ini),
        "SATUDATA_E2E_URL": site.address,
        "SATUDATA_E2E_MAIL": str(site.mail),
        "SATUDATA_E2E_RESULTS": str(site.home / "screenshots"),
    }
