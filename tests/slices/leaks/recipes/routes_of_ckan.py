"""The pages of CKAN and its extensions; the key is the rule with its method."""

from __future__ import annotations

from .recipe import Table, all_nothing, page, send

ACCOUNT = "one's own account, or accounts alone"
STILL = "static files, words and redirects of the portal"
GROUPS = "organizations and groups themselves; no dataset"
EVERY = "every action is asked by itself"
FILE = "/dataset/{id}/resource/{resource}"


def _groups() -> Table:
    """Organizations and groups have the same pages; ``tema`` is a group with every dataset."""
    found: Table = {}
    for kind, one in (("organization", "{office}"), ("group", "tema")):
        found |= all_nothing(
            GROUPS,
            *(
                f"{method} /{kind}/{part}/<id>"
                for part in ("admins", "delete", "edit", "member_new")
                for method in ("GET", "POST")
            ),
            *(
                f"{method} /{kind}/{part}/<id>"
                for part in ("manage_members", "member_delete")
                for method in ("GET", "POST")
            ),
            *(f"{method} /{kind}/followers/<id>" for method in ("GET", "POST")),
            *(f"POST /{kind}/{part}/<id>" for part in ("follow", "unfollow")),
            *(f"{method} /{kind}/new" for method in ("GET", "POST")),
            *(f"GET /{kind}/{part}/<id>" for part in ("about", "member_dump", "changes")),
            f"GET /{kind}/changes_multiple",
        )
        found |= {
            f"GET /{kind}/": page(f"/{kind}/", reaches="counts; tested apart"),
            f"GET /{kind}/<id>": [*page(f"/{kind}/{one}"), *page(f"/{kind}/{one}?q=" + "{title}")],
            f"GET /{kind}/activity/<id>": page(
                f"/{kind}/activity/{one}", reaches="" if kind == "organization" else "none"
            ),
            f"GET /{kind}/bulk_process/<id>": page(
                f"/{kind}/bulk_process/{one}", by="admin", reaches="" if kind == "organization" else "none"
            ),
            f"POST /{kind}/bulk_process/<id>": send(
                f"/{kind}/bulk_process/{one}", **{"bulk_action.public": "public", "dataset_{id}": "on"}
            ),
            f"GET /{kind}/members/<id>": page(f"/{kind}/members/{one}", accounts=True),
        }
    return found


