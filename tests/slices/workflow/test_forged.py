"""Decisions nobody may make: refused, told in the log, and nothing is changed."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp

from tests.long.rig import token_of
from tests.slices.workflow.conftest import Office, engine
from tests.slices.workflow.levels import PDF

# Every action by which somebody decides or works on a case: (action, further data, where the dataset stands).
DECISIONS: dict[str, tuple[str, dict[str, Any], str]] = {
    "submit": ("satudata_transition", {"transition": "submit"}, "draft"),
    "withdraw": ("satudata_transition", {"transition": "withdraw"}, "in_review"),
    "pass": ("satudata_transition", {"transition": "pass"}, "in_review"),
    "return": (
        "satudata_transition",
        {"transition": "return", "note": "Salah.", "reason_code": "isi_data"},
        "in_review",
    ),
    "reject": (
        "satudata_transition",
        {"transition": "reject", "note": "Salah.", "reason_code": "isi_data"},
        "in_review",
    ),
    "reopen": ("satudata_transition", {"transition": "reopen"}, "rejected"),
    "publish": ("satudata_transition", {"transition": "publish"}, "verified"),
    "schedule": ("satudata_transition", {"transition": "schedule", "at": "2040-01-31 09:00"}, "verified"),
    "override": ("satudata_override_edit", {"reason": "Uji."}, "in_review"),
    "claim": ("satudata_claim", {}, "in_review"),
    "release": ("satudata_release", {}, "held"),
    "assign": ("satudata_assign", {"user": "walidata"}, "held"),
    "bulk": ("satudata_transition_bulk", {"transition": "submit"}, "draft"),
    "note": ("satudata_note_create", {"target_type": "dataset", "text": "Salah."}, "in_review"),
    "evidence": ("satudata_evidence_create", {"kind": "surat_validasi"}, "in_review"),
}
GRANT = ("satudata_grant_create", {"user": "tamu", "role": "walidata"})
# Who may take the step; everybody else among the people of the office may not.
MAY = {
    "submit": {"operator", "operator_dua"},
    "withdraw": {"operator", "operator_dua"},
    "bulk": {"operator", "operator_dua"},
    "override": set[str](),
}
SUBMIT, PASS, REJECT = ("operator", "submit"), ("walidata", "pass"), ("walidata", "reject")
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "draft": (),
    "in_review": (SUBMIT,),
    "held": (SUBMIT,),
    "verified": (SUBMIT, PASS),
    "rejected": (SUBMIT, REJECT),
}
PEOPLE = ("operator", "operator_dua", "anggota", "operator_lain", "walidata", "walidata_dua", "pembina", "tamu")
OUTSIDERS = ("operator_lain", "walidata_dua", "tamu")
TABLES = "select row_to_json(t)::text from {table} t order by 1"
WATCHED = ("satudata_case", "satudata_event", "satudata_note", "satudata_evidence", "satudata_grant", "package")


def _tables() -> list[list[str]]:
    with engine().connect() as connection:
        return [list(connection.execute(sa.text(TABLES.format(table=name))).scalars()) for name in WATCHED]


class Forger:
    """Sends requests as they would come over the net, and holds what must be true of a refused one."""

    def __init__(self, office: Office, app: CKANTestApp, caplog: pytest.LogCaptureFixture) -> None:
        self.office, self.caplog = office, caplog
        self.app, self.client = app, app.test_client()
        self.datasets = {state: self._dataset(state) for state in WAYS}
        office.call("walidata", "satudata_claim", id=self.datasets["held"])
        self.tokens: dict[str, str] = {}

    def _dataset(self, state: str) -> str:
        office = self.office
        dataset = office.dataset()
        for who, transition in WAYS[state]:
            office.decide(who, dataset, transition, **({"note": "Salah."} if transition == "reject" else {}))
        return dataset

    def request(self, name: str) -> tuple[str, dict[str, Any], str]:
        """Action, data and dataset of a decision on what is there now."""
        action, more, state = DECISIONS[name]
        dataset = self.datasets[state]
        seen = self.office.case(dataset)
        fresh = {"id": dataset, "expected": seen["expected"], "content_hash": seen["content_hash"]}
        if name == "bulk":
            return action, {**more, "items": [fresh]}, dataset
        return action, {**fresh, **more} if action == "satudata_transition" else {"id": dataset, **more}, dataset

    def by_token(self, who: str, action: str, data: dict[str, Any]) -> Any:
        if who not in self.tokens:
            self.tokens[who] = token_of(who)
        headers = {"Authorization": self.tokens[who]}
        if action == "satudata_evidence_create":
            file = (io.BytesIO(PDF), "surat.pdf")
            return self.client.post(f"/api/3/action/{action}", data={**data, "upload": file}, headers=headers)
        headers["Content-Type"] = "application/json"
        return self.client.post(f"/api/3/action/{action}", data=json.dumps(data), headers=headers)

    def refused(self, ask: Callable[[], Any], statuses: tuple[int, ...], *told: str) -> Any:
        """The answer; the tables are as before, and one line of the log names all of ``told``."""
        model.Session.remove()
        before = _tables()
        self.caplog.clear()
        with self.caplog.at_level(logging.WARNING):
            answer = ask()
        assert answer.status_code in statuses, (answer.status_code, answer.get_data(as_text=True)[:500])
        assert _tables() == before, told
        lines = [record.getMessage() for record in self.caplog.records if record.getMessage().startswith("refused: ")]
        assert any(all(word in line for word in told) for line in lines), (told, lines)
        return answer


@pytest.fixture
def forger(office: Office, app: CKANTestApp, caplog: pytest.LogCaptureFixture) -> Forger:
    return Forger(office, app, caplog)


def test_a_link_decides_nothing(forger: Forger) -> None:
    """By GET, with everything a decision needs in the address, and with the right of the one who may."""
    token = token_of("admin")
    for name in DECISIONS:
        action, data, dataset = forger.request(name)
        query = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in data.items()}
        told = (action, "admin") if name == "bulk" else (action, "admin", dataset)
        forger.refused(
            lambda action=action, query=query: forger.client.get(
                f"/api/3/action/{action}", query_string=query, headers={"Authorization": token}
            ),
            (400,),
            *told,
        )
    forger.refused(
        lambda: forger.client.get(f"/api/3/action/{GRANT[0]}", query_string=GRANT[1], headers={"Authorization": token}),
        (400,),
        GRANT[0],
        "admin",
    )


def test_a_page_of_somebody_else_decides_nothing(forger: Forger) -> None:
    """A browser that is logged in sends its cookie along; the token of the form is what a foreign page lacks.

    Also after somebody has used the API with a token, which makes CKAN forget its protection of the API.
    """
    browser = _logged_in(forger, "admin")
    assert forger.by_token("admin", "status_show", {}).status_code == 200
    for name in DECISIONS:
        action, data, dataset = forger.request(name)
        told = (action, "admin") if name == "bulk" else (action, "admin", dataset)
        # This is what a form of a foreign page can send without being asked first.
        fields = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in data.items()}
        forger.refused(
            lambda action=action, fields=fields: browser.post(
                f"/api/3/action/{action}", data=fields, content_type="multipart/form-data"
            ),
            (400,),
            *told,
        )
        if action == "satudata_transition":
            typed = {**data, "expected": json.dumps(data["expected"])}
            for page in ("tinjau", "status"):
                path = f"/dataset/{dataset}/{page}"
                forger.refused(
                    lambda path=path, typed=typed: browser.post(path, data=typed), (400,), "POST", "admin", dataset
                )
    before, draft = _tables(), forger.datasets["draft"]
    for action, fields in (
        ("package_patch", {"id": draft, "title": "Lain"}),
        ("package_delete", {"id": draft}),
        ("user_patch", {"id": "tamu", "fullname": "Lain"}),
    ):
        core = browser.post(f"/api/3/action/{action}", data=fields, content_type="multipart/form-data")
        assert (core.status_code, _tables()) == (400, before), action
    item = json.dumps(forger.request("submit")[1])
    for path, typed in (
        ("/meja-kerja/sekaligus", {"langkah": "publish", "dilihat": item}),
        ("/pekerjaan-saya/sekaligus", {"langkah": "submit", "dilihat": item}),
        ("/meja-kerja/ambil", {"ambil": forger.datasets["in_review"]}),
    ):
        forger.refused(lambda path=path, typed=typed: browser.post(path, data=typed), (400,), "POST", path, "admin")
    forger.refused(
        lambda: browser.post(f"/api/3/action/{GRANT[0]}", data=GRANT[1], content_type="multipart/form-data"),
        (400,),
        GRANT[0],
        "admin",
    )


def test_what_is_no_longer_so_is_not_decided_on(forger: Forger) -> None:
    """With the state of another moment, and with the content of another moment."""
    for name, (action, _, _) in DECISIONS.items():
        if action != "satudata_transition":
            continue
        _, data, dataset = forger.request(name)
        who = next(iter(MAY.get(name, {"walidata"})))
        other = "verified" if data["expected"]["state"] != "verified" else "in_review"
        for stale in ({"expected": {**data["expected"], "state": other}}, {"content_hash": "0" * 64}):
            answer = forger.refused(
                lambda who=who, data=data, stale=stale: forger.by_token(who, "satudata_transition", {**data, **stale}),
                (409,),
                f"satudata_transition {name}",
                who,
                dataset,
                "conflict",
            )
            assert answer.get_json()["error"]["conflict"]


@pytest.mark.thorough
def test_nobody_decides_without_the_role(forger: Forger) -> None:
    for name, (action, _, _) in DECISIONS.items():
        _, data, dataset = forger.request(name)
        if name == "bulk":
            continue
        for who in sorted(set(PEOPLE) - set(OUTSIDERS) - MAY.get(name, {"walidata"})):
            answer = forger.refused(
                lambda who=who, action=action, data=data: forger.by_token(who, action, data),
                (403, 409),
                action,
                who,
                dataset,
            )
            if answer.status_code == 409:
                assert answer.get_json()["error"]["reasons"], (name, who)
    for who in PEOPLE:
        forger.refused(lambda who=who: forger.by_token(who, *GRANT), (403, 409), GRANT[0], who)


@pytest.mark.thorough
def test_nobody_decides_on_the_data_of_another_organization(forger: Forger) -> None:
    for name, (action, _, _) in DECISIONS.items():
        _, data, dataset = forger.request(name)
        for who in OUTSIDERS:
            if name == "bulk":  # see below
                continue
            forger.refused(
                lambda who=who, action=action, data=data: forger.by_token(who, action, data),
                (403,),
                action,
                who,
                dataset,
            )


def test_many_at_once_are_no_way_around(forger: Forger) -> None:
    action, data, dataset = forger.request("bulk")
    for who in sorted(set(PEOPLE) - MAY["bulk"]):
        answer = forger.refused(
            lambda who=who: forger.by_token(who, action, data), (200,), "satudata_transition submit", who, dataset
        )
        assert answer.get_json()["result"]["done"] == 0


def _logged_in(forger: Forger, who: str) -> Any:
    user = model.User.get(who)
    assert user is not None
    user.password = "rahasia-uji-123"
    model.Session.commit()
    browser = forger.app.test_client()
    page = browser.get("/user/login").get_data(as_text=True)
    found = re.search(r'name="_csrf_token"[^>]*value="([^"]*)"', page)
    assert found is not None
    form = {"login": who, "password": "rahasia-uji-123", "_csrf_token": found.group(1)}
    assert browser.post("/user/login", data=form, follow_redirects=False).status_code == 302
    return browser
