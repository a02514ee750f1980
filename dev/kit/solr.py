"""A real Solr 9 without Docker: its jars by Maven, started by a small Java program (``dev/solr``)."""

from __future__ import annotations

import json
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from dev.kit.paths import DEV, ROOT, site_packages
from dev.kit.steps import StepError, lock, run, step

RECIPE = ROOT / "dev" / "solr"
STATUS = "admin/cores?action=STATUS&wt=json"
# A server for some minutes beside other work compiles its program once, and plainly.
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def _program() -> Path:
    return DEV / "solr"


def download() -> None:
    """Fetch the jars (70 MB) and compile the starter, once."""
    program = _program()
    stamp = "".join((RECIPE / name).read_text() for name in ("pom.xml", "SolrServer.java"))
    marker = program / "ready"
    if marker.exists() and marker.read_text() == stamp:
        return
    with lock("solr"):
        if marker.exists() and marker.read_text() == stamp:
            return
        with step("Solr (70 MB the first time)"):
            shutil.rmtree(program / "lib", ignore_errors=True)
            program.mkdir(parents=True, exist_ok=True)
            hint = "Check the network (Maven Central) and run the command again."
            copy = ["dependency:copy-dependencies", f"-DoutputDirectory={program / 'lib'}"]
            run(["mvn", "-q", "-B", "-f", RECIPE / "pom.xml", *copy], hint=hint)
            classpath = f"{program / 'lib'}/*"
            run(["javac", "-cp", classpath, "-d", program / "classes", RECIPE / "SolrServer.java"])
            marker.write_text(stamp)


def prepare_home(home: Path) -> None:
    """The folder that holds the cores."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "solr.xml").write_text("<solr/>\n")


def command(home: Path, port: int, *, durable: bool = True) -> list[str]:
    """How to start the server; when it need not be ``durable``, its indexes are in memory and end with it."""
    program = _program()
    options = ["-Xmx512m", f"-Dsolr.log.dir={home.parent / 'logs'}", f"-Dsolr.install.dir={program}"]
    if not durable:
        memory = "-Dsolr.directoryFactory=solr.ByteBuffersDirectoryFactory"
        options += [memory, "-Dsolr.lock.type=single", "-Dsolr.updateLog=false", *SHORT_LIVED]
    classpath = f"{program / 'classes'}:{program / 'lib'}/*"
    return ["java", *options, "-cp", classpath, "SolrServer", str(home), str(port)]


def _ask(port: int, path: str, timeout: float = 30.0) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/solr/{path}", timeout=timeout) as answer:
        return answer.read().decode()


def wait(port: int, deadline: float) -> None:
    """Until the server answers questions about its cores."""
    while True:
        try:
            _ask(port, STATUS)
        except OSError as error:
            if time.monotonic() > deadline:
                raise StepError(f"Solr does not answer on port {port}: {error}") from error
            time.sleep(0.2)
        else:
            return


def core(home: Path, port: int, name: str, version: str) -> None:
    """Create the core, or load it again when the schema of CKAN ``version`` changed."""
    folder = home / name
    conf = folder / "conf"
    wanted = {
        "schema.xml": (site_packages(version) / "ckan" / "config" / "solr" / "schema.xml").read_text(),
        "solrconfig.xml": (RECIPE / "solrconfig.xml").read_text(),
        "protwords.txt": "",
        "synonyms.txt": "",
    }
    changed = {file for file, text in wanted.items() if not (conf / file).exists() or (conf / file).read_text() != text}
    if not changed:
        return
    conf.mkdir(parents=True, exist_ok=True)
    for file in changed:
        (conf / file).write_text(wanted[file])
    # A server that was stopped halfway may have a folder and not know it as a core.
    known = (folder / "core.properties").exists() and name in json.loads(_ask(port, STATUS))["status"]
    if not known:
        (folder / "core.properties").unlink(missing_ok=True)
    query = {"action": "RELOAD", "core": name} if known else {"action": "CREATE", "name": name, "instanceDir": name}
    try:
        _ask(port, f"admin/cores?{urllib.parse.urlencode(query)}", timeout=60)
    except urllib.error.HTTPError as error:
        shutil.rmtree(conf)
        raise StepError(f"Solr refused the core {name}: {error.read().decode()[:500]}") from error


def drop(home: Path, port: int, name: str) -> None:
    """Remove a core with its index."""
    if (home / name).exists():
        query = {"action": "UNLOAD", "core": name, "deleteInstanceDir": "true"}
        try:
            _ask(port, f"admin/cores?{urllib.parse.urlencode(query)}")
        except urllib.error.HTTPError as error:
            if error.code != 400:  # 400: a server that was killed left the folder, and Solr does not know the core
                raise
        shutil.rmtree(home / name, ignore_errors=True)