ROUTES: Table = {
    **all_nothing(
        ACCOUNT,
        *("GET /dashboard/groups", "GET /dashboard/organizations", "GET /user/<id>/api-tokens"),
        *("POST /user/<id>/api-tokens", "POST /user/<id>/api-tokens/revoke", "POST /user/<id>/api-tokens/<jti>/revoke"),
        *("GET /user/<id>/groups", "GET /user/<id>/organizations", "GET /user/_logout", "POST /user/_logout"),
        *("GET /user/delete/<id>", "POST /user/delete/<id>", "GET /user/edit", "POST /user/edit"),
        *("GET /user/edit/<id>", "POST /user/edit/<id>", "POST /user/follow/<id>", "POST /user/unfollow/<id>"),
        *("GET /user/followers/<id>", "GET /user/logged_out_redirect", "GET /user/login", "POST /user/login"),
        *("GET /user/me", "GET /user/register", "POST /user/register", "GET /user/reset", "POST /user/reset"),
        *("GET /user/reset/<id>", "POST /user/reset/<id>", "POST /user/sysadmin"),
    ),
    **all_nothing(
        STILL,
        *("GET /<path:filename>", "GET /about", "GET /api/", "GET /api/i18n/<lang>"),
        *("GET /api/<int(min=1, max=2):ver>/i18n/<lang>", "GET /api/<int(min=1, max=3):ver>", "GET /robots.txt"),
        *("GET /testing/primer", "GET /testing/custom_form_fields", "GET /testing/dashboard", "GET /util/redirect"),
        *("POST /util/redirect", "GET /webassets/<path:path>", "GET /no/", "GET /no/<path:path>", "GET /zh_CN/"),
        *("GET /zh_CN/<path:path>", "GET /zh_TW/", "GET /zh_TW/<path:path>", "GET /datastore/api_info/<resource_id>"),
        *("GET /api/util/snippet/<snippet_path>", "GET /api/<int(min=1, max=2):ver>/util/snippet/<snippet_path>"),
    ),
    **all_nothing(
        "CKAN 2.12's own store of files, in which no dataset keeps its uploads",
        *("GET /file/download/<id>", "GET /file/public-download/<storage_name>/<path:location>"),
        *("GET /file/trusted-download/<token>",),
    ),
    **all_nothing(
        EVERY,
        *("GET /api/<int(min=3, max=3):ver>/action/<logic_function>", "GET /api/action/<logic_function>"),
        *("POST /api/<int(min=3, max=3):ver>/action/<logic_function>", "POST /api/action/<logic_function>"),
    ),
    **all_nothing(
        "settings of the portal, for sysadmins",
        *("GET /ckan-admin/", "GET /ckan-admin/activities", "POST /ckan-admin/activities", "GET /ckan-admin/config"),
        *("POST /ckan-admin/config", "GET /ckan-admin/reset_config", "POST /ckan-admin/reset_config"),
    ),
    **all_nothing(
        "names of accounts, groups and formats",
        *(
            f"GET /api{version}/util/{kind}"
            for version in ("", "/<int(min=1, max=2):ver>")
            for kind in ("group/autocomplete", "organization/autocomplete", "resource/format_autocomplete")
        ),
    ),
    **{
        f"GET /api{rule}/util/user/autocomplete": page(f"/api{path}/util/user/autocomplete?q=kenari", accounts=True)
        for rule, path in (("", ""), ("/<int(min=1, max=2):ver>", "/2"))
    },
    **{
        f"GET /api{rule}/util/{kind}/autocomplete": page(f"/api{path}/util/{kind}/autocomplete?incomplete={word}")
        for rule, path in (("", ""), ("/<int(min=1, max=2):ver>", "/2"))
        for kind, word in (("dataset", "{title}"), ("tag", "kenaritag"))
    },
    **_groups(),
    # portal
    "GET /": page("/"),
    "GET /ckan-admin/trash": page("/ckan-admin/trash"),
    "POST /ckan-admin/trash": send("/ckan-admin/trash", action="package", **{"purge-packages": "purge"}),
    "GET /dashboard/": page("/dashboard/", by="editor"),
    "GET /dashboard/datasets": page("/dashboard/datasets", by="editor"),
    "GET /dataset/": [
        *page("/dataset/"),
        *page("/dataset/?q={title}"),
        *page(
            "/dataset/?q=title:kenarititle*&include_private=true&include_drafts=true&ext_include_private=true",
            reaches="unknown words filter all away",
        ),
        *page("/dataset/?tags={tag}"),
    ],
    "GET /dataset/new": page("/dataset/new", by="editor", reaches="an empty form"),
    "POST /dataset/new": send("/dataset/new", id="{id}", name="{name}", title="x", owner_org="{organization}"),
    # feeds
    "GET /feeds/custom.atom": page("/feeds/custom.atom?q={title}"),
    "GET /feeds/dataset.atom": page("/feeds/dataset.atom"),
    "GET /feeds/group/<string:id>.atom": page("/feeds/group/tema.atom"),
    "GET /feeds/organization/<string:id>.atom": page("/feeds/organization/{office}.atom"),
    "GET /feeds/tag/<string:id>.atom": page("/feeds/tag/{tag}.atom"),
    # a dataset
    "GET /dataset/<id>": [*page("/dataset/{id}"), *page("/dataset/{name}"), *page("/en/dataset/{name}")],
    "GET /dataset/activity/<id>": page("/dataset/activity/{id}"),
    "GET /dataset/changes/<id>": page("/dataset/changes/{activity}"),
    "GET /dataset/changes_multiple": page(
        "/dataset/changes_multiple?new_id={activity}&old_id={activity}&current_new_id={activity}&current_old_id={activity}"
    ),
    "GET /dataset/<id>/history/<activity_id>": page("/dataset/{id}/history/{activity}"),
    "GET /dataset/<id>/resources/<resource_id>/history/<activity_id>": page(
        "/dataset/{id}/resources/{resource}/history/{activity}"
    ),
    "GET /dataset/delete/<id>": page("/dataset/delete/{id}", by="editor"),
    "POST /dataset/delete/<id>": send("/dataset/delete/{id}"),
    "GET /dataset/edit/<id>": page("/dataset/edit/{id}", by="editor"),
    "POST /dataset/edit/<id>": send("/dataset/edit/{id}", name="{name}", title="x", owner_org="{organization}"),
    "POST /dataset/follow/<id>": send("/dataset/follow/{id}"),
    "POST /dataset/unfollow/<id>": send("/dataset/unfollow/{id}"),
    "GET /dataset/followers/<id>": page("/dataset/followers/{id}", accounts=True),
    "GET /dataset/groups/<id>": page("/dataset/groups/{id}"),
    "POST /dataset/groups/<id>": send("/dataset/groups/{id}", group_added="tema"),
    "GET /dataset/resources/<id>": page("/dataset/resources/{id}", by="editor"),
    "GET /dataset/collaborators/<id>": page("/dataset/collaborators/{id}", by="admin"),
    "GET /dataset/collaborators/<id>/new": page("/dataset/collaborators/{id}/new", by="admin"),
    "POST /dataset/collaborators/<id>/new": send(
        "/dataset/collaborators/{id}/new", username="kenariloginxstrangerq", capacity="editor"
    ),
    "GET /dataset/collaborators/<id>/delete/<user_id>": page(
        "/dataset/collaborators/{id}/delete/{collaborator}", by="admin", accounts=True
    ),
    "POST /dataset/collaborators/<id>/delete/<user_id>": send("/dataset/collaborators/{id}/delete/{collaborator}"),
    # a file
    "GET /dataset/<id>/resource/new": page("/dataset/{id}/resource/new", by="editor"),
    "POST /dataset/<id>/resource/new": send(
        "/dataset/{id}/resource/new", name="x", url="https://contoh.go.id", save="go-metadata"
    ),
    "GET /dataset/<id>/resource/<resource_id>": page(FILE),
    "GET /dataset/<id>/resource/<resource_id>/delete": page(FILE + "/delete", by="editor"),
    "POST /dataset/<id>/resource/<resource_id>/delete": send(FILE + "/delete"),
    "GET /dataset/<id>/resource/<resource_id>/download": page(FILE + "/download"),
    "GET /dataset/<id>/resource/<resource_id>/download/<filename>": [
        *page(FILE + "/download/{filename}.csv"),
        *page(FILE + "/download/x"),
    ],
    "GET /dataset/<id>/resource/<resource_id>/edit": page(FILE + "/edit", by="editor"),
    "POST /dataset/<id>/resource/<resource_id>/edit": send(FILE + "/edit", name="x", save="go-metadata"),
    "GET /dataset/<id>/resource/<resource_id>/edit_view/<view_id>": page(FILE + "/edit_view/{view}", by="editor"),
    "POST /dataset/<id>/resource/<resource_id>/edit_view/<view_id>": send(FILE + "/edit_view/{view}", title="x"),
    "GET /dataset/<id>/resource/<resource_id>/new_view": page(FILE + "/new_view?view_type=text_view", by="editor"),
    "POST /dataset/<id>/resource/<resource_id>/new_view": send(FILE + "/new_view", title="x", view_type="text_view"),
    "GET /dataset/<id>/resource/<resource_id>/view": page(FILE + "/view"),
    "GET /dataset/<id>/resource/<resource_id>/view/<view_id>": page(FILE + "/view/{view}"),
    "GET /dataset/<id>/resource/<resource_id>/views": page(FILE + "/views", by="editor"),
    "GET /dataset/<id>/dictionary/<resource_id>": page("/dataset/{id}/dictionary/{resource}", by="editor"),
    "POST /dataset/<id>/dictionary/<resource_id>": send("/dataset/{id}/dictionary/{resource}", x="x"),
    "GET /datastore/dump/<resource_id>": [
        *page("/datastore/dump/{resource}"),
        *page("/datastore/dump/{resource}?format=json"),
        *page("/datastore/dump/_table_metadata", reaches="refused to everybody"),
    ],
    "POST /datatables/ajax/<resource_view_id>": send("/datatables/ajax/{datatable}", draw="1", start="0", length="10"),
    "POST /datatables/filtered-download/<resource_view_id>": send(
        "/datatables/filtered-download/{datatable}", params="{}", format="csv"
    ),
    # people
    "GET /user/": page("/user/", accounts=True),
    "GET /user/<id>": page("/user/kenariloginxeditorq", accounts=True),
    "GET /user/activity/<id>": page("/user/activity/kenariloginxeditorq", accounts=True),
}
