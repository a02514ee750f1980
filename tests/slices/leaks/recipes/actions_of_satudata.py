"""The actions of this extension."""

from __future__ import annotations

from .recipe import Table, all_nothing, read, write

RULEBOOK = "reference lists, procedures and signers: the rulebook, which is public"
OFFICES = "offices, grants and deputies; no dataset"
OWN = "one's own settings"

SEEN = {"expected": {"state": "in_review", "stage": "periksa", "round": 1}, "content_hash": "0"}

ACTIONS: Table = {
    **all_nothing(
        RULEBOOK,
        *("satudata_reference_files", "satudata_reference_list", "satudata_reference_lookup"),
        *("satudata_reference_show", "satudata_workflow_check", "satudata_workflow_list", "satudata_workflow_roles"),
        *("satudata_workflow_show", "satudata_signer_list"),
    ),
    **all_nothing(
        OWN, "satudata_notice_preferences_show", "satudata_notice_preferences_update", "satudata_notice_read"
    ),
    **all_nothing(
        OFFICES,
        *("satudata_deputy_create", "satudata_deputy_end", "satudata_grant_import", "satudata_office_change_list"),
        *("satudata_office_leave", "satudata_office_moved", "satudata_office_rename", "satudata_office_split"),
    ),
    # reading
    "satudata_access_show": read(id="{id}", reaches="class, organizations and roles"),
    "satudata_available": read(id="{id}", by="walidata", reaches="steps and reasons, in the words of the procedure"),
    "satudata_batch_list": read(by="walidata", reaches="this procedure has no batches"),
    "satudata_batch_show": read(id="{id}", by="walidata", reaches="this procedure has no batches"),
    "satudata_case_places": read(ids=["{id}"], reaches="states of cases"),
    "satudata_case_readers": read(ids=["{id}"], reaches="roles, in the words of the procedure"),
    "satudata_case_show": read(id="{id}"),
    "satudata_change_list": read(id="{id}", reaches="notes of changes; the first version has none"),
    "satudata_changes": read(id="{id}", reaches="what changed since a decision the reader took"),
    "satudata_compare": read(id="{id}"),
    "satudata_concerned_list": read(ids=["{id}"], reaches="ids of accounts"),
    "satudata_copy_list": read(id="{id}"),
    "satudata_copy_show": read(id="{id}"),
    "satudata_deputy_list": read(reaches="there are no deputies"),
    "satudata_dictionary_propose": read(resource_id="{resource}", by="editor", reaches="columns and types"),
    "satudata_dictionary_show": read(resource_id="{resource}"),
    "satudata_due_list": read(before="2100-01-01T00:00:00+00:00", steps=True),
    "satudata_enforcement_list": read(reaches="organizations and counts"),
    "satudata_evidence_list": read(id="{id}", by="walidata"),
    "satudata_evidence_verify": read(id="{id}", evidence_id="{evidence}", by="walidata", reaches="nothing is signed"),
    "satudata_grant_list": read(),
    "satudata_grant_search": read(),
    "satudata_history": read(id="{id}"),
    "satudata_left_behind": read(user="{me}", reaches="the asking account holds nothing"),
    "satudata_link_list": read(id="{id}", reaches="every file was uploaded"),
    "satudata_link_show": read(resource_id="{resource}", reaches="every file was uploaded"),
    "satudata_metadata_check": read(id="{id}", reaches="what is missing, in the words of the schema"),
    "satudata_my_grants": read(by="walidata", reaches="one's own roles"),
    "satudata_my_work": [
        *(
            one
            for kind in ("returned", "drafts", "waiting", "published", "rejected")
            for one in read(list=kind, by="editor")
        )
    ],
    "satudata_note_list": read(id="{id}", by="walidata"),
    "satudata_notice_list": read(limit=100, by="walidata"),
    "satudata_observed_list": read(reaches="counts by office and kind"),
    "satudata_overdue_list": read(limit=1000, by="walidata", reaches="nothing is late"),
    "satudata_qa_files": read(resource_id="{resource}", reaches="paths of the program"),
    "satudata_qa_mend_plan": read(resource_id="{resource}", kinds="blanks,totals", reaches="nothing can be mended"),
    "satudata_qa_mended": read(resource_id="{resource}", reaches="no file was mended"),
    "satudata_qa_show": read(resource_id="{resource}"),
    "satudata_qa_summary": read(id="{id}"),
    "satudata_queue": [
        *read(by="walidata", limit=100),
        *read(by="walidata", limit=100, q="{title}"),
        *read(by="walidata", limit=100, tab="all", organization="dinas-kesehatan"),
    ],
    "satudata_receipt_list": read(id="{id}", event_id="{event}", reaches="nobody confirmed anything"),
    "satudata_register": [*read(limit=1000), *read(limit=1000, q="kenari")],
    "satudata_series_show": read(id="{id}", reaches="no working copy here adds a period"),
    "satudata_staffing_list": read(reaches="roles and organizations"),
    "satudata_table_show": read(resource_id="{resource}"),
    "satudata_times": read(reaches="times by stage"),
    "satudata_vacancy_list": read(reaches="there are no vacancies"),
    "satudata_version_list": read(id="{id}"),
    "satudata_withdrawn_list": read(),
    # writing
    "satudata_assign": write(id="{id}", user="{me}"),
    "satudata_batch_change": write(id="{id}", add=["{id}"]),
    "satudata_batch_close": write(id="{id}"),
    "satudata_batch_create": write(title="x", datasets=["{id}"]),
    "satudata_case_merged": write(id="{id}", copy_id="{id}"),
    "satudata_case_noted": write(id="{id}", transition="minor"),
    "satudata_case_qa": write(id="{id}"),
    "satudata_case_refresh": write(id="{id}"),
    "satudata_claim": write(id="{id}"),
    "satudata_claims_free": write(user="{me}"),
    "satudata_copy_create": write(id="{id}"),
    "satudata_copy_discard": write(id="{id}"),
    "satudata_copy_update": write(id="{id}", catatan_perubahan="x"),
    "satudata_dictionary_update": write(resource_id="{resource}", kamus_data=[]),
    "satudata_doctor": write(),
    "satudata_enforcement_set": write(id="{organization}", mode="observe"),
    "satudata_evidence_create": write(id="{id}", kind="lainnya", upload="x"),
    "satudata_evidence_delete": write(id="{id}", evidence_id="{evidence}"),
    "satudata_evidence_sign": write(id="{id}", evidence_id="{evidence}", signer="x"),
    "satudata_grant_create": write(user="{me}", role="walidata"),
    "satudata_grant_end": write(id="{id}"),
    "satudata_grant_restore": write(id="{id}"),
    "satudata_link_fetch": write(resource_id="{resource}"),
    "satudata_link_keep": write(resource_id="{resource}", keep=True),
    "satudata_minor_change": write(id="{id}", fields={"notes": "x"}),
    "satudata_note_create": write(id="{id}", text="x"),
    "satudata_note_delete": write(id="{id}", note_id="{note}"),
    "satudata_note_explain": write(id="{id}", note_id="{note}", text="x"),
    "satudata_note_judge": write(id="{id}", note_id="{note}", verdict="mended"),
    "satudata_note_update": write(id="{id}", note_id="{note}", text="x"),
    "satudata_notify": write(user_ids=["{me}"], key="submitted", link="/dataset/{id}"),
    "satudata_office_index": write(organization="{organization}"),
    "satudata_office_merge": write(**{"from": ["{organization}"], "into": "{other}"}),
    "satudata_office_move": write(id="{id}", organization="{other}"),
    "satudata_override_edit": write(id="{id}", reason="x"),
    "satudata_part_taken_down": write(id="{id}", resource_id="{resource}"),
    "satudata_prioritas_set": write(id="{id}", data_prioritas=True),
    "satudata_qa_carry": write(resource_id="{resource}", to="{resource}", package_id="{id}"),
    "satudata_qa_explain": write(resource_id="{resource}", finding="x", text="Sudah dicocokkan."),
    "satudata_qa_forget": write(resource_id="{resource}"),
    "satudata_qa_mend": write(resource_id="{resource}", sha256="x", kinds="blanks"),
    "satudata_qa_run": write(resource_id="{resource}"),
    "satudata_qa_waive": write(resource_id="{resource}", finding="x", text="Sudah dicocokkan."),
    "satudata_qa_withdraw": write(resource_id="{resource}", reply="x", text="Sudah dicocokkan."),
    "satudata_receipt_confirm": write(id="{id}", event_id="{event}"),
    "satudata_release": write(id="{id}"),
    "satudata_takedown_part": write(id="{id}", resource_id="{resource}", reason_code="data_pribadi", note="x"),
    "satudata_transition": write(id="{id}", transition="pass", **SEEN),
    "satudata_transition_bulk": write(transition="pass", items=[{"id": "{id}", **SEEN}]),
    "satudata_version_restore": write(id="{id}", version=1),
    "satudata_workflow_migrate": write(datasets=["{id}"], dry_run=True),
}
