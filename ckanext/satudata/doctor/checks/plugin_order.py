"""The plugins of the README are on, and nobody stands before ``satudata`` where CKAN asks only the first."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, Severity, finding
from ckanext.satudata.doctor.registry import check

OURS = "satudata"
# What the README lists, and what is missing without it.
NEEDED: dict[str, tuple[Severity, Text]] = {
    "scheming_datasets": ("error", Text("formulir metadata Satu Data", "the metadata form of Satu Data")),
    "scheming_organizations": ("warning", Text("jenis dan kode organisasi", "kind and code of organizations")),
    "datastore": ("warning", Text("tabel yang dapat dibaca lewat API", "tables that are read through the API")),
    "activity": ("info", Text("aliran kegiatan CKAN", "CKAN's stream of activities")),
}
# They decide on publication too, with rules of their own.
OTHER_WORKFLOWS = ("datasetapproval", "approvalworkflow", "workflow", "workflow_permissions")
# Storages that give away files by address, past the dataset.
OTHER_STORAGES = ("s3filestore", "cloudstorage")
FIRST = Text(
    "CKAN hanya bertanya kepada plugin yang pertama; dataset yang belum disetujui bisa terbaca.",
    "CKAN asks the first plugin only; datasets that are not approved may be readable.",
)


@check(
    title=Text("Plugin dan urutannya", "Plugins and their order"),
    meaning=Text(
        "Plugin yang diperlukan menyala, dan satudata berdiri di depan plugin lain yang mengatur izin atau berkas.",
        "The plugins it needs are on, and satudata stands before others that rule permissions or files.",
    ),
)
def look() -> Iterator[Finding]:
    yield from _missing()
    yield from _before_us()
    yield from _schema()
    for name in filter(p.plugin_loaded, OTHER_WORKFLOWS):
        yield _other_workflow(name)
    for name in filter(p.plugin_loaded, OTHER_STORAGES):
        yield _other_storage(name)


def _missing() -> Iterator[Finding]:
    for name, (severity, lacks) in NEEDED.items():
        if not p.plugin_loaded(name):
            yield finding(
                f"plugin_order.no_{name}",
                severity,
                what=Text("Plugin {name} tidak menyala.", "The plugin {name} is not on."),
                why=Text("Tanpa itu tidak ada {lacks}.", "Without it there is no such thing as {lacks}."),
                remedy=Text(
                    "Tambahkan ke ckan.plugins, di belakang satudata.", "Add it to ckan.plugins, behind satudata."
                ),
                name=name,
                lacks=lacks,
            )


def _before_us() -> Iterator[Finding]:
    labels = _names(p.IPermissionLabels)
    if labels[:1] != [OURS]:
        yield _not_first("labels", labels[0] if labels else "-")
    elif len(labels) > 1:
        yield finding(
            "plugin_order.labels_ignored",
            "warning",
            what=Text("Izin dari plugin {names} diabaikan.", "The permissions of {names} are ignored."),
            why=Text(
                "CKAN hanya memakai label izin dari plugin yang pertama, yaitu satudata.",
                "CKAN uses the permission labels of the first plugin only, which is satudata.",
            ),
            remedy=Text(
                "Matikan plugin itu bila tugasnya memang mengatur siapa boleh membaca.",
                "Switch that plugin off if its work is to say who may read.",
            ),
            items=labels[1:],
            names=", ".join(labels[1:]),
        )
    uploaders = _names(p.IUploader)
    if uploaders[:1] != [OURS]:
        yield _not_first("files", uploaders[0] if uploaders else "-")


def _names(interface: type[p.Interface]) -> list[str]:
    return [plugin.name for plugin in p.PluginImplementations(interface)]


def _not_first(what: str, name: str) -> Finding:
    said = {
        "labels": Text("izin membaca", "who may read"),
        "files": Text("tempat berkas", "where files are kept"),
    }
    return finding(
        f"plugin_order.{what}_not_first",
        "error",
        what=Text("Plugin {name} menentukan {kind}, bukan satudata.", "The plugin {name} says {kind}, not satudata."),
        why=FIRST
        if what == "labels"
        else Text("Berkas yang sudah terbit bisa tertimpa.", "Published files may be overwritten."),
        remedy=Text("Tulis satudata paling depan di ckan.plugins.", "Write satudata first in ckan.plugins."),
        name=name,
        kind=said[what],
    )


def _schema() -> Iterator[Finding]:
    if not p.plugin_loaded("scheming_datasets"):
        return
    schema = tk.h.scheming_get_dataset_schema("dataset")
    if schema is None or not schema.get("sections"):
        yield finding(
            "plugin_order.no_schema",
            "error",
            what=Text(
                "Jenis “dataset” tidak memakai skema metadata Satu Data.",
                "Datasets do not use the metadata schema of Satu Data.",
            ),
            why=Text(
                "Formulir, kelengkapan, dan pemeriksaan metadata tidak bekerja.",
                "The form and the checks of metadata do not work.",
            ),
            remedy=Text(
                "Tulis satudata sebelum scheming_datasets; bila scheming.dataset_schemas diisi sendiri, tambahkan "
                "ckanext.satudata.rulebook.schemas:dataset.yaml.",
                "Write satudata before scheming_datasets; if you set scheming.dataset_schemas yourself, add "
                "ckanext.satudata.rulebook.schemas:dataset.yaml.",
            ),
        )


def _other_workflow(name: str) -> Finding:
    return finding(
        "plugin_order.other_workflow",
        "warning",
        what=Text("Plugin {name} juga mengatur penerbitan.", "The plugin {name} rules publication too."),
        why=Text(
            "Dua alur berjalan bersamaan: orang menekan tombol yang satu, dan ditolak oleh yang lain.",
            "Two workflows run side by side: people press the button of one and are refused by the other.",
        ),
        remedy=Text(
            "Ambil alih dahulu dengan perintah di bawah, baru keluarkan dari ckan.plugins.",
            "Adopt first with the command below, then take it out of ckan.plugins.",
        ),
        command="ckan satudata adopt",
        name=name,
    )


def _other_storage(name: str) -> Finding:
    return finding(
        "plugin_order.other_storage",
        "error",
        what=Text("Penyimpanan berkas {name} belum didukung.", "The file storage {name} is not supported yet."),
        why=Text(
            "Berkasnya diberi alamat publik (public-read) tanpa bertanya kepada dataset, jadi yang belum disetujui "
            "terbaca siapa pun.",
            "It gives files a public address (public-read) without asking the dataset, so what is not approved is "
            "readable by anybody.",
        ),
        remedy=Text(
            "Pakai penyimpanan CKAN (ckan.storage_path), atau adaptor berkas CKAN 2.12 yang tidak publik.",
            "Use CKAN's own storage (ckan.storage_path), or a file adapter of CKAN 2.12 that is not public.",
        ),
        name=name,
    )
