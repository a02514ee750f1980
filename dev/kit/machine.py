"""Programs and libraries from the distribution: what is needed, what is missing, how it gets there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path

from dev.kit.paths import DEV, ROOT
from dev.kit.steps import StepError, lock, run, step


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _file(pattern: str) -> Callable[[], bool]:
    return lambda: any(Path("/").glob(pattern.lstrip("/")))


def _module(name: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(name) is not None


def _python_headers() -> bool:
    return Path(sysconfig.get_paths()["include"], "Python.h").exists()


# Debian package → how we see that it is not needed (whoever installed the program)
PORTAL = {
    "python3-venv": _module("ensurepip"),
    "python3-dev": _python_headers,
    "gcc": _program("gcc"),
    "libc6-dev": _file("/usr/include/stdlib.h"),
    "libpq-dev": _program("pg_config"),
    "libmagic1": _file("/usr/lib/*/libmagic.so.1"),
    "postgresql": _file("/usr/lib/postgresql/*/bin/postgres"),
    "redis-server": _program("redis-server"),
    "default-jdk-headless": _program("javac"),
    "maven": _program("mvn"),
}
BROWSER = {
    "chromium": _program("chromium"),
    "fonts-liberation": _file("/usr/share/fonts/truetype/liberation*/*"),
}


def ensure(wanted: dict[str, Callable[[], bool]]) -> None:
    """Install the packages of ``wanted`` that are missing; with none missing it takes no time."""
    missing = [package for package, present in wanted.items() if not present()]
    if not missing:
        return
    with lock("packages"), step(f"Debian packages: {', '.join(missing)}"):
        _install([package for package in missing if not wanted[package]()])
    still = [package for package in missing if not wanted[package]()]
    if still:
        raise StepError(f"After the installation these are still missing: {', '.join(still)}")


def _install(packages: list[str]) -> None:
    if not packages:
        return
    by_hand = f"Install them by hand (as root): apt-get install {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise StepError(f"This is no Debian or Ubuntu: apt-get was not found. Needed: {' '.join(packages)}")
    script = ROOT / "dev" / "kit" / "install-packages"
    hint = f"If this cannot be repaired by running it again: {by_hand}"
    run([*_as_root(by_hand), script, *packages], cwd=DEV, hint=hint)


def _as_root(by_hand: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise StepError(f"Programs are missing, and this is neither root nor a user with sudo. {by_hand}")
    proxies = [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "no_proxy")]
    return ["sudo", *([f"--preserve-env={','.join(proxies)}"] if proxies else [])]
