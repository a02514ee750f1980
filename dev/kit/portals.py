"""The databases, the index and the configuration file of one CKAN portal."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from dev.kit import environments, solr
from dev.kit.paths import ROOT
from dev.kit.servers import REDIS_DATABASES, Servers
from dev.kit.steps import lock, run, run_aloud, step

RULEBOOK = ROOT / "ckanext" / "satudata" / "rulebook" / "schemas"
MIGRATIONS = ROOT / "ckanext" / "satudata" / "migration" / "satudata"

# Tests empty all tables, past the write guard (``tests/slices/keeping.py``); what our migrations put in is kept aside
# in a schema of its own.
SEED = r"""
grant set on parameter session_replication_role to ckan;
create schema seed authorization ckan;
set role ckan;
do $$ declare t name; filled bool; begin
  for t in select tablename from pg_tables where schemaname = 'public' and tablename like 'satudata\_%'
      and tablename not like '%alembic_version' loop
    execute format('select exists (select 1 from public.%I)', t) into filled;
    if filled then execute format('create table seed.%I as table public.%I', t, t); end if;
  end loop;
end $$;
"""


@dataclass(frozen=True)
class Portal:
    """One portal: ``name`` is that of its database and its Solr core, ``redis`` its Redis database."""

    servers: Servers
    version: str
    name: str
    redis: int
    folder: Path
    base_ini: Path

    @property
    def ini(self) -> Path:
        """The configuration file of this portal."""
        return self.folder / "ckan.ini"

    @property
    def datastore(self) -> str:
        """The name of the DataStore's database."""
        return f"{self.name}_datastore"

    def environment(self) -> dict[str, str]:
        """The environment in which ``ckan`` finds this portal."""
        return environments.activated(self.version, {"CKAN_INI": str(self.ini)})

    def ckan(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a ``ckan`` command on this portal."""
        program = environments.venv(self.version) / "bin" / "ckan"
        return run([program, f"--config={self.ini}", *arguments], env=self.environment(), cwd=ROOT, stdin=stdin)

    def ckan_aloud(self, *arguments: str) -> None:
        """Run a ``ckan`` command that takes its time; its lines are shown as they come."""
        program = environments.venv(self.version) / "bin" / "ckan"
        run_aloud([program, f"--config={self.ini}", *arguments], env=self.environment(), cwd=ROOT)

    def write_ini(self, settings: dict[str, str]) -> None:
        """Write the configuration file: the base file and what only this portal knows."""
        self.folder.mkdir(parents=True, exist_ok=True)
        storage = self.folder / "storage"
        storage.mkdir(exist_ok=True)
        own = {
            "sqlalchemy.url": self.servers.database_url("ckan", self.name),
            "ckan.datastore.write_url": self.servers.database_url("ckan", self.datastore),
            "ckan.datastore.read_url": self.servers.database_url("datastore_reader", self.datastore),
            "ckan.redis.url": self.servers.redis_url(self.redis),
            "solr_url": self.servers.solr_url(self.name),
            "ckan.site_id": self.name,
            "ckan.storage_path": str(storage),
            **self._secrets(),
            **_scheming(),
            **settings,
        }
        text = _with_settings(self.base_ini.read_text(), own)
        self.ini.touch(mode=0o600)
        if self.ini.read_text() != text:
            self.ini.write_text(text)

    def _secrets(self) -> dict[str, str]:
        file = self.folder / "secret"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(40))
        return {"SECRET_KEY": file.read_text(), "WTF_CSRF_SECRET_KEY": file.read_text()[::-1]}

    def exists(self) -> bool:
        """Whether the database is there."""
        return self.servers.sql(f"select 1 from pg_database where datname = '{self.name}'") == "1"

    def drop(self) -> None:
        """Remove both databases and the Solr core."""
        for database in (self.name, self.datastore):
            self.servers.sql(f'drop database if exists "{database}" with (force)')
        solr.drop(self.servers.home / "solr", self.servers.port("solr"), self.name)

    def create(self) -> None:
        """Create what is missing: roles, databases, Solr core, tables, permissions of the DataStore."""
        state = self.servers.state
        with lock(f"roles-{self.servers.home.name}"):  # another portal may be made on the same servers
            for role, password in (("ckan", "owner_password"), ("datastore_reader", "reader_password")):
                if not self.servers.sql(f"select 1 from pg_roles where rolname = '{role}'"):
                    self.servers.sql(f"create role {role} login password '{state[password]}'")
        for database in (self.name, self.datastore):
            if not self.servers.sql(f"select 1 from pg_database where datname = '{database}'"):
                self.servers.sql(f'create database "{database}" owner ckan template template0 encoding "UTF8"')
        solr.core(self.servers.home / "solr", self.servers.port("solr"), self.name, self.version)
        self.migrate()

    def migrate(self) -> None:
        """Bring the tables of CKAN and of every plugin up to date, then the permissions of the DataStore."""
        self.ckan("db", "upgrade")
        self.servers.sql(self.ckan("datastore", "set-permissions"), "postgres")


def _with_settings(base: str, settings: dict[str, str]) -> str:
    """The base file with ``settings`` in ``[app:main]``; one file, as CKAN 2.11 reads logging only there."""
    kept = [line for line in base.splitlines() if line.split("=")[0].strip() not in settings]
    own = [f"{key} = {value.replace('%', '%%')}" for key, value in settings.items()]
    place = kept.index("[app:main]") + 1
    return "\n".join([*kept[:place], *own, *kept[place:]]) + "\n"


def _scheming() -> dict[str, str]:
    """Scheming's files, as soon as the rulebook has them."""
    prefix = "ckanext.satudata.rulebook.schemas"
    names = {"dataset.yaml": "scheming.dataset_schemas", "organization.yaml": "scheming.organization_schemas"}
    found = {option: f"{prefix}:{file}" for file, option in names.items() if (RULEBOOK / file).exists()}
    presets = "ckanext.scheming:presets.json"
    if (RULEBOOK / "presets.yaml").exists():
        presets += f" {prefix}:presets.yaml"
    return {**found, "scheming.presets": presets}


def migration_digest(version: str) -> str:
    """Changes whenever a migration file or the pinned CKAN changes."""
    digest = hashlib.sha256(SEED.encode() + environments.requirements(version).read_bytes())
    for file in sorted([*MIGRATIONS.rglob("*.py"), *MIGRATIONS.rglob("*.sql")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def slot(servers: Servers, version: str, name: str) -> Portal:
    """The portal that belongs to a test slot; nothing is created yet but its folder."""
    full = f"t{version.replace('.', '')}_{name}"
    with lock("slots"):
        number = _redis_number(servers, full)
    return Portal(servers, version, full, number, servers.home / "slots" / full, ROOT / "test.ini")


def prepare_for_tests(servers: Servers, version: str, name: str) -> Portal:
    """The portal of one test slot; its database is made anew when a migration changed since it was made."""
    portal = slot(servers, version, name)
    with lock(f"slot-{portal.name}"):
        portal.write_ini({"ckan.site_url": "http://satudata.test"})
        marker, digest = portal.folder / "migrated", migration_digest(version)
        if marker.exists() and marker.read_text() == digest and portal.exists():
            solr.core(servers.home / "solr", servers.port("solr"), portal.name, version)
            return portal
        with step(f"database and index {portal.name}"):
            marker.unlink(missing_ok=True)
            portal.drop()
            portal.create()
            servers.sql(SEED, portal.name)
            marker.write_text(digest)
    return portal


def _redis_number(servers: Servers, name: str) -> int:
    """Each slot keeps the Redis database it got first."""
    state = servers.state
    taken = {int(value) for key, value in state.items() if key.startswith("redis_of_")}
    key = f"redis_of_{name}"
    if key not in state:
        state[key] = str(next(number for number in range(1, REDIS_DATABASES) if number not in taken))
        servers.save(state)
    return int(state[key])
