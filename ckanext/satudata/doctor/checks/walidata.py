"""Somebody may decide: the portal has a Walidata."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.roles import GRANT
from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check


@check(
    title=Text("Walidata", "Walidata"),
    meaning=Text(
        "Sedikitnya satu orang memegang peran Walidata hari ini.", "At least one person holds the role Walidata today."
    ),
)
def look() -> Iterator[Finding]:
    holds = (
        sa.select(sa.literal(1))
        .where(GRANT.c.role == "walidata", GRANT.c.ended.is_(None), GRANT.c.valid_from <= now())
        .where(sa.or_(GRANT.c.valid_until.is_(None), GRANT.c.valid_until > now()))
        .where(GRANT.c.user_id.in_(sa.select(model.user_table.c["id"]).where(model.user_table.c["state"] == "active")))
    )
    if model.Session.execute(holds.limit(1)).first() is None:
        yield finding(
            "walidata.nobody",
            "warning",
            what=Text("Tidak ada yang memegang peran Walidata.", "Nobody holds the role Walidata."),
            why=Text(
                "Dataset dapat diajukan, tetapi tidak ada yang memeriksa dan menerbitkannya (Perpres 39/2019).",
                "Datasets can be submitted, but nobody checks and publishes them (Perpres 39/2019).",
            ),
            remedy=Text("Beri peran itu kepada petugasnya.", "Give the role to the officer."),
            command="ckan -c ckan.ini satudata grant add AKUN walidata",
        )
