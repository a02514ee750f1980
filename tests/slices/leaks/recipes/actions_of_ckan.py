"""The actions of CKAN, its DataStore, its activities and scheming."""

from __future__ import annotations

from typing import Any

from .recipe import Table, all_nothing, read, write

NUMBER = "answers with a number or yes and no"
PEOPLE = "accounts, their follows and tokens; no dataset"
GROUPS = "organizations and groups themselves; no dataset"
SETTINGS = "settings and words of the portal"
PROGRAM = "for sysadmins, of functions or files that no dataset has"


def facets(*names: str) -> dict[str, Any]:
    """The parameter of a search that counts by these fields."""
    return {"facet.field": list(names)}


READ: Table = {
    **all_nothing(
        PEOPLE,
        *("am_following_user", "api_token_list", "dataset_followee_count", "dataset_follower_count"),
        *("followee_count", "user_followee_count", "user_follower_count", "user_followee_list", "user_follower_list"),
        *("dashboard_new_activities_count", "get_site_user"),
    ),
    **all_nothing(
        GROUPS,
        *("am_following_group", "group_autocomplete", "group_followee_count", "group_followee_list"),
        *("group_follower_count", "group_follower_list", "group_list_authz", "organization_autocomplete"),
        *("organization_followee_count", "organization_followee_list", "organization_follower_count"),
        *("organization_follower_list", "member_roles_list"),
    ),
    **all_nothing(
        SETTINGS,
        *("config_option_list", "config_option_show", "help_show", "license_list", "status_show"),
        *("term_translation_show", "vocabulary_list", "vocabulary_show", "format_autocomplete"),
        *("scheming_dataset_schema_list", "scheming_dataset_schema_show"),
        *("scheming_organization_schema_list", "scheming_organization_schema_show"),
    ),
    **all_nothing(
        "CKAN 2.12's own store of files, in which no dataset keeps its uploads", "file_owner_scan", "file_show"
    ),
    **all_nothing("rows of other extensions; this one writes none", "task_status_show"),
    "activity_data_show": read(id="{activity}"),
    "activity_diff": read(id="{activity}", object_type="package", reaches="one activity has no earlier one"),
    "activity_show": read(id="{activity}", include_data=True),
    "am_following_dataset": read(id="{id}", reaches=NUMBER),
    "current_package_list_with_resources": read(limit=100),
    "dashboard_activity_list": read(limit=100, by="editor"),
    "dataset_followee_list": [*read(id="{me}", by="editor", own=("id",)), *read(id="kenariloginxeditorq")],
    "followee_list": read(id="{me}", by="editor", own=("id",)),
    "dataset_follower_list": read(id="{id}", accounts=True),
    "datastore_info": read(id="{resource}"),
    "datastore_search": [
        *read(resource_id="{resource}"),
        *read(resource_id="{resource}", q="kenari:*", plain=False, fields=["Kecamatan"]),
        *read(resource_id="_table_metadata", limit=1000, reaches="refused to everybody"),
    ],
    "group_activity_list": read(id="tema", include_data=True, reaches="the activity of a group has none of datasets"),
    "group_list": read(
        all_fields=True, include_dataset_count=True, include_groups=True, reaches="counts; tested apart"
    ),
    "group_package_show": read(id="tema", limit=100),
    "group_show": read(id="tema", include_datasets=True, include_users=True, accounts=True),
    "job_list": read(reaches="titles of waiting jobs; there are none"),
    "job_show": read(id="{id}", reaches="no job has this id"),
    "member_list": read(id="{organization}", object_type="package"),
    "organization_activity_list": read(id="{organization}", limit=100),
    "organization_list": read(all_fields=True, include_dataset_count=True, include_users=True, accounts=True),
    "organization_list_for_user": read(include_dataset_count=True, reaches="counts; tested apart"),
    "organization_show": read(id="{organization}", include_datasets=True, include_users=True, accounts=True),
    "package_activity_list": read(id="{id}", include_data=True),
    "package_autocomplete": [*read(q="{title}"), *read(q="kenariname"), *read(q="{name}")],
    "package_collaborator_list": read(id="{id}", reaches="ids of accounts"),
    "package_collaborator_list_for_user": read(id="{me}", by="collaborator"),
    "package_list": read(),
    "package_relationships_list": [*read(id="{id}"), *read(id="{partner}")],
    "package_search": [
        *read(q="{title}"),
        *read(q="title:kenarititle*", rows=100, include_private=True),
        *read(q="*:*", include_private=True, include_drafts=True, include_deleted=True, fl="*", rows=100),
        *read(q="*:*", include_private=True, include_drafts=True, include_deleted=True, rows=100),
        *read(fq="capacity:private", include_private=True, rows=100),
        *read(fq="+state:(draft OR active OR deleted)", include_drafts=True, include_deleted=True, rows=100),
        *read(
            q="permission_labels:sd-review*",
            **facets("permission_labels"),
            rows=100,
            reaches="nobody is answered",
        ),
        *read(rows=0, **facets("tags", "res_format", "organization", "groups", "title_string", "name")),
        *read(q="*:*", sort="title_string asc", rows=0, **facets("res_name", "res_url", "res_description")),
        *read(q="res_name:kenarifile*", include_private=True),
    ],
    "package_show": [
        *read(id="{id}"),
        *read(id="{name}"),
        *read(id="{id}", include_plugin_data=True, use_default_schema=True),
    ],
    "recently_changed_packages_activity_list": read(limit=100, include_data=True),
    "resource_search": [*read(query="name:kenarifile"), *read(query=["url:kenarifilename"], include_private=True)],
    "resource_show": read(id="{resource}"),
    "resource_view_list": read(id="{resource}"),
    "resource_view_show": read(id="{view}"),
    "tag_autocomplete": read(query="kenaritag"),
    "tag_list": [*read(), *read(query="kenaritag"), *read(all_fields=True)],
    "tag_search": read(query="kenaritag"),
    "tag_show": read(id="{tag}", include_datasets=True),
    "user_activity_list": read(id="kenariloginxeditorq", limit=100),
    "user_autocomplete": read(q="kenari", accounts=True),
    "user_list": read(accounts=True),
    "user_show": read(id="kenariloginxeditorq", include_datasets=True, include_num_followers=True, accounts=True),
}

