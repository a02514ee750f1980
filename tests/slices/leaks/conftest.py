"""The portal of the matrix is built once: every test only reads it."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins
import pytest
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.lib import redis, search
from ckan.tests.helpers import CKANTestApp

from tests.slices.conftest import empty_database, empty_datastore

from .building import Office, settings


@pytest.fixture(scope="package")
def built(loaded_plugins: None) -> Office:  # noqa: ARG001
    """Every situation, and one account for every role."""
    if not ckan.plugins.plugin_loaded("satudata"):
        ckan.plugins.load_all()
    empty_database()
    empty_datastore()
    search.clear_all()
    redis.connect_to_redis().flushdb()
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
