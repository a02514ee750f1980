"""Own PostgreSQL, Redis and Solr, with data below one home folder, on free loopback ports."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from dev.kit import groups, solr
from dev.kit.paths import DEV, write_whole
from dev.kit.steps import StepError, lock, run, step

GROUP = "servers"
REDIS_DATABASES = 256
SOCKET, LONGEST_SOCKET = ".s.PGSQL.{postgresql}", 107  # bytes of its path, by the system
# (name in the state file, variable that sets it, first port tried)
PORTS = (("postgresql", "PG_PORT", 15432), ("redis", "REDIS_PORT", 16379), ("solr", "SOLR_PORT", 18983))


def port_is_free(port: int) -> bool:
    """Whether nobody listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(first: int, taken: set[int]) -> int:
    """The first free port from ``first`` on that is not in ``taken``."""
    return next(port for port in range(first, 65536) if port not in taken and port_is_free(port))


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def postgresql_programs() -> Path:
    """The ``bin`` folder of the newest installed PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise StepError("PostgreSQL is not installed. ./dev/up and ./dev/test install it.")
    return found[-1].parent


@dataclass
class Servers:
    """The servers of one home folder (the demo of one CKAN version, or the tests)."""

    home: Path
    # Tests may lose their data when the machine loses power: no fsync, and an index in memory.
    durable: bool = True

    @property
    def state_file(self) -> Path:
        return self.home / "state.json"

    @property
    def state(self) -> dict[str, str]:
        """Ports, passwords, folders; made at the first start."""
        return json.loads(self.state_file.read_text()) if self.state_file.exists() else {}

    def save(self, state: dict[str, str]) -> None:
        """Write the state file; it holds passwords, so nobody else may read it."""
        write_whole(self.state_file, json.dumps(state, indent=2))

    def port(self, name: str) -> int:
        """A port by server name."""
        return int(self.state[name])

    def running(self) -> bool:
        """Whether the process manager is there and all three answer, PostgreSQL by its socket too."""
        state = self.state
        if groups.pid(self.home, GROUP) is None or not all(answers(int(state[name])) for name, _, _ in PORTS):
            return False
        folder = _socket_folder(state)
        return not folder or (Path(folder) / SOCKET.format(**state)).exists()

    def start(self) -> None:
        """Start what does not run; create the data folders the first time."""
        if self.running():
            return
        with lock(f"servers-{self.home.name}"):
            if self.running():
                return
            solr.download()
            self.home.mkdir(parents=True, exist_ok=True)
            groups.stop(self.home, GROUP)
            state = self._settled_state()
            with step("PostgreSQL, Redis and Solr"):
                self._create_cluster(state)
                (self.home / "redis").mkdir(exist_ok=True)
                solr.prepare_home(self.home / "solr")
                groups.start(self.home, GROUP, self._processes(state))
                self._wait(state)

    def stop(self) -> bool:
        """Stop all three; say whether they ran."""
        return groups.stop(self.home, GROUP)

    def purge(self) -> None:
        """Remove all data."""
        self.stop()
        folder = self.state.get("postgresql_folder")
        if folder and not Path(folder).is_relative_to(self.home):
            shutil.rmtree(Path(folder).parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def _settled_state(self) -> dict[str, str]:
        state = self.state
        taken: set[int] = set()
        for name, variable, first in PORTS:
            wanted = os.environ.get(f"SATUDATA_{variable}")
            if wanted:
                if not port_is_free(int(wanted)):
                    raise StepError(f"SATUDATA_{variable}={wanted}: this port is taken. Choose another one.")
                state[name] = wanted
            elif name not in state or not port_is_free(int(state[name])):
                state[name] = str(free_port(first, taken))
            taken.add(int(state[name]))
        state.setdefault("password", secrets.token_urlsafe(18))
        state.setdefault("owner_password", secrets.token_urlsafe(18))
        state.setdefault("reader_password", secrets.token_urlsafe(18))
        state.setdefault("postgresql_folder", str(self._postgresql_folder()))
        self.save(state)
        return state

    # PostgreSQL refuses to run as root

    @staticmethod
    def postgresql_user() -> str | None:
        """Who runs PostgreSQL when we are root: the account that Debian's package brought."""
        return "postgres" if os.geteuid() == 0 else None

    def _postgresql_folder(self) -> Path:
        wanted = self.home / "postgresql"
        user = self.postgresql_user()
        if user is None or _reachable(self.home, user):
            return wanted
        # A checkout below a closed folder such as /root: the data live where that account may go.
        elsewhere = Path("/var/lib/satudata-dev") / hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return elsewhere / "postgresql"

    def _create_cluster(self, state: dict[str, str]) -> None:
        folder = Path(state["postgresql_folder"])
        if (folder / "satudata-ready").exists():
            return
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        password = folder / "password"
        password.touch(mode=0o600)
        password.write_text(state["password"])
        user = self.postgresql_user()
        if user is not None:
            shutil.chown(folder, user)
            shutil.chown(password, user)
        folder.chmod(0o700)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--no-sync"]
        places = [f"--pgdata={folder / 'data'}", f"--pwfile={password}"]
        run([*_as(user), str(postgresql_programs() / "initdb"), *places, *options], cwd=Path("/"))
        password.unlink()
        (folder / "satudata-ready").touch()

    def _processes(self, state: dict[str, str]) -> list[groups.Process]:
        folder = state["postgresql_folder"]
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": state["postgresql"],
            "unix_socket_directories": _socket_folder(state),
            "max_connections": "300",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "jit": "off",  # many short questions
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        redis = {
            "bind": "127.0.0.1",
            "port": state["redis"],
            "dir": str(self.home / "redis"),
            "databases": str(REDIS_DATABASES),
            "save": "300 1" if self.durable else "",
        }
        return [
            groups.Process(
                "postgresql",
                [str(postgresql_programs() / "postgres"), "-D", f"{folder}/data", *options],
                user=self.postgresql_user(),
                cwd="/",
                stop="SIGINT",  # fast shutdown: does not wait for clients
            ),
            groups.Process(
                "redis", ["redis-server", *[word for name, value in redis.items() for word in (f"--{name}", value)]]
            ),
            groups.Process("solr", solr.command(self.home / "solr", int(state["solr"]), durable=self.durable)),
        ]

    def _wait(self, state: dict[str, str]) -> None:
        deadline = time.monotonic() + 90
        for name, _, _ in PORTS:
            while not answers(int(state[name])):
                if time.monotonic() > deadline:
                    log = self.home / "logs" / f"{name}.log"
                    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                    groups.stop(self.home, GROUP)
                    raise StepError(f"{name} does not answer on port {state[name]}. The end of {log}:\n{tail}")
                time.sleep(0.1)
        self._wait_for_sql(deadline)
        solr.wait(int(state["solr"]), deadline)

    def _wait_for_sql(self, deadline: float) -> None:
        while True:
            try:
                self.sql("select 1")
            except StepError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    # Clients

    def sql(self, statements: str, database: str = "postgres") -> str:
        """Run SQL as the cluster's superuser; return unaligned rows."""
        state = self.state
        arguments = ["--host=127.0.0.1", f"--port={state['postgresql']}", "--username=postgres", f"--dbname={database}"]
        flags = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        return run(
            [postgresql_programs() / "psql", *arguments, *flags],
            env={"PGPASSWORD": state["password"]},
            stdin=statements,
        ).strip()

    def database_url(self, role: str, database: str) -> str:
        """The SQLAlchemy address for the owner (``ckan``) or the DataStore's reader (``datastore_reader``)."""
        state = self.state
        password = state["reader_password" if role == "datastore_reader" else "owner_password"]
        who, port, folder = f"{role}:{urllib.parse.quote(password)}", state["postgresql"], _socket_folder(state)
        if not self.durable and folder:
            return f"postgresql://{who}@/{database}?host={folder}&port={port}"
        return f"postgresql://{who}@127.0.0.1:{port}/{database}"

    def redis_url(self, number: int) -> str:
        """The address of one numbered Redis database."""
        return f"redis://127.0.0.1:{self.port('redis')}/{number}"

    def solr_url(self, core: str) -> str:
        """The address of one Solr core."""
        return f"http://127.0.0.1:{self.port('solr')}/solr/{core}"


def _socket_folder(state: dict[str, str]) -> str:
    """Where PostgreSQL's socket lies; empty where the way there is too long for one.

    A test asks a million short questions, and each is half as long on its way as through a port. The folder is open to
    PostgreSQL's own account and root only.
    """
    folder = state["postgresql_folder"]
    plain = re.fullmatch(r"[\w/.-]+", folder) is not None
    return folder if plain and len(f"{folder}/{SOCKET.format(**state)}") <= LONGEST_SOCKET else ""


def _as(user: str | None) -> list[str]:
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user is not None else []


def _reachable(folder: Path, user: str) -> bool:
    """Whether ``user`` may pass through every folder above ``folder``."""
    command = [*_as(user), "test", "-x", str(folder.parent)]
    return subprocess.run(command, check=False, cwd="/").returncode == 0


def test_servers() -> Servers:
    """The servers that all test runs share; each run has its own databases in them."""
    return Servers(DEV / "test", durable=False)


def benchmark_servers() -> Servers:
    """The servers of the benchmarks: as a portal has them, with everything on disk."""
    return Servers(DEV / "benchmark")