WRITE: Table = {
    **all_nothing(
        PEOPLE,
        *("api_token_create", "api_token_revoke", "follow_user", "unfollow_user", "user_create", "user_delete"),
        *("user_invite", "user_patch", "user_update", "dashboard_mark_activities_old", "send_email_notifications"),
    ),
    **all_nothing(
        GROUPS,
        *("follow_group", "unfollow_group", "group_create", "group_delete", "group_member_create"),
        *("group_member_delete", "group_patch", "group_purge", "group_update", "organization_create"),
        *("organization_delete", "organization_member_create", "organization_member_delete", "organization_patch"),
        *("organization_purge", "organization_update"),
    ),
    **all_nothing(
        SETTINGS,
        *("config_option_update", "tag_create", "tag_delete", "term_translation_update"),
        *("term_translation_update_many", "vocabulary_create", "vocabulary_delete", "vocabulary_update"),
    ),
    **all_nothing(
        PROGRAM,
        *("datastore_function_create", "datastore_function_delete", "job_cancel", "job_clear", "resource_view_clear"),
        *("task_status_delete", "task_status_update", "task_status_update_many", "file_create", "file_delete"),
        *("file_ownership_transfer", "file_pin", "file_register", "file_rename", "file_unpin"),
        *("activity_delete_all", "activity_delete_counts"),
    ),
    "activity_create": write(user_id="{me}", object_id="{id}", activity_type="changed package"),
    "activity_delete": write(id="{activity}"),
    "bulk_update_delete": write(datasets=["{id}"], org_id="{organization}"),
    "bulk_update_private": write(datasets=["{id}"], org_id="{organization}"),
    "bulk_update_public": write(datasets=["{id}"], org_id="{organization}"),
    "dataset_purge": write(id="{id}"),
    "datastore_create": write(resource_id="{resource}", force=True, records=[{"Kecamatan": "x"}]),
    "datastore_delete": write(resource_id="{resource}", force=True),
    "datastore_records_delete": write(resource_id="{resource}", force=True, filters={}),
    "datastore_run_triggers": write(resource_id="{resource}"),
    "datastore_upsert": write(resource_id="{resource}", force=True, method="insert", records=[{"Kecamatan": "x"}]),
    "follow_dataset": write(id="{id}"),
    "member_create": write(id="{organization}", object="{id}", object_type="package", capacity="public"),
    "member_delete": write(id="{organization}", object="{id}", object_type="package"),
    "package_collaborator_create": write(id="{id}", user_id="{me}", capacity="editor"),
    "package_collaborator_delete": write(id="{id}", user_id="kenariloginxcollaboratorq"),
    "package_create": write(id="{id}", name="{name}", title="x", owner_org="{organization}"),
    "package_create_default_resource_views": write(package={"id": "{id}", "resources": [{"id": "{resource}"}]}),
    "package_delete": write(id="{id}"),
    "package_owner_org_update": write(id="{id}", organization_id="{other}"),
    "package_patch": write(id="{id}", title="x"),
    "package_relationship_create": write(subject="{id}", object="{partner}", type="depends_on"),
    "package_relationship_delete": write(subject="{partner}", object="{id}", type="depends_on"),
    "package_relationship_update": write(subject="{partner}", object="{id}", type="depends_on", comment="x"),
    "package_resource_reorder": write(id="{id}", order=["{resource}"]),
    "package_revise": write(match={"id": "{id}"}, update={"title": "x"}),
    "package_update": write(id="{id}", name="{name}", title="x", owner_org="{organization}"),
    "resource_create": write(package_id="{id}", name="x", url="https://contoh.go.id/x.csv"),
    "resource_create_default_resource_views": write(resource={"id": "{resource}", "package_id": "{id}"}),
    "resource_delete": write(id="{resource}"),
    "resource_patch": write(id="{resource}", name="x"),
    "resource_update": write(id="{resource}", name="x", url="https://contoh.go.id/x.csv"),
    "resource_view_create": write(resource_id="{resource}", view_type="text_view", title="x"),
    "resource_view_delete": write(id="{view}"),
    "resource_view_reorder": write(id="{resource}", order=["{view}"]),
    "resource_view_update": write(id="{view}", resource_id="{resource}", view_type="text_view", title="x"),
    "unfollow_dataset": write(id="{id}"),
}
