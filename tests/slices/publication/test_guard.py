"""No path but a transition makes a dataset public, and none changes one that is decided on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy.exc import ProgrammingError

from .conftest import CSV, Portal

Attempt = Callable[[Portal, dict[str, Any]], Any]

FROZEN = ("in_review", "verified", "published", "rejected", "archived")


def _api(action: str, *, who: str = "editor", **data: Any) -> Attempt:
    """Call an action with the dataset's id."""
    return lambda portal, dataset: portal.call(who, action, **{"id": dataset["id"], **data})


def _update(**changes: Any) -> Attempt:
    return lambda portal, dataset: portal.call("editor", "package_update", **{**dataset, **changes})


def _bulk(action: str) -> Attempt:
    return lambda portal, dataset: portal.call("admin", action, datasets=[dataset["id"]], org_id=dataset["owner_org"])


def _resource(action: str, **changes: Any) -> Attempt:
    return lambda portal, dataset: portal.call("editor", action, **{"id": dataset["resources"][0]["id"], **changes})


# Every way an editor has to open a dataset; after each it must still be closed.
OPENING: dict[str, Attempt] = {
    "package_update": _update(private=False),
    "package_update as text": _update(private="False"),
    "package_patch": _api("package_patch", private=False),
    "package_patch state": _api("package_patch", private=False, state="active"),
    "package_revise": lambda portal, dataset: portal.call(
        "editor", "package_revise", match={"id": dataset["id"]}, update={"private": False}
    ),
    "bulk_update_public": _bulk("bulk_update_public"),
    "bulk_update_public by a sysadmin": lambda portal, dataset: portal.call(
        "sysadmin", "bulk_update_public", datasets=[dataset["id"]], org_id=dataset["owner_org"]
    ),
    "package_patch by a sysadmin": _api("package_patch", who="sysadmin", private=False),
    "resource_create on it": lambda portal, dataset: portal.call(
        "editor", "resource_create", package_id=dataset["id"], url="http://a.example/x.csv", private=False
    ),
    "extras": _update(extras=[{"key": "status_verifikasi", "value": "terverifikasi"}], private=False),
}


@pytest.mark.parametrize("state", ["draft", "in_review", "verified", "rejected"])
def test_nothing_but_a_transition_opens_a_dataset(portal: Portal, draft: dict[str, Any], state: str) -> None:
    portal.set_state(draft["id"], state)
    opened: list[tuple[str, Any]] = []
    for path, attempt in OPENING.items():
        status, answer = attempt(portal, draft)
        if status >= 500 or portal.is_public(draft["id"]):
            opened.append((path, answer))
    assert opened == []


@pytest.mark.parametrize("kind", ["dataset", "anything", "", None])
def test_a_new_dataset_is_private_whatever_its_type(portal: Portal, kind: str | None) -> None:
    given = {"name": "baru", "title": "Baru", "notes": "x", "owner_org": portal.dinkes["id"], "private": False}
    status, made = portal.call("editor", "package_create", **given, **({} if kind is None else {"type": kind}))
    assert status < 500, made
    if status == 200:
        assert not portal.is_public(made["id"])


def test_an_exempt_type_behaves_as_in_plain_ckan(portal: Portal) -> None:
    given = {"name": "etalase", "title": "Etalase", "owner_org": portal.dinkes["id"], "private": False}
    status, made = portal.call("editor", "package_create", type="showcase", **given)
    assert status == 200, made
    assert portal.is_public(made["id"])


