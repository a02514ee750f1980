"""The pages of this extension; the key is the rule with its method."""

from __future__ import annotations

from .recipe import Table, all_nothing, page, send

RULEBOOK = "procedures of the rulebook, which is public"
OFFICES = "offices, grants and deputies; no dataset"
OWN = "one's own settings"
FILE = "/dataset/{id}/resource/{resource}"

ROUTES: Table = {
    **all_nothing(RULEBOOK, "GET /alur-kerja", "GET /alur-kerja/<key>", "GET /mulai"),
    **all_nothing(OWN, "GET /notifikasi/pengaturan", "POST /notifikasi/pengaturan", "POST /notifikasi"),
    **all_nothing(
        OFFICES,
        *("GET /petugas/<id>/akhiri", "POST /petugas/<id>/akhiri", "POST /petugas/<id>/kembalikan"),
        *("GET /petugas/cari", "GET /petugas/impor", "POST /petugas/impor", "GET /petugas/plt"),
        *("GET /petugas/plt/<id>/akhiri", "POST /petugas/plt/<id>/akhiri", "GET /petugas/plt/tambah"),
        *("POST /petugas/plt/tambah", "GET /petugas/tambah", "POST /petugas/tambah", "GET /petugas/perubahan"),
        *("GET /ckan-admin/satudata/organisasi/<organization>/mode/<mode>",),
    ),
    # a dataset
    "GET /dataset/<id>/bandingkan": [
        *page("/dataset/{id}/bandingkan"),
        *page("/dataset/{id}/bandingkan?bagian=isi&berkas={resource}"),
    ],
    "GET /dataset/<id>/bandingkan/isi.csv": page(
        "/dataset/{id}/bandingkan/isi.csv?berkas={resource}", reaches="no version of a file has an earlier one"
    ),
    "GET /dataset/<id>/bukti/<evidence_id>": page("/dataset/{id}/bukti/{evidence}", by="walidata"),
    "GET /dataset/<id>/perubahan": page("/dataset/{id}/perubahan", by="editor"),
    "POST /dataset/<id>/perubahan": send("/dataset/{id}/perubahan"),
    "GET /dataset/<id>/perubahan-kecil": page("/dataset/{id}/perubahan-kecil", by="editor"),
    "POST /dataset/<id>/perubahan-kecil": send("/dataset/{id}/perubahan-kecil", notes="x"),
    "POST /dataset/<id>/perubahan/pulihkan": send("/dataset/{id}/perubahan/pulihkan", version="1"),
    "POST /dataset/<id>/perubahan/buang": send("/dataset/{id}/perubahan/buang"),
    "POST /dataset/<id>/perubahan/catatan": send("/dataset/{id}/perubahan/catatan", catatan_perubahan="x"),
    "GET /dataset/<id>/riwayat": page("/dataset/{id}/riwayat"),
    "GET /dataset/<id>/status": page("/dataset/{id}/status"),
    "POST /dataset/<id>/status": send("/dataset/{id}/status", transition="submit"),
    "GET /dataset/<id>/tabel": page("/dataset/{id}/tabel", by="editor"),
    "GET /dataset/<id>/tarik": page("/dataset/{id}/tarik", by="walidata"),
    "POST /dataset/<id>/tarik": send(
        "/dataset/{id}/tarik", transition="takedown", reason_code="data_pribadi", note="x"
    ),
    "GET /dataset/<id>/tinjau": page("/dataset/{id}/tinjau", by="walidata"),
    "POST /dataset/<id>/tinjau": send("/dataset/{id}/tinjau", transition="pass"),
    "GET /dataset/edit/<id>/<section>": page("/dataset/edit/{id}/umum", by="editor"),
    "POST /dataset/edit/<id>/<section>": send("/dataset/edit/{id}/umum", title="x"),
    # a file
    "GET /dataset/<id>/resource/<resource_id>/kamus": page(FILE + "/kamus", by="editor"),
    "POST /dataset/<id>/resource/<resource_id>/kamus": send(FILE + "/kamus", x="x"),
    "POST /dataset/<id>/resource/<resource_id>/kamus/baca": send(FILE + "/kamus/baca"),
    "GET /dataset/<id>/resource/<resource_id>/kamus/unduh/<form>": [
        *page(FILE + "/kamus/unduh/skema.json"),
        *page(FILE + "/kamus/unduh/kamus.csv"),
        *page(FILE + "/kamus/unduh/ms-var.json"),
        *page(FILE + "/kamus/unduh/ms-var.csv"),
        *page(FILE + "/kamus/unduh/templat.xlsx", reaches="a workbook, packed"),
    ],
    "GET /dataset/<id>/resource/<resource_id>/qa": page(FILE + "/qa"),
    "POST /dataset/<id>/resource/<resource_id>/qa": send(FILE + "/qa"),
    "POST /dataset/<id>/resource/<resource_id>/qa/jawaban": send(
        FILE + "/qa/jawaban", do="explain", finding="x", text="Sudah dicocokkan."
    ),
    "GET /dataset/<id>/resource/<resource_id>/qa/kemajuan": page(FILE + "/qa/kemajuan", reaches="how far a check is"),
    "GET /dataset/<id>/resource/<resource_id>/qa/laporan.frictionless.json": page(
        FILE + "/qa/laporan.frictionless.json"
    ),
    "GET /dataset/<id>/resource/<resource_id>/qa/laporan.json": page(FILE + "/qa/laporan.json"),
    "GET /dataset/<id>/resource/<resource_id>/qa/perbaikan": page(FILE + "/qa/perbaikan"),
    "GET /dataset/<id>/resource/<resource_id>/qa/perbaikan.csv": page(
        FILE + "/qa/perbaikan.csv", reaches="no file was mended"
    ),
    "GET /dataset/<id>/resource/<resource_id>/qa/perbaiki": [
        *page(FILE + "/qa/perbaiki"),
        *page(FILE + "/qa/perbaiki?jenis=blanks&jenis=totals"),
    ],
    "POST /dataset/<id>/resource/<resource_id>/qa/perbaiki": send(FILE + "/qa/perbaiki", jenis="blanks", sha256="x"),
    "GET /dataset/<id>/resource/<resource_id>/qa/perbaiki/perubahan.csv": page(
        FILE + "/qa/perbaiki/perubahan.csv?jenis=blanks", reaches="nothing in the file can be mended"
    ),
    "GET /dataset/<id>/resource/<resource_id>/qa/laporan.xlsx": page(FILE + "/qa/laporan.xlsx"),
    "GET /dataset/<id>/resource/<resource_id>/qa/temuan.csv": page(FILE + "/qa/temuan.csv"),
    "GET /dataset/<id>/resource/<resource_id>/tabel.csv": page(FILE + "/tabel.csv"),
    "GET /dataset/<id>/resource/<resource_id>/tautan": page(
        FILE + "/tautan", by="editor", reaches="every file was uploaded"
    ),
    "POST /dataset/<id>/resource/<resource_id>/tautan": send(FILE + "/tautan"),
    "GET /dataset/<id>/resource/<resource_id>/tautan/kemajuan": page(
        FILE + "/tautan/kemajuan", by="editor", reaches="every file was uploaded"
    ),
    # lists
    "GET /kumpulan": page("/kumpulan", by="walidata", reaches="this procedure has no batches"),
    "POST /kumpulan": send("/kumpulan", title="x", datasets="{id}"),
    "GET /kumpulan/<id>": page("/kumpulan/{id}", by="walidata", reaches="this procedure has no batches"),
    "POST /kumpulan/<id>": send("/kumpulan/{id}", add="{id}"),
    "GET /meja-kerja": [*page("/meja-kerja", by="walidata"), *page("/meja-kerja?q={title}", by="walidata")],
    "POST /meja-kerja/ambil": send("/meja-kerja/ambil", id="{id}"),
    "GET /meja-kerja/sekaligus": page("/meja-kerja/sekaligus?kasus={id}", by="walidata"),
    "POST /meja-kerja/sekaligus": send("/meja-kerja/sekaligus", id="{id}", transition="pass"),
    "GET /notifikasi": page("/notifikasi", by="walidata"),
    "GET /pekerjaan-saya": [*page("/pekerjaan-saya", by="editor"), *page("/pekerjaan-saya?q={title}", by="editor")],
    "GET /pekerjaan-saya/sekaligus": page("/pekerjaan-saya/sekaligus?kasus={id}", by="editor"),
    "POST /pekerjaan-saya/sekaligus": send("/pekerjaan-saya/sekaligus", id="{id}"),
    "GET /penarikan": page("/penarikan"),
    "GET /petugas": page("/petugas"),
    "GET /petugas/ekspor.csv": page("/petugas/ekspor.csv"),
    "GET /riwayat": [*page("/riwayat"), *page("/riwayat?q=kenari")],
    "GET /verifikasi": page("/verifikasi?id={id}", reaches="an introduction, with counts"),
    "GET /waktu-layanan": page("/waktu-layanan", reaches="times by stage"),
    # administration
    "GET /ckan-admin/satudata/": page("/ckan-admin/satudata/", reaches="findings and counts"),
    "GET /ckan-admin/satudata/organisasi/<organization>": page("/ckan-admin/satudata/organisasi/{office}"),
    "POST /ckan-admin/satudata/organisasi/<organization>/mode/<mode>": send(
        "/ckan-admin/satudata/organisasi/{office}/mode/observe"
    ),
    "GET /ckan-admin/satudata/pemeriksaan": page("/ckan-admin/satudata/pemeriksaan", reaches="findings of the doctor"),
}
