"""What is told without being asked: index, mails, notices, jobs; and counts, which no word betrays."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection

from .building import Office
from .rules import ANONYMOUS, INSIDE, PUBLIC, forbidden

ASKING = (ANONYMOUS, "stranger", "harvester", "othermember", "otheradmin", "elsewhere")


def test_the_index_holds_nothing_for_everybody_that_is_not_for_everybody(office: Office) -> None:
    documents = make_connection().search("*:*", fq="permission_labels:public", rows=1000, fl="*").docs
    assert len(documents) == len(PUBLIC)
    for document in documents:
        told = office.known.within(json.dumps(document, default=str))
        assert forbidden(ANONYMOUS, told) == set(), document["name"]


def test_a_mail_tells_its_reader_nothing_they_may_not_read(office: Office) -> None:
    assert _rows("select count(*) from satudata_outbox")[0][0] > 0, "the decisions sent mails"
    mails = "select user_id, parameters::text || coalesce(subject, '') || coalesce(body, '') from satudata_outbox"
    roles = {user_id: role for role, user_id in office.ids.items()}
    for user_id, text in _rows(mails):
        # a link is no content: it was sent while the dataset was with them, and leads nowhere now
        told = {one for one in office.known.within(text) if one.kind != "id"}
        assert forbidden(roles[user_id], told) == set(), roles[user_id]


def test_a_notice_tells_its_reader_nothing_they_may_not_read(office: Office) -> None:
    for role in INSIDE:
        listed = _result(office, role, "satudata_notice_list", {"limit": 100})
        assert listed["results"] or role not in ("editor", "walidata", "pembina"), role
        assert forbidden(role, office.known.within(json.dumps(listed))) == set(), role


def _rows(query: str) -> list[Any]:
    found = list(model.Session.execute(sa.text(query)))
    model.Session.rollback()
    return found


def test_a_takedown_leaves_no_preview(office: Office) -> None:
    query = "select count(*) from resource_view v join resource r on r.id = v.resource_id where package_id = '{id}'"
    assert _rows(query.format(**office.places["takendown"]))[0][0] == 0
    assert _rows(query.format(**office.places["published"]))[0][0] > 0


def test_counts_count_what_the_reader_may_read(office: Office) -> None:
    public = len(PUBLIC)
    here = sum(office.places[one]["office"] == "dinas-kesehatan" for one in PUBLIC)
    for role in ASKING:
        found = _result(office, role, "package_search", {"rows": 0, "include_private": True, "include_drafts": True})
        assert found["count"] == public, role
        shown = _result(office, role, "organization_show", {"id": "dinas-kesehatan"})
        assert shown["package_count"] == here, role
        for action in ("organization_list", "group_list"):
            listed = _result(office, role, action, {"all_fields": True, "include_dataset_count": True})
            assert sum(one["package_count"] for one in listed) == public, (role, action)
        tags = _result(office, role, "tag_search", {"query": "kenaritag"})
        assert tags["count"] == public, role


def _result(office: Office, role: str, action: str, given: dict[str, Any]) -> Any:
    answer = office.call(role, action, given)
    assert answer.status == 200, (role, action, answer.text[:300])
    return json.loads(answer.text)["result"]