# Every way to change what is decided on; the content must stay.
CHANGING: dict[str, Attempt] = {
    "package_update": _update(title="Diubah"),
    "package_patch": _api("package_patch", title="Diubah"),
    "package_patch by a sysadmin": _api("package_patch", who="sysadmin", title="Diubah"),
    "package_revise": lambda portal, dataset: portal.call(
        "editor", "package_revise", match={"id": dataset["id"]}, update={"title": "Diubah"}
    ),
    "package_delete": _api("package_delete"),
    "dataset_purge": _api("dataset_purge", who="sysadmin"),
    "package_owner_org_update": lambda portal, dataset: portal.call(
        "sysadmin", "package_owner_org_update", id=dataset["id"], organization_id=portal.dikbud["id"]
    ),
    "bulk_update_private": _bulk("bulk_update_private"),
    "bulk_update_delete": _bulk("bulk_update_delete"),
    "resource_create": lambda portal, dataset: portal.call(
        "editor", "resource_create", package_id=dataset["id"], url="http://a.example/x.csv", name="lain"
    ),
    "resource_update": _resource("resource_update", url="http://a.example/x.csv", name="lain"),
    "resource_patch": _resource("resource_patch", name="lain"),
    "resource_delete": _resource("resource_delete"),
    "package_resource_reorder": lambda portal, dataset: portal.call(
        "editor", "package_resource_reorder", id=dataset["id"], order=[dataset["resources"][0]["id"]]
    ),
    "member_create": lambda portal, dataset: portal.call(
        "sysadmin", "member_create", id=_group()["id"], object=dataset["id"], object_type="package", capacity="public"
    ),
    "resource_view_create": lambda portal, dataset: portal.call(
        "editor", "resource_view_create",
        resource_id=dataset["resources"][0]["id"], view_type="text_view", title="Diubah",
    ),
    "datastore_create": lambda portal, dataset: portal.call(
        "editor", "datastore_create",
        resource_id=dataset["resources"][0]["id"], records=[{"a": 1}], force=True,
    ),
    "datastore_create with a new resource": lambda portal, dataset: portal.call(
        "editor", "datastore_create", resource={"package_id": dataset["id"], "name": "x"}, records=[{"a": 1}]
    ),
}  # fmt: skip


def _group() -> dict[str, Any]:
    from ckan.tests import factories

    return factories.Group()


def _content(portal: Portal, dataset_id: str) -> Any:
    shown = portal.show(dataset_id)
    keys = ("title", "private", "state", "owner_org", "groups", "tags", "num_resources")
    views = [call_action("resource_view_list", id=resource["id"]) for resource in shown["resources"]]
    resources = [(resource["id"], resource["name"], resource["url"]) for resource in shown["resources"]]
    tables = [bool(resource.get("datastore_active")) for resource in shown["resources"]]
    return [shown[key] for key in keys], resources, [len(found) for found in views], tables


@pytest.mark.parametrize("state", ["in_review", "published"])
def test_what_is_decided_on_is_not_changed(portal: Portal, draft: dict[str, Any], state: str) -> None:
    portal.set_state(draft["id"], state)
    before = _content(portal, draft["id"])
    changed: list[tuple[str, Any]] = []
    for path, attempt in CHANGING.items():
        status, answer = attempt(portal, portal.show(draft["id"]))
        refused = 400 <= status < 500 or path == "package_resource_reorder"
        if not refused or _content(portal, draft["id"]) != before:
            changed.append((path, answer))
    assert changed == []


@pytest.mark.parametrize("state", FROZEN)
def test_a_refusal_says_why_in_indonesian(portal: Portal, draft: dict[str, Any], state: str) -> None:
    portal.set_state(draft["id"], state)
    status, error = portal.call("editor", "package_patch", id=draft["id"], title="Diubah")
    assert status == 409
    assert error["dataset"][0].startswith("Dataset ini ")


def test_who_has_no_right_learns_nothing_of_the_state(portal: Portal, draft: dict[str, Any]) -> None:
    portal.set_state(draft["id"], "in_review")
    for who in (None, "stranger", "other", "reviewer", "member"):
        status, error = portal.call(who, "package_patch", id=draft["id"], title="Diubah")
        assert status == 403
        assert "diperiksa" not in str(error)


@pytest.mark.parametrize("state", ["draft", "revision"])
def test_a_draft_is_edited_freely(portal: Portal, draft: dict[str, Any], state: str) -> None:
    portal.set_state(draft["id"], state)
    status, answer = portal.call("editor", "package_patch", id=draft["id"], title="Judul baru")
    assert (status, answer["title"]) == (200, "Judul baru")
    assert portal.call("editor", "resource_patch", id=draft["resources"][0]["id"], name="lain")[0] == 200
    assert portal.call("editor", "package_delete", id=draft["id"])[0] == 200
    assert not portal.is_public(draft["id"])


