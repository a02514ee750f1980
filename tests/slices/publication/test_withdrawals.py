"""Out again: what was public is closed at once, says so at its address, and a takedown leaves nothing to be found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.lib import search
from ckan.tests.helpers import call_action

from ckanext.satudata.publication import rows
from ckanext.satudata.publication.withdrawals import removals
from tests.slices import remembered

from .conftest import CANARY, Portal
from .test_leaks import ACTIONS, OUTSIDE, PAGES, _filled, _place

TABLE = f"Kecamatan;Jumlah\n{CANARY}-sel;1474\nMekarsari;686\n"
COLUMNS = [
    {"kolom": "Kecamatan", "label": "Nama kecamatan", "tipe": "text"},
    {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit"},
]
WHY = "Angkanya keliru; yang benar terbit bulan depan"
TITLE = "Rumah layak huni"


def decide(portal: Portal, who: str, dataset_id: str, transition: str, **more: Any) -> tuple[int, Any]:
    """A decision on what is there now."""
    status, case = portal.call("sysadmin", "satudata_case_show", id=dataset_id)
    assert status == 200, case
    seen = {"expected": case["expected"], "content_hash": case["content_hash"]}
    return portal.call(who, "satudata_transition", id=dataset_id, transition=transition, **seen, **more)


def unpublish(portal: Portal, dataset_id: str) -> Any:
    status, done = decide(portal, "reviewer", dataset_id, "unpublish", reason_code="data_keliru", note=WHY)
    assert status == 200, done
    return done


def takedown(portal: Portal, dataset_id: str) -> Any:
    status, done = decide(portal, "reviewer", dataset_id, "takedown", reason_code="data_pribadi", note=f"NIK {CANARY}")
    assert status == 200, done
    return done


@pytest.fixture
def storage(clean_portal: None) -> Path:  # noqa: ARG001
    """The storage folder, in which nothing lies yet."""
    return Path(config["ckan.storage_path"])


def with_table(portal: Portal, *, second: bool = False) -> dict[str, Any]:
    """A published dataset: a checked table in the DataStore and as CSV, a view; ``second``: and another file."""
    given = {"name": f"data-{uuid4().hex[:8]}", "title": TITLE, "notes": f"Catatan {CANARY}"}
    tags = [{"name": f"tag-{CANARY}"}]
    status, dataset = portal.call("editor", "package_create", **given, owner_org=portal.dinkes["id"], tags=tags)
    assert status == 200, dataset
    made = portal.upload(dataset["id"], TABLE)
    status, answer = portal.call("editor", "resource_patch", id=made["id"], kamus_data=json.dumps(COLUMNS))
    assert status == 200, answer
    view = {"resource_id": made["id"], "view_type": "text_view", "title": f"Tampilan {CANARY}"}
    assert portal.call("editor", "resource_view_create", **view)[0] == 200
    if second:
        portal.upload(dataset["id"], "Tahun,Jumlah\n2025,7\n", name="Tabel kedua")
    found = call_action("satudata_qa_run", {"user": "orang-sysadmin"}, resource_id=made["id"], wait=True)
    assert found["state"] == "done", found
    portal.set_state(dataset["id"], "published")
    rows.expect(dataset["id"])
    model.Session.commit()
    assert rows.load_due() == 1
    shown = portal.show(dataset["id"])
    assert portal.call(None, "datastore_search", resource_id=made["id"])[0] == 200
    return shown


@pytest.fixture
def terbit(portal: Portal, storage: Path) -> dict[str, Any]:  # noqa: ARG001
    return remembered.begin(with_table, portal=portal)


def leaking(portal: Portal, dataset: dict[str, Any], words: tuple[str, ...]) -> list[Any]:
    """Whatever tells a visitor, a stranger or another office one of these words."""
    place = _place(portal, dataset)
    found: list[Any] = []
    for who in OUTSIDE:
        for name, parameters in {**ACTIONS, "satudata_withdrawn_list": {}}.items():
            given = {key: _filled(value, place) for key, value in parameters.items()}
            status, answer = portal.call(who, name.split()[0], **given)
            text = json.dumps(answer)
            echoed = [value for value in given.values() if isinstance(value, str)]
            if status >= 500 and name != "package_collaborator_list":
                found.append((who, name, status, text[:300]))
            for echo in echoed:
                text = text.replace(echo, "")
            if any(word in text for word in words):
                found.append((who, name, status, text[:300]))
        for pattern in (*PAGES, "/penarikan", "/dataset/{id}/tarik"):
            url = pattern.format(**place)
            answer = portal.get(who, url)
            text = answer.get_data(as_text=True)
            said = [word for word in words if word in text and word not in url]
            if answer.status_code >= 500 or said or f"{CANARY}-sel" in text:
                found.append((who, url, answer.status_code, said))
    return found


@pytest.mark.thorough
def test_after_unpublishing_nobody_outside_reads_a_word_but_the_title(portal: Portal, terbit: dict[str, Any]) -> None:
    unpublish(portal, terbit["id"])
    assert leaking(portal, terbit, (CANARY,)) == []
    assert portal.call("editor", "package_show", id=terbit["id"])[0] == 200


@pytest.mark.thorough
def test_after_a_takedown_not_even_the_title(portal: Portal, terbit: dict[str, Any]) -> None:
    takedown(portal, terbit["id"])
    assert leaking(portal, terbit, (CANARY, TITLE, terbit["name"])) == []


@pytest.mark.thorough
def test_a_takedown_of_what_was_withdrawn_before_takes_its_title_back(portal: Portal, terbit: dict[str, Any]) -> None:
    unpublish(portal, terbit["id"])
    assert TITLE in portal.get(None, "/penarikan").get_data(as_text=True)
    takedown(portal, terbit["id"])
    assert leaking(portal, terbit, (CANARY, TITLE, WHY)) == []
    kept = model.Session.execute(sa.text("select count(*) from satudata_withdrawal where title is not null")).scalar()
    assert kept == 0


ADDRESSES = (
    "/dataset/{name}",
    "/dataset/{id}",
    "/en/dataset/{name}",
    "/dataset/{id}/resource/{resource}",
    "/dataset/{id}/resource/{resource}/download/x.csv",
    "/dataset/{id}/resource/{resource}/tabel.csv",
    "/dataset/{id}/resource/{resource}/view/{view}",
    "/datastore/dump/{resource}",
    "/dataset/activity/{id}",
)


@pytest.mark.parametrize("step", [unpublish, takedown])
def test_every_old_address_answers_410_with_date_and_reason(portal: Portal, terbit: dict[str, Any], step: Any) -> None:
    place = _place(portal, terbit)
    step(portal, terbit["id"])
    for pattern in ADDRESSES:
        for who in (None, "stranger"):
            answer = portal.get(who, pattern.format(**place))
            text = answer.get_data(as_text=True)
            assert answer.status_code == 410, (pattern, answer.status_code)
            assert str(datetime.now(UTC).year) in text
            assert (WHY in text) is (step is unpublish)
            assert ("Pelindungan data pribadi" in text or "personal data" in text) is (step is takedown)
            assert "no-cache" in answer.headers["Cache-Control"]
            assert 'rel="stylesheet"' in text, pattern
            assert "flash-messages" not in text, pattern
    assert portal.get("editor", f"/dataset/{terbit['name']}").status_code == 200
    assert portal.get(None, "/dataset/tidak-ada").status_code == 404


def test_the_api_says_why(portal: Portal, terbit: dict[str, Any]) -> None:
    unpublish(portal, terbit["id"])
    for action, given in (("package_show", terbit["name"]), ("resource_show", terbit["resources"][0]["id"])):
        status, error = portal.call(None, action, id=given)
        assert status == 403
        assert WHY in error["message"], error
    takedown(portal, terbit["id"])
    status, error = portal.call(None, "package_show", id=terbit["id"])
    assert status == 403
    assert WHY not in error["message"]
    assert "data pribadi" in error["message"] or "personal data" in error["message"]


def test_the_decision_and_its_effects_are_one_transaction(portal: Portal, terbit: dict[str, Any]) -> None:
    from ckanext.satudata.interfaces import TransitionEvent
    from ckanext.satudata.publication.withdrawals import out

    event = TransitionEvent(
        "e", "dataset", terbit["id"], "takedown", "published", "archived", None, None,
        portal.ids["reviewer"], "walidata", None, 1, TITLE, terbit["owner_org"], reason_code="data_pribadi",
    )  # fmt: skip
    out.takedown(event)
    model.Session.flush()
    assert portal.row(terbit["id"])["private"] is False
    model.Session.rollback()
    assert portal.call(None, "datastore_search", resource_id=terbit["resources"][0]["id"])[0] == 200
    assert portal.get(None, terbit["resources"][0]["url"]).status_code == 200


def holding(storage: Path) -> list[Path]:
    """Files of the portal that hold the word."""
    return [path for path in storage.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_a_takedown_erases_bytes_rows_tables_and_reports(portal: Portal, terbit: dict[str, Any], storage: Path) -> None:
    assert len(holding(storage)) >= 3, "the file, the CSV, the judged tables"
    takedown(portal, terbit["id"])
    assert holding(storage) == []
    asked = "select count(*) from satudata_qa_report where report::text like :word"
    assert model.Session.execute(sa.text(asked), {"word": f"%{CANARY}%"}).scalar() == 0
    for table in ("satudata_blob", "satudata_blob_version", "satudata_rows", "satudata_qa_run"):
        assert model.Session.execute(sa.text(f"select count(*) from {table}")).scalar() == 0, table
    assert model.Session.execute(sa.text("select count(*) from activity where object_id = :id"), terbit).scalar() == 0
    log = model.Session.execute(sa.text("select kind, removed from satudata_removal where why = 'takedown'")).all()
    assert {kind for kind, _ in log} == {"blob", "table", "csv", "judged"}
    assert all(removed is not None for _, removed in log)


def test_a_dead_process_leaves_the_erasing_to_the_tick(
    portal: Portal, terbit: dict[str, Any], storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.satudata.publication.withdrawals import contributions

    monkeypatch.setattr(contributions, "after_commit", lambda: [])
    import ckanext.satudata.plugin as plugin

    plugin._each.cache_clear()
    try:
        takedown(portal, terbit["id"])
    finally:
        monkeypatch.undo()
        plugin._each.cache_clear()
    assert holding(storage)
    assert portal.call(None, "datastore_search", resource_id=terbit["resources"][0]["id"])[0] == 403
    assert removals.left_over() == 0
    model.Session.execute(sa.text("update satudata_removal set asked = asked - interval '1 minute'"))
    model.Session.commit()
    assert removals.left_over() > 0
    assert holding(storage) == []


def test_unpublishing_keeps_the_files_and_drops_the_tables(portal: Portal, terbit: dict[str, Any]) -> None:
    from ckanext.datastore.backend.postgres import get_write_engine

    unpublish(portal, terbit["id"])
    resource = terbit["resources"][0]
    assert portal.get("editor", resource["url"]).get_data(as_text=True) == TABLE
    with get_write_engine().connect() as connection:
        there = connection.execute(sa.text("select to_regclass(:name)"), {"name": f'"{resource["id"]}"'}).scalar()
    assert there is None
    assert portal.show(terbit["id"])["resources"][0]["datastore_active"] is False


def test_what_was_withdrawn_is_reopened_and_published_again(portal: Portal, terbit: dict[str, Any]) -> None:
    unpublish(portal, terbit["id"])
    assert portal.call("editor", "package_patch", id=terbit["id"], notes="Baru")[0] == 409
    status, done = decide(portal, "reviewer", terbit["id"], "reopen")
    assert (status, done["to_state"]) == (200, "draft")
    mended = {"notes": "Baru", "license_id": "cc-by", "klasifikasi_akses": "terbuka"}
    assert portal.call("editor", "package_patch", id=terbit["id"], **mended)[0] == 200
    assert portal.get(None, f"/dataset/{terbit['name']}").status_code == 410, "until it is public again"
    portal.set_state(terbit["id"], "verified")
    status, done = decide(portal, "reviewer", terbit["id"], "publish")
    assert status == 200, done
    assert portal.get(None, f"/dataset/{terbit['name']}").status_code == 200
    assert portal.call(None, "satudata_withdrawn_list")[1]["count"] == 0
    rows.load_due()
    assert portal.call(None, "datastore_search", resource_id=terbit["resources"][0]["id"])[1]["total"] == 2


def test_nobody_but_the_walidata_takes_it_away(portal: Portal, terbit: dict[str, Any]) -> None:
    for who in ("editor", "admin", "member"):
        for step in ("unpublish", "takedown"):
            given = {"reason_code": {"unpublish": "usang", "takedown": "data_pribadi"}[step], "note": "x"}
            status, error = decide(portal, who, terbit["id"], step, **given)
            assert (status, [one["code"] for one in error["reasons"]]) == (409, ["role_missing"]), who
    assert decide(portal, None, terbit["id"], "unpublish")[0] == 403  # pyright: ignore[reportArgumentType]
    assert portal.is_public(terbit["id"])


def _activities(portal: Portal, dataset_id: str) -> list[str]:
    """What a visitor is told about the dataset in CKAN's lists of activities."""
    found = portal.call(None, "organization_activity_list", id=portal.dinkes["id"])[1]
    found += portal.call(None, "recently_changed_packages_activity_list")[1]
    return [one["activity_type"] for one in found if one["object_id"] == dataset_id]


