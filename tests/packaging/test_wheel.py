"""The wheel that operators install: complete, and useful on a machine without CKAN."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

MADE_BY_RUNNING = ("__pycache__", "*.pyc")
TABLE = "kode_kabupaten,nama_kabupaten,tahun,jumlah\n8201,HALMAHERA BARAT,2024,120\n8202,HALMAHERA TENGAH,2024,98\n"


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the checkout and its environment; return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "CKAN"))}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built in a copy so that nothing an earlier build left behind gets in."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "setup.py"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "ckanext", source / "ckanext", ignore=shutil.ignore_patterns(*MADE_BY_RUNNING))
    target = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", target, source, cwd=target)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of a new environment that holds the wheel and what it asks for."""
    home = tmp_path_factory.mktemp("bare") / "venv"
    run(sys.executable, "-m", "venv", home, cwd=home.parent)
    run(home / "bin" / "python", "-m", "pip", "install", "--quiet", wheel, cwd=home.parent)
    return home / "bin"


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    """Schemas, workflows, lists, templates, pictures, translations, SQL, demo tables: all of them."""
    files = (path for path in (ROOT / "ckanext").rglob("*") if path.is_file())
    wanted = {str(path.relative_to(ROOT)) for path in files if not any(path.match(one) for one in MADE_BY_RUNNING)}
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    assert sorted(wanted - packed) == []


def test_the_wheel_brings_nothing_else(wheel: Path) -> None:
    """No tests, no development tools, no file of another extension."""
    with zipfile.ZipFile(wheel) as archive:
        strange = [
            name
            for name in archive.namelist()
            if not name.startswith("ckanext/satudata/") and ".dist-info/" not in name
        ]
    assert strange == []


def test_ckan_finds_the_plugin(wheel: Path) -> None:
    """The entry point of the plugin is declared."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        text = archive.read(name).decode()
    assert "satudata = ckanext.satudata.plugin:SatudataPlugin" in text


def test_a_table_is_checked_without_ckan(bare: Path, tmp_path: Path) -> None:
    """``satudata check FILE`` works where no CKAN is installed and says so in JSON too."""
    (tmp_path / "penduduk.csv").write_text(TABLE)
    probe = "import importlib.util as u; print([n for n in ('ckan', 'flask', 'sqlalchemy') if u.find_spec(n)])"
    assert run(bare / "python", "-c", probe, cwd=tmp_path).strip() == "[]"
    command = [str(bare / "satudata"), "check", "penduduk.csv", "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert isinstance(json.loads(done.stdout), (dict, list))


def test_the_check_says_when_a_file_is_not_there(bare: Path, tmp_path: Path) -> None:
    """Exit status 2 and one sentence, no traceback."""
    done = subprocess.run(
        [str(bare / "satudata"), "check", "tidak-ada.csv"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