def test_an_update_without_private_leaves_a_draft_private(portal: Portal, draft: dict[str, Any]) -> None:
    given = {key: value for key, value in draft.items() if key != "private"}
    assert portal.call("editor", "package_update", **given)[0] == 200
    assert not portal.is_public(draft["id"])


def test_a_bulk_action_with_one_closed_dataset_changes_none(portal: Portal, draft: dict[str, Any]) -> None:
    second = portal.dataset()
    portal.set_state(second["id"], "in_review")
    ids = [draft["id"], second["id"]]
    assert portal.call("admin", "bulk_update_delete", datasets=ids, org_id=draft["owner_org"])[0] == 403
    assert portal.row(draft["id"])["state"] == "active"


def test_a_draft_is_not_shared_with_a_collaborator(portal: Portal, draft: dict[str, Any], ckan_config: Any) -> None:
    ckan_config["ckan.auth.allow_dataset_collaborators"] = True
    status, error = portal.call(
        "admin", "package_collaborator_create", id=draft["id"], user_id=portal.ids["stranger"], capacity="member"
    )
    assert status == 409, error
    assert portal.call("stranger", "package_show", id=draft["id"])[0] == 403


# -- paths that know no action: the row triggers -----------------------------------------------------------------------

RAW = {
    "open": "update package set private = false where id = :id",
    "title": "update package set title = 'Diubah' where id = :id",
    "delete": "update package set state = 'deleted' where id = :id",
    "move": "update package set owner_org = :other where id = :id",
    "remove resource": "delete from resource where package_id = :id",
    "rename resource": "update resource set name = 'Diubah' where package_id = :id",
    "steal resource": "update resource set package_id = :second where package_id = :id",
    "untag": "delete from package_tag where package_id = :id",
    "leave": "delete from member where table_name = 'package' and table_id = :id",
}


@pytest.mark.parametrize("state", ["in_review", "published"])
def test_raw_sql_does_not_change_what_is_decided_on(portal: Portal, draft: dict[str, Any], state: str) -> None:
    portal.set_state(draft["id"], state)
    second = portal.dataset()
    for path, statement in RAW.items():
        if (path, state) != ("open", "published"):  # it is open
            _refused(statement, id=draft["id"], other=portal.dikbud["id"], second=second["id"])


@pytest.mark.parametrize("state", ["draft", "revision", "in_review"])
def test_raw_sql_does_not_open_a_dataset(portal: Portal, draft: dict[str, Any], state: str) -> None:
    portal.set_state(draft["id"], state)
    _refused(RAW["open"], id=draft["id"])
    _refused("update package set private = null where id = :id", id=draft["id"])


def test_raw_sql_does_not_insert_a_public_dataset(portal: Portal) -> None:
    _refused(
        "insert into package (id, name, type, owner_org, private, state) values ('a', 'a', 'x', :o, false, 'active')",
        o=portal.dinkes["id"],
    )


def test_raw_sql_does_not_put_a_resource_into_a_published_dataset(portal: Portal, published: dict[str, Any]) -> None:
    second = portal.dataset()
    _refused("update resource set package_id = :to where package_id = :id", id=second["id"], to=published["id"])


def test_the_orm_does_not_open_a_dataset(portal: Portal, draft: dict[str, Any]) -> None:
    package = model.Package.get(draft["id"])
    assert package is not None
    package.private = False
    with pytest.raises(ProgrammingError, match="stays private"):
        model.repo.commit()
    model.Session.rollback()
    assert not portal.is_public(draft["id"])


def test_a_bulk_statement_of_the_orm_does_not_open_a_dataset(portal: Portal, draft: dict[str, Any]) -> None:
    with pytest.raises(ProgrammingError, match="stays private"):
        model.Session.query(model.Package).filter_by(id=draft["id"]).update({"private": False})
    model.Session.rollback()
    assert not portal.is_public(draft["id"])


