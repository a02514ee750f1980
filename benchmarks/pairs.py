"""Two things measured side by side: one after the other, again and again, so that noise meets both alike."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Pairs:
    """Seconds of the two, pair by pair."""

    name: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """Ours by theirs, of each pair, sorted."""
        return sorted(mine / other for mine, other in zip(self.ours, self.theirs, strict=True))

    def line(self) -> str:
        """Median and 95th percentile of both in milliseconds, and the ratio of the pairs: least, median, most."""
        ratios = self.ratios
        middle = statistics.median(ratios)
        return (
            f"{self.name:<44} {_ms(statistics.median(self.ours)):>8} {_ms(p95(self.ours)):>8}"
            f" {_ms(statistics.median(self.theirs)):>8} {_ms(p95(self.theirs)):>8}"
            f"   {ratios[0]:>5.2f} {middle:>6.2f} {ratios[-1]:>6.2f}"
        )


HEAD = f"{'':<44} {'ours':>8} {'p95':>8} {'CKAN':>8} {'p95':>8}   {'least':>5} {'median':>6} {'most':>6}  (ms; ratio)"


def measure(name: str, ours: Callable[[], Any], theirs: Callable[[], Any], *, pairs: int, warm: int = 5) -> Pairs:
    """Run both ``pairs`` times in turn, the first one changing from pair to pair."""
    for _ in range(warm):
        ours()
        theirs()
    mine: list[float] = []
    other: list[float] = []
    for number in range(pairs):
        for which in (0, 1) if number % 2 else (1, 0):
            (mine if which == 0 else other).append(seconds(ours if which == 0 else theirs))
    return Pairs(name, tuple(mine), tuple(other))


def seconds(work: Callable[[], Any]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def p95(values: tuple[float, ...] | list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[min(len(values) - 1, round(0.95 * (len(values) - 1)))]


def _ms(value: float) -> str:
    return f"{value * 1000:.1f}"


IDLE = 1.0  # seconds


class Client:
    """One kept connection to a running portal, as one person, or as a visitor without a token."""

    def __init__(self, address: str, token: str | None) -> None:
        parts = urlsplit(address)
        assert parts.hostname is not None
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        self.headers = {"Authorization": token} if token else {}
        self.used = 0.0

    def get(self, path: str) -> bytes:
        """The body of a page; an answer that is no 200 is an error."""
        return self._asked("GET", path, None, {})

    def act(self, action: str, **data: Any) -> Any:
        """The result of an action."""
        body = json.dumps(data)
        answer = self._asked("POST", f"/api/3/action/{action}", body, {"Content-Type": "application/json"})
        return json.loads(answer)["result"]

    def _asked(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        if time.monotonic() - self.used > IDLE:
            self.connection.close()  # the server closes what is silent for long; it opens again by itself
        self.connection.request(method, path, body=body, headers={**self.headers, **headers})
        response = self.connection.getresponse()
        self.used = time.monotonic()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:500]!r}")
        return content
