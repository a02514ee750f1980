"""Slice tests run against real PostgreSQL, Redis and Solr; ``./dev/test slices`` starts them.

CKAN's own fixtures load every plugin, build the application and migrate for each test. Here plugins and application
are made once, and an empty portal is what :mod:`tests.slices.keeping` leaves of it.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from typing import Any

import ckan.model.user
import ckan.plugins
import pytest
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.lib import search
from ckan.tests.helpers import CKANCliRunner, CKANTestApp

from tests.slices import keeping, remembered


class _Made:
    """What is made once for the whole run."""

    application: Any = None


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    """Calling ``ckan`` in a test reads the logging part of the ini, which silences every logger that is there."""
    yield
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.fixture(autouse=True)
def _replaced(request: pytest.FixtureRequest) -> None:
    """What is remembered was made by the code as it is."""
    patching = "monkeypatch" in request.fixturenames
    remembered.Test.replaced = request.getfixturevalue("monkeypatch") if patching else None


@pytest.fixture(scope="session")
def loaded_plugins() -> Any:
    """The plugins of ``test.ini``; CKAN's pytest plugin unloads them after collecting the tests."""
    ckan.plugins.load_all()
    # Accounts of tests need no password that takes long to guess.
    ckan.model.user.pbkdf2_sha512 = ckan.model.user.pbkdf2_sha512.using(rounds=1)
    gc.collect()
    gc.freeze()  # what is there now stays: no need to look through it again and again
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def clean_portal(loaded_plugins: None, request: pytest.FixtureRequest) -> None:  # noqa: ARG001
    """An empty portal: no rows, no DataStore tables, no files, no index entries, no jobs."""
    keeping.Now.portal = ""
    if not ckan.plugins.plugin_loaded("satudata"):  # a test before used CKAN's ``with_plugins``
        ckan.plugins.load_all()
        _Made.application = None
    if "beginning" not in request.fixturenames:
        keeping.empty()


@pytest.fixture
def beginning(clean_portal: None) -> None:
    """Asked for by a fixture that puts a remembered beginning into the portal; it is not emptied twice."""


@pytest.fixture
def app(clean_portal: None) -> CKANTestApp:  # noqa: ARG001
    """A client without cookies for the application, which is built once."""
    if _Made.application is None:
        config["testing"] = True
        _Made.application = make_app(config)
    return CKANTestApp(_Made.application)


@pytest.fixture
def cli(app: CKANTestApp) -> Iterator[CKANCliRunner]:  # noqa: ARG001
    """The commands of ``ckan`` on the application that is there; each would make one of its own, for seconds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ckan.cli.cli.make_app", lambda _config: _Made.application)
        yield CKANCliRunner(env={"CKAN_INI": config["__file__"]})


@pytest.fixture
def indexed() -> None:
    """Commit the index now; tests read what a visitor would read a moment later."""
    search.commit()
