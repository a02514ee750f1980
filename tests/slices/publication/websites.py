"""Another website on this machine, for files that lie elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .conftest import CSV


@dataclass
class Website:
    """Another website on this machine: answers by path, as ``(status, headers, body)``; what it was asked for."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pause: float = 0.0
    address: str = ""

    def gives(self, path: str, body: str | bytes = CSV, status: int = 200, **headers: str) -> str:
        """The address at which this is answered."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        self.answers[path] = (status, {"Content-Type": "text/csv", **named}, content)
        return self.address + path


@contextmanager
def serving() -> Iterator[Website]:
    """A website that answers as long as the test runs."""
    site = Website()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            status, headers, body = site.answers.get(self.path, (404, {}, b""))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for start in range(0, len(body), 8):
                self.wfile.write(body[start : start + 8])
                if site.pause:
                    self.wfile.flush()
                    time.sleep(site.pause)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the standard library
            """The tests' output is for the tests."""

    class Server(ThreadingHTTPServer):
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Who asked has hung up."""

    server = Server(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