@pytest.mark.parametrize("step", [unpublish, takedown])
def test_the_index_and_activities_forget_it(portal: Portal, terbit: dict[str, Any], step: Any) -> None:
    portal.observe()
    assert portal.call("editor", "package_patch", id=terbit["id"], notes=f"Catatan lain {CANARY}")[0] == 200
    assert _activities(portal, terbit["id"])
    step(portal, terbit["id"])
    search.commit()
    assert portal.call(None, "package_search", q=CANARY)[1]["count"] == 0
    assert _activities(portal, terbit["id"]) == []


def test_the_producers_are_told_and_the_mail_names_no_title(portal: Portal, terbit: dict[str, Any]) -> None:
    takedown(portal, terbit["id"])
    notices = portal.call("editor", "satudata_notice_list")[1]
    assert "taken_down" in json.dumps(notices)
    mails = model.Session.execute(sa.text("select json_agg(o)::text from satudata_outbox o")).scalar()
    assert TITLE not in str(mails)


# -- the list ----------------------------------------------------------------------------------------------------------


def _withdrawn(number: int, **values: Any) -> None:
    given = {
        "id": f"w{number:03}", "dataset_id": f"d{number:03}", "name": f"data-{number}", "title": f"Judul {number}",
        "kind": "unpublish", "reason_code": "usang", "public_reason": "Lama.", "by": "rahasia",
        "withdrawn": datetime(2026, 1, 1 + number // 10, tzinfo=UTC),
    }  # fmt: skip
    from ckanext.satudata.publication.withdrawals.model import withdrawal

    model.Session.execute(sa.insert(withdrawal).values(**{**given, **values}))
    model.Session.commit()


def test_the_list_is_paged_in_a_stable_order_and_can_be_continued(portal: Portal) -> None:
    for number in range(25):
        _withdrawn(number)
    _withdrawn(90, ended=datetime(2026, 2, 1, tzinfo=UTC))
    seen: list[str] = []
    for offset in range(0, 40, 10):
        status, found = portal.call(None, "satudata_withdrawn_list", limit=10, offset=offset)
        assert (status, found["count"]) == (200, 25)
        seen += [row["dataset_id"] for row in found["results"]]
    assert seen == [f"d{number:03}" for number in range(25)]
    later = portal.call(None, "satudata_withdrawn_list", since="2026-01-03T00:00:00Z")[1]
    assert [row["dataset_id"] for row in later["results"]] == [f"d{number:03}" for number in range(20, 25)]
    assert "rahasia" not in json.dumps(later)
    for wrong in ({"since": "kemarin"}, {"limit": "banyak"}, {"offset": "x"}):
        assert portal.call(None, "satudata_withdrawn_list", **wrong)[0] == 409, wrong
    page = portal.get(None, "/penarikan").get_data(as_text=True)
    assert page.index("Judul 24") < page.index("Judul 3<")
    assert portal.get(None, "/penarikan?halaman=99999999999").status_code == 200
