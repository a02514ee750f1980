"""Ask another website for a file, and nothing else for anything.

The address that is checked is the address that is connected to: names are resolved here, once for each connection, and
a name that leads anywhere else than the public internet is refused. Proxies, cookies and passwords of the server's own
take no part.
"""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)
from urllib3.poolmanager import PoolManager

from ckanext.satudata.core.links import addresses, answers

REDIRECTS = 5
CONNECT_SECONDS = 10
SILENT_SECONDS = 20  # between two pieces of an answer
PIECE = 1 << 16
FIRST = 1 << 14  # so much is looked at to tell a page from a file
LOGIN_STATUS = frozenset({401, 403, 407, 511})
GONE_STATUS = frozenset({404, 410})
MOVED = frozenset({301, 302, 303, 307, 308})


class NotFetchedError(Exception):
    """The file could not be had. ``code``: a name of :mod:`words`; ``detail``: what its sentence names."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """``size`` in bytes, ``seconds`` for all of it; what may be asked besides the public internet."""

    size: int
    seconds: float
    allowed: addresses.Allowed


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came: where it lies now, SHA-256, size, its name, and what the website says of its age."""

    path: Path
    sha256: str
    size: int
    name: str
    etag: str | None
    modified: str | None


class ForbiddenAddressError(Exception):
    """A name that leads into a network nobody is to look into by way of the portal."""


def _socket(connection: Any, allowed: addresses.Allowed) -> socket.socket:
    """Resolve, judge every address, connect to one of those that were judged."""
    host = str(connection.host).strip("[]")
    try:
        found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise NameResolutionError(host, connection, socket.gaierror(str(error))) from error
    if not all(allowed.reaches(host, str(place[4][0])) for place in found):
        raise ForbiddenAddressError(host)
    failure: OSError | None = None
    for family, kind, protocol, _name, place in found:
        try:
            return _connected(socket.socket(family, kind, protocol), place)
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, host) from failure
    raise NewConnectionError(connection, str(failure)) from failure


def _connected(made: socket.socket, place: Any) -> socket.socket:
    try:
        made.settimeout(CONNECT_SECONDS)
        made.connect(place)
    except OSError:
        made.close()
        raise
    made.settimeout(SILENT_SECONDS)
    return made


def _pools(allowed: addresses.Allowed) -> Mapping[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _socket(self, allowed)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _socket(self, allowed)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain  # pyright: ignore[reportAssignmentType]

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure  # pyright: ignore[reportAssignmentType]

    return {"http": PlainPool, "https": SecurePool}


class _Guarded(HTTPAdapter):
    """The adapter of ``requests`` with sockets of our own."""

    def __init__(self, allowed: addresses.Allowed) -> None:
        self._allowed = allowed
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = dict(_pools(self._allowed))


def fetch(
    url: str, folder: Path, limits: Limits, *, agent: str, known: Mapping[str, str | None] | None = None
) -> Fetched | None:
    """The file at ``url``, written into ``folder``; :class:`NotFetchedError` says why there is none.

    :param agent: how the portal presents itself
    :param known: ``{"etag", "modified"}`` of an earlier answer; ``None`` is returned when that still holds
    """
    last = time.monotonic() + limits.seconds
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password of the server's own
        session.mount("http://", _Guarded(limits.allowed))
        session.mount("https://", _Guarded(limits.allowed))
        session.headers.update({"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "identity"})
        try:
            with _asked(session, url, last, known or {}) as answer:
                return None if answer.status_code == 304 and known else _kept(answer, folder, limits, last)
        except ForbiddenAddressError as error:
            raise NotFetchedError("forbidden", host=str(error)) from error
        except requests.exceptions.SSLError as error:
            raise NotFetchedError("certificate") from error
        except requests.exceptions.Timeout as error:
            raise NotFetchedError("slow", seconds=int(limits.seconds)) from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError) as error:
            raise NotFetchedError("bad_url") from error
        except requests.exceptions.ConnectionError as error:
            code = "slow" if _timed_out(error) else "unreachable"
            raise NotFetchedError(code, seconds=int(limits.seconds)) from error
        except ReadTimeoutError as error:
            raise NotFetchedError("slow", seconds=int(limits.seconds)) from error
        except (requests.exceptions.RequestException, HTTPError) as error:
            raise NotFetchedError("broken") from error


def _timed_out(error: Exception) -> bool:
    return "timed out" in str(error).lower()


def _asked(session: requests.Session, url: str, last: float, known: Mapping[str, str | None]) -> requests.Response:
    """The last answer behind all redirections; each place is judged like the first."""
    pairs = (("If-None-Match", known.get("etag")), ("If-Modified-Since", known.get("modified")))
    conditions = {name: value for name, value in pairs if value}
    for _turn in range(REDIRECTS + 1):
        if not addresses.is_link(url):
            raise NotFetchedError("bad_url")
        if time.monotonic() > last:
            raise requests.exceptions.Timeout(url)
        session.cookies.clear()
        answer = session.get(
            url,
            headers=conditions,
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_SECONDS, SILENT_SECONDS),
        )
        if answer.status_code not in MOVED or "location" not in answer.headers:
            return answer
        answer.close()
        url = urljoin(url, answer.headers["location"])
    raise NotFetchedError("redirects", most=REDIRECTS)


def _kept(answer: requests.Response, folder: Path, limits: Limits, last: float) -> Fetched:
    _judge_status(answer.status_code)
    announced = answer.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limits.size:
        raise NotFetchedError("too_large", most=limits.size, size=int(announced))
    content_type = answer.headers.get("content-type", "")
    path = folder / "fetched"
    digest = hashlib.sha256()
    size = 0
    first = b""
    with path.open("wb") as file:
        # what has come so far, not a whole piece: a website that sends a byte now and then is not waited for
        while piece := answer.raw.read1(PIECE, decode_content=True):
            if time.monotonic() > last:
                raise requests.exceptions.Timeout(answer.url)
            if len(first) < FIRST:
                first += piece[: FIRST - len(first)]
            size += len(piece)
            if size > limits.size:
                raise NotFetchedError("too_large", most=limits.size, size=None)
            digest.update(piece)
            file.write(piece)
    instead = answers.page_instead(content_type, first, answer.url)
    if instead is not None:
        raise NotFetchedError(instead)
    if not size:
        raise NotFetchedError("empty")
    return Fetched(
        path,
        digest.hexdigest(),
        size,
        answers.file_name(answer.headers.get("content-disposition", ""), answer.url, content_type),
        answer.headers.get("etag"),
        answer.headers.get("last-modified"),
    )


def _judge_status(status: int) -> None:
    if status in LOGIN_STATUS:
        raise NotFetchedError("login", status=status)
    if status in GONE_STATUS:
        raise NotFetchedError("not_found", status=status)
    if status != 200:
        raise NotFetchedError("status", status=status)
