"""A whole portal of a test: web server, worker, clock and mail peer as real processes that can be killed.

They serve the database of the test itself, so a test makes people and datasets by actions and looks at the tables
afterwards. A process that ends is started again at once, as an operator's service manager would.
"""

from __future__ import annotations

import ctypes
import email
import email.policy
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
WEB, WORKER, CLOCK, MAIL = "web", "worker", "clock", "smtp"
MASTER = "web server"
EVERYTHING = (MAIL, WEB, WORKER, CLOCK)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Answer:
    """What a request came to; ``status`` 0: the connection broke before an answer came."""

    status: int
    body: Any

    @property
    def error(self) -> dict[str, Any]:
        """The errors of a refused action."""
        return self.body.get("error", {}) if isinstance(self.body, dict) else {}

    @property
    def result(self) -> Any:
        """The answer of an action; refused is a failed test."""
        assert self.status == 200, (self.status, self.body)
        return self.body["result"]


class Rig:
    """The processes of one portal. ``settings`` go over those of the test's own configuration file."""

    def __init__(
        self, home: Path, *, settings: Mapping[str, str] | None = None, threads: int = 4, tick_seconds: int = 2
    ) -> None:
        self.home = home
        self.ports: dict[str, int] = dict(zip((WEB, MAIL), _free_ports(2), strict=True))
        self.threads, self.tick_seconds = threads, tick_seconds
        home.mkdir(parents=True, exist_ok=True)
        own = {
            "ckan.site_url": self.address,
            "smtp.server": f"127.0.0.1:{self.ports[MAIL]}",
            "smtp.mail_from": "portal@satudata.example",
        }
        self.ini = _configuration(home / "ckan.ini", {**own, **(settings or {})})
        self.servers: dict[str, list[str]] = {}  # others that a test has beside these, by name
        self.commands: dict[str, list[str]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def address(self) -> str:
        """Where the portal answers."""
        return f"http://127.0.0.1:{self.ports[WEB]}"

    @property
    def mail_folder(self) -> Path:
        """The maildir with every mail the portal sent."""
        return self.home / "mail"

    # Life

    def __enter__(self) -> Rig:
        self.keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.keeper.join()
        for name in list(self.commands):
            self.stop(name)

    def start(self, *names: str) -> None:
        """Start these processes, and keep them up; returns when those that listen do."""
        for name in names:
            with self.lock:
                self.commands[name] = self._command(name)
        for name in names:
            if name == WEB:
                self.wait_for_web()
            elif name in self.ports:
                _until(lambda name=name: _listens(self.ports[name]), f"{name} listens")

    def stop(self, name: str) -> None:
        """Stop a process with its children, and do not start it again."""
        with self.lock:
            self.commands.pop(name, None)
            process = self.running.pop(name, None)
        if process is not None:
            _kill_group(process)

    def kill(self, name: str, chance: random.Random) -> str:
        """SIGKILL; ``WEB`` is one of the processes that answer, ``MASTER`` the one that keeps them. Says which."""
        with self.lock:
            process = self.running.get(WEB if name == MASTER else name)
        if process is None:
            return ""
        below = _children(process.pid) if name == WEB else [process.pid]
        try:
            os.kill(chance.choice(below or [process.pid]), signal.SIGKILL)
        except ProcessLookupError:
            return ""
        return name

    def wait_for_web(self, seconds: float = 120) -> None:
        """Until the portal answers."""
        _until(lambda: self.call("", "status_show").status == 200, "the portal answers", seconds)

    def log(self, name: str) -> str:
        """What a process has written so far."""
        file = self.home / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def command(self, *arguments: str) -> str:
        """Run ``ckan …`` on this portal; what it printed."""
        command = [str(PROGRAMS / "ckan"), f"--config={self.ini}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "CKAN_INI": str(self.ini)}

    def _command(self, name: str) -> list[str]:
        if name in self.servers:
            return self.servers[name]
        ckan = [str(PROGRAMS / "ckan"), f"--config={self.ini}"]
        if name == MAIL:
            kept = ["--class", "aiosmtpd.handlers.Mailbox", str(self.mail_folder)]
            listen = ["--listen", f"127.0.0.1:{self.ports[MAIL]}"]
            return [str(PROGRAMS / "python"), "-m", "aiosmtpd", "--nosetuid", *listen, *kept]
        if name == WEB:
            gunicorn = [str(PROGRAMS / "gunicorn"), "--chdir", str(ROOT / "dev" / "inside"), "--no-control-socket"]
            listen = ["--bind", f"127.0.0.1:{self.ports[WEB]}", "--timeout", "120", "--access-logfile", "-"]
            workers = ["--worker-class", "gthread", "--workers", "2", "--threads", str(self.threads)]
            return [*gunicorn, *listen, *workers, "wsgi:application"]
        if name == WORKER:
            return [*ckan, "jobs", "worker"]
        return [*ckan, "satudata", "tick", "--every", str(self.tick_seconds)]

    def _keep(self) -> None:
        while not self.ended.wait(0.05):
            with self.lock:
                for name, command in self.commands.items():
                    process = self.running.get(name)
                    if process is None or process.poll() is not None:
                        self.running[name] = self._spawn(name, command)

    def _spawn(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_the_test,
            )

    # Talking to it

    def call(self, token: str, action: str, data: Mapping[str, Any] | None = None, *, seconds: float = 60) -> Answer:
        """An action over HTTP as whoever the token belongs to."""
        return self._post(token, action, json.dumps(dict(data or {})).encode(), "application/json", seconds)

    def upload(self, token: str, action: str, data: Mapping[str, str], name: str, content: bytes) -> Answer:
        """An action that takes a file."""
        line = b"--batas-formulir\r\n"
        head = 'Content-Disposition: form-data; name="{}"'
        parts = [f"{head.format(key)}\r\n\r\n{value}\r\n".encode() for key, value in data.items()]
        parts.append(f'{head.format("upload")}; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n")
        body = line + line.join(parts) + b"--batas-formulir--\r\n"
        return self._post(token, action, body, "multipart/form-data; boundary=batas-formulir", 60)

    def _post(self, token: str, action: str, body: bytes, mimetype: str, seconds: float) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[WEB], timeout=seconds)
        headers = {"Content-Type": mimetype, **({"Authorization": token} if token else {})}
        try:
            connection.request("POST", f"/api/3/action/{action}", body, headers)
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
        except (OSError, http.client.HTTPException, ValueError) as broken:
            return Answer(0, repr(broken))
        finally:
            connection.close()

    def at_once(self, requests: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[Answer]:
        """All requests at the same moment, each from a client of its own; the answers in their order."""
        listed = list(requests)
        answers: list[Answer | None] = [None] * len(listed)
        gate = threading.Barrier(len(listed))

        def client(place: int, token: str, action: str, data: Mapping[str, Any]) -> None:
            gate.wait()
            answers[place] = self.call(token, action, data, seconds=180)

        threads = [threading.Thread(target=client, args=(place, *one)) for place, one in enumerate(listed)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [answer for answer in answers if answer is not None]

    def mails(self) -> list[EmailMessage]:
        """Every mail that has arrived, repeats too."""
        files = sorted(self.mail_folder.glob("new/*"))
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def _end_with_the_test() -> None:
    """In a new process: when the tests are killed outright, the kernel ends what they started."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def token_of(user: str) -> str:
    """An API token for somebody."""
    context: Any = {"user": user, "ignore_auth": True}
    return str(tk.get_action("api_token_create")(context, {"user": user, "name": "uji"})["token"])


def until(condition: Callable[[], Any], what: str, seconds: float = 120) -> None:
    """Wait for something that must come by itself."""
    _until(condition, what, seconds)


def _until(condition: Callable[[], Any], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)


def _configuration(file: Path, settings: Mapping[str, str]) -> Path:
    """The test's own configuration file with other settings in ``[app:main]``."""
    base = Path(tk.config["__file__"]).read_text().splitlines()
    kept = [line for line in base if line.split("=")[0].strip() not in settings]
    place = kept.index("[app:main]") + 1
    own = [f"{key} = {value.replace('%', '%%')}" for key, value in settings.items()]
    file.touch(mode=0o600)
    file.write_text("\n".join([*kept[:place], *own, *kept[place:]]) + "\n")
    return file


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    return _free_ports(1)[0]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    return _listens(port)


def _children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in found.split()]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    except ProcessLookupError:
        return
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
