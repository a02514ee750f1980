"""The region's procedures, and the rules that choose among them, are in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check


@check(
    title=Text("Aturan daerah", "The region's rules"),
    meaning=Text(
        "Alur kerja yang dapat dipilih, dan aturan pemilihnya, tidak mengandung kesalahan.",
        "The workflows that can be chosen, and the rules that choose, hold no mistake.",
    ),
)
def look() -> Iterator[Finding]:
    folder = str(tk.config.get("ckanext.satudata.rulebook") or "")
    if folder and not Path(folder).is_dir():
        yield _wrong("no_folder", Text("Folder aturan {folder} tidak ada.", "There is no folder {folder}."), [folder])
    inside: Any = {"ignore_auth": True}
    verdict = tk.get_action("satudata_workflow_check")(inside, {})
    mistakes = [f"{file['name']}: {one['text']}" for file in verdict["files"] for one in file["problems"]]
    if mistakes:
        sentence = Text("{count} kesalahan dalam alur kerja.", "{count} mistakes in the workflows.")
        yield _wrong("mistakes", sentence, mistakes)
    if verdict["otherwise"] is None:
        yield finding(
            "rulebook.no_default",
            "warning",
            what=Text(
                "Dataset yang tidak cocok dengan aturan mana pun tidak punya alur.",
                "A dataset that no rule matches has no workflow.",
            ),
            why=Text("Dataset itu tidak dapat diajukan.", "Such a dataset cannot be submitted."),
            remedy=Text(
                "Isi ckanext.satudata.workflow, atau tambah aturan terakhir di selection.yaml.",
                "Set ckanext.satudata.workflow, or add a last rule to selection.yaml.",
            ),
        )


def _wrong(what: str, sentence: Text, items: list[str]) -> Finding:
    return finding(
        f"rulebook.{what}",
        "error",
        what=sentence,
        why=Text(
            "Dataset yang mengikuti alur itu tidak dapat diajukan.",
            "Datasets that follow that workflow cannot be submitted.",
        ),
        remedy=Text(
            "Perbaiki berkas yang disebut; perintah ini menunjukkan barisnya.",
            "Mend the file named; this command tells the line.",
        ),
        command="ckan -c ckan.ini satudata workflow check",
        items=items,
        count=len(items),
        folder=items[0],
    )
