"""A visitor reaches the portal, and it speaks Indonesian."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def test_the_first_page_is_indonesian(visitor: Page, picture: Callable[[Page, str], None]) -> None:
    """The page's language is declared and no error is shown."""
    answer = visitor.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert visitor.locator("html").get_attribute("lang") == "id"
    picture(visitor, "beranda")


def test_pages_bring_everything_along(visitor: Page) -> None:
    """Nothing is fetched from another server: pages work in an office without internet."""
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto("/dataset/")
    base = visitor.url.removesuffix("/dataset/")
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
