"""Asking another website for a file: which addresses, how much, how long, and what is no file."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.core.links import addresses
from ckanext.satudata.publication.links import fetching
from ckanext.satudata.publication.links.fetching import Limits, NotFetchedError

from .conftest import CSV
from .websites import Website, serving

LOOPBACK = addresses.allowed(["127.0.0.0/8"])


@pytest.fixture
def website() -> Iterator[Website]:
    with serving() as site:
        yield site


def _fetch(url: str, folder: Path, size: int = 1000, seconds: float = 5, allowed: Any = LOOPBACK) -> Any:
    return fetching.fetch(url, folder, Limits(size, seconds, allowed), agent="uji")


def _refused(url: str, folder: Path, **limits: Any) -> str:
    with pytest.raises(NotFetchedError) as refused:
        _fetch(url, folder, **limits)
    return refused.value.code


def test_a_file_comes_whole_with_its_name_and_hash(website: Website, tmp_path: Path) -> None:
    url = website.gives("/unduh", Content_Disposition='attachment; filename="rumah.csv"')
    got = _fetch(website.gives("/lama", status=302, Location=url), tmp_path)
    assert (got.path.read_bytes(), got.size, got.name) == (CSV.encode(), len(CSV.encode()), "rumah.csv")
    sent = website.asked[-1][1]
    assert "Cookie" not in sent
    assert "Authorization" not in sent
    assert sent["User-Agent"] == "uji"


def test_no_address_of_this_machine_or_its_network_is_asked(website: Website, tmp_path: Path) -> None:
    port = website.address.rsplit(":", 1)[1]
    website.gives("/rahasia")
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254"):
        assert _refused(f"http://{host}:{port}/rahasia", tmp_path, allowed=addresses.Allowed()) == "forbidden", host
    assert website.asked == []


def test_a_redirection_into_the_network_is_not_followed(website: Website, tmp_path: Path) -> None:
    """The first address is allowed by the operator, the one it leads to is not."""
    port = website.address.rsplit(":", 1)[1]
    only = addresses.allowed(["127.0.0.1"])
    for target in (f"http://127.0.0.2:{port}/rahasia", "http://169.254.169.254/latest/meta-data/"):
        url = website.gives("/pindah", status=302, Location=target)
        assert _refused(url, tmp_path, allowed=only) == "forbidden"
    for target in ("file:///etc/passwd", "ftp://127.0.0.1/a.csv", "http://a:b@127.0.0.1/a.csv"):
        assert _refused(website.gives("/pindah", status=302, Location=target), tmp_path) == "bad_url"
    assert [path for path, _ in website.asked] == ["/pindah"] * 5


def test_the_address_that_was_judged_is_the_one_that_is_asked(
    website: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere the second time it is looked up (DNS rebinding) leads nowhere."""
    port = int(website.address.rsplit(":", 1)[1])
    website.gives("/a.csv")
    real, times = fetching.socket.getaddrinfo, []

    def resolved(host: str, *given: Any, **named: Any) -> Any:
        times.append(host)
        return real("127.0.0.1" if len(times) == 1 else "127.0.0.2", *given, **named)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolved)
    _fetch(f"http://data.contoh.example:{port}/a.csv", tmp_path, allowed=addresses.allowed(["127.0.0.1"]))
    assert times == ["data.contoh.example"]
    answers = [(2, 1, 6, "", ("127.0.0.1", port)), (2, 1, 6, "", ("127.0.0.2", port))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: answers)
    only = addresses.allowed(["127.0.0.1"])
    assert _refused(f"http://data.contoh.example:{port}/a.csv", tmp_path, allowed=only) == "forbidden"


def test_what_is_no_file_is_told_by_its_reason(website: Website, tmp_path: Path) -> None:
    page = "<!doctype html><title>Data</title>"
    cases = {
        "not_found": website.address + "/tidak-ada",
        "login": website.gives("/masuk", status=401),
        "status": website.gives("/rusak", status=500),
        "html": website.gives("/laman", page, Content_Type="text/html"),
        "empty": website.gives("/kosong", b""),
        "too_large": website.gives("/besar", b"x" * 2000),
        "broken": website.gives("/putus", b"abc", Content_Length="900"),
        "redirects": website.gives("/putar", status=302, Location="/putar"),
        "bad_url": "http://",
    }
    found = {code: _refused(url, tmp_path) for code, url in cases.items()}
    assert found == {code: code for code in cases}
    assert _refused("http://127.0.0.1:1/a.csv", tmp_path) == "unreachable"
    assert _refused("http://tidak-ada.invalid/a.csv", tmp_path) == "unreachable"


def test_neither_size_nor_time_can_be_lied_about(website: Website, tmp_path: Path) -> None:
    """A website that sends more than it announced, or a few bytes now and then."""
    packed = gzip.compress(b"x" * 5000)
    assert _refused(website.gives("/bom", packed, Content_Encoding="gzip"), tmp_path) == "too_large"
    website.pause = 0.05
    begun = time.monotonic()
    assert _refused(website.gives("/lambat", b"x" * 900), tmp_path, seconds=0.3) == "slow"
    assert time.monotonic() - begun < 2  # all of it would take five seconds
