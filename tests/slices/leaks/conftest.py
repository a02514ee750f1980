"""The portal of the matrix is built once: every test only reads it."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins
import pytest
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.tests.helpers import CKANTestApp

from tests.slices import keeping

from .building import Office, settings


@pytest.fixture(scope="package")
def built(loaded_plugins: None) -> Office:  # noqa: ARG001
    """Every situation, and one account for every role."""
    if not ckan.plugins.plugin_loaded("satudata"):
        ckan.plugins.load_all()
    keeping.empty()
    config["testing"] = True
    with settings():
        client = CKANTestApp(make_app(config))
        client.flask_app.config["PROPAGATE_EXCEPTIONS"] = False  # as on a portal: an error page, not an exception
        made = Office(client)
        made.build()
    return made


@pytest.fixture
def office(built: Office) -> Iterator[Office]:
    """The same portal; CKAN's pytest plugin puts the configuration back before each test."""
    with settings():
        yield built
