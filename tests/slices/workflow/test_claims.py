"""Who takes a case holds it; nobody else decides on it unknowingly."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import columns
from ckanext.satudata.workflow.sharing import claim_work

from .conftest import Office, engine
from .levels import codes, refused, submitted, under


@pytest.fixture
def levels(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    return under(office, monkeypatch, "bertingkat")


def _holder(office: Office, dataset: str) -> str | None:
    """Who holds it, as another connection sees it."""
    with engine().connect() as connection:
        query = sa.text("select holder_id from satudata_case where subject_id = :id")
        found = connection.execute(query, {"id": dataset}).scalar()
    return next((name for name, user in office.users.items() if user["id"] == found), found)


def _last(office: Office, dataset: str) -> dict[str, Any]:
    return office.call("admin", "satudata_history", id=dataset)[0]


def test_claiming_is_written_and_told(levels: Office) -> None:
    dataset = submitted(levels)
    answer = levels.call("staf", "satudata_claim", id=dataset)
    assert (answer["holder"]["name"], _holder(levels, dataset)) == ("Staf", "staf")
    event = _last(levels, dataset)
    assert (event["transition"], event["from_state"], event["to_state"]) == ("claim", "in_review", "in_review")
    levels.call("staf", "satudata_claim", id=dataset)
    assert levels.written(dataset)[4] == 2


def test_a_held_case_is_refused_with_the_holders_name(levels: Office) -> None:
    dataset = submitted(levels)
    levels.call("staf", "satudata_claim", id=dataset)
    assert "Staf" in refused(levels, "staf_dua", "satudata_claim", id=dataset)["conflict"][0]
    assert codes(levels.refused("staf_dua", dataset, "pass")) == ["held_by_other"]
    assert levels.decide("staf", dataset, "pass")["to_stage"] == "koreksi"


def test_of_two_at_once_exactly_one_wins(levels: Office) -> None:
    dataset = submitted(levels)
    for _ in range(3):
        start, outcomes = threading.Barrier(2), {}

        def claim(who: str, start: threading.Barrier = start, outcomes: dict[str, Any] = outcomes) -> None:
            try:
                start.wait()
                outcomes[who] = levels.call(who, "satudata_claim", id=dataset)["holder"]["name"]
            except tk.ValidationError as error:
                outcomes[who] = list(error.error_dict)
            finally:
                model.Session.remove()

        threads = [threading.Thread(target=claim, args=(who,)) for who in ("staf", "staf_dua")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        winner = _holder(levels, dataset)
        assert winner in ("staf", "staf_dua")
        other = "staf_dua" if winner == "staf" else "staf"
        assert outcomes == {winner: levels.case(dataset, "admin") and str(winner).title(), other: ["conflict"]}
        model.Session.rollback()
        levels.call(str(winner), "satudata_release", id=dataset)


def test_only_who_could_decide_claims(levels: Office) -> None:
    dataset = submitted(levels)
    for who in ("kabid", "operator", "anggota"):
        assert "role_missing" in codes(refused(levels, who, "satudata_claim", id=dataset)), who
    with pytest.raises(tk.NotAuthorized):
        levels.call("tamu", "satudata_claim", id=dataset)
    levels.decide("operator", dataset, "withdraw")
    assert codes(refused(levels, "staf", "satudata_claim", id=dataset)) == ["nothing_to_claim"]


def test_an_author_claims_nothing(levels: Office) -> None:
    levels.grant("operator_dua", "walidata", position="staf")
    dataset = levels.dataset("operator_dua")
    levels.decide("operator_dua", dataset, "submit")
    assert codes(refused(levels, "operator_dua", "satudata_claim", id=dataset)) == ["own_work"]


@pytest.mark.thorough
def test_a_claim_ends_with_its_stage(levels: Office) -> None:
    dataset = submitted(levels)
    levels.call("staf", "satudata_claim", id=dataset)
    levels.decide("staf", dataset, "pass")
    assert _holder(levels, dataset) is None


def test_the_holder_or_a_superior_releases(levels: Office) -> None:
    dataset = submitted(levels)
    for releaser in ("staf", "kasi", "kabid", "admin"):
        levels.call("staf", "satudata_claim", id=dataset)
        assert codes(refused(levels, "staf_dua", "satudata_release", id=dataset)) == ["not_holder"]
        assert levels.call(releaser, "satudata_release", id=dataset)["holder"] is None, releaser
    levels.call("kasi", "satudata_claim", id=dataset)
    assert codes(refused(levels, "staf", "satudata_release", id=dataset)) == ["not_holder"]
    assert levels.call("kabid", "satudata_release", id=dataset, note="Cuti.")["holder"] is None
    assert _last(levels, dataset)["note"] == "Cuti."


def test_a_superior_assigns_and_takes_over(levels: Office) -> None:
    dataset = submitted(levels)
    assert levels.call("kasi", "satudata_assign", id=dataset, user="staf")["holder"]["name"] == "Staf"
    assert codes(refused(levels, "staf_dua", "satudata_assign", id=dataset, user="staf_dua")) == ["not_holder"]
    assert levels.call("kasi", "satudata_assign", id=dataset, user="kasi")["holder"]["name"] == "Kasi"
    assert levels.decide("kasi", dataset, "pass")["to_stage"] == "koreksi"


def test_a_holder_hands_over(levels: Office) -> None:
    dataset = submitted(levels)
    levels.call("staf", "satudata_claim", id=dataset)
    levels.call("staf", "satudata_assign", id=dataset, user="staf_dua", note="Saya cuti.")
    assert _holder(levels, dataset) == "staf_dua"
    event = _last(levels, dataset)
    assert (event["transition"], event["note"]) == ("assign", "Saya cuti.")


def test_assigning_is_told_to_both(levels: Office) -> None:
    dataset = submitted(levels)
    levels.call("staf", "satudata_claim", id=dataset)
    levels.call("kasi", "satudata_assign", id=dataset, user="staf_dua")
    told = {who: levels.call(who, "satudata_notice_list")["results"][0]["text"] for who in ("staf", "staf_dua")}
    assert "dialihkan" in told["staf"]
    assert "ditugaskan kepada Anda" in told["staf_dua"]


def test_nobody_is_assigned_who_cannot_decide(levels: Office) -> None:
    levels.grant("operator_dua", "walidata", position="staf")
    dataset = levels.dataset("operator_dua")
    levels.decide("operator_dua", dataset, "submit")
    for who in ("operator_dua", "kabid", "operator", "admin", "tidak-ada"):
        assert list(refused(levels, "kasi", "satudata_assign", id=dataset, user=who)) == ["user"], who
    assert _holder(levels, dataset) is None


def test_who_left_holds_nothing(levels: Office) -> None:
    """Even before anybody frees it: the next one may take it."""
    dataset = submitted(levels)
    levels.call("staf", "satudata_claim", id=dataset)
    grant = next(one for one in levels.call("admin", "satudata_grant_list") if one["user"]["name"] == "staf")
    levels.call("admin", "satudata_grant_end", id=grant["id"])
    assert levels.call("staf_dua", "satudata_claim", id=dataset)["holder"]["name"] == "Staf_Dua"


def test_what_somebody_left_behind_is_freed(levels: Office) -> None:
    kept, left = submitted(levels), submitted(levels)
    levels.call("staf", "satudata_claim", id=left)
    levels.call("staf_dua", "satudata_claim", id=kept)
    free: dict[str, Any] = {"user": "staf"}
    assert tk.get_action("satudata_claims_free")({"ignore_auth": True}, free) == {"freed": 0}
    user = model.User.get("staf")
    assert user is not None
    user.state = "deleted"
    model.Session.commit()
    assert tk.get_action("satudata_claims_free")({"ignore_auth": True}, free) == {"freed": 1}
    assert (_holder(levels, left), _holder(levels, kept)) == (None, "staf_dua")
    assert _last(levels, left)["automatic"] is True
    with pytest.raises(tk.NotAuthorized):
        levels.call("staf_dua", "satudata_claims_free", user="staf_dua")


def test_a_claim_may_lapse(levels: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = submitted(levels)
    levels.call("staf", "satudata_claim", id=dataset)
    with columns.at(datetime.now(UTC) + timedelta(days=30)):
        assert claim_work.free_stale() == 0
        monkeypatch.setitem(tk.config, "ckanext.satudata.claim_days", 5)
        assert claim_work.free_stale() == 1
    assert _holder(levels, dataset) is None