def test_the_pass_of_one_dataset_opens_no_other(portal: Portal, draft: dict[str, Any]) -> None:
    second = portal.dataset()
    from ckanext.satudata.publication import guard

    with pytest.raises(ProgrammingError), guard.passing(second["id"]):
        model.Session.execute(sa.text(RAW["open"]), {"id": draft["id"]})
    model.Session.rollback()


def test_the_pass_ends_with_its_block(draft: dict[str, Any]) -> None:
    from ckanext.satudata.publication import guard

    with guard.passing(draft["id"]):
        pass
    with pytest.raises(ProgrammingError):
        model.Session.execute(sa.text(RAW["open"]), {"id": draft["id"]})
    model.Session.rollback()


def _refused(statement: str, **values: Any) -> None:
    used = {key: value for key, value in values.items() if f":{key}" in statement}
    with model.ensure_engine().connect() as connection, pytest.raises(ProgrammingError, match="satudata"):
        connection.execute(sa.text(statement), used)


# -- pages -------------------------------------------------------------------------------------------------------------


def test_the_bulk_page_refuses_politely(portal: Portal, draft: dict[str, Any]) -> None:
    form = {"bulk_action.public": "public", f"dataset_{draft['id']}": draft["id"]}
    answer = portal.client.post(
        f"/organization/bulk_process/{portal.dinkes['name']}", data=form, headers=portal.headers("admin")
    )
    model.Session.rollback()
    assert answer.status_code in (200, 403)
    assert not portal.is_public(draft["id"])


def test_an_unknown_dataset_is_not_found(portal: Portal) -> None:
    for action in ("package_update", "package_patch", "package_delete", "resource_delete"):
        assert portal.call("sysadmin", action, id="tidak-ada")[0] == 404


@pytest.mark.parametrize("value", [["a"], {"a": 1}, 5])
def test_an_id_that_is_no_text_is_refused(portal: Portal, value: Any) -> None:
    for action in ("package_update", "package_delete", "resource_delete", "datastore_upsert", "bulk_update_public"):
        given = {"id": value, "resource_id": value, "datasets": [value], "org_id": portal.dinkes["id"]}
        status, answer = portal.call("sysadmin", action, **given)
        assert status == 409, (action, answer)


def test_a_group_does_not_take_a_published_dataset_in(portal: Portal, published: dict[str, Any]) -> None:
    group = _group()
    status, error = portal.call("sysadmin", "group_patch", id=group["id"], packages=[{"id": published["id"]}])
    assert status == 409, error
    assert error["dataset"][0].startswith("Perubahan tidak disimpan")


def test_a_change_that_meets_a_decision_is_refused_with_a_sentence(
    portal: Portal, draft: dict[str, Any], monkeypatch: Any
) -> None:
    from ckanext.satudata.publication import guard

    # as if the decision came between the guard's look and the write
    monkeypatch.setattr(guard, "check_update", lambda *_: portal.set_state(draft["id"], "in_review"))
    status, error = portal.call("editor", "package_patch", id=draft["id"], title="Lain")
    assert status == 409, error
    assert "baru saja diajukan" in error["dataset"][0]


def test_bulk_actions_want_a_list(portal: Portal) -> None:
    assert portal.call("sysadmin", "bulk_update_public", org_id=portal.dinkes["id"])[0] == 409


def test_the_file_is_not_replaced(portal: Portal, published: dict[str, Any]) -> None:
    resource = published["resources"][0]
    import io

    from werkzeug.datastructures import FileStorage

    file = FileStorage(io.BytesIO(b"baru"), "baru.csv")
    status, _error = portal.call("editor", "resource_patch", id=resource["id"], upload=file)
    assert status == 409
    assert portal.get(None, resource["url"]).data.decode() == CSV


def test_the_guard_is_installed(portal: Portal) -> None:  # noqa: ARG001
    from ckanext.satudata.publication import triggers

    with model.ensure_engine().connect() as connection:
        assert set(triggers.installed(connection)) >= {"package", "resource", "package_tag", "member"}
    assert tk.config["ckanext.satudata.exempt_types"]
