"""A definition to walk through, and people to walk it."""

from __future__ import annotations

import pytest

from ckanext.satudata.core.workflow import loader
from ckanext.satudata.core.workflow.case import Actor, RoleHeld
from ckanext.satudata.core.workflow.definition import Definition

WORKFLOWS = loader.RULEBOOK

PEOPLE = {
    "operator": Actor("operator", (RoleHeld("produsen_data"),)),
    "walidata": Actor("walidata", (RoleHeld("walidata"),)),
    "walidata_2": Actor("walidata_2", (RoleHeld("walidata", everywhere=True),)),
    "pembina": Actor("pembina", (RoleHeld("pembina_data", everywhere=True),)),
    "serba_bisa": Actor("serba_bisa", (RoleHeld("produsen_data"), RoleHeld("walidata"), RoleHeld("pembina_data"))),
    "orang_luar": Actor("orang_luar"),
    "admin": Actor("admin", sysadmin=True),
}


def definition_of(name: str) -> Definition:
    return loader.load_file(WORKFLOWS / f"{name}.yaml")


@pytest.fixture
def perpres() -> Definition:
    return definition_of("perpres")
