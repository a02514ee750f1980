"""Browser tests against a whole portal of their own; ``./dev/test e2e`` starts and stops it.

The portal is new and empty at the start of a run: tests make the offices and accounts they need (``portal.ckan``), each
under names of its own.
"""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
# No sandbox for root; nothing that waits for an internet which is not there.
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",  # there is none, and imitating one costs more than drawing
]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SECONDS = 1000  # playwright counts milliseconds


@dataclass(frozen=True)
class Portal:
    """The running portal: its address, its mail, its command line."""

    url: str
    mail_folder: Path
    results: Path

    def ckan(self, *arguments: str) -> str:
        """Run ``ckan …`` on this portal; return what it printed."""
        done = subprocess.run(["ckan", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def mails(self, recipient: str) -> list[EmailMessage]:
        """Every mail to this address so far, oldest first."""
        files = sorted(self.mail_folder.glob("new/*"), key=lambda file: file.stat().st_mtime)
        found = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        return [mail for mail in found if recipient in str(mail["To"])]

    def wait_for_mail(self, recipient: str, count: int = 1, seconds: float = 60) -> EmailMessage:
        """The ``count``-th mail to this address, when it has come."""
        deadline = time.monotonic() + seconds
        while len(self.mails(recipient)) < count:
            assert time.monotonic() < deadline, f"no mail number {count} to {recipient} within {seconds:.0f} s"
            time.sleep(0.5)
        return self.mails(recipient)[count - 1]


@pytest.fixture(scope="session")
def portal() -> Portal:
    """The portal that ``./dev/test e2e`` has started."""
    results = Path(os.environ["SATUDATA_E2E_RESULTS"])
    results.mkdir(parents=True, exist_ok=True)
    return Portal(os.environ["SATUDATA_E2E_URL"], Path(os.environ["SATUDATA_E2E_MAIL"]), results)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_visitor(browser: Browser, portal: Portal, request: pytest.FixtureRequest) -> Iterator[Callable[[], Page]]:
    """Makes a page in a fresh profile: nobody is signed in, no cookie is shared with another visitor."""
    contexts: list[BrowserContext] = []
    expect.set_options(timeout=15 * SECONDS)

    def open_page() -> Page:
        context = browser.new_context(base_url=portal.url, locale="id-ID", viewport=DESKTOP, timezone_id="Asia/Jakarta")
        context.set_default_timeout(20 * SECONDS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    name = request.node.name.replace("/", "-")
    for number, context in enumerate(contexts, 1):
        for page in context.pages:
            page.screenshot(path=portal.results / f"{name}-{number}-end.png", full_page=True)
        context.close()


@pytest.fixture
def visitor(new_visitor: Callable[[], Page]) -> Page:
    """One anonymous visitor."""
    return new_visitor()


@pytest.fixture
def sign_in(new_visitor: Callable[[], Page]) -> Callable[[str, str], Page]:
    """Signs somebody in by the form, in a profile of their own; gives their page."""

    def enter(name: str, password: str) -> Page:
        page = new_visitor()
        page.goto("/user/login")
        page.locator("input[name=login]").fill(name)
        page.locator("input[name=password]").fill(password)
        page.locator("form:has(input[name=password]) [type=submit]").click()
        page.wait_for_url(lambda url: "/user/login" not in url)
        return page

    return enter


@pytest.fixture
def picture(portal: Portal) -> Callable[[Page, str], None]:
    """Takes a page at 1280 and at 390 pixels, to be looked at by people; not in a whole run of ``./dev/test``."""
    wanted = os.environ.get("SATUDATA_E2E_PICTURES") != "no"

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state()
        if not wanted:
            return
        for width, viewport in (("1280", DESKTOP), ("390", PHONE)):
            page.set_viewport_size(viewport)
            page.screenshot(path=portal.results / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(DESKTOP)

    return take
