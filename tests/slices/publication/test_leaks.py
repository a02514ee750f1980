"""What is not approved is seen by its organization and its reviewers, and by nobody else.

Every action and every page is asked by ``tests/slices/leaks``; the shorter lists here are for tests that ask again
after a step (a withdrawal).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from tests.daily import cases

from .conftest import CANARY, CSV, Portal

OUTSIDE = (None, "stranger", "other")
INSIDE = ("member", "editor", "admin", "reviewer", "sysadmin")

# Every address that leads, or could lead, to a dataset. Words in braces are filled with those of the dataset.
ACTIONS: dict[str, dict[str, Any]] = {
    "package_show": {"id": "{id}"},
    "package_show by name": {"id": "{name}"},
    "package_list": {},
    "current_package_list_with_resources": {},
    "package_search": {"q": CANARY, "facet.field": ["tags", "res_format", "organization", "title_string"]},
    "package_search private": {"q": "*:*", "include_private": True, "include_drafts": True, "fl": "*", "rows": 100},
    "package_search capacity": {"fq": "capacity:private", "include_private": True},
    "package_search labels": {"q": "permission_labels:sd-review*", "facet.field": ["permission_labels"]},
    "package_autocomplete": {"q": CANARY},
    "format_autocomplete": {"q": CANARY},
    "resource_show": {"id": "{resource}"},
    "resource_search": {"query": f"name:{CANARY}"},
    "resource_view_list": {"id": "{resource}"},
    "resource_view_show": {"id": "{view}"},
    "package_relationships_list": {"id": "{id}"},
    "organization_show": {"id": "{organization}", "include_datasets": True},
    "organization_list": {"all_fields": True, "include_dataset_count": True},
    "user_show": {"id": "orang-editor", "include_datasets": True},
    "tag_list": {},
    "tag_list fields": {"all_fields": True},
    "tag_list query": {"query": CANARY},
    "tag_search": {"query": CANARY},
    "tag_autocomplete": {"query": CANARY},
    "tag_show": {"id": f"tag-{CANARY}", "include_datasets": True},
    "datastore_search": {"resource_id": "{resource}"},
    "datastore_info": {"id": "{resource}"},
    "datastore_search tables": {"resource_id": "_table_metadata"},
    "package_activity_list": {"id": "{id}"},
    "organization_activity_list": {"id": "{organization}"},
    "user_activity_list": {"id": "orang-editor"},
    "recently_changed_packages_activity_list": {},
    "follow_dataset": {"id": "{id}"},
    "dataset_followee_list": {"id": "orang-editor"},
    "dataset_follower_list": {"id": "{id}"},
    "am_following_dataset": {"id": "{id}"},
    "package_collaborator_list": {"id": "{id}"},
    "member_list": {"id": "{organization}", "object_type": "package"},
    "satudata_qa_summary": {"id": "{id}"},
    "satudata_qa_show": {"resource_id": "{resource}"},
    "satudata_table_show": {"resource_id": "{resource}"},
    "satudata_qa_files": {"resource_id": "{resource}"},
    "satudata_case_show": {"id": "{id}"},
    "satudata_available": {"id": "{id}"},
    "satudata_history": {"id": "{id}"},
    "satudata_changes": {"id": "{id}"},
    "satudata_metadata_check": {"id": "{id}"},
    "satudata_dictionary_show": {"resource_id": "{resource}"},
    "help_show": {"name": "package_show"},
}
PAGES = (
    "/dataset/{name}",
    "/dataset/{id}",
    "/dataset/",
    f"/dataset/?q={CANARY}",
    "/dataset/?include_private=true&include_drafts=true",
    "/dataset/{name}/resource/{resource}",
    "/dataset/{id}/resource/{resource}/download/" + CANARY + ".csv",
    "/dataset/{id}/resource/{resource}/download",
    "/dataset/{id}/resource/{resource}/view/{view}",
    "/dataset/{id}/resource/{resource}/tabel.csv",
    "/dataset/{id}/resource/{resource}/qa",
    "/dataset/{id}/resource/{resource}/kamus",
    "/dataset/activity/{id}",
    "/dataset/groups/{id}",
    "/dataset/followers/{id}",
    "/dataset/edit/{id}",
    "/dataset/{id}/status",
    "/dataset/{id}/riwayat",
    "/dataset/{id}/tinjau",
    "/datastore/dump/{resource}",
    "/datastore/dictionary/{resource}",
    "/organization/dinas-kesehatan",
    "/organization/",
    "/organization/activity/{organization}",
    "/organization/bulk_process/dinas-kesehatan",
    "/user/orang-editor",
    "/user/activity/orang-editor",
    "/feeds/dataset.atom",
    "/feeds/organization/dinas-kesehatan.atom",
    f"/feeds/tag/tag-{CANARY}.atom",
    f"/feeds/custom.atom?q={CANARY}",
    f"/api/2/util/dataset/autocomplete?incomplete={CANARY}",
    f"/api/2/util/tag/autocomplete?incomplete={CANARY}",
    f"/api/2/util/resource/format_autocomplete?incomplete={CANARY}",
    "/api/3/action/package_show?id={id}",
    "/",
    "/meja-kerja",
    "/pekerjaan-saya",
)


def _place(portal: Portal, dataset: dict[str, Any]) -> dict[str, str]:
    resource = dataset["resources"][0]["id"]
    views = call_action("resource_view_list", id=resource)
    return {
        "id": dataset["id"],
        "name": dataset["name"],
        "organization": portal.dinkes["id"],
        "resource": resource,
        "view": views[0]["id"] if views else "none",
    }


def _filled(value: Any, place: dict[str, str]) -> Any:
    return value.format(**place) if isinstance(value, str) and "{" in value else value


@pytest.mark.parametrize("state", cases("in_review", thorough=("draft", "verified")))
def test_inside_the_dataset_is_read(portal: Portal, draft: dict[str, Any], state: str) -> None:
    portal.set_state(draft["id"], state)
    for who in INSIDE:
        if (who, state) == ("reviewer", "draft"):  # what was never handed in is for members
            assert portal.call(who, "package_show", id=draft["id"])[0] == 403
            continue
        assert portal.call(who, "package_show", id=draft["id"])[0] == 200, who
        found = portal.call(who, "package_search", q=CANARY, include_private=True)[1]
        assert [one["id"] for one in found["results"]] == [draft["id"]], who
        assert portal.get(who, draft["resources"][0]["url"]).get_data(as_text=True) == CSV, who


def test_a_reviewer_of_another_organization_sees_nothing(portal: Portal, draft: dict[str, Any]) -> None:
    portal.set_state(draft["id"], "in_review")
    portal.person("pembina")
    portal.grant("pembina", "walidata", portal.dikbud["id"])
    assert portal.call("pembina", "package_show", id=draft["id"])[0] == 403
    portal.grant("pembina", "walidata", portal.dinkes["id"])
    assert portal.call("pembina", "package_show", id=draft["id"])[0] == 200


def test_a_reviewer_reads_and_writes_nothing(portal: Portal, draft: dict[str, Any]) -> None:
    resource = draft["resources"][0]["id"]
    assert portal.call("reviewer", "package_patch", id=draft["id"], title="x")[0] == 403
    assert portal.call("reviewer", "resource_patch", id=resource, name="x")[0] == 403
    assert portal.call("reviewer", "resource_delete", id=resource)[0] == 403
    assert portal.call("reviewer", "package_delete", id=draft["id"])[0] == 403


def test_a_row_that_drifted_to_public_is_still_closed_by_its_labels(portal: Portal, draft: dict[str, Any]) -> None:
    import sqlalchemy as sa

    model.Session.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    model.Session.execute(sa.text("update package set private = false where id = :id"), {"id": draft["id"]})
    model.Session.commit()
    assert portal.call(None, "package_show", id=draft["id"])[0] == 403
    assert portal.get(None, draft["resources"][0]["url"]).status_code in (403, 404)


def test_after_publication_everybody_reads_everything(portal: Portal, published: dict[str, Any]) -> None:
    for who in (None, "stranger", "other"):
        status, shown = portal.call(who, "package_show", id=published["id"])
        assert (status, shown["title"]) == (200, f"Rumah {CANARY}")
        assert portal.call(who, "package_search", q=CANARY)[1]["count"] == 1
        assert portal.call(who, "tag_list")[1] == [f"tag-{CANARY}"]
        assert portal.get(who, published["resources"][0]["url"]).get_data(as_text=True) == CSV
        assert portal.get(who, f"/dataset/{published['name']}").status_code == 200


def test_tags_of_hidden_datasets_are_not_counted(portal: Portal, published: dict[str, Any]) -> None:
    portal.dataset(tags=[{"name": "tag-rahasia"}])
    status, found = portal.call(None, "tag_search", query="tag-", limit=1)
    assert (status, found["count"]) == (200, 1)
    assert [tag["name"] for tag in found["results"]] == [f"tag-{CANARY}"]
    assert published["name"]


def test_a_moved_draft_is_lost_to_its_old_organization(portal: Portal, draft: dict[str, Any]) -> None:
    status, _ = portal.call("sysadmin", "package_owner_org_update", id=draft["id"], organization_id=portal.dikbud["id"])
    assert status == 200
    assert portal.call("editor", "package_search", q=CANARY, include_private=True)[1]["count"] == 0
    assert portal.call("other", "package_search", q=CANARY, include_private=True)[1]["count"] == 1


def test_the_first_public_activity_does_not_show_the_draft_before_it(portal: Portal, ckan_config: Any) -> None:
    ckan_config["ckan.auth.public_activity_stream_detail"] = True
    portal.observe()
    made = portal.dataset()
    portal.call("editor", "package_patch", id=made["id"], private=True)
    portal.call("editor", "package_patch", id=made["id"], notes=f"Rahasia {CANARY}")
    portal.call("editor", "package_patch", id=made["id"], private=False, notes="Terbuka", title="Terbuka")
    status, listed = portal.call(None, "package_activity_list", id=made["id"])
    assert status == 200
    assert listed
    status, answer = portal.call(None, "activity_diff", id=listed[0]["id"], object_type="package")
    assert status == 403, answer


def test_what_happens_to_a_draft_leaves_no_activity(portal: Portal, draft: dict[str, Any]) -> None:
    portal.call("editor", "package_patch", id=draft["id"], title="Lain")
    import sqlalchemy as sa

    count = model.Session.execute(
        sa.text("select count(*) from activity where object_id = :id"), {"id": draft["id"]}
    ).scalar()
    assert count == 0


def test_hidden_and_unknown_look_alike_on_pages(portal: Portal, draft: dict[str, Any]) -> None:
    for who in OUTSIDE:
        assert portal.get(who, f"/dataset/{draft['name']}").status_code == 404
        assert portal.get(who, "/dataset/tidak-ada").status_code == 404


def test_the_projection_has_no_names_and_no_notes(portal: Portal, published: dict[str, Any]) -> None:
    text = json.dumps(portal.call(None, "package_show", id=published["id"])[1])
    assert "orang-editor" not in text
    assert "orang-reviewer" not in text
